"""What a draft still lacks that the office asks for: legal review, co-signature, the record of a search.

Asked before a draft is submitted and again before it is approved. What holds: settings of the body
(``task_rules.need_for``). What was done before the last reply does not count for the next one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.platform.cases.letters.kinds import LetterKind, reply_letter
from gongkai.platform.cases.models import CaseTask, Found, SearchRecord, Stance, TaskState
from gongkai.platform.cases.task_rules import (
    COUNTERSIGN,
    LEGAL_REVIEW,
    SEARCH_RECORD,
    need_for,
    signed_for,
)
from gongkai.platform.core.models import Body
from gongkai.platform.ledger.selectors import history
from gongkai.rules.cases.fold import effective
from gongkai.rules.event import Event

NEED_WORDS: Mapping[str, Any] = {
    LEGAL_REVIEW: gettext_lazy("法制审核"),
    COUNTERSIGN: gettext_lazy("会签"),
    SEARCH_RECORD: gettext_lazy("检索记录"),
}
GIVE, TASK, SEARCH = "give", "task", "search"


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that is still needed: in words, and where it can be mended."""

    need: str
    words: str
    target: str
    """``give``: give a task of that kind; ``task``: the page of ``task``; ``search``: record a search."""
    task: str = ""

    @property
    def label(self) -> str:
        """The need by its name."""
        return str(NEED_WORDS[self.need])


def unmet(
    *,
    body: Body,
    stream: str,
    outcome: str,
    sub_kind: str,
    on: date,
    parts: Sequence[Mapping[str, Any]] = (),
    events: Sequence[Event] | None = None,
) -> tuple[Missing, ...]:
    """What a reply with this outcome still needs on a day; empty: nothing stands against it."""
    need = need_for(body, outcome, sub_kind, on, parts)
    if not need.keys:
        return ()
    entries = history(body=body.key, stream=stream).events if events is None else events
    since = _last_reply(entries)
    found: list[Missing] = []
    for kind, needed in ((LEGAL_REVIEW, need.legal_review), (COUNTERSIGN, need.countersign)):
        if needed:
            found += _reviewed(stream, kind, since, outcome, sub_kind)
    if need.search_record:
        found += _searched(stream, since)
    return tuple(found)


def _last_reply(events: Sequence[Event]) -> Event | None:
    return next((e for e in reversed(list(effective(events))) if e.kind == "reply.issued"), None)


_WITH = ("unit__of", "signed_by__body")


def _tasks(stream: str, kind: str, since: Event | None) -> list[CaseTask]:
    rows = CaseTask.objects.filter(stream=stream, kind=kind, seq__gt=since.seq if since is not None else 0)
    return list(rows.exclude(state=TaskState.VOID).select_related(*_WITH).order_by("seq"))


def _reviewed(stream: str, kind: str, since: Event | None, outcome: str, sub_kind: str) -> list[Missing]:
    """Every unit that was asked about this outcome has said yes, or the approver took note of its no.

    Of each unit its last task counts. One unit's yes does not outvote the no of another.
    """
    tasks = list({task.unit.pk: task for task in _tasks(stream, kind, since)}.values())
    if not tasks:
        return [Missing(kind, str(_NOT_GIVEN[kind]), GIVE)]
    letter = reply_letter(outcome, sub_kind)
    asked = [
        task
        for task in tasks
        if task.state == TaskState.OPEN or (task.state == TaskState.DONE and _letter_of(task) == letter)
    ]
    if not asked:
        return [_not_about_this(max(tasks, key=lambda task: task.seq), kind)]
    return [problem for task in asked if (problem := _problem(task, kind)) is not None]


def _letter_of(task: CaseTask) -> LetterKind | None:
    """What kind of reply a review was about; ``None`` where there was no draft yet."""
    return reply_letter(task.outcome, task.sub_kind) if task.outcome else None


_NOT_GIVEN: Mapping[str, Any] = {
    LEGAL_REVIEW: gettext_lazy("这种结果要先经法制审核，还没有送审核。"),
    COUNTERSIGN: gettext_lazy("这种结果要先会签，还没有送会签。"),
}


def _not_about_this(task: CaseTask, need: str) -> Missing:
    said = {"need": NEED_WORDS[need], "unit": task.unit.name}
    if task.state == TaskState.RETURNED:
        words = _("%(unit)s退回了%(need)s，请看退回的原因，再送一次。")
    elif task.outcome:
        words = _("%(need)s的是另一种处理结果，结果改过以后要再送一次。")
    else:
        words = _("%(unit)s%(need)s的时候还没有答复稿，请起草以后再送一次。")
    return Missing(need, words % said, GIVE, task.key)


def _problem(task: CaseTask, need: str) -> Missing | None:
    said = {"need": NEED_WORDS[need], "unit": task.unit.name}
    if task.state == TaskState.OPEN:
        return Missing(need, _("%(need)s还没有办结，在%(unit)s。") % said, TASK, task.key)
    if signed_for(task):
        words = _("%(unit)s有人在本系统里，%(need)s要由他们自己签署；代录的不算，请再送一次。")
        return Missing(need, words % said, GIVE, task.key)
    if task.stance == Stance.AGREE or (task.stance == Stance.DISAGREE and task.noted_at is not None):
        return None
    if task.stance == Stance.DISAGREE:
        words = _("%(unit)s%(need)s的意见是不同意。请改稿后再送，或者由审批人写明怎样考虑的。") % said
        return Missing(need, words, TASK, task.key)
    return Missing(need, _("%(unit)s没有写明同意还是不同意，请再送一次。") % said, GIVE, task.key)


def _searched(stream: str, since: Event | None) -> list[Missing]:
    records = SearchRecord.objects.filter(stream=stream)
    if since is not None and since.recorded_at is not None:
        records = records.filter(entered_at__gt=since.recorded_at)
    # Of two of one moment what was found counts.
    last = max(records, key=lambda one: (one.on, one.entered_at, one.found == Found.SOMETHING), default=None)
    if last is None:
        words = _("答复“不存在”要先有检索记录：在哪里、用什么词、怎样找过。还没有登记。")
        return [Missing(SEARCH_RECORD, words, SEARCH)]
    if last.found == Found.SOMETHING:
        words = _("最近一次检索找到了有关信息，与“不存在”不一致。请核对；重新检索没有找到的，再登记一次。")
        return [Missing(SEARCH_RECORD, words, SEARCH)]
    return []
