"""Clocks of remedies: until when a reply may be challenged, until when the organ must answer.

Administrative Reconsideration Law (2023) arts. 20, 23, 34, 48, 54, 62; Administrative Litigation Law
arts. 45, 46, 67; law.md 9.1. Periods in days and months are calendar ones; where their end is a rest day
they run on to the next working day (a setting).
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from gongkai.rules.cases.clock import Clock, ClockState, Step
from gongkai.rules.cases.periods import Rules, periods
from gongkai.rules.cases.reply_clock import given_up
from gongkai.rules.cases.state import CaseState, Remedy, Reply
from gongkai.rules.law import NoRuleInForce
from gongkai.rules.letters.remedies import reconsideration_first, reconsideration_first_on_silence
from gongkai.rules.vocabulary import RemedyKind

RECONSIDERATION = RemedyKind.RECONSIDERATION
LITIGATION = (RemedyKind.LITIGATION_DIRECT, RemedyKind.LITIGATION_AFTER_RECONSIDERATION)


def add_months(day: date, months: int) -> date:
    """The same day ``months`` later, or the last day of that month where it has no such day."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def remedy_clocks(state: CaseState, rules: Rules, as_of: date) -> list[Clock]:
    """The applicant's periods for remedies and the organ's for its defence, on ``as_of``."""
    if state.opening or state.received_on is None:
        return [_defence(remedy, rules, as_of) for remedy in state.remedies]
    clocks: list[Clock] = []
    opened = _opened(state, rules, as_of)
    if opened is not None:
        start, step, reply = opened
        clocks.append(_reconsideration(state, start, step, reply, rules, as_of))
        litigation = _litigation(state, start, step, reply, rules, as_of)
        if litigation is not None:
            clocks.append(litigation)
    return clocks + [_defence(remedy, rules, as_of) for remedy in state.remedies]


def _opened(state: CaseState, rules: Rules, as_of: date) -> tuple[date, Step, Reply | None] | None:
    """From when remedies run: delivery of the reply, or the end of the reply period where there is none."""
    reply = state.reply
    if reply is not None and reply.delivered_on is not None:
        return reply.delivered_on, Step(reply.delivered_on, "remedy_opens"), reply
    # A revoked reply was one; silence begins anew only with handling anew.
    silent = state.rehandling_pending or not state.replies
    if reply is None and state.reply_owed and silent:
        found = periods(state, rules)
        due = found[-1].due_on if found else None
        waiting = state.correction_awaited is not None or state.fee_awaited is not None
        if due is not None and as_of > due and not waiting and not given_up(state):
            return due, Step(due, "remedy_opens_silence"), None
    return None


def _filed(state: CaseState, kinds: tuple[RemedyKind, ...], since: date) -> date | None:
    return min(
        (
            r.filed_on
            for r in state.remedies
            if r.kind in kinds and r.filed_on >= since and not r.by_third_party
        ),
        default=None,
    )


def _reconsideration(
    state: CaseState, start: date, opens: Step, reply: Reply | None, rules: Rules, as_of: date
) -> Clock:
    if reply is not None and not reply.remedies_told:
        return _untold(
            "reconsideration_period",
            "remedies_not_told_limit",
            (RECONSIDERATION,),
            state,
            start,
            opens,
            rules,
            as_of,
        )
    days = rules.days("reconsideration_period", start, "day")
    last = start + timedelta(days=days)
    due = rules.run_on(last, start)
    cite = rules.law.cite("reconsideration_period", on=start)
    steps = [opens, Step(last, "calendar_days", {"days": days}, cite)]
    if reply is not None and reconsideration_first(reply.outcome, reply.issued_on, rules.law):
        first = rules.law.cite("reconsideration_first", on=reply.issued_on)
        steps.append(Step(None, "first_reconsideration", article=first))
    return _close("reconsideration_period", (RECONSIDERATION,), state, start, last, due, steps, rules, as_of)


def _untold(
    name: str,
    key: str,
    kinds: tuple[RemedyKind, ...],
    state: CaseState,
    start: date,
    opens: Step,
    rules: Rules,
    as_of: date,
) -> Clock:
    """Where remedies were not told: up to one year; unknown for a day on which no rule known here says so."""
    try:
        years = rules.days(key, start, "year")
    except NoRuleInForce:
        steps = (opens, Step(None, "no_rule"))
        return Clock(name, ClockState.UNKNOWN, "applicant", started_on=start, steps=steps)
    last = add_months(start, 12 * years)
    cite = rules.law.cite(key, on=start)
    steps = [opens, Step(last, "calendar_years", {"years": years}, cite)]
    return _close(name, kinds, state, start, last, rules.run_on(last, start), steps, rules, as_of)


def _litigation(
    state: CaseState, start: date, opens: Step, reply: Reply | None, rules: Rules, as_of: date
) -> Clock | None:
    """Six months from the reply; fifteen days after reconsideration, which some refusals need first."""
    name = "litigation_period"
    reviewed = _reviewed(state, start, rules, as_of)
    if reviewed is not None:
        since, step = reviewed
        days = rules.days("litigation_after_reconsideration_period", since, "day")
        last = since + timedelta(days=days)
        cite = rules.law.cite("litigation_after_reconsideration_period", on=since)
        steps = [opens, step, Step(last, "calendar_days", {"days": days}, cite)]
        return _close(name, LITIGATION, state, since, last, rules.run_on(last, since), steps, rules, as_of)
    if reply is not None and reconsideration_first(reply.outcome, reply.issued_on, rules.law):
        return None
    if reply is None and reconsideration_first_on_silence(start, rules.law):
        return None
    since = reply.issued_on if reply is not None else start
    if any(r.kind is RECONSIDERATION and r.filed_on >= since for r in state.remedies):
        return None  # while it is pending the court waits for it
    if reply is not None and not reply.remedies_told:
        return _untold(name, "litigation_not_told_limit", LITIGATION, state, start, opens, rules, as_of)
    months = rules.days("litigation_period", start, "month")
    last = add_months(start, months)
    cite = rules.law.cite("litigation_period", on=start)
    steps = [opens, Step(last, "calendar_months", {"months": months}, cite)]
    return _close(name, LITIGATION, state, start, last, rules.run_on(last, start), steps, rules, as_of)


