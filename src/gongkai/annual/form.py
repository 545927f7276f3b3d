"""The official report form as data: one YAML file per edition, loaded into frozen objects.

Reading, checking, localising, writing and both schemas are derived from a ``Form``; adding an
edition means adding a file. Source of the two editions shipped here: the form of 2019
(国办公开办函〔2019〕60号) and the form of 2021 (国办公开办函〔2021〕30号).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from itertools import product
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

import yaml


class ValueType(StrEnum):
    """What a cell may hold."""

    COUNT = "count"
    """A whole number, never negative."""
    SIGNED = "signed"
    """A whole number that may carry a sign (``+20``, ``-35``)."""
    WAN_YUAN = "wan_yuan"
    """Money in ten thousand yuan, decimal."""
    YUAN = "yuan"
    """Money in yuan, decimal; the printed unit decides the factor."""


class FormError(ValueError):
    """A form file that cannot be used; the message names the file and the place in it."""


class UnknownEdition(KeyError):
    """No form of that edition, or none in force for that year; nothing nearer is offered."""

    def __init__(self, wanted: str, known: Iterable[str], message: str | None = None) -> None:
        self.wanted = wanted
        self.known = tuple(known)
        super().__init__(message or f"no form {wanted!r}; known editions: {', '.join(self.known)}")

    def __str__(self) -> str:
        return str(self.args[0])  # a KeyError would show its message in quotation marks


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a block; ``labels`` runs from the outermost heading to the innermost."""

    key: str
    labels: tuple[str, ...]
    keywords: tuple[str, ...]
    type: ValueType | None
    total: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a block; an alternate row stands for several rows of the edition together."""

    key: str
    labels: tuple[str, ...]
    keywords: tuple[str, ...]
    total: bool
    stands_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """Rows and columns under one heading; a printed table has one block or several."""

    heading: str | None
    corner: str | None
    note: str | None
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    alternates: tuple[Row, ...]
    pattern: str
    type: ValueType

    def path(self, row: str, column: str) -> str:
        """Path of the cell in that row and column, e.g. ``requests.new.total``."""
        return self.pattern.format(row=row, column=column)


@dataclass(frozen=True, slots=True)
class Grid:
    """A printed table of the form (Table 2, 3 or 4)."""

    id: str
    number: int
    section: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class CellSpec:
    """What the form says of one cell."""

    path: str
    type: ValueType
    grid: str
    block: int
    row: Row
    column: Column
    label: str
    """Row and column in words, e.g. ``（七）总计 · 自然人``."""
    alternate: bool = False

    @property
    def total(self) -> bool:
        """True where the cell is a sum of others by its place in the form."""
        return self.row.total or self.column.total


@dataclass(frozen=True, slots=True)
class Relation:
    """``sum(left) == sum(right)`` over cells of one report."""

    id: str
    """Public finding code, e.g. ``AR-T3-002``."""
    instance: str
    """The code with what it was expanded over, e.g. ``AR-T3-002:natural_person``."""
    title: Mapping[str, str]
    left: tuple[str, ...]
    right: tuple[str, ...]

    @property
    def cells(self) -> tuple[str, ...]:
        return self.left + self.right


@dataclass(frozen=True, slots=True)
class YearlyRelation:
    """``sum(this) == sum(last)`` over this year's and last year's report; terms are (sign, path)."""

    id: str
    instance: str
    title: Mapping[str, str]
    severity: str
    this: tuple[tuple[int, str], ...]
    last: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One of the report's parts, by number and heading."""

    id: str
    label: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """One official edition of the report form."""

    edition: str
    label: Mapping[str, str]
    instrument: Mapping[str, Any]
    first_year: int
    last_year: int | None
    sections: tuple[Section, ...]
    grids: tuple[Grid, ...]
    cells: Mapping[str, CellSpec]
    """Every cell of the form by path, in printed order; alternates are not among them."""
    alternates: Mapping[str, CellSpec]
    """Cells of alternate rows by path."""
    relations: tuple[Relation, ...]
    yearly: tuple[YearlyRelation, ...]
    stated_totals: tuple[str, ...] = ()
    """Cells whose numbers a narrative usually states; a sentence with one tells the report's scope."""

    def in_force(self, year: int) -> bool:
        """True if reports of that year are due in this edition."""
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)

    def spec(self, path: str) -> CellSpec:
        """The cell's specification, alternates included; ``KeyError`` for an unknown path."""
        found = self.cells.get(path)
        return found if found is not None else self.alternates[path]

    def grid(self, grid_id: str) -> Grid:
        """The printed table of that id; ``KeyError`` for an unknown one."""
        for grid in self.grids:
            if grid.id == grid_id:
                return grid
        raise KeyError(grid_id)

    def relations_of(self, path: str) -> tuple[Relation, ...]:
        """Relations that contain the cell."""
        return tuple(r for r in self.relations if path in r.left or path in r.right)

    def stand_ins(self, path: str) -> tuple[str, ...]:
        """Paths of alternate cells that stand for this cell together with others."""
        spec = self.cells[path]
        return tuple(
            a.path
            for a in self.alternates.values()
            if a.grid == spec.grid
            and a.block == spec.block
            and a.column.key == spec.column.key
            and spec.row.key in a.row.stands_for
        )


