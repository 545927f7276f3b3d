"""Receipts: on which day each case comes in, by what channel, and its script laid on the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from gongkai.replay.chance import Chance
from gongkai.replay.errors import CannotReplay
from gongkai.replay.life import HEAD, SYSTEM, At, Lengths, Life, Step
from gongkai.replay.script import Script
from gongkai.replay.stories import COMPLEX, Room, open_story, story, waiting_story
from gongkai.rules.cases.periods import Rules
from gongkai.rules.law import NoRuleInForce
from gongkai.rules.vocabulary import CONFIRMED_CHANNELS, Channel, Outcome
from gongkai.rules.workdays import CalendarNotPublished

MONTHS = (9, 5, 9, 9, 9, 9, 9, 9, 9, 7, 9, 8)
"""How many requests come in each month, roughly; a body's own year bends it."""
CHANNELS = {
    Channel.INTERNET: 50.0,
    Channel.REGISTERED_POST: 28.0,
    Channel.COUNTER: 11.0,
    Channel.ORDINARY_POST: 4.0,
    Channel.EMAIL: 3.0,
    Channel.FAX: 1.0,
    Channel.ORAL: 1.0,
    Channel.SUPERIOR: 2.0,
}
DAY = timedelta(days=1)


@dataclass(slots=True)
class Year:
    """The year that is lived: its working days, and where the rules known here begin in it."""

    year: int
    rules: Rules
    days: tuple[date, ...]
    before: tuple[date, ...]
    """The last working days of the year before."""
    weights: tuple[float, ...]
    lengths: Lengths
    law_from: int
    """Index of the first day with rules in force; receipts before it come in as opening cases."""

    @classmethod
    def of(cls, year: int, rules: Rules, chance: Chance) -> Year:
        """Raises ``CannotReplay`` where there is no law or no calendar for the year."""
        try:
            days = _workdays(date(year, 1, 1), date(year, 12, 31), rules)
            before = _workdays(date(year - 1, 10, 1), date(year - 1, 12, 31), rules)
            lengths = Lengths.of(rules, date(year, 12, 31), date(year, 1, 1))
        except (NoRuleInForce, CalendarNotPublished) as error:
            raise CannotReplay("no_rule", year=year, why=error) from error
        law_from = next((at for at, day in enumerate(days) if _in_force(rules, day)), len(days))
        own = [month * (0.75 + chance.unit() / 2) for month in MONTHS]
        return cls(year, rules, days, before, tuple(own[d.month - 1] for d in days), lengths, law_from)

    @property
    def ruled(self) -> float:
        """The share of the year's receipts that fall under rules known here."""
        return sum(self.weights[self.law_from :]) / sum(self.weights)

    @property
    def first(self) -> date:
        """1 January."""
        return date(self.year, 1, 1)

    @property
    def last(self) -> date:
        """31 December."""
        return date(self.year, 12, 31)

    def pick(self, chance: Chance, low: int, high: int) -> date:
        """A working day between two indices, busier months likelier."""
        low, high = max(0, low), min(high, len(self.days) - 1)
        low = min(low, high)
        at = chance.unit() * sum(self.weights[low : high + 1])
        for index in range(low, high + 1):
            at -= self.weights[index]
            if at < 0:
                return self.days[index]
        return self.days[high]


def _workdays(first: date, last: date, rules: Rules) -> tuple[date, ...]:
    return tuple(
        day
        for n in range((last - first).days + 1)
        if rules.calendar.is_workday(day := first + timedelta(days=n))
    )


def _in_force(rules: Rules, day: date) -> bool:
    try:
        rules.law.value("reply_period", on=day)
    except NoRuleInForce:
        return False
    return True


def new_case(column: str, outcome: Outcome, year: Year, chance: Chance, letter: Life | None = None) -> Life:
    """A case that came in this year and was decided in it; with ``letter`` it is split from that one's."""
    ruled = outcome in COMPLEX or chance.often(year.ruled)
    script = story(outcome, chance, year.lengths, plain=not ruled)
    latest = len(year.days) - 1 - script.end
    if letter is not None and not letter.opening and letter.received_on <= year.days[latest]:
        life = _laid(column, outcome, letter.received_on, script, year, chance, letter.channel)
        life.split_from = letter
        return life
    low, high = (year.law_from, latest) if ruled else (0, min(latest, year.law_from - 1))
    return _laid(column, outcome, year.pick(chance, low, high), script, year, chance)


def open_case(column: str, year: Year, chance: Chance) -> Life:
    """A case that came in this year and is open at its end."""
    script, room = open_story(chance, year.lengths)
    low, high = _window(room, len(year.days) - 1)
    return _laid(column, None, year.pick(chance, low, high), script, year, chance)


def _window(room: Room, last: int) -> tuple[int, int]:
    return (0 if room.high is None else last - room.high), last - room.low


