"""The reply clock of a case: state, due date, and its steps in words (arts. 30 to 35)."""

from __future__ import annotations

from datetime import date

from gongkai.rules.cases.clock import Clock, ClockState, Step
from gongkai.rules.cases.periods import (
    DAY,
    Period,
    Rules,
    consultation_limit,
    correction_due,
    exclusion,
    fee_due,
    paused_by,
    periods,
    served_on,
    starts,
)
from gongkai.rules.cases.state import CaseState, Consultation, Correction, Fee, Reply
from gongkai.rules.law.cite import citation_zh
from gongkai.rules.vocabulary import Channel, Method

CONSULTATION_ARTICLES = {"third_party": 32, "co_maker": 34, "agency": 33}


def article(number: int) -> str:
    """An article of the Regulation, as letters cite it."""
    return citation_zh("政府信息公开条例", str(number))


def reply_clocks(state: CaseState, rules: Rules, as_of: date) -> list[Clock]:
    """The reply clocks on ``as_of``, the one in force last; those before it were superseded by a restart."""
    if state.received_on is None:
        return []
    found = periods(state, rules)
    clocks: list[Clock] = [_unknown(state)] if state.opening else []
    for at, period in enumerate(found):
        later = found[at + 1].start if at + 1 < len(found) else None
        if later is None:
            clocks.append(_in_force(state, period, found, rules, as_of))
        else:
            clocks.append(_superseded(state, period, later.on, later.why, rules))
    return clocks


def _unknown(state: CaseState) -> Clock:
    ended = state.replies[-1].issued_on if state.replies else state.withdrawn_on
    return Clock(
        "reply",
        ClockState.ENDED if ended is not None else ClockState.UNKNOWN,
        "organ",
        started_on=state.received_on,
        steps=(Step(state.received_on, "unknown"),),
        ended_on=ended,
    )


def _superseded(state: CaseState, period: Period, ended_on: date, why: str, rules: Rules) -> Clock:
    """A period that another one took the place of: answered in it, late before the restart, or ended."""
    # Handling anew follows a reply of the same day; what restarts the period in another way precedes it.
    before = ended_on if why == "rehandled" else ended_on - DAY
    reply = _reply_within(state, period, before)
    served = served_on(reply, rules) if reply is not None else None
    due = period.due_on
    if served is not None:
        verdict = ClockState.MET if due is None or served <= due else ClockState.LATE
        ended_on = served
    else:
        stopped = _stopped_on(state, period, ended_on)
        verdict = ClockState.LATE if due is not None and stopped > due else ClockState.ENDED
    steps = [*_history(state, period, rules, ended_on), Step(ended_on, "superseded")]
    if served is not None:
        steps[-1] = _served_step(reply, ended_on)
    return Clock(
        "reply",
        verdict,
        "organ",
        started_on=period.start.on,
        due_on=due,
        earliest_due_on=due,
        latest_due_on=due,
        provisional=_provisional(rules, period.start.on, due),
        steps=tuple(steps),
        ended_on=ended_on,
    )


def _stopped_on(state: CaseState, period: Period, ended_on: date) -> date:
    """The day on which the notice that led to the restart stopped the period."""
    notices = [c.requested_on for c in state.corrections if c.received_on == ended_on]
    notices += [fee.notified_on for fee in state.fees if fee.paid_on == ended_on]
    return max([day for day in notices if day >= period.start.on], default=ended_on)


def _reply_within(state: CaseState, period: Period, before: date | None) -> Reply | None:
    """The last reply of a period; one of the day on which handling anew began belongs to the earlier."""
    for reply in reversed(state.replies):
        if reply.issued_on >= period.start.on and (before is None or reply.issued_on <= before):
            return reply
    return None


