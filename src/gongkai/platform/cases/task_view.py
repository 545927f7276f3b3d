"""One task as its page shows it, and the tasks of a case; the unit sees the task alone, never the case.

The people of a unit see what is asked for and what they are to do, never who the applicant is: a name that
stands in the words of the request, or in a draft to be reviewed, is covered.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.platform.cases.letters.facts import cite
from gongkai.platform.cases.letters.kinds import reply_letter
from gongkai.platform.cases.models import (
    CaseFile,
    CaseSummary,
    CaseTask,
    CaseText,
    Found,
    LetterPerson,
    PaperKind,
    ReminderKind,
    ReplyDraft,
    SearchRecord,
    Stance,
    TaskState,
)
from gongkai.platform.cases.readers import may_read
from gongkai.platform.cases.requirements import Missing, unmet
from gongkai.platform.cases.services.papers import may_open
from gongkai.platform.cases.services.tasks import wrote_the_draft
from gongkai.platform.cases.task_rows import LIVING, REVIEWS
from gongkai.platform.cases.task_rules import answers_for, has_own_people, inner_period
from gongkai.platform.core import audit, private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.bases import basis_for
from gongkai.platform.core.files import name_of
from gongkai.platform.core.models import Body, Seat
from gongkai.platform.core.permissions import Act
from gongkai.platform.core.present import SHANGHAI
from gongkai.platform.core.rest import Rest, rest
from gongkai.rules.vocabulary import TaskKind
from gongkai.rules.workdays import WorkCalendar

COVER = "某某"
"""What stands in place of who the applicant is."""
_WHO = (
    "name", "identity_number", "phone", "address", "email", "representative", "contact", "agent_name",
    "agent_identity_number", "agent_phone", "co_applicants",
)  # fmt: skip


class NoSuchTask(LookupError):
    """There is no such task, or the actor may not know of it: the same to whoever asks."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a task is, as a mark and in words; ``late`` also once it was answered late."""

    mark: str
    word: str
    late: bool
    rest: Rest | None


@dataclass(frozen=True, slots=True)
class PaperOfTask:
    """A paper that the unit handed in; ``name`` is blank for whom may not open it."""

    ref: str
    name: str
    label: str
    size: int


@dataclass(frozen=True, slots=True)
class SearchView:
    """A record of a search. ``said``: label and value; empty where it may not be read, or was erased."""

    on: date
    found: str
    nothing: bool
    said: tuple[tuple[str, str], ...]
    by: str
    paper: PaperOfTask | None


@dataclass(frozen=True, slots=True)
class Reminded:
    """That the unit was reminded: when, by whom (blank: by itself), in which words."""

    at: datetime
    label: str
    by: str
    words: str


