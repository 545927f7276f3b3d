"""From the events of a case to its tasks (``CaseTask``): one row for each entry ``task.assigned``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from gongkai.platform.cases.models import CaseTask, ReplyDraft, Stance, TaskState, Unit
from gongkai.platform.core import private
from gongkai.platform.core.identifiers import opaque
from gongkai.platform.core.models import Body, Seat
from gongkai.rules.cases.fold import effective
from gongkai.rules.event import Event
from gongkai.rules.vocabulary import TaskKind

ASSIGNED, DONE, RETURNED = "task.assigned", "task.done", "task.returned"
KINDS = frozenset({ASSIGNED, DONE, RETURNED})
REVIEWS = frozenset({TaskKind.LEGAL_REVIEW.value, TaskKind.COUNTERSIGN.value})
"""Tasks that are about a draft, and are answered with agree or disagree."""
LIVING = ("drafting", "submitted", "returned")
NAMELESS = "承办单位"
"""A unit of which nothing but its reference is known: from an exchange, or once its name was erased."""


@dataclass(frozen=True, slots=True)
class TaskLine:
    """What the ledger says of one task."""

    seq: int
    unit: str
    kind: str
    assigned_on: date
    assigned_by: str
    due_on: date | None
    wanted: str
    state: str = TaskState.OPEN.value
    ended_seq: int | None = None
    ended_on: date | None = None
    signed_by: str = ""
    signed_at: datetime | None = None
    opinion: str = ""


def lines_of(events: Sequence[Event]) -> list[TaskLine]:
    """The tasks of a case in the order of their entries; one that was struck through is ``void``.

    The answer goes to the oldest open task of its unit and kind, as ``gongkai.rules`` folds it.
    """
    raw = {event.seq: event for event in events}
    lines: dict[int, TaskLine] = {}
    open_ones: list[int] = []
    for event in effective(events):
        if event.kind == ASSIGNED:
            lines[event.seq] = _assigned(event, raw[event.seq])
            open_ones.append(event.seq)
        elif event.kind in (DONE, RETURNED):
            wanted = (event.payload["unit"], event.payload["kind"])
            seq = next((s for s in open_ones if (lines[s].unit, lines[s].kind) == wanted), None)
            if seq is not None:
                open_ones.remove(seq)
                lines[seq] = _ended(lines[seq], event, raw[event.seq])
    for event in events:
        if event.kind == ASSIGNED and event.seq not in lines:
            lines[event.seq] = replace(_assigned(event, event), state=TaskState.VOID.value)
    return [lines[seq] for seq in sorted(lines)]


def _assigned(event: Event, entered: Event) -> TaskLine:
    due = event.payload.get("due_on")
    return TaskLine(
        seq=event.seq, unit=str(event.payload["unit"]), kind=str(event.payload["kind"]),
        assigned_on=event.occurred_on, assigned_by=entered.actor,
        due_on=None if due is None else date.fromisoformat(str(due)),
        wanted=str(entered.payload.get("ref", "")),
    )  # fmt: skip


def _ended(line: TaskLine, event: Event, entered: Event) -> TaskLine:
    state = TaskState.DONE if event.kind == DONE else TaskState.RETURNED
    return replace(
        line, state=state.value, ended_seq=event.seq, ended_on=event.occurred_on, signed_by=entered.actor,
        signed_at=entered.recorded_at, opinion=str(entered.payload.get("ref", "")),
    )  # fmt: skip


def project_tasks(*, body: Body, stream: str, events: Sequence[Event], new: Iterable[Event]) -> None:
    """Write the tasks of a case anew where one of the ``new`` entries is about a task, or corrects one."""
    if any(event.kind in KINDS or event.kind == "entry.corrected" for event in new):
        rebuild_tasks(body, stream, events)


def differing(
    body: Body, stream: str, events: Sequence[Event], rows: Iterable[CaseTask] | None = None
) -> Iterator[tuple[CaseTask | None, Mapping[str, Any]]]:
    """The rows that are not what the events give: the row (``None``: missing) and its columns as due.

    ``rows``: those of the case where they were read before. A row that no entry stands for has the column
    ``state`` as ``None``.
    """
    lines = lines_of(events)
    if rows is None:
        rows = CaseTask.objects.filter(stream=stream).select_related("unit")
    left = {row.seq: row for row in rows}
    if not lines and not left:
        return
    seats = _seats({line.assigned_by for line in lines} | {line.signed_by for line in lines})
    stances = _stances(lines)
    for line in lines:
        row = left.pop(line.seq, None)
        columns = _columns(line, seats, stances)
        stands = None if row is None else {name: getattr(row, name) for name in columns if name != "unit"}
        if row is not None and stands is not None:
            stands["unit"] = columns["unit"] if row.unit.of_id == columns["unit"] else row.unit.key
            if line.opinion and line.opinion not in stances:
                # What was written was erased; agree or disagree stays as it was read.
                stands["stance"] = columns["stance"] = row.stance
        if stands != columns:
            yield row, columns
    for row in left.values():
        yield row, {"state": None}


def tasks_that_differ(body: Body, histories: Mapping[str, Sequence[Event]]) -> dict[str, tuple[int, ...]]:
    """By case, the entries whose tasks are not what the events give; for many cases at once."""
    rows: dict[str, list[CaseTask]] = {stream: [] for stream in histories}
    for row in CaseTask.objects.filter(stream__in=list(histories)).select_related("unit"):
        rows[row.stream].append(row)
    found: dict[str, tuple[int, ...]] = {}
    for stream, events in histories.items():
        if not rows[stream] and not any(event.kind == ASSIGNED for event in events):
            continue
        wrong = [
            row.seq if row is not None else int(columns["seq"])
            for row, columns in differing(body, stream, events, rows[stream])
        ]
        if wrong:
            found[stream] = tuple(wrong)
    return found


def rebuild_tasks(body: Body, stream: str, events: Sequence[Event]) -> None:
    """Write the rows of a case that are not what its events give; what is kept beside them stays."""
    for row, columns in differing(body, stream, events):
        _write(body, stream, row, columns)


def _columns(line: TaskLine, seats: Mapping[str, str], stances: Mapping[str, str]) -> dict[str, Any]:
    names = ("seq", "unit", "kind", "assigned_on", "due_on", "wanted", "state", "ended_seq", "ended_on",
             "signed_at", "opinion")  # fmt: skip
    found = {name: getattr(line, name) for name in names}
    found["assigned_by_id"] = seats.get(line.assigned_by)
    found["signed_by_id"] = seats.get(line.signed_by)
    found["stance"] = stances.get(line.opinion, "") if line.state == TaskState.DONE else ""
    return found


def _seats(keys: set[str]) -> dict[str, str]:
    return {key: key for key in Seat.objects.filter(key__in=keys).values_list("key", flat=True)}


def _stances(lines: Iterable[TaskLine]) -> dict[str, str]:
    """Agree or disagree by reference of the answer; erased answers are absent."""
    refs = [line.opinion for line in lines if line.opinion and line.kind in REVIEWS]
    told = private.read_many(refs)
    said = {ref: str(fields.get("stance", "")) for ref, fields in told.items()}
    return {ref: stance if stance in Stance.values else "" for ref, stance in said.items()}


def _write(body: Body, stream: str, row: CaseTask | None, columns: Mapping[str, Any]) -> None:
    if row is not None and columns.get("state", "") is None:
        row.delete()
        return
    values = dict(columns)
    values["unit"] = unit_of(body, str(values["unit"]), str(values["wanted"]))
    answered = row is not None and (row.state, values.get("state")) == (TaskState.OPEN, TaskState.DONE)
    if values["kind"] in REVIEWS and (row is None or answered):
        values |= _about(body, stream)
    if row is not None:
        CaseTask.objects.filter(pk=row.pk).update(**values)
    else:
        CaseTask.objects.create(key=opaque("task"), body=body, stream=stream, **values)


def _about(body: Body, stream: str) -> dict[str, Any]:
    """The draft that a review is about: the one in hand when the task is given, then when it is answered."""
    draft = ReplyDraft.objects.filter(body=body, stream=stream, state__in=LIVING).first()
    if draft is None:
        return {}
    return {"outcome": draft.outcome, "sub_kind": draft.sub_kind, "draft_version": draft.version}


def unit_of(body: Body, key: str, wanted: str) -> Unit:
    """The unit of a task; one that is not registered yet is registered with the name it was given.

    The key of a body below is that body itself; its people see the task. No other body's people ever do.
    """
    unit = Unit.objects.filter(body=body, key=key).first()
    if unit is not None:
        return unit
    stands_for = Body.objects.filter(key=key).first()
    if stands_for is not None and stands_for.path.startswith(body.path):
        known = Unit.objects.filter(body=body, of=stands_for).first()
        return known or Unit.objects.create(body=body, key=key, name=stands_for.name, of=stands_for)
    told = str(private.read_many([wanted]).get(wanted, {}).get("name", ""))
    name = told or ("" if stands_for is None else stands_for.name)
    return Unit.objects.create(body=body, key=key, name=(name or NAMELESS)[:100], active=bool(name))
