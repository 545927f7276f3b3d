"""The case page and the two steps of an act in a real browser: nothing serious for axe, nothing too wide."""

from __future__ import annotations

import os
from collections.abc import Generator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.test import Client
from tests.platform.acts.conftest import RECEIVED, STREAM, perform, set_day
from tests.platform.acts.histories import CONSULTED, DELIVERED, OBJECTED
from tests.platform.committed import CommittedDatabase
from tests.platform.conftest import Place, make_body

from gongkai.platform.cases.models import CaseText
from gongkai.platform.cases.services.acting import Step

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
WIDTHS = (1440, 768, 375, 320)
playwright = pytest.importorskip("playwright.sync_api")
axe = pytest.importorskip("axe_playwright_python.sync_playwright")


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Generator[Any]:
    """Debian's Chromium. Its driver runs an event loop in this thread, beside which Django must be let in."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    if not CHROMIUM.exists():
        pytest.skip("no Chromium here")
    with playwright.sync_playwright() as started:
        one = started.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        yield one
        connections.close_all()  # those opened beside the loop are others than those of the fixtures
        one.close()


class Quiet(WSGIRequestHandler):
    """Says nothing."""

    def log_message(self, format: str, *args: Any) -> None:
        """Not a word."""


class Threads(ThreadingMixIn, WSGIServer):
    """A thread for each request, as the browser asks for several things at once."""

    daemon_threads = True


@dataclass(frozen=True)
class Served:
    """A county on a server of its own, on committed data."""

    url: str
    county: Place


@pytest.fixture
def served(committed_database: CommittedDatabase) -> Generator[Served]:
    """The desk, served to a browser."""
    county = make_body("云溪县人民政府", "云公", "county")
    with make_server("127.0.0.1", 0, StaticFilesHandler(get_wsgi_application()), Threads, Quiet) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield Served(f"http://127.0.0.1:{server.server_port}", county)
        server.shutdown()
        thread.join()


def kept(page: Any, name: str) -> None:
    """Keep a screenshot where ``GONGKAI_SHOTS`` names a folder: for looking at."""
    folder = os.environ.get("GONGKAI_SHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def looked_at(page: Any, name: str) -> None:
    """No serious finding of axe, and no sideways scroll at any width."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        inner = page.evaluate("document.documentElement.scrollWidth")
        assert inner <= width, f"{name}: {inner} px at {width}"
        if width in (1440, 375):
            kept(page, f"{name}-{width}")
    found = axe.Axe().run(page)
    serious = [v for v in found.response["violations"] if v["impact"] in ("serious", "critical")]
    assert not serious, [(v["id"], [n["html"] for n in v["nodes"]]) for v in serious]
    page.set_viewport_size({"width": 1440, "height": 900})


def signed_in(browser: Any, served: Served, role: str) -> Any:
    client = Client()
    client.force_login(served.county.seats[role].person, backend="django.contrib.auth.backends.ModelBackend")
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": served.url}])
    return context.new_page()


def test_an_act_from_the_case_page_to_its_timeline(served: Served, browser: Any) -> None:
    day = date(2026, 3, 3)
    set_day(day)
    seq = perform(served.county, [*RECEIVED, CONSULTED, DELIVERED, OBJECTED], day=day)
    CaseText.objects.create(
        stream=STREAM, body=served.county.body, applicant_label="陈*",
        title="县中医院迁建项目施工合同及监理合同",
        description="申请公开县中医院迁建项目施工合同及监理合同。",
    )  # fmt: skip
    page = signed_in(browser, served, "handler")
    page.goto(f"{served.url}/desk/cases/{STREAM}/")
    looked_at(page, "case")
    page.get_by_role("link", name="征求其他机关意见").click()
    looked_at(page, "act-form")
    page.get_by_role("button", name="下一步").click()
    assert page.title().startswith("错误")
    assert page.evaluate("document.activeElement.id") == "errors"
    looked_at(page, "act-errors")
    page.get_by_label("名称或者姓名").fill("县财政局")
    page.get_by_label("征求意见的信息").fill("预算批复")
    page.get_by_role("button", name="下一步").click()
    looked_at(page, "act-confirm")
    perform(served.county, [Step("note.added", day, {"kind": "call"}, {"text": "来电"})], seq=seq, day=day)
    page.get_by_role("button", name="确认“").click()
    assert "别人刚刚办理了这件申请" in page.content()
    looked_at(page, "act-conflict")
    page.get_by_role("button", name="照我填写的继续").click()
    page.get_by_role("button", name="确认“").click()
    assert page.url.endswith(f"/desk/cases/{STREAM}/")
    assert "县财政局" in page.content()
    looked_at(page, "case-paused")


def test_an_approver_sees_the_decision_before_the_clock(served: Served, browser: Any) -> None:
    set_day(date(2026, 3, 3))
    perform(served.county, RECEIVED)
    page = signed_in(browser, served, "approver")
    page.set_viewport_size({"width": 375, "height": 900})
    page.goto(f"{served.url}/desk/cases/{STREAM}/")
    acts, clock = page.locator("#h-act").bounding_box(), page.locator("#h-clk").bounding_box()
    assert acts["y"] < clock["y"]
    looked_at(page, "case-approver")
    page.goto(f"{served.url}/desk/cases/{STREAM}/acts/entry.corrected/")
    looked_at(page, "choose-entry")
    page.get_by_role("link", name="收到申请").click()
    looked_at(page, "correct-entry")
