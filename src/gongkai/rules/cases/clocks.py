"""``deadlines``: every clock that runs on a case, with its steps; the other clocks than the reply's.

Which clocks there are: ``case-events`` in ``docs/reference/clock-json.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from gongkai.rules.cases.clock import Clock, ClockState, Step
from gongkai.rules.cases.periods import Rules, consultation_limit, correction_due, correction_start, fee_due
from gongkai.rules.cases.remedy_clocks import remedy_clocks
from gongkai.rules.cases.reply_clock import CONSULTATION_ARTICLES, article, notice_due, reply_clocks
from gongkai.rules.cases.state import CaseState, Consultation, ConsultationKind, Correction, Fee
from gongkai.rules.law import Law, NoRuleInForce
from gongkai.rules.vocabulary import CONFIRMED_CHANNELS, Channel
from gongkai.rules.workdays import WorkCalendar


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The clocks of a case on a day: ``clocks`` in force, ``earlier`` ones superseded or of past rounds."""

    clocks: tuple[Clock, ...]
    earlier: tuple[Clock, ...]

    def __getitem__(self, clock: str) -> Clock:
        """The clock in force of this name (the first, where several parties are consulted)."""
        for found in self.clocks:
            if found.clock == clock:
                return found
        raise KeyError(clock)

    def get(self, clock: str) -> Clock | None:
        """The clock in force of this name, or ``None``."""
        return next((found for found in self.clocks if found.clock == clock), None)


def deadlines(state: CaseState, law: Law, calendar: WorkCalendar, as_of: date) -> Deadlines:
    """Every clock of a case on ``as_of``, with due dates and steps.

    Raises ``NoRuleInForce`` or ``CalendarNotPublished`` where a date lies outside what is known.
    """
    rules = Rules(law, calendar)
    rounds: list[list[Clock]] = [
        _confirmation(state, rules, as_of),
        _correction_notices(state, rules, as_of),
        [_correction(c, rules, as_of, state) for c in state.corrections],
        reply_clocks(state, rules, as_of),
        [_fee(fee, rules, as_of, state) for fee in state.fees],
    ]
    current = [found[-1] for found in rounds if found]
    earlier = [clock for found in rounds for clock in found[:-1]]
    by_party: dict[tuple[str, str], Clock] = {}
    for consultation in state.consultations:
        key = (consultation.kind.value, consultation.party)
        if key in by_party:
            earlier.append(by_party.pop(key))
        if (clock := _consultation(consultation, rules, as_of, state)) is not None:
            by_party[key] = clock
    remedies = remedy_clocks(state, rules, as_of)
    return Deadlines((*current, *by_party.values(), *remedies), tuple(earlier))


def _left(rules: Rules, as_of: date, due: date | None, verdict: ClockState) -> int | None:
    if due is None or verdict not in (ClockState.RUNNING, ClockState.OVERDUE):
        return None
    return rules.calendar.count(as_of, due)


def _verdict(due: date | None, ended_on: date | None, as_of: date) -> ClockState:
    if ended_on is not None:
        return ClockState.MET if due is None or ended_on <= due else ClockState.LATE
    if due is None:
        return ClockState.UNKNOWN
    return ClockState.OVERDUE if as_of > due else ClockState.RUNNING


def _clock(
    name: str,
    who: str,
    rules: Rules,
    as_of: date,
    *,
    started_on: date | None,
    due: date | None,
    ended_on: date | None,
    steps: list[Step],
    verdict: ClockState | None = None,
    party: str | None = None,
) -> Clock:
    found = verdict if verdict is not None else _verdict(due, ended_on, as_of)
    provisional = due is not None and rules.calendar.is_provisional(due)
    if provisional and due is not None:
        steps = [*steps, Step(None, "provisional", {"year": due.year})]
    return Clock(
        name,
        found,
        who,
        started_on=started_on,
        due_on=due,
        earliest_due_on=due,
        latest_due_on=due,
        working_days_left=_left(rules, as_of, due, found),
        provisional=provisional,
        steps=tuple(steps),
        ended_on=ended_on,
        party=party,
    )


