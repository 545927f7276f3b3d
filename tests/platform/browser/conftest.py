"""A real browser on the desk, served on committed data: shared by all tests marked ``browser``.

``desk`` gives a county on a server, ``browser`` Debian's Chromium; ``Desk.page(browser, role)`` is a page
with somebody logged in, ``looked_at`` what every page must pass. Without Chromium these tests are skipped.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
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
from django.test import Client
from tests.platform.committed import CommittedDatabase
from tests.platform.conftest import Place, make_body

from gongkai.platform.core.models import DemonstrationDay

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
_TOO_WIDE = """() => [...document.querySelectorAll("body *")]
  .filter(one => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest(".scroll table"))
  .slice(0, 9).map(one => `${one.tagName}.${one.className}`)"""
WIDTHS = (1440, 768, 375, 320)
"""No page scrolls sideways at these widths; 320 px is also a window of 1280 px at 400 %."""


@contextmanager
def launched() -> Generator[Any]:
    """Debian's Chromium. Its driver runs an event loop in this thread, beside which Django must be let in."""
    playwright = pytest.importorskip("playwright.sync_api")
    if not CHROMIUM.exists():
        pytest.skip("no Chromium here")
    with pytest.MonkeyPatch.context() as patch, playwright.sync_playwright() as started:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        one = started.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        yield one
        one.close()


@pytest.fixture
def browser() -> Generator[Any]:
    """A browser for one test."""
    with launched() as one:
        yield one


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Not a word."""


class _Kept(StaticFilesHandler):
    """Styles that a browser keeps between pages, as it does with those of the server of production."""

    def serve(self, request: Any) -> Any:
        response = super().serve(request)
        response["Cache-Control"] = "max-age=3600"
        return response


class _Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@dataclass(frozen=True)
class Desk:
    """A county's desk on a server of its own."""

    url: str
    county: Place

    def page(self, browser: Any, role: str, *, place: Place | None = None, **context: Any) -> Any:
        """A new page with somebody in a seat of that role logged in."""
        client = Client()
        client.force_login(
            (place or self.county).seats[role].person, backend="django.contrib.auth.backends.ModelBackend"
        )
        name = settings.SESSION_COOKIE_NAME
        new = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", **context)
        new.add_cookies([{"name": name, "value": client.cookies[name].value, "url": self.url}])
        return new.new_page()


@contextmanager
def served() -> Generator[str]:
    """A server of this process; its address."""
    with make_server("127.0.0.1", 0, _Kept(get_wsgi_application()), _Threads, _Quiet) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def desk(browser: Any, committed_database: CommittedDatabase) -> Generator[Desk]:
    """The desk of an empty county, served to a browser.

    The browser comes first: beside its event loop Django has connections of their own, and all that a test
    does must go through the same one.
    """
    county = make_body("云溪县人民政府", "云公", "county")
    with served() as url:
        yield Desk(url, county)


def set_day(day: date) -> None:
    """The demonstration's present day, for the server too."""
    DemonstrationDay.objects.update_or_create(defaults={"day": day})


def go(page: Any, role: str, name: str) -> None:
    """Choose a link or a button by its name, with the keyboard, and wait for the page that it leads to."""
    with page.expect_navigation():
        page.get_by_role(role, name=name).first.press("Enter")


def kept(page: Any, name: str) -> None:
    """Keep a screenshot where ``GONGKAI_SHOTS`` names a folder: for looking at."""
    folder = os.environ.get("GONGKAI_SHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


BY_LAYOUT = (
    "target-size", "scrollable-region-focusable", "button-name", "link-name", "label", "aria-hidden-focus",
    "frame-title", "meta-viewport", "nested-interactive",
)  # fmt: skip
"""Rules whose answer the width can change: by where things stand, or by what only a phone is shown."""


def findings(page: Any, rules: tuple[str, ...] = ()) -> list[tuple[str, list[str]]]:
    """What axe-core finds serious or critical on a page as it is now; by these rules alone, where given."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = list(rules)
    violations = axe.Axe().run(page, options=options).response["violations"]
    return [
        (one["id"], [node["html"] for node in one["nodes"]])
        for one in violations
        if one["impact"] in ("serious", "critical")
    ]


def looked_at(page: Any, name: str) -> None:
    """No serious finding of axe at desktop and phone width, and no sideways scroll at any.

    The page is the same at both; at phone width those rules are asked that the width can change.
    """
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        inner = page.evaluate("document.documentElement.scrollWidth")
        assert inner <= width, f"{name}: {inner} px at {width}: {page.evaluate(_TOO_WIDE)}"
        if width in (1440, 375):
            kept(page, f"{name}-{width}")
            assert not findings(page, () if width == WIDTHS[0] else BY_LAYOUT), f"{name} at {width}"
    page.set_viewport_size({"width": 1440, "height": 900})
