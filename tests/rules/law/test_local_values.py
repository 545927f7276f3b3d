"""A body's own values: stricter where the law limits, free where it leaves open, none over others' rights."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.rules.law import Law, LocalValue, LocalValueRefused, UnknownParameter, Value, load_law
from gongkai.rules.law.loading import parse_parameter

LAW = load_law()
SINCE = date(2024, 3, 1)
SOURCE = "《某县政府信息公开工作办法》第八条"


def own(key: str, value: Value, since: date = SINCE, kind: str = "setting", source: str = SOURCE) -> Law:
    return LAW.with_local([LocalValue(key, value, since, source, kind)])


def test_a_stricter_period_holds_from_its_day_and_is_cited_after_the_law() -> None:
    law = own("reply_period", 15, kind="stricter")
    assert law.value("reply_period", on=date(2024, 2, 29)) == 20
    assert law.value("reply_period", on=SINCE) == 15
    rule = law.rule("reply_period", on=SINCE)
    assert (rule.local_source, rule.effective_from) == (SOURCE, SINCE)
    assert law.cite("reply_period", on=SINCE) == f"《政府信息公开条例》第三十三条、{SOURCE}"
    assert LAW.value("reply_period", on=SINCE) == 20  # the law itself has not changed
    assert law.local[0].value == 15


@pytest.mark.parametrize(
    ("key", "value", "kind", "reason"),
    [
        ("reply_period", 20, "stricter", "not_stricter"),
        ("reply_period", 21, "stricter", "not_stricter"),
        ("reply_period", 21, "setting", "not_stricter"),
        ("reply_period", 0, "stricter", "not_stricter"),
        ("reply_period", True, "stricter", "not_allowed"),
        ("reply_period", None, "stricter", "not_allowed"),
        ("reply_period", -1, "stricter", "not_allowed"),
        ("draft_comment_days", 29, "stricter", "not_stricter"),
        ("log_retention_months", 3, "stricter", "not_stricter"),
        ("report_due_department", "02-10", "stricter", "not_stricter"),
        ("report_due_department", "02-30", "stricter", "not_allowed"),
        ("third_party_period", 10, "stricter", "fixed"),
        ("reconsideration_period", 30, "stricter", "fixed"),
        ("fee_per_case", 5, "setting", "fixed"),
        ("fee_clock", "pause", "setting", "not_allowed"),
        ("web_auto_confirm", 1, "setting", "not_allowed"),
        ("web_auto_confirm", False, "wish", "not_allowed"),
        ("agency_period", "ten", "setting", "not_allowed"),
        ("correction_response_period", 20, "stricter", "not_stricter"),
    ],
)
def test_what_a_body_may_not_set(key: str, value: Value, kind: str, reason: str) -> None:
    with pytest.raises(LocalValueRefused) as raised:
        own(key, value, kind=kind)
    assert isinstance(raised.value, ValueError)
    assert (raised.value.key, raised.value.reason) == (key, reason)
    assert str(raised.value).startswith(f"{key}: ")


@pytest.mark.parametrize(
    ("key", "value", "kind"),
    [
        ("draft_comment_days", 45, "stricter"),
        ("report_due_department", "01-20", "stricter"),
        ("agency_period", 10, "setting"),
        ("agency_period", 10, "stricter"),
        ("correction_response_period", 20, "setting"),
        ("correction_response_period", 10, "stricter"),
        ("correction_clock_from", "request", "setting"),
        ("web_auto_confirm", False, "setting"),
        ("normative_validity", 5, "setting"),
        ("normative_validity", None, "setting"),
    ],
)
def test_what_a_body_may_set(key: str, value: Value, kind: str) -> None:
    law = own(key, value, kind=kind)
    assert law.value(key, on=SINCE) == value
    assert law.rule(key, on=SINCE).local_source == SOURCE


def test_a_local_value_needs_a_source_and_a_law() -> None:
    with pytest.raises(LocalValueRefused) as raised:
        own("agency_period", 10, source="  ")
    assert raised.value.reason == "no_source"
    with pytest.raises(LocalValueRefused) as raised:
        own("reply_period", 10, since=date(2019, 5, 14))
    assert raised.value.reason == "not_in_force"
    with pytest.raises(UnknownParameter):
        own("reply_perod", 10)


def test_a_later_local_value_follows_an_earlier_one_and_may_be_looser_than_it() -> None:
    law = own("reply_period", 10).with_local([LocalValue("reply_period", 15, date(2025, 1, 1), "新办法")])
    assert [law.value("reply_period", on=date(y, 6, 1)) for y in (2023, 2024, 2025)] == [20, 10, 15]
    assert len(law.local) == 2
    with pytest.raises(LocalValueRefused):
        law.with_local([LocalValue("reply_period", 25, date(2025, 6, 1), "更新的办法")])


def test_the_law_overtakes_a_local_value_that_is_no_longer_stricter() -> None:
    data = {
        "key": "k", "label_zh": "期限", "kind": "period", "unit": "day", "local": "stricter",
        "limit": "maximum", "checked_on": date(2026, 1, 1), "not_modelled": [],
        "values": {
            date(2020, 1, 1): {"value": 20, "reference": {"instrument": "i", "article": 1}, "mark": "V"},
            date(2025, 1, 1): {"value": 10, "reference": {"instrument": "i", "article": 2}, "mark": "V"},
        },
    }  # fmt: skip
    law = Law({"k": parse_parameter(data, topic="t", name="k.yaml")}, {})
    local = law.with_local([LocalValue("k", 15, date(2022, 1, 1), "办法", "stricter")])
    days = [date(2021, 6, 1), date(2022, 1, 1), date(2024, 12, 31), date(2025, 1, 1)]
    assert [local.value("k", on=d) for d in days] == [20, 15, 15, 10]
