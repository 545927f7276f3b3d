"""Tags of the desk's pages: marks with their words, days with their rest, the query of the page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from django import template
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from gongkai.platform.core.rest import Rest
from gongkai.platform.core.rest import weekday as weekday_of

register = template.Library()

MARKS: Mapping[str, tuple[str, Any]] = MappingProxyType(
    {
        "overdue": ("over", _("逾期")),
        "today": ("today", _("今天到期")),
        "soon": ("soon", _("本周")),
        "running": ("run", _("在办")),
        "ok": ("ok", _("已办")),
        "paused": ("pause", _("暂停")),
        "half": ("half", _("待确认")),
        "void": ("void", _("未开始")),
        "refused": ("x", _("不可以")),
        "done": ("tick", _("完成")),
    }
)
"""The marks: a shape by class, and the word that stands where a page gives none of its own."""


@register.simple_tag
def status_mark(name: str, word: object = "") -> SafeString:
    """A shape and a word, always both: ``{% status_mark "overdue" %}``, ``{% status_mark "paused" word %}``.

    Raises ``KeyError`` for a mark that does not exist.
    """
    shape, usual = MARKS[name]
    return format_html('<span class="st st--{}">{}</span>', shape, word or usual)


@register.filter
def weekday(day: date) -> str:
    """``周一`` to ``周日``."""
    return weekday_of(day)


@register.filter
def day(value: date | None) -> SafeString:
    """A date as ``<time>``: ``2026-03-13``; nothing for none."""
    if value is None:
        return SafeString("")
    return format_html('<time datetime="{0}">{0}</time>', value.isoformat())


@register.inclusion_tag("desk/components/date_with_rest.html")
def date_rest(rest: Rest | None) -> dict[str, Any]:
    """A last day with its rest, ``2026-03-13（周五，还有 8 个工作日）``; from ``core.rest.rest``."""
    return {"rest": rest}


@register.simple_tag(takes_context=True)
def query_with(context: Mapping[str, Any], **changes: object) -> str:
    """The page's query with some values changed, as ``?a=b``; ``None`` or empty takes a value out."""
    query: QueryDict = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else "?"
