"""Adding an edition needs a file and no code: an invented one is read, checked, localised and written."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.annual.generate.shapes import SHAPES
from tests.annual.generate.sheet import Draft, Heading, Item, Para, Sheets, heading_text, sheet_of

from gongkai.annual.check import check
from gongkai.annual.findings import Severity, Verdict
from gongkai.annual.form import Form, builtin_forms, form_for_edition, form_for_year, load_form
from gongkai.annual.localise import localise
from gongkai.annual.model import Number, Report
from gongkai.annual.read import read_bytes
from gongkai.annual.samples import sample_paths
from gongkai.annual.write import write
from gongkai.annual.write.check_page import check_page

VALUES = {
    "datasets.transport.open": 12,
    "datasets.transport.conditional": 3,
    "datasets.transport.total": 15,
    "datasets.climate.open": 40,
    "datasets.climate.conditional": 0,
    "datasets.climate.total": 40,
    "datasets.sum.open": 52,
    "datasets.sum.conditional": 3,
    "datasets.sum.total": 55,
}
NOTICE = "云政办试〔2031〕7号"
KINDS = ("html", "docx", "pdf", "xlsx", "json")


@pytest.fixture(scope="module")
def demo() -> Form:
    """The invented edition."""
    return load_form(Path(__file__).parent / "editions" / "demo.yaml")


def draft(form: Form, values: dict[str, Number | None]) -> Draft:
    """A report in that edition."""
    items: list[Item] = [
        Para("title", "云溪县2031年政府信息公开工作年度报告"),
        Para(
            "0",
            f"根据《关于试验报告格式的通知》({NOTICE})编制,统计期限为2031年1月1日至2031年12月31日。",
        ),
    ]
    for section in form.sections:
        items.append(Heading(section.id, heading_text(section)))
        if section.id != "2":
            items.append(Para(section.id, f"关于{section.label},云溪县已另行说明。"))
        items += [Sheets(section.id, (sheet_of(g, values),)) for g in form.grids if g.section == section.id]
    return Draft(form, tuple(items), values, "云溪县", 2031, NOTICE, ("2031-01-01", "2031-12-31"))


def read(form: Form, values: dict[str, Number | None], shape: str = "html") -> Report:
    """The report written in that shape and read with that form."""
    (report,) = read_bytes(SHAPES[shape].write(draft(form, values)), forms=[*builtin_forms(), form])
    return report


def test_the_edition_is_found_by_name_and_by_year(demo: Form) -> None:
    forms = [*builtin_forms(), demo]
    assert form_for_edition("demo", forms) is demo
    assert form_for_year(2031, [demo]) is demo
    assert list(demo.cells) == list(VALUES)
    assert len(demo.relations) == 6


@pytest.mark.parametrize("shape", [s for s in SHAPES if s not in ("json", "numbers_above")])
def test_it_is_read_from_every_shape(demo: Form, shape: str) -> None:
    report = read(demo, dict(VALUES), shape)
    assert report.form is demo
    assert {p: report.value(p) for p in demo.cells} == VALUES
    assert report.body == "云溪县"
    assert report.year == 2031


def test_it_is_read_among_no_other_forms(demo: Form) -> None:
    (report,) = read_bytes(SHAPES["html"].write(draft(demo, dict(VALUES))), forms=[demo])
    assert {p: report.value(p) for p in demo.cells} == VALUES


def test_it_is_checked(demo: Form) -> None:
    good = check(read(demo, dict(VALUES)))
    assert [r.verdict for r in good.relations] == [Verdict.HOLDS] * 6
    assert not good.count(Severity.ERROR)
    bad = check(read(demo, {**VALUES, "datasets.climate.open": 41}))
    failing = {r.relation.instance for r in bad.relations if r.verdict is Verdict.FAILS}
    assert failing == {"AR-T3-003:climate", "AR-T3-002:open"}
    assert {f.relation for f in bad.findings if f.severity is Severity.ERROR} == failing


@pytest.mark.parametrize("path", VALUES)
def test_a_changed_cell_fires_exactly_its_relations(demo: Form, path: str) -> None:
    report = read(demo, {**VALUES, path: VALUES[path] + 5})
    failing = {r.relation.instance for r in check(report).relations if r.verdict is Verdict.FAILS}
    assert failing == {r.instance for r in demo.relations_of(path)}


def test_the_error_is_localised(demo: Form) -> None:
    found = localise(read(demo, {**VALUES, "datasets.climate.open": 41}))
    assert found.cells == 1
    assert any(
        [(c.path, c.found, c.proposed) for c in r.changes] == [("datasets.climate.open", 41, 40)]
        for r in found.repairs
    )


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_written_and_read_back(demo: Form, kind: str) -> None:
    values: dict[str, Number | None] = {**VALUES, "datasets.climate.conditional": None}
    report = read(demo, values)
    (again,) = read_bytes(write(report, kind), forms=[*builtin_forms(), demo])
    assert again.form is demo
    assert {p: again.value(p) for p in demo.cells} == values


def test_its_check_page_shows_the_error(demo: Form) -> None:
    report = read(demo, {**VALUES, "datasets.climate.open": 41})
    page = check_page(check(report), localise(report))
    assert "气象监测数据" in page
    assert "41" in page


def test_an_added_edition_leaves_the_shipped_ones_readable(demo: Form) -> None:
    forms = [*builtin_forms(), demo]
    for path in sample_paths():
        data = path.read_bytes()
        alone, beside = read_bytes(data)[0], read_bytes(data, forms=forms)[0]
        assert beside.form.edition == alone.form.edition, path.name
        assert dict(beside.cells) == dict(alone.cells), path.name
        assert dict(beside.sections) == dict(alone.sections), path.name
