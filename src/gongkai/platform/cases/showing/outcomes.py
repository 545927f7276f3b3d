"""What became of a case: its replies with their service, and the proceedings against them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from gongkai.platform.cases.showing.names import Names
from gongkai.rules.cases.state import CaseState
from gongkai.rules.vocabulary import Instance, Method, Outcome, Procedure, RemedyResult, RevokedBy


@dataclass(frozen=True, slots=True)
class ReplyView:
    """A reply and how it was served."""

    issued_on: date
    outcome: str
    number: str
    method: str
    dispatched_on: date | None
    delivered_on: date | None
    returned_on: date | None
    revoked: str
    stands: bool


@dataclass(frozen=True, slots=True)
class RemedyView:
    """One proceeding at one stage."""

    reference: str
    label: str
    stage: str
    filed_on: date
    reached_on: date | None
    answered_on: date | None
    decided_on: date | None
    result: str


def reply_views(state: CaseState) -> tuple[ReplyView, ...]:
    """The replies, the newest first."""
    return tuple(
        ReplyView(
            issued_on=reply.issued_on,
            outcome=Outcome(reply.outcome).label_zh,
            number=reply.number or "",
            method=Method(reply.method).label_zh if reply.method is not None else "",
            dispatched_on=reply.dispatched_on,
            delivered_on=reply.delivered_on,
            returned_on=reply.returned_on,
            revoked=_("%(day)s 撤销（%(by)s）")
            % {"day": reply.revoked_on.isoformat(), "by": RevokedBy(reply.revoked_by).label_zh}
            if reply.revoked_on is not None and reply.revoked_by is not None
            else "",
            stands=reply is state.reply,
        )
        for reply in reversed(state.replies)
    )


def remedy_views(state: CaseState, names: Names) -> tuple[RemedyView, ...]:
    """The proceedings in the order in which they were filed."""
    return tuple(
        RemedyView(
            reference=remedy.remedy,
            label=names.of(remedy.remedy),
            stage=Instance(remedy.instance).label_zh
            if remedy.instance is not None
            else Procedure(remedy.procedure).label_zh
            if remedy.procedure is not None
            else "",
            filed_on=remedy.filed_on,
            reached_on=remedy.reached_on,
            answered_on=remedy.answered_on,
            decided_on=remedy.decided_on,
            result=RemedyResult(remedy.result).label_zh if remedy.result is not None else "",
        )
        for remedy in state.remedies
    )
