"""An office at work, page by page: forms are filled in as they are served, nothing is called directly."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urljoin

from django.test import Client
from selectolax.lexbor import LexborHTMLParser, LexborNode
from tests.platform.conftest import Place

from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.core.models import DemonstrationDay
from gongkai.rules.vocabulary import SUB_KINDS, Outcome


class Office:
    """The people of a body, each with a browser without script, on a day that goes forward."""

    def __init__(self, place: Place, day: date) -> None:
        self.place, self.day = place, day
        place.body.reconsideration_authority = "云岭市人民政府"
        place.body.court = "云溪县人民法院"
        place.body.phone, place.body.address = "0100-1234567", "云溪县政务中心"
        place.body.save()
        self._clients: dict[str, Client] = {}
        self.on(day)

    def on(self, day: date) -> None:
        """It is that day."""
        self.day = day
        DemonstrationDay.objects.update_or_create(id=1, defaults={"day": day})

    def later(self, days: int) -> None:
        """So many days go by."""
        self.on(self.day + timedelta(days=days))

    def client(self, role: str) -> Client:
        """The browser of somebody in a role."""
        if role not in self._clients:
            self._clients[role] = Client()
            self._clients[role].force_login(
                self.place.seats[role].person, backend="django.contrib.auth.backends.ModelBackend"
            )
        return self._clients[role]

    def case(self, stream: str) -> CaseSummary:
        """The row of a case."""
        return CaseSummary.objects.get(stream=stream)

    # --- pages ------------------------------------------------------------------------------------------

    def get(self, address: str, role: str) -> LexborHTMLParser:
        """A page."""
        response = self.client(role).get(address)
        assert response.status_code == 200, f"{address}: {response.status_code}"
        return LexborHTMLParser(response.content.decode())

    def send(
        self,
        address: str,
        role: str,
        page: LexborHTMLParser,
        button: tuple[str, str],
        answers: Mapping[str, Any],
    ) -> tuple[str, LexborHTMLParser]:
        """Press a button of a page's form; gives where it led (empty: the same address) and the page."""
        name, value = button
        found = page.css_first(f'main form button[name="{name}"][value="{value}"]')
        assert found is not None, f"{address}: no button {value}: {said(page)}"
        form = _form_of(found)
        data = {**defaults(form), **answers, name: value}
        target = urljoin(address, (form.attributes.get("action") or "").strip())
        response = self.client(role).post(target, data)
        assert response.status_code in (200, 302), f"{target}: {response.status_code}: " + said(
            LexborHTMLParser(response.content.decode())
        )
        if response.status_code == 302:
            return response.headers["Location"], self.get(response.headers["Location"], role)
        return "", LexborHTMLParser(response.content.decode())

    # --- work -------------------------------------------------------------------------------------------

    def register(self, *, channel: str = "registered_post", **answers: Any) -> str:
        """Register a letter with one request at the desk; the case's stream."""
        address, role = "/desk/register/", "receiving_clerk"
        before = set(CaseSummary.objects.values_list("stream", flat=True))
        given = {
            "channel": channel, "came_on": self.day.isoformat(), "kind": "natural_person", "name": "甲子山",
            "phone": "13800000000", "address": "云溪县城关镇", "identity_type": "",
            "item-0-description": "2025年农村公路养护合同和验收记录", **answers,
        }  # fmt: skip
        page = self.get(address, role)
        _, page = self.send(address, role, page, ("do", "check"), given)
        where, page = self.send(address, role, page, ("do", "register"), {})
        assert where, said(page)
        (stream,) = set(CaseSummary.objects.values_list("stream", flat=True)) - before
        return stream

    def act(
        self, stream: str, act: str, role: str = "handler", *, letter: bool = False, **answers: Any
    ) -> None:
        """Do an act on a case: form, then the page that says what it does, then do it."""
        address = f"/desk/cases/{stream}/acts/{act}/"
        _, page = self.send(address, role, self.get(address, role), ("step", "check"), answers)
        button = ("step", "perform_with_letter" if letter else "perform")
        where, page = self.send(address, role, page, button, {})
        assert where == f"/desk/cases/{stream}/", said(page)

    def reply(self, stream: str, outcome: str, sub_kind: str = "", **answers: Any) -> None:
        """Draft a reply, hand it to the approver, approve it."""
        address = f"/desk/cases/{stream}/reply/?result={outcome}/{sub_kind}"
        page = self.get(address, "handler")
        _, page = self.send(address, "handler", page, ("step", "submit"), answers)
        review = f"/desk/cases/{stream}/reply/review/"
        where, page = self.send(review, "approver", self.get(review, "approver"), ("step", "approve"), {})
        assert where, said(page)

    def give(self, stream: str, outcome: Outcome) -> None:
        """A reply of an outcome, with what its letter asks for."""
        sub_kind = sorted(SUB_KINDS[outcome])[0] if outcome in SUB_KINDS else ""
        address = f"/desk/cases/{stream}/reply/?result={outcome.value}/{sub_kind}"
        form = self.get(address, "handler").css_first('main form button[name="step"]')
        asked = defaults(_form_of(form)) if form is not None else {}
        answers: dict[str, Any] = {
            name: "2026-02-10" if name.endswith("_on") else "道路养护合同第三章"
            for name, value in asked.items()
            if name.startswith("field_") and value == ""
        }
        if outcome is Outcome.PARTIAL:
            answers["ground_1"] = Outcome.DENIED_PROCESS.value
            articles = self.get(address, "handler").css('input[name="basis"]')
            answers["basis"] = [one.attributes.get("value") or "" for one in articles]
        self.reply(stream, outcome.value, sub_kind, **answers)

    def serve(self, stream: str) -> None:
        """Post the reply, and enter that it came."""
        self.act(stream, "reply.dispatched", method="post", proof="XA1")
        self.later(3)
        self.act(stream, "reply.delivered", method="post", proof="XA1")


def _form_of(node: LexborNode) -> LexborNode:
    """The form that a node is in."""
    at: LexborNode | None = node
    while at is not None and at.tag != "form":
        at = at.parent
    assert at is not None
    return at


def defaults(form: LexborNode) -> dict[str, Any]:
    """What a form sends if nobody touches it."""
    found: dict[str, Any] = {}
    for node in form.css("input, select, textarea"):
        name, kind = node.attributes.get("name"), (node.attributes.get("type") or node.tag or "").lower()
        if not name or kind in ("submit", "button", "file"):
            continue
        if kind in ("radio", "checkbox"):
            if "checked" in node.attributes:
                value = node.attributes.get("value") or ""
                found.setdefault(name, []).append(value if "value" in node.attributes else "on")
        elif kind == "select":
            chosen = node.css_first("option[selected]") or node.css_first("option")
            found[name] = (chosen.attributes.get("value") or "") if chosen is not None else ""
        elif kind == "textarea":
            found[name] = node.text()
        else:
            found[name] = node.attributes.get("value") or ""
    return found


def said(page: LexborHTMLParser) -> str:
    """What a page says is wrong."""
    return " | ".join(one.text(separator=" ", strip=True) for one in page.css(".errsum, .err, .note"))[:600]
