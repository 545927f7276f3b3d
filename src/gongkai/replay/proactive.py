"""Table 2: documents, decisions, charges and procurement of the year, in the body's own stream."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from gongkai.annual.model import Number, Report
from gongkai.replay.chance import Chance
from gongkai.replay.intake import Year
from gongkai.replay.life import CLERK, Step
from gongkai.rules.vocabulary import DecisionKind, DocumentKind

WAN = Decimal(10_000)
FEN = Decimal("0.01")
PREFIX = {DocumentKind.REGULATION: "regulations", DocumentKind.NORMATIVE: "normative"}
NOT_TOLD_BY_ACTS = (
    *(f"proactive.{prefix}_{name}" for prefix in PREFIX.values() for name in ("published", "total")),
    "proactive.fees_previous",
    "proactive.fees_change",
)
"""Cells of the form of 2019 for which there is no act."""


def acts_of(report: Report, year: Year, chance: Chance) -> list[Step]:
    """The acts outside cases, by day. Blank cells give no acts."""
    steps: list[Step] = []
    for kind, prefix in PREFIX.items():
        steps += _documents(_Documents.of(report, prefix), kind, year, chance)
    for kind in DecisionKind:
        steps += _decisions(report, kind, year, chance)
    steps += _charges(report, year, chance)
    steps += _procurement(report, year, chance)
    return sorted(steps, key=lambda step: step.on)


def _number(report: Report, name: str) -> Number | None:
    path = f"proactive.{name}"
    return report.value(path) if path in report.form.cells else None


def _count(report: Report, name: str) -> int | None:
    value = _number(report, name)
    return None if value is None else int(value)


def month_ends(year: Year) -> list[date]:
    """The last working day of each month."""
    return [max(d for d in year.days if d.month == month) for month in range(1, 13)]


# --- documents ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Documents:
    made: int
    repealed: int
    valid: int | None

    @classmethod
    def of(cls, report: Report, prefix: str) -> _Documents:
        return cls(
            _count(report, f"{prefix}_made") or 0,
            _count(report, f"{prefix}_repealed") or 0,
            _count(report, f"{prefix}_valid"),
        )


def _documents(want: _Documents, kind: DocumentKind, year: Year, chance: Chance) -> Iterator[Step]:
    """Issued, revised, repealed and lapsed documents; the stock at the beginning where one is printed.

    Where the printed stock is less than the year's own acts would leave, it is stated by a stocktaking of
    31 December instead of an opening number.
    """
    short = {DocumentKind.REGULATION: "reg", DocumentKind.NORMATIVE: "doc"}[kind]
    stock = None if want.valid is None else want.valid - want.made + want.repealed
    if stock is not None and stock >= 0:
        yield _stock(kind, stock, year.first)
    revised = sum(1 for _ in range(min(want.made, want.repealed)) if chance.often(0.08))
    issued = [
        (year.pick(chance, 0, 400), f"{short}-{year.year}-{n}") for n in range(1, want.made - revised + 1)
    ]
    for number, (on, ref) in enumerate(sorted(issued), 1):
        label = f"〔{year.year}〕{number}号"
        yield Step(on, "document.issued", {"kind": kind.value, "ref": ref, "number": label})
    for n in range(1, revised + 1):
        on = year.pick(chance, 0, 400)
        yield Step(on, "document.amended", {"kind": kind.value, "ref": f"{short}-revised-{n}"})
    yield from _ended(want.repealed - revised, stock, sorted(issued), kind, year, chance)
    if stock is not None and stock < 0:
        yield _stock(kind, want.valid or 0, year.last)


def _ended(
    count: int,
    stock: int | None,
    issued: list[tuple[date, str]],
    kind: DocumentKind,
    year: Year,
    chance: Chance,
) -> Iterator[Step]:
    """Repealed and lapsed documents: of the stock as far as it goes, then of this year's own."""
    old = count if stock is None or stock < 0 else min(count, stock)
    short = {DocumentKind.REGULATION: "reg", DocumentKind.NORMATIVE: "doc"}[kind]
    ended = [(year.pick(chance, 0, 400), f"{short}-old-{n}") for n in range(1, old + 1)]
    ended += [(max(on, year.days[-20]), ref) for on, ref in issued[: count - old]]
    for on, ref in ended:
        name = "document.lapsed" if chance.often(0.15) else "document.repealed"
        yield Step(on, name, {"kind": kind.value, "ref": ref})


def _stock(kind: DocumentKind, in_force: int, on: date) -> Step:
    return Step(on, "opening.documents", {"kind": kind.value, "in_force": in_force, "on": on.isoformat()})


# --- decisions, charges, procurement --------------------------------------------------------------------


def _decisions(report: Report, kind: DecisionKind, year: Year, chance: Chance) -> Iterator[Step]:
    total = _count(report, kind.value)
    if total is None:
        total = _count(report, f"{kind.value}_decisions")
        previous = _count(report, f"{kind.value}_previous")
        if previous is not None:
            yield _decided(kind, previous, year.before[-1])
    if total is None:
        return
    if total == 0:
        yield _decided(kind, 0, year.days[-1])
        return
    for on, count in zip(month_ends(year), chance.split(total, year_shares()), strict=True):
        if count:
            yield _decided(kind, count, on)


def year_shares() -> tuple[float, ...]:
    """How the months share a year's work, roughly."""
    return (8.0, 5.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0, 7.0, 9.0, 8.0)


def _decided(kind: DecisionKind, count: int, on: date) -> Step:
    return Step(on, "decisions.counted", {"kind": kind.value, "count": count})


def money(amount: Decimal) -> str:
    """An amount of yuan as a canonical string."""
    return f"{amount:f}"


def _batches(total: Decimal, chance: Chance, shares: tuple[float, ...]) -> list[Decimal]:
    """Amounts that add up to the total exactly, in its own smallest unit, not below a cent."""
    exponent = total.normalize().as_tuple().exponent
    unit = min(FEN, Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0))
    return [unit * part for part in chance.split(int(total / unit), shares)]


def _charges(report: Report, year: Year, chance: Chance) -> Iterator[Step]:
    value = _number(report, "fees_wan_yuan")
    if value is None:
        return
    total = Decimal(value) * WAN
    if total == 0:
        yield Step(year.days[-1], "charges.collected", {"amount": "0"})
        return
    for on, amount in zip(month_ends(year), _batches(total, chance, year_shares()), strict=True):
        if amount:
            yield Step(on, "charges.collected", {"amount": money(amount)})


def _procurement(report: Report, year: Year, chance: Chance) -> Iterator[Step]:
    items = _count(report, "procurement_items")
    value = _number(report, "procurement_amount_yuan")
    if items is None and value is None:
        return
    total = Decimal(0) if value is None else Decimal(value)
    batches = 1 if not items else min(items, 12)
    days = month_ends(year)[-batches:]
    shares = year_shares()[-batches:]
    counts = chance.split(items or 0, (1.0,) * batches) if items else [0]
    amounts = _batches(total, chance, shares)
    for on, count, amount in zip(days, counts, amounts, strict=True):
        payload: dict[str, Any] = {"items": count, "amount": money(amount)}
        yield Step(on, "procurement.counted", payload, CLERK)
