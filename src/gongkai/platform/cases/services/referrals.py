"""Hand-overs (转办) with petition offices, the 12345 hotline, mailboxes and other units, in both directions.

Out: a matter of a letter that is no request for information goes to whom it belongs to, with the ticket that
it gets there and the day on which an answer came back. In: a ticket or letter of theirs that turns out to
be a request; its number stays with the letter and finds its cases.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gongkai.platform.cases.models import (
    Counterpart,
    Direction,
    IncomingLetter,
    ItemKind,
    ItemState,
    Referral,
)
from gongkai.platform.cases.services.matters import mark_settled, waiting_matter
from gongkai.platform.core import audit, private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.identifiers import opaque
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act
from gongkai.platform.ledger.services import lock

LONGEST_NUMBER = 60
_SIGNS = "-_/〔〕[]()（）【】.·号第字年"


class BadReferral(ValueError):
    """What cannot be handed over or noted: ``field`` of the form, or empty, and ``message`` (Chinese)."""

    def __init__(self, field: str, message: Any) -> None:
        super().__init__(f"{field}: {message}")
        self.field, self.message = field, message


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """By whom a letter was handed to the body, under which number there, and when."""

    counterpart: str
    number: str
    on: date
    name: str = ""
    remarks: str = ""


def plain_number(number: str) -> str:
    """A ticket's number without spaces; raises ``BadReferral`` for what is no number."""
    plain = "".join(number.split())
    if len(plain) > LONGEST_NUMBER or not all(sign.isalnum() or sign in _SIGNS for sign in plain):
        raise BadReferral("number", _("编号只能有汉字、字母、数字和 - 〔〕（）等符号，最长 60 字"))
    return plain


@transaction.atomic
def refer_matters(
    *,
    body: Body,
    keys: Sequence[str],
    counterpart: str,
    name: str,
    on: date,
    actor: Actor,
    number: str = "",
    remarks: str = "",
) -> Referral:
    """Hand matters of one letter over: to whom, when, and the number there where it is known already.

    A request for information is not handed over: it is owed a reply by who received it (art. 36(5)). Raises
    ``NotPermitted``, ``BadReferral``, ``BadMatter``, ``SettledAlready``.
    """
    actor.require(Act.CASE_ACT, body)
    _check(counterpart, name, on, actor)
    if not keys:
        raise BadReferral("keys", _("请选择要转办的事项"))
    lock(body=body.key)
    items = [waiting_matter(body=body, key=key) for key in dict.fromkeys(keys)]
    letter = items[0].letter
    if any(item.letter_id != letter.ref for item in items):
        raise BadReferral("keys", _("一次只转办同一件来件的事项"))
    if any(item.kind == ItemKind.INFORMATION for item in items):
        raise BadReferral(
            "keys",
            _("政府信息公开申请由收到的机关答复（条例第三十六条），不能转办；不是申请的，先改事项类别"),
        )
    if on < letter.came_on:
        raise BadReferral("on", _("转办的日期不能早于来件的日期"))
    kept = _keep(letter, "letter.referral", {"name": name.strip(), "remarks": remarks.strip()}, actor)
    referral = Referral.objects.create(
        key=opaque("referral"), body=body, letter=letter, direction=Direction.OUT, counterpart=counterpart,
        number=plain_number(number), on=on, text=kept, by=actor.seat, at=actor.present.moment,
    )  # fmt: skip
    for item in items:
        item.referral = referral
        mark_settled(item, ItemState.REFERRED, actor)
    _audit(referral, actor)
    return referral


