"""What holds for every history that ``decide`` accepts, whatever was tried in between."""

from __future__ import annotations

import json
from datetime import date, timedelta
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.rules.case_commands import FIRST, KINDS, Draw

from gongkai.rules import kinds
from gongkai.rules.cases.clock import ClockState
from gongkai.rules.cases.clocks import deadlines
from gongkai.rules.cases.decide import allowed, decide, judge
from gongkai.rules.cases.fold import fold
from gongkai.rules.cases.periods import Period, Rules, periods
from gongkai.rules.cases.state import CaseState
from gongkai.rules.event import Event
from gongkai.rules.law import load_law
from gongkai.rules.refusal import Refusal
from gongkai.rules.workdays import load_calendar

LAW, CALENDAR = load_law(), load_calendar()
RULES = Rules(LAW, CALENDAR)
SLOW = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
SEEDS = st.integers(0, 2**32)
LENGTH = 40


def _history(seed: int) -> list[tuple[CaseState, Event, CaseState]]:
    """A lawful history: every accepted event with the states before and after it."""
    draw = Draw(Random(seed))  # noqa: S311 - no secret
    events: list[Event] = []
    state = CaseState()
    steps: list[tuple[CaseState, Event, CaseState]] = []
    last = FIRST
    opening = draw.of(["request.received", "request.received", "request.received", "opening.case", "any"])
    for at in range(LENGTH):
        command = draw.command(opening, last, 0) if at == 0 and opening != "any" else draw.next(state, last)
        outcome = decide(state, command, LAW, CALENDAR)
        if isinstance(outcome, Refusal):
            assert outcome.message("zh")
            assert outcome.message("en")
            assert outcome.article
            continue
        events.extend(outcome)
        after = fold(events)
        steps.append((state, outcome[0], after))
        state, last = after, max(last, command.occurred_on)
    return steps


def _pairs(state: CaseState) -> list[tuple[date | None, date | None]]:
    """(cause, effect) of everything dated in a state."""
    found: list[tuple[date | None, date | None]] = [(state.submitted_on, state.received_on)]
    for c in state.corrections:
        found += [(c.requested_on, c.delivered_on), (c.delivered_on or c.requested_on, c.received_on)]
        found += [(c.requested_on, c.lapsed_on), (c.requested_on, c.reopened_on)]
    for c in state.consultations:
        found += [(c.sent_on, c.delivered_on), (c.delivered_on or c.sent_on, c.answered_on)]
        found += [(c.sent_on, c.lapsed_on), (c.sent_on, c.abandoned_on), (c.answered_on, c.told_on)]
    for fee in state.fees:
        found += [(fee.notified_on, day) for day in (fee.delivered_on, fee.paid_on, fee.lapsed_on)]
    for asked in state.reasons:
        found += [(asked.requested_on, asked.received_on), (asked.requested_on, asked.lapsed_on)]
    for reply in state.replies:
        found += [(reply.issued_on, day) for day in (reply.dispatched_on, reply.revoked_on)]
        found += [(reply.dispatched_on or reply.issued_on, reply.delivered_on)]
    for remedy in state.remedies:
        found += [(remedy.filed_on, remedy.answered_on), (remedy.filed_on, remedy.decided_on)]
    received = state.received_on
    starts = (
        [c.requested_on for c in state.corrections]
        + [c.sent_on for c in state.consultations]
        + [r.issued_on for r in state.replies]
        + [e.told_on for e in state.extensions]
        + [fee.notified_on for fee in state.fees]
        + [r.started_on for r in state.rehandlings]
        + [state.withdrawn_on, state.archived_on]
    )
    return found + [(received, day) for day in starts]


@SLOW
@given(SEEDS)
def test_no_effect_is_before_its_cause(seed: int) -> None:
    for _, event, state in _history(seed):
        late = [(a, b) for a, b in _pairs(state) if a is not None and b is not None and b < a]
        assert late == [], event


@SLOW
@given(SEEDS)
def test_one_outcome_stands_at_a_time_and_none_follows_a_closing(seed: int) -> None:
    for before, event, after in _history(seed):
        if event.kind == "reply.issued":
            assert before.reply_owed
            assert before.archived_on is None
        if event.kind == "request.withdrawn" and event.payload.get("scope") != "item":
            assert before.reply is None or before.rehandling_pending
        anew = [r.started_on for r in after.rehandlings]
        for earlier, later in zip(after.replies, after.replies[1:], strict=False):
            replaced = any(earlier.issued_on <= day <= later.issued_on for day in anew)
            assert earlier.revoked_on is not None or replaced
        if after.archived_on is not None and before.archived_on is None:
            reply = after.reply
            served = reply is not None and (reply.first_dispatched_on or reply.delivered_on) is not None
            assert served or after.withdrawn_on is not None


def _shortest(period: Period) -> date:
    """The due date without any exclusion or extension."""
    if period.delayed_until is not None:
        return period.delayed_until
    if period.start.due_on is not None:
        return period.start.due_on
    return CALENDAR.add(period.start.on, period.base_days)


