"""The printed layout is derived from the form: every place is covered once, every cell stands once."""

from __future__ import annotations

import pytest
from tests.annual.write.reports import FORMS, INVENTED_FORM, report

from gongkai.annual.form import Form, Grid, form_for_edition
from gongkai.annual.model import Cell, CellState
from gongkai.annual.write.layout import CellKind, layout

GRIDS = [(form, grid) for form in FORMS for grid in form.grids]


@pytest.mark.parametrize(("form", "grid"), GRIDS, ids=lambda x: getattr(x, "edition", getattr(x, "id", "")))
def test_every_place_is_covered_exactly_once(form: Form, grid: Grid) -> None:
    table = layout(grid)
    places = [
        (row, column)
        for cell in table.cells
        for row in range(cell.row, cell.row + cell.row_span)
        for column in range(cell.column, cell.column + cell.column_span)
    ]
    assert len(places) == len(set(places)) == len(table.rows) * table.width
    assert len(table.widths) == table.width


@pytest.mark.parametrize("form", FORMS, ids=lambda f: f.edition)
def test_every_cell_of_the_form_is_printed_once(form: Form) -> None:
    paths = [c.path for grid in form.grids for c in layout(grid).cells if c.path is not None]
    assert paths == list(form.cells)


@pytest.mark.parametrize(("form", "grid"), GRIDS, ids=lambda x: getattr(x, "edition", getattr(x, "id", "")))
def test_the_headers_of_a_value_spell_its_labels(form: Form, grid: Grid) -> None:
    table = layout(grid)
    for cell in table.cells:
        if cell.path is not None:
            spec = form.cells[cell.path]
            heading = grid.blocks[spec.block].heading
            expected = [*([heading] if heading else []), *spec.column.labels, *spec.row.labels]
            assert [table.at(origin).text for origin in cell.headers] == expected


def test_official_table_three_has_its_merged_cells() -> None:
    table = layout(form_for_edition("2021").grid("requests"))
    assert (len(table.rows), table.width, table.head_rows, table.label_width) == (28, 10, 3, 3)
    spans = {c.text: (c.row_span, c.column_span) for c in table.cells if c.header}
    assert spans["三、本年度办理结果"] == (22, 1)
    assert spans["（三）不予公开"] == (8, 1)
    assert spans["（一）予以公开"] == (1, 2)
    assert spans["四、结转下年度继续办理"] == (1, 3)
    assert spans["法人或其他组织"] == (1, 5)
    assert spans["自然人"] == (2, 1)
    assert table.rows[0][0].kind is CellKind.CORNER
    assert (table.rows[0][0].row_span, table.rows[0][0].column_span) == (3, 3)


def test_narrow_blocks_fill_the_width_of_the_table() -> None:
    table = layout(form_for_edition("2019").grid("proactive"))
    fees = next(c for c in table.cells if c.path == "proactive.fees_change")
    assert (table.width, fees.column, fees.column_span) == (4, 2, 2)


def test_a_row_that_stands_for_others_takes_their_place() -> None:
    form = form_for_edition("2021")
    printed = report(form)
    three = [path for path in form.cells if form.stand_ins(path)]
    alternates = {path: Cell(CellState.VALUE, 1, "1") for path in form.alternates}
    cells = {p: c for p, c in printed.cells.items() if p not in three} | alternates
    grid = form.grid("requests")
    paths = [c.path for c in layout(grid, report(form, cells=cells)).cells if c.path is not None]
    assert three
    assert not set(three) & set(paths)
    assert set(alternates) <= set(paths)
    both = [c.path for c in layout(grid, report(form, cells={**printed.cells, **alternates})).cells]
    assert set(three) | set(alternates) <= set(both)


def test_an_invented_edition_needs_no_code() -> None:
    table = layout(INVENTED_FORM.grids[0])
    assert (table.width, table.label_width, table.head_rows) == (9, 4, 0)
    assert {c.text: c.column_span for c in table.cells if c.kind is CellKind.HEADING} == {
        "第一项": 9,
        "第二项": 9,
    }
