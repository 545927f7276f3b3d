"""The boards by name: their tables, and the list behind a number with the reader's rights."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, QuerySet
from django.utils.translation import gettext_lazy as _

from gongkai.platform.cases.boards import punctuality, revocations, standing, workload
from gongkai.platform.cases.boards.catalogue import Figure
from gongkai.platform.cases.boards.revocations import LostTable
from gongkai.platform.cases.boards.scope import Scope
from gongkai.platform.cases.boards.tables import CASES, LOSSES, Cell, Row, Table
from gongkai.platform.cases.losses import Loss, losses_in
from gongkai.platform.cases.selectors.rows import CaseRow, case_rows
from gongkai.platform.cases.selectors.scope import visible_bodies, visible_cases
from gongkai.platform.cases.selectors.task_list import GIVEN, TaskRow, task_rows, tasks_given_by
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.permissions import Act

MOST = 20_000
"""So many rows of a list are written into a spreadsheet."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A board: what it is called, what it is for, how its tables come about."""

    key: str
    title: Any
    words: Any
    tables: Mapping[str, Callable[[Scope], Table]]
    """Its tables by key, in their order."""
    timed: bool = True
    """It tells of a period, not of today."""

    def of(self, scope: Scope) -> list[Callable[[Scope], Table]]:
        """Those of its tables that say something: one by body only where there are several, or no other."""
        return [make for key, make in self.tables.items() if scope.area or key != "bodies" or self.timed]


BOARDS: Mapping[str, Kind] = {
    one.key: one
    for one in (
        Kind(
            "now", _("现在"), _("今天在办的案件和交办：逾期、快到期、其余，在谁手里。"),
            {"bodies": standing.by_body, "people": standing.by_person, "turns": standing.by_turn,
             "units": standing.by_unit}, timed=False,
        ),
        Kind(
            "punctuality", _("按期"), _("各单位按期办结了多少，各机关按期答复了多少。"),
            {"units": punctuality.by_unit, "bodies": punctuality.by_body},
        ),
        Kind(
            "revocations", _("撤销与纠正"), _("没有站住的答复：为什么，是哪种答复，复盘了没有。"),
            {"causes": revocations.by_cause, "outcomes": revocations.by_outcome,
             "years": revocations.by_year},
        ),
        Kind(
            "workload", _("收与办"), _("收到、答复、还没有办完的，按渠道和月份。"),
            {"channels": workload.by_channel, "months": workload.by_month},
        ),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Board:
    """A board as it is shown."""

    kind: Kind
    scope: Scope
    tables: tuple[Table, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The figures of its tables, each once."""
        return tuple(dict.fromkeys(figure for table in self.tables for figure in table.figures))


class NoSuchFigure(LookupError):
    """The board has no such number, or there is no list behind it."""


def _kind(key: str, scope: Scope) -> Kind:
    kind = BOARDS.get(key)
    if kind is None:
        raise NoSuchFigure(key)
    for body in scope.bodies:
        scope.actor.require(Act.CASE_SEE, body)
    return kind


def board(key: str, scope: Scope) -> Board:
    """A board; raises ``NoSuchFigure`` where there is none of that name, ``NotPermitted``."""
    kind = _kind(key, scope)
    return Board(kind, scope, tuple(make(scope) for make in kind.of(scope)))


@dataclass(frozen=True, slots=True)
class Behind:
    """What a number counts, as far as its reader may read."""

    table: Table
    row: Row
    cell: Cell
    of: str
    number: int
    """How many there are."""
    shown: int
    """How many of them the actor may read."""
    found: QuerySet[Any] | Sequence[Loss]
    actor: Actor

    @property
    def hidden(self) -> int:
        """How many are counted and not listed."""
        return self.number - self.shown

    def page(self, first: int, size: int) -> list[CaseRow] | list[TaskRow] | list[Loss]:
        """Some of them, as their list shows them."""
        if self.of == LOSSES:
            return list(self.found[first : first + size])  # type: ignore[arg-type]
        rows = list(self.found[first : first + size])
        return case_rows(rows, self.actor) if self.of == CASES else list(task_rows(rows, self.actor, GIVEN))


def behind(key: str, table: str, row: str, column: str, scope: Scope, *, act: Act = Act.CASE_SEE) -> Behind:
    """What a number of a board counts; raises ``NoSuchFigure``, ``NotPermitted``.

    ``act``: what is to be done with the list, ``CASE_EXPORT`` for a spreadsheet.
    """
    make = _kind(key, scope).tables.get(table)
    found = None if make is None else make(scope)
    named = None if found is None else found.cell(row, column)
    if found is None or named is None or not named[1].applies:
        raise NoSuchFigure(f"{key} {table} {row} {column}")
    if isinstance(found, LostTable):
        return _losses(found, named, scope, act)
    actor = scope.actor
    rows = found.behind(named[0], column)
    if found.of == CASES:
        seen = visible_cases(actor, act).filter(pk__in=rows.order_by().values("pk"))
        listed: QuerySet[Any] = seen.order_by(F("received_on").asc(nulls_last=True), "stream")
    else:
        seen = tasks_given_by(actor).filter(pk__in=rows.order_by().values("pk"))
        seen = seen.filter(body__in=visible_bodies(actor, act))
        listed = seen.annotate(reminded=Count("reminders")).select_related(
            "unit", "body", "assigned_by__person"
        )
        listed = listed.order_by(F("due_on").asc(nulls_last=True), "key")
    return Behind(found, *named, found.of, rows.count(), seen.count(), listed, actor)


def _losses(found: LostTable, named: tuple[Row, Cell], scope: Scope, act: Act) -> Behind:
    row, cell = named
    lost = found.lost(row, cell.figure.column)
    names = {(one.stream, one.key) for one in lost}
    bodies = {body.key: body for body in visible_bodies(scope.actor, act)}
    cases = list(visible_cases(scope.actor, act).filter(stream__in=[one.stream for one in lost]))
    listed = [one for one in losses_in(cases, bodies, scope.actor) if (one.stream, one.key) in names]
    listed.sort(key=lambda one: (one.on, one.stream), reverse=True)
    return Behind(found, row, cell, LOSSES, len(names), len(listed), listed, scope.actor)
