"""Take back a split that was wrong: the split-off case's intake is struck out, its request goes back (并回).

The vocabulary has no merge and needs none. What happened is a mistake of record: one request was entered as
two. So the entries of the split-off case are corrected as void, from the last one to the first
(``entry.corrected``); its number stays used, and nothing of it counts. Lawful only while nothing else
happened in it: what the applicant was told, asked or answered happened, and cannot be made not to have. Such
cases are answered together instead. See ADR 28.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gongkai.platform.cases.models import (
    CaseFile,
    CaseMerge,
    CaseSummary,
    CaseText,
    ExtensionProposal,
    ProposalState,
)
from gongkai.platform.cases.selectors.scope import unreadable_among
from gongkai.platform.cases.sensitive.flags import same_readers
from gongkai.platform.cases.services.acting import Step, perform_acts, refusals_audited
from gongkai.platform.cases.services.drafts import living_draft
from gongkai.platform.cases.services.mending import CannotMend, mend_case, mendable
from gongkai.platform.core import audit, private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.files import move_file
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act
from gongkai.platform.ledger.selectors import history
from gongkai.platform.ledger.services import lock
from gongkai.rules.cases.fold import fold
from gongkai.rules.cases.state import CaseState
from gongkai.rules.event import Event
from gongkai.rules.kinds import KINDS

INTAKE = frozenset({"request.submitted", "case.split", "request.registered", "note.added"})
"""All that may have happened in a case that is taken back."""


class CannotMerge(ValueError):
    """Cases that cannot be put together again: ``field`` of the form, or empty, and ``message`` (Chinese)."""

    def __init__(self, field: str, message: Any) -> None:
        super().__init__(f"{field}: {message}")
        self.field, self.message = field, message


@dataclass(frozen=True, slots=True)
class Mergeable:
    """A case into which a split-off one may be taken back."""

    stream: str
    number: str
    title: str
    seq: int


def merge_targets(*, body: Body, stream: str, actor: Actor) -> tuple[Mergeable, ...]:
    """The cases of the same letter to which a reply is still owed, the first of the letter first.

    What a case says goes over to the other: only one that is read by exactly the same people is among them.
    """
    letter = CaseText.objects.filter(body=body, stream=stream).values_list("letter", flat=True).first()
    if letter is None:
        return ()
    texts = CaseText.objects.filter(body=body, letter=letter).exclude(stream=stream).order_by("unit")
    closed = unreadable_among(actor, [text.stream for text in texts])
    alike = same_readers(stream, [text.stream for text in texts if text.stream not in closed])
    titles = {text.stream: text.title for text in texts if text.stream in alike}
    rows = CaseSummary.objects.filter(body=body, stream__in=list(titles), open=True, outcome="")
    found = rows.exclude(received_on=None).in_bulk()
    return tuple(
        Mergeable(one, found[one].number, title, found[one].last_seq)
        for one, title in titles.items()
        if one in found
    )


def why_not(*, body: Body, stream: str) -> Any:
    """Why a case cannot be taken back into another, in words; empty where it can."""
    state = fold(history(body=body.key, stream=stream).events)
    return _against(body, stream, state)


def _against(body: Body, stream: str, state: CaseState) -> Any:
    if state.split_from is None:
        return _("这件不是拆分出来的：来件的第一件案件留着，请把拆分出来的并回它。")
    other = next((event for event in state.events if event.kind not in INTAKE), None)
    if other is not None:
        what = KINDS[other.kind].label_zh
        return _("这件案件里已经有“%(what)s”，事情已经发生，不能当作没有立过案；可以与原案一并答复。") % {
            "what": what
        }
    if living_draft(body=body, stream=stream) is not None:
        return _("这件案件有答复稿，先把答复稿“不再使用”，再并回。")
    if ExtensionProposal.objects.filter(stream=stream, state=ProposalState.PROPOSED).exists():
        return _("这件案件有等待决定的延期建议，先处理延期建议，再并回。")
    return ""


def merge_case(
    *,
    body: Body,
    stream: str,
    into: str,
    reason: str,
    seen: Mapping[str, int],
    actor: Actor,
) -> CaseMerge:
    """Take a wrongly split-off case back into one of its letter; all in one transaction.

    - every entry in force of ``stream`` is corrected as void with ``reason``; its number is never used again;
    - ``into`` keeps its number and clock, gets a note, what the other asked for, and its papers;
    - ``seen``: of both cases the last entry that was shown.

    Raises ``NotPermitted``, ``CannotMerge``, and what ``perform_acts`` does.
    """
    actor.require(Act.CASE_REGISTER, body)
    reason = reason.strip()
    if not reason:
        raise CannotMerge("reason", _("请写明为什么拆分得不对"))
    with refusals_audited(body=body, stream=stream, actor=actor), transaction.atomic():
        lock(body=body.key)
        if into not in {one.stream for one in merge_targets(body=body, stream=stream, actor=actor)}:
            raise CannotMerge("into", _("请选择同一来件里还没有答复的案件"))
        past = history(body=body.key, stream=stream)
        state = fold(past.events)
        against = _against(body, stream, state)
        if against:
            raise CannotMerge("", against)
        number = state.number or ""
        steps = [_void(event, reason, actor) for event in reversed(state.events) if _is_act(event)]
        perform_acts(
            body=body, stream=stream, steps=steps, expected_seq=seen.get(stream, -1), actor=actor
        )  # fmt: skip
        said = f"并回{number}（拆分有误）；理由：{reason}"
        note = Step("note.added", actor.today, {"kind": "other"}, {"text": said})
        perform_acts(body=body, stream=into, steps=[note], expected_seq=seen.get(into, -1), actor=actor)
        return _put_together(body, stream, into, number, reason, actor)


def _is_act(event: Event) -> bool:
    return event.kind != "entry.corrected"


def _void(event: Event, reason: str, actor: Actor) -> Step:
    return Step("entry.corrected", actor.today, {"seq": event.seq, "replacement": None}, {"reason": reason})


def _put_together(body: Body, stream: str, into: str, number: str, reason: str, actor: Actor) -> CaseMerge:
    text = CaseText.objects.select_related("subject").get(body=body, stream=stream)
    try:
        now = mendable(body=body, stream=into, actor=actor)
        both = "\n".join(one for one in (now.item.description, text.description or text.title) if one)
        mend_case(
            body=body, stream=into, actor=actor, applicant=now.applicant, reason=reason, seen=now.seen,
            item=replace(now.item, description=both),
        )  # fmt: skip
    except CannotMend as cannot:
        raise CannotMerge("", cannot.message) from cannot
    for paper in CaseFile.objects.filter(body=body, stream=stream).select_related("file"):
        move_file(file=paper.file, stream=into, subject=text.subject)
        paper.stream = into
        paper.save(update_fields=["stream"])
    kept = private.keep(
        body=body, stream=stream, kind="case.merged", fields={"reason": reason}, actor=actor,
        subject=text.subject,
    )  # fmt: skip
    merge = CaseMerge.objects.create(
        stream=stream, body=body, into=into, number=number, merged_on=actor.today, merged_by=actor.seat,
        reason=kept.ref,
    )  # fmt: skip
    audit.record("case.merged", actor=actor, body=body, object=stream, detail={"into": into})
    return merge
