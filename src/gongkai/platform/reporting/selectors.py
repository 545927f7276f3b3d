"""Running figures: Tables 3 and 4 of a year counted from the ledger, each number with the acts behind it.

Nothing is stored: a count is a function of the ledger, kept in memory by body, year, form and ledger head.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db.models import Max, Min

from gongkai.annual.form import Form, UnknownEdition, form_for_year
from gongkai.annual.model import Number
from gongkai.annual.write.layout import CellKind, layout
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body, BodyLevel
from gongkai.platform.core.permissions import Act
from gongkai.platform.ledger.models import LedgerEvent, LedgerHead
from gongkai.platform.ledger.selectors import events_of
from gongkai.rules.counting import Count, count, default_rules
from gongkai.rules.counting import area as areas
from gongkai.rules.counting.explain import explain
from gongkai.rules.counting.lean import NEEDED

GRIDS = ("requests", "remedies")
"""Tables 3 and 4."""
_KEPT = 256


class NoFigures(LookupError):
    """There is no form for the year, or no such cell: ``what``."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


@dataclass(frozen=True, slots=True)
class FigureCell:
    """One printed cell; ``value`` is ``None`` for a heading and for a blank, ``path`` names a value."""

    header: bool
    text: str
    row_span: int
    column_span: int
    path: str = ""
    value: Number | None = None
    total: bool = False
    scope: str = ""
    """``col``, ``colgroup``, ``row``, ``rowgroup`` for a heading."""

    @property
    def is_zero(self) -> bool:
        """A counted 0, printed lightly; a blank is none."""
        return self.value is not None and self.value == 0


