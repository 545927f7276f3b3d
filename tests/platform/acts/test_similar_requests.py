"""Likely repeats stand on the case page while a reply is owed, for who may know whose cases they are."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.platform.acts.conftest import SignIn, set_day
from tests.platform.conftest import TODAY, Place
from tests.platform.letters.conftest import APPLICANT, ITEM

from gongkai.platform.cases.applicants import RequestedItem
from gongkai.platform.cases.repeats import repeats_of_case
from gongkai.platform.cases.services.acting import Step, perform_acts
from gongkai.platform.cases.services.registration import register_letter
from gongkai.platform.core.permissions import NotPermitted
from gongkai.platform.desk.panels import similar


def come(place: Place, *items: RequestedItem) -> list[str]:
    registered = register_letter(
        body=place.body, actor=place.actor("receiving_clerk"), channel="counter", came_on=TODAY,
        applicant=APPLICANT, items=items,
    )  # fmt: skip
    return [case.stream for case in registered.summaries]


def page(client: Client, stream: str, more: str = "") -> str:
    return client.get(f"/desk/cases/{stream}/{more}").content.decode()


def test_a_likely_repeat_is_shown_until_the_reply_and_a_sibling_never(
    county: Place, handler: Client, sign_in: SignIn
) -> None:
    set_day(TODAY)
    (earlier,) = come(county, ITEM)
    first, second = come(county, ITEM, ITEM)
    actor = county.actor("handler")
    assert [one.stream for one in repeats_of_case(body=county.body, stream=first, actor=actor)] == [earlier]
    shown = page(handler, first)
    assert "相近的申请" in shown and f"/desk/cases/{earlier}/" in shown and second not in shown
    assert "相近的申请" not in page(sign_in(county, "supervisor"), first)
    with pytest.raises(NotPermitted):
        repeats_of_case(body=county.body, stream=first, actor=county.actor("supervisor"))
    perform_acts(
        body=county.body, stream=first, expected_seq=2, actor=actor,
        steps=[Step("request.withdrawn", TODAY, {"scope": "whole"})],
    )  # fmt: skip
    assert "相近的申请" not in page(handler, first)


def test_a_large_body_is_looked_through_when_asked_for(
    county: Place, handler: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_day(TODAY)
    (earlier,), (stream,) = come(county, ITEM), come(county, ITEM)
    monkeypatch.setattr(similar, "LARGE", 2)
    shown = page(handler, stream)
    assert "查找相近的申请" in shown and earlier not in shown
    assert f"/desk/cases/{earlier}/" in page(handler, stream, "?similar=1")
