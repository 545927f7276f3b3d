"""The calendars of a page's bodies are each body's own: its holidays and those of the bodies above it."""

from __future__ import annotations

from datetime import date

from tests.platform.conftest import Place

from gongkai.platform.core.bases import basis_for, calendars_of
from gongkai.platform.core.models import LocalHoliday


def test_many_at_once_are_the_same_as_one_by_one(county: Place, department: Place, foreign: Place) -> None:
    for place, day in (
        (county, date(2026, 3, 11)),
        (department, date(2026, 3, 12)),
        (foreign, date(2026, 3, 13)),
    ):
        LocalHoliday.objects.create(body=place.body, name="节", first=day, last=day, source="条例")
    bodies = [place.body for place in (county, department, foreign)]
    for known_on in (None, date(2026, 3, 3)):
        found = calendars_of(bodies, known_on=known_on)
        for body in bodies:
            alone = basis_for(body, known_on=known_on).calendar
            assert [found[body.key].is_workday(date(2026, 3, day)) for day in range(1, 32)] == [
                alone.is_workday(date(2026, 3, day)) for day in range(1, 32)
            ]
    assert not found[department.body.key].is_workday(date(2026, 3, 11))
    assert found[county.body.key].is_workday(date(2026, 3, 12))
