"""A case is flagged sensitive, confirmed, changed, lifted: who may read it, and how many approve its reply.

The flag is the office's own order: no legal act, and it never moves a day. Whoever flags cannot lock the
office out: enough people who may approve stay readers, or nothing is done.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.platform.cases.models import (
    ApprovalLevels,
    CaseDesk,
    CaseSummary,
    CaseText,
    IncomingLetter,
    ReplyDraft,
    SensitiveFlag,
    SensitiveReader,
)
from gongkai.platform.cases.readers import NoSuchCase, require_reader
from gongkai.platform.cases.sensitive.flags import (
    approvers_among,
    flag_in_force,
    readers_of,
    seats_that_may,
    seen_of,
)
from gongkai.platform.core import audit, private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.identifiers import opaque
from gongkai.platform.core.models import Body, Seat
from gongkai.platform.core.permissions import Act
from gongkai.platform.ledger.services import lock
from gongkai.rules.vocabulary import Outcome

MOST_LEVELS = 2


class CannotFlag(ValueError):
    """A flag that cannot be: the ``field`` that is wrong, and ``message`` (Chinese)."""

    def __init__(self, field: str, message: Any) -> None:
        super().__init__(str(message))
        self.field, self.message = field, message


class FlagChanged(RuntimeError):
    """Somebody flagged, changed or lifted it since it was shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flagging:
    """What a flag says."""

    reason: str
    readers: Sequence[str]
    """Keys of seats; who flags and who handles the case are added."""
    levels: int = 0
    until: date | None = None


@transaction.atomic
def flag_case(*, body: Body, stream: str, flagging: Flagging, actor: Actor) -> SensitiveFlag:
    """Flag a case: at once it is seen by its readers alone.

    By who approves; or by who registers, as a proposal in force until an approver confirms or lifts it.
    A draft leaves the document in which it was to be answered with other cases. Raises ``NotPermitted``,
    ``NoSuchCase``, ``FlagChanged`` where it is flagged already, ``CannotFlag``.
    """
    confirmed = _may_flag(actor, body)
    lock(body=body.key)
    require_reader(actor, stream)
    if not CaseSummary.objects.filter(body=body, stream=stream).exists():
        raise NoSuchCase(stream)
    if flag_in_force(stream) is not None:
        raise FlagChanged(stream)
    return _flag(body, stream, flagging, actor, confirmed=confirmed)


@transaction.atomic
def flag_letter(*, body: Body, ref: str, flagging: Flagging, actor: Actor) -> tuple[SensitiveFlag, ...]:
    """``flag_case`` for every case of a letter that has no flag yet, all or none."""
    confirmed = _may_flag(actor, body)
    lock(body=body.key)
    require_reader(actor, ref)
    letter = IncomingLetter.objects.filter(body=body, ref=ref).first()
    streams = CaseText.objects.filter(letter=letter).order_by("unit", "stream") if letter is not None else ()
    open_ones = [one.stream for one in streams if flag_in_force(one.stream) is None]
    if not open_ones:
        raise FlagChanged(ref)
    return tuple(_flag(body, stream, flagging, actor, confirmed=confirmed) for stream in open_ones)


def _may_flag(actor: Actor, body: Body) -> bool:
    """Whether the actor decides, rather than proposes; raises ``NotPermitted`` for who may do neither."""
    if actor.may(Act.CASE_APPROVE, body):
        return True
    actor.require(Act.CASE_REGISTER, body)
    return False


def _flag(body: Body, stream: str, flagging: Flagging, actor: Actor, *, confirmed: bool) -> SensitiveFlag:
    if not flagging.reason.strip():
        raise CannotFlag("reason", _("请写明理由"))
    readers = _checked(body, stream, flagging, actor)
    flag = SensitiveFlag.objects.create(
        key=opaque("sensitive"), body=body, stream=stream, levels=flagging.levels, since=actor.today,
        until=flagging.until, reason=_keep(body, stream, "sensitive.reason", flagging.reason, actor),
        flagged_by=actor.seat, flagged_at=actor.present.moment,
        confirmed_by=actor.seat if confirmed else None,
        confirmed_at=actor.present.moment if confirmed else None,
    )  # fmt: skip
    _add(flag, readers, actor)
    ReplyDraft.objects.filter(body=body, stream=stream).exclude(together="").update(together="")
    audit.record(
        "sensitive.flagged", actor=actor, body=body, object=stream,
        detail={"level": flag.levels, "readers": len(readers), "confirmed": confirmed},
    )  # fmt: skip
    return flag