def _in_force(state: CaseState, period: Period, before: list[Period], rules: Rules, as_of: date) -> Clock:
    reply = None if state.rehandling_pending else _reply_within(state, period, None)
    served = served_on(reply, rules) if reply is not None else None
    ended_on = served if served is not None else state.withdrawn_on
    # A reply ends what was still being asked; only its service is outstanding then.
    decided_on = reply.issued_on if reply is not None else ended_on
    day = decided_on if decided_on is not None else as_of
    holding = [h for h in paused_by(state, day, rules) if _holds(h, period, reply)]
    due = period.due_on
    earliest = latest = due
    if ended_on is None and holding:
        due = None
        earliest, latest = _range(state, holding, rules, as_of)
    elif due is None:
        # Answered while a consultation was open: what would have been due had it ended on that day.
        due = periods(state, rules, assume=day)[-1].due_on
        earliest = latest = due
    verdict = _verdict(state, period, due, served, holding, as_of)
    if verdict is ClockState.ENDED and served is None:
        due = earliest = latest = None  # withdrawn or given up: nothing falls due any more
        ended_on = ended_on or max(item.lapsed_on for item in _lapsed(state) if item.lapsed_on is not None)
    shown = [d for d in (due, latest, earliest) if d is not None]
    provisional = _provisional(rules, period.start.on, max(shown) if shown else None)
    conservative = _conservative(state, rules)
    steps = _steps(state, period, before, rules, due)
    if conservative is not None:
        steps.append(Step(conservative, "conservative", article=article(30)))
    if provisional and shown:
        steps.append(Step(None, "provisional", {"year": max(shown).year}))
    steps += _ending(state, reply, served)
    return Clock(
        "reply",
        verdict,
        "organ",
        started_on=period.start.on,
        due_on=due,
        earliest_due_on=earliest,
        latest_due_on=latest,
        working_days_left=rules.calendar.count(as_of, due)
        if due is not None and verdict in (ClockState.RUNNING, ClockState.OVERDUE)
        else None,
        provisional=provisional,
        steps=tuple(steps),
        ended_on=ended_on,
        conservative_due_on=conservative,
    )


def _holds(holding: Correction | Fee | Consultation, period: Period, reply: Reply | None) -> bool:
    """A consultation sent after the period had run out does not hold it; a reply ends whatever was asked."""
    if reply is not None:
        return False
    if not isinstance(holding, Consultation):
        return True
    return any(holding in interval.sources for interval in period.excluded)


def _verdict(
    state: CaseState,
    period: Period,
    due: date | None,
    served: date | None,
    holding: list[Correction | Fee | Consultation],
    as_of: date,
) -> ClockState:
    if served is not None:
        # A reply after a correction or payment had lapsed: in time if that notice was.
        decisive = min([served, *_lapsed_notices(state, period)])
        return ClockState.MET if due is None or decisive <= due else ClockState.LATE
    if state.withdrawn_on is not None:
        return ClockState.ENDED
    if holding:
        return ClockState.PAUSED
    if given_up(state):
        return ClockState.ENDED
    return ClockState.OVERDUE if due is not None and as_of > due else ClockState.RUNNING


def _noticed_on(awaited: Correction | Fee) -> date:
    return awaited.requested_on if isinstance(awaited, Correction) else awaited.notified_on


def _lapsed_notices(state: CaseState, period: Period) -> list[date]:
    """Notices of this period that led to nothing: the organ owed no reply from then on (art. 30)."""
    days = [_noticed_on(item) for item in _lapsed(state)]
    return [day for day in days if day >= period.start.on]


def _lapsed(state: CaseState) -> list[Correction | Fee]:
    last = (*state.corrections[-1:], *state.fees[-1:])
    return [item for item in last if item.lapsed_on is not None and state.in_hand(_noticed_on(item))]


def given_up(state: CaseState) -> bool:
    """Not corrected or not paid in time: the organ need not go on (art. 30; fee measures)."""
    return not state.rehandling_pending and len(_lapsed(state)) > 0


