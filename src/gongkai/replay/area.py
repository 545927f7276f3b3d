"""An area: its report shared out among bodies, and the year of each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType

from gongkai.annual.form import ValueType
from gongkai.annual.model import Cell, CellState, Number, Report, Scope
from gongkai.replay.chance import Chance
from gongkai.replay.errors import CannotReplay
from gongkai.replay.replaying import Replay, replay
from gongkai.replay.target import change_paths, target_of
from gongkai.rules.law import Law
from gongkai.rules.workdays import WorkCalendar

ENDS = ("total", "carried_out")


def replay_area(
    shares: Mapping[str, Report], *, seed: int, law: Law, calendar: WorkCalendar
) -> Mapping[str, Replay]:
    """The years of several bodies by name, each as ``replay`` makes it; raises as it does."""
    return MappingProxyType(
        {
            body: replay(report, seed=seed, law=law, calendar=calendar, body=body)
            for body, report in shares.items()
        }
    )


def share_out(report: Report, requests: Mapping[str, int], *, seed: int) -> Mapping[str, Report]:
    """The report as those of several bodies, each consistent in itself, that add up to it.

    - ``report``: the area's; where it contradicts itself the nearest consistent one is shared out;
    - ``requests``: body → how many new requests it had; together they are the report's (own level 46,
      departments 123, counties 123 make 292);
    - every request keeps its column and its result; whose it is, is invented (seeded), and so is how the
      rest of the tables is shared: in proportion to the requests. Regulations go to the first body.

    Blank cells stay blank in each. Raises ``CannotReplay`` ``shares`` where the numbers do not add up,
    else as ``replay``.
    """
    whole = target_of(report).report
    total = int(whole.value("requests.new.total") or 0)
    if not requests or any(number < 0 for number in requests.values()) or sum(requests.values()) != total:
        raise CannotReplay("shares", requests=sum(requests.values()), report=total)
    sharing = _Sharing(whole, requests, Chance("gongkai.share_out", seed, report.year))
    for path, spec in whole.form.cells.items():
        if spec.grid == "proactive":
            sharing.proactive(path)
    sharing.changes()
    sharing.requests_table()
    sharing.remedies_table()
    return MappingProxyType({body: sharing.report(body) for body in requests})


def added_up(reports: Sequence[Report]) -> Report:
    """The sum of reports of one edition, cell by cell; a cell is blank where it is blank in all of them.

    Raises ``ValueError`` where there are none, or of several editions.
    """
    if len({report.form.edition for report in reports}) != 1:
        raise ValueError("reports to add are at least one and of one edition")
    values: dict[str, Number | None] = {}
    for path in {path: None for report in reports for path in report.cells}:
        known = [number for report in reports if (number := report.value(path)) is not None]
        values[path] = sum(known, start=0) if known else None
    return reports[0].with_values(values)


@dataclass(slots=True)
class _Unit:
    """One case: what it is in Table 3, by row, and its column."""

    column: str
    entry: str
    end: str


class _Sharing:
    """The cells of each body in the making."""

    def __init__(self, whole: Report, requests: Mapping[str, int], chance: Chance) -> None:
        self.whole, self.wanted, self.chance = whole, requests, chance
        self.bodies = tuple(requests)
        # A body without requests has its part of the rest all the same.
        self.weights = tuple(float(number + 1) for number in requests.values())
        self.values: dict[str, dict[str, Number]] = {body: {} for body in self.bodies}
        self._documents: set[str] = set()
        self._changes: list[tuple[dict[str, Number], tuple[str, str, str]]] = []

    # --- Table 2 --------------------------------------------------------------------------------------

    def proactive(self, path: str) -> None:
        """Share one cell; the three numbers of a kind of document belong together."""
        value = self.whole.value(path)
        kind = path.partition(".")[2].partition("_")[0]
        if kind in ("regulations", "normative"):
            if kind not in self._documents:
                self._documents.add(kind)
                self._share_documents(kind)
            return
        if value is None:
            return
        stem, _, name = path.rpartition("_")
        told = change_paths(self.whole, stem.removeprefix("proactive.")) if name == "change" else None
        if told is not None:
            for mine in self.values.values():
                self._changes.append((mine, told))
            return
        for body, part in zip(self.bodies, self._parts(path, value), strict=True):
            self.values[body][path] = part

    def changes(self) -> None:
        """The changes against last year that follow from what was shared."""
        for mine, (previous, change, decisions) in self._changes:
            mine[change] = mine[decisions] - mine[previous]

    def _parts(self, path: str, value: Number) -> list[Number]:
        """Parts that add up to the value; amounts in their own smallest unit, a change with its sign."""
        if self.whole.form.spec(path).type in (ValueType.WAN_YUAN, ValueType.YUAN):
            exponent = Decimal(value).normalize().as_tuple().exponent
            unit = Decimal(1).scaleb(min(exponent if isinstance(exponent, int) else 0, 0))
            whole = self.chance.split(int(Decimal(value) / unit), self.weights)
            return [unit * part for part in whole]
        sign = -1 if value < 0 else 1
        return [sign * part for part in self.chance.split(abs(int(value)), self.weights)]

    def _share_documents(self, kind: str) -> None:
        names = [p for p in self.whole.form.cells if p.startswith(f"proactive.{kind}_")]
        for path in names:
            value = self.whole.value(path)
            if value is None:
                continue
            if kind == "regulations":  # only the government itself may make them
                parts = [int(value), *(0 for _ in self.bodies[1:])]
            else:
                parts = self.chance.split(int(value), self.weights)
            for body, part in zip(self.bodies, parts, strict=True):
                self.values[body][path] = part

    # --- Tables 3 and 4 -------------------------------------------------------------------------------

    def requests_table(self) -> None:
        """Pair every entry with an end, column by column, and give the cases to bodies."""
        rows = self._rows()
        units: list[_Unit] = []
        for column in self._columns():
            entries = self._list(("carried_in", "new"), column)
            ends = self.chance.shuffled(self._list(rows, column)) + self._list(("carried_out",), column)
            units += [_Unit(column, e, end) for e, end in zip(entries, ends, strict=True)]
        new = self.chance.shuffled([unit for unit in units if unit.entry == "new"])
        old = self.chance.shuffled([unit for unit in units if unit.entry != "new"])
        for body, carried in zip(self.bodies, self.chance.split(len(old), self.weights), strict=True):
            mine = [new.pop() for _ in range(self.wanted[body])] + [old.pop() for _ in range(carried)]
            self._fill(body, mine, rows)

    def _columns(self) -> list[str]:
        block = self.whole.form.grid("requests").blocks[0]
        return [column.key for column in block.columns if not column.total]

    def _rows(self) -> tuple[str, ...]:
        """Rows of results that hold numbers, an alternate in place of those it stands for."""
        block = self.whole.form.grid("requests").blocks[0]
        column = self._columns()[0]
        return tuple(
            row.key
            for row in (*block.rows, *block.alternates)
            if row.key not in ("new", "carried_in", *ENDS)
            and block.path(row.key, column) in self.whole.cells
            and self.whole.value(block.path(row.key, column)) is not None
        )

    def _list(self, rows: Sequence[str], column: str) -> list[str]:
        return [row for row in rows for _ in range(int(self.whole.value(f"requests.{row}.{column}") or 0))]

    def _fill(self, body: str, units: Sequence[_Unit], rows: Sequence[str]) -> None:
        values = self.values[body]
        for row in ("new", "carried_in", *rows, *ENDS):
            for column in self._columns():
                values[f"requests.{row}.{column}"] = 0
        for unit in units:
            named = [unit.entry, unit.end, *(["total"] if unit.end != "carried_out" else [])]
            for row in named:
                values[f"requests.{row}.{unit.column}"] += 1
        for row in ("new", "carried_in", *rows, *ENDS):
            parts = [int(values[f"requests.{row}.{column}"]) for column in self._columns()]
            values[f"requests.{row}.total"] = sum(parts)

    def remedies_table(self) -> None:
        """Share the remedies of each block and result."""
        totals: dict[str, str] = {}
        for path, spec in self.whole.form.cells.items():
            if spec.grid != "remedies":
                continue
            block, _, result = path.partition(".")
            if result == "total":
                totals[block] = path
                continue
            parts = self.chance.split(int(self.whole.value(path) or 0), self.weights)
            for body, part in zip(self.bodies, parts, strict=True):
                self.values[body][path] = part
        for block, total in totals.items():
            for body in self.bodies:
                mine = self.values[body]
                mine[total] = sum(int(n) for p, n in mine.items() if p.startswith(f"{block}.") and p != total)

    # --- the reports ----------------------------------------------------------------------------------

    def report(self, body: str) -> Report:
        """What the body would have published."""
        values = self.values[body]
        cells = {
            path: Cell(CellState.VALUE, values[path], str(values[path]))
            if path in values
            else Cell(CellState.BLANK, None, "")
            for path in self.whole.cells
        }
        return replace(
            self.whole,
            cells=MappingProxyType(cells),
            body=body,
            scope=Scope.OWN,
            title=None,
            sections=MappingProxyType({}),
            section_labels=MappingProxyType({}),
            remnants=(),
            reading=(),
        )