@transaction.atomic
def confirm_flag(*, body: Body, stream: str, seen: str, actor: Actor) -> SensitiveFlag:
    """An approver stands behind what was proposed.

    Raises ``NotPermitted``, ``NoSuchCase``, ``FlagChanged``.
    """
    flag = _taken(body, stream, seen, actor)
    if flag.confirmed_at is not None:
        raise FlagChanged(stream)
    flag.confirmed_by, flag.confirmed_at = actor.seat, actor.present.moment
    flag.save(update_fields=["confirmed_by", "confirmed_at"])
    audit.record("sensitive.confirmed", actor=actor, body=body, object=stream)
    return flag


@transaction.atomic
def change_flag(*, body: Body, stream: str, seen: str, flagging: Flagging, actor: Actor) -> SensitiveFlag:
    """Other readers, levels or last day; a reason that is left blank stays. Confirms what was proposed.

    Raises as ``confirm_flag``; ``CannotFlag``.
    """
    flag = _taken(body, stream, seen, actor)
    readers = _checked(body, stream, flagging, actor)
    if flagging.reason.strip():
        flag.reason = _keep(body, stream, "sensitive.reason", flagging.reason, actor)
    flag.levels, flag.until = flagging.levels, flagging.until
    if flag.confirmed_at is None:
        flag.confirmed_by, flag.confirmed_at = actor.seat, actor.present.moment
    flag.save()
    SensitiveReader.objects.filter(flag=flag).exclude(seat__in=[seat.pk for seat in readers]).delete()
    _add(flag, readers, actor)
    audit.record(
        "sensitive.changed", actor=actor, body=body, object=stream,
        detail={"level": flag.levels, "readers": len(readers)},
    )  # fmt: skip
    return flag


@transaction.atomic
def lift_flag(*, body: Body, stream: str, seen: str, reason: str, actor: Actor) -> SensitiveFlag:
    """Everybody who may see cases sees it again; that it was flagged stays in the records.

    Raises as ``confirm_flag``; ``CannotFlag`` without a reason.
    """
    flag = _taken(body, stream, seen, actor)
    if not reason.strip():
        raise CannotFlag("reason", _("请写明为什么解除"))
    flag.lifting = _keep(body, stream, "sensitive.lifting", reason, actor)
    return _lifted(flag, actor)


def _lifted(flag: SensitiveFlag, actor: Actor) -> SensitiveFlag:
    flag.lifted_by, flag.lifted_at = actor.seat, actor.present.moment
    flag.save(update_fields=["lifted_by", "lifted_at", "lifting"])
    audit.record("sensitive.lifted", actor=actor, body=flag.body, object=flag.stream)
    return flag


def _taken(body: Body, stream: str, seen: str, actor: Actor) -> SensitiveFlag:
    actor.require(Act.CASE_APPROVE, body)
    lock(body=body.key)
    require_reader(actor, stream)
    flag = SensitiveFlag.objects.filter(body=body, stream=stream, lifted_at__isnull=True).first()
    if flag is None or seen_of(flag) != seen:
        raise FlagChanged(stream)
    return flag


def _checked(body: Body, stream: str, flagging: Flagging, actor: Actor) -> list[Seat]:
    """The readers with who flags and who handles the case; raises ``CannotFlag``."""
    if not 0 <= flagging.levels <= MOST_LEVELS:
        raise CannotFlag("levels", _("最多再加两级审批"))
    if flagging.until is not None and flagging.until < actor.today:
        raise CannotFlag("until", _("到期日不能早于今天"))
    known = {seat.pk: seat for seat in seats_that_may(body)}
    if not known.keys() >= set(flagging.readers):
        raise CannotFlag("readers", _("选中的人里有的已经不在能查看案件的岗位上，请重新选择"))
    handler = CaseDesk.objects.filter(stream=stream).values_list("handler", flat=True).first()
    wanted = {*flagging.readers, handler, actor.seat.pk if actor.seat is not None else None}
    readers = [known[key] for key in known if key in wanted]
    approvers = approvers_among(readers, body)
    if len(approvers) < 1 + flagging.levels:
        said = _(
            "能阅读的人里要有 %(needed)d 位审批人（现在有 %(found)d 位），否则没有人能批准答复、解除标记"
        )
        raise CannotFlag("readers", said % {"needed": 1 + flagging.levels, "found": len(approvers)})
    return readers


def _add(flag: SensitiveFlag, seats: Iterable[Seat], actor: Actor) -> None:
    for seat in seats:
        SensitiveReader.objects.get_or_create(
            flag=flag, seat=seat, defaults={"added_at": actor.present.moment}
        )