_SET = re.compile(r"\{@(\w+)\}")


def load_form(source: Path | str) -> Form:
    """Load a form file.

    Takes the path of a YAML file; returns a ``Form``. Raises ``FormError`` naming the place where a
    key is missing, a path is doubled, or a relation names a cell that the form does not have.
    """
    path = Path(source)
    return parse_form(path.read_text(encoding="utf-8"), name=path.name)


def parse_form(text: str, *, name: str) -> Form:
    """As ``load_form``, from the text of the file; ``name`` is used in messages."""
    try:
        data: Any = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise FormError(f"{name}: not YAML: {error}") from error
    if not isinstance(data, dict):
        raise FormError(f"{name}: a form file is a mapping")
    try:
        return _build(cast("dict[str, Any]", data), name)
    except KeyError as error:
        raise FormError(f"{name}: missing key {error}") from error
    except FormError:
        raise
    except (TypeError, ValueError, AttributeError) as error:
        raise FormError(f"{name}: {error}") from error


@cache
def builtin_forms() -> tuple[Form, ...]:
    """The editions shipped with the package, oldest first."""
    folder = resources.files("gongkai.annual") / "forms"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".yaml")), key=lambda f: f.name)
    return tuple(parse_form(f.read_text(encoding="utf-8"), name=f.name) for f in files)


def form_for_edition(edition: str, forms: Iterable[Form] | None = None) -> Form:
    """The form of that edition; raises ``UnknownEdition``."""
    known = tuple(forms) if forms is not None else builtin_forms()
    for form in known:
        if form.edition == edition:
            return form
    raise UnknownEdition(edition, (f.edition for f in known))


def form_for_year(year: int, forms: Iterable[Form] | None = None) -> Form:
    """The form in force for that report year; raises ``UnknownEdition``, never the nearest."""
    known = tuple(forms) if forms is not None else builtin_forms()
    for form in known:
        if form.in_force(year):
            return form
    spans = ", ".join(
        f"{f.first_year} to {f.last_year}" if f.last_year is not None else f"{f.first_year} on" for f in known
    )
    raise UnknownEdition(
        str(year),
        (f.edition for f in known),
        f"no form was in force for reports of the year {year}; years with one: {spans}",
    )


def _build(data: dict[str, Any], name: str) -> Form:
    grids = tuple(_grid(g, f"{name}: grid {g.get('id')}") for g in data["grids"])
    cells: dict[str, CellSpec] = {}
    alternates: dict[str, CellSpec] = {}
    for grid in grids:
        for index, block in enumerate(grid.blocks):
            for rows, target in ((block.rows, cells), (block.alternates, alternates)):
                for row, column in product(rows, block.columns):
                    spec = _cell_spec(grid, index, block, row, column, alternate=target is alternates)
                    if spec.path in cells or spec.path in alternates:
                        raise FormError(f"{name}: cell {spec.path} stands twice")
                    target[spec.path] = spec
    sets = {k: tuple(v) for k, v in data.get("sets", {}).items()}
    force = data["in_force"]
    form = Form(
        edition=str(data["edition"]),
        label=MappingProxyType(dict(data["label"])),
        instrument=MappingProxyType(dict(data["instrument"])),
        first_year=int(force["first_year"]),
        last_year=None if force.get("last_year") is None else int(force["last_year"]),
        sections=tuple(
            Section(str(s["id"]), s["label"], tuple(s.get("aliases", ()))) for s in data["sections"]
        ),
        grids=grids,
        cells=MappingProxyType(cells),
        alternates=MappingProxyType(alternates),
        relations=tuple(_relations(data.get("relations", ()), sets)),
        yearly=tuple(_yearly(data.get("yearly", ()), sets)),
        stated_totals=tuple(data.get("stated_totals", ())),
    )
    for relation in form.relations:
        for path in relation.cells:
            if path not in cells:
                raise FormError(f"{name}: relation {relation.instance} names no cell of the form: {path}")
    for path in form.stated_totals:
        if path not in cells:
            raise FormError(f"{name}: stated_totals names no cell of the form: {path}")
    if not form.sections:
        raise FormError(f"{name}: a form needs sections")
    numbered = {s.id for s in form.sections}
    for grid in grids:
        if grid.section not in numbered:
            raise FormError(f"{name}: grid {grid.id} stands in no section of the form: {grid.section}")
    for path in cells:
        if not 2 <= len(path.split(".")) <= 3:
            raise FormError(f"{name}: a cell's path has two or three parts: {path}")
    for relation in form.yearly:
        for _, path in relation.this:
            if path not in cells:
                raise FormError(f"{name}: relation {relation.instance} names no cell of the form: {path}")
    return form


