"""A made-up office, and boards of it."""

from __future__ import annotations

import pytest
from tests.platform.boards.office import Office, make_office
from tests.platform.conftest import TODAY, Place

from gongkai.platform.cases.boards.boards import Board, board
from gongkai.platform.cases.boards.scope import Scope, read_scope
from gongkai.platform.cases.boards.tables import Value
from gongkai.platform.core.models import DemonstrationDay

SEEDS = (1, 2, 3)


@pytest.fixture(params=SEEDS)
def office(request: pytest.FixtureRequest, db: None) -> Office:
    """An office by a seed."""
    return make_office(request.param)


@pytest.fixture
def one_office(db: None) -> Office:
    """One office."""
    return make_office(7)


@pytest.fixture
def today(db: None) -> None:
    """``TODAY`` is the day of the pages, too."""
    DemonstrationDay.objects.update_or_create(id=1, defaults={"day": TODAY})


def scope_of(place: Place, role: str = "supervisor", **given: str) -> Scope:
    """What somebody asks for on ``TODAY``."""
    return read_scope(place.actor(role), given)


def shown(key: str, place: Place, role: str = "supervisor", **given: str) -> Board:
    """A board as somebody sees it on ``TODAY``."""
    return board(key, scope_of(place, role, **given))


def numbers(found: Board, table: str) -> dict[str, dict[str, Value]]:
    """The numbers of a table by row and column; a column that does not apply is left out."""
    rows = next(one for one in found.tables if one.key == table).all_rows
    return {row.key: {cell.figure.column: cell.value for cell in row.cells if cell.applies} for row in rows}
