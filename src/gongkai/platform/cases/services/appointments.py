"""Days that others set in a proceeding, such as a hearing: entered beside the ledger, and taken back."""

from __future__ import annotations

from datetime import date, time, timedelta

from django.db import transaction

from gongkai.platform.cases.archive.rights import may_make
from gongkai.platform.cases.models import Appointment, AppointmentKind, CaseText
from gongkai.platform.cases.proceedings import NoSuchProceeding, proceedings_of
from gongkai.platform.cases.readers import require_reader
from gongkai.platform.core import audit, private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.identifiers import opaque
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act, NotPermitted
from gongkai.platform.ledger.services import lock


class NoSuchAppointment(LookupError):
    """There is none, or somebody took it back."""


class EnteredAlready(ValueError):
    """The same is entered already: the form was sent twice."""


class FarAway(ValueError):
    """A day so many years from today is a slip of the keyboard."""


YEARS = 5
"""An appointment lies at most so many years from the day on which it is entered."""


@transaction.atomic
def enter_appointment(
    *,
    body: Body,
    stream: str,
    remedy: str,
    kind: str,
    on: date,
    at: time | None,
    place: str,
    remarks: str,
    actor: Actor,
) -> Appointment:
    """Enter a day that the authority or court has set.

    Raises ``NotPermitted``, ``NoSuchCase``, ``NoSuchProceeding`` for one that the case has not or that is
    decided, ``ValueError`` for an unknown kind, ``FarAway``, ``EnteredAlready``.
    """
    if not may_make(actor, body):
        raise NotPermitted(Act.CASE_ACT, actor.seat, body)
    kind = AppointmentKind(kind).value
    stages = [p for p in proceedings_of(body=body, stream=stream, actor=actor) if p.remedy == remedy]
    if not any(stage.open for stage in stages):
        raise NoSuchProceeding(remedy)
    if abs(on - actor.today) > timedelta(days=366 * YEARS):
        raise FarAway(on.isoformat())
    lock(body=body.key)
    same = Appointment.objects.filter(
        stream=stream, remedy=remedy, kind=kind, on=on, at=at, cancelled_at__isnull=True
    )
    if same.exists():
        raise EnteredAlready(stream)
    text = ""
    if place.strip() or remarks.strip():
        subject = CaseText.objects.filter(stream=stream).values_list("subject", flat=True).first()
        text = private.keep(
            body=body, stream=stream, kind="appointment", actor=actor, subject=subject,
            fields={"place": place.strip(), "remarks": remarks.strip()},
        ).ref  # fmt: skip
    made = Appointment.objects.create(
        key=opaque("appointment"), body=body, stream=stream, remedy=remedy, kind=kind, on=on, at=at,
        text=text, added_at=actor.present.moment, added_by=actor.seat,
    )  # fmt: skip
    audit.record(
        "appointment.entered", actor=actor, body=body, object=stream,
        detail={"appointment": made.key, "kind": kind, "on": on.isoformat()},
    )  # fmt: skip
    return made


@transaction.atomic
def cancel_appointment(*, body: Body, stream: str, key: str, actor: Actor) -> Appointment:
    """Take an appointment back: it was put off, or entered by mistake; it stays told in the audit.

    Raises ``NotPermitted``, ``NoSuchAppointment``.
    """
    if not may_make(actor, body):
        raise NotPermitted(Act.CASE_ACT, actor.seat, body)
    require_reader(actor, stream)
    lock(body=body.key)
    row = Appointment.objects.filter(body=body, stream=stream, key=key, cancelled_at__isnull=True).first()
    if row is None:
        raise NoSuchAppointment(key)
    row.cancelled_at, row.cancelled_by = actor.present.moment, actor.seat
    row.save(update_fields=["cancelled_at", "cancelled_by"])
    audit.record("appointment.cancelled", actor=actor, body=body, object=stream, detail={"appointment": key})
    return row
