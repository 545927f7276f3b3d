"""The register of units, the inner period, and what an outcome needs: what the head of the office sets."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from gongkai.platform.cases.letters.kinds import reply_letter
from gongkai.platform.cases.models import OutcomeNeed, TaskSetting, Unit
from gongkai.platform.cases.task_rules import Need
from gongkai.platform.core import audit
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.identifiers import opaque
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act

MOST_DAYS = 60


class UnitTaken(ValueError):
    """The body has another unit of this name, or one that stands for the same body."""


class DateInPast(ValueError):
    """A setting that would hold from a day before today: what was decided by then must not change."""


@transaction.atomic
def register_unit(*, body: Body, name: str, of: Body | None, phone: str, actor: Actor) -> Unit:
    """Register a unit that tasks are given to. Raises ``NotPermitted``, ``UnitTaken``, ``ValueError``."""
    actor.require(Act.TASK_SET, body)
    _check(body, name, of, None)
    unit = Unit.objects.create(
        body=body, key=opaque("unit"), name=name.strip(), of=of, phone=phone.strip()
    )  # fmt: skip
    audit.record("unit.changed", actor=actor, body=body, object=unit.key, detail={"new": True})
    return unit


@transaction.atomic
def change_unit(*, unit: Unit, name: str, of: Body | None, phone: str, active: bool, actor: Actor) -> Unit:
    """Rename a unit, give it another body, take it out of use; tasks that it has stay with it.

    Raises as ``register_unit``.
    """
    actor.require(Act.TASK_SET, unit.body)
    _check(unit.body, name, of, unit)
    unit.name, unit.of, unit.phone, unit.active = name.strip(), of, phone.strip(), active
    unit.save(update_fields=["name", "of", "phone", "active"])
    audit.record("unit.changed", actor=actor, body=unit.body, object=unit.key, detail={"active": active})
    return unit


def _check(body: Body, name: str, of: Body | None, own: Unit | None) -> None:
    if not name.strip():
        raise ValueError("a unit has a name")
    others = Unit.objects.filter(body=body)
    if own is not None:
        others = others.exclude(pk=own.pk)
    if others.filter(name=name.strip(), active=True).exists():
        raise UnitTaken("name")
    if of is not None and others.filter(of=of).exists():
        raise UnitTaken("of")
    if of is not None and of.pk == body.pk:
        raise ValueError("a body is no unit of itself")


@transaction.atomic
def set_inner_period(
    *, body: Body, working_days: int, warn_days: int, from_date: date, actor: Actor
) -> TaskSetting:
    """Set the inner period from a day on; tasks that were given keep their date.

    Raises ``NotPermitted``, ``DateInPast``, ``ValueError`` for numbers that make no sense.
    """
    actor.require(Act.TASK_SET, body)
    if from_date < actor.today:
        raise DateInPast(from_date.isoformat())
    if not (1 <= working_days <= MOST_DAYS and 0 <= warn_days <= working_days):
        raise ValueError("an inner period of 1 to 60 working days, warned of within it")
    values = {
        "working_days": working_days, "warn_days": warn_days, "set_by": actor.seat,
        "set_at": actor.present.moment,
    }  # fmt: skip
    row, _new = TaskSetting.objects.update_or_create(body=body, from_date=from_date, defaults=values)
    audit.record(
        "needs.set", actor=actor, body=body,
        detail={"working_days": working_days, "warn_days": warn_days, "from": from_date.isoformat()},
    )  # fmt: skip
    return row


@transaction.atomic
def set_need(
    *, body: Body, outcome: str, sub_kind: str = "", need: Need, from_date: date, actor: Actor
) -> OutcomeNeed:
    """Set what a reply with an outcome needs from a day on; ``outcome`` blank: every outcome.

    ``need.source`` says what it rests on (a rule of the office). Raises ``NotPermitted``, ``DateInPast``,
    ``ValueError`` for an outcome that is not known, or without a source.
    """
    actor.require(Act.TASK_SET, body)
    if outcome:
        reply_letter(outcome, sub_kind)
    elif sub_kind:
        raise ValueError("a sub-kind of no outcome")
    if not need.source.strip():
        raise ValueError("a setting without a source")
    if from_date < actor.today:
        raise DateInPast(from_date.isoformat())
    values = {
        "legal_review": need.legal_review, "countersign": need.countersign,
        "search_record": need.search_record, "source": need.source.strip(), "set_by": actor.seat,
        "set_at": actor.present.moment,
    }  # fmt: skip
    row, _new = OutcomeNeed.objects.update_or_create(
        body=body, outcome=outcome, sub_kind=sub_kind, from_date=from_date, defaults=values
    )
    audit.record(
        "needs.set", actor=actor, body=body,
        detail={
            "outcome": outcome, "sub_kind": sub_kind, "needs": list(need.keys),
            "from": from_date.isoformat(),
        },
    )  # fmt: skip
    return row