def _range(
    state: CaseState, holding: list[Correction | Fee | Consultation], rules: Rules, as_of: date
) -> tuple[date | None, date | None]:
    """Earliest (answer on ``as_of``) and latest (longest lawful wait) due date of a paused clock."""
    whole = [h for h in holding if not isinstance(h, Consultation) and _restarts(h, rules)]
    if whole:
        # The corrected request or the payment restarts the period in full, whatever else is open.
        length = rules.days("reply_period", as_of)
        limits = [correction_due(h, rules) if isinstance(h, Correction) else fee_due(h, rules)
                  for h in whole]  # fmt: skip
        known = [limit for limit in limits if limit is not None and limit >= as_of]
        longest = None
        if len(known) == len(limits):
            longest = _with_consultations(holding, max(known), length, rules)
        return rules.calendar.add(as_of, length), longest
    earliest = periods(state, rules, assume=as_of)[-1].due_on
    return earliest, periods(state, rules)[-1].due_on


def _with_consultations(
    holding: list[Correction | Fee | Consultation], start: date, length: int, rules: Rules
) -> date | None:
    """The longest wait where consultations are open beside what will restart the period on ``start``."""
    due = rules.calendar.add(start, length)
    limits = [consultation_limit(h, rules) for h in holding if isinstance(h, Consultation)]
    known = [limit for limit in limits if limit is not None]
    if len(known) < len(limits):
        return None
    last = max(known, default=start)
    return rules.calendar.add(due, rules.calendar.count(start, last)) if last > start else due


def _restarts(holding: Correction | Fee, rules: Rules) -> bool:
    if isinstance(holding, Correction):
        return True
    return rules.law.value("fee_clock", on=holding.notified_on) == "restart"


def notice_due(state: CaseState, rules: Rules, before: date) -> date | None:
    """The seventh working day for a correction notice given on ``before`` (art. 30)."""
    if state.received_on is None:
        return None
    began = [s for s in starts(state, rules) if s.why != "paid" and s.on <= before]
    if not began or began[-1].why == "rehandled":
        return None  # the seven days run from what came in, not from an order to handle anew
    return rules.calendar.add(began[-1].on, rules.days("correction_notice_period", began[-1].on))


def _conservative(state: CaseState, rules: Rules) -> date | None:
    first = state.corrections[0] if state.corrections else None
    if first is None or state.received_on is None:
        return None
    limit = notice_due(state, rules, first.requested_on)
    if limit is None or first.requested_on <= limit:
        return None
    return rules.calendar.add(state.received_on, rules.days("reply_period", state.received_on))


def _provisional(rules: Rules, first: date, last: date | None) -> bool:
    return rules.calendar.is_provisional(first) or (last is not None and rules.calendar.is_provisional(last))


def _steps(
    state: CaseState, period: Period, before: list[Period], rules: Rules, due: date | None
) -> list[Step]:
    """How the due date came about: every period up to this one, then the days that make the last one long."""
    steps: list[Step] = []
    for earlier in before[:-1]:
        steps += _history(state, earlier, rules, period.start.on)
    first, *rest = _history(state, period, rules, None)
    if due is None:
        return [*steps, first, *rest]
    rest += _calendar_steps(rules, period.start.on, due)
    steps += [first, *sorted(rest, key=lambda step: step.on or due)]
    total = period.base_days + period.extended_by + period.excluded_days
    if period.delayed_until is not None or period.start.due_on is not None:
        steps.append(Step(due, "last_day"))
    else:
        steps.append(
            Step(due, "nth_day", {"days": total}, rules.law.cite("reply_period", on=period.start.on))
        )
    return steps


def _calendar_steps(rules: Rules, after: date, through: date) -> list[Step]:
    """What of the holiday notices mattered between two days."""
    steps = [
        Step(first, "days_off", {"name": name, "first": first, "last": last})
        for first, last, name in rules.calendar.days_off(after, through)
    ]
    made_up = tuple(rules.calendar.made_up(after, through))
    if made_up:
        steps.append(Step(made_up[0], "made_up", {"days": made_up}))
    return sorted(steps, key=lambda step: step.on or after)


