"""Chinese words of states, clocks and whose turn it is; data for the page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from gongkai.platform.core.rest import Rest
from gongkai.rules.cases.clock import ClockState
from gongkai.rules.cases.reply_clock import given_up
from gongkai.rules.cases.state import CaseState, Phase, phase
from gongkai.rules.vocabulary import RemedyResult

PHASES: Mapping[Phase, tuple[str | Promise, str]] = {
    Phase.NOT_RECEIVED: (gettext_lazy("还没有收到"), "void"),
    Phase.SUBMITTED: (gettext_lazy("待确认收到"), "soon"),
    Phase.HANDLING: (gettext_lazy("办理中"), "run"),
    Phase.AWAITING_CORRECTION: (gettext_lazy("等待补正"), "pause"),
    Phase.AWAITING_FEE: (gettext_lazy("等待缴费"), "pause"),
    Phase.CONSULTING: (gettext_lazy("征求意见中"), "pause"),
    Phase.REHANDLING: (gettext_lazy("重新办理"), "run"),
    Phase.REPLIED: (gettext_lazy("已答复，未送达"), "half"),
    Phase.DELIVERED: (gettext_lazy("已送达"), "tick"),
    Phase.REVOKED: (gettext_lazy("答复被撤销"), "x"),
    Phase.WITHDRAWN: (gettext_lazy("申请人撤回"), "void"),
    Phase.ARCHIVED: (gettext_lazy("已归档"), "void"),
}
"""The word for a case, and its mark (a shape of the style sheet)."""

CLOCKS: Mapping[str, str | Promise] = {
    "reply": gettext_lazy("答复期限"),
    "confirmation": gettext_lazy("确认收到"),
    "correction_notice": gettext_lazy("告知补正的期限"),
    "correction": gettext_lazy("申请人补正的期限"),
    "third_party": gettext_lazy("第三方答复的期限"),
    "co_maker": gettext_lazy("共同制作机关答复的期限"),
    "agency": gettext_lazy("其他机关答复的期限"),
    "fee": gettext_lazy("缴费期限"),
    "reconsideration_period": gettext_lazy("申请人申请复议的期限"),
    "litigation_period": gettext_lazy("申请人起诉的期限"),
    "defence": gettext_lazy("本机关答复、答辩的期限"),
}

CLOCK_STATES: Mapping[ClockState, tuple[str | Promise, str]] = {
    ClockState.RUNNING: (gettext_lazy("在走"), "run"),
    ClockState.PAUSED: (gettext_lazy("停"), "pause"),
    ClockState.MET: (gettext_lazy("按期"), "tick"),
    ClockState.LATE: (gettext_lazy("逾期完成"), "x"),
    ClockState.OVERDUE: (gettext_lazy("逾期"), "over"),
    ClockState.ENDED: (gettext_lazy("终止"), "void"),
    ClockState.UNKNOWN: (gettext_lazy("不明"), "void"),
}

WHO: Mapping[str, str | Promise] = {
    "organ": gettext_lazy("本机关"),
    "applicant": gettext_lazy("申请人"),
    "third_party": gettext_lazy("第三方"),
    "co_maker": gettext_lazy("共同制作机关"),
    "agency": gettext_lazy("其他机关"),
    "court": gettext_lazy("法院"),
}


def phase_of(state: CaseState) -> tuple[str | Promise, str]:
    """The word for a case, and its mark; a reply that is on its way is no work undone."""
    now = phase(state)
    if now is Phase.REPLIED and state.reply is not None and state.reply.dispatched_on is not None:
        return gettext_lazy("已发出，等送达"), "half"
    return PHASES[now]


def lapse_notice(state: CaseState) -> str:
    """The next step where a correction or a payment never came: the case ends with a notice."""
    return gettext("起草不再处理告知书") if state.reply_owed and given_up(state) else ""


def corrected_by_a_remedy(state: CaseState) -> bool:
    """Whether the authority or a court corrected the reply that stands; what it ordered is not known."""
    reply = state.reply
    return reply is not None and any(
        remedy.result == RemedyResult.CORRECTED.value
        and remedy.decided_on is not None
        and remedy.decided_on >= reply.issued_on
        for remedy in state.remedies
    )


def due(day: date | None, days: int | None, today: date) -> str:
    """A due date with what is left: 2026-03-13（周五，还有 8 个工作日）; the bare date once it is over."""
    if day is None:
        return ""
    if days is None:
        return day.isoformat()
    rest = Rest(day, today, days)
    return f"{day.isoformat()}（{rest.weekday}，{rest.words}）"


def mark_of(state: ClockState, days: int | None, usual: str) -> str:
    """The mark of a clock: the last day and the three days before it have marks of their own."""
    if state is not ClockState.RUNNING or days is None:
        return usual
    if days == 0:
        return "today"
    return "soon" if days <= 3 else usual
