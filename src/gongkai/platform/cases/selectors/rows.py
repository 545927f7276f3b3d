"""From list rows to what a list shows of them: words, marks, days with their rest, whose turn it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.platform.cases.models import (
    CaseDesk,
    CaseMerge,
    CaseSummary,
    CaseText,
    ExtensionProposal,
    ProposalState,
    ReplyDraft,
    SensitiveFlag,
)
from gongkai.platform.cases.models.drafts import DraftState
from gongkai.platform.cases.posting.warning import warn_days_of, warning_of
from gongkai.platform.cases.projection import OnADay, on_a_day
from gongkai.platform.cases.selectors.conditions import end_of_week
from gongkai.platform.cases.selectors.filters import CHANNELS, OUTCOMES, PHASE_WORDS
from gongkai.platform.cases.showing.words import WHO
from gongkai.platform.cases.tickets import tickets_of_cases
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.bases import calendars_of
from gongkai.platform.core.models import Body, Role, Seat
from gongkai.platform.core.permissions import Act
from gongkai.platform.core.rest import Rest, rest
from gongkai.platform.ledger.selectors import last_kinds
from gongkai.rules.cases.state import Phase
from gongkai.rules.vocabulary import ApplicantKind
from gongkai.rules.workdays import WorkCalendar

_WORK = (Act.CASE_REGISTER, Act.CASE_ACT, Act.CASE_DRAFT, Act.CASE_APPROVE)
_TELLING = (
    "reply.issued", "correction.lapsed", "correction.reopened", "fee.lapsed", "rehandling.started",
)  # fmt: skip
_LIVING = (DraftState.DRAFTING, DraftState.SUBMITTED, DraftState.RETURNED)
_KINDS = {one.value: one.label_zh for one in ApplicantKind}


@dataclass(frozen=True, slots=True)
class Due:
    """The day that a case stands by in the list: a mark of the style sheet, its word, the day, what it is."""

    mark: str
    word: str
    rest: Rest | None
    what: str
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in a list."""

    stream: str
    number: str
    title: str
    applicant: str
    """Masked for a person, the name of an organisation; empty once erased."""
    applicant_kind: str
    channel: str
    received_on: date | None
    submitted_on: date | None
    phase: str
    due: Due | None
    """``None`` once nothing is owed."""
    now: str
    turn: str
    next_step: str
    handler: str
    outcome: str
    replied_on: date | None
    ended_on: date | None
    answered_late: bool | None
    open: bool
    body: Body
    own: bool
    """Of the actor's own body."""
    tickets: tuple[str, ...] = ()
    """Numbers under which somebody else handed its letter to the body."""
    stands_in_for: str = ""
    """For whom the actor acts here (代): whose case it is, or whose role it takes."""


@dataclass(frozen=True, slots=True)
class _Around:
    """What is looked up for all rows at once."""

    actor: Actor
    texts: Mapping[str, CaseText]
    handlers: Mapping[str, Seat | None]
    drafts: Mapping[str, ReplyDraft]
    sensitive: Mapping[str, datetime | None]
    """Open cases that are sensitive, and since when an approver stands behind that."""
    proposed: frozenset[str]
    """Cases for which an extension is proposed."""
    works: bool
    """The seat does something in its own body's cases; who only watches is told no next step."""
    last_acts: Mapping[str, str]
    """The last act that tells that something never came."""
    tickets: Mapping[str, tuple[str, ...]]
    merged: frozenset[str]
    """Cases that were taken back into the one that they had been split from."""
    bodies: Mapping[str, Body]
    calendars: Mapping[str, WorkCalendar]
    warn_days: Mapping[str, int]

    def is_given_up(self, case: CaseSummary) -> bool:
        """What was asked for never came: the case ends with a notice."""
        return case.phase == Phase.HANDLING.value and self.last_acts.get(case.stream, "").endswith(".lapsed")


def case_rows(summaries: Iterable[CaseSummary], actor: Actor) -> list[CaseRow]:
    """The rows of a page of a list, in the same order; a fixed number of queries for each body on the page.

    Texts of erased applicants are empty. The caller has narrowed the cases to those that the actor may see.
    """
    found = list(summaries)
    if not found:
        return []
    around = _look_up(found, actor)
    return [_row(case, around) for case in found]


