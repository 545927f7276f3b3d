"""What a list is narrowed to: read from a query, unknown values told, written back as a query."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from gongkai.platform.cases.showing.words import PHASES
from gongkai.rules.vocabulary import Channel, Outcome

GROUPS: Mapping[str, Any] = MappingProxyType(
    {
        "overdue": _("已逾期"),
        "unsent": _("已签发，未寄出"),
        "today": _("今天到期"),
        "week": _("本周到期"),
        "later": _("以后到期"),
        "paused": _("暂停"),
        "undated": _("没有在走的期限"),
        "sent": _("已寄出，等送达"),
    }
)
"""The groups of the work list, in their order."""
CLOCKS: Mapping[str, Any] = MappingProxyType({"reply": _("答复期限"), "notice": _("告知补正的期限")})
WAITS: Mapping[str, Any] = MappingProxyType(
    {
        "me": _("我"),
        "organ": _("本机关"),
        "applicant": _("申请人"),
        "third_party": _("第三方"),
        "co_maker": _("共同制作机关"),
        "agency": _("其他机关"),
    }
)
STATES: Mapping[str, Any] = MappingProxyType(
    {"open": _("在办"), "closed": _("办结"), "late": _("逾期答复"), "waiting": _("待确认收到")}
)
SORTS: Mapping[str, Any] = MappingProxyType(
    {"newest": _("收到日，新的在前"), "oldest": _("收到日，旧的在前"), "number": _("编号")}
)
CHANNELS: Mapping[str, Any] = MappingProxyType({one.value: one.label_zh for one in Channel})
OUTCOMES: Mapping[str, Any] = MappingProxyType({one.value: one.label_zh for one in Outcome})
PHASE_WORDS: Mapping[str, Any] = MappingProxyType(
    {one.value: label for one, (label, _mark) in PHASES.items()}
)

NOBODY = "none"
"""Value of ``handler`` for cases that nobody handles yet."""
_ANY_KEY = 40


def _key(value: str) -> bool:
    return len(value) <= _ANY_KEY and all(
        sign.isascii() and (sign.isalnum() or sign in "-_") for sign in value
    )


def _year(value: str) -> bool:
    return value == "all" or (len(value) == 4 and value.isascii() and value.isdigit() and value >= "2000")


@dataclass(frozen=True, slots=True)
class _Filter:
    label: Any
    accepts: Callable[[str], bool]
    words: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """What its values are called."""


def _one_of(label: Any, words: Mapping[str, Any]) -> _Filter:
    return _Filter(label, words.__contains__, words)


_WORK: Mapping[str, _Filter] = MappingProxyType(
    {
        "group": _one_of(_("期限"), MappingProxyType({**GROUPS, "mine": _("等我办")})),
        "clock": _one_of(_("按哪个期限"), CLOCKS),
        "handler": _Filter(_("承办人"), _key, MappingProxyType({NOBODY: _("未分办")})),
        "phase": _one_of(_("状态"), PHASE_WORDS),
        "channel": _one_of(_("渠道"), CHANNELS),
        "waits": _one_of(_("现在轮到"), WAITS),
        "body": _Filter(_("机关"), _key),
    }
)
_ALL: Mapping[str, _Filter] = MappingProxyType(
    {
        "year": _Filter(_("收到年份"), _year, MappingProxyType({"all": _("各年")})),
        "state": _one_of(_("办理情况"), STATES),
        "phase": _WORK["phase"],
        "outcome": _one_of(_("办理结果"), OUTCOMES),
        "handler": _WORK["handler"],
        "channel": _WORK["channel"],
        "body": _WORK["body"],
        "sort": _one_of(_("排序"), SORTS),
    }
)


@dataclass(frozen=True, slots=True)
class WorkFilters:
    """The work list's: a group or "mine", a clock, a handler, a phase, a channel, whom it waits for."""

    group: str = ""
    clock: str = ""
    handler: str = ""
    phase: str = ""
    channel: str = ""
    waits: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class CaseFilters:
    """The list of all cases': year of receipt (empty: this year), open or closed, outcome, and so on."""

    year: str = ""
    state: str = ""
    phase: str = ""
    outcome: str = ""
    handler: str = ""
    channel: str = ""
    body: str = ""
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value in the query that is none of those there are; the list is shown without it."""

    label: Any
    value: str


def read_work_filters(query: Mapping[str, str]) -> tuple[WorkFilters, tuple[Unknown, ...]]:
    """The filters of a query, and what in it is not understood."""
    known, unknown = _read(query, _WORK)
    return WorkFilters(**known), unknown


def read_case_filters(query: Mapping[str, str]) -> tuple[CaseFilters, tuple[Unknown, ...]]:
    """The filters of a query, and what in it is not understood."""
    known, unknown = _read(query, _ALL)
    return CaseFilters(**known), unknown


def _read(
    query: Mapping[str, str], filters: Mapping[str, _Filter]
) -> tuple[dict[str, str], tuple[Unknown, ...]]:
    known: dict[str, str] = {}
    unknown: list[Unknown] = []
    for name, one in filters.items():
        value = query.get(name, "").strip()
        if not value:
            continue
        if one.accepts(value):
            known[name] = value
        else:
            unknown.append(Unknown(one.label, value[:40]))
    return known, tuple(unknown)


def said(filters: WorkFilters | CaseFilters, names: Mapping[str, str]) -> str:
    """The filters in words, for a sheet; ``names`` of the keys of seats and bodies in them."""
    known = _WORK if isinstance(filters, WorkFilters) else _ALL
    told = ((known[one.name], getattr(filters, one.name)) for one in fields(filters))
    return "，".join(
        f"{one.label}：{one.words.get(value, names.get(value, value))}" for one, value in told if value
    )


def query_of(filters: WorkFilters | CaseFilters) -> str:
    """The filters as a query, without those that are not set; what saved filters keep."""
    given = {field.name: getattr(filters, field.name) for field in fields(filters)}
    return urlencode({name: value for name, value in given.items() if value})