def _history(state: CaseState, period: Period, rules: Rules, before: date | None) -> list[Step]:
    """The dated acts of one period, in order."""

    def inside(day: date | None) -> bool:
        return day is not None and day >= period.start.on and (before is None or day < before)

    steps = [_start_step(state, period)]
    for c in state.corrections:
        if inside(c.requested_on):
            steps.append(Step(c.requested_on, "correction_requested", article=article(30)))
            limit = notice_due(state, rules, c.requested_on)
            if limit is not None and c.requested_on > limit:
                days = rules.days("correction_notice_period", c.requested_on)
                late = {"days": days, "due": limit}
                steps.append(Step(c.requested_on, "correction_late", late, article(30)))
        if inside(c.lapsed_on):
            steps.append(Step(c.lapsed_on, "correction_lapsed", article=article(30)))
        if inside(c.reopened_on):
            steps.append(Step(c.reopened_on, "correction_reopened", article=article(30)))
    for extension in state.extensions:
        if inside(extension.told_on):
            days = {"days": extension.working_days}
            steps.append(Step(extension.told_on, "extended", days, article(33)))
    steps += [
        Step(delay.set_on, "delayed", {"due": delay.due_on}, article(35))
        for delay in state.delays
        if inside(delay.set_on)
    ]
    for fee in state.fees:
        if inside(fee.notified_on):
            steps.append(Step(fee.notified_on, "fee_notified", article=article(42)))
        if inside(fee.lapsed_on):
            steps.append(Step(fee.lapsed_on, "fee_lapsed", article=article(42)))
        if inside(fee.paid_on) and not _restarts(fee, rules):
            steps.append(Step(fee.paid_on, "fee_resumed", article=article(42)))
    steps += _consultation_steps(period, rules)
    return [steps[0], *sorted(steps[1:], key=lambda step: step.on or period.start.on)]


def _start_step(state: CaseState, period: Period) -> Step:
    start = period.start
    if start.why == "received":
        channel = Channel(state.channel) if state.channel is not None else ""
        return Step(start.on, "received", {"channel": channel}, article(31))
    if start.why == "corrected":
        return Step(start.on, "correction_received", {"days": period.base_days}, article(30))
    if start.why == "paid":
        return Step(start.on, "fee_paid", {"days": period.base_days}, article(42))
    if start.due_on is not None:
        return Step(start.on, "rehandled_until", {"due": start.due_on})
    return Step(start.on, "rehandled", {"days": period.base_days})


def _consultation_steps(period: Period, rules: Rules) -> list[Step]:
    steps: list[Step] = []
    for interval in period.excluded:
        for source in interval.sources:
            if not isinstance(source, Consultation):
                continue
            who = {"who": source.kind}
            where = article(CONSULTATION_ARTICLES[source.kind])
            steps.append(Step(source.sent_on, "consulted", who, where))
            if exclusion(source, rules)[1] is None:
                steps.append(Step(None, "waiting", who, where))
        asked = any(isinstance(source, Consultation) for source in interval.sources)
        if asked and interval.through is not None:
            after = max(interval.after, period.start.on)
            days = rules.calendar.count(after, interval.through)
            values = {"through": interval.through, "days": days}
            steps.append(Step(interval.through, "excluded", values, article(33)))
    return steps


def _served_step(reply: Reply | None, on: date) -> Step:
    method = None if reply is None else reply.first_method or reply.method
    delivered = reply is not None and reply.delivered_on == on and reply.first_dispatched_on != on
    code = "served" if delivered else "dispatched"
    return Step(on, code, {"how": Method(method) if method is not None else "?"})


def _ending(state: CaseState, reply: Reply | None, served: date | None) -> list[Step]:
    if served is not None:
        return [_served_step(reply, served)]
    if state.withdrawn_on is not None:
        return [Step(state.withdrawn_on, "withdrawn")]
    if reply is not None:
        return [Step(reply.issued_on, "issued")]
    return []
