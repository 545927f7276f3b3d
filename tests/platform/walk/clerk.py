"""A simulated clerk: reads pages as they are served, picks what is offered, fills in forms at random.

It knows nothing of the program but links and forms. What the law refuses (422), what somebody else changed
(409) and what may not be seen (403, 404) is fine; an exception or a 500 is a fault.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any
from urllib.parse import urljoin

from django.test import Client
from selectolax.lexbor import LexborHTMLParser, LexborNode

from gongkai.platform.core.models import Person

FINE = frozenset({200, 302, 403, 404, 409, 422})
WORDS = (
    "河道采砂许可", "公交线路调整方案", "老旧小区改造名单", "校舍安全检查记录", "道路养护合同", "=1+1",
    "<b>水利</b>", "",
)  # fmt: skip
NAMES = ("甲子山", "乙丑河", "丙寅林", "云岭咨询有限公司")
_REGISTER = "/desk/register/"
_NOT_HERE = ("/logout", "/erase/", "/display", "/demonstration")
"""What a walk keeps out of: it would end the session, or erase what later steps look for."""


@dataclass
class Clerk:
    """Somebody at the desk, with a browser without script."""

    person: Person
    rng: Random
    today: date
    done: dict[str, int] = field(default_factory=dict[str, int])
    careful: bool = True
    """Answers what is asked, and presses what is meant; else anything anywhere."""

    def __post_init__(self) -> None:
        self._cases: list[str] = []
        self._may_register = True
        self.client = Client()
        self.client.force_login(self.person, backend="django.contrib.auth.backends.ModelBackend")

    def step(self) -> None:
        """One thing that a clerk does."""
        roll = self.rng.random()
        if self._may_register and (roll < 0.15 or not self._cases):
            self._fill(_REGISTER)
        page = self._get("/desk/cases/?year=all")
        self._cases = [href for href in _links(page) if href.startswith("/desk/cases/case-")]
        if not self._cases:
            return
        case = self.rng.choice(self._cases)
        offered = [href for href in _links(self._get(case)) if self._worth(href, case)]
        if offered:
            self._fill(self.rng.choice(offered))

    def _worth(self, href: str, case: str) -> bool:
        return href.startswith(case) and href != case and not any(bad in href for bad in _NOT_HERE)

    def _get(self, address: str) -> LexborHTMLParser:
        response = self.client.get(address, follow=True)
        if address == _REGISTER and response.status_code == 403:
            self._may_register = False  # not everybody's: no need to try again
        self._note("GET", address, response.status_code)
        if "html" not in response.headers.get("Content-Type", ""):
            return LexborHTMLParser("")
        return LexborHTMLParser(response.content.decode())

    def _fill(self, address: str, pages: int = 4) -> None:
        """Fill in the form of a page, and that of the page that follows, until there is none."""
        self.careful = self.rng.random() < 0.7
        page = self._get(address)
        for _ in range(pages):
            form = next((one for one in page.css("main form") if self._is_work(one)), None)
            if form is None:
                return
            target = urljoin(address, (form.attributes.get("action") or "").strip())
            if any(bad in target for bad in _NOT_HERE):
                return
            response = self.client.post(target, self._answers(form))
            self._note("POST", target, response.status_code)
            if response.status_code == 302 or "html" not in response.headers.get("Content-Type", ""):
                return
            address, page = target, LexborHTMLParser(response.content.decode())

    @staticmethod
    def _is_work(form: LexborNode) -> bool:
        return (form.attributes.get("method") or "").lower() == "post" and bool(form.css("button"))

    def _answers(self, form: LexborNode) -> dict[str, Any]:
        answers: dict[str, Any] = {}
        for node in form.css("input, select, textarea"):
            name = node.attributes.get("name")
            kind = (node.attributes.get("type") or node.tag or "").lower()
            if not name or kind in ("submit", "button", "file"):
                continue
            if (value := self._answer(node, kind, name)) is not None:
                answers[name] = value
        buttons = [
            one
            for one in form.css("button")
            if one.attributes.get("name") and "formnovalidate" not in one.attributes
        ]
        if buttons:
            shown = [one for one in buttons if "vh" not in (one.attributes.get("class") or "")]
            button = shown[0] if self.careful and shown else self.rng.choice(buttons)
            answers[str(button.attributes["name"])] = button.attributes.get("value") or ""
        return answers

    def _answer(self, node: LexborNode, kind: str, name: str) -> Any:
        if "hidden" in node.attributes:  # what the page carries along, lines and all
            return node.text().removeprefix("\n")
        given = node.attributes.get("value") or ""
        if name.startswith("confirm") and self.careful and self.rng.random() < 0.7:
            return ""  # most channels need no confirmation
        if name.startswith("ticket_") and self.careful:
            return ""  # most letters come by themselves
        match kind:
            case "hidden":
                return given
            case "radio" | "checkbox":
                checked = "checked" in node.attributes
                return given or "on" if checked or self.rng.random() < 0.4 else None
            case "select":
                options = [one.attributes.get("value") or "" for one in node.css("option")]
                if self.careful:
                    chosen = [one.attributes.get("value") for one in node.css("option[selected]")]
                    said = [one for one in options if one]
                    return chosen[-1] if chosen and chosen[-1] else self.rng.choice(said or [""])
                return self.rng.choice(options) if options else ""
            case "date" if self.careful:
                return given or self.today.isoformat()
            case "textarea" if self.careful:
                return node.text() or self.rng.choice(WORDS[:5])
            case "date":
                return given if given and self.rng.random() < 0.7 else self._day().isoformat()
            case "textarea":
                return (node.text() or self.rng.choice(WORDS)) if self.rng.random() < 0.9 else ""
            case _ if self.careful:
                return given or self._asked(node, name)
            case _:
                if given and self.rng.random() < 0.8:
                    return given
                return self._text(name)

    def _asked(self, node: LexborNode, name: str) -> str:
        """What a line must have: names, and what the form marks as required; the rest stays empty."""
        if name == "name" or (name.endswith("_name") and name != "agent_name"):
            return self.rng.choice(NAMES)
        wanted = "required" in node.attributes or node.attributes.get("aria-required") == "true"
        return self._text(name) if wanted else ""

    def _text(self, name: str) -> str:
        if "name" in name:
            return self.rng.choice(NAMES)
        if "phone" in name:
            return "13800000000"
        if self.rng.random() < 0.3:
            return str(self.rng.choice((0, 1, 5, 10, 20, 100, -1)))
        if self.rng.random() < 0.2:
            return self._day().isoformat()
        return self.rng.choice(WORDS)

    def _day(self) -> date:
        return self.today - timedelta(days=self.rng.choice((0, 0, 0, 1, 2, 5, 20, -1)))

    def _note(self, verb: str, address: str, status: int) -> None:
        assert status in FINE, f"{verb} {address}: {status}"
        key = f"{verb} {status}"
        self.done[key] = self.done.get(key, 0) + 1


def _links(page: LexborHTMLParser) -> list[str]:
    return sorted({(one.attributes.get("href") or "").partition("#")[0] for one in page.css("main a[href]")})
