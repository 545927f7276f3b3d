"""The law of a case, scenario by scenario: ``tests/rules/scenarios`` is what a lawyer reads and reviews."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.rules.scenario import FOLDER, Scenario, acts, read_scenarios, values, words

import gongkai.rules.cases
from gongkai.rules.cases.clock import Clock
from gongkai.rules.cases.clocks import Deadlines, deadlines
from gongkai.rules.cases.decide import Judged, allowed, judge
from gongkai.rules.cases.remedy_clocks import add_months
from gongkai.rules.kinds import CASE_KINDS
from gongkai.rules.law import Law, LocalValue, load_law
from gongkai.rules.letters.remedies import ReplyBody, remedy_paragraph
from gongkai.rules.publishing import publish_clock
from gongkai.rules.refusal import refusals
from gongkai.rules.workdays import WorkCalendar, load_calendar

SCENARIOS = read_scenarios()
CASES = Path(gongkai.rules.cases.__file__).parent
ROADS = {"复议前置": "reconsideration_first", "复议或者诉讼": "either"}


def id_of(scenario: Scenario) -> str:
    return f"{scenario.file}:{scenario.name}"


def law_of(scenario: Scenario) -> Law:
    law = load_law()
    if not scenario.settings:
        return law
    return law.with_local(
        LocalValue(key, value, law.parameter(key).values[0].effective_from, "某县规定")
        for key, value in scenario.settings.items()
    )


def calendar_of(scenario: Scenario) -> WorkCalendar:
    calendar = load_calendar()
    if not scenario.local_days_off:
        return calendar
    return calendar.with_local(days_off=scenario.local_days_off, source="某自治州规定")


@pytest.mark.parametrize("scenario", SCENARIOS, ids=id_of)
def test_scenario(scenario: Scenario) -> None:
    law, calendar = law_of(scenario), calendar_of(scenario)
    judged = judge(scenario.events, law, calendar)
    found = tuple((refused.index, refused.refusal.code) for refused in judged.refusals)
    assert found == scenario.refused, [r.refusal.message() for r in judged.refusals]
    for refused in judged.refusals:
        assert refused.refusal.message("zh")
        assert refused.refusal.message("en")
    shown = deadlines(judged.state, law, calendar, scenario.as_of)
    for key, expected in scenario.expect.items():
        _look(key, expected, judged, shown, law, calendar)


def _look(
    key: str, expected: Any, judged: Judged, shown: Deadlines, law: Law, calendar: WorkCalendar
) -> None:
    match key:
        case "可以":
            may = allowed(judged.state)
            assert [name for name in expected if acts()[name] not in may] == []
        case "不可以":
            may = allowed(judged.state)
            assert [name for name in expected if acts()[name] in may] == []
        case "没有":
            running = {clock.clock for clock in shown.clocks}
            assert [name for name in expected if words()["clocks"][name] in running] == []
        case "救济":
            _look_at_remedies(expected, judged, law)
        case "期间":
            _look_at_period(expected, law, calendar)
        case "编号":
            assert judged.state.number == expected
        case _:
            _look_at_clock(key, expected, shown)


def _clock(key: str, shown: Deadlines) -> Clock | None:
    """``第三方期限（乙公司）`` names one party; ``原答复期限`` the last one that was superseded."""
    name, _, party = key.partition("（")
    party = party.removesuffix("）")
    clocks = shown.clocks
    if name.startswith("原"):
        name, clocks = name[1:], tuple(reversed(shown.earlier))
    wanted = words()["clocks"][name]
    return next((c for c in clocks if c.clock == wanted and party in ("", c.party)), None)


def _look_at_clock(key: str, expected: Mapping[str, Any], shown: Deadlines) -> None:
    clock = _clock(key, shown)
    assert clock is not None, f"{key}: no such clock among {[c.clock for c in shown.clocks]}"
    told = [step.text() for step in clock.steps]
    for word, value in expected.items():
        if word == "步骤":
            missing = [text for text in value if not any(text in step for step in told)]
            assert missing == [], told
            continue
        found = getattr(clock, words()["shown"][word])
        if word == "状态":
            value = words()["states"][value]
        elif value == "无":
            value = None
        elif word == "暂定":
            value = value == "是"
        assert found == value, f"{key} {word}: {found} is not {value}; {told}"


def _look_at_remedies(expected: Mapping[str, Any], judged: Judged, law: Law) -> None:
    reply = judged.state.replies[-1]
    body = ReplyBody(**{**words()["body"], **expected.get("机关", {})})
    paragraph = remedy_paragraph(reply.outcome, reply.issued_on, body, law)
    found = {
        "途径": paragraph.road.value,
        "复议机关": paragraph.authority,
        "法院": paragraph.court,
        "复议日数": paragraph.reconsideration_days,
        "起诉月数": paragraph.litigation_months,
        "复议后起诉日数": paragraph.litigation_after_days,
    }
    for word, value in expected.items():
        if word == "机关":
            continue
        if word == "途径":
            value = ROADS[value]
        assert found[word] == (None if value == "无" else value), word


def _look_at_period(expected: Mapping[str, Any], law: Law, calendar: WorkCalendar) -> None:
    """A period of the law that no case has a clock for: ``{规则: publish_period, 自: …, 届满: …}``."""
    start: date = expected["自"]
    if expected["规则"] == "publish_period":
        assert publish_clock(start, law, calendar, start).due_on == expected["届满"]
        return
    rule = law.rule(expected["规则"], on=start)
    if rule.unit == "none":
        month, day = str(rule.value).split("-")
        due = date(start.year + 1, int(month), int(day))
    else:
        length = int(str(rule.value))
        due = {
            "working_day": lambda: calendar.add(start, length),
            "day": lambda: start + timedelta(days=length),
            "month": lambda: add_months(start, length),
        }[rule.unit]()
    assert due == expected["届满"]


def test_there_are_enough_scenarios_and_their_names_are_unique() -> None:
    assert len(SCENARIOS) >= 150
    assert [name for name, count in Counter(s.name for s in SCENARIOS).items() if count > 1] == []
    assert {path.stem for path in FOLDER.glob("*")} == {s.file for s in SCENARIOS}


def test_every_scenario_asserts_something() -> None:
    assert [s.name for s in SCENARIOS if not s.expect and not s.refused] == []


def test_every_act_and_every_refusal_of_a_case_is_in_a_scenario() -> None:
    assert sorted(CASE_KINDS - {e.kind for s in SCENARIOS for e in s.events}) == []
    met = {code for s in SCENARIOS for _, code in s.refused}
    source = "".join(path.read_text(encoding="utf-8") for path in CASES.glob("*.py"))
    codes = set(re.findall(r'refuse\(\s*"(\w+)"', source))
    # Facts of other cases come with a command, not in a list of events; the last two are no acts of a case.
    assert sorted(codes - met - {"number_in_use", "no_repeat", "no_case_kind", "no_calendar"}) == []
    assert met <= set(refusals())


def test_words_have_one_meaning() -> None:
    labels = [name for name in values() if name in words()["states"] or name in words()["shown"]]
    assert labels == []
