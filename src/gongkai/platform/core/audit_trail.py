"""Reading the audit trail and having it verified: by audit administrators only; each reading is in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django.db.models import Q, QuerySet

from gongkai.platform.core import audit
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.audit_chain import AuditVerification, verify_audit
from gongkai.platform.core.confidential import closed_names
from gongkai.platform.core.models import AuditEntry, Body, Person
from gongkai.platform.core.permissions import Act, NotPermitted
from gongkai.platform.core.present import SHANGHAI
from gongkai.platform.core.snapshots import snapshot
from gongkai.rules.kinds import KINDS
from gongkai.rules.vocabulary import Channel, Outcome

PAGE = 50
EXPORTED = 100_000
"""At most so many rows in one export; more are asked for by narrower filters."""


@dataclass(frozen=True, slots=True)
class AuditFilters:
    """What is looked for; empty members do not narrow."""

    first: date | None = None
    last: date | None = None
    act: str = ""
    person: str = ""
    """User name or name, exactly."""
    body: str = ""
    """Key of a body; those below it are included."""
    object: str = ""
    """Exactly: a case, a seat, a person, a file."""
    refused_only: bool = False

    def set_names(self) -> list[str]:
        """Which filters are set; for the audit of the reading."""
        return [name for name in self.__slots__ if getattr(self, name)]


_NAMES: Mapping[str, str] = {
    "act": "操作", "kind": "事项", "seq": "第几条记录", "code": "理由代码", "letter": "来件或者文书",
    "channel": "渠道", "unit": "第几项", "items": "项数", "rows": "行数", "filters": "筛选",
    "year": "年度",
    "version": "第几稿", "outcome": "处理结果", "stream": "案件", "handler": "承办人", "template": "模板",
    "fields": "改动的栏目", "changed": "改动的栏目",
    "cases": "案件数", "readers": "阅读人数", "confirmed": "已确认", "records": "记录数", "files": "文件数",
    "first": "开始", "last": "结束", "from": "起", "value": "值", "on": "日期", "successor": "继任机关",
    "page": "页面", "state": "状态", "size": "大小", "sha256": "校验值", "found": "找到",
    "searched": "有搜索",
    "entries": "条数", "damages": "损坏", "day": "日期", "what": "内容", "by": "方式", "level": "层级",
    "working_days": "工作日", "together": "一并答复的案件", "applicant": "按申请人", "dropped": "已弃用",
    "mending": "更正", "record": "记录", "moved": "移动", "left": "剩余", "erased": "删除", "rebuilt": "重建",
    "written": "写入", "removed": "移除", "key": "密钥", "index": "序号", "codes": "代码",
}  # fmt: skip
"""How the keys of details are called."""


_BY: Mapping[str, str] = {
    "head": "文件开头", "name": "文件名", "text": "文字开头", "nobody_left": "审批人都已离开",
}  # fmt: skip
"""By what a secret mark was found, or why readers were added."""


def _said(key: str, value: Any) -> str:
    """One value: kinds of acts, results and channels by their words."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, str):
        if value in KINDS:
            return KINDS[value].label_zh
        if key == "by" and value in _BY:
            return _BY[value]
        labelled = {"outcome": Outcome, "channel": Channel}.get(key)
        if labelled is not None and value in list(labelled):
            return labelled(value).label_zh
    return _flat(value)


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One entry in words."""

    position: int
    at: datetime
    act: str
    label: str
    success: bool
    person: str
    body: str
    object: str
    address: str
    detail: Mapping[str, Any]
    closed: bool = False
    """It is about what only some may know of: object and detail are left out; in the trail they stand."""

    @property
    def detail_text(self) -> str:
        """The detail in words; a code that nobody gave a word stands as it is."""
        return "；".join(f"{_NAMES.get(key, key)}：{_said(key, value)}" for key, value in self.detail.items())


@dataclass(frozen=True, slots=True)
class AuditPage:
    """A page of entries and where the next and the previous begin (``None``: there is none)."""

    rows: tuple[AuditRow, ...]
    following: int | None


def read_audit(
    *, actor: Actor, filters: AuditFilters, oldest_first: bool = False, after: int | None = None
) -> AuditPage:
    """A page of the entries of the actor's bodies, by time; the reading itself is entered.

    ``after``: the position after which the page begins, in the order asked for. Raises ``NotPermitted``.
    """
    found = _found(actor, filters)
    if after is not None:
        found = found.filter(position__gt=after) if oldest_first else found.filter(position__lt=after)
    rows = list(found.order_by("position" if oldest_first else "-position")[: PAGE + 1])
    audit.record("audit.read", actor=actor, body=_own(actor), detail={"filters": filters.set_names()})
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    return AuditPage(tuple(_in_words(rows)), rows[-1].position if more else None)


def export_audit(*, actor: Actor, filters: AuditFilters) -> list[AuditRow]:
    """All entries found, oldest first, at most ``EXPORTED``; the export is entered. As ``read_audit``."""
    rows = list(_found(actor, filters).order_by("position")[:EXPORTED])
    audit.record(
        "audit.exported", actor=actor, body=_own(actor),
        detail={"filters": filters.set_names(), "rows": len(rows)},
    )  # fmt: skip
    return list(_in_words(rows))


def verify_audit_as(*, actor: Actor) -> AuditVerification:
    """``verify_audit`` for the audit administrator; the verification is entered. Raises ``NotPermitted``."""
    actor.require(Act.AUDIT_READ, _own(actor))
    with snapshot():  # others go on writing, and the head is read last
        result = verify_audit()
    audit.record(
        "audit.verified", actor=actor, body=_own(actor), success=result.ok,
        detail={"entries": result.entries, "damages": len(result.damages)},
    )  # fmt: skip
    return result


def _own(actor: Actor) -> Body:
    if actor.seat is None:
        raise NotPermitted(Act.AUDIT_READ, None, Body(key=""))
    return actor.seat.body


def _found(actor: Actor, filters: AuditFilters) -> QuerySet[AuditEntry]:
    own = _own(actor)
    actor.require(Act.AUDIT_READ, own)
    below = Body.objects.filter(path__startswith=own.path)
    scope = Q(body__in=below.values("key"))
    if own.parent_id is None:
        # What belongs to no body: jobs of the system, log-ins with a name that nobody has.
        scope |= Q(body="")
    found = AuditEntry.objects.filter(scope)
    if filters.first is not None:
        found = found.filter(at__gte=_begin(filters.first))
    if filters.last is not None:
        found = found.filter(at__lt=_begin(filters.last + timedelta(days=1)))
    if filters.act:
        found = found.filter(act=filters.act)
    if filters.object:
        # What is asked for by the name of something closed is not told apart from what there is not.
        found = found.none() if filters.object in closed_names() else found.filter(object=filters.object)
    if filters.refused_only:
        found = found.filter(success=False)
    if filters.person:
        people = Person.objects.filter(Q(username=filters.person) | Q(name=filters.person))
        found = found.filter(person__in=people.values("key"))
    if filters.body:
        narrowed = below.filter(path__startswith=_path_of(filters.body))
        found = found.filter(body__in=narrowed.values("key"))
    return found


def _path_of(key: str) -> str:
    """The path of a body; of one that does not exist, a path that nothing stands below."""
    return Body.objects.filter(key=key).values_list("path", flat=True).first() or "\0"


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def _in_words(rows: list[AuditEntry]) -> Iterator[AuditRow]:
    names = dict(Person.objects.filter(key__in={r.person for r in rows}).values_list("key", "name"))
    bodies = dict(Body.objects.filter(key__in={r.body for r in rows}).values_list("key", "name"))
    unspoken = closed_names()
    for row in rows:
        detail = json.loads(row.detail)
        closed = bool(unspoken) and not unspoken.isdisjoint(_names_in([row.object, detail]))
        yield AuditRow(
            row.position, row.at, row.act, audit.ACTS.get(row.act, row.act), row.success,
            names.get(row.person, row.person or row.seat), bodies.get(row.body, row.body),
            CLOSED if closed else row.object, row.address, {} if closed else detail, closed,
        )  # fmt: skip


CLOSED = "（敏感案件，不显示）"


def _names_in(value: Any) -> Iterator[str]:
    """Every text within a value."""
    match value:
        case str():
            yield value
        case list():
            for one in cast(list[Any], value):
                yield from _names_in(one)
        case dict():
            for one in cast(dict[str, Any], value).values():
                yield from _names_in(one)
        case _:
            pass


def _flat(value: object) -> str:
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)