def _keep(body: Body, stream: str, kind: str, reason: str, actor: Actor) -> str:
    subject = CaseText.objects.filter(stream=stream).values_list("subject", flat=True).first()
    kept = private.keep(
        body=body, stream=stream, kind=kind, fields={"reason": reason.strip()}, actor=actor, subject=subject
    )
    return kept.ref


def read_by_handler(*, stream: str, handler: Seat | None, actor: Actor) -> None:
    """Whoever is given a sensitive case reads it; to be called in the transaction that gives it."""
    flag = flag_in_force(stream)
    if flag is None or handler is None:
        return
    row, added = SensitiveReader.objects.get_or_create(
        flag=flag, seat=handler, defaults={"added_at": actor.present.moment}
    )
    if added:
        audit.record(
            "sensitive.changed", actor=actor, body=flag.body, object=stream, detail={"handler": row.seat_id}
        )


def flag_alike(*, body: Body, stream: str, new: str, actor: Actor) -> None:
    """A case split from a sensitive one is as sensitive, until an approver says otherwise."""
    flag = flag_in_force(stream)
    if flag is None or flag_in_force(new) is not None:
        return
    kept = private.read_many([flag.reason]).get(flag.reason, {})
    reason = str(kept.get("reason", "")) or _("由敏感案件拆分")
    copied = SensitiveFlag.objects.create(
        key=opaque("sensitive"), body=body, stream=new, levels=flag.levels, since=actor.today,
        until=flag.until, reason=_keep(body, new, "sensitive.reason", reason, actor),
        flagged_by=actor.seat, flagged_at=actor.present.moment, confirmed_by=flag.confirmed_by,
        confirmed_at=flag.confirmed_at,
    )  # fmt: skip
    readers = readers_of(flag)
    _add(copied, readers, actor)
    audit.record(
        "sensitive.flagged", actor=actor, body=body, object=new,
        detail={"level": flag.levels, "readers": len(readers), "confirmed": flag.confirmed_at is not None},
    )  # fmt: skip


def lift_what_ended(*, actor: Actor) -> int:
    """Lift the flags whose last day is over; how many. Idempotent."""
    found = 0
    for key in SensitiveFlag.objects.filter(lifted_at__isnull=True, until__lt=actor.today).values_list(
        "key", flat=True
    ):
        with transaction.atomic():
            flag = SensitiveFlag.objects.select_for_update().select_related("body").get(key=key)
            if flag.lifted_at is None and flag.until is not None and flag.until < actor.today:
                _lifted(flag, actor)
                found += 1
    return found


def let_nobody_be_locked_out(*, actor: Actor) -> int:
    """Where every approver among the readers has left, the body's approvers become readers; how many cases.

    Nobody could confirm, lift or approve there any more. In the audit, as what it is.
    """
    found = 0
    for flag in SensitiveFlag.objects.filter(lifted_at__isnull=True).select_related("body"):
        if approvers_among(readers_of(flag), flag.body):
            continue
        approvers = [seat for seat in seats_that_may(flag.body) if approvers_among([seat], flag.body)]
        if not approvers:
            continue
        with transaction.atomic():
            _add(flag, approvers, actor)
            audit.record(
                "sensitive.changed", actor=actor, body=flag.body, object=flag.stream,
                detail={"readers": len(approvers), "by": "nobody_left"},
            )  # fmt: skip
        found += 1
    return found


@transaction.atomic
def set_levels(*, body: Body, levels: dict[str, int], actor: Actor) -> None:
    """The body's setting: by outcome how many approve besides who issues; all others none.

    Raises ``NotPermitted``; ``ValueError`` for an unknown outcome or number.
    """
    actor.require(Act.BODY_EDIT, body)
    wanted = {outcome: number for outcome, number in levels.items() if number != 0}
    if not {one.value for one in Outcome} >= set(wanted) or any(
        not 1 <= number <= MOST_LEVELS for number in wanted.values()
    ):
        raise ValueError(f"unknown outcome or levels: {levels}")
    lock(body=body.key)
    before = dict(ApprovalLevels.objects.filter(body=body).values_list("outcome", "levels"))
    if before == wanted:
        return
    ApprovalLevels.objects.filter(body=body).delete()
    ApprovalLevels.objects.bulk_create(
        ApprovalLevels(body=body, outcome=outcome, levels=number) for outcome, number in wanted.items()
    )
    changed = sorted({key for key in before | wanted if before.get(key) != wanted.get(key)})
    audit.record("levels.set", actor=actor, body=body, object=body.key, detail={"codes": changed})