def _reviewed(state: CaseState, start: date, rules: Rules, as_of: date) -> tuple[date, Step] | None:
    """When reconsideration ended for this reply: its decision, or its period without one."""
    for remedy in reversed(state.remedies):
        if remedy.kind is not RECONSIDERATION or remedy.filed_on < start:
            continue
        if remedy.decided_on is not None:
            return remedy.decided_on, Step(remedy.decided_on, "remedy_opens_decision")
        simple = remedy.procedure == "simple"
        key = "reconsideration_decision_simple_period" if simple else "reconsideration_decision_period"
        last = remedy.filed_on + timedelta(days=rules.days(key, remedy.filed_on, "day"))
        over = rules.run_on(last, remedy.filed_on)
        if as_of > over:
            return over, Step(over, "remedy_opens_no_decision")
        return None
    return None


def _close(
    name: str,
    kinds: tuple[RemedyKind, ...],
    state: CaseState,
    start: date,
    last: date,
    due: date,
    steps: list[Step],
    rules: Rules,
    as_of: date,
) -> Clock:
    if due != last:
        steps.append(Step(due, "rest_day"))
    # Some sue on the day they hear of the reply, before its delivery is recorded.
    filed = _filed(state, kinds, min(start, state.reply.issued_on) if state.reply is not None else start)
    ended_on: date | None = None
    if filed is not None:
        verdict = ClockState.MET if filed <= due else ClockState.LATE
        ended_on = filed
        steps.append(Step(filed, "filed"))
    elif as_of > due:
        verdict, ended_on = ClockState.ENDED, due
    else:
        verdict = ClockState.RUNNING
    provisional = rules.calendar.is_provisional(due)
    if provisional:
        steps.append(Step(None, "provisional", {"year": due.year}))
    return Clock(
        name,
        verdict,
        "applicant",
        started_on=start,
        due_on=due,
        earliest_due_on=due,
        latest_due_on=due,
        working_days_left=rules.calendar.count(as_of, due) if verdict is ClockState.RUNNING else None,
        provisional=provisional,
        steps=tuple(steps),
        ended_on=ended_on,
    )


def _defence(remedy: Remedy, rules: Rules, as_of: date) -> Clock:
    """The organ's answer to the reconsideration authority or to the court."""
    reached = remedy.reached_on
    if reached is None:
        return _not_reached(remedy)
    if remedy.kind is RECONSIDERATION and remedy.procedure == "simple":
        key = "defence_reconsideration_simple_period"
    elif remedy.kind is RECONSIDERATION:
        key = "defence_reconsideration_period"
    else:
        key = "defence_litigation_period"
    rule = rules.law.rule(key, on=reached)
    days = rules.days(key, reached, rule.unit)
    steps = [Step(reached, "reached")]
    if rule.unit == "working_day":
        due = rules.calendar.add(reached, days)
        steps.append(Step(due, "nth_day", {"days": days}, rules.law.cite(key, on=reached)))
    else:
        last = reached + timedelta(days=days)
        due = rules.run_on(last, reached)
        steps.append(Step(last, "calendar_days", {"days": days}, rules.law.cite(key, on=reached)))
        if due != last:
            steps.append(Step(due, "rest_day"))
    ended_on, verdict = remedy.answered_on, None
    if remedy.answered_on is not None:
        verdict = ClockState.MET if remedy.answered_on <= due else ClockState.LATE
        steps.append(Step(remedy.answered_on, "defended"))
    elif remedy.decided_on is not None:
        verdict, ended_on = ClockState.ENDED, remedy.decided_on
        steps.append(Step(remedy.decided_on, "decided"))
    else:
        verdict = ClockState.OVERDUE if as_of > due else ClockState.RUNNING
    running = verdict in (ClockState.RUNNING, ClockState.OVERDUE)
    return Clock(
        "defence",
        verdict,
        "organ",
        started_on=reached,
        due_on=due,
        earliest_due_on=due,
        latest_due_on=due,
        working_days_left=rules.calendar.count(as_of, due) if running else None,
        provisional=rules.calendar.is_provisional(due),
        steps=tuple(steps),
        ended_on=ended_on,
        party=remedy.remedy,
    )


def _not_reached(remedy: Remedy) -> Clock:
    """The period runs from the day the papers reached the organ, and nobody entered that day."""
    ended_on = remedy.answered_on if remedy.answered_on is not None else remedy.decided_on
    steps = [Step(None, "not_reached")]
    if ended_on is not None:
        steps.append(Step(ended_on, "defended" if remedy.answered_on is not None else "decided"))
    return Clock(
        "defence",
        ClockState.UNKNOWN if ended_on is None else ClockState.ENDED,
        "organ",
        steps=tuple(steps),
        ended_on=ended_on,
        party=remedy.remedy,
    )
