"""The mark on every page: that this is a demonstration, its day, and the way to the page where it is set."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import lazystr
from django.utils.translation import gettext as _

from gongkai.platform.core.web import actor_of


def mark(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``demonstration_mark`` and ``demonstration_href`` for ``desk/base.html``."""
    return {"demonstration_mark": lazystr(_Mark(request)), "demonstration_href": reverse("demonstration:day")}


class _Mark:
    """The sentence, worked out where a page shows it: the day costs a query."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def __str__(self) -> str:
        today = actor_of(self.request).today
        return _("演示：数据为虚构。今天是 {day}。").format(day=today.isoformat())
