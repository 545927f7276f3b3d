"""Who handles a case: the office's own arrangement, no legal act, and yet in the audit."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from gongkai.platform.cases.models import CaseDesk, CaseSummary
from gongkai.platform.cases.readers import require_reader
from gongkai.platform.cases.services.sensitive import read_by_handler
from gongkai.platform.core import audit
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body, Role, Seat
from gongkai.platform.core.permissions import Act


class NotAHandler(ValueError):
    """The seat does not handle cases of this body."""


@dataclass(frozen=True, slots=True)
class HandlerChoice:
    """Somebody who may be given the case."""

    key: str
    label: str


def handlers_of(body: Body) -> tuple[HandlerChoice, ...]:
    """The open seats that handle cases of a body."""
    seats = Seat.objects.filter(
        body=body,
        valid_until__isnull=True,
        person__is_active=True,
        role_rows__role__in=[Role.HANDLER, Role.RECEIVING_CLERK],
    )
    return tuple(
        HandlerChoice(seat.key, f"{seat.title} {seat.person.name}".strip())
        for seat in seats.select_related("person").distinct().order_by("person__name")
    )


@transaction.atomic
def assign_handler(*, body: Body, stream: str, handler: str, actor: Actor) -> CaseDesk:
    """Give a case to a seat of the body, or to nobody (``""``).

    Whoever is given a sensitive case becomes its reader. Raises ``NotPermitted``, ``NoSuchCase``,
    ``NotAHandler`` and ``CaseSummary.DoesNotExist``.
    """
    if not actor.may(Act.CASE_APPROVE, body):
        actor.require(Act.CASE_ACT, body)
    require_reader(actor, stream)
    CaseSummary.objects.get(stream=stream, body=body)
    if handler and handler not in {one.key for one in handlers_of(body)}:
        raise NotAHandler(handler)
    desk, _created = CaseDesk.objects.update_or_create(
        stream=stream, defaults={"body": body, "handler_id": handler or None}
    )
    read_by_handler(stream=stream, handler=desk.handler, actor=actor)
    audit.record("case.assigned", actor=actor, body=body, object=stream, detail={"handler": handler})
    return desk