def _confirmation(state: CaseState, rules: Rules, as_of: date) -> list[Clock]:
    """Same-day confirmation of what came by ordinary post, fax, e-mail or the internet (art. 31)."""
    if state.submitted_on is None or state.channel not in CONFIRMED_CHANNELS:
        return []
    channel = Channel(state.channel)
    try:
        automatic = rules.law.value("web_auto_confirm", on=state.submitted_on) is True
    except NoRuleInForce:
        return []  # submitted before the rules known here, received under them
    if channel is Channel.INTERNET and automatic:
        return []
    due = state.submitted_on + timedelta(days=rules.days("confirmation_period", state.submitted_on, "day"))
    steps = [Step(state.submitted_on, "submitted", {"channel": channel}, article(31))]
    if state.received_on is not None:
        steps.append(Step(state.received_on, "confirmed", article=article(31)))
    return [
        _clock(
            "confirmation",
            "organ",
            rules,
            as_of,
            started_on=state.submitted_on,
            due=due,
            ended_on=state.received_on,
            steps=steps,
        )
    ]


def _correction_notices(state: CaseState, rules: Rules, as_of: date) -> list[Clock]:
    """Seven working days for asking to correct, after receipt and after each corrected request (art. 30)."""
    if state.received_on is None or state.opening:
        return []
    # Each start with the rounds that may follow it.
    starts = [(state.received_on, state.corrections)]
    starts += [
        (c.received_on, state.corrections[at:])
        for at, c in enumerate(state.corrections, 1)
        if c.received_on is not None
    ]
    return [
        _correction_notice(state, start, _asked(state, start, rounds), rules, as_of)
        for start, rounds in starts
    ]


def _asked(state: CaseState, start: date, rounds: tuple[Correction, ...]) -> Correction | None:
    """The notice that ended the seven days from ``start``; one given in handling anew is another matter."""
    asked = rounds[0] if rounds else None
    if asked is None or any(start <= r.started_on <= asked.requested_on for r in state.rehandlings):
        return None
    return asked


def _correction_notice(
    state: CaseState, start: date, asked: Correction | None, rules: Rules, as_of: date
) -> Clock:
    due = notice_due(state, rules, start)
    steps = [Step(start, "notice_started", article=article(30))]
    if due is not None:
        days = rules.days("correction_notice_period", start)
        steps.append(
            Step(due, "nth_day", {"days": days}, rules.law.cite("correction_notice_period", on=start))
        )
    ended_on: date | None = None
    verdict: ClockState | None = None
    replied = [r.issued_on for r in state.replies if r.issued_on >= start]
    if asked is not None:
        ended_on = asked.requested_on
        steps.append(Step(ended_on, "asked", article=article(30)))
    elif replied and due is not None and replied[0] <= due:
        ended_on, verdict = replied[0], ClockState.ENDED
        steps.append(Step(ended_on, "replied"))
    elif state.withdrawn_on is not None and due is not None and state.withdrawn_on <= due:
        ended_on, verdict = state.withdrawn_on, ClockState.ENDED
        steps.append(Step(ended_on, "withdrawn"))
    elif due is not None and as_of > due:
        ended_on, verdict = due, ClockState.ENDED
        steps.append(Step(due, "not_needed", article=article(30)))
    return _clock(
        "correction_notice", "organ", rules, as_of,
        started_on=start, due=due, ended_on=ended_on, steps=steps, verdict=verdict,
    )  # fmt: skip


def _over(state: CaseState, begun: date) -> date | None:
    """The day from which nothing is awaited any more: withdrawal, or a reply after it began."""
    days = [state.withdrawn_on, *(r.issued_on for r in state.replies if r.issued_on >= begun)]
    return min((day for day in days if day is not None), default=None)


