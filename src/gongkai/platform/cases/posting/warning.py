"""The warning that a reply must be out: signed is not sent, and the clock ends with the sending.

What is handed over (at the counter, by somebody entrusted) ends it only once it is signed for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from gongkai.platform.cases.models import CaseSummary, PostSettings, Service
from gongkai.platform.cases.projection import on_a_day
from gongkai.platform.cases.selectors.scope import visible_cases
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.bases import calendars_of
from gongkai.platform.core.models import Body
from gongkai.platform.core.rest import rest
from gongkai.rules.workdays import WorkCalendar

_USUAL = 1


def warn_days_of(bodies: Iterable[Body]) -> dict[str, int]:
    """How many working days before the end each body warns."""
    keys = [body.key for body in bodies]
    set_days = dict(PostSettings.objects.filter(body__in=keys).values_list("body", "warn_days"))
    return {key: set_days.get(key, _USUAL) for key in keys}


def is_warned(case: CaseSummary, today: date, calendar: WorkCalendar, days: int) -> date | None:
    """The end of the reply clock, where it is so near, or over, while it runs; else ``None``."""
    due = on_a_day(case, today).reply_due_on
    if not case.open or due is None:
        return None
    left = rest(due, today, calendar).working_days
    return due if left is not None and left <= days else None


def warning_of(case: CaseSummary, today: date, calendar: WorkCalendar, days: int) -> str:
    """What a list and the case's page say of it; blank where there is nothing to warn of."""
    due = is_warned(case, today, calendar, days)
    if due is None:
        return ""
    said = {"day": due.isoformat()}
    if case.service == Service.TO_SEND.value:
        if due < today:
            return _("已签发，未寄出，最迟 %(day)s 寄出，已经过了") % said
        return _("已签发，未寄出，最迟 %(day)s 寄出") % said
    if case.service:
        if due < today:
            return _("已送出，还没有签收，最迟 %(day)s 签收，已经过了") % said
        return _("已送出，还没有签收，最迟 %(day)s 签收") % said
    if due < today:
        return _("还没有签发，最迟 %(day)s 签发并寄出，已经过了") % said
    return _("还没有签发，最迟 %(day)s 签发并寄出") % said


@dataclass(frozen=True, slots=True)
class Unsent:
    """Signed replies that are not out: all, those near the end of their clock, those behind it."""

    all: int
    near: int
    late: int
    first: date | None
    """The nearest last day."""


def unsent_of(actor: Actor) -> Unsent | None:
    """The unsent replies of the actor's own body; ``None`` where there is none."""
    if actor.seat is None:
        return None
    body = actor.seat.body
    cases = list(visible_cases(actor).filter(body=body, open=True, service=Service.TO_SEND))
    if not cases:
        return None
    calendar = calendars_of([body], known_on=actor.present.known_on)[body.key]
    days = warn_days_of([body])[body.key]
    due = [found for case in cases if (found := is_warned(case, actor.today, calendar, days)) is not None]
    late = sum(day < actor.today for day in due)
    return Unsent(len(cases), len(due) - late, late, min(due, default=None))


def case_warning(case: CaseSummary, actor: Actor) -> str:
    """``warning_of`` for one case, by the calendar and the setting of its body."""
    calendar = calendars_of([case.body], known_on=actor.present.known_on)[case.body_id]
    return warning_of(case, actor.today, calendar, warn_days_of([case.body])[case.body_id])
