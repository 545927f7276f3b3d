"""The shipped parameters: every one against a table, on the first day of each and on the day before."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from gongkai.rules.law import Kind, LocalRule, Mark, NoRuleInForce, UnknownParameter, load_law
from gongkai.rules.vocabulary import Outcome

LAW = load_law()
TABLE: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent / "parameters.yaml").read_text(encoding="utf-8")
)
SCHEDULES_AND_LISTS = {"fee_per_case", "fee_per_page", "reconsideration_first"}
DAY = date(2026, 3, 1)
KEYS = sorted(LAW.keys())


def test_the_table_has_every_parameter() -> None:
    assert set(TABLE) | SCHEDULES_AND_LISTS == set(KEYS)


@pytest.mark.parametrize("key", TABLE)
def test_value_unit_mark_and_citation(key: str) -> None:
    value, unit, mark, since, citation, *_first = TABLE[key]
    rule = LAW.rule(key, on=DAY)
    assert type(rule.value) is type(value)
    assert rule.value == value
    assert (rule.unit.value, rule.mark.value, rule.effective_from) == (unit, mark, since)
    assert LAW.cite(key, on=DAY) == citation
    assert rule.local_source is None


@pytest.mark.parametrize("key", KEYS)
def test_nothing_is_answered_before_the_first_day(key: str) -> None:
    first = LAW.parameter(key).values[0].effective_from
    if key in TABLE:
        assert first == (TABLE[key][5] if len(TABLE[key]) > 5 else TABLE[key][3])
    LAW.value(key, on=first)
    before = first - timedelta(days=1)
    for ask in (LAW.value, LAW.rule, LAW.cite):
        with pytest.raises(NoRuleInForce) as raised:
            ask(key, on=before)
        assert (raised.value.key, raised.value.on) == (key, before)
        assert key in str(raised.value)
        assert before.isoformat() in str(raised.value)


def test_refusals_go_to_reconsideration_first_from_2024() -> None:
    assert LAW.value("reconsideration_first", on=date(2023, 12, 31)) == ()
    first = LAW.outcomes("reconsideration_first", on=date(2024, 1, 1))
    assert first == {
        o.value for o in Outcome if o.value.startswith("denied_") and o is not Outcome.DENIED_INQUIRY
    }
    assert LAW.cite("reconsideration_first", on=date(2024, 1, 1)) == "《行政复议法》第二十三条第一款第四项"


def test_the_unit_of_a_period_may_change_with_the_law() -> None:
    assert LAW.rule("defence_reconsideration_period", on=date(2023, 12, 31)).unit.value == "day"
    assert LAW.rule("defence_reconsideration_period", on=date(2024, 1, 1)).unit.value == "working_day"


def test_an_unknown_key_is_not_guessed() -> None:
    for ask in (LAW.value, LAW.rule, LAW.cite):
        with pytest.raises(UnknownParameter, match="reply_perod"):
            ask("reply_perod", on=DAY)
    with pytest.raises(UnknownParameter):
        LAW.parameter("reply_perod")


def test_typed_questions_refuse_another_kind() -> None:
    assert LAW.number("confirmation_period", on=DAY) == 0
    assert LAW.switch("exclusion_counts_sent_day", on=DAY) is False
    assert LAW.choice("report_due_department", on=DAY) == "01-31"
    for ask, key in (
        (LAW.number, "agency_period"),  # no limit is not a number
        (LAW.number, "web_auto_confirm"),
        (LAW.switch, "confirmation_period"),  # 0 is not false
        (LAW.choice, "reply_period"),
        (LAW.outcomes, "fee_clock"),
    ):
        with pytest.raises(TypeError, match=key):
            ask(key, on=DAY)


@pytest.mark.parametrize("key", KEYS)
def test_a_verified_period_is_not_a_setting(key: str) -> None:
    """What the law says in so many words may at most be kept to more strictly."""
    parameter = LAW.parameter(key)
    if parameter.kind in (Kind.PERIOD, Kind.MONTH_DAY, Kind.SCHEDULE) and (
        parameter.values[-1].mark is Mark.VERIFIED
    ):
        assert parameter.local is not LocalRule.SETTING


@pytest.mark.parametrize("key", KEYS)
def test_every_instrument_was_in_force_when_its_rule_began(key: str) -> None:
    for value in LAW.parameter(key).values:
        instrument = LAW.instruments()[value.instrument]
        if instrument.in_force_from is not None:
            assert instrument.in_force_from <= value.effective_from


def test_what_is_not_modelled_stands_beside_its_article() -> None:
    entries = LAW.not_modelled()
    articles = {e.article for e in entries if e.instrument == "ogi_regulation_2019"}
    assert {"14", "16", "30", "33", "35", "38", "39"} <= articles
    assert all(e.part and e.reason and e.instrument in LAW.instruments() for e in entries)
    assert len(set(entries)) == len(entries)