def _look_up(found: Sequence[CaseSummary], actor: Actor) -> _Around:
    streams = [case.stream for case in found]
    open_streams = [case.stream for case in found if case.open]
    bodies = Body.objects.in_bulk({case.body_id for case in found})
    desks = CaseDesk.objects.filter(stream__in=streams).select_related("handler__person")
    return _Around(
        actor=actor,
        texts=CaseText.objects.in_bulk(streams),
        handlers={desk.stream: desk.handler for desk in desks},
        drafts={
            draft.stream: draft
            for draft in ReplyDraft.objects.filter(stream__in=open_streams, state__in=_LIVING)
        },
        proposed=frozenset(
            ExtensionProposal.objects.filter(
                stream__in=open_streams, state=ProposalState.PROPOSED
            ).values_list("stream", flat=True)
        ),
        sensitive=dict(
            SensitiveFlag.objects.filter(stream__in=open_streams, lifted_at__isnull=True).values_list(
                "stream", "confirmed_at"
            )
        ),
        works=any(actor.may(act, actor.seat.body) for act in _WORK) if actor.seat is not None else False,
        last_acts=last_kinds(bodies=bodies, streams=open_streams, kinds=_TELLING),
        tickets=tickets_of_cases(streams),
        merged=frozenset(
            CaseMerge.objects.filter(
                stream__in=[case.stream for case in found if case.received_on is None and not case.open]
            ).values_list("stream", flat=True)
        ),
        bodies=bodies,
        calendars=calendars_of(bodies.values(), known_on=actor.present.known_on),
        warn_days=warn_days_of(bodies.values()),
    )


def _row(case: CaseSummary, around: _Around) -> CaseRow:
    text, handler = around.texts.get(case.stream), around.handlers.get(case.stream)
    draft, body = around.drafts.get(case.stream), around.bodies[case.body_id]
    day = on_a_day(case, around.actor.today)
    now, turn = _now(case, day, handler, draft, around)
    seat = around.actor.seat
    own = seat is not None and seat.body_id == case.body_id
    return CaseRow(
        stream=case.stream,
        number=case.number,
        title=text.title if text is not None else "",
        applicant=text.applicant_label if text is not None else "",
        applicant_kind=_KINDS.get(case.applicant_kind, ""),
        channel=str(CHANNELS.get(case.channel, "")),
        received_on=case.received_on,
        submitted_on=case.submitted_on,
        phase=_("已并回") if case.stream in around.merged else str(PHASE_WORDS[case.phase]),
        due=_due(case, day, around) if case.open else None,
        now=now,
        turn=turn,
        next_step=_next_step(case, day, handler, draft, around) if own and case.open and around.works else "",
        handler=handler.person.name if handler is not None else "",
        outcome=str(OUTCOMES.get(case.outcome, "")),
        replied_on=case.replied_on,
        ended_on=case.ended_on,
        answered_late=case.answered_late,
        open=case.open,
        body=body,
        own=own,
        tickets=around.tickets.get(case.stream, ()),
        stands_in_for=_stands_in_for(case, handler, draft, around) if own and case.open else "",
    )


def _stands_in_for(case: CaseSummary, handler: Seat | None, draft: ReplyDraft | None, around: _Around) -> str:
    """Whose case it is that is away; else whose role it needs that the actor has from those alone."""
    away, seat = around.actor.stands_in_for, around.actor.seat
    if not away or seat is None:
        return ""
    names = [one.person.name for one in away if handler is not None and one.pk == handler.pk]
    needed = _role_needed(case, handler, draft, around)
    if not names and needed is not None and needed not in seat.roles:
        names = [one.person.name for one in away if needed in one.roles]
    return "、".join(names)


def _role_needed(
    case: CaseSummary, handler: Seat | None, draft: ReplyDraft | None, around: _Around
) -> Role | None:
    if (draft is not None and draft.state == DraftState.SUBMITTED) or case.stream in around.proposed:
        return Role.APPROVER
    unconfirmed = case.phase in (Phase.SUBMITTED.value, Phase.NOT_RECEIVED.value)
    return Role.RECEIVING_CLERK if unconfirmed or handler is None else None


_PAUSED_FOR = {
    Phase.AWAITING_CORRECTION: (gettext_lazy("暂停，等补正"), gettext_lazy("补正期限")),
    Phase.AWAITING_FEE: (gettext_lazy("暂停，等缴费"), gettext_lazy("缴费期限")),
    Phase.CONSULTING: (gettext_lazy("暂停，等意见"), gettext_lazy("答复意见的期限")),
}


_SERVICE = {
    "sent": gettext_lazy("已发出，等送达"),
    "returned": gettext_lazy("答复书退回，等再次送达"),
}
_UNDATED = {"sent": _SERVICE["sent"], "returned": gettext_lazy("退回，待再次送达")}


def _due(case: CaseSummary, read: OnADay, around: _Around) -> Due:
    today, calendar = around.actor.today, around.calendars[case.body_id]
    more: list[str] = []
    warning = warning_of(case, today, calendar, around.warn_days[case.body_id])
    if warning:
        more.append(warning)
    if case.stream in around.sensitive:
        confirmed = around.sensitive[case.stream] is not None
        more.append(_("敏感案件") if confirmed else _("敏感案件，标记待确认"))
    if case.stream in around.proposed:
        more.append(_("延期建议待决定"))
    if case.extended:
        more.append(_("已延期"))
    if case.provisional:
        more.append(_("放假安排未定，日期暂定"))
    if read.paused:
        return _paused(case, today, calendar, more)
    if case.next_due_on is None:
        word = str(_UNDATED.get(case.service) or _("没有在走的期限"))
        return Due("void", word, None, "", tuple(more))
    day = case.next_due_on
    if case.notice_due_on == today and day > today:
        more.insert(0, _("答复期限 {day}").format(day=day.isoformat()))
        return Due("today", _("今天到期"), rest(today, today, calendar), _("告知补正的期限"), tuple(more))
    mark, word = _mark(day, today)
    what = _("答复期限") if read.reply_due_on is not None else _("等待的期限")
    if case.phase == Phase.REVOKED.value:
        what = _("应重新答复：还没有登记责令的期限，按一般期限推算")
    return Due(mark, word, rest(day, today, calendar), what, tuple(more))