def _correction(correction: Correction, rules: Rules, as_of: date, state: CaseState) -> Clock:
    due = correction_due(correction, rules)
    start = correction_start(correction, rules)
    begun = Step(
        start, "delivered" if correction.delivered_on == start else "from_request", article=article(30)
    )
    steps = [begun, Step(due, "last_day", article=article(30))]
    ended_on, verdict = correction.received_on, None
    if correction.received_on is not None:
        code = "answered" if correction.received_on <= due else "answered_late"
        steps.append(Step(correction.received_on, code))
    elif correction.lapsed_on is not None:
        ended_on, verdict = correction.lapsed_on, ClockState.ENDED
        steps.append(Step(ended_on, "correction_lapsed", article=article(30)))
    elif (over := _over(state, correction.requested_on)) is not None:
        ended_on, verdict = over, ClockState.ENDED
    return _clock(
        "correction", "applicant", rules, as_of,
        started_on=start, due=due, ended_on=ended_on, steps=steps, verdict=verdict,
    )  # fmt: skip


def _fee(fee: Fee, rules: Rules, as_of: date, state: CaseState) -> Clock:
    due = fee_due(fee, rules)
    steps = [Step(fee.notified_on, "notified", article=article(42))]
    steps.append(
        Step(None, "not_delivered") if fee.delivered_on is None else Step(fee.delivered_on, "delivered")
    )
    if due is not None:
        days = rules.days("fee_payment_period", fee.notified_on)
        cite = rules.law.cite("fee_payment_period", on=fee.notified_on)
        steps.append(Step(due, "nth_day", {"days": days}, cite))
    ended_on, verdict = fee.paid_on, None
    if fee.paid_on is not None:
        steps.append(Step(fee.paid_on, "paid"))
    elif fee.lapsed_on is not None:
        ended_on, verdict = fee.lapsed_on, ClockState.ENDED
        steps.append(Step(ended_on, "fee_lapsed"))
    elif (over := _over(state, fee.notified_on)) is not None:
        ended_on, verdict = over, ClockState.ENDED
    return _clock(
        "fee", "applicant", rules, as_of,
        started_on=fee.delivered_on, due=due, ended_on=ended_on, steps=steps, verdict=verdict,
    )  # fmt: skip


def _consultation(consultation: Consultation, rules: Rules, as_of: date, state: CaseState) -> Clock | None:
    """The fifteen working days of a third party or a co-maker, or an agency's where a body has set one."""
    limit = consultation_limit(consultation, rules)
    if consultation.kind is ConsultationKind.AGENCY and limit is None:
        return None  # no limit, no clock: the wait is shown on the reply clock
    where = article(CONSULTATION_ARTICLES[consultation.kind])
    started = (
        consultation.sent_on if consultation.kind is ConsultationKind.AGENCY else consultation.delivered_on
    )
    steps = [Step(None, "not_delivered", article=where) if started is None
             else Step(started, "delivered", article=where)]  # fmt: skip
    if limit is not None and started is not None:
        steps.append(Step(limit, "nth_day", {"days": rules.calendar.count(started, limit)}, where))
    ended_on, verdict = consultation.answered_on, None
    if consultation.answered_on is not None:
        late = limit is not None and consultation.answered_on > limit
        steps.append(Step(consultation.answered_on, "answered_late" if late else "answered"))
    elif consultation.lapsed_on is not None:
        ended_on, verdict = consultation.lapsed_on, ClockState.ENDED
        steps.append(Step(ended_on, "lapsed"))
    elif consultation.abandoned_on is not None:
        ended_on, verdict = consultation.abandoned_on, ClockState.ENDED
        steps.append(Step(ended_on, "abandoned"))
    elif (over := _over(state, consultation.sent_on)) is not None:
        ended_on, verdict = over, ClockState.ENDED
    return _clock(
        consultation.kind.value, consultation.kind.value, rules, as_of,
        started_on=started, due=limit, ended_on=ended_on, steps=steps, verdict=verdict,
        party=consultation.party,
    )  # fmt: skip
