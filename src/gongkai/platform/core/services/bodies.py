"""Bodies, and the rules and days off that they set for themselves; all by the system administrator."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from gongkai.platform.core import audit
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.bases import basis_for
from gongkai.platform.core.credit_code import is_credit_code
from gongkai.platform.core.identifiers import new_body_key
from gongkai.platform.core.models import Body, BodyLevel, LocalHoliday, LocalRule
from gongkai.platform.core.permissions import Act, NotPermitted
from gongkai.platform.core.signals import basis_changed, body_created
from gongkai.rules.law import Kind, load_law
from gongkai.rules.law import LocalValueRefused as LocalValueRefused  # what ``set_local_rule`` raises

BELOW: Mapping[str | None, frozenset[str]] = MappingProxyType(
    {
        None: frozenset(BodyLevel) - {BodyLevel.OFFICE},
        BodyLevel.PROVINCE: frozenset(
            {BodyLevel.CITY, BodyLevel.COUNTY, BodyLevel.DEPARTMENT, BodyLevel.OFFICE}
        ),
        BodyLevel.CITY: frozenset(
            {BodyLevel.COUNTY, BodyLevel.TOWNSHIP, BodyLevel.DEPARTMENT, BodyLevel.OFFICE}
        ),
        BodyLevel.COUNTY: frozenset({BodyLevel.TOWNSHIP, BodyLevel.DEPARTMENT, BodyLevel.OFFICE}),
        BodyLevel.TOWNSHIP: frozenset({BodyLevel.DEPARTMENT, BodyLevel.OFFICE}),
        BodyLevel.DEPARTMENT: frozenset({BodyLevel.DEPARTMENT, BodyLevel.OFFICE}),
        BodyLevel.OFFICE: frozenset(),
    }
)
"""Which levels may stand directly below which; ``None``: the top. Counties under a province and townships
under a city without districts exist."""

EDITABLE = (
    "name", "short_name", "code", "working_body", "is_competent", "vertical", "address", "postcode",
    "office_hours", "how_to_pay", "phone", "fax", "email", "reconsideration_authority", "upper_department",
    "court", "valid_from",
)  # fmt: skip
"""What can be changed of a body; level and place stay, for the ledger's reports are counted by them."""


LONGEST_HOLIDAY = 31
"""Days off entered at once: a mistyped year must not make a century free, and every page slow."""


class LevelDoesNotFit(ValueError):
    """A body of that level does not stand below that one: ``level``, ``parent_level``."""

    def __init__(self, level: str, parent_level: str | None) -> None:
        super().__init__(f"{level} below {parent_level}")
        self.level, self.parent_level = level, parent_level


class NameTaken(ValueError):
    """A living body of that name stands at that place already."""


