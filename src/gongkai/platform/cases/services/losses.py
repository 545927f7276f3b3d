"""Signing the review of a loss, and noting that its measure is done."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from gongkai.platform.cases.archive.rights import may_make
from gongkai.platform.cases.losses import causes, loss_of
from gongkai.platform.cases.models import CaseText, LossReview
from gongkai.platform.cases.readers import require_reader
from gongkai.platform.core import audit, private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.identifiers import opaque
from gongkai.platform.core.models import Body, Seat
from gongkai.platform.core.permissions import Act, NotPermitted
from gongkai.platform.ledger.services import lock


class ReviewedMeanwhile(RuntimeError):
    """Somebody signed a version, or noted the measure as done, since the page was shown."""


class NobodyResponsible(ValueError):
    """Who is named as responsible has no seat in the body."""


@transaction.atomic
def sign_review(
    *,
    body: Body,
    stream: str,
    loss: str,
    cause: str,
    went_wrong: str,
    measure: str,
    responsible: str,
    due_on: date,
    expected_version: int,
    actor: Actor,
) -> LossReview:
    """Sign the review of a loss, or a further version of it.

    Raises ``NotPermitted``, ``NoSuchCase``, ``NoSuchLoss``, ``ValueError`` for a cause that is not of the
    list or without words, ``NobodyResponsible``, ``ReviewedMeanwhile``.
    """
    _permit(body, actor)
    if cause not in causes() or not went_wrong.strip() or not measure.strip():
        raise ValueError("a review has a cause of the list, what went wrong, and a measure")
    loss_of(body=body, stream=stream, key=loss, actor=actor)
    seat = Seat.objects.filter(key=responsible, body=body, valid_until__isnull=True).first()
    if seat is None:
        raise NobodyResponsible(responsible)
    lock(body=body.key)
    version = _version(stream, loss)
    if version != expected_version:
        raise ReviewedMeanwhile(stream)
    subject = CaseText.objects.filter(stream=stream).values_list("subject", flat=True).first()
    kept = private.keep(
        body=body, stream=stream, kind="loss.review", actor=actor, subject=subject,
        fields={"went_wrong": went_wrong.strip(), "measure": measure.strip()},
    )  # fmt: skip
    made = LossReview.objects.create(
        key=opaque("review"), body=body, stream=stream, loss=loss, version=version + 1, cause=cause,
        text=kept.ref, responsible=seat, due_on=due_on, signed_by=actor.seat,
        signed_at=actor.present.moment,
    )  # fmt: skip
    audit.record(
        "loss.reviewed", actor=actor, body=body, object=stream,
        detail={"loss": loss, "version": made.version, "cause": cause},
    )  # fmt: skip
    return made


@transaction.atomic
def measure_done(
    *, body: Body, stream: str, loss: str, on: date, expected_version: int, actor: Actor
) -> LossReview:
    """Note that the measure of the newest review is done.

    Raises ``NotPermitted``, ``ReviewedMeanwhile`` also where it is noted already, ``ValueError`` for a day
    after today.
    """
    _permit(body, actor)
    require_reader(actor, stream)
    lock(body=body.key)
    row = LossReview.objects.filter(body=body, stream=stream, loss=loss).order_by("-version").first()
    if row is None or row.version != expected_version or row.done_on is not None:
        raise ReviewedMeanwhile(stream)
    if on > actor.today:
        raise ValueError("done after today")
    row.done_on, row.done_by = on, actor.seat
    row.save(update_fields=["done_on", "done_by"])
    audit.record(
        "loss.measure_done", actor=actor, body=body, object=stream,
        detail={"loss": loss, "version": row.version, "on": on.isoformat()},
    )  # fmt: skip
    return row


def _permit(body: Body, actor: Actor) -> None:
    if not may_make(actor, body):
        raise NotPermitted(Act.CASE_ACT, actor.seat, body)


def _version(stream: str, loss: str) -> int:
    rows = LossReview.objects.filter(stream=stream, loss=loss).order_by("-version")
    newest = rows.values_list("version", flat=True).first()
    return 0 if newest is None else newest
