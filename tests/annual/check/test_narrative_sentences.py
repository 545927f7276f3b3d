"""Sentences a lawyer can read, each with what must and what must not be found in it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

import pytest
import yaml

from gongkai.annual.check.narrative import narrative_checks
from gongkai.annual.findings import catalogue, describe
from gongkai.annual.form import form_for_edition
from gongkai.annual.model import Cell, CellState, Report

DATA = yaml.safe_load((Path(__file__).parent / "narrative_sentences.yaml").read_text(encoding="utf-8"))
CASES = DATA["sentences"]


def report_of(name: str, text: str = "") -> Report:
    """The report of that name in the data, with the text as its section one."""
    data = DATA["reports"][name]
    form = form_for_edition(data["edition"])
    zero = Cell(CellState.VALUE, 0, "0")
    report = Report(
        form,
        MappingProxyType(dict.fromkeys(form.cells, zero)),
        body=data["body"],
        year=data["year"],
        sections=MappingProxyType({"1": text}),
    )
    values = {p: Decimal(str(v)) if isinstance(v, float) else v for p, v in data["cells"].items()}
    return report.with_values(values)


@pytest.mark.parametrize("case", CASES, ids=[c["name"] for c in CASES])
def test_a_sentence_gives_what_it_should_and_nothing_else(case: dict) -> None:
    report = report_of(case.get("beside", "usual"), case["text"])
    last = report_of("last") if case.get("last") else None
    findings, matches = narrative_checks(report, last)
    assert [f"{f.code} {f.severity}" for f in findings] == case.get("find", [])
    made = [f"{m.concept} {m.figure} {m.verdict}" for m in matches]
    for wanted in case.get("match", []):
        assert wanted in made


@pytest.mark.parametrize("case", CASES, ids=[c["name"] for c in CASES])
def test_every_figure_is_marked_where_it_stands_in_the_printed_text(case: dict) -> None:
    report = report_of(case.get("beside", "usual"), case["text"])
    findings, matches = narrative_checks(report, None)
    for match in matches:
        shown = case["text"][match.span.start : match.span.end]
        assert shown and not shown.startswith((",", "，", "。")) and shown == shown.strip()
    for found in findings:
        assert found.spans
        for language in ("zh", "en"):
            assert "…" not in describe(found, language=language).replace("“…", "“"), "a slot is not filled"


def test_at_least_half_of_the_sentences_are_to_stay_silent() -> None:
    silent = [c for c in CASES if not c.get("find")]
    assert len(CASES) >= 120
    assert len(silent) * 2 >= len(CASES)


def test_every_narrative_code_of_the_catalogue_is_raised_by_some_sentence() -> None:
    raised = {f.split()[0] for c in CASES for f in c.get("find", [])}
    assert raised == {code for code in catalogue() if code.startswith("AR-N-")}
