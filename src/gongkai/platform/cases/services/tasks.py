"""Tasks of units: given, reminded of, answered with a signed opinion, returned with a reason; searches.

Giving and ending are acts in the ledger of the body whose case it is; reminders, records of searches and what
the approver remarks are kept beside it. Nothing here touches a statutory clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from gongkai.platform.cases.models import (
    CaseFile,
    CaseTask,
    CaseText,
    Found,
    PaperKind,
    ReminderKind,
    SearchRecord,
    Stance,
    TaskPaper,
    TaskReminder,
    TaskState,
    Unit,
)
from gongkai.platform.cases.readers import require_reader
from gongkai.platform.cases.services.acting import (
    Performed,
    Step,
    perform_act,
    perform_acts,
    refusals_audited,
)
from gongkai.platform.cases.services.drafts import living_draft, writers_of
from gongkai.platform.cases.services.papers import NewPaper, file_paper
from gongkai.platform.cases.task_rows import ASSIGNED, DONE, RETURNED, REVIEWS
from gongkai.platform.cases.task_rules import answers_for, has_own_people
from gongkai.platform.core import audit, private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.identifiers import opaque
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act, NotPermitted
from gongkai.platform.ledger.selectors import history
from gongkai.platform.ledger.services import lock
from gongkai.rules.vocabulary import TaskKind


class TaskOver(RuntimeError):
    """The task was answered, returned or struck through meanwhile: its ``state`` now."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


class OlderFirst(TaskOver):
    """The unit has an older task of the same kind in the case: the ledger gives an answer to that one."""


class GivenAlready(ValueError):
    """Units that have a task of this kind in the case which they did not end yet: their ``names``."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(", ".join(names))
        self.names = tuple(names)


class OtherDraft(RuntimeError):
    """The draft that a review is about is another than the one that was shown: its ``version`` now, or 0."""

    def __init__(self, version: int) -> None:
        super().__init__(str(version))
        self.version = version


class NothingToNote(LookupError):
    """The task is no review that was disagreed with, or the approver took note of it already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A signed opinion. ``signer``: who signed on paper, where the office enters it for the unit.

    ``draft``: the version of the draft that was shown to who reviews, 0 where there was none; ``None``: not
    said.
    """

    result: str
    stance: str = ""
    signer: str = ""
    draft: int | None = None
    papers: Sequence[NewPaper] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A search for what was asked for: the fields of its record."""

    on: date
    found: str
    where: str
    how: str
    terms: str
    period: str = ""
    by_whom: str
    result: str
    paper: NewPaper | None = None


def give_tasks(
    *,
    body: Body,
    stream: str,
    units: Sequence[Unit],
    kind: str,
    wanted: str,
    due_on: date | None,
    expected_seq: int,
    actor: Actor,
) -> Performed:
    """Give the same task to several units at once, all or none; each gets a task of its own.

    Raises ``ValueError`` without units, for a unit that is not the body's or not in use any more, a due date
    before today; ``GivenAlready``, and what ``perform_acts`` does.
    """
    TaskKind(kind)
    if not units or any(unit.body != body or not unit.active for unit in units):
        raise ValueError("give a task to units of the body that are in use")
    if due_on is not None and due_on < actor.today:
        raise ValueError("the inner due date is over")
    having = CaseTask.objects.filter(stream=stream, unit__in=units, kind=kind, state=TaskState.OPEN)
    if names := list(having.values_list("unit__name", flat=True)):
        raise GivenAlready(names)
    payload: dict[str, Any] = {"kind": kind}
    if due_on is not None:
        payload["due_on"] = due_on.isoformat()
    said = {"remarks": wanted.strip()} if wanted.strip() else {}
    steps = [
        Step(ASSIGNED, actor.today, {**payload, "unit": unit.key}, {"name": unit.name, **said})
        for unit in dict.fromkeys(units)
    ]
    return perform_acts(body=body, stream=stream, steps=steps, expected_seq=expected_seq, actor=actor)


