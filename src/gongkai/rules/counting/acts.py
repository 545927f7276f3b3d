"""Table 2 and section six: acts outside cases, and the information processing fee."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from gongkai.annual.form import ValueType
from gongkai.rules.counting.lean import Sorted, settled
from gongkai.rules.counting.result import FeeFigures
from gongkai.rules.counting.settings import CountingRules
from gongkai.rules.counting.tally import Tally
from gongkai.rules.counting.years import Seals
from gongkai.rules.event import Event
from gongkai.rules.vocabulary import DecisionKind, DocumentKind

Act = tuple[Event, int]
"""An act with the year in whose report it counts."""

PREFIX = {str(DocumentKind.REGULATION): "regulations", str(DocumentKind.NORMATIVE): "normative"}
_DOCUMENTS = frozenset(
    {"opening.documents", "document.issued", "document.amended", "document.repealed", "document.lapsed"}
)
_WAN = Decimal(10_000)


def acts(found: Sorted, seals: Seals) -> Iterator[tuple[str, list[Act]]]:
    """Every stream with its acts that count each for itself, those of the body in one list by position."""
    for stream, events in found.single.items():
        yield stream, settled(events, found.corrected.get(stream, ()), seals)


def count_acts(
    tally: Tally, streams: Iterable[tuple[str, list[Act]]], without_power: frozenset[str]
) -> FeeFigures:
    """Add Table 2 to the tally; returns the fee figures of section six.

    ``without_power``: rows (``regulations``) that the body has no power to fill; they are 0.
    """
    documents: list[Act] = []
    by_kind: defaultdict[str, list[Act]] = defaultdict(list)
    fees = FeeFigures()
    for _stream, found in streams:
        fees = _fees(tally, found, fees)
        for event, year in found:
            if event.kind in _DOCUMENTS:
                documents.append((event, year))
            else:
                by_kind[event.kind].append((event, year))
    documents.sort(key=lambda act: act[0].position)
    odd = [e for e, _ in documents if e.payload["kind"] not in PREFIX]
    for kind, prefix in PREFIX.items():
        mine = [(e, y) for e, y in documents if e.payload["kind"] == kind]
        _Documents(tally, prefix, mine, without=prefix in without_power).write()
    odd += _decisions(tally, by_kind["decisions.counted"])
    _charges(tally, by_kind["charges.collected"])
    _procurement(tally, by_kind["procurement.counted"])
    rehandled = [e for e, year in by_kind["rehandling.started"] if year == tally.year]
    if rehandled:
        cases = len({e.stream for e in rehandled})
        tally.note("CT-N-003", rehandled, cases=cases)
        tally.mattered.add("rehandled")
    if odd:
        tally.note("CT-N-024", odd, entries=len(odd))
    blank = [p for p, s in tally.form.cells.items() if s.grid == "proactive" and p not in tally.numbers]
    if blank:
        tally.numbers.update(dict.fromkeys(blank))
        tally.note("CT-N-021", cells=len(blank), paths=tuple(blank))
    return replace(fees, events=tuple(sorted(fees.events)))


class _Documents:
    """Documents of one kind: made and repealed in the year, in force on 31 December."""

    def __init__(self, tally: Tally, prefix: str, found: Sequence[Act], *, without: bool) -> None:
        self.tally, self.prefix, self.found, self.without = tally, prefix, found, without
        self.made: list[Event] = []
        self.repealed: list[Event] = []
        self.lapsed: list[Event] = []
        self.strays: list[Event] = []
        self.opening: Event | None = None
        self.stock: dict[str, Event] = {}
        self.taken: list[Event] = []

    def write(self) -> None:
        tally, prefix = self.tally, self.prefix
        self._fold()
        cells = {f"proactive.{prefix}_made": self.made, f"proactive.{prefix}_repealed": self.repealed}
        for path, events in cells.items():
            if path in tally.form.cells:
                tally.leaves[path] = list(tally.ids(events))
                tally.numbers[path] = len(events)
        valid = f"proactive.{prefix}_valid"
        if valid not in tally.form.cells:
            return
        if self.lapsed:
            tally.note("CT-N-005", self.lapsed, row=prefix, documents=len(self.lapsed))
            tally.mattered.add("lapsed_documents")
        if self.strays:
            tally.note("CT-N-017", self.strays, row=prefix, documents=len(self.strays))
        if self.opening is None and not any(year <= tally.year for _, year in self.found):
            tally.numbers[valid] = 0 if self.without else None
            if self.without:
                tally.leaves[valid] = []
            else:
                tally.note("CT-N-016", row=prefix)
            return
        if self.opening is None and not self.without:
            tally.note("CT-N-015", row=prefix)
        first = [] if self.opening is None else [self.opening]
        base = 0 if self.opening is None else self.opening.payload["in_force"]
        tally.mattered.add("stock")
        in_force = base + len(self.stock) - len(self.taken)
        if in_force < 0:  # more ended than were there: the opening is wrong, and nobody knows the stock
            tally.numbers[valid] = None
            tally.note("CT-N-026", self.taken, row=prefix, documents=-in_force)
            return
        tally.numbers[valid] = in_force
        tally.leaves[valid] = list(tally.ids([*first, *self.stock.values(), *self.taken]))

    def _fold(self) -> None:
        tally = self.tally
        counts = tally.rules.choice("lapsed_documents") == "with_repealed"
        revised = tally.rules.choice("revised_documents") == "made_and_repealed"
        until = self._stocktaking()
        known: set[str] = set()
        ended: set[str] = set()
        for event, year in self.found:
            if year > tally.year or event.kind == "opening.documents":
                continue
            ref, this_year = event.payload["ref"], year == tally.year
            after = until is None or event.occurred_on > until
            if event.kind == "document.issued":
                known.add(ref)
                ended.discard(ref)
                if this_year:
                    self._add(self.made, event)
                if after:
                    self.stock[ref] = event
            elif event.kind == "document.amended":
                if this_year and revised:
                    self._add(self.made, event)
                    self._add(self.repealed, event)
                    tally.mattered.add("revised_documents")
            elif ref in ended:
                # A document that lapsed and is then repealed in a clean-up ended once.
                if this_year:
                    self.strays.append(event)
            else:
                ended.add(ref)
                if this_year and event.kind == "document.lapsed":
                    self.lapsed.append(event)
                if this_year and (counts or event.kind == "document.repealed"):
                    self._add(self.repealed, event)
                self._end(ref, event, after=after, this_year=this_year, known=ref in known)

    def _add(self, to: list[Event], event: Event) -> None:
        to.append(event)
        self.tally.act(event, event.occurred_on.year, self.tally.year)

    def _end(self, ref: str, event: Event, *, after: bool, this_year: bool, known: bool) -> None:
        if self.stock.pop(ref, None) is not None:
            return
        if self.opening is not None and after:
            self.taken.append(event)  # it was among those in force at the opening
            if len(self.taken) > self.opening.payload["in_force"] and this_year:
                self.strays.append(event)
        elif self.opening is None and this_year and not known:
            self.strays.append(event)

    def _stocktaking(self) -> date | None:
        """The day of the last opening number in or before the year; acts up to it are in that number."""
        day: date | None = None
        for event, year in self.found:
            if event.kind == "opening.documents" and year <= self.tally.year:
                on = event.payload.get("on")
                own = event.occurred_on if on is None else date.fromisoformat(on)
                if day is None or own >= day:
                    day, self.opening = own, event
        return day


def _decisions(tally: Tally, found: Sequence[Act]) -> list[Event]:
    """Sums of decisions; returns entries of an unknown kind."""
    known = {str(kind) for kind in DecisionKind}
    for kind in sorted(known):
        path = f"proactive.{kind}"
        old = f"proactive.{kind}_decisions"
        if path not in tally.form.cells and old not in tally.form.cells:
            continue
        now = [e for e, y in found if e.payload["kind"] == kind and y == tally.year]
        total = sum(e.payload["count"] for e in now)
        cell = path if path in tally.form.cells else old
        _sum(tally, cell, now, total)
        if cell == old:
            _change(tally, kind, found, now, total)
    return [e for e, y in found if e.payload["kind"] not in known and y == tally.year]


def _change(tally: Tally, kind: str, found: Sequence[Act], now: Sequence[Event], total: int) -> None:
    """Last year's number and the change (form of 2019), where the ledger has last year's."""
    then = [e for e, y in found if e.payload["kind"] == kind and y == tally.year - 1]
    if not then or tally.rules.choice("previous_year_2019") != "ledger":
        return
    tally.mattered.add("previous_year_2019")
    previous = sum(e.payload["count"] for e in then)
    for name, number, events in (("previous", previous, then), ("change", total - previous, [*then, *now])):
        tally.numbers[f"proactive.{kind}_{name}"] = number
        tally.leaves[f"proactive.{kind}_{name}"] = list(tally.ids(events))


def _sum(tally: Tally, path: str, events: Sequence[Event], total: int | Decimal) -> None:
    tally.numbers[path] = total
    tally.leaves[path] = list(tally.ids(events))
    for event in events:
        tally.act(event, event.occurred_on.year, tally.year)
    if not events:
        tally.note("CT-N-018", cell=path)


def wan_yuan(amount: Decimal, rules: CountingRules) -> Decimal:
    """An amount in yuan as 万元, rounded once, half up, to as many places as the rules say."""
    places = Decimal(1).scaleb(-int(rules.choice("charges_places")))
    return (amount / _WAN).quantize(places, ROUND_HALF_UP)


def _charges(tally: Tally, found: Sequence[Act]) -> None:
    path = "proactive.fees_wan_yuan"
    if path not in tally.form.cells:
        return
    now = [e for e, y in found if y == tally.year]
    amount = sum((Decimal(e.payload["amount"]) for e in now), Decimal(0))
    _sum(tally, path, now, wan_yuan(amount, tally.rules))
    tally.exact[path] = amount
    if now:
        tally.mattered.add("charges_places")
    if amount < 0:
        tally.note("CT-N-019", now, cell=path, amount=str(amount))


def _procurement(tally: Tally, found: Sequence[Act]) -> None:
    now = [e for e, y in found if y == tally.year]
    for key in ("items", "amount"):
        path = "proactive.procurement_items" if key == "items" else "proactive.procurement_amount_yuan"
        if path not in tally.form.cells:
            continue
        if tally.form.cells[path].type is ValueType.YUAN:
            amount = sum((Decimal(e.payload["amount"]) for e in now), Decimal(0))
            _sum(tally, path, now, amount)
            tally.exact[path] = amount
        else:
            _sum(tally, path, now, sum(e.payload["items"] for e in now))


def _fees(tally: Tally, found: Sequence[Act], so_far: FeeFigures) -> FeeFigures:
    """Fee notices and payments of one stream; a payment without an amount pays the last notice."""
    asked = Decimal(0)
    for event, year in found:
        if event.kind == "fee.notified":
            asked = Decimal(event.payload["amount"])
            if year == tally.year:
                so_far = replace(
                    so_far,
                    notices=so_far.notices + 1,
                    notified=so_far.notified + asked,
                    events=(*so_far.events, *tally.ids([event])),
                )
        elif event.kind == "fee.paid":
            amount = event.payload.get("amount")
            if year == tally.year:
                so_far = replace(
                    so_far,
                    payments=so_far.payments + 1,
                    paid=so_far.paid + (asked if amount is None else Decimal(amount)),
                    events=(*so_far.events, *tally.ids([event])),
                )
        else:
            continue
        if year == tally.year:
            tally.mattered.add("processing_fee")
            tally.act(event, event.occurred_on.year, year)
    return so_far
