"""A printed row's values → the cells of its row in the form, or a remnant where that is not certain.

Never a wrong number: a row with too few values is not assigned by guess; a row with too many is only
read where every admissible reading that satisfies the form's own relations gives the cell the same value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from gongkai.annual.findings import Finding, finding
from gongkai.annual.form import Form, Relation
from gongkai.annual.model import Cell, CellState, Number, Remnant
from gongkai.annual.read.columns import HeadingPath, contradicts, map_columns
from gongkai.annual.read.entries import Entry, Token
from gongkai.annual.read.match import Pair, Target
from gongkai.annual.read.row_shape import (
    UNTOLD,
    at_columns,
    cell_count,
    full_counts,
    is_blank_cell,
    printed_orders,
    steady_columns,
    units_of,
    values_of,
)
from gongkai.annual.read.values import is_blank, is_value, parse_value


@dataclass(slots=True)
class Assigned:
    """What assigning the rows of one report gave."""

    cells: dict[str, Cell] = field(default_factory=dict[str, Cell])
    remnants: list[Remnant] = field(default_factory=list[Remnant])
    findings: list[Finding] = field(default_factory=list[Finding])


def _withdraw(out: Assigned, other: Assigned, again: Sequence[Pair]) -> None:
    """Make cells unreadable that the page prints twice with different numbers."""
    rows: dict[str, list[str]] = {}
    for pair in again:
        for path in pair.target.paths:
            first, second = out.cells.get(path), other.cells.get(path)
            if first is None or second is None or (first.state, first.value) == (second.state, second.value):
                continue
            raw = f"{first.raw} / {second.raw}"
            out.cells[path] = Cell(CellState.UNREADABLE, None, raw, first.place)
            rows.setdefault(_name(pair.target), []).append(path)
    if rows:
        names = "、".join(f"“{n}”" for n in list(rows)[:3]) + (" …" if len(rows) > 3 else "")
        out.findings.append(
            finding(
                "AR-R-011",
                cells=tuple(p for paths in rows.values() for p in paths),
                values={"rows": names, "count": len(rows)},
            )
        )


@dataclass(frozen=True, slots=True)
class _Left:
    """A row left unassigned, and why."""

    code: str
    target: Target
    paths: tuple[str, ...]
    raws: tuple[str, ...]


def _tell(left: Sequence[_Left]) -> Iterator[Finding]:
    """Findings for rows left unassigned; neighbours with the same number of values too few share one."""
    runs: list[list[_Left]] = []
    for row in left:
        last = runs[-1][-1] if runs else None
        if (
            last is not None
            and row.code == last.code == "AR-R-002"
            and len(row.raws) == len(last.raws)
            and row.target.index == last.target.index + 1
            and row.target.width == last.target.width
        ):
            runs[-1].append(row)
        else:
            runs.append([row])
    for run in runs:
        first = run[0]
        values: dict[str, object] = {"row": _name(first.target), "raw": " | ".join(first.raws)}
        if len(run) > 1:
            values |= {"last": _name(run[-1].target), "count": len(run)}
        yield finding(
            first.code if len(run) == 1 else "AR-R-008",
            cells=tuple(p for row in run for p in row.paths),
            expected=first.target.width,
            found=len(first.raws),
            values=values,
        )


_MEMO_LIMIT = 5_000


class _Known:
    """What is known of a form once for all reports: relations inside rows, and headings seen before."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.row_relations = _row_relations(form)
        self._columns: dict[
            tuple[str, int, tuple[tuple[int, HeadingPath], ...]], Mapping[int, int] | None
        ] = {}

    def columns(
        self, told: tuple[tuple[int, HeadingPath], ...], headings: Mapping[int, HeadingPath], target: Target
    ) -> Mapping[int, int] | None:
        """As ``map_columns``; ``told`` are the headings in order."""
        key = (target.grid.id, target.block_index, told)
        if key not in self._columns:
            if len(self._columns) >= _MEMO_LIMIT:
                self._columns.clear()
            self._columns[key] = map_columns(headings, target)
        return self._columns[key]


_KNOWN: dict[int, _Known] = {}


def _known_of(form: Form) -> _Known:
    """Made once for each loaded form."""
    found = _KNOWN.get(id(form))
    if found is None or found.form is not form:
        found = _KNOWN[id(form)] = _Known(form)
    return found