def _grid(data: dict[str, Any], place: str) -> Grid:
    return Grid(
        id=data["id"],
        number=int(data["number"]),
        section=str(data["section"]),
        title=data["title"],
        blocks=tuple(_block(b, place) for b in data["blocks"]),
    )


def _block(data: dict[str, Any], place: str) -> Block:
    def row(r: dict[str, Any]) -> Row:
        return Row(
            key=r["key"],
            labels=tuple(r["labels"]),
            keywords=tuple(str(k) for k in r.get("keywords", ())),
            total=bool(r.get("total", False)),
            stands_for=tuple(r.get("stands_for", ())),
        )

    block = Block(
        heading=data.get("heading"),
        corner=data.get("corner"),
        note=data.get("note"),
        columns=tuple(
            Column(
                key=c["key"],
                labels=tuple(c["labels"]),
                keywords=tuple(str(k) for k in c.get("keywords", ())),
                type=ValueType(c["type"]) if "type" in c else None,
                total=bool(c.get("total", False)),
            )
            for c in data["columns"]
        ),
        rows=tuple(row(r) for r in data["rows"]),
        alternates=tuple(row(r) for r in data.get("alternates", ())),
        pattern=data["cell"],
        type=ValueType(data.get("type", "count")),
    )
    if not block.rows or not block.columns:
        raise FormError(f"{place}: a block needs rows and columns")
    return block


def _cell_spec(
    grid: Grid, index: int, block: Block, row: Row, column: Column, *, alternate: bool
) -> CellSpec:
    row_label = row.labels[-1] if row.labels else ""
    if not row.labels:
        label = " · ".join(column.labels)
    elif len(block.columns) == 1:
        label = row_label
    else:
        label = f"{row_label} · {column.labels[-1]}"
    return CellSpec(
        path=block.path(row.key, column.key),
        type=column.type if column.type is not None else block.type,
        grid=grid.id,
        block=index,
        row=row,
        column=column,
        label=label,
        alternate=alternate,
    )


def _bindings(
    each: Mapping[str, Any], sets: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[str, dict[str, str]]]:
    names = list(each)
    choices = [sets[v] if isinstance(v, str) else tuple(v) for v in each.values()]
    for combination in product(*choices):
        yield ",".join(combination), dict(zip(names, combination, strict=True))


def _expand(
    terms: Iterable[str], binding: Mapping[str, str], sets: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[int, str]]:
    for term in terms:
        sign, body = (-1, term[1:]) if term.startswith("-") else (1, term)
        found = _SET.search(body)
        bodies = (
            [body]
            if found is None
            else [body[: found.start()] + member + body[found.end() :] for member in sets[found[1]]]
        )
        for one in bodies:
            yield sign, one.format(**binding)


def _instance(code: str, suffix: str) -> str:
    return f"{code}:{suffix}" if suffix else code


def _relations(data: Iterable[dict[str, Any]], sets: Mapping[str, tuple[str, ...]]) -> Iterator[Relation]:
    for relation in data:
        for suffix, binding in _bindings(relation.get("each", {}), sets):
            yield Relation(
                id=relation["id"],
                instance=_instance(relation["id"], suffix),
                title=MappingProxyType(dict(relation["title"])),
                left=tuple(p for _, p in _expand(relation["left"], binding, sets)),
                right=tuple(p for _, p in _expand(relation["right"], binding, sets)),
            )


def _yearly(data: Iterable[dict[str, Any]], sets: Mapping[str, tuple[str, ...]]) -> Iterator[YearlyRelation]:
    for relation in data:
        for suffix, binding in _bindings(relation.get("each", {}), sets):
            yield YearlyRelation(
                id=relation["id"],
                instance=_instance(relation["id"], suffix),
                title=MappingProxyType(dict(relation["title"])),
                severity=relation["severity"],
                this=tuple(_expand(relation["this"], binding, sets)),
                last=tuple(_expand(relation["last"], binding, sets)),
            )
