"""The day of receipt (收到申请之日) by channel, as art. 31 has it, and how it was fixed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.platform.core.actor import Actor
from gongkai.platform.core.bases import basis_for, known_calendar
from gongkai.platform.core.models import Body
from gongkai.rules.law import NoRuleInForce
from gongkai.rules.vocabulary import CONFIRMED_CHANNELS, Channel


class ReceiptBasis(models.TextChoices):
    """How the day of receipt was fixed (art. 31); the ``how`` of ``request.received``."""

    HANDED_IN = "handed_in", _("当面提交之日")
    FORM_FILLED = "form_filled", _("口头申请，代为填写之日")
    SIGNED_FOR = "signed_for", _("签收之日")
    TRANSFERRED = "transferred", _("签收上级转来件之日")
    CONFIRMED_BY_PHONE = "confirmed_by_phone", _("与申请人电话确认之日")
    CONFIRMED_BY_MESSAGE = "confirmed_by_message", _("与申请人以短信、电子邮件确认之日")
    CONFIRMED_IN_PERSON = "confirmed_in_person", _("与申请人当面确认之日")
    CONFIRMED_AUTOMATICALLY = "confirmed_automatically", _("网上提交、系统自动确认之日")


CONFIRMATIONS = (
    ReceiptBasis.CONFIRMED_BY_PHONE,
    ReceiptBasis.CONFIRMED_BY_MESSAGE,
    ReceiptBasis.CONFIRMED_IN_PERSON,
)
"""What an officer may choose."""

_DIRECT = {
    Channel.COUNTER: ReceiptBasis.HANDED_IN,
    Channel.ORAL: ReceiptBasis.FORM_FILLED,
    Channel.REGISTERED_POST: ReceiptBasis.SIGNED_FOR,
    Channel.SUPERIOR: ReceiptBasis.TRANSFERRED,
}


class BadIntake(ValueError):
    """What was given cannot be registered: ``field`` and ``message`` (Chinese)."""

    def __init__(self, field: str, message: Any) -> None:
        super().__init__(f"{field}: {message}")
        self.field, self.message = field, message


@dataclass(frozen=True, slots=True)
class Receipt:
    """The day of receipt and how it was fixed; ``on`` is ``None`` while confirmation is outstanding."""

    came_on: date
    on: date | None
    how: str


def receipt_of(
    *, body: Body, actor: Actor, channel: str, came_on: date, confirmed_on: date | None, confirmation: str
) -> Receipt:
    """The day of receipt by channel (art. 31), as it would be registered.

    - at the counter, oral: the day; registered post, letters passed on from above: the day of signing;
    - ordinary post, fax, e-mail, internet: the day on which both sides confirmed, and how; without one the
      letter waits for confirmation;
    - internet where the body confirms automatically (``web_auto_confirm``): the day it was sent.

    Raises ``BadIntake`` for an unknown channel, a year before all calendars (a slip of the keyboard: no rule
    stops a letter that still waits for its receipt), a confirmation where none belongs or without its way,
    and one before the letter came.
    """
    try:
        known = Channel(channel)
    except ValueError:
        raise BadIntake("channel", _("请选择来件的渠道")) from None
    first = known_calendar(None).years[0]
    if came_on.year < first:
        raise BadIntake("came_on", _("年份不对：%(year)d 年以前的来件不能登记") % {"year": first})
    if known not in CONFIRMED_CHANNELS:
        if confirmed_on is not None:
            raise BadIntake("confirmed_on", _("这一渠道的收到之日就是来件之日，不需要另行确认"))
        return Receipt(came_on, came_on, _DIRECT[known].value)
    if confirmed_on is None:
        if known is Channel.INTERNET and confirms_automatically(body, actor, came_on):
            return Receipt(came_on, came_on, ReceiptBasis.CONFIRMED_AUTOMATICALLY.value)
        return Receipt(came_on, None, "")
    if confirmed_on < came_on:
        raise BadIntake("confirmed_on", _("确认的日期不能早于来件的日期"))
    if confirmation not in CONFIRMATIONS:
        raise BadIntake("confirmation", _("请写明是怎样与申请人确认的"))
    return Receipt(came_on, confirmed_on, str(confirmation))


def confirms_automatically(body: Body, actor: Actor, on: date) -> bool:
    """Whether a body's web channel confirms by itself (a local setting; art. 31(3))."""
    law = basis_for(body, known_on=actor.present.known_on).law
    try:
        return law.value("web_auto_confirm", on=on) is True
    except NoRuleInForce:
        return False