@dataclass(frozen=True, slots=True)
class DraftToReview:
    """What a review is about; the applicant is covered."""

    label: str
    version: int
    articles: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task for its page."""

    key: str
    stream: str
    number: str
    title: str
    description: str
    hidden: bool
    """The case is sensitive and the actor is none of its readers: only what the office wrote is shown."""
    body: str
    unit: str
    unit_phone: str
    kind: str
    kind_label: str
    review: bool
    state: str
    standing: Standing
    assigned_on: date
    assigned_by: str
    due_on: date | None
    wanted: str
    ended_on: date | None
    signed_by: str
    signed_at: datetime | None
    stance: str
    stance_label: str
    opinion: str
    signer: str
    erased: bool
    noted_by: str
    noted_at: datetime | None
    noted: str
    papers: tuple[PaperOfTask, ...]
    reminders: tuple[Reminded, ...]
    searches: tuple[SearchView, ...]
    draft: DraftToReview | None
    sees_case: bool
    may_answer: bool
    signs_itself: bool
    """An open review that the office cannot enter: the unit has people of its own."""
    for_unit: bool
    """The office answers for a unit that has nobody here: it says who signed."""
    may_remind: bool
    may_note: bool


def task_view(*, key: str, actor: Actor) -> TaskView:
    """A task; raises ``NoSuchTask``. That the people of a unit looked at it is in the audit."""
    task = find_task(key=key, actor=actor)
    sees_case = sees_case_of(task, actor)
    if not sees_case:
        audit.record("task.seen", actor=actor, body=task.body, object=task.key)
    own = answers_for(task.unit, actor)
    readable = own or actor.may(Act.CASE_IDENTITY, task.body)
    hidden = not sees_case and not may_read(actor, task.stream)
    text = CaseText.objects.filter(stream=task.stream).first()
    covered = () if sees_case or text is None else hidden_words([text]).get(task.stream, ())
    refs = [task.wanted, task.opinion, task.noted]
    told = private.read_many(ref for ref in refs if ref) if readable else {}
    wanted, opinion = told.get(task.wanted, {}), told.get(task.opinion, {})
    is_open = task.state == TaskState.OPEN
    office = sees_case and actor.may(Act.CASE_ACT, task.body)
    signs_itself = is_open and not own and office and task.kind in REVIEWS and has_own_people(task.unit)
    calendar = basis_for(task.body, known_on=actor.present.known_on).calendar
    warn_days = inner_period(task.body, actor.today).warn_days
    summary = CaseSummary.objects.filter(stream=task.stream).first()
    shows = text is not None and readable and not hidden
    return TaskView(
        key=task.key, stream=task.stream, number="" if summary is None or hidden else summary.number,
        title=cover(text.title, covered) if shows and text is not None else "",
        description=cover(text.description, covered) if shows and text is not None else "",
        hidden=hidden, body=task.body.name, unit=task.unit.name, unit_phone=task.unit.phone,
        kind=task.kind, kind_label=TaskKind(task.kind).label_zh, review=task.kind in REVIEWS,
        state=task.state, standing=standing(task, actor.today, calendar, warn_days),
        assigned_on=task.assigned_on,
        assigned_by=who(task.assigned_by), due_on=task.due_on,
        wanted=cover(str(wanted.get("remarks", "")), covered), ended_on=task.ended_on,
        signed_by=who(task.signed_by),
        signed_at=None if task.signed_at is None else task.signed_at.astimezone(SHANGHAI),
        stance=task.stance, stance_label=str(Stance(task.stance).label) if task.stance else "",
        opinion=str(opinion.get("result") or opinion.get("reason") or ""),
        signer=str(opinion.get("signer", "")),
        erased=readable and bool(task.opinion) and task.opinion not in told,
        noted_by=who(task.noted_by), noted_at=task.noted_at,
        noted=cover(str(told.get(task.noted, {}).get("words", "")), covered),
        papers=tuple(_papers(task, actor)),
        reminders=tuple(_reminders(task, covered, readable=readable)),
        searches=searches_of(stream=task.stream, actor=actor, task=None if sees_case else task),
        draft=_draft(task, covered, actor) if task.kind in REVIEWS and readable and not hidden else None,
        sees_case=sees_case, may_answer=is_open and (own or office) and not signs_itself,
        signs_itself=signs_itself,
        for_unit=is_open and office and not own, may_remind=is_open and office,
        may_note=sees_case and actor.may(Act.CASE_APPROVE, task.body)
        and (task.state, task.stance, task.noted_at) == (TaskState.DONE, Stance.DISAGREE, None)
        and not wrote_the_draft(task, actor),
    )  # fmt: skip


def find_task(*, key: str, actor: Actor) -> CaseTask:
    """A task that the actor may see: of a case of its own, or of a unit of its own. Raises ``NoSuchTask``."""
    task = CaseTask.objects.select_related(
        "body", "unit__of", "assigned_by__person", "signed_by__person", "noted_by__person"
    ).filter(pk=key).first()  # fmt: skip
    if task is None or not (sees_case_of(task, actor) or sees_as_unit(task, actor)):
        raise NoSuchTask(key)
    return task


def sees_case_of(task: CaseTask, actor: Actor) -> bool:
    """Whether the actor may see the whole case."""
    return actor.may(Act.CASE_SEE, task.body) and may_read(actor, task.stream)


def sees_as_unit(task: CaseTask, actor: Actor) -> bool:
    """Whether the actor is one of the people of the unit."""
    return task.unit.of is not None and actor.may(Act.TASK_SEE, task.unit.of)


def who(seat: Seat | None) -> str:
    """Somebody by title and name; empty for a job of the system."""
    return "" if seat is None else f"{seat.title} {seat.person.name}".strip()


def standing(task: CaseTask, today: date, calendar: WorkCalendar, warn_days: int) -> Standing:
    """Where a task is on a day; ``warn_days`` before its inner due date it is called near."""
    left = None if task.due_on is None else rest(task.due_on, today, calendar)
    match task.state:
        case TaskState.DONE | TaskState.RETURNED:
            returned = task.state == TaskState.RETURNED
            late = task.due_on is not None and task.ended_on is not None and task.ended_on > task.due_on
            word = _("已退回") if returned else _("已办结，晚于内部期限") if late else _("已办结")
            return Standing("half" if returned else "ok", word, late, None)
        case TaskState.VOID:
            return Standing("void", _("已作废"), late=False, rest=None)
        case _:
            pass
    if left is None or task.due_on is None:
        return Standing("running", _("办理中，没有内部期限"), late=False, rest=None)
    if left.overdue:
        return Standing("overdue", _("超过内部期限"), late=True, rest=left)
    if task.due_on == today:
        return Standing("today", _("内部期限今天到"), late=False, rest=left)
    soon = left.working_days is not None and left.working_days <= warn_days
    word = _("快到内部期限") if soon else _("办理中")
    return Standing("soon" if soon else "running", word, late=False, rest=left)


# --- who the applicant is stays covered ------------------------------------------------------------------


def hidden_words(texts: Iterable[CaseText]) -> dict[str, tuple[str, ...]]:
    """By case, the words that say who the applicant is, or who acts or applies beside, the longest first."""
    refs: dict[str, list[str]] = {}
    at: dict[str, list[str]] = {}
    for text in texts:
        refs[text.stream] = [text.details] if text.details else []
        at.setdefault(str(text.letter_id or text.stream), []).append(text.stream)
    for person in LetterPerson.objects.filter(place__in=list(at)):
        for stream in at[person.place]:
            refs[stream].append(person.details)
    told = private.read_many(ref for some in refs.values() for ref in some)
    return {
        stream: _longest_first(word for ref in some for word in _words(told.get(ref, {})))
        for stream, some in refs.items()
    }


def _longest_first(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(words), key=len, reverse=True))


def _words(fields: Mapping[str, Any]) -> Iterable[str]:
    found: set[str] = set()
    for name in _WHO:
        value = str(fields.get(name) or "").strip()
        found |= {value, *re.split(r"[、，,；;\s]+", value)} if name == "co_applicants" else {value}
    return (word for word in found if len(word) > 1)


def cover(text: str, words: Sequence[str]) -> str:
    """A text in which none of the words stands."""
    for word in words:
        text = text.replace(word, COVER)
    return text


# --- the parts of the page -------------------------------------------------------------------------------


def _paper(paper: CaseFile, actor: Actor) -> PaperOfTask:
    name = name_of(paper.file) if may_open(actor, paper.file, paper) else ""
    return PaperOfTask(paper.file_id, name, str(PaperKind(paper.kind).label), paper.file.size)


def _papers(task: CaseTask, actor: Actor) -> Iterable[PaperOfTask]:
    for row in task.papers.select_related("paper__file__body").order_by("id"):
        yield _paper(row.paper, actor)


def _reminders(task: CaseTask, covered: Sequence[str], *, readable: bool) -> Iterable[Reminded]:
    rows = list(task.reminders.select_related("seat__person"))
    told = private.read_many(row.words for row in rows if row.words) if readable else {}
    for row in rows:
        words = cover(str(told.get(row.words, {}).get("words", "")), covered)
        label = str(ReminderKind(row.kind).label)
        yield Reminded(row.at.astimezone(SHANGHAI), label, who(row.seat), words)


SEARCH_LABELS: tuple[tuple[str, Any], ...] = (
    ("where", gettext_lazy("在哪里找")),
    ("how", gettext_lazy("怎样找")),
    ("terms", gettext_lazy("用的词")),
    ("period", gettext_lazy("找的时段")),
    ("by_whom", gettext_lazy("谁找的")),
    ("result", gettext_lazy("结果")),
)


def searches_of(*, stream: str, actor: Actor, task: CaseTask | None = None) -> tuple[SearchView, ...]:
    """The records of searches of a case, or of one task, newest first."""
    rows = SearchRecord.objects.filter(stream=stream)
    if task is not None:
        rows = rows.filter(task=task)
    rows = rows.select_related("body", "entered_by__person", "paper__file__body")
    rows = rows.order_by("-on", "-entered_at")
    found: list[SearchView] = []
    for row in rows:
        readable = task is not None or actor.may(Act.CASE_IDENTITY, row.body)
        told = private.read_many([row.text]).get(row.text, {}) if readable else {}
        said = tuple((str(label), str(told[name])) for name, label in SEARCH_LABELS if told.get(name))
        paper = None if row.paper is None else _paper(row.paper, actor)
        nothing = row.found == Found.NOTHING
        found.append(
            SearchView(row.on, str(Found(row.found).label), nothing, said, who(row.entered_by), paper)
        )
    return tuple(found)


def _draft(task: CaseTask, covered: Sequence[str], actor: Actor) -> DraftToReview | None:
    drafts = ReplyDraft.objects.filter(body=task.body, stream=task.stream)
    draft = drafts.filter(state__in=LIVING).first()
    if draft is None or task.state != TaskState.OPEN:
        return None
    text = str(private.read_many([draft.text]).get(draft.text, {}).get("text", ""))
    law = basis_for(task.body, known_on=actor.present.known_on).law
    articles = cite(draft.basis, law) if draft.basis else ""
    label = reply_letter(draft.outcome, draft.sub_kind).label
    return DraftToReview(str(label), draft.version, articles, tuple(cover(text, covered).splitlines()))


# --- the tasks of a case ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TaskOfCase:
    """A task in the panel of the case page."""

    key: str
    unit: str
    kind_label: str
    standing: Standing
    due_on: date | None
    ended_on: date | None
    stance_label: str
    noted: bool
    reminded: int


def tasks_of_case(*, body: Body, stream: str, actor: Actor) -> tuple[TaskOfCase, ...]:
    """The tasks of a case, open ones first; none without ``CASE_SEE``."""
    if not actor.may(Act.CASE_SEE, body):
        return ()
    rows = list(
        CaseTask.objects.filter(stream=stream).select_related("unit", "body").prefetch_related("reminders")
    )
    if not rows:
        return ()
    calendar = basis_for(body, known_on=actor.present.known_on).calendar
    warn_days = inner_period(body, actor.today).warn_days
    rows.sort(key=lambda row: (row.state != TaskState.OPEN, row.state == TaskState.VOID, -row.seq))
    return tuple(
        TaskOfCase(
            row.key, row.unit.name, TaskKind(row.kind).label_zh,
            standing(row, actor.today, calendar, warn_days),
            row.due_on, row.ended_on, str(Stance(row.stance).label) if row.stance else "",
            row.noted_at is not None, len(row.reminders.all()),
        )
        for row in rows
    )  # fmt: skip


def missing_of(*, body: Body, stream: str, actor: Actor) -> tuple[Missing, ...]:
    """What the draft in hand still lacks; for the pages on which it can be given."""
    draft = ReplyDraft.objects.filter(body=body, stream=stream, state__in=LIVING).first()
    if draft is None or not actor.may(Act.CASE_SEE, body):
        return ()
    return unmet(
        body=body, stream=stream, outcome=draft.outcome, sub_kind=draft.sub_kind, on=actor.today,
        parts=draft.parts,
    )  # fmt: skip