class StillInUse(ValueError):
    """A body cannot end while living bodies stand below it: ``names``."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(", ".join(names))
        self.names = names


class BodyEnded(ValueError):
    """The body has ended; it is not changed any more."""


class EndsLater(ValueError):
    """A body ends when it has ended: one with a last day to come would count as ended already."""


class UnfitSuccessor(ValueError):
    """The successor is the body itself, stands below it, keeps no ledger, or has ended."""


@transaction.atomic
def create_body(*, level: str, parent: Body | None, fields: Mapping[str, Any], actor: Actor) -> Body:
    """A new body below ``parent``, with its ledger (an ``office`` has none).

    ``fields`` are those of ``EDITABLE``. The top of a tree is set up by a command, not by a person. Raises
    ``NotPermitted``, ``LevelDoesNotFit``, ``NameTaken``, ``BodyEnded``, ``ValidationError``, ``KeyError`` for
    another field.
    """
    body = Body(key=new_body_key(), level=level, parent=parent)
    if parent is None and not actor.system:
        raise NotPermitted(Act.BODY_EDIT, actor.seat, body)
    if parent is not None:
        actor.require(Act.BODY_EDIT, parent)
        if parent.valid_until is not None:
            raise BodyEnded
    above = None if parent is None else parent.level
    if level not in BELOW[above]:
        raise LevelDoesNotFit(level, above)
    body.path = f"{'' if parent is None else parent.path}{body.key}/"
    _fill(body, fields)
    body.save(force_insert=True)
    if body.keeps_a_ledger:
        body_created.send(sender=Body, body=body)
    audit.record("body.created", actor=actor, body=body, object=body.key, detail={"level": level})
    return body


@transaction.atomic
def change_body(*, body: Body, fields: Mapping[str, Any], actor: Actor) -> Body:
    """Change what is said of a body; the audit keeps which fields. Raises as ``create_body``."""
    actor.require(Act.BODY_EDIT, body)
    if body.valid_until is not None:
        raise BodyEnded
    changed = sorted(name for name in fields if getattr(body, name) != fields[name])
    _fill(body, fields)
    body.save(update_fields=[*fields])
    audit.record("body.changed", actor=actor, body=body, object=body.key, detail={"fields": changed})
    return body


@transaction.atomic
def end_body(*, body: Body, on: date, successor: Body | None, actor: Actor) -> Body:
    """A body ends on a day; its ledger stays, its successor carries on what is open (counting.md, area).

    Raises ``NotPermitted``, ``BodyEnded``, ``EndsLater``, ``StillInUse``, ``UnfitSuccessor``,
    ``ValidationError``.
    """
    actor.require(Act.BODY_EDIT, body)
    if body.valid_until is not None:
        raise BodyEnded
    if on > actor.today:
        raise EndsLater
    below = Body.objects.filter(path__startswith=body.path, valid_until__isnull=True).exclude(pk=body.pk)
    names = tuple(below.values_list("name", flat=True)[:20])
    if names:
        raise StillInUse(names)
    if successor is not None and (
        successor.path.startswith(body.path)
        or not successor.keeps_a_ledger
        or successor.valid_until is not None
    ):
        raise UnfitSuccessor
    body.valid_until = on
    body.successor = successor  # type: ignore[assignment]
    body.full_clean(exclude=["path"])
    body.save(update_fields=["valid_until", "successor"])
    audit.record(
        "body.ended", actor=actor, body=body, object=body.key,
        detail={"on": on.isoformat(), "successor": "" if successor is None else successor.key},
    )  # fmt: skip
    return body


@transaction.atomic
def set_local_rule(
    *, body: Body, key: str, value: Any, from_date: date, source: str, actor: Actor
) -> LocalRule:
    """A body's own value of a parameter from a day on, in the place of one from the same day.

    Judged by the law with all rules that hold for the body. Raises ``NotPermitted``, ``UnknownParameter``,
    ``LocalValueRefused`` (fixed, not stricter, not allowed, no source, not in force).
    """
    actor.require(Act.BODY_EDIT, body)
    parameter = load_law().parameter(key)
    kind = "stricter" if parameter.local.value == "stricter" else "setting"
    rule, _new = LocalRule.objects.update_or_create(
        body=body, key=key, from_date=from_date,
        defaults={"value": value, "source": source.strip(), "kind": kind},
    )  # fmt: skip
    # Read with all rules of the bodies above, as every case will be: what does not fit takes the row back.
    basis_for(body)
    audit.record(
        "body.local_rule_set", actor=actor, body=body, object=key,
        detail={"from": from_date.isoformat(), "value": str(value)},
    )  # fmt: skip
    title = f"{parameter.label_zh}：{value}（{source.strip()}，自{from_date.isoformat()}起）"
    _basis_changed(body, "local_rule", f"{key}:{from_date.isoformat()}:{value}", title, actor)
    return rule


@transaction.atomic
def add_local_holiday(
    *, body: Body, name: str, first: date, last: date, source: str, actor: Actor
) -> LocalHoliday:
    """Days off of the locality (《全国年节及纪念日放假办法》 art. 4).

    Raises ``NotPermitted``, ``ValueError`` without source, for an end before the beginning and for more than
    ``LONGEST_HOLIDAY`` days.
    """
    actor.require(Act.BODY_EDIT, body)
    if not source.strip():
        raise ValueError("local days off need a source")
    if last < first:
        raise ValueError(f"local days off end before they begin: {first} to {last}")
    if (last - first).days >= LONGEST_HOLIDAY:
        raise ValueError(f"local days off of more than {LONGEST_HOLIDAY} days: {first} to {last}")
    holiday = LocalHoliday.objects.create(body=body, name=name, first=first, last=last, source=source.strip())
    audit.record(
        "body.local_holiday_added", actor=actor, body=body, object=str(holiday.pk),
        detail={"first": first.isoformat(), "last": last.isoformat()},
    )  # fmt: skip
    _basis_changed(body, "local_holiday", f"{holiday.pk}:added", _said(holiday), actor)
    return holiday


@transaction.atomic
def remove_local_holiday(*, holiday: LocalHoliday, actor: Actor) -> None:
    """Take back days off that were entered by mistake; the audit keeps them. Raises ``NotPermitted``."""
    body = holiday.body
    actor.require(Act.BODY_EDIT, body)
    audit.record(
        "body.local_holiday_removed", actor=actor, body=body, object=str(holiday.pk),
        detail={"first": holiday.first.isoformat(), "last": holiday.last.isoformat()},
    )  # fmt: skip
    pk, said = holiday.pk, _said(holiday)
    holiday.delete()
    _basis_changed(body, "local_holiday", f"{pk}:removed", f"删除{said}", actor)


def _said(holiday: LocalHoliday) -> str:
    days = f"{holiday.first.isoformat()}至{holiday.last.isoformat()}"
    return f"本地假日：{holiday.name}（{days}，{holiday.source}）"


def _basis_changed(body: Body, kind: str, ref: str, title: str, actor: Actor) -> None:
    """The same change made once more later is another one."""
    told = f"{kind}:{ref}:{actor.present.moment.isoformat()}"
    basis_changed.send(sender=Body, body=body, kind=kind, ref=told[:200], title=title)


def typed_value(key: str, text: str) -> Any:
    """What a form says, as a value of the parameter; raises ``LocalValueRefused`` ``not_allowed``."""
    parameter, text = load_law().parameter(key), text.strip()
    match parameter.kind:
        case Kind.SWITCH if text in ("true", "false"):
            return text == "true"
        case Kind.PERIOD | Kind.NUMBER if text.isascii() and text.isdigit():
            return int(text)
        case Kind.CHOICE | Kind.MONTH_DAY if text:
            return text
        case _:
            raise LocalValueRefused(key, "not_allowed", f"{text!r} is no {parameter.kind.value}")


def _fill(body: Body, fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        if name not in EDITABLE:
            raise KeyError(name)
        setattr(body, name, value)
    if body.code and not is_credit_code(body.code):
        raise ValidationError({"code": "不是有效的统一社会信用代码，请核对（18 位，最后一位是校验码）。"})
    body.full_clean(exclude=["path", "parent"])
    siblings = Body.objects.filter(parent=body.parent, name=body.name, valid_until__isnull=True)
    if siblings.exclude(pk=body.pk).exists():
        raise NameTaken(body.name)