def carried_case(column: str, outcome: Outcome | None, year: Year, chance: Chance) -> Life:
    """A case of the year before that was open when this year began."""
    elapsed = chance.whole(1, 4) if outcome in COMPLEX else chance.near(1, 15, 0.5)
    received = year.before[-1 - min(elapsed, len(year.before) - 1)]
    plain = outcome not in COMPLEX and year.law_from > 0
    if outcome is None:
        script = waiting_story(chance, year.lengths)
    else:
        script = story(outcome, chance, year.lengths, start=-elapsed, plain=plain)
    life = Life(column, opening=True, outcome=outcome, received_on=received)
    life.channel = _channel(chance)
    if outcome in COMPLEX and year.law_from > 0:
        lay(life, script, year.days[min(year.law_from, len(year.days) - 1)], year, chance)
    else:
        lay(life, script, year.first, year, chance)
    return life


def _channel(chance: Chance) -> str:
    return chance.weighted(CHANNELS).value


def _laid(
    column: str,
    outcome: Outcome | None,
    day: date,
    script: Script,
    year: Year,
    chance: Chance,
    channel: str | None = None,
) -> Life:
    opening = year.law_from >= len(year.days) or day < year.days[year.law_from]
    life = Life(column, opening=opening, outcome=outcome, received_on=day)
    life.channel = _channel(chance) if channel is None else channel
    if channel is None and life.channel == Channel.INTERNET.value and chance.often(0.5):
        # People write on days of rest too; what follows is counted in working days and stays where it is.
        rest = day + DAY
        if rest <= year.last and not year.rules.calendar.is_workday(rest):
            life.received_on = day = rest
    lay(life, script, day, year, chance)
    return life


def lay(life: Life, script: Script, base: date, year: Year, chance: Chance) -> None:
    """Put the script's acts on days counted from ``base``; what lies behind the year is left out."""
    add = year.rules.calendar.add
    for line in sorted(script.lines, key=lambda one: one.offset):
        on = add(base, line.offset)
        payload = {
            key: add(base, value.offset).isoformat() if isinstance(value, At) else value
            for key, value in line.payload.items()
        }
        life.steps.append(Step(on, line.kind, payload, line.actor, line.facts))
        if line.kind == "reply.issued":
            life.replied_on = on
            serve(life, on, year, chance)
    life.steps = [step for step in life.steps if step.on <= year.last]


def serve(life: Life, on: date, year: Year, chance: Chance, *, archive: bool = True) -> None:
    """Dispatch, delivery and archive of a reply issued on a day."""
    add = year.rules.calendar.add
    electronic = {Channel.INTERNET: 0.85, Channel.EMAIL: 0.8, Channel.FAX: 0.5}.get(
        Channel(life.channel), 0.05
    )
    method = "electronic" if chance.often(electronic) else "post"
    if life.channel == Channel.COUNTER.value and chance.often(0.6):
        method = "counter"
    reply = next(step for step in reversed(life.steps) if step.kind == "reply.issued")
    reply.payload["method"] = method
    if method == "counter":
        served = add(on, chance.whole(0, 1))
        life.add(served, "reply.delivered", method=method, proof=f"receipt-{chance.token()}")
    elif method == "electronic":
        served = on
        life.add(on, "reply.dispatched", method=method)
        life.add(on, "reply.delivered", SYSTEM, method=method)
    else:
        sent = add(on, chance.whole(0, 1))
        served = add(sent, chance.whole(1, 4))
        life.add(sent, "reply.dispatched", method=method, proof=f"post-{chance.token()}")
        if chance.often(0.02):
            back = add(sent, chance.whole(4, 8))
            life.add(back, "reply.returned", reason="absent")
            sent = add(back, 1)
            served = add(sent, chance.whole(1, 4))
            life.add(sent, "reply.dispatched", method=method, proof=f"post-{chance.token()}")
        life.add(served, "reply.delivered", method=method, proof=f"receipt-{chance.token()}")
    life.served_on = served
    if chance.often(0.02) and reply.payload["outcome"] == Outcome.GRANTED:
        life.add(
            add(served, chance.whole(2, 10)), "disclosure.converted", HEAD, record=f"rec-{chance.token()}"
        )
    if archive:
        life.add(add(served, chance.whole(3, 25)), "case.archived")


def begin(life: Life, year: Year) -> None:
    """Put the acts of intake before the others; the number was given before."""
    begun: list[Step] = []
    kind, channel = life.column, life.channel
    registered = year.rules.calendar.next_workday(life.received_on)
    if life.opening:
        opened = max(year.first, life.received_on)
        payload: dict[str, Any] = {
            "received_on": life.received_on.isoformat(),
            "applicant_kind": kind,
            "channel": channel,
        }
        begun.append(Step(opened, "opening.case", payload))
    elif life.split_from is not None:
        payload = {
            "from": life.split_from.stream,
            "received_on": life.received_on.isoformat(),
            "applicant_kind": kind,
            "channel": channel,
        }
        begun.append(Step(registered, "case.split", payload))
    else:
        if channel in CONFIRMED_CHANNELS:
            begun.append(
                Step(
                    life.received_on,
                    "request.submitted",
                    {"channel": channel, "applicant_kind": kind},
                    SYSTEM,
                )
            )
        by = SYSTEM if channel == Channel.INTERNET.value else "officer-2"
        begun.append(
            Step(life.received_on, "request.received", {"channel": channel, "applicant_kind": kind}, by)
        )
    if life.number and registered <= year.last:
        begun.append(Step(registered, "request.registered", {"number": life.number}, "officer-2"))
    life.steps = begun + life.steps
