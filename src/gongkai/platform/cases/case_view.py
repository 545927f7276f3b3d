"""``case_view``: one case as its page shows it, for one actor on one day; frozen and ready for a template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from gongkai.platform.cases.acts.context import FormContext
from gongkai.platform.cases.applicants import ApplicantDetails, applicant_of, details_said
from gongkai.platform.cases.facts import cases_in_month
from gongkai.platform.cases.models import CaseDesk, CaseSummary, CaseText
from gongkai.platform.cases.owing import rehandling_owed_on
from gongkai.platform.cases.projection import Worked, overdue_before_asking
from gongkai.platform.cases.readers import NoSuchCase, may_read, readable
from gongkai.platform.cases.showing import words
from gongkai.platform.cases.showing.clocks import ClockView, clock_view
from gongkai.platform.cases.showing.names import Names, Texts, names_of
from gongkai.platform.cases.showing.offers import Offers, offers, refused
from gongkai.platform.cases.showing.outcomes import RemedyView, ReplyView, remedy_views, reply_views
from gongkai.platform.cases.showing.timeline import TimelineEntry, timeline
from gongkai.platform.cases.showing.weeks import Weeks, reply_weeks
from gongkai.platform.core import audit, private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.bases import Basis, basis_for
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act
from gongkai.platform.ledger.selectors import History, history
from gongkai.rules.cases.clock import Clock, ClockState
from gongkai.rules.cases.clocks import deadlines
from gongkai.rules.cases.fold import fold
from gongkai.rules.cases.periods import Rules
from gongkai.rules.cases.state import CaseState, Phase, Reply, phase
from gongkai.rules.event import Event
from gongkai.rules.vocabulary import ApplicantKind, Channel, Outcome
from gongkai.rules.workdays import CalendarNotPublished


@dataclass(frozen=True, slots=True)
class CaseFound:
    """A case that the actor may see: its list row and its body."""

    summary: CaseSummary
    body: Body


@dataclass(frozen=True, slots=True)
class Loaded:
    """Everything that is read of a case before it is put into words."""

    body: Body
    stream: str
    past: History
    worked: Worked
    basis: Basis
    texts: Texts
    names: Names
    later: int
    """Entries dated after today (only in a demonstration whose day was set back); they do not count yet."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One of the four answers that come first."""

    label: str
    value: str
    small: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case in words. ``expected_seq`` is what a form of an act must carry."""

    body: Body
    stream: str
    expected_seq: int
    number: str
    title: str
    description: str
    received_on: date | None
    state: Fact
    turn: Fact
    until: Fact
    applicant: Fact
    erased: bool
    identity: ApplicantDetails | None
    """Given when asked for; the asking is in the audit."""
    may_ask_identity: bool
    clocks: tuple[ClockView, ...]
    earlier: tuple[ClockView, ...]
    reply_clock: ClockView | None
    weeks: Weeks | None
    out_of_calendar: bool
    """A clock runs beyond the years that the calendar can tell."""
    provisional: bool
    timeline: tuple[TimelineEntry, ...]
    offers: Offers
    replies: tuple[ReplyView, ...]
    remedies: tuple[RemedyView, ...]
    handler: str
    handler_key: str
    may_propose_extension: bool
    """The actor handles cases, an extension is lawful today, and somebody else decides on it."""
    may_assign: bool
    may_correct: bool
    read_only: bool
    decides: bool
    """The actor is one who approves: what waits for a decision comes first."""
    later: int
    today: date

    @property
    def identity_said(self) -> tuple[tuple[str, str], ...]:
        """Who the applicant is, in words: label and value; empty until asked for."""
        return details_said(self.identity) if self.identity is not None else ()


def find_case(*, stream: str, actor: Actor) -> CaseFound:
    """The case of a stream; raises ``NoSuchCase`` where there is none or the actor may not see it."""
    found = CaseSummary.objects.select_related("body").filter(stream=stream)
    summary = readable(found, actor).first()
    if summary is None or not actor.may(Act.CASE_SEE, summary.body):
        raise NoSuchCase(stream)
    return CaseFound(summary, summary.body)


def intake_entry_of(*, body: Body, stream: str) -> int | None:
    """The number of the entry that says by which channel, when and from what kind of applicant a case came.

    For leading to its correction; ``None`` where there is none any more.
    """
    events = fold(history(body=body.key, stream=stream).events).events
    return next((event.seq for event in reversed(events) if event.kind in _INTAKE), None)


_INTAKE = ("opening.case", "request.submitted", "request.received", "case.split")


def load_case(*, body: Body, stream: str, actor: Actor, revealed: bool = False) -> Loaded:
    """Read a case's entries and texts and work it out on the actor's day; raises ``NoSuchCase``."""
    past = history(body=body.key, stream=stream)
    if not past.events or not actor.may(Act.CASE_SEE, body) or not may_read(actor, stream):
        raise NoSuchCase(stream)
    basis = basis_for(body, known_on=actor.present.known_on)
    state, later = state_on(past.events, actor.today)
    try:
        worked = Worked(state, deadlines(state, basis.law, basis.calendar, actor.today))
    except CalendarNotPublished:
        worked = Worked(state, None)
    texts = private.read_many(str(e.payload["ref"]) for e in past.events if e.payload.get("ref"))
    names = names_of(past.events, texts, revealed=revealed)
    return Loaded(body, stream, past, worked, basis, texts, names, later)


def state_on(events: Sequence[Event], day: date) -> tuple[CaseState, int]:
    """The state that what happened up to a day leaves, and how many entries are dated after it."""
    whole = fold(events)
    acts = [event for event in whole.events if event.kind != "entry.corrected"]
    until = [event for event in acts if event.occurred_on <= day]
    return (whole, 0) if len(until) == len(acts) else (fold(until), len(acts) - len(until))


def form_context(loaded: Loaded, actor: Actor) -> FormContext:
    """What the forms of acts on a loaded case take their choices and defaults from."""
    return FormContext(
        loaded.body, loaded.stream, loaded.worked.state, loaded.basis, actor, loaded.names,
        cases_in_month(loaded.stream, actor.today),
    )  # fmt: skip


def case_view(*, body: Body, stream: str, actor: Actor, reveal: bool = False) -> CaseView:
    """A case for its page.

    ``reveal``: the actor asks who the applicant and other persons are; it needs ``CASE_IDENTITY`` and is
    recorded in the audit. Raises ``NoSuchCase``; ``NotPermitted`` for asking without the right.
    """
    if reveal:
        actor.require(Act.CASE_IDENTITY, body)
    loaded = load_case(body=body, stream=stream, actor=actor, revealed=reveal)
    identity = applicant_of(stream) if reveal else None
    if reveal:
        audit.record("case.identity_read", actor=actor, body=body, object=stream)
    text = CaseText.objects.select_related("subject").filter(stream=stream).first()
    erased = text is not None and text.subject is not None and text.subject.erased_at is not None
    worked, names = loaded.worked, loaded.names
    state, found = worked.state, worked.deadlines
    reply = None if found is None else found.get("reply")
    desk = CaseDesk.objects.select_related("handler__person").filter(stream=stream).first()
    rules = Rules(loaded.basis.law, loaded.basis.calendar)
    may_identify = actor.may(Act.CASE_IDENTITY, body)
    running = () if found is None else found.clocks
    clocks = tuple(clock_view(clock, names, actor.today) for clock in _reply_first(running))
    offered = offers(state, loaded.basis, actor, body, names)
    return CaseView(
        body=body,
        stream=stream,
        expected_seq=loaded.past.seq,
        number=state.number or "",
        title=_title(text, state, erased),
        description="" if text is None else text.description,
        received_on=state.received_on,
        state=_state(state),
        turn=turn_of(state, running, names, actor.today),
        until=_until(reply, state, running, loaded.basis, actor.today),
        applicant=_applicant(text, state, erased),
        erased=erased,
        identity=identity,
        may_ask_identity=may_identify and not erased and text is not None and bool(text.details),
        clocks=clocks,
        earlier=() if found is None else tuple(clock_view(c, names, actor.today) for c in found.earlier),
        reply_clock=clock_view(reply, names, actor.today) if reply is not None else None,
        weeks=None if reply is None else reply_weeks(state, reply, rules, actor.today),
        out_of_calendar=found is None,
        provisional=any(clock.provisional and clock.live for clock in clocks),
        timeline=timeline(
            loaded.past.events, loaded.texts, names, may_read_texts=may_identify, revealed=reveal
        ),
        offers=offered,
        replies=reply_views(state),
        remedies=remedy_views(state, names),
        handler=desk.handler.person.name if desk is not None and desk.handler is not None else "",
        handler_key=desk.handler.key if desk is not None and desk.handler is not None else "",
        may_propose_extension=_may_propose_extension(loaded, actor),
        may_assign=actor.may(Act.CASE_ACT, body) or actor.may(Act.CASE_APPROVE, body),
        may_correct=actor.may(Act.CASE_CORRECT, body),
        read_only=not (offered.lawful or offered.refused),
        decides=actor.may(Act.CASE_APPROVE, body) and not actor.may(Act.CASE_ACT, body),
        later=loaded.later,
        today=actor.today,
    )


def _may_propose_extension(loaded: Loaded, actor: Actor) -> bool:
    if not actor.may(Act.CASE_ACT, loaded.body) or actor.may(Act.CASE_APPROVE, loaded.body):
        return False
    return refused(loaded.worked.state, "extension.told", actor.today, loaded.basis) is None


def _reply_first(clocks: Sequence[Clock]) -> list[Clock]:
    return sorted(clocks, key=lambda clock: clock.clock != "reply")


def _title(text: CaseText | None, state: CaseState, erased: bool) -> str:
    if text is not None and text.title:
        return text.title
    if erased:
        return _("（申请内容已删除）")
    return state.number or _("（没有录入申请内容）")


def _state(state: CaseState) -> Fact:
    word, mark = words.phase_of(state)
    small = ""
    if state.reply is not None and not state.rehandling_pending:
        small = _("%(day)s 答复") % {"day": state.reply.issued_on.isoformat()}
    return Fact(_("状态"), str(word), small, mark)


def turn_of(state: CaseState, clocks: Sequence[Clock], names: Names, today: date) -> Fact:
    """Whose turn it is: whoever the reply waits for, else the organ while anything is owed."""
    label = _("现在轮到")
    live = [clock for clock in clocks if words.CLOCK_STATES[clock.state][1] in ("run", "over", "void")]
    open_ones = [c for c in live if c.clock in _WAITED and c.ended_on is None]
    reply = next((clock for clock in clocks if clock.clock == "reply"), None)
    if reply is not None and reply.state.value == "paused" and not open_ones:
        return Fact(label, str(words.WHO["agency"]), _("没有法定期限"))
    if reply is not None and reply.state.value == "paused":
        first = open_ones[0]
        who = str(words.WHO[first.who]) if first.party is None else names.of(first.party)
        more = _("等 %(count)d 方") % {"count": len(open_ones)} if len(open_ones) > 1 else ""
        small = words.due(first.due_on, first.working_days_left, today) or _("期限未起算，还没有送达记录")
        return Fact(label, f"{who}{more}", small)
    defence = next((c for c in clocks if c.clock == "defence" and c.ended_on is None), None)
    if defence is not None:
        rest = words.due(defence.due_on, defence.working_days_left, today) or _(
            "没有记录收到材料的日期，期限未起算"
        )
        return Fact(label, str(words.WHO["organ"]), _("答复、答辩：%(due)s") % {"due": rest})
    if phase(state) in (Phase.WITHDRAWN, Phase.ARCHIVED):
        return Fact(label, _("没有人"), _("案件已结束"))
    if state.reply is not None and not state.rehandling_pending:
        return Fact(label, str(words.WHO["organ"]), _after_reply(state, state.reply))
    if phase(state) is Phase.REVOKED:
        return Fact(label, str(words.WHO["organ"]), _("登记“重新办理”，写明责令的期限"))
    return Fact(label, str(words.WHO["organ"]), words.lapse_notice(state))


def _after_reply(state: CaseState, reply: Reply) -> str:
    """What the organ does next once it has answered."""
    if reply.delivered_on is None:
        return _("等送达回执，登记送达") if reply.dispatched_on is not None else _("发出、送达答复")
    if words.corrected_by_a_remedy(state):
        return _("结果纠正：裁判、决定责令重新答复的，登记“重新办理”；没有责令的，核对后归档")
    return _("归档")


_WAITED = frozenset({"correction", "third_party", "co_maker", "agency", "fee"})


def _until(reply: Clock | None, state: CaseState, clocks: Sequence[Clock], basis: Basis, today: date) -> Fact:
    label = _("答复期限")
    owed = rehandling_owed_on(state, basis)
    if owed is not None:
        left = basis.calendar.count(today, owed)
        mark = "over" if owed < today else "today" if owed == today else "soon"
        told = _("还没有登记责令的期限，按一般期限推算")
        return Fact(_("应重新答复"), words.due(owed, left, today), told, mark)
    if reply is None:
        waiting = next((clock for clock in clocks if clock.clock == "confirmation"), None)
        if waiting is None:
            return Fact(label, _("不能计算") if state.received_on is not None else _("还没有起算"))
        return Fact(_("确认收到"), words.due(waiting.due_on, waiting.working_days_left, today))
    view = clock_view(reply, Names({}), today)
    if _was_given_up(state) and reply.state is ClockState.MET:
        told = (
            "" if reply.ended_on is None else _("%(day)s 告知不再处理") % {"day": reply.ended_on.isoformat()}
        )
        return Fact(label, _("终止，不计"), told, "void")
    late = overdue_before_asking(state, reply, basis)
    if late is not None:
        day = {"day": late.isoformat()}
        return Fact(label, _("已逾期（%(day)s 届满）") % day, _("届满以后才告知补正，逾期不因此消除"), "over")
    value = view.due or _("停着，没有到期日") if view.live else view.due or view.state
    told = [view.note] if view.note else []
    if reply.provisional:
        told.append(_("暂定"))
    if view.live and reply.state.value != "paused":
        extended = sum(e.working_days for e in state.extensions)
        if extended:
            told.append(_("已延期 %(days)d 个工作日") % {"days": extended})
    if not view.live and reply.ended_on is not None:
        told.append(_("%(day)s 结束，%(state)s") % {"day": reply.ended_on.isoformat(), "state": view.state})
    return Fact(label, value, "；".join(told), view.mark)


def _was_given_up(state: CaseState) -> bool:
    """The reply that stands says only that the request counts as given up: no answer was due any more."""
    reply = None if state.rehandling_pending else state.reply
    return reply is not None and reply.outcome in _GIVEN_UP


_GIVEN_UP = frozenset({Outcome.OTHER_NO_CORRECTION.value, Outcome.OTHER_UNPAID.value})


def _applicant(text: CaseText | None, state: CaseState, erased: bool) -> Fact:
    kind = "" if state.applicant_kind is None else ApplicantKind(state.applicant_kind).label_zh
    channel = "" if state.channel is None else Channel(state.channel).label_zh
    if erased:
        return Fact(_("申请人"), _("（个人信息已删除）"), f"{kind} {channel}".strip())
    name = text.applicant_label if text is not None else ""
    return Fact(_("申请人"), f"{name}（{kind}）" if name and kind else name or kind, channel)
