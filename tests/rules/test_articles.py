"""Every article that binds a case is tested or decided by hand, and cited of the right instrument."""

from __future__ import annotations

from tests.rules.scenario import read_scenarios

from gongkai.rules.law import load_law

BINDING = (26, 27, *range(29, 43), 44, 45, 49)
"""Articles of the Regulation from which a date, a state or an outcome of a case follows."""


def test_every_binding_article_has_a_scenario_or_is_decided_by_hand() -> None:
    tested = {article for scenario in read_scenarios() for article in scenario.articles}
    by_hand = {
        int(entry.article.split(".")[0])
        for entry in load_law().not_modelled()
        if entry.instrument == "ogi_regulation_2019"
    }
    missing = [n for n in BINDING if f"条例第{n}条" not in tested and n not in by_hand]
    assert missing == []


def test_what_stands_beside_a_parameter_is_of_an_instrument_of_that_parameter() -> None:
    law = load_law()
    for parameter in map(law.parameter, law.keys()):
        instruments = {value.instrument for value in parameter.values}
        assert {entry.instrument for entry in parameter.not_modelled} <= instruments, parameter.key
