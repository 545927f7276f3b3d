"""An area's report: the counts of its bodies added up, own level and whole area side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from gongkai.annual.form import ValueType
from gongkai.annual.model import Number
from gongkai.rules.counting.acts import wan_yuan
from gongkai.rules.counting.count import parts_of, report_of
from gongkai.rules.counting.result import Count, CountNote, EventId, FeeFigures, Provenance
from gongkai.rules.counting.settings import CountingRules


class Level(StrEnum):
    """What a body is to the government above it."""

    GOVERNMENT = "government"
    """The government of the area itself (the root), or a lower government with bodies of its own."""
    OFFICE = "office"
    """The government's office: with the government, the own level."""
    DEPARTMENT = "department"


class UnlawfulTree(ValueError):
    """Bodies that are no tree: one twice, an unknown root, or a circle."""


@dataclass(frozen=True, slots=True)
class Body:
    """A body of the tree, dated; ``valid_to`` is its last day.

    ``ledger`` names the ledger that it keeps (its own id where ``None``); bodies that share one are
    counted once. ``reports_upward``: vertically managed, or a development zone that reports elsewhere.
    """

    id: str
    parent: str | None
    level: Level
    name: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    reports_upward: bool = False
    ledger: str | None = None

    @property
    def counted_as(self) -> str:
        """The ledger whose count stands for the body."""
        return self.id if self.ledger is None else self.ledger

    def stands_on(self, day: date) -> bool:
        """True where the body exists on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@dataclass(frozen=True, slots=True)
class AreaCount:
    """Two results side by side, and which bodies are in them."""

    own: Count
    area: Count
    own_bodies: tuple[str, ...]
    area_bodies: tuple[str, ...]
    missing: tuple[str, ...]
    """Bodies of the area without a count."""
    reporting_upward: tuple[str, ...]
    """Bodies left out because they report upward (with all below them)."""
    joined: tuple[str, ...]
    """Bodies that were there on 31 December and not a year before."""
    left: tuple[str, ...]
    """Bodies that were there a year before and are no more."""


def count_area(
    bodies: Sequence[Body], counts: Mapping[str, Count], *, root: str, year: int, rules: CountingRules
) -> AreaCount:
    """Add up the counts of an area by the tree of 31 December.

    - own level: the government ``root`` and its office; whole area: these, the departments and the lower
      governments with all below them. Every ledger is added once, however many bodies share it;
    - ``counts``: by ledger id, all of that year and of one edition of the form;
    - ``rules``: the counting rules of the government (rounding of amounts);
    - bodies without a count are listed, never taken as 0.

    Raises ``UnlawfulTree``; ``ValueError`` where a count is of another year or edition, or where not one
    count is there. Source: counting.md, area reports.
    """
    day = date(year, 12, 31)
    members, upward = _members(bodies, root, day)
    before, _ = _members(bodies, root, date(year - 1, 12, 31), absent=True)
    own = [b for b in members if b.id == root or (b.level is Level.OFFICE and b.parent == root)]
    sets = {name: _counts(some, counts) for name, some in (("own", own), ("area", members))}
    known = sets["area"]
    if not known:
        raise ValueError(f"no count of any body of {root}")
    for one in known:
        if one.year != year or one.report.form.edition != known[0].report.form.edition:
            raise ValueError(f"the count of {one.body} is of {one.year}, form {one.report.form.edition}")
    now_ids, then_ids = {b.id for b in members}, {b.id for b in before}
    return AreaCount(
        own=_added(root, year, "own", sets["own"], known[0], rules),
        area=_added(root, year, "area", sets["area"], known[0], rules),
        own_bodies=tuple(b.id for b in own),
        area_bodies=tuple(b.id for b in members),
        missing=tuple(b.id for b in members if b.counted_as not in counts),
        reporting_upward=upward,
        joined=tuple(sorted(now_ids - then_ids)),
        left=tuple(sorted(then_ids - now_ids)),
    )


def _members(
    bodies: Sequence[Body], root: str, day: date, *, absent: bool = False
) -> tuple[list[Body], tuple[str, ...]]:
    """Bodies under ``root`` on that day, top down, and those that are out with all below them."""
    standing = [b for b in bodies if b.stands_on(day)]
    by_id = {b.id: b for b in standing}
    if len(by_id) != len(standing):
        raise UnlawfulTree(f"a body stands twice on {day}")
    if root not in by_id:
        if absent:
            return [], ()
        raise UnlawfulTree(f"there is no {root} on {day}")
    children: dict[str | None, list[Body]] = {}
    for body in standing:
        children.setdefault(body.parent, []).append(body)
    members: list[Body] = []
    out: list[str] = []
    seen: set[str] = set()
    waiting = [by_id[root]]
    while waiting:
        body = waiting.pop(0)
        if body.id in seen:
            raise UnlawfulTree(f"{body.id} stands below itself")
        seen.add(body.id)
        if body.reports_upward and body.id != root:
            out.append(body.id)
            continue
        members.append(body)
        waiting.extend(children.get(body.id, ()))
    return members, tuple(out)


def _counts(bodies: Iterable[Body], counts: Mapping[str, Count]) -> list[Count]:
    """The counts of bodies, each ledger once."""
    ledgers = dict.fromkeys(body.counted_as for body in bodies)
    return [counts[ledger] for ledger in ledgers if ledger in counts]


def _added(
    body: str, year: int, scope: str, counts: Sequence[Count], pattern: Count, rules: CountingRules
) -> Count:
    form = pattern.report.form
    parts = parts_of(form, rules)
    values: dict[str, Number | None] = {}
    leaves: dict[str, list[EventId]] = {}
    exact: dict[str, Decimal] = {}
    notes: list[CountNote] = []
    for path, spec in form.cells.items():
        if path in parts:
            continue
        told = [(one, one.report.value(path)) for one in counts]
        numbers = [number for _, number in told if number is not None]
        blank = tuple(one.body for one, number in told if number is None)
        if not numbers:
            values[path] = None
            continue
        if blank:
            notes.append(CountNote("CT-N-022", {"cell": path, "bodies": "、".join(blank)}))
        leaves[path] = [one for count in counts for one in count.provenance.get(path, ())]
        if spec.type is ValueType.WAN_YUAN:
            # Yuan are added and rounded once; sums of rounded numbers would drift.
            exact[path] = sum((one.exact[path] for one, number in told if number is not None), Decimal(0))
            values[path] = wan_yuan(exact[path], rules)
        else:
            values[path] = sum(numbers, start=0)
    fees = FeeFigures()
    for one in counts:
        fees = replace(
            fees,
            notices=fees.notices + one.fees.notices,
            notified=fees.notified + one.fees.notified,
            payments=fees.payments + one.fees.payments,
            paid=fees.paid + one.fees.paid,
            events=(*fees.events, *one.fees.events),
        )
    mattered = {rule for one in counts for rule in one.rules_that_mattered} | {"own_level", "reports_upward"}
    return Count(
        body=body,
        year=year,
        report=report_of(form, values, parts, body=body, year=year, scope=scope, fees=fees),
        provenance=Provenance(leaves, parts),
        notes=tuple(notes),
        rules_that_mattered=tuple(rule for rule in rules.rules if rule in mattered),
        late=tuple(late for one in counts for late in one.late),
        fees=fees,
        rules=rules,
        exact=MappingProxyType(exact),
    )
