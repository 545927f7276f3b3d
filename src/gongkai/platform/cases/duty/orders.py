"""Orders of superior bodies (督办件): registered from paper, or issued in the platform to a body below."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.platform.cases.duty.sheet import Part, Sheet
from gongkai.platform.cases.models import (
    CaseSummary,
    CaseText,
    OrderedCase,
    OrderResult,
    SuperiorOrder,
)
from gongkai.platform.cases.selectors.scope import unreadable_flags, visible_bodies, visible_cases
from gongkai.platform.cases.sheets import Column, Value
from gongkai.platform.core import audit, private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.bases import calendars_of
from gongkai.platform.core.identifiers import opaque
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act
from gongkai.platform.core.rest import Rest, rest
from gongkai.platform.core.services.people import Ended
from gongkai.rules.workdays import CalendarNotPublished, WorkCalendar

STATES: Mapping[str, Any] = {
    "open": gettext_lazy("没有办结"),
    "overdue": gettext_lazy("已超期"),
    "soon": gettext_lazy("三个工作日内到期"),
    "answered": gettext_lazy("已办结"),
}
SOON = 3
"""Working days from which an order is warned of."""


class NoSuchCaseHere(ValueError):
    """A case that is not the body's, or that the actor may not see: ``numbers``."""

    def __init__(self, numbers: Sequence[str]) -> None:
        super().__init__(", ".join(numbers))
        self.numbers = tuple(numbers)


class WrongDay(ValueError):
    """A day before or after what it must lie in: ``field``, ``why`` (``future``, ``past``, ``before``)."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field, self.why = field, why


class AnsweredAlready(RuntimeError):
    """Somebody has answered the order."""


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order in words; ``text`` and ``answer`` are ``None`` once erased with the person they speak of."""

    order: SuperiorOrder
    text: str | None
    answer: str | None
    result: str
    rest: Rest | None
    """What is left; ``None`` once answered."""
    late: bool
    mark: str
    word: str
    cases: tuple[tuple[str, str], ...]
    """Stream and number of the cases concerned."""

    @property
    def values(self) -> tuple[Value, ...]:
        """As a row of the sheet."""
        order = self.order
        return (
            order.issuer_name, order.number, _("（已删除）") if self.text is None else self.text,
            "、".join(number for _stream, number in self.cases), order.body.name, order.received_on,
            order.due_on, self.word, order.answered_on, self.result,
        )  # fmt: skip


def visible_orders(actor: Actor) -> QuerySet[SuperiorOrder]:
    """Orders that bind bodies whose cases the actor may see; not those about sensitive cases of others."""
    hidden = OrderedCase.objects.filter(
        order=OuterRef("pk"), stream__in=unreadable_flags(actor).values("stream")
    )
    return SuperiorOrder.objects.filter(body__in=visible_bodies(actor)).filter(~Exists(hidden))


def orders(actor: Actor, *, state: str = "", body: str = "") -> QuerySet[SuperiorOrder]:
    """Orders in a state of ``STATES`` (empty: all); those to be answered first, by their due date."""
    rows = visible_orders(actor)
    if body:
        rows = rows.filter(body=body)
    if state == "answered":
        rows = rows.filter(answered_on__isnull=False)
    elif state:
        rows = rows.filter(answered_on__isnull=True)
    if state == "overdue":
        rows = rows.filter(due_on__lt=actor.today)
    elif state == "soon" and actor.seat is not None:
        calendar = calendars_of([actor.seat.body], known_on=actor.present.known_on)[actor.seat.body_id]
        rows = rows.filter(due_on__gte=actor.today, due_on__lte=_soon(calendar, actor.today))
    return rows.select_related("body", "issuer", "answered_by__person").order_by(
        F("answered_on").desc(nulls_first=True), "due_on", "key"
    )


def _soon(calendar: WorkCalendar, today: date) -> date:
    try:
        return calendar.add(today, SOON)
    except CalendarNotPublished:  # beyond the known years a week holds so many working days
        return today + timedelta(days=7)


def order_rows(rows: Iterable[SuperiorOrder], actor: Actor) -> list[OrderRow]:
    """Orders in words, with a fixed number of queries."""
    found = list(rows)
    texts = private.read_many({ref for row in found for ref in (row.text, row.answer) if ref})
    about = list(OrderedCase.objects.filter(order__in=[row.pk for row in found]).order_by("pk"))
    numbers = dict(
        CaseSummary.objects.filter(stream__in={one.stream for one in about}).values_list("stream", "number")
    )
    calendars = calendars_of({row.body for row in found}, known_on=actor.present.known_on)
    result: list[OrderRow] = []
    for row in found:
        left = rest(row.due_on, actor.today, calendars[row.body_id]) if row.answered_on is None else None
        late = row.due_on < (actor.today if row.answered_on is None else row.answered_on)
        mark, word = _mark(row, left, late)
        result.append(
            OrderRow(
                row, _text(texts, row.text), _text(texts, row.answer),
                str(OrderResult(row.result).label) if row.result else "", left, late, mark, word,
                tuple(
                    (one.stream, numbers.get(one.stream, "") or _("未编号"))
                    for one in about
                    if one.order_id == row.pk
                ),
            )
        )  # fmt: skip
    return result


def _text(texts: Mapping[str, Mapping[str, Any]], ref: str) -> str | None:
    return str(texts[ref]["text"]) if ref in texts else None


def _mark(row: SuperiorOrder, left: Rest | None, late: bool) -> tuple[str, str]:
    if left is None:
        return "done", _("超期办结") if late else _("按期办结")
    if late:
        return "overdue", _("已超期")
    if left.day == left.today:
        return "today", _("今天到期")
    near = left.working_days is not None and left.working_days <= SOON
    return ("soon", _("快到期")) if near else ("running", _("在办"))


