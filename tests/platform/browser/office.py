"""An office at work in a real browser: the same as ``whole/office.py`` does without one, page by page."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.test import Client
from tests.platform.browser.conftest import go, kept, set_day
from tests.platform.conftest import Place

from gongkai.platform.cases.models import CaseSummary
from gongkai.rules.vocabulary import SUB_KINDS, Outcome

_FILL = """([name, value]) => {
  const found = [...document.querySelectorAll(`main [name="${CSS.escape(name)}"]`)];
  if (!found.length) throw new Error(`no field ${name} on ${location.pathname}`);
  for (const one of found) {
    if (one.type === "radio") { if (one.value === value) one.click(); }
    else if (one.type === "checkbox") { if (value.includes(one.value) !== one.checked) one.click(); }
    else { one.value = value; }
    if (!one.checkVisibility()) throw new Error(`${name} cannot be seen`);
  }
}"""
"""As if typed, chosen and clicked; a field that nobody sees is an error."""


@dataclass
class Office:
    """The people of a body, each with a page, on a day that goes forward."""

    url: str
    place: Place
    day: date
    pages: dict[str, Any]
    """A page for each role, shared by all offices of a run: whoever sits at it now is logged in anew."""
    shots: str = ""
    """Under which name screenshots of this run are kept; blank: of this one none are."""
    _seated: set[str] = field(default_factory=set[str])

    def on(self, day: date) -> None:
        """It is that day."""
        self.day = day
        set_day(day)

    def later(self, days: int) -> None:
        """So many days go by."""
        self.on(self.day + timedelta(days=days))

    def case(self, stream: str) -> CaseSummary:
        """The row of a case."""
        return CaseSummary.objects.get(stream=stream)

    def page(self, role: str) -> Any:
        """The page of somebody in a role."""
        page = self.pages[role]
        if role not in self._seated:
            client, name = Client(), settings.SESSION_COOKIE_NAME
            client.force_login(
                self.place.seats[role].person, backend="django.contrib.auth.backends.ModelBackend"
            )
            page.context.clear_cookies()
            page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": self.url}])
            self._seated.add(role)
        return page

    def open(self, role: str, address: str) -> Any:
        """A page of the desk, opened."""
        page = self.page(role)
        response = page.goto(f"{self.url}{address}")
        assert response.status == 200, f"{address}: {response.status}"
        return page

    def looks(self, page: Any, name: str) -> None:
        """Keep a picture for each of two widths where pictures are asked for."""
        if not self.shots or not os.environ.get("GONGKAI_SHOTS"):
            return
        for width in (375, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            kept(page, f"{self.shots}-{name}-{width}")

    # --- work -------------------------------------------------------------------------------------------

    def register(self, **answers: str) -> str:
        """Register a letter that came by registered post; the case's stream."""
        before = set(CaseSummary.objects.values_list("stream", flat=True))
        page = self.open("receiving_clerk", "/desk/register/")
        fill(
            page, channel="registered_post", came_on=self.day.isoformat(), kind="natural_person",
            name="甲子山", address="云溪县城关镇", phone="13800000000",
            **{"item-0-description": "2025年农村公路养护合同和验收记录", **answers},
        )  # fmt: skip
        go(page, "button", "下一步：核对期限")
        go(page, "button", "登记")
        assert page.url.startswith(f"{self.url}/desk/register/letter-"), said(page)
        self.looks(page, "registered")
        (stream,) = set(CaseSummary.objects.values_list("stream", flat=True)) - before
        return stream

    def act(
        self, stream: str, act: str, role: str = "handler", *, letter: bool = False, **answers: str
    ) -> None:
        """Do an act: its form, the page that says what it does, and back at the case."""
        address = f"/desk/cases/{stream}/"
        page = self.open(role, f"{address}acts/{act}/")
        fill(page, **answers)
        go(page, "button", "下一步")
        self.looks(page, f"{act}-confirm")
        button = page.locator(f'button[value="perform{"_with_letter" if letter else ""}"]')
        with page.expect_navigation():
            button.press("Enter")
        assert page.url == f"{self.url}{address}", said(page)
        self.looks(page, f"{act}-done")

    def give(self, stream: str, outcome: Outcome) -> None:
        """A reply of an outcome: drafted with what its letter asks for, handed over, approved."""
        sub_kind = sorted(SUB_KINDS[outcome])[0] if outcome in SUB_KINDS else ""
        page = self.open("handler", f"/desk/cases/{stream}/reply/?result={outcome.value}/{sub_kind}")
        for name in page.locator('main [name^="field_"]').evaluate_all(
            "all => all.filter(one => !one.value).map(one => one.name)"
        ):
            fill(page, **{name: "2026-02-10" if name.endswith("_on") else "道路养护合同第三章"})
        if outcome is Outcome.PARTIAL:
            fill(page, ground_1=Outcome.DENIED_PROCESS.value)
            page.locator('[name="basis"]').evaluate_all(
                "all => all.filter(one => !one.checked).forEach(one => one.click())"
            )
        self.looks(page, "draft")
        go(page, "button", "保存并送审批")
        assert page.url.endswith("/reply/review/"), said(page)
        page = self.open("approver", f"/desk/cases/{stream}/reply/review/")
        self.looks(page, "review")
        go(page, "button", "批准签发")
        assert page.url == f"{self.url}/desk/cases/{stream}/", said(page)
        self.looks(page, "issued")

    def serve(self, stream: str) -> None:
        """Post the reply, and enter that it came."""
        self.act(stream, "reply.dispatched", method="post", proof="XA1")
        self.later(3)
        self.act(stream, "reply.delivered", method="post", proof="XA1")


def fill(page: Any, **answers: str) -> None:
    """Fill in fields of the page's form by name."""
    for name, value in answers.items():
        page.evaluate(_FILL, [name, value])


def said(page: Any) -> str:
    """What a page says is wrong."""
    return " | ".join(page.locator(".errsum, .err, .note").all_inner_texts())[:600] or str(page.url)
