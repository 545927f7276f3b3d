"""What the narratives of five published reports must give, and what must stay silent in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongkai.annual.check.narrative import narrative_checks
from gongkai.annual.findings import Severity
from gongkai.annual.read import read_path

# Every narrative finding of each report: the hard ones, and nothing else.
FINDINGS = {
    "000": ["AR-N-051"],
    "001": [],
    "002": [],
    "003": ["AR-N-042"],
    "004": [],
}

# What was checked by hand and agrees.
AGREEING = {
    "000": {
        ("requests_received", 122),
        ("requests_closed", 122),
        ("reconsideration", 1),
        ("remedies_pending", 1),
        ("litigation", 8),
        ("remedies_upheld", 8),
        ("remedies_corrected", 0),
        ("normative_made", 14),
        ("breakdown", 28),
        ("shares", 100),
    },
    "001": set(),
    "002": {("requests_received", 1), ("requests_closed", 1)},
    "003": {
        ("regulations_made", 11),
        ("normative_made", 83),
        ("requests_handled", 157),
        ("reconsideration", 1),
        ("litigation", 5),
    },
    "004": {("requests_handled", 292), ("breakdown", 292), ("breakdown", 258), ("share", 14)},
}


@pytest.mark.parametrize("number", sorted(FINDINGS))
def test_a_real_report_gives_its_hard_findings_and_no_other(
    real_reports: dict[str, Path], number: str
) -> None:
    (report,) = read_path(real_reports[number])
    findings, _ = narrative_checks(report, None)
    assert [f.code for f in findings] == FINDINGS[number]
    assert all(f.severity is not Severity.ERROR for f in findings)


@pytest.mark.parametrize("number", sorted(AGREEING))
def test_what_agrees_in_a_real_report_is_told_as_agreeing(real_reports: dict[str, Path], number: str) -> None:
    (report,) = read_path(real_reports[number])
    _, matches = narrative_checks(report, None)
    holding = {(m.concept, m.figure) for m in matches if m.verdict == "holds"}
    assert AGREEING[number] <= holding


def test_a_growth_that_is_possible_names_the_number_of_last_year(real_reports: dict[str, Path]) -> None:
    (report,) = read_path(real_reports["003"])
    _, matches = narrative_checks(report, None)
    (growth,) = [m for m in matches if m.concept == "growth_rate" and m.verdict == "cannot_tell"]
    assert growth.against == 115


def test_a_wrong_figure_in_a_real_report_is_found_wherever_it_is_put(real_reports: dict[str, Path]) -> None:
    (report,) = read_path(real_reports["000"])
    for path, code in (
        ("litigation_direct.total", "AR-N-012"),
        ("reconsideration.total", "AR-N-011"),
        ("litigation_direct.corrected", "AR-N-013"),
        ("proactive.normative_made", "AR-N-021"),
    ):
        value = report.value(path)
        assert isinstance(value, int)
        changed = report.with_values({path: value + 1})
        findings, _ = narrative_checks(changed, None)
        assert code in {f.code for f in findings}, path