@SLOW
@given(SEEDS)
def test_exclusions_and_extensions_never_shorten_a_period(seed: int) -> None:
    for before, event, after in _history(seed):
        now = periods(after, RULES)
        assert all(p.due_on is None or p.due_on >= _shortest(p) for p in now), event
        if event.kind == "extension.told" or event.kind.endswith(".consulted"):
            then = periods(before, RULES)
            assert len(then) == len(now)
            for old, new in zip(then, now, strict=True):
                assert new.due_on is None or old.due_on is None or new.due_on >= old.due_on, event
        if event.kind == "extension.told" and not after.opening:
            lengthened = zip(periods(before, RULES), now, strict=True)
            assert any(old.due_on is None or old.due_on != new.due_on for old, new in lengthened), event


@SLOW
@given(SEEDS)
def test_every_prefix_folds_and_is_judged_lawful_again(seed: int) -> None:
    steps = _history(seed)
    events = [event for _, event, _ in steps]
    for length, (_, _, after) in enumerate(steps, 1):
        assert fold(events[:length]) == after
    again = judge(events, LAW, CALENDAR)
    assert again.refusals == ()
    assert again.state == (steps[-1][2] if steps else CaseState())


@SLOW
@given(SEEDS)
def test_events_survive_json(seed: int) -> None:
    for _, event, _ in _history(seed):
        text = json.dumps({"on": event.occurred_on.isoformat(), "payload": dict(event.payload)})
        read = json.loads(text)
        kinds.check(event.kind, read["payload"], strict=False)
        assert date.fromisoformat(read["on"]) == event.occurred_on
        assert read["payload"] == event.payload


@SLOW
@given(SEEDS, st.integers(-30, 400))
def test_every_clock_can_be_shown_on_every_day(seed: int, days: int) -> None:
    steps = _history(seed)
    state = steps[-1][2] if steps else CaseState()
    as_of = FIRST + timedelta(days=days)
    shown = deadlines(state, LAW, CALENDAR, as_of)
    names = [(clock.clock, clock.party) for clock in shown.clocks if clock.clock != "defence"]
    assert len(names) == len(set(names))
    for clock in (*shown.clocks, *shown.earlier):
        for language in ("zh", "en"):
            json.dumps(clock.to_json(language))
        match clock.state:
            case ClockState.RUNNING:
                assert clock.due_on is not None
                assert as_of <= clock.due_on
            case ClockState.OVERDUE:
                assert clock.due_on is not None
                assert as_of > clock.due_on
            case ClockState.PAUSED:
                assert clock.due_on is None
                if clock.latest_due_on is not None and clock.earliest_due_on is not None:
                    assert clock.earliest_due_on <= clock.latest_due_on
            case ClockState.MET | ClockState.LATE:
                assert clock.ended_on is not None
            case _:
                pass


@SLOW
@given(SEEDS)
def test_a_kind_that_is_not_allowed_is_refused_whatever_the_payload(seed: int) -> None:
    """From the last date on: what the present allows says nothing of entries with an earlier legal date."""
    steps = _history(seed)
    state = steps[-1][2] if steps else CaseState()
    may = allowed(state)
    days = [event.occurred_on for event in state.events]
    last = max([FIRST, *days, *(d for pair in _pairs(state) for d in pair if d is not None)])
    draw = Draw(Random(seed))  # noqa: S311 - no secret
    for kind in [kind for kind in KINDS if kind not in may]:
        command = draw.command(kind, last + timedelta(days=1), state.last_seq)
        assert isinstance(decide(state, command, LAW, CALENDAR), Refusal), kind


def _walked(start: date, length: int, left_out: set[date]) -> date:
    """The due date found by walking: every working day counts that is not left out."""
    day = start
    while length > 0:
        day += timedelta(days=1)
        if CALENDAR.is_workday(day) and day not in left_out:
            length -= 1
    return day


@SLOW
@given(SEEDS)
def test_the_due_date_is_the_one_found_by_walking_day_by_day(seed: int) -> None:
    """Consultations of every kind, overlapping or not, with and without extension, over one period."""
    random = Random(seed)  # noqa: S311 - no secret
    start = FIRST + timedelta(days=random.randint(0, 600))
    payload = {"channel": "counter", "applicant_kind": "business"}
    events = [Event("request.received", start, payload)]
    left_out: set[date] = set()
    for at in range(random.randint(0, 4)):
        kind, key = random.choice([("third_party", "party"), ("co_maker", "body"), ("agency", "body")])
        sent = start + timedelta(days=random.randint(0, 15))
        end = sent + timedelta(days=random.randint(0, 40))
        who = {key: f"party-{at}"}
        events.append(Event(f"{kind}.consulted", sent, who))
        through = end
        if kind != "agency":
            delivered = min(sent + timedelta(days=random.randint(0, 6)), end)
            events.append(Event(f"{kind}.delivered", delivered, who))
            through = min(end, CALENDAR.add(delivered, 15))
        consent = {} if kind == "agency" else {"consent": True}
        events.append(Event(f"{kind}.answered", end, {**who, **consent}))
        left_out |= {sent + timedelta(days=n) for n in range(1, (through - sent).days + 1)}
    extended = random.choice([0, 0, 5, 20])
    if extended:
        told = {"working_days": extended, "approved_by": "head"}
        events.append(Event("extension.told", start + timedelta(days=1), told))
    judged = judge(events, LAW, CALENDAR)
    assert judged.refusals == ()
    assert periods(judged.state, RULES)[-1].due_on == _walked(start, 20 + extended, left_out)
