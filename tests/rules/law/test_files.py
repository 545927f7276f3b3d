"""A parameter file that does not hold together is refused when it is loaded, by name."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from gongkai.rules.law import Law, LawError, NoRuleInForce, article_zh, citation_zh
from gongkai.rules.law.cite import numeral
from gongkai.rules.law.loading import parse_parameter

REFERENCE = {"instrument": "i", "article": 1}


def parameter(**changes: Any) -> dict[str, Any]:
    data: dict[str, Any] = {
        "key": "k",
        "label_zh": "期限",
        "kind": "period",
        "unit": "day",
        "local": "fixed",
        "checked_on": date(2026, 1, 1),
        "not_modelled": [],
        "values": {date(2020, 1, 1): {"value": 20, "reference": REFERENCE, "mark": "V"}},
    }
    return {key: value for key, value in {**data, **changes}.items() if value is not ...}


def dated(value: Any, **changes: Any) -> dict[date, Any]:
    return {date(2020, 1, 1): {"value": value, "reference": REFERENCE, "mark": "V", **changes}}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"unit": ...}, "missing key 'unit'"),
        ({"unit": "week"}, "week"),
        ({"kind": "wish"}, "wish"),
        ({"colour": 1}, "unknown keys"),
        ({"values": {}}, "needs a value"),
        ({"values": {"2020": {}}}, "keyed by date"),
        ({"values": dated(20, since=1)}, "unknown keys"),
        ({"values": dated(20, mark="V3")}, "V3"),
        ({"values": dated(True)}, "True is no period"),
        ({"values": dated(-1)}, "-1 is no period"),
        ({"values": dated(None)}, "None is no period"),
        ({"values": dated("20")}, "'20' is no period"),
        ({"kind": "switch", "values": dated(0)}, "0 is no switch"),
        ({"kind": "choice", "values": dated("a")}, "choices belong to a choice"),
        ({"choices": {"a": "甲"}}, "choices belong to a choice"),
        ({"kind": "choice", "choices": {"a": "甲"}, "values": dated("b")}, "'b' is no choice"),
        ({"kind": "month_day", "values": dated("1-31")}, "no month_day"),
        ({"kind": "schedule", "values": dated([{"first": 2, "last": None, "rate": "1"}])}, "no schedule"),
        ({"kind": "schedule", "values": dated([{"first": 1, "last": 9, "rate": "1"}])}, "no schedule"),
        ({"local": "stricter"}, "maximum or a minimum"),
    ],
)
def test_a_file_that_does_not_hold_together(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(LawError, match=said) as raised:
        parse_parameter(parameter(**changes), topic="t", name="k.yaml")
    assert str(raised.value).startswith("k.yaml: ")


def test_a_rule_that_ended_without_a_successor_is_not_answered() -> None:
    data = parameter(values=dated(20, until=date(2021, 12, 31)))
    law = Law({"k": parse_parameter(data, topic="t", name="k.yaml")}, {})
    assert law.value("k", on=date(2021, 12, 31)) == 20
    with pytest.raises(NoRuleInForce, match="2022-01-01"):
        law.value("k", on=date(2022, 1, 1))


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "一"), (10, "十"), (15, "十五"), (20, "二十"), (33, "三十三"), (100, "一百"), (101, "一百零一"),
        (110, "一百一十"), (115, "一百一十五"), (205, "二百零五"), (999, "九百九十九"),
    ],
)  # fmt: skip
def test_numerals_of_articles(number: int, words: str) -> None:
    assert numeral(number) == words


@pytest.mark.parametrize("number", [0, -1, 1000])
def test_no_article_has_such_a_number(number: int) -> None:
    with pytest.raises(ValueError, match=str(number)):
        numeral(number)


def test_articles_paragraphs_and_items() -> None:
    assert article_zh("33") == "第三十三条"
    assert article_zh("23.1.4") == "第二十三条第一款第四项"
    assert article_zh("31..3") == "第三十一条第三项"
    assert article_zh("30,33") == "第三十条、第三十三条"
    assert citation_zh("行政复议法", None) == "《行政复议法》"
    assert citation_zh("《关于某事的意见》实施细则", "2") == "《关于某事的意见》实施细则第二条"
