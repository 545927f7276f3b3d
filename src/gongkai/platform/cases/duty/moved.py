"""Dates that moved: listed for each notice, signed for by the office, told to who had been told a date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from gongkai.platform.cases.duty.sheet import Part, Sheet
from gongkai.platform.cases.models import (
    BasisChange,
    CaseDesk,
    CaseSummary,
    CaseText,
    ChangeKind,
    MovedClock,
    MovedDate,
    ToldBy,
)
from gongkai.platform.cases.selectors.scope import may_read, readable, visible_bodies
from gongkai.platform.cases.services.acting import perform_act
from gongkai.platform.cases.sheets import Column, Value
from gongkai.platform.core import audit
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.permissions import Act
from gongkai.platform.ledger.selectors import last_seqs
from gongkai.platform.ledger.services import lock

STATES: Mapping[str, object] = {
    "unsigned": Q(signed_on__isnull=True),
    "untold": Q(had_been_told=True, told_on__isnull=True),
    "told": Q(told_on__isnull=False),
}


class NothingToSign(RuntimeError):
    """All dates that were looked at are signed for."""


class ToldAlready(RuntimeError):
    """Somebody has entered that this applicant was told."""


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A notice, a holiday or a rule, and how many dates it moved of those that the actor may see."""

    change: BasisChange
    kind: str
    dates: int
    cases: int
    unsigned: int
    untold: int


@dataclass(frozen=True, slots=True)
class MovedRow:
    """A date that moved, in words."""

    pk: int
    stream: str
    number: str
    title: str
    clock: str
    before: date | None
    after: date | None
    had_been_told: bool
    handler: str
    signed: str
    signed_on: date | None
    told_key: str
    told_how: str
    told_on: date | None
    told_by: str

    @property
    def not_needed(self) -> bool:
        """The office decided that this applicant need not be told."""
        return self.told_key == ToldBy.NOT_NEEDED

    @property
    def must_be_told(self) -> bool:
        """The applicant knows another date."""
        return self.had_been_told and self.told_on is None

    @property
    def later(self) -> bool | None:
        """Whether there is more time than before; ``None`` where one of the dates is not known."""
        return None if self.before is None or self.after is None else self.after > self.before

    @property
    def values(self) -> tuple[Value, ...]:
        """As a row of the sheet."""
        told = f"{self.told_how} {self.told_by}".strip()
        concerned = _("告知过期限") if self.had_been_told else _("没有告知过")
        return (
            self.number, self.title, self.clock, self.before, self.after, self.handler, concerned,
            self.told_on, told, self.signed_on, self.signed,
        )  # fmt: skip


def visible_dates(actor: Actor) -> QuerySet[MovedDate]:
    """The moved dates of cases that the actor may see."""
    rows = MovedDate.objects.filter(body__in=visible_bodies(actor))
    return readable(rows, actor)


def changes_of(body: str, actor: Actor) -> list[ChangeRow]:
    """What moved dates of a body, the newest first."""
    dates = visible_dates(actor).filter(body=body).order_by().values("change")
    counts = {
        row["change"]: row
        for row in dates.annotate(
            dates=Count("pk"), cases=Count("stream", distinct=True),
            unsigned=Count("pk", filter=Q(signed_on__isnull=True)),
            untold=Count("stream", filter=Q(had_been_told=True, told_on__isnull=True), distinct=True),
        )
    }  # fmt: skip
    changes = BasisChange.objects.filter(pk__in=counts).order_by("-found_at", "key")
    return [
        ChangeRow(
            change, str(ChangeKind(change.kind).label),
            *(counts[change.pk][name] for name in ("dates", "cases", "unsigned", "untold")),
        )
        for change in changes
    ]  # fmt: skip


def dates_of(change: BasisChange, actor: Actor, *, state: str = "", stream: str = "") -> QuerySet[MovedDate]:
    """The dates that a change moved, narrowed to a state of ``STATES``; by case."""
    rows = visible_dates(actor).filter(change=change)
    if state in STATES:
        rows = rows.filter(STATES[state])
    if stream:
        rows = rows.filter(stream=stream)
    return rows.order_by(F("after").asc(nulls_last=True), "stream", "pk")