def answer_task(*, task: CaseTask, answer: Answer, actor: Actor) -> CaseTask:
    """End a task with a signed opinion and papers; entered in the ledger of the body that gave it.

    By the people of the unit, or by the office for a unit that has nobody here: a review is signed by the
    unit's own people where it has any. Raises ``NotPermitted``, ``TaskOver``, ``OtherDraft``, ``ValueError``
    for an answer without words, or a review without agree or disagree; ``FileRefused``, ``BadPaper``.
    """
    if not answer.result.strip():
        raise ValueError("an answer without words")
    if task.kind in REVIEWS and answer.stance not in Stance.values:
        raise ValueError("a review that neither agrees nor disagrees")
    texts = {"result": answer.result.strip()}
    texts |= {"stance": answer.stance} if task.kind in REVIEWS else {}
    texts |= {"signer": answer.signer.strip()} if answer.signer.strip() else {}
    with refusals_audited(body=task.body, stream=task.stream, actor=actor), transaction.atomic():
        if task.kind in REVIEWS:
            _let_the_unit_review(task, answer, actor)
        ended = _end(task, DONE, texts, actor)
        for paper in answer.papers:
            filed = _file(task, paper, actor)
            TaskPaper.objects.create(task=ended, paper=filed)
    return ended


def _let_the_unit_review(task: CaseTask, answer: Answer, actor: Actor) -> None:
    """Before a review is signed, under the lock: by the right people, about the draft that they saw."""
    if not answers_for(task.unit, actor) and has_own_people(task.unit):
        raise NotPermitted(Act.TASK_ANSWER, actor.seat, task.body)
    lock(body=task.body.key)
    draft = living_draft(body=task.body, stream=task.stream)
    version = 0 if draft is None else draft.version
    if answer.draft is not None and answer.draft != version:
        raise OtherDraft(version)


def return_task(*, task: CaseTask, reason: str, actor: Actor) -> CaseTask:
    """Give a task back with a reason. Raises ``NotPermitted``, ``TaskOver``, ``ValueError`` without one."""
    if not reason.strip():
        raise ValueError("a task is not returned without a reason")
    with refusals_audited(body=task.body, stream=task.stream, actor=actor), transaction.atomic():
        return _end(task, RETURNED, {"reason": reason.strip()}, actor)


def _end(task: CaseTask, kind: str, texts: Mapping[str, Any], actor: Actor) -> CaseTask:
    body = task.body
    if not actor.may(Act.CASE_ACT, body):
        if task.unit.of is None:
            raise NotPermitted(Act.TASK_ANSWER, actor.seat, body)
        actor.require(Act.TASK_ANSWER, task.unit.of)
    lock(body=body.key)
    now = CaseTask.objects.get(pk=task.pk)
    if now.state != TaskState.OPEN:
        raise TaskOver(now.state)
    older = CaseTask.objects.filter(
        stream=task.stream, unit=task.unit, kind=task.kind, state=TaskState.OPEN, seq__lt=task.seq
    )
    if older.exists():
        raise OlderFirst(TaskState.OPEN)
    seq = history(body=body.key, stream=task.stream).seq
    payload = {"unit": _ledger_unit(task), "kind": task.kind}
    perform_act(
        body=body, stream=task.stream, kind=kind, occurred_on=actor.today, expected_seq=seq, actor=actor,
        payload=payload, texts=texts,
    )  # fmt: skip
    return CaseTask.objects.select_related("unit__of", "body").get(pk=task.pk)


def _ledger_unit(task: CaseTask) -> str:
    """The unit as the entry of the task names it."""
    events = history(body=task.body.key, stream=task.stream).events
    return next(str(event.payload["unit"]) for event in events if event.seq == task.seq)


def _file(task: CaseTask, paper: NewPaper, actor: Actor) -> CaseFile:
    subject = CaseText.objects.filter(stream=task.stream).select_related("subject").first()
    return file_paper(
        body=task.body, stream=task.stream, paper=paper, actor=actor,
        subject=None if subject is None else subject.subject,
    )  # fmt: skip


@transaction.atomic
def remind(*, task: CaseTask, words: str, actor: Actor) -> TaskReminder:
    """Remind a unit (催办): recorded and counted. Raises ``NotPermitted``, ``TaskOver``."""
    actor.require(Act.CASE_ACT, task.body)
    require_reader(actor, task.stream)
    now = CaseTask.objects.select_for_update().get(pk=task.pk)
    if now.state != TaskState.OPEN:
        raise TaskOver(now.state)
    kept = _keep(task, "task.reminder", {"words": words.strip()}, actor) if words.strip() else ""
    reminder = TaskReminder.objects.create(
        task=now, kind=ReminderKind.BY_HAND, on=actor.today, at=actor.present.moment, seat=actor.seat,
        words=kept,
    )  # fmt: skip
    audit.record("task.reminded", actor=actor, body=task.body, object=task.key, detail={"by": "hand"})
    return reminder