@transaction.atomic
def note_ticket(*, letter: IncomingLetter, ticket: Ticket, actor: Actor) -> Referral:
    """Note that a letter was handed to the body by somebody else, with the number it has there.

    Raises ``NotPermitted``, ``BadReferral``; the same ticket of the same letter is noted once.
    """
    actor.require(Act.CASE_REGISTER, letter.body)
    number = plain_number(ticket.number)
    if not number:
        raise BadReferral("number", _("请填写对方的工单号、转办编号"))
    if ticket.counterpart not in Counterpart.values:
        raise BadReferral("counterpart", _("请选择由谁转来"))
    if ticket.on > actor.today:
        raise BadReferral("on", _("不能晚于今天"))
    lock(body=letter.body.key)
    same = Referral.objects.filter(
        letter=letter, direction=Direction.IN, counterpart=ticket.counterpart, number=number
    )
    if (known := same.first()) is not None:
        return known
    said = {"name": ticket.name.strip(), "remarks": ticket.remarks.strip()}
    referral = Referral.objects.create(
        key=opaque("referral"), body=letter.body, letter=letter, direction=Direction.IN,
        counterpart=ticket.counterpart, number=number, on=ticket.on, by=actor.seat, at=actor.present.moment,
        text=_keep(letter, "letter.referral", said, actor),
    )  # fmt: skip
    _audit(referral, actor)
    return referral


@transaction.atomic
def follow_up(
    *,
    body: Body,
    key: str,
    actor: Actor,
    number: str = "",
    answered_on: date | None = None,
    answer: str = "",
) -> Referral:
    """Write down the number that a hand-over got there, or that an answer came back, and what it was.

    What was written stays: another number or answer is refused. Raises ``NotPermitted``, ``BadReferral``.
    """
    actor.require(Act.CASE_ACT, body)
    lock(body=body.key)
    referral = Referral.objects.select_related("letter__subject").filter(body=body, key=key).first()
    if referral is None:
        raise BadReferral("", _("没有这件转办"))
    number = plain_number(number)
    if number and referral.number and number != referral.number:
        raise BadReferral("number", _("已经记过编号 %(number)s，不能改成别的") % {"number": referral.number})
    if answered_on is not None:
        _answered(referral, answered_on, answer, actor)
    elif not number:
        raise BadReferral("number", _("请填写编号，或者填写办理结果回来的日期"))
    elif answer.strip():
        raise BadReferral("answered_on", _("请填写办理结果回来的日期"))
    referral.number = number or referral.number
    referral.save()
    _audit(referral, actor)
    return referral


def _answered(referral: Referral, answered_on: date, answer: str, actor: Actor) -> None:
    if referral.answered_on is not None:
        raise BadReferral("answered_on", _("办理结果已经记过，请看现在的记录"))
    if answered_on > actor.today:
        raise BadReferral("answered_on", _("不能晚于今天"))
    if answered_on < referral.on:
        raise BadReferral("answered_on", _("不能早于转办的日期"))
    if not answer.strip():
        raise BadReferral("answer", _("请写明办理结果"))
    referral.answered_on = answered_on
    referral.answer = _keep(referral.letter, "letter.referral_answer", {"answer": answer.strip()}, actor)


def _check(counterpart: str, name: str, on: date, actor: Actor) -> None:
    if counterpart not in Counterpart.values:
        raise BadReferral("counterpart", _("请选择转给谁"))
    if not name.strip():
        raise BadReferral("name", _("请写明单位的名称"))
    if on > actor.today:
        raise BadReferral("on", _("不能晚于今天"))


def _keep(letter: IncomingLetter, kind: str, said: dict[str, str], actor: Actor) -> str:
    kept = private.keep(
        body=letter.body, stream=letter.ref, kind=kind, actor=actor, subject=letter.subject,
        fields={key: value for key, value in said.items() if value},
    )  # fmt: skip
    return kept.ref


def _audit(referral: Referral, actor: Actor) -> None:
    audit.record(
        "letter.referral", actor=actor, body=referral.body, object=referral.key,
        detail={
            "letter": referral.letter.ref, "direction": referral.direction,
            "counterpart": referral.counterpart, "answered": referral.answered_on is not None,
        },
    )  # fmt: skip
