"""Bodies are created where their level may stand, with a ledger, and end with a successor."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from tests.platform.conftest import Place

from gongkai.platform.core.actor import Actor
from gongkai.platform.core.bases import basis_for
from gongkai.platform.core.credit_code import is_credit_code
from gongkai.platform.core.models import AuditEntry, Body, LocalRule
from gongkai.platform.core.permissions import NotPermitted
from gongkai.platform.core.services import bodies
from gongkai.platform.ledger.models import LedgerHead

TOWN = {"name": "云溪县青禾镇人民政府", "short_name": "青公"}


def create(county: Place, actor: Actor, level: str = "township", **fields: object) -> Body:
    return bodies.create_body(level=level, parent=county.body, fields={**TOWN, **fields}, actor=actor)


def test_a_new_body_stands_below_its_parent_with_a_ledger_of_its_own(county: Place, system: Actor) -> None:
    town = create(county, system)
    assert town.path == f"{county.body.path}{town.key}/"
    assert LedgerHead.objects.filter(body=town.key, position=0).exists()
    assert AuditEntry.objects.get(act="body.created").object == town.key


def test_an_office_inside_a_body_keeps_no_ledger(county: Place, system: Actor) -> None:
    office = create(county, system, level="office")
    assert not LedgerHead.objects.filter(body=office.key).exists()


@pytest.mark.parametrize("level", ["province", "city", "county"])
def test_a_body_does_not_stand_below_a_lower_one(county: Place, system: Actor, level: str) -> None:
    with pytest.raises(bodies.LevelDoesNotFit):
        create(county, system, level=level)
    assert Body.objects.count() == 1


def test_only_the_system_administrator_of_this_place_creates(
    county: Place, department: Place, foreign: Place
) -> None:
    for actor in (
        county.actor("approver"), county.actor("security_administrator"),
        department.actor("system_administrator"), foreign.actor("system_administrator"),
    ):  # fmt: skip
        with pytest.raises(NotPermitted):
            create(county, actor)
    with pytest.raises(NotPermitted):
        bodies.create_body(
            level="county", parent=None, fields=TOWN, actor=county.actor("system_administrator")
        )


def test_two_living_bodies_of_one_name_do_not_stand_side_by_side(county: Place, system: Actor) -> None:
    first = create(county, system)
    with pytest.raises(bodies.NameTaken):
        create(county, system)
    bodies.end_body(body=first, on=date(2026, 3, 1), successor=None, actor=system)
    assert create(county, system).key != first.key


def test_a_credit_code_must_have_its_check_sign(county: Place, system: Actor) -> None:
    assert is_credit_code("91350100M000100Y43")  # the example of GB 32100-2015
    assert not is_credit_code("91350100M000100Y44")
    with pytest.raises(ValidationError):
        create(county, system, code="91350100M000100Y44")
    assert create(county, system, code="91350100M000100Y43").code == "91350100M000100Y43"


def test_what_a_body_is_cannot_be_changed(county: Place, system: Actor) -> None:
    for field in ("level", "path", "key", "parent"):
        with pytest.raises(KeyError):
            bodies.change_body(body=county.body, fields={field: "x"}, actor=system)


def test_the_audit_keeps_which_fields_were_changed_not_what_they_say(county: Place, system: Actor) -> None:
    bodies.change_body(body=county.body, fields={"phone": "0000-1", "fax": ""}, actor=system)
    entry = AuditEntry.objects.get(act="body.changed")
    assert entry.detail == '{"fields":["phone"]}'


def test_a_body_with_living_bodies_below_does_not_end(
    county: Place, department: Place, system: Actor
) -> None:
    with pytest.raises(bodies.StillInUse) as used:
        bodies.end_body(body=county.body, on=date(2026, 3, 1), successor=None, actor=system)
    assert used.value.names == ("云溪县水利局",)


def test_a_body_does_not_end_before_its_last_day_has_come(county: Place, system: Actor) -> None:
    town = create(county, system)
    with pytest.raises(bodies.EndsLater):
        bodies.end_body(body=town, on=date(2026, 3, 4), successor=None, actor=system)
    assert Body.objects.get(pk=town.pk).valid_until is None
    assert bodies.end_body(body=town, on=date(2026, 3, 3), successor=None, actor=system).valid_until


def test_the_successor_is_another_living_body(county: Place, department: Place, system: Actor) -> None:
    town = create(county, system)
    for unfit in (department.body, create(county, system, level="office", name="水政科")):
        with pytest.raises(bodies.UnfitSuccessor):
            bodies.end_body(body=department.body, on=date(2026, 3, 1), successor=unfit, actor=system)
    ended = bodies.end_body(body=department.body, on=date(2026, 3, 1), successor=town, actor=system)
    assert (ended.valid_until, ended.successor) == (date(2026, 3, 1), town)
    with pytest.raises(bodies.BodyEnded):
        bodies.change_body(body=ended, fields={"phone": "1"}, actor=system)


def test_a_stricter_period_holds_for_the_bodies_below(
    county: Place, department: Place, system: Actor
) -> None:
    day = date(2026, 3, 1)
    bodies.set_local_rule(
        body=county.body,
        key="reply_period",
        value=15,
        from_date=day,
        source="云公办〔2026〕1号",
        actor=system,
    )
    assert basis_for(department.body).law.number("reply_period", on=day) == 15
    assert basis_for(department.body).law.number("reply_period", on=date(2026, 2, 28)) == 20


@pytest.mark.parametrize(
    ("key", "value", "source", "reason"),
    [
        ("reply_period", 21, "x", "not_stricter"),
        ("reply_period", 0, "x", "not_stricter"),
        ("third_party_period", 10, "x", "fixed"),
        ("reply_period", 15, " ", "no_source"),
        ("correction_clock_from", "never", "x", "not_allowed"),
    ],
)
def test_a_rule_that_the_law_does_not_leave_open_is_refused_and_leaves_nothing(
    county: Place, system: Actor, key: str, value: object, source: str, reason: str
) -> None:
    with pytest.raises(bodies.LocalValueRefused) as refused:
        bodies.set_local_rule(
            body=county.body, key=key, value=value, from_date=date(2026, 3, 1), source=source, actor=system
        )
    assert refused.value.reason == reason
    assert not LocalRule.objects.exists()
    assert not AuditEntry.objects.exists()


def test_local_days_off_are_no_working_days_here_and_below_only(
    county: Place, department: Place, foreign: Place, system: Actor
) -> None:
    day = date(2026, 7, 8)
    holiday = bodies.add_local_holiday(
        body=county.body, name="火把节", first=day, last=day, source="自治条例第四十条", actor=system
    )
    working = [basis_for(place.body).calendar.is_workday(day) for place in (county, department, foreign)]
    assert working == [False, False, True]
    bodies.remove_local_holiday(holiday=holiday, actor=system)
    assert basis_for(county.body).calendar.is_workday(day)
    with pytest.raises(ValueError, match="source"):
        bodies.add_local_holiday(body=county.body, name="x", first=day, last=day, source="", actor=system)
    with pytest.raises(ValueError, match="before"):
        bodies.add_local_holiday(
            body=county.body, name="x", first=day, last=date(2026, 7, 7), source="x", actor=system
        )
    with pytest.raises(ValueError, match="31 days"):
        bodies.add_local_holiday(
            body=county.body, name="x", first=day, last=date(2206, 7, 8), source="x", actor=system
        )