def moved_rows(rows: Iterable[MovedDate]) -> list[MovedRow]:
    """Moved dates in words, with a fixed number of queries."""
    found = list(rows)
    streams = {row.stream for row in found}
    numbers = dict(CaseSummary.objects.filter(stream__in=streams).values_list("stream", "number"))
    titles = dict(CaseText.objects.filter(stream__in=streams).values_list("stream", "title"))
    desks = CaseDesk.objects.filter(stream__in=streams, handler__isnull=False).select_related(
        "handler__person"
    )
    handlers = {desk.stream: desk.handler.person.name for desk in desks if desk.handler is not None}
    return [
        MovedRow(
            pk=row.pk,
            stream=row.stream,
            number=numbers.get(row.stream, ""),
            title=titles.get(row.stream, ""),
            clock=str(MovedClock(row.clock).label),
            before=row.before,
            after=row.after,
            had_been_told=row.had_been_told,
            handler=handlers.get(row.stream, ""),
            signed="" if row.signed_by is None else row.signed_by.person.name,
            signed_on=row.signed_on,
            told_key=row.told_how,
            told_how=str(ToldBy(row.told_how).label) if row.told_how else "",
            told_on=row.told_on,
            told_by="" if row.told_by is None else row.told_by.person.name,
        )
        for row in found
    ]


def with_people(rows: QuerySet[MovedDate]) -> QuerySet[MovedDate]:
    """With what ``moved_rows`` says of people."""
    return rows.select_related("signed_by__person", "told_by__person")


def sheet_of(change: BasisChange, rows: Sequence[MovedRow]) -> Sheet:
    """For spreadsheet and paper."""
    columns = (
        Column(_("编号"), 18), Column(_("申请内容"), 30), Column(_("什么期限"), 14), Column(_("原来"), 11),
        Column(_("现在"), 11), Column(_("承办人"), 9), Column(_("申请人"), 10), Column(_("告知日"), 11),
        Column(_("怎样告知、谁告知"), 14), Column(_("签收日"), 11), Column(_("签收人"), 9),
    )  # fmt: skip
    notes = (
        change.title,
        _("{day} 重新计算，移动了 {n} 个日期。").format(day=change.found_on.isoformat(), n=len(rows)),
    )
    part = Part(_("移动的日期"), columns, tuple(row.values for row in rows), _("没有移动的日期。"))
    return Sheet(change.body.name, _("移动的日期清单"), notes, (part,), (_("签收人"), _("告知人")))


@transaction.atomic
def sign_dates(*, change: BasisChange, through: int, actor: Actor) -> int:
    """Sign for the dates that a change moved, as far as they were looked at (``through``: the newest one).

    Gives how many. Raises ``NotPermitted``, ``NothingToSign``.
    """
    actor.require(Act.DUTY_ARRANGE, change.body)
    lock(body=change.body_id)
    mine = list(
        dates_of(change, actor, state="unsigned").filter(pk__lte=through).values_list("pk", flat=True)
    )
    if not mine:
        raise NothingToSign(change.key)
    MovedDate.objects.filter(pk__in=mine).update(signed_by=actor.seat, signed_on=actor.today)
    audit.record(
        "duty.moved_signed", actor=actor, body=change.body, object=change.key, detail={"dates": len(mine)}
    )
    return len(mine)


@transaction.atomic
def mark_told(*, change: BasisChange, stream: str, how: str, on: date, words: str, actor: Actor) -> int:
    """Enter that the applicant of a case was told of its moved dates: how, on which day, in which words.

    It stands in the ledger as a note on the case; the words are kept apart. Gives how many dates it is about.
    Raises ``NotPermitted``, ``ValueError`` without words or for another way, ``ToldAlready``,
    ``DatedInFuture``, ``ActRefused``.
    """
    body = change.body
    actor.require(Act.CASE_ACT, body)
    way = ToldBy(how)
    if not words.strip():
        raise ValueError("what was said must be written down")
    lock(body=body.key)
    if not may_read(actor, stream):
        raise ToldAlready(stream)
    rows = list(MovedDate.objects.filter(change=change, stream=stream, told_on__isnull=True))
    if not rows:
        raise ToldAlready(stream)
    kind = "call" if way is ToldBy.PHONE else "other"
    seq = last_seqs(body=body.key, streams=[stream])[stream]
    perform_act(
        body=body, stream=stream, kind="note.added", occurred_on=on, expected_seq=seq, actor=actor,
        payload={"kind": kind}, texts={"text": _note(rows, way, words)},
    )  # fmt: skip
    MovedDate.objects.filter(pk__in=[row.pk for row in rows]).update(
        told_how=way.value, told_on=on, told_by=actor.seat
    )
    audit.record(
        "duty.moved_told", actor=actor, body=body, object=stream,
        detail={"change": change.key, "how": way.value, "dates": len(rows)},
    )  # fmt: skip
    return len(rows)


def _note(rows: Sequence[MovedDate], way: ToldBy, words: str) -> str:
    unknown = _("未定")
    said = [
        _("{clock}由 {before} 改为 {after}").format(
            clock=MovedClock(row.clock).label,
            before=unknown if row.before is None else row.before.isoformat(),
            after=unknown if row.after is None else row.after.isoformat(),
        )
        for row in rows
    ]
    return _("期限移动的告知（{way}）：{said}。{words}").format(
        way=way.label, said="；".join(said), words=words.strip()
    )
