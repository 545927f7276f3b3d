"""Reports written in every kind and read back have identical tables."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.annual.generate.content import Dice, clean
from tests.annual.generate.damage import DAMAGES
from tests.annual.generate.judge import squeezed
from tests.annual.generate.shapes import SHAPES

from gongkai.annual.check import check
from gongkai.annual.findings import Severity
from gongkai.annual.model import CellState, Report, tables_of
from gongkai.annual.read import read_bytes, read_path
from gongkai.annual.write import write

KINDS = ("html", "docx", "pdf", "xlsx", "json")
REAL = ("000", "001", "002", "003", "004")
SEEDS = (701, 702, 703, 704)


def generated(seed: int, damage: str | None = None) -> Report:
    """A generated report as read from a web page."""
    draft = clean(seed, ("2019", "2021")[seed % 2])
    if damage is not None:
        draft = DAMAGES[damage].apply(draft, Dice(seed))
    (report,) = read_bytes(SHAPES["html"].write(draft))
    return report


def back(report: Report, kind: str) -> Report:
    """The report written in that kind and read again."""
    (again,) = read_bytes(write(report, kind), source=f"{report.source}.{kind}")
    return again


def assert_same(first: Report, second: Report) -> None:
    """The same edition, tables, blanks, body and year."""
    assert second.form.edition == first.form.edition
    assert tables_of(second) == tables_of(first)
    for path in first.form.cells:
        one, two = first.cell(path), second.cell(path)
        assert (one.value is None) == (two.value is None), path
        if one.state in (CellState.VALUE, CellState.BLANK):
            assert two.state is one.state, f"{path}: {one} became {two}"
    assert second.year == first.year
    assert second.body == first.body


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("number", REAL)
def test_a_real_report_survives(number: str, kind: str, real_reports: dict[str, Path]) -> None:
    (report,) = read_path(real_reports[number])
    assert_same(report, back(report, kind))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_generated_report_survives_with_its_text(seed: int, kind: str) -> None:
    report = generated(seed)
    again = back(report, kind)
    assert_same(report, again)
    assert again.notice == report.notice
    assert again.period == report.period
    for section in ("1", "5", "6"):
        assert squeezed(again.sections[section]) == squeezed(report.sections[section])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "damage",
    ["blanks", "all_blank_zeroes", "marks_for_nothing", "thousands_commas", "signed_changes", "amount_units"],
)
def test_blanks_and_odd_values_survive(damage: str, kind: str) -> None:
    edition = DAMAGES[damage].edition
    seed = 712 if edition == "2019" else 713
    report = generated(seed, damage)
    assert_same(report, back(report, kind))


@pytest.mark.parametrize("kind", KINDS)
def test_the_row_of_the_other_edition_survives(kind: str) -> None:
    report = generated(721, "other_row_in_2021")
    assert [p for p in report.form.alternates if p in report.cells]
    assert_same(report, back(report, kind))


@pytest.mark.parametrize("kind", KINDS)
def test_a_published_wrong_sum_is_written_as_published(kind: str) -> None:
    report = generated(731)
    path = "requests.total.natural_person"
    wrong = report.with_values({path: 99999})
    again = back(wrong, kind)
    assert again.value(path) == 99999
    assert check(again).count(Severity.ERROR) == check(wrong).count(Severity.ERROR)


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_written_is_clean_where_the_report_was(kind: str) -> None:
    report = generated(741)
    assert not [f for f in check(back(report, kind)).findings if f.severity is not Severity.NOTE]


@pytest.mark.parametrize("kind", KINDS)
def test_writing_twice_gives_the_same_tables(kind: str) -> None:
    report = generated(751)
    once = back(report, kind)
    assert_same(once, back(once, kind))


def test_the_samples_of_the_package_survive() -> None:
    folder = Path(__file__).resolve().parents[2] / "src" / "gongkai" / "annual" / "samples"
    files = [f for f in sorted(folder.iterdir()) if f.is_file() and not f.name.startswith(("_", "."))]
    samples = [r for f in files if f.suffix != ".py" for r in read_path(f)]
    for report in samples:
        for kind in KINDS:
            assert_same(report, back(report, kind))
