"""Every counting rule that leaves a choice changes a number when only its choice changes."""

from __future__ import annotations

from typing import Any

import pytest
from tests.rules.independent.compare import ledger_of
from tests.rules.independent.years import BODY

from gongkai.rules.counting import LocalRule, SealedYear, count, default_rules

CHOICES = [
    pytest.param(rule.id, choice, id=f"{rule.id}-{choice}")
    for rule in (default_rules()[key] for key in default_rules().rules)
    for choice in rule.choices
    if choice != rule.default
]
YEARS = range(2022, 2026)


def numbers(seed: int, year: int, form: str, rules: Any) -> dict[str, object]:
    events = ledger_of(seed).events
    # The year before was sealed in the middle of its entries, so that some acts are late.
    before = [event.position for event in events if event.occurred_on.year <= year - 1]
    sealed = [SealedYear(year - 1, max(before) // 2)] if before else []
    found = count(events, body=BODY, year=year, form=form, rules=rules, sealed=sealed)
    again = count(events, body=BODY, year=year - 1, form=form, rules=rules, sealed=sealed)
    cells = found.report.form.cells
    return {
        f"{which} {path}": one.report.value(path)
        for which, one in (("this", found), ("last", again))
        for path in cells
    }


@pytest.mark.parametrize(("rule", "choice"), CHOICES)
def test_a_choice_changes_a_number(rule: str, choice: str) -> None:
    other = default_rules().with_local(LocalRule(rule, choice, "某省填报说明"))
    assert any(
        numbers(seed, year, form, default_rules()) != numbers(seed, year, form, other)
        for form in ("2021", "2019")
        for seed in range(12)
        for year in YEARS
    )


def test_there_are_choices_to_try() -> None:
    assert len(CHOICES) >= 10
