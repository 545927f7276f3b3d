"""The desk's figures are counted from the ledger, and every number opens exactly its cases."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from tests.platform.conftest import Place

from gongkai.platform.cases.services.acting import Step, perform_acts
from gongkai.platform.core.permissions import NotPermitted
from gongkai.platform.reporting.selectors import (
    NoFigures,
    running_figures,
    streams_behind,
    years_with_figures,
)

DAY = date(2026, 2, 9)


def receive(place: Place, stream: str, number: str, kind: str = "natural_person", day: date = DAY) -> None:
    perform_acts(
        body=place.body,
        stream=stream,
        steps=[
            Step("request.received", day, {"channel": "counter", "applicant_kind": kind}),
            Step("request.registered", day, {"number": number}),
        ],
        expected_seq=0,
        actor=place.actor("receiving_clerk"),
    )


def values(place: Place, *, area: bool = False, year: int = 2026) -> dict[str, object]:
    figures = running_figures(body=place.body, year=year, area=area, actor=place.actor("supervisor"))
    return {c.path: c.value for t in figures.tables for row in (*t.head, *t.rows) for c in row if c.path}


def test_a_received_request_is_counted_at_once(county: Place) -> None:
    assert values(county)["requests.new.total"] == 0
    receive(county, "case-1", "1号")
    assert values(county)["requests.new.total"] == 1
    assert values(county)["requests.carried_out.natural_person"] == 1


def test_an_area_adds_the_bodies_below_and_the_own_level_does_not(county: Place, department: Place) -> None:
    receive(county, "case-1", "1号")
    receive(department, "case-2", "2号", "business")
    assert values(county)["requests.new.total"] == 1
    assert values(county, area=True)["requests.new.total"] == 2
    assert values(county, area=True)["requests.new.business"] == 1


def test_every_number_opens_as_many_cases_as_it_says(county: Place) -> None:
    for n in range(5):
        receive(county, f"case-{n}", f"{n}号", "business" if n < 2 else "natural_person")
    actor = county.actor("report_author")
    for cell, value in values(county).items():
        behind = streams_behind(body=county.body, year=2026, area=False, cell=cell, actor=actor)
        assert len(behind.streams) == (value or 0), cell


def test_figures_are_for_those_who_may(county: Place, department: Place, foreign: Place) -> None:
    for somebody in (
        department.actor("supervisor"),
        foreign.actor("report_author"),
        county.actor("audit_administrator"),
        county.actor("editor"),
    ):
        with pytest.raises(NotPermitted):
            running_figures(body=county.body, year=2026, area=False, actor=somebody)
    below = running_figures(body=department.body, year=2026, area=False, actor=county.actor("supervisor"))
    assert below.body == department.body


def test_years_without_a_form_and_unknown_cells_are_no_figures(county: Place) -> None:
    with pytest.raises(NoFigures):
        running_figures(body=county.body, year=1999, area=False, actor=county.actor("supervisor"))
    with pytest.raises(NoFigures):
        streams_behind(
            body=county.body, year=2026, area=False, cell="requests.nothing", actor=county.actor("supervisor")
        )
    receive(county, "case-1", "1号")
    assert years_with_figures(body=county.body, actor=county.actor("supervisor")) == (2026,)


def test_the_pages_show_the_number_and_its_cases(client: Client, county: Place) -> None:
    receive(county, "case-1", "云公申〔2026〕1号")
    client.force_login(county.seats["report_author"].person)
    page = client.get(reverse("desk:figures", args=[county.body.key, 2026]))
    link = reverse("desk:figure_cases", args=[county.body.key, 2026, "requests.new.total"])
    assert f'href="{link}"' in page.content.decode()
    assert "云公申〔2026〕1号" in client.get(link).content.decode()
    assert client.get(reverse("desk:figures", args=[county.body.key, 1999])).status_code == 404
    assert client.get(reverse("desk:figures", args=["body-none", 2026])).status_code == 404