def _mark(day: date, today: date) -> tuple[str, str]:
    if day < today:
        return "overdue", _("逾期")
    if day == today:
        return "today", _("今天到期")
    return ("soon", _("本周")) if day <= end_of_week(today) else ("running", _("在办"))


def _paused(case: CaseSummary, today: date, calendar: WorkCalendar, more: list[str]) -> Due:
    word, what = map(str, _PAUSED_FOR.get(Phase(case.phase), (_("暂停"), _("等待的期限"))))
    if case.waits_for in WHO and case.phase == Phase.CONSULTING.value:
        word = _("暂停，等{who}").format(who=WHO[case.waits_for])
    if case.waits_until is None:
        return Due("paused", word, None, _("从通知送达起算"), tuple(more))
    return Due("paused", word, rest(case.waits_until, today, calendar), what, tuple(more))


def _now(
    case: CaseSummary, read: OnADay, handler: Seat | None, draft: ReplyDraft | None, around: _Around
) -> tuple[str, str]:
    """What happens with a case, and whose turn it is: the organ's, once what was awaited has run out."""
    office = around.bodies[case.body_id].working_body or _("公开工作机构")
    by = handler.person.name if handler is not None else office
    match Phase(case.phase):
        case Phase.SUBMITTED | Phase.NOT_RECEIVED:
            return _("待与申请人确认收到"), office
        case Phase.AWAITING_CORRECTION if read.waits_for != "organ":
            return _("等申请人补正"), str(WHO["applicant"])
        case Phase.AWAITING_FEE if read.waits_for != "organ":
            return _("等申请人缴费"), str(WHO["applicant"])
        case Phase.CONSULTING if read.waits_for != "organ":
            return _("征求意见中"), str(WHO.get(read.waits_for, ""))
        case Phase.REPLIED:
            return str(_SERVICE.get(case.service) or _("答复书已签发，等发出")), by
        case Phase.DELIVERED | Phase.WITHDRAWN | Phase.ARCHIVED | Phase.REVOKED as over:
            return str(PHASE_WORDS[over.value]), by if over is Phase.REVOKED else ""
        case _given_up if draft is None and around.is_given_up(case):
            return _("视为放弃申请，等告知"), by
        case now:
            return _handling(now, handler, draft, by)


_HANDLING = {
    Phase.HANDLING: gettext_lazy("承办中"),
    Phase.AWAITING_CORRECTION: gettext_lazy("补正期限已过"),
    Phase.AWAITING_FEE: gettext_lazy("缴费期限已过"),
    Phase.CONSULTING: gettext_lazy("征求意见期满"),
}
"""What is said of a phase in which it is the organ's turn, where it is not the phase's own word."""


def _handling(now: Phase, handler: Seat | None, draft: ReplyDraft | None, by: str) -> tuple[str, str]:
    if draft is not None:
        match DraftState(draft.state):
            case DraftState.SUBMITTED:
                return _("答复稿在审批"), _("审批人")
            case DraftState.RETURNED:
                return _("答复稿被退回"), by
            case _other:
                return _("在起草答复"), by
    if handler is None:
        return _("待分办"), by
    return str(_HANDLING.get(now, PHASE_WORDS[now.value])), by


def _next_step(
    case: CaseSummary, read: OnADay, handler: Seat | None, draft: ReplyDraft | None, around: _Around
) -> str:
    """What to do next, in a word or two; the link leads to the case, where the lawful acts are offered."""
    today = around.actor.today
    match Phase(case.phase):
        case Phase.SUBMITTED | Phase.NOT_RECEIVED:
            return _("确认收到")
        case Phase.AWAITING_CORRECTION | Phase.AWAITING_FEE | Phase.CONSULTING if draft is None:
            return _("期限已过，看能怎样办") if read.waits_for == "organ" else _("看进展")
        case Phase.REVOKED:
            return _("登记重新办理")
        case Phase.REPLIED:
            return {"sent": _("登记送达"), "returned": _("再次送达")}.get(case.service, _("发出答复"))
        case _given_up if draft is None and around.is_given_up(case):
            return _("起草不再处理告知书")
        case _other:
            pass
    if draft is not None:
        return {
            DraftState.SUBMITTED: _("看审批"),
            DraftState.RETURNED: _("修改答复稿"),
        }.get(DraftState(draft.state), _("继续起草"))
    if handler is None:
        return _("分办")
    return _("发补正告知") if case.notice_due_on == today else _("办理")
