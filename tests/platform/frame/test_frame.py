"""The frame of every page: the bar by role, display modes without a script, what is said of errors."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from tests.platform.conftest import Place

from gongkai.platform.core.actor import Actor
from gongkai.platform.desk.frame import DISPLAY

Page = Callable[..., str]


@pytest.fixture
def page(county: Place, rf: RequestFactory) -> Page:
    """The bare base page, as somebody in a seat of that role sees it."""

    def render(role: str = "receiving_clerk", cookie: str = "", **context: object) -> str:
        request: HttpRequest = rf.get("/desk/?phase=handling")
        if cookie:
            request.COOKIES[DISPLAY] = cookie
        actor: Actor = county.actor(role)
        request._actor = actor  # type: ignore[attr-defined]
        request.user = actor.seat.person  # type: ignore[union-attr]
        request.session = {}  # type: ignore[assignment]
        return render_to_string("desk/base.html", context, request)

    return render


def test_a_page_names_the_body_the_seat_and_the_way_to_the_text(page: Page) -> None:
    html = page()
    assert "云溪县人民政府" in html and "云公receiving_clerk" in html
    assert 'href="#main"' in html and 'id="main"' in html
    assert 'name="robots" content="noindex, nofollow"' in html


def test_nothing_in_the_frame_is_inline_style_or_script(page: Page) -> None:
    html = page()
    assert "<script" not in html and " style=" not in html and "<style" not in html


def test_an_administrator_has_no_way_to_cases_in_the_bar(page: Page) -> None:
    assert "待办" in page("handler")
    assert "待办" not in page("security_administrator")


def test_display_modes_are_classes_set_by_the_server(page: Page) -> None:
    assert '<html lang="zh-CN">' in page()
    assert '<html lang="zh-CN" class="lg hc">' in page(cookie="hc.lg")
    assert '<html lang="zh-CN">' in page(cookie='x"onload=')


def test_the_title_begins_with_errors_where_there_are_some(page: Page) -> None:
    assert "<title>错误：" in page(errors=True)


def test_the_mark_of_the_demonstration_has_its_place(page: Page) -> None:
    assert page(demonstration_mark="此处皆虚构").count("此处皆虚构") == 2


@pytest.mark.django_db
def test_a_mode_is_switched_by_a_plain_form_and_switched_back(client: Client) -> None:
    first = client.post("/desk/display/", {"toggle": "lg", "next": "/desk/?phase=handling"})
    assert (first.status_code, first.headers["Location"]) == (302, "/desk/?phase=handling")
    assert client.cookies[DISPLAY].value == "lg"
    client.post("/desk/display/", {"toggle": "hc", "next": "/"})
    assert client.cookies[DISPLAY].value == "lg.hc"
    client.post("/desk/display/", {"toggle": "lg", "next": "/"})
    assert client.cookies[DISPLAY].value == "hc"


@pytest.mark.django_db
def test_switching_leads_nowhere_else(client: Client) -> None:
    for elsewhere in ("https://example.org/", "//example.org", "javascript:alert(1)", ""):
        answer = client.post("/desk/display/", {"toggle": "none", "next": elsewhere})
        assert answer.headers["Location"] == "/"
        assert client.cookies[DISPLAY].value == ""


@pytest.mark.django_db
def test_switching_is_a_post(client: Client) -> None:
    assert client.get("/desk/display/").status_code == 405
