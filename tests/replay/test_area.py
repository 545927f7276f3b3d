"""An area's report shared out: every part consistent and lived, all of them together the published one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.annual.check.support import clean_report

from gongkai.annual.form import form_for_year
from gongkai.annual.read import read_path
from gongkai.replay import CannotReplay, added_up, replay_area, share_out, unlike
from gongkai.rules.counting.area import Body, Level, count_area

from .support import CALENDAR, LAW, assert_lawful, counted, counts_back

SHARES = {"市本级": 46, "市直部门": 123, "县区": 123}


def test_shuangyashan_is_its_own_level_its_departments_and_its_counties(
    real_reports: dict[str, Path],
) -> None:
    (report,) = read_path(real_reports["004"])
    parts = share_out(report, SHARES, seed=1)
    assert {body: part.value("requests.new.total") for body, part in parts.items()} == SHARES
    assert unlike(report, added_up(list(parts.values()))) == ()
    years = replay_area(parts, seed=1, law=LAW, calendar=CALENDAR)
    for made in years.values():
        assert made.differences == ()
        assert counts_back(made) == ()
        assert_lawful(made)
    counts = {body: counted(made) for body, made in years.items()}
    bodies = [
        Body("市本级", None, Level.GOVERNMENT),
        Body("市直部门", "市本级", Level.DEPARTMENT),
        Body("县区", "市本级", Level.GOVERNMENT),
    ]
    rules = counts["市本级"].rules
    area = count_area(bodies, counts, root="市本级", year=2024, rules=rules)
    assert unlike(report, area.area.report) == ()
    assert area.own.report.value("requests.new.total") == 46


@pytest.mark.parametrize("year", [2020, 2022])
def test_any_report_is_shared_out_in_consistent_parts(year: int) -> None:
    report = replace(clean_report(form_for_year(year), seed=year), year=year)
    total = int(report.value("requests.new.total") or 0)
    parts = share_out(report, {"a": total - 7, "b": 7, "c": 0}, seed=3)
    whole = added_up(list(parts.values()))
    assert unlike(report, whole) == ()
    for made in replay_area(parts, seed=3, law=LAW, calendar=CALENDAR).values():
        assert made.differences == ()
        assert counts_back(made) == ()


def test_the_same_seed_shares_out_the_same_way() -> None:
    report = replace(clean_report(form_for_year(2022), seed=1), year=2022)
    total = int(report.value("requests.new.total") or 0)
    wanted = {"a": total - 7, "b": 7}
    first, second = share_out(report, wanted, seed=3), share_out(report, wanted, seed=3)
    assert {b: p.cells for b, p in first.items()} == {b: p.cells for b, p in second.items()}


@pytest.mark.parametrize("requests", [{}, {"a": 1}, {"a": -1, "b": 10**6}])
def test_shares_that_do_not_add_up_are_refused(requests: dict[str, int]) -> None:
    report = replace(clean_report(form_for_year(2022), seed=1), year=2022)
    with pytest.raises(CannotReplay) as caught:
        share_out(report, requests, seed=1)
    assert caught.value.code == "shares"


def test_reports_of_two_editions_cannot_be_added() -> None:
    with pytest.raises(ValueError, match="one edition"):
        added_up([clean_report(form_for_year(2020)), clean_report(form_for_year(2022))])
