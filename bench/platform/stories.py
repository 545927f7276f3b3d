"""Lives of cases that the rules allow, each worked out once; ``fill`` stamps many cases from each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from random import Random
from typing import Any

from gongkai.platform.cases.projection import summary_fields
from gongkai.platform.core.bases import Basis
from gongkai.rules.cases.decide import Command, Facts, decide
from gongkai.rules.cases.fold import fold
from gongkai.rules.event import Event
from gongkai.rules.refusal import Refusal
from gongkai.rules.workdays import WorkCalendar

NUMBER, LETTER = "number-of-the-case", "letter-of-the-case"
"""What stands in a payload until a case is stamped."""
FIRST_DAY = date(2020, 1, 2)
HOUR = time(2, tzinfo=UTC)
"""Acts are entered at ten o'clock in Shanghai on the day on which they took place."""

Line = tuple[int, str, Mapping[str, Any]]
"""Working days after the receipt, kind, payload."""


@dataclass(frozen=True, slots=True)
class Life:
    """The events of a case and its row in the lists; stream, number and position are still to be given."""

    events: tuple[Event, ...]
    summary: Mapping[str, Any]


def _served(outcome: str, on: int, method: str = "post", **payload: Any) -> list[Line]:
    return [
        (on, "reply.issued", {"outcome": outcome, "method": method, "basis": ["ogi-2019/36"], **payload}),
        (on + 1, "reply.dispatched", {"method": method}),
        (on + 4, "reply.delivered", {"method": method}),
    ]


def _granted(rng: Random) -> list[Line]:
    task = {"unit": "unit-3", "kind": "handle"}
    return [(1, "task.assigned", task), (6, "task.done", task), *_served("granted", rng.randint(7, 19))]


def _archived(rng: Random) -> list[Line]:
    return [*_granted(rng), (60, "case.archived", {})]


def _not_held(rng: Random) -> list[Line]:
    return _served("unavailable_not_held", rng.randint(5, 19), sub_kind="not_ours")


def _corrected(rng: Random) -> list[Line]:
    return [
        (rng.randint(1, 6), "correction.requested", {"working_days": 15}),
        (10, "correction.received", {}),
        *_served("granted", rng.randint(15, 28)),
    ]


def _not_corrected(rng: Random) -> list[Line]:
    return [
        (4, "correction.requested", {"working_days": 15}),
        (22, "correction.lapsed", {}),
        *_served("other_no_correction", 23),
    ]


def _third_party(rng: Random) -> list[Line]:
    party = {"party": "party-1"}
    parts = [
        {"part": "part-1", "disclosed": True},
        {"part": "part-2", "disclosed": False, "ground": "denied_third_party", **party},
    ]
    return [
        (3, "third_party.consulted", party),
        (5, "third_party.delivered", party),
        (rng.randint(8, 18), "third_party.answered", {**party, "consent": False}),
        *_served("partial", rng.randint(20, 26), parts=parts),
    ]


def _extended(rng: Random) -> list[Line]:
    told = {"working_days": 20, "approved_by": "head-1"}
    return [(15, "extension.told", told), *_served("granted", rng.randint(25, 39))]


def _withdrawn(rng: Random) -> list[Line]:
    return [(rng.randint(2, 15), "request.withdrawn", {"scope": "whole"})]


def _late(rng: Random) -> list[Line]:
    return _served("denied_process", rng.randint(22, 40))


STORIES: Mapping[Callable[[Random], list[Line]], int] = {
    _granted: 40, _archived: 20, _not_held: 12, _corrected: 8, _not_corrected: 3, _third_party: 5,
    _extended: 5, _withdrawn: 4, _late: 3,
}  # fmt: skip
_CHANNELS = ("internet", "registered_post", "counter")
_KINDS = ("natural_person",) * 8 + ("business", "legal_service")


def closed_lives(count: int, basis: Basis, today: date, rng: Random) -> Iterator[Life]:
    """Cases that came in between the first day and half a year ago, and are over."""
    span = today.toordinal() - 180 - FIRST_DAY.toordinal()
    return _lives(count, basis, today, rng, lambda: FIRST_DAY.toordinal() + rng.randrange(span), over=True)


def open_lives(count: int, basis: Basis, today: date, rng: Random) -> Iterator[Life]:
    """Cases of the last ten weeks that are not over today: due, overdue, paused, extended."""
    return _lives(count, basis, today, rng, lambda: today.toordinal() - rng.randrange(1, 70), over=False)


def _lives(
    count: int, basis: Basis, today: date, rng: Random, day: Callable[[], int], *, over: bool
) -> Iterator[Life]:
    while count:
        received = basis.calendar.next_workday(date.fromordinal(day()))
        story = rng.choices(list(STORIES), list(STORIES.values()))[0]
        life = live(story(rng), received, basis, today, rng)
        if life is not None and life.summary["open"] is not over:
            count -= 1
            yield life


def live(lines: list[Line], received: date, basis: Basis, today: date, rng: Random) -> Life | None:
    """A life up to today, every act judged by the rules; ``None`` where nothing of it took place."""
    intake: list[Line] = [
        (
            0,
            "request.received",
            {"channel": rng.choice(_CHANNELS), "applicant_kind": rng.choice(_KINDS), "letter": LETTER},
        ),
        (0, "request.registered", {"number": NUMBER}),
    ]
    events: list[Event] = []
    for offset, kind, payload in [*intake, *lines]:
        on = _on(received, offset, basis.calendar)
        if on > today:
            break
        command = Command(kind, on, payload, Facts(), "officer")
        decided = decide(fold(events), command, basis.law, basis.calendar)
        if isinstance(decided, Refusal):
            raise TypeError(f"{kind} on {on}: {decided.code}")
        for event in decided:
            events.append(
                replace(
                    event, stream="case", seq=len(events) + 1, position=len(events) + 1,
                    recorded_at=datetime.combine(on, HOUR),
                )
            )  # fmt: skip
    return Life(tuple(events), summary_fields("body", events, basis)) if events else None


def _on(received: date, offset: int, calendar: WorkCalendar) -> date:
    return calendar.add(received, offset) if offset else received
