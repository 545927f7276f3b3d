"""What a list may show is what ``can`` allows, for every role and every relation of the bodies."""

from __future__ import annotations

import pytest
from tests.platform.conftest import ROLES, TODAY, Place, make_body
from tests.platform.lists.conftest import registered

from gongkai.platform.cases.selectors.scope import visible_bodies, visible_cases
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act, can
from gongkai.platform.core.present import Present


@pytest.mark.parametrize("act", [Act.CASE_SEE, Act.CASE_EXPORT, Act.FIGURES_SEE])
def test_the_visible_bodies_are_those_that_can_says(
    county: Place, department: Place, foreign: Place, act: Act
) -> None:
    office = make_body("政务公开科", "", "office", county.body)
    everybody = list(Body.objects.all())
    for place in (county, department, foreign, office):
        for role in ROLES:
            actor = place.actor(role)
            wanted = {body.key for body in everybody if can(actor.seat, act, body)}
            assert set(visible_bodies(actor, act).values_list("key", flat=True)) == wanted, (place, role)


def test_the_visible_cases_are_those_of_the_visible_bodies(
    county: Place, department: Place, foreign: Place
) -> None:
    cases = {place.body.key: registered(place, TODAY).stream for place in (county, department, foreign)}
    for place in (county, department, foreign):
        for role in ROLES:
            actor = place.actor(role)
            wanted = {
                stream
                for key, stream in cases.items()
                if can(actor.seat, Act.CASE_SEE, Body.objects.get(key=key))
            }
            assert set(visible_cases(actor).values_list("stream", flat=True)) == wanted, (place, role)


def test_without_a_seat_nothing_is_visible_and_to_a_job_everything(county: Place) -> None:
    registered(county, TODAY)
    present: Present = county.actor("handler").present
    assert not visible_cases(Actor(present)).exists()
    assert visible_cases(Actor(present, system="tick")).count() == 1
