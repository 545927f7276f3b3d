"""Working the pages of drafts and letters as a browser would: fill a form from what the page has, send it."""

from __future__ import annotations

from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from tests.platform.conftest import TODAY, Place

from gongkai.platform.core.models import DemonstrationDay


def log_in(place: Place, role: str) -> Client:
    """Somebody of that role, logged in, on ``TODAY``."""
    DemonstrationDay.objects.update_or_create(id=1, defaults={"day": TODAY})
    person = place.seats[role].person
    person.password_changed_at = timezone.now()
    person.must_change_password = False
    person.save()
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self._area = ""
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "textarea":
            self._area = name
            self.found.setdefault(name, [""])
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in given:
            self.found[self._select] = [value]
        elif tag == "input" and given.get("type") in ("checkbox", "radio"):
            if "checked" in given:
                self.found.setdefault(name, []).append(given.get("value") or "on")
        elif tag == "input" and name and name != "csrfmiddlewaretoken":
            self.found[name] = [value]

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.found[self._area] = [self.found[self._area][0] + data]


def fields_of(response: HttpResponse) -> dict[str, list[str]]:
    """What the forms of a page hold, as they would be sent."""
    parser = _Fields()
    parser.feed(response.content.decode())
    return {name: [one.removeprefix("\n") for one in values] for name, values in parser.found.items()}


def send(client: Client, path: str, answers: Mapping[str, Any]) -> Any:
    """Open a page, fill in ``answers`` and send it."""
    opened: Any = client.get(path)
    assert opened.status_code == 200, opened.status_code
    return client.post(path, {**fields_of(opened), **answers}, follow=True)