@transaction.atomic
def note_disagreement(*, task: CaseTask, words: str, actor: Actor) -> CaseTask:
    """The approver takes note of a review that disagrees, in words; then it no longer stands in the way.

    Not who wrote or submitted the draft, also not as a deputy. Raises ``NotPermitted``, ``ValueError``
    without words, ``NothingToNote``.
    """
    actor.require(Act.CASE_APPROVE, task.body)
    require_reader(actor, task.stream)
    if wrote_the_draft(task, actor):
        raise NotPermitted(Act.CASE_APPROVE, actor.seat, task.body)
    if not words.strip():
        raise ValueError("a disagreement is not noted without a word")
    now = CaseTask.objects.select_for_update().get(pk=task.pk)
    if (now.state, now.stance) != (TaskState.DONE, Stance.DISAGREE) or now.noted_at is not None:
        raise NothingToNote(task.key)
    now.noted_by, now.noted_at = actor.seat, actor.present.moment
    now.noted = _keep(task, "task.noted", {"words": words.strip()}, actor)
    now.save(update_fields=["noted_by", "noted_at", "noted"])
    audit.record("task.noted", actor=actor, body=task.body, object=task.key)
    return now


def wrote_the_draft(task: CaseTask, actor: Actor) -> bool:
    """Whether the draft in hand of a task's case is the actor's own."""
    draft = living_draft(body=task.body, stream=task.stream)
    return draft is not None and actor.person in writers_of(draft)


@transaction.atomic
def record_search(
    *, body: Body, stream: str, search: Search, actor: Actor, task: CaseTask | None = None
) -> SearchRecord:
    """Keep the record of a search; by the office, or by the people of the unit that has an open ``task``.

    Raises ``NotPermitted``, ``TaskOver``, ``ValueError`` for a day after today or a record that does not say
    where, how, by whom it was searched and what came of it; ``FileRefused``, ``BadPaper``.
    """
    if not actor.may(Act.CASE_ACT, body):
        if task is None or task.stream != stream or not answers_for(task.unit, actor):
            raise NotPermitted(Act.CASE_ACT, actor.seat, body)
        if (now := CaseTask.objects.get(pk=task.pk)).state != TaskState.OPEN:
            raise TaskOver(now.state)
    else:
        require_reader(actor, stream)
    said = {name: str(getattr(search, name)).strip() for name in SAID}
    if search.found not in Found.values or any(not said[name] for name in SAID if name != "period"):
        raise ValueError("a record of a search says where, how, for what, by whom, and what came of it")
    if search.on > actor.today:
        raise ValueError("a search in the future")
    paper = None
    if search.paper is not None:
        subject = CaseText.objects.filter(stream=stream).select_related("subject").first()
        paper = file_paper(
            body=body, stream=stream, paper=search.paper, actor=actor,
            subject=None if subject is None else subject.subject,
        )  # fmt: skip
        if task is not None:
            TaskPaper.objects.create(task=task, paper=paper)
    record = SearchRecord.objects.create(
        key=opaque("search"), body=body, stream=stream, task=task, on=search.on, found=search.found,
        text=_kept(body, stream, "search.record", said, actor), paper=paper, entered_by=actor.seat,
        entered_at=actor.present.moment,
    )  # fmt: skip
    audit.record(
        "search.recorded", actor=actor, body=body, object=record.key,
        detail={"stream": stream, "found": search.found},
    )  # fmt: skip
    return record


SAID = ("where", "how", "terms", "period", "by_whom", "result")
"""What the private record of a search says."""


def _keep(task: CaseTask, kind: str, fields: Mapping[str, Any], actor: Actor) -> str:
    return _kept(task.body, task.stream, kind, fields, actor)


def _kept(body: Body, stream: str, kind: str, fields: Mapping[str, Any], actor: Actor) -> str:
    subject = CaseText.objects.filter(stream=stream).values_list("subject", flat=True).first()
    return private.keep(body=body, stream=stream, kind=kind, fields=fields, actor=actor, subject=subject).ref


SEARCH_PAPER, OPINION_PAPER = PaperKind.SEARCH_RECORD.value, PaperKind.OPINION.value
