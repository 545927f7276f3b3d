"""The posting list as its page shows it, and as a sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.platform.cases.models import CaseText
from gongkai.platform.cases.posting.documents import STATES, Document, State, waiting
from gongkai.platform.cases.posting.warning import warn_days_of
from gongkai.platform.cases.sheets import Column, Value
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.bases import calendars_of
from gongkai.platform.core.rest import Rest, rest

WHAT: Mapping[str, Any] = MappingProxyType({"reply": gettext_lazy("答复"), "other": gettext_lazy("其他文书")})
SORTS: Mapping[str, Any] = MappingProxyType(
    {"due": gettext_lazy("最迟寄出的日子"), "issued": gettext_lazy("签发日"), "number": gettext_lazy("文号")}
)


@dataclass(frozen=True, slots=True)
class PostFilters:
    """What the list is narrowed to; blank: all."""

    state: str = ""
    what: str = ""
    find: str = ""
    sort: str = ""

    @property
    def query(self) -> str:
        """The filters as a query."""
        given = {"state": self.state, "what": self.what, "find": self.find, "sort": self.sort}
        return urlencode({name: value for name, value in given.items() if value})


@dataclass(frozen=True, slots=True)
class PostRow:
    """A letter of the list."""

    document: Document
    applicant: str
    """Masked, as lists show it."""
    rest: Rest | None
    """The last day for sending, with what is left."""
    warned: bool

    @property
    def numbers(self) -> str:
        """The numbers of its cases."""
        return "、".join(case.number for case in self.document.cases)


@dataclass(frozen=True, slots=True)
class PostList:
    """The list under its filters, and how many letters wait in each state without them."""

    rows: Sequence[PostRow]
    counts: Mapping[str, int]
    today: date


def read_filters(query: Mapping[str, str]) -> PostFilters:
    """The filters of a query; what is not known counts as not given."""
    return PostFilters(
        state=query.get("state", "") if query.get("state", "") in STATES else "",
        what=query.get("what", "") if query.get("what", "") in WHAT else "",
        find=" ".join(query.get("find", "").split())[:60],
        sort=query.get("sort", "") if query.get("sort", "") in SORTS else "",
    )


def post_list(actor: Actor, filters: PostFilters) -> PostList:
    """The letters on their way out of the actor's own body."""
    found = waiting(actor)
    counts = {state: sum(one.state == state for one in found) for state in STATES}
    kept = [one for one in found if _wanted(one, filters)]
    labels = dict(
        CaseText.objects.filter(stream__in=[one.lead.stream for one in kept]).values_list(
            "stream", "applicant_label"
        )
    )
    rows = [
        PostRow(one, labels.get(one.lead.stream, ""), one_rest, _warned(one_rest, days))
        for one, one_rest, days in _with_rest(kept, actor)
    ]
    if filters.sort == "issued":
        rows.sort(key=lambda row: (row.document.issued_on, row.document.number))
    elif filters.sort == "number":
        rows.sort(key=lambda row: (len(row.document.number), row.document.number, row.document.key))
    return PostList(rows, counts, actor.today)


def _wanted(document: Document, filters: PostFilters) -> bool:
    if filters.state and document.state != filters.state:
        return False
    if filters.what and document.is_reply != (filters.what == "reply"):
        return False
    if not filters.find:
        return True
    return any(filters.find in text for text in (document.number, *(case.number for case in document.cases)))


def _with_rest(documents: Sequence[Document], actor: Actor) -> list[tuple[Document, Rest | None, int]]:
    if not documents or actor.seat is None:
        return []
    body = actor.seat.body
    calendar = calendars_of([body], known_on=actor.present.known_on)[body.key]
    days = warn_days_of([body])[body.key]
    return [
        (one, rest(one.last_day, actor.today, calendar) if one.last_day is not None else None, days)
        for one in documents
    ]


def _warned(left: Rest | None, days: int) -> bool:
    return left is not None and left.working_days is not None and left.working_days <= days


def columns() -> list[Column]:
    """The columns of the list as a sheet."""
    return [
        Column(_("文号"), 22), Column(_("文书"), 24), Column(_("申请编号"), 26), Column(_("申请人"), 16),
        Column(_("签发日")), Column(_("现在"), 18), Column(_("最迟寄出")), Column(_("还剩工作日"), 10),
        Column(_("寄出次数"), 10),
    ]  # fmt: skip


def values(row: PostRow) -> list[Value]:
    """A row of ``columns``."""
    one = row.document
    return [
        one.number, str(one.label), row.numbers, row.applicant, one.issued_on, str(one.words),
        row.rest.day if row.rest is not None else None,
        row.rest.working_days if row.rest is not None else None, one.turns,
    ]  # fmt: skip


def waits_for_sending(document: Document) -> bool:
    """Whether it may be handed to the post now."""
    return document.state in (State.TO_SEND, State.TO_SEAL, State.RETURNED)