def sheet_of(head: str, rows: Sequence[OrderRow], notes: Sequence[str] = ()) -> Sheet:
    """For spreadsheet and paper."""
    columns = (
        Column(_("督办单位"), 18), Column(_("文号"), 16), Column(_("督办内容"), 34), Column(_("案件"), 18),
        Column(_("承办机关"), 18), Column(_("收到日"), 11), Column(_("期限"), 11), Column(_("情况"), 10),
        Column(_("办结日"), 11), Column(_("结果"), 12),
    )  # fmt: skip
    part = Part(_("督办件"), columns, tuple(row.values for row in rows), _("没有督办件。"))
    return Sheet(head, _("督办件清单"), tuple(notes), (part,))


@transaction.atomic
def register_order(
    *,
    body: Body,
    issuer_name: str,
    number: str,
    text: str,
    received_on: date,
    due_on: date,
    numbers: Sequence[str],
    actor: Actor,
) -> SuperiorOrder:
    """Register an order that came in on paper. ``numbers``: of the cases that it is about, maybe none.

    Raises ``NotPermitted``, ``ValueError`` without issuer or text, ``WrongDay``, ``NoSuchCaseHere``.
    """
    actor.require(Act.ORDER_REGISTER, body)
    if not issuer_name.strip() or not text.strip():
        raise ValueError("an order has an issuer and a text")
    if received_on > actor.today:
        raise WrongDay("received_on", "future")
    if due_on < received_on:
        raise WrongDay("due_on", "before")
    streams = _streams(body, numbers, actor)
    made = _make(body, None, issuer_name.strip(), number, text, (received_on, due_on), streams, actor)
    audit.record("order.registered", actor=actor, body=body, object=made.key, detail={"cases": list(streams)})
    return made


@transaction.atomic
def issue_order(
    *, to: Body, number: str, text: str, due_on: date, numbers: Sequence[str], actor: Actor
) -> SuperiorOrder:
    """Give an order to a body below; it is there at once. Raises as ``register_order``; ``Ended``."""
    actor.require(Act.ORDER_ISSUE, to)
    if actor.seat is None or to.valid_until is not None or not to.keeps_a_ledger:
        raise Ended
    if not text.strip():
        raise ValueError("an order has a text")
    if due_on < actor.today:
        raise WrongDay("due_on", "past")
    streams, issuer = _streams(to, numbers, actor), actor.seat.body
    made = _make(to, issuer, issuer.name, number, text, (actor.today, due_on), streams, actor)
    audit.record("order.issued", actor=actor, body=to, object=made.key, detail={"cases": list(streams)})
    return made


@transaction.atomic
def answer_order(*, order: SuperiorOrder, result: str, answer: str, on: date, actor: Actor) -> SuperiorOrder:
    """Answer an order: how it ended, in words, on which day.

    Raises ``NotPermitted``, ``ValueError`` without words or for another result, ``WrongDay``,
    ``AnsweredAlready``.
    """
    actor.require(Act.ORDER_REGISTER, order.body)
    found = SuperiorOrder.objects.select_for_update().get(pk=order.pk)
    if found.answered_on is not None:
        raise AnsweredAlready(found.key)
    if not answer.strip():
        raise ValueError("an order is not answered without a word")
    if on > actor.today:
        raise WrongDay("answered_on", "future")
    if on < found.received_on:
        raise WrongDay("answered_on", "before")
    found.result, found.answered_on, found.answered_by = OrderResult(result).value, on, actor.seat
    found.answer = _keep(order.body, found.key, _streams_of(found), answer, actor)
    found.save(update_fields=["result", "answered_on", "answered_by", "answer"])
    audit.record(
        "order.answered", actor=actor, body=order.body, object=found.key, detail={"result": found.result}
    )
    return found


def _make(
    body: Body,
    issuer: Body | None,
    issuer_name: str,
    number: str,
    text: str,
    days: tuple[date, date],
    streams: Sequence[str],
    actor: Actor,
) -> SuperiorOrder:
    key = opaque("order")
    made = SuperiorOrder.objects.create(
        key=key, body=body, issuer=issuer, issuer_name=issuer_name, number=number.strip(),
        received_on=days[0], due_on=days[1], text=_keep(body, key, streams, text, actor),
        entered_by=actor.seat, entered_at=actor.present.moment,
    )  # fmt: skip
    OrderedCase.objects.bulk_create(OrderedCase(order=made, stream=stream) for stream in streams)
    return made


def _keep(body: Body, key: str, streams: Sequence[str], text: str, actor: Actor) -> str:
    """The words stand under the first case; ``cases.erasure`` knows those of the others, too."""
    stream = streams[0] if streams else key
    subject = CaseText.objects.filter(stream=stream).values_list("subject", flat=True).first()
    fields = {"text": text.strip()}
    kept = private.keep(
        body=body, stream=stream, kind="superior.order", fields=fields, actor=actor, subject=subject
    )
    return kept.ref


def _streams(body: Body, numbers: Sequence[str], actor: Actor) -> list[str]:
    wanted = list(dict.fromkeys(filter(None, (number.strip() for number in numbers))))
    rows = visible_cases(actor).filter(Q(number__in=wanted) | Q(stream__in=wanted), body=body)
    by_name: dict[str, str] = {}
    for row in rows:
        by_name[row.number] = by_name[row.stream] = row.stream
    missing = [one for one in wanted if one not in by_name]
    if missing:
        raise NoSuchCaseHere(missing)
    return list(dict.fromkeys(by_name[one] for one in wanted))


def _streams_of(order: SuperiorOrder) -> list[str]:
    return list(OrderedCase.objects.filter(order=order).order_by("pk").values_list("stream", flat=True))