class Assigner:
    """Gives printed rows of one report to the cells of one form."""

    def __init__(self, form: Form, *, faithful: bool = True) -> None:
        self._form = form
        self._faithful = faithful
        self._known = _known_of(form)
        self._headings: dict[int, tuple[tuple[int, HeadingPath], ...]] = {}
        self._units: dict[str, str] = {}
        self._full: dict[str, int] = {}
        self._steady: dict[str, tuple[int, ...]] = {}
        self._printed: dict[tuple[str, int], tuple[int, ...] | None] = {}

    def assign(self, pairs: Sequence[Pair], again: Sequence[Pair]) -> Assigned:
        """Assign all rows; the form's cells that no row gave stay out of ``cells``.

        ``again`` are rows printed a second time: where their numbers differ, neither is taken.
        """
        out = self._assign(pairs)
        if again:
            _withdraw(out, self._assign(again), again)
        return out

    def _assign(self, pairs: Sequence[Pair]) -> Assigned:
        out = Assigned()
        torn: list[tuple[Entry, Target]] = []
        self._full = full_counts(pairs)
        self._steady = steady_columns(pairs)
        self._printed = printed_orders(pairs, faithful=self._faithful)
        for pair in pairs:
            entry, target = pair.entry, pair.target
            paths = target.paths
            self._units = units_of(entry, target)
            if not entry.values:
                continue  # a label alone: there are no cells, so none is blank
            tokens = self._by_heading(entry, target) or self._by_position(entry, target, out)
            if tokens is None:
                torn.append((entry, target))
                continue
            for path, token in zip(paths, tokens, strict=True):
                out.cells[path] = self._cell(path, token)
            if pair.by_order:
                out.findings.append(
                    finding(
                        "AR-R-005",
                        cells=paths,
                        values={"row": _name(target), "printed": _printed(entry)},
                    )
                )
        self._assign_torn(torn, out)
        return out

    def _cell(self, path: str, token: Token) -> Cell:
        spec = self._form.spec(path)
        state, value = parse_value(token.text, spec.type, self._units.get(spec.column.key))
        if token.tall and state is CellState.VALUE:
            # One number over several rows belongs to none of them alone.
            state, value = CellState.UNREADABLE, None
        return Cell(state, value, token.raw, token.place)

    # -- exact tables ------------------------------------------------------------------------------

    def _by_heading(self, entry: Entry, target: Target) -> list[Token] | None:
        """Tokens of the row by the headings above their columns, if the row is whole."""
        if not entry.exact or not entry.headings:
            return None
        mapping = self._heading_map(entry.headings, target)
        if mapping is None:
            return None
        wanted: list[Token | None] = [None] * target.width
        for token in entry.cells:
            hit = False
            for column in range(token.column, token.column + token.span):
                index = mapping.get(column)
                if index is not None:
                    hit = True
                    if wanted[index] is not None and wanted[index] is not token:
                        return None
                    wanted[index] = token
            if not hit and token.text.strip() and is_value(token.text) and token.column not in entry.headings:
                return None  # a number where no column is: the row is shifted
        if any(t is None for t in wanted):
            return None
        tokens = [t for t in wanted if t is not None]
        first = min(mapping)
        for token in tokens:
            if token.text.strip() and not is_value(token.text) and token.column < first:
                return None  # a label reaches into the first column: the row is shifted
        if len({id(t) for t in tokens}) < len(tokens) and not all(is_blank(t.text) for t in tokens):
            return None
        return tokens

    def _heading_map(self, headings: Mapping[int, HeadingPath], target: Target) -> Mapping[int, int] | None:
        # Rows under the same headings share them as one object.
        told = self._headings.get(id(headings))
        if told is None:
            told = self._headings[id(headings)] = tuple(sorted(headings.items()))
        return self._known.columns(told, headings, target)

    # -- by position -------------------------------------------------------------------------------

    def _by_position(self, entry: Entry, target: Target, out: Assigned) -> list[Token] | None:
        """Tokens of the row in printed order, if their number leaves no doubt."""
        width = target.width
        values = values_of(entry, target)
        steady = None if entry.exact else self._steady.get(target.grid.id)
        if steady is not None:
            placed = at_columns(entry, steady)
            return self._in_order(placed, target) if placed is not None else None
        filled = sum(1 for t in values if not is_blank_cell(t))
        full = self._full.get(target.grid.id)
        if not entry.exact and 0 < filled < width and full is not None and cell_count(entry) < full:
            return None  # the row has fewer cells than its neighbours: blanks at its end are no values
        if not entry.exact and 0 < filled < width < len(values) and is_blank_cell(values[width - 1]):
            return None  # blanks run on into the filler at the row's end: cells may be lost among them
        while len(values) > width and is_blank_cell(values[-1]):
            values.pop()
        if len(values) > width and filled == width:
            values = [t for t in values if not is_blank_cell(t)]
        if len(values) != width:
            return None
        if entry.exact:
            if self._out_of_order(entry, values, target):
                return None  # headings stand above the numbers and are another column's
        else:
            ordered = self._in_order(values, target)
            if ordered is None:
                return None
            values = ordered
        blanks = sum(1 for t in values if is_blank_cell(t))
        if 0 < blanks < width and not entry.exact:
            out.findings.append(
                finding(
                    "AR-R-001",
                    cells=target.paths,
                    values={
                        "row": _name(target),
                        "seen": width - blanks,
                        "raw": " | ".join(t.raw for t in entry.values),
                    },
                )
            )
        return values

    def _out_of_order(self, entry: Entry, values: Sequence[Token], target: Target) -> bool:
        """True if the headings forbid reading the row's values in the form's order."""
        mapping = self._heading_map(entry.headings, target) if entry.headings else None
        if mapping is None:
            return contradicts(entry.headings, [t.column for t in values], target)
        order = list(dict.fromkeys(index for _, index in sorted(mapping.items())))
        return order != sorted(order)

    def _in_order(self, values: list[Token], target: Target) -> list[Token] | None:
        """Values of a text-made row in the form's order; ``None`` if the headings' order cannot be told."""
        order = self._printed.get((target.grid.id, target.block_index), UNTOLD)
        if order is None or order is UNTOLD:
            return values if order is UNTOLD else None
        return [values[order.index(i)] for i in range(target.width)]

    # -- torn rows ---------------------------------------------------------------------------------

    def _assign_torn(self, torn: Sequence[tuple[Entry, Target]], out: Assigned) -> None:
        drop = self._common_extra(torn)
        left: list[_Left] = []
        for entry, target in torn:
            self._units = units_of(entry, target)
            values = _trim(values_of(entry, target), target.width)
            filled = [t for t in values if not is_blank_cell(t)]
            if len(values) > len(filled) == target.width + 1:
                values = filled  # blanks between label and numbers are no cells of the row
            if len(values) <= target.width:
                short = sum(1 for t in values if not is_blank_cell(t)) < target.width
                left.append(self._leave(entry, target, values, out, "AR-R-002" if short else "AR-R-007"))
                continue
            shared = drop.get((target.grid.id, target.block_index))
            readings = (
                [values[:shared] + values[shared + 1 :]]
                if shared is not None and len(values) == target.width + 1
                else self._readings(values, target)
            )
            if not readings:
                left.append(self._leave(entry, target, values, out, "AR-R-003"))
                continue
            self._take(entry, target, values, readings, out)
        out.findings.extend(_tell(left))

    def _take(
        self,
        entry: Entry,
        target: Target,
        values: Sequence[Token],
        readings: Sequence[Sequence[Token]],
        out: Assigned,
    ) -> None:
        """Give each cell the value that all admissible readings agree on."""
        paths = target.paths
        agreed = True
        for index, path in enumerate(paths):
            cells = [self._cell(path, reading[index]) for reading in readings]
            first = cells[0]
            if all((c.state, c.value) == (first.state, first.value) for c in cells):
                out.cells[path] = first
            else:
                agreed = False
                raw = " | ".join(t.raw for t in values)
                out.cells[path] = Cell(CellState.UNREADABLE, None, raw, entry.place())
        out.findings.append(
            finding(
                "AR-R-004" if agreed else "AR-R-010",
                cells=paths,
                expected=target.width,
                found=len(values),
                values={"row": _name(target), "raw": " | ".join(t.raw for t in values)},
            )
        )

    def _leave(
        self, entry: Entry, target: Target, values: Sequence[Token], out: Assigned, code: str
    ) -> _Left:
        """Keep what was printed as a remnant: the row's numbers have no certain place."""
        paths = target.paths
        raws = tuple(t.raw for t in values)
        place = entry.place()
        for path in paths:
            out.cells[path] = Cell(CellState.UNREADABLE, None, " | ".join(raws), place)
        out.remnants.append(Remnant(paths, raws, place))
        return _Left(code, target, paths, raws)

    def _readings(self, values: Sequence[Token], target: Target) -> list[list[Token]]:
        """Readings of a row with one value too many that satisfy the relations inside the row.

        Either one of the values does not belong (a page number, a subtotal), or one number was split in two.
        """
        if len(values) != target.width + 1:
            return []
        admissible: dict[tuple[tuple[CellState, Number | None], ...], list[Token]] = {}
        for reading in _candidates(values):
            parsed = self._holding(reading, target)
            if parsed is not None:
                admissible.setdefault(parsed, reading)
        return list(admissible.values())

    def _holding(
        self, reading: Sequence[Token], target: Target
    ) -> tuple[tuple[CellState, Number | None], ...] | None:
        """The reading's values if it satisfies the relations inside the row, else ``None``."""
        paths = target.paths
        relations = self._known.row_relations.get((target.grid.id, target.block_index, target.row.key), ())
        cells = [self._cell(p, t) for p, t in zip(paths, reading, strict=True)]
        if any(c.state is CellState.UNREADABLE for c in cells):
            return None
        numbers = {p: c.value if c.value is not None else 0 for p, c in zip(paths, cells, strict=True)}
        same = len({t.text for t in reading}) == 1
        if not relations and not same:
            return None
        for relation in relations:
            if sum(numbers[p] for p in relation.left) != sum(numbers[p] for p in relation.right):
                return None
        return tuple((c.state, c.value) for c in cells)

    def _common_extra(self, torn: Sequence[tuple[Entry, Target]]) -> dict[tuple[str, int], int]:
        """Blocks in which every row has the same one value too many (a subtotal column), and which."""
        rows: dict[tuple[str, int], list[tuple[Sequence[Token], Target]]] = {}
        for entry, target in torn:
            values = _trim(entry.values, target.width + 1)
            if len(values) == target.width + 1:
                rows.setdefault((target.grid.id, target.block_index), []).append((values, target))
        found: dict[tuple[str, int], int] = {}
        for key, members in rows.items():
            if len(members) < 3:
                continue
            fitting = [
                d
                for d in range(members[0][1].width + 1)
                if all(self._drop_holds(values, d, target) for values, target in members)
            ]
            if len(fitting) == 1:
                found[key] = fitting[0]
        return found

    def _drop_holds(self, values: Sequence[Token], drop: int, target: Target) -> bool:
        self._units = {}
        return self._holding([*values[:drop], *values[drop + 1 :]], target) is not None


