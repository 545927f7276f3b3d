"""What the package carries for the demonstration, and where it refuses to be loaded."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings
from tests.platform.conftest import Place

from gongkai.annual.read import read_path
from gongkai.platform.cases.letters.kinds import LETTERS
from gongkai.platform.core.bases import known_calendar
from gongkai.platform.core.models import Body
from gongkai.platform.core.present import SHANGHAI
from gongkai.platform.demonstration.anew import anew
from gongkai.platform.demonstration.bodies import below, demo_bodies, lived, logins
from gongkai.platform.demonstration.loading import DayOutside, NotADemonstration, NotEmpty, load_demonstration
from gongkai.platform.demonstration.published import REPORTS, figures_of, report_of
from gongkai.platform.demonstration.rebuilding import rebuild
from gongkai.platform.demonstration.words import letter_fields, told_of
from gongkai.rules.cases.clock import ClockState
from gongkai.rules.cases.clocks import deadlines
from gongkai.rules.cases.fold import fold
from gongkai.rules.event import Event
from gongkai.rules.law import load_law
from gongkai.rules.workdays import load_calendar

NUMBERS = {
    "pingyang-2021": "000",
    "hengshan-2023": "001",
    "ducheng-2020": "002",
    "jiangxi-office-2019": "003",
    "shuangyashan-2024": "004",
}


@pytest.mark.parametrize("name", REPORTS)
def test_the_figures_are_those_of_the_published_report(name: str, real_reports: dict[str, Path]) -> None:
    (printed,) = read_path(real_reports[NUMBERS[name]])
    carried = report_of(name)
    assert {p: (c.state, c.value) for p, c in carried.cells.items()} == {
        p: (c.state, c.value) for p, c in printed.cells.items()
    }
    assert [r.values for r in carried.remnants] == [r.values for r in printed.remnants]
    assert (carried.body, carried.year) == (printed.body, printed.year)


@pytest.mark.parametrize("name", REPORTS)
def test_no_sentence_of_a_report_is_carried(name: str) -> None:
    report = report_of(name)
    assert not report.sections
    assert report.contact.phone is None
    chinese = set(re.findall(r"[一-鿿]+", figures_of(name).decode()))
    assert chinese <= {report.body, "萬"}  # an amount as it was printed


def test_the_requests_of_the_bodies_add_up_to_the_reports() -> None:
    for root in lived():
        report = report_of(str(root.report))
        assert sum(body.requests for body in below(root)) == report.value("requests.new.total")


def test_accounts_have_different_names() -> None:
    names = [login.username for body in demo_bodies() for login in logins(body)]
    assert len(names) == len(set(names))


def test_the_same_case_is_always_told_in_the_same_way() -> None:
    first = told_of("case-0000000001", "natural_person")
    assert told_of("case-0000000001", "natural_person") == first
    assert told_of("case-0000000002", "natural_person") != first
    assert first.applicant.name[0] in "甲乙丙丁戊己庚辛壬癸"
    assert first.applicant.name[1] in "子丑寅卯辰巳午未申酉戌亥"


GIVEN = frozenset({"name", "how_to_pay", "earlier_number", "earlier_date"})
"""Fields that a letter of the demonstration has from the case or the body."""


@pytest.mark.parametrize("key", [key for key, kind in LETTERS.items() if kind.outcome])
def test_every_reply_has_words_for_what_an_officer_fills_in(key: str) -> None:
    told = told_of("case-0000000001", "natural_person")
    fields = letter_fields(key, told, {"method": "post"}, "case-0000000001", 1)
    wanted = {field.key for field in LETTERS[key].fields if field.required}
    assert wanted <= set(fields) | GIVEN
    assert all(fields.values())
    assert not any("{" in said for said in fields.values())
    assert letter_fields(key, told, {"method": "post"}, "case-0000000001", 1) == fields


def test_every_letter_that_an_act_brings_has_words() -> None:
    told = told_of("case-0000000001", "business")
    for key, kind in LETTERS.items():
        if kind.event and kind.automatic and not kind.outcome:
            wanted = {field.key for field in kind.fields if field.required}
            assert wanted <= set(letter_fields(key, told, {}, "case-0000000001", 1)) | GIVEN, key


def test_cases_handled_anew_keep_the_desk_busy_on_every_day_of_the_year() -> None:
    law, calendar = load_law(), load_calendar()
    cases: dict[str, list[Event]] = {}
    for line in anew(2024, seed=1, calendar=calendar):
        events = cases.setdefault(line.stream, [])
        events.append(
            Event(
                line.kind, line.occurred_on, line.payload, line.stream, len(events) + 1, recorded_at=line.at
            )
        )
    day, missing = date(2024, 1, 1), list[tuple[date, str]]()
    while day <= date(2024, 12, 31):
        found = set[str]()
        for events in cases.values():
            known = [e for e in events if e.recorded_at and e.recorded_at.astimezone(SHANGHAI).date() <= day]
            state = fold(known)
            if not known or not state.reply_owed:
                continue
            clock = deadlines(state, law, known_calendar(day), day).get("reply")
            assert clock is not None
            found |= {clock.state.value, "provisional" if clock.provisional else ""}
        wanted = {ClockState.OVERDUE.value, ClockState.PAUSED.value, ClockState.RUNNING.value, "provisional"}
        missing += [(day, word) for word in wanted - found]
        day += timedelta(days=1)
    assert missing == []


@pytest.mark.django_db
def test_nothing_invented_is_loaded_into_an_office_s_database(settings: Settings) -> None:
    settings.DEMONSTRATION = False
    with pytest.raises(NotADemonstration):
        load_demonstration()
    with pytest.raises(NotADemonstration):
        rebuild(day=date(2024, 12, 31))
    assert not Body.objects.exists()


def test_nothing_is_loaded_beside_other_bodies(county: Place) -> None:
    with pytest.raises(NotEmpty):
        load_demonstration()
    assert Body.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("day", [date(2023, 12, 31), date(2026, 1, 1)])
def test_a_day_outside_the_script_is_refused(day: date) -> None:
    with pytest.raises(DayOutside):
        load_demonstration(day=day)
    assert not Body.objects.exists()
