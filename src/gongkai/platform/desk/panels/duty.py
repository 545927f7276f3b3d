"""The panel "duty" of the case page: who stands in, dates that moved, orders of superior bodies."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from gongkai.platform.cases.duty.moved import moved_rows, visible_dates, with_people
from gongkai.platform.cases.duty.orders import order_rows, visible_orders
from gongkai.platform.cases.models import CaseDesk, CaseSummary
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.permissions import Act
from gongkai.platform.core.standing_in import absences, standing_on


def context(request: HttpRequest, actor: Actor, case: CaseSummary) -> dict[str, Any]:
    """What ``desk/case/_duty.html`` and the panel of the handler show of a case."""
    orders = (
        visible_orders(actor).filter(cases__stream=case.stream).select_related("body", "answered_by__person")
    )
    rows = with_people(visible_dates(actor).filter(stream=case.stream)).select_related("change")
    dates = list(rows.order_by("-found_at", "pk"))
    return {
        "orders": order_rows(orders.order_by("due_on", "key"), actor),
        "moved": list(zip(moved_rows(dates), (row.change for row in dates), strict=True)),
        "standing": _standing(actor, case),
        "may_register_order": actor.may(Act.ORDER_REGISTER, case.body),
    }


def _standing(actor: Actor, case: CaseSummary) -> Any:
    """The handler's absence today, where there is one."""
    handler = CaseDesk.objects.filter(stream=case.stream).values_list("handler", flat=True).first()
    if handler is None or not case.open:
        return None
    away = standing_on(actor.today, absences(case.body, actor.today, actor.today))
    return next((one for one in away if one.absence.seat_id == handler), None)
