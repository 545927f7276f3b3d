"""Handing over for good: all open cases of a seat to another, with a list that the taker signs for."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gongkai.platform.cases.duty.roster import ListChanged
from gongkai.platform.cases.duty.sheet import Part, Sheet
from gongkai.platform.cases.models import CaseDesk, CaseSummary, CaseText, HandOver
from gongkai.platform.cases.selectors.filters import PHASE_WORDS
from gongkai.platform.cases.selectors.scope import readable, visible_bodies, visible_cases
from gongkai.platform.cases.services.desk import NotAHandler, assign_handler, handlers_of
from gongkai.platform.cases.sheets import Column, Value
from gongkai.platform.core import audit
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.identifiers import opaque
from gongkai.platform.core.models import Body, Seat
from gongkai.platform.core.permissions import Act, NotPermitted
from gongkai.platform.ledger.services import lock


class NothingToHandOver(ValueError):
    """The seat handles no open case."""


class SignedAlready(RuntimeError):
    """The list was signed for."""


@dataclass(frozen=True, slots=True)
class HandedRow:
    """A case of a hand-over."""

    stream: str
    number: str
    title: str
    phase: str
    due_on: date | None

    @property
    def values(self) -> tuple[Value, ...]:
        """As a row of the sheet."""
        return (self.number, self.title, self.phase, self.due_on)


@dataclass(frozen=True, slots=True)
class Held:
    """What a seat holds: its open cases, and how many more the actor may not see."""

    rows: tuple[HandedRow, ...]
    hidden: int

    @property
    def digest(self) -> str:
        """By which a stale form is told."""
        return digest_of([row.stream for row in self.rows])


def digest_of(streams: Sequence[str]) -> str:
    """Of the cases of a list, in any order."""
    return hashlib.sha256("\n".join(sorted(streams)).encode()).hexdigest()


def givers_of(body: Body) -> list[tuple[Seat, int]]:
    """The seats of a body that hold open cases, ended ones included, and how many."""
    open_streams = CaseSummary.objects.filter(body=body, open=True).values("stream")
    found: dict[str, tuple[Seat, int]] = {}
    desks = CaseDesk.objects.filter(body=body, handler__isnull=False, stream__in=open_streams)
    for desk in desks.select_related("handler__person"):
        if desk.handler is not None:
            found[desk.handler.pk] = (desk.handler, found.get(desk.handler.pk, (desk.handler, 0))[1] + 1)
    return sorted(found.values(), key=lambda one: one[0].person.name)


def held_by(*, body: Body, seat: str, actor: Actor) -> Held:
    """The open cases of a seat that the actor may see, by their due date."""
    streams = CaseDesk.objects.filter(body=body, handler=seat).values("stream")
    mine = CaseSummary.objects.filter(body=body, open=True, stream__in=streams)
    rows = visible_cases(actor).filter(body=body, open=True, stream__in=streams)
    found = _rows(rows)
    return Held(found, mine.count() - len(found))


def _rows(cases: QuerySet[CaseSummary]) -> tuple[HandedRow, ...]:
    found = list(cases)
    titles = dict(
        CaseText.objects.filter(stream__in=[one.stream for one in found]).values_list("stream", "title")
    )
    found.sort(key=lambda one: (one.next_due_on or date.max, one.number, one.stream))
    return tuple(
        HandedRow(
            one.stream, one.number, titles.get(one.stream, ""), str(PHASE_WORDS[one.phase]), one.next_due_on
        )
        for one in found
    )


def visible_hand_overs(actor: Actor) -> QuerySet[HandOver]:
    """The hand-overs of bodies whose cases the actor may see."""
    rows = HandOver.objects.filter(body__in=visible_bodies(actor))
    return rows.select_related("body", "giver__person", "taker__person", "made_by__person")


def rows_of(done: HandOver, actor: Actor) -> tuple[HandedRow, ...]:
    """The cases of a hand-over as they stand now, of those that the actor may see."""
    return _rows(readable(CaseSummary.objects.filter(stream__in=done.streams), actor))


def sheet_of(done: HandOver, rows: Sequence[HandedRow]) -> Sheet:
    """For spreadsheet and paper."""
    columns = (Column(_("编号"), 20), Column(_("申请内容"), 44), Column(_("状态"), 16), Column(_("期限"), 12))
    signed = (
        _("还没有签收。")
        if done.signed_on is None
        else _("{day} 已签收。").format(day=done.signed_on.isoformat())
    )
    note = _("{giver} 移交 {taker}，{day}，共 {n} 件。").format(
        giver=done.giver.person.name, taker=done.taker.person.name, day=done.made_on.isoformat(),
        n=len(done.streams),
    )  # fmt: skip
    part = Part(_("移交的案件"), columns, tuple(row.values for row in rows), _("没有案件。"))
    return Sheet(
        done.body.name,
        _("在办案件移交清单"),
        (note, signed),
        (part,),
        (_("移交人"), _("接收人"), _("监交人")),
    )


@transaction.atomic
def hand_over(*, body: Body, giver: str, taker: str, seen: str, actor: Actor) -> HandOver:
    """Give all open cases of a seat to another seat for good; ``seen``: the digest of the list looked at.

    Sensitive cases that the actor may not see stay where they are. Raises ``NotPermitted``, ``NotAHandler``,
    ``NothingToHandOver``, ``ListChanged``.
    """
    actor.require(Act.DUTY_ARRANGE, body)
    lock(body=body.key)
    if giver == taker or taker not in {one.key for one in handlers_of(body)}:
        raise NotAHandler(taker)
    held = held_by(body=body, seat=giver, actor=actor)
    if not held.rows:
        raise NothingToHandOver(giver)
    if held.digest != seen:
        raise ListChanged
    streams = [row.stream for row in held.rows]
    for stream in streams:
        assign_handler(body=body, stream=stream, handler=taker, actor=actor)
    done = HandOver.objects.create(
        key=opaque("handover"), body=body, giver_id=giver, taker_id=taker, made_by=actor.seat,
        made_at=actor.present.moment, made_on=actor.today, streams=streams,
    )  # fmt: skip
    audit.record(
        "duty.handed_over", actor=actor, body=body, object=done.key,
        detail={"giver": giver, "taker": taker, "cases": len(streams)},
    )  # fmt: skip
    return done


def may_sign(done: HandOver, actor: Actor) -> bool:
    """Who takes the cases signs, or who stands in for them."""
    seats = () if actor.seat is None else (actor.seat, *actor.stands_in_for)
    return done.signed_at is None and any(seat.pk == done.taker_id for seat in seats)


@transaction.atomic
def sign_hand_over(*, done: HandOver, actor: Actor) -> HandOver:
    """Sign for the list. Raises ``SignedAlready``; ``NotPermitted`` for anybody but the taker."""
    found = HandOver.objects.select_for_update().select_related("body").get(pk=done.pk)
    if found.signed_at is not None:
        raise SignedAlready(found.key)
    if not may_sign(found, actor):
        raise NotPermitted(Act.CASE_SEE, actor.seat, found.body)
    found.signed_at, found.signed_on = actor.present.moment, actor.today
    found.save(update_fields=["signed_at", "signed_on"])
    audit.record("duty.hand_over_signed", actor=actor, body=found.body, object=found.key)
    return found
