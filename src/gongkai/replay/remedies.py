"""Table 4: reconsiderations and lawsuits on cases of the year, or on earlier ones where these do not do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from gongkai.replay.chance import Chance
from gongkai.replay.grounds import REFUSALS, basis_of
from gongkai.replay.intake import Year, serve
from gongkai.replay.life import HEAD, Life
from gongkai.rules.vocabulary import Channel, Instance, Outcome, Procedure, RemedyKind, RemedyResult

PENDING = "pending"
CORRECTED = RemedyResult.CORRECTED.value
FIRST_RECONSIDERATION = date(2024, 1, 1)
"""Since then the simple procedure exists, and refusals go to reconsideration first (law.md 9)."""
CONTESTED: Mapping[Outcome, float] = {
    **dict.fromkeys(REFUSALS, 6.0),
    Outcome.UNAVAILABLE_NOT_HELD: 5.0,
    Outcome.PARTIAL: 4.0,
    Outcome.UNAVAILABLE_NEEDS_CREATION: 4.0,
    Outcome.REJECTED_PETITION: 4.0,
    Outcome.REJECTED_REPEAT: 3.0,
    Outcome.REJECTED_EXCESSIVE: 3.0,
}
"""How likely a reply is to be contested, beside 1 for the others."""


@dataclass(slots=True)
class _Contest:
    """Who is contested already: a case has one chain of remedies here."""

    year: Year
    chance: Chance
    fresh: list[Life]
    reviewed: list[tuple[Life, date]] = field(default_factory=list[tuple[Life, date]])
    """Cases whose reconsideration was decided in this year and left the reply standing."""
    earlier: list[Life] = field(default_factory=list[Life])
    """Cases of before this year, made for their remedies alone."""
    count: int = 0

    def name(self) -> str:
        self.count += 1
        return f"remedy-{self.year.year}-{self.count}"


def contest(
    wanted: Mapping[str, Mapping[str, int]], lives: Sequence[Life], year: Year, chance: Chance
) -> list[Life]:
    """Add the remedies of Table 4 to the lives; returns earlier cases that had to be added for them.

    ``wanted``: block → result (``pending`` among them) → how many.
    """
    able = [life for life in lives if life.served_on is not None and life.served_on <= year.last]
    weighed = sorted(able, key=lambda life: -_weight(life) * (0.2 + chance.unit()))
    work = _Contest(year, chance, weighed)
    # Those that need most time first, so that early cases are there for them.
    for block in (RemedyKind.LITIGATION_DIRECT, RemedyKind.RECONSIDERATION):
        for result in (*RemedyResult, PENDING):
            for _ in range(wanted.get(block, {}).get(result, 0)):
                _one(work, block, str(result))
    block = RemedyKind.LITIGATION_AFTER_RECONSIDERATION
    for result in (*RemedyResult, PENDING):
        for _ in range(wanted.get(block, {}).get(result, 0)):
            _after(work, str(result))
    return work.earlier


def _weight(life: Life) -> float:
    return CONTESTED.get(life.outcome, 1.0) if life.outcome is not None else 1.0


def _one(work: _Contest, block: RemedyKind, result: str) -> None:
    """A remedy directly against a reply of this year, else against an earlier one."""
    year, chance = work.year, work.chance
    suit = block is RemedyKind.LITIGATION_DIRECT
    for at, life in enumerate(work.fresh):
        served = life.served_on
        first_review = suit and served is not None and served >= FIRST_RECONSIDERATION
        if served is None or (first_review and life.outcome in (*REFUSALS, Outcome.PARTIAL)):
            continue
        dates = _dates(served, result, suit, year, chance)
        if dates is not None:
            work.fresh.pop(at)
            _proceed(work, life, block, result, *dates)
            return
    life = _earlier(work, suit=suit)
    _proceed(work, life, block, result, *_late_dates(life, result, suit, year, chance))


def _after(work: _Contest, result: str) -> None:
    """A suit after a reconsideration that was decided in this year, else before it."""
    year, chance = work.year, work.chance
    block = RemedyKind.LITIGATION_AFTER_RECONSIDERATION
    for at, (life, decided) in enumerate(work.reviewed):
        filed = _open_day(decided + timedelta(days=chance.whole(3, 15)), year)
        dates = _trial(filed, result, year, chance)
        if dates is not None:
            work.reviewed.pop(at)
            _proceed(work, life, block, result, *dates)
            return
    life = _earlier(work, suit=False, early=True)
    served = life.served_on or life.received_on
    filed = _open_day(served + timedelta(days=chance.whole(1, 5)), year)
    # Decided before this year, or the reconsideration would be counted in it.
    decided = min(_open_day(filed + timedelta(days=chance.whole(20, 30)), year), year.before[-1])
    _reconsidered(work, life, RemedyResult.UPHELD, filed, decided)
    sued = _open_day(decided + timedelta(days=chance.whole(5, 15)), year)
    dates = _trial(sued, result, year, chance) or (sued, year.days[-1])
    _proceed(work, life, block, result, *dates)


def _open_day(day: date, year: Year) -> date:
    return year.rules.calendar.next_workday(day)


def _dates(
    served: date, result: str, suit: bool, year: Year, chance: Chance
) -> tuple[date, date | None] | None:
    """Filing and decision within the periods of law, or ``None`` where the year is too short for them."""
    longest = 170 if suit else 58
    if result == PENDING:
        recent = 150 if suit else 55
        low = max(served + timedelta(days=1), year.last - timedelta(days=recent))
        high = min(served + timedelta(days=longest), year.last)
        if low > high:
            return None
        filed = low + timedelta(days=chance.whole(0, (high - low).days))
        filed = _open_day(filed, year)
        return (filed, None) if filed <= year.last else None
    filed = _open_day(served + timedelta(days=chance.near(2, longest, 0.3)), year)
    if suit:
        return _trial(filed, result, year, chance)
    decided = _open_day(filed + timedelta(days=chance.whole(25, 60)), year)
    return (filed, decided) if decided <= year.last else None


def _trial(filed: date, result: str, year: Year, chance: Chance) -> tuple[date, date | None] | None:
    if filed > year.last:
        return None
    if result == PENDING:
        return filed, None
    decided = _open_day(filed + timedelta(days=chance.whole(45, 150)), year)
    return (filed, decided) if year.first <= decided <= year.last else None


def _late_dates(life: Life, result: str, suit: bool, year: Year, chance: Chance) -> tuple[date, date | None]:
    """Dates for a reply of the end of the year before: always within reach."""
    served = life.served_on or life.received_on
    if result == PENDING and suit:
        return _open_day(served + timedelta(days=chance.whole(100, 170)), year), None
    if result == PENDING:
        # The latest day on which the period for it is open; nothing later can be had from this reply.
        return _open_day(served + timedelta(days=58), year), None
    filed = _open_day(max(served + timedelta(days=chance.whole(5, 50)), year.first), year)
    return filed, _open_day(filed + timedelta(days=chance.whole(30, 58)), year)


def _proceed(
    work: _Contest, life: Life, block: RemedyKind, result: str, filed: date, decided: date | None
) -> None:
    if block is RemedyKind.RECONSIDERATION:
        _reconsidered(work, life, result, filed, decided)
        if decided is not None and result != CORRECTED and not life.opening:
            work.reviewed.append((life, decided))
        return
    _sued(work, life, block, result, filed, decided)


def _reconsidered(work: _Contest, life: Life, result: str, filed: date, decided: date | None) -> None:
    year, chance = work.year, work.chance
    name, kind = work.name(), RemedyKind.RECONSIDERATION.value
    reached = _open_day(filed + timedelta(days=chance.whole(0, 5)), year)
    payload: dict[str, str] = {"remedy": name, "kind": kind, "reached_on": reached.isoformat()}
    if filed >= FIRST_RECONSIDERATION:
        simple = chance.often(0.15) and (decided is None or (decided - filed).days <= 30)
        payload["procedure"] = (Procedure.SIMPLE if simple else Procedure.ORDINARY).value
    life.add(filed, "remedy.filed", **payload)
    answered = _answer_day(reached, year, chance)
    if answered <= (decided or year.last):
        life.add(answered, "remedy.answered", remedy=name)
    if decided is not None:
        life.add(decided, "remedy.decided", remedy=name, kind=kind, result=str(result))
        if result == CORRECTED:
            _corrected(work, life, "reconsideration", decided)


def _sued(
    work: _Contest, life: Life, block: RemedyKind, result: str, filed: date, decided: date | None
) -> None:
    """A suit: first instance, and for some an appeal; one proceeding in the count."""
    year, chance = work.year, work.chance
    name, last = work.name(), decided or year.last
    first_end: date | None = None
    if chance.often(0.3) and (last - filed).days >= 90:
        first_end = _open_day(filed + timedelta(days=chance.whole(45, 60)), year)
    _instance(work, life, name, block, Instance.FIRST, filed, first_end or decided,
              result if first_end is None else RemedyResult.UPHELD)  # fmt: skip
    if first_end is not None:
        appealed = _open_day(first_end + timedelta(days=chance.whole(5, 15)), year)
        _instance(work, life, name, block, Instance.SECOND, appealed, decided, result)
    if decided is not None and result == CORRECTED:
        _corrected(work, life, "court", decided)


def _instance(
    work: _Contest,
    life: Life,
    name: str,
    block: RemedyKind,
    instance: Instance,
    filed: date,
    decided: date | None,
    result: str,
) -> None:
    year, chance = work.year, work.chance
    reached = _open_day(filed + timedelta(days=chance.whole(3, 7)), year)
    common: dict[str, str] = {"remedy": name, "instance": instance.value}
    life.add(filed, "remedy.filed", kind=block.value, reached_on=reached.isoformat(), **common)
    answered = _answer_day(reached, year, chance)
    if answered <= (decided or year.last):
        life.add(answered, "remedy.answered", **common)
    if decided is not None:
        life.add(decided, "remedy.decided", kind=block.value, result=str(result), **common)


def _answer_day(reached: date, year: Year, chance: Chance) -> date:
    """A day for the defence: within four working days (simple procedure) and nine days (holidays between)."""
    days = chance.whole(1, 4)
    while days > 1 and (year.rules.calendar.add(reached, days) - reached).days > 9:
        days -= 1
    return year.rules.calendar.add(reached, days)


def _corrected(work: _Contest, life: Life, by: str, decided: date) -> None:
    """What was corrected is revoked and handled anew, unless it was only declared unlawful."""
    year, chance = work.year, work.chance
    if chance.often(0.25):
        return
    add = year.rules.calendar.add
    life.drop(["case.archived"])
    life.add(decided, "reply.revoked", HEAD, by=by)
    started = add(decided, chance.whole(0, 3))
    life.add(started, "rehandling.started", working_days=year.lengths.rehandling)
    on = add(started, chance.near(4, year.lengths.rehandling - 2, 0.7))
    if on <= year.last:
        outcome = chance.weighted({Outcome.GRANTED: 6.0, Outcome.UNAVAILABLE_NOT_HELD: 2.0})
        sub_kind = "provided" if outcome is Outcome.GRANTED else "not_held"
        for party in _objectors(life) if outcome is Outcome.GRANTED else ():
            life.add(on, "third_party.told", HEAD, party=party)
        life.add(
            on,
            "reply.issued",
            HEAD,
            outcome=outcome.value,
            sub_kind=sub_kind,
            basis=basis_of(outcome, sub_kind),
        )
        serve(life, on, year, chance)
    life.steps = [step for step in life.steps if step.on <= year.last]


def _objectors(life: Life) -> list[str]:
    """Third parties that objected and were not told yet of a disclosure."""
    told = {step.payload["party"] for step in life.steps if step.kind == "third_party.told"}
    answers = [step for step in life.steps if step.kind == "third_party.answered"]
    return [
        a.payload["party"] for a in answers if not a.payload["consent"] and a.payload["party"] not in told
    ]


def _earlier(work: _Contest, *, suit: bool, early: bool = False) -> Life:
    """A case received and answered at the end of the year before, of no account in this year's Table 3."""
    year, chance = work.year, work.chance
    part = len(year.before) // 8
    received = year.before[chance.whole(0, part) if early else chance.whole(2 * part, 4 * part)]
    life = Life("natural_person", opening=True, outcome=None, received_on=received)
    life.channel = chance.one((Channel.INTERNET, Channel.REGISTERED_POST)).value
    outcome = (
        Outcome.UNAVAILABLE_NOT_HELD
        if suit
        else chance.one((Outcome.UNAVAILABLE_NOT_HELD, Outcome.DENIED_PROCESS, Outcome.DENIED_INTERNAL))
    )
    on = year.before[min(year.before.index(received) + chance.whole(8, 18), len(year.before) - 1)]
    sub_kind = "not_held" if outcome is Outcome.UNAVAILABLE_NOT_HELD else None
    payload = {"outcome": outcome.value, "basis": basis_of(outcome, sub_kind)}
    if sub_kind is not None:
        payload["sub_kind"] = sub_kind
    life.add(on, "reply.issued", HEAD, **payload)
    life.replied_on = on
    serve(life, on, year, chance, archive=False)
    work.earlier.append(life)
    return life
