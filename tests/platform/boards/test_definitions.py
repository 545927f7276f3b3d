"""Each figure has one definition, each definition a figure; and numbers say what they are."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from tests.platform.boards.conftest import shown
from tests.platform.conftest import Place

from gongkai.platform.cases.boards.boards import BOARDS
from gongkai.platform.cases.boards.catalogue import Figure, catalogue
from gongkai.platform.cases.boards.tables import Cell


def test_every_column_is_in_the_catalogue_and_every_entry_is_a_column(county: Place) -> None:
    used = {figure.id for key in BOARDS for figure in shown(key, county, body="all").figures}
    assert used == set(catalogue())
    for figure in catalogue().values():
        assert figure.name and figure.definition.endswith("。") and figure.source, figure.id


def test_names_are_told_apart_within_a_table(county: Place) -> None:
    for key in BOARDS:
        for table in shown(key, county).tables:
            assert len({figure.name for figure in table.figures}) == len(table.figures)
            assert len({row.key for row in table.all_rows}) == len(table.all_rows)


@pytest.mark.parametrize(
    ("unit", "value", "text"),
    [
        ("件", 0, "0"), ("件", 12345, "12345"), ("%", Fraction(0), "0.0%"), ("%", Fraction(1), "100.0%"),
        ("%", Fraction(2, 3), "66.7%"), ("%", Fraction(1, 2000), "0.1%"), ("%", Fraction(499, 1000), "49.9%"),
        ("天", Fraction(5, 4), "1.3"), ("天", Fraction(49, 20), "2.5"), ("天", 0, "0"), ("天", 7, "7"),
        ("日", date(2026, 3, 3), "2026-03-03"), ("%", None, ""), ("日", None, ""),
    ],
)  # fmt: skip
def test_values_are_written_exactly_and_rounded_half_up(unit: str, value: object, text: str) -> None:
    cell = Cell(Figure("a.b", "名", unit, "定义。", "来源"), value)  # type: ignore[arg-type]
    assert cell.text == text
    assert cell.is_zero == (unit == "件" and value == 0)
    assert cell.opens == (value is not None and not cell.is_zero)