def _trim(values: Sequence[Token], width: int) -> list[Token]:
    kept = list(values)
    while len(kept) > width and is_blank_cell(kept[-1]):
        kept.pop()
    while kept and is_blank_cell(kept[-1]) and len(kept) != width:
        kept.pop()
    return kept


def _candidates(values: Sequence[Token]) -> Iterator[list[Token]]:
    for i in range(len(values)):
        yield [*values[:i], *values[i + 1 :]]
    for i in range(len(values) - 1):
        left, right = values[i], values[i + 1]
        if left.text.isdigit() and right.text.isdigit() and left.text[0] != "0":
            merged = replace(left, raw=left.raw + right.raw, text=left.text + right.text)
            yield [*values[:i], merged, *values[i + 2 :]]


def _row_relations(form: Form) -> dict[tuple[str, int, str], tuple[Relation, ...]]:
    """Relations that stay inside one printed row."""
    rows: dict[tuple[str, int, str], list[Relation]] = {}
    for relation in form.relations:
        specs = [form.cells[p] for p in relation.cells]
        keys = {(s.grid, s.block, s.row.key) for s in specs}
        if len(keys) == 1:
            rows.setdefault(keys.pop(), []).append(relation)
    return {key: tuple(found) for key, found in rows.items()}


def _name(target: Target) -> str:
    return target.row.labels[-1] if target.row.labels else target.grid.title


def _printed(entry: Entry) -> str:
    return entry.labels[-1].raw if entry.labels else ""
