"""The tables on the page are the form's: every cell once, spans that fit, labels as printed; areas add up."""

from __future__ import annotations

from datetime import date

import pytest
from tests.platform.conftest import Place, make_body
from tests.platform.lists.conftest import LogsIn, acted, registered

from gongkai.annual.form import Form, builtin_forms, form_for_edition
from gongkai.annual.model import Cell, CellState, Report
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import NotPermitted
from gongkai.platform.reporting.selectors import running_figures, streams_behind
from gongkai.platform.reporting.tables import FigureRow, remedies_table, requests_table

FEBRUARY = date(2026, 2, 9)


def report_of(form: Form) -> Report:
    """A report in which every cell has a number of its own, and the last is blank."""
    cells = {path: Cell(CellState.VALUE, n, str(n)) for n, path in enumerate(form.cells)}
    cells[list(form.cells)[-1]] = Cell(CellState.BLANK)
    return Report(form, cells)


def width(rows: tuple[FigureRow, ...]) -> set[int]:
    """How wide each row is, cells that reach down from rows above it counted in."""
    widths: set[int] = set()
    reaching: list[tuple[int, int]] = []
    for row in rows:
        widths.add(sum(cell.column_span for cell in row) + sum(span for span, _left in reaching))
        reaching = [(span, left - 1) for span, left in reaching if left > 1]
        reaching += [(cell.column_span, cell.row_span - 1) for cell in row if cell.row_span > 1]
    assert not reaching
    return widths


@pytest.mark.parametrize("form", builtin_forms(), ids=lambda form: form.edition)
def test_every_cell_of_the_form_is_there_once_with_its_number(form: Form) -> None:
    report = report_of(form)
    for table in (requests_table(report), remedies_table(report)):
        found = [cell for row in table.rows for cell in row if cell.path]
        wanted = {path for path, spec in form.cells.items() if spec.grid == table.key}
        assert {cell.path for cell in found} == wanted and len(found) == len(wanted)
        for cell in found:
            assert cell.value == report.value(cell.path)
            assert cell.total == form.cells[cell.path].total
        assert len(width(table.head)) == 1
        assert width(table.rows) == width(table.head)


def test_labels_and_groups_are_the_form_s() -> None:
    table = requests_table(report_of(form_for_edition("2021")))
    rows = [[(cell.text, cell.css, cell.scope) for cell in row if cell.header] for row in table.rows]
    assert rows[0] == [("一、本年新收政府信息公开申请数量", "stick lab", "row")]
    assert rows[2] == [("三、本年度办理结果", "side", "rowgroup"), ("（一）予以公开", "stick lab", "row")]
    assert rows[4] == [("（三）不予公开", "grp", "rowgroup"), ("1.属于国家秘密", "stick lab", "row")]
    assert rows[5] == [("2.其他法律行政法规禁止公开", "stick lab", "row")]
    assert table.rows[3].cells[0].aside == "（区分处理的，只计这一情形，不计其他情形）"
    assert table.rows[4].cells[1].group == "（三）不予公开"
    assert [row.css for row in table.rows if row.css] == ["first", "first", "sumr", "first"]


def test_an_area_says_of_whom_it_is_made(county: Place, department: Place) -> None:
    registered(county, FEBRUARY)
    gone = registered(department, FEBRUARY)
    acted(department, gone, "request.withdrawn", FEBRUARY)
    customs = make_body("云溪海关", "云关", "department", county.body)
    Body.objects.filter(key=customs.body.key).update(vertical=True)
    registered(customs, FEBRUARY)
    shown = running_figures(body=county.body, year=2026, area=True, actor=county.actor("supervisor"))
    assert shown.parts is not None
    parts = [
        (part.body.name, part.level, part.received, part.finished, part.carried_out)
        for part in shown.parts.parts
    ]
    assert parts == [("云溪县人民政府", "本级", 1, 0, 1), ("云溪县水利局", "政府部门", 1, 1, 0)]
    assert shown.parts.reporting_upward == ("云溪海关",)
    total = {cell.path: cell.value for row in shown.tables[0].rows for cell in row}
    assert total["requests.new.total"] == 2


def test_who_sees_only_the_own_body_is_not_told_the_area_s_numbers(county: Place, department: Place) -> None:
    registered(department, FEBRUARY)
    for role in ("handler", "receiving_clerk", "approver"):
        actor = county.actor(role)
        assert not running_figures(body=county.body, year=2026, area=False, actor=actor).area
        with pytest.raises(NotPermitted):
            running_figures(body=county.body, year=2026, area=True, actor=actor)
        with pytest.raises(NotPermitted):
            streams_behind(body=county.body, year=2026, area=True, cell="requests.new.total", actor=actor)


def test_the_page_s_switch_is_there_for_those_alone_who_may_use_it(
    county: Place, department: Place, logs_in: LogsIn
) -> None:
    address = f"/desk/figures/{county.body.key}/2026/"
    assert "全区域" in logs_in(county, "report_author").get(address).content.decode()
    assert "全区域" not in logs_in(county, "handler").get(address).content.decode()
    assert logs_in(county, "handler").get(f"{address}?scope=area").status_code == 403
    assert (
        "全区域"
        not in logs_in(department, "supervisor")
        .get(f"/desk/figures/{department.body.key}/2026/")
        .content.decode()
    )


def test_notes_of_table_2_stay_away_and_no_note_names_a_key(county: Place) -> None:
    registered(county, FEBRUARY)
    shown = running_figures(body=county.body, year=2026, area=False, actor=county.actor("supervisor"))
    assert not any("proactive" in note or "normative" in note for note in shown.notes)


def test_a_report_author_knows_the_number_below_and_does_not_open_the_cases(
    county: Place, department: Place, logs_in: LogsIn
) -> None:
    registered(county, FEBRUARY, "本机关的档案")
    registered(department, FEBRUARY, "水利局的档案")
    address = f"/desk/figures/{county.body.key}/2026/requests.new.total/?scope=area"
    html = logs_in(county, "report_author").get(address).content.decode()
    assert "本机关的档案" in html and "水利局的档案" not in html and "另有 1 件" in html
    html = logs_in(county, "supervisor").get(address).content.decode()
    assert "本机关的档案" in html and "水利局的档案" in html