@dataclass(frozen=True, slots=True)
class FigureTable:
    """A table of the form with its numbers."""

    key: str
    title: str
    head: tuple[tuple[FigureCell, ...], ...]
    rows: tuple[tuple[FigureCell, ...], ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a body and year, or of its whole area."""

    body: Body
    year: int
    area: bool
    edition: str
    tables: tuple[FigureTable, ...]
    notes: tuple[str, ...]
    rules: tuple[tuple[str, str], ...]
    """Counting rules that mattered: their name and the choice that holds."""
    late: int
    """Acts that were entered after the year was closed."""
    fee_notices: int
    fee_notified: str
    fee_payments: int
    fee_paid: str
    bodies: tuple[Body, ...]
    """Whose ledgers are added up."""
    entries: int
    """How many ledger entries were counted from."""


@dataclass(frozen=True, slots=True)
class FigureCases:
    """What is behind a number: its label, the number, and the cases by body."""

    label: str
    value: Number | None
    streams: tuple[str, ...]
    relations: tuple[str, ...]


def years_with_figures(*, body: Body, actor: Actor) -> tuple[int, ...]:
    """The years in which the ledger of the body has acts, and the present one, newest first."""
    span = LedgerEvent.objects.filter(body=body.key).aggregate(
        first=Min("occurred_on"), last=Max("occurred_on")
    )
    first, last = span["first"], span["last"]
    newest = max(actor.today.year, last.year if isinstance(last, date) else 0)
    oldest = first.year if isinstance(first, date) else newest
    return tuple(year for year in range(newest, oldest - 1, -1) if _form(year) is not None)


def _form(year: int) -> Form | None:
    try:
        return form_for_year(year)
    except UnknownEdition:
        return None


def running_figures(*, body: Body, year: int, area: bool, actor: Actor) -> Figures:
    """Tables 3 and 4 of ``year`` as the ledger has them now.

    - ``area``: the whole area of a government by the tree of 31 December, instead of the body alone.

    Raises ``NotPermitted``; ``NoFigures`` for a year without a form. Source: counting.md.
    """
    actor.require(Act.FIGURES_SEE, body)
    counted, bodies = _counted(body, year, area)
    report = counted.report
    return Figures(
        body=body,
        year=year,
        area=area,
        edition=report.form.edition,
        tables=tuple(_table(counted, key) for key in GRIDS),
        notes=tuple(note.text() for note in counted.notes),
        rules=tuple(
            (counted.rules.rules[key].label_zh, _choice(counted, key)) for key in counted.rules_that_mattered
        ),
        late=len(counted.late),
        fee_notices=counted.fees.notices,
        fee_notified=str(counted.fees.notified),
        fee_payments=counted.fees.payments,
        fee_paid=str(counted.fees.paid),
        bodies=bodies,
        entries=sum(head.position for head in LedgerHead.objects.filter(body__in=[b.key for b in bodies])),
    )


def _choice(counted: Count, key: str) -> str:
    rule = counted.rules.rules[key]
    return str(rule.choice)


def streams_behind(*, body: Body, year: int, area: bool, cell: str, actor: Actor) -> FigureCases:
    """The cases that a number counts: exactly as many as it says, for every cell of Table 3.

    Raises ``NotPermitted``; ``NoFigures`` for a cell that the form does not have.
    """
    actor.require(Act.FIGURES_SEE, body)
    counted, _bodies = _counted(body, year, area)
    if cell not in counted.report.form.cells:
        raise NoFigures(cell)
    told = explain(counted, cell)
    return FigureCases(
        label=told.label,
        value=told.value,
        streams=told.streams,
        relations=tuple(f"{one.left} = {one.right}" for one in told.relations),
    )


def _counted(body: Body, year: int, area: bool) -> tuple[Count, tuple[Body, ...]]:
    if _form(year) is None:
        raise NoFigures(str(year))
    if not area:
        return _count_of(body.key, year), (body,)
    tree = list(Body.objects.filter(path__startswith=body.path).exclude(level=BodyLevel.OFFICE))
    heads = set(LedgerHead.objects.filter(body__in=[b.key for b in tree]).values_list("body", flat=True))
    counts = {b.key: _count_of(b.key, year) for b in tree if b.key in heads}
    members = [_member(b, body) for b in tree]
    added = areas.count_area(members, counts, root=body.key, year=year, rules=default_rules())
    kept = set(added.area_bodies)
    return added.area, tuple(b for b in tree if b.key in kept)


def _member(body: Body, root: Body) -> areas.Body:
    is_department = body.level == BodyLevel.DEPARTMENT
    return areas.Body(
        id=body.key,
        parent=None if body.key == root.key else body.parent_id,
        level=areas.Level.DEPARTMENT if is_department else areas.Level.GOVERNMENT,
        name=body.name,
        valid_from=body.valid_from,
        valid_to=body.valid_until,
        reports_upward=body.vertical,
    )


def _count_of(body: str, year: int) -> Count:
    head = LedgerHead.objects.filter(body=body).values_list("position", "hash").first()
    position, digest = head if head is not None else (0, "")
    return _count_at(body, year, form_for_year(year).edition, position, digest)


@lru_cache(maxsize=_KEPT)
def _count_at(body: str, year: int, edition: str, _position: int, _hash: str) -> Count:
    """The count of a ledger at its head: the head names everything that it was counted from."""
    return count(events_of(body=body, kinds=sorted(NEEDED)), body=body, year=year, form=edition)


_SCOPES: Mapping[CellKind, str] = {
    CellKind.HEADING: "colgroup",
    CellKind.COLUMN: "col",
    CellKind.GROUP: "rowgroup",
    CellKind.ROW: "row",
}


def _table(counted: Count, key: str) -> FigureTable:
    report = counted.report
    drawn = layout(report.form.grid(key), report)
    rows: list[tuple[FigureCell, ...]] = []
    for line in drawn.rows:
        cells: list[FigureCell] = []
        for cell in line:
            path = cell.path or ""
            if cell.path is not None and cell.path not in report.form.cells:
                path = ""
            scope = _SCOPES.get(cell.kind, "")
            if scope == "col" and cell.column_span > 1:
                scope = "colgroup"
            cells.append(
                FigureCell(
                    header=cell.header,
                    text=cell.text,
                    row_span=cell.row_span,
                    column_span=cell.column_span,
                    path=path,
                    value=report.value(path) if path else None,
                    total=cell.total,
                    scope=scope,
                )
            )
        rows.append(tuple(cells))
    head = drawn.head_rows if drawn.head_rows else 0
    return FigureTable(key, report.form.grid(key).title, tuple(rows[:head]), tuple(rows[head:]))
