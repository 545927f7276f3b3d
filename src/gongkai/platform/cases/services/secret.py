"""Where an original that is a state secret is kept (涉密登记指引): number, keeper, place; never content.

Software outside the secret network must not hold state secrets (Law on Guarding State Secrets). Of a case
whose original is one, the office writes down where the paper is to be found in its own secret register.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.platform.cases.models import CaseSummary, CaseText, SecretPointer
from gongkai.platform.cases.readers import NoSuchCase, may_read, require_reader
from gongkai.platform.core import audit, private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.identifiers import opaque
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act
from gongkai.platform.core.present import SHANGHAI
from gongkai.platform.core.secrecy import marked_text
from gongkai.platform.ledger.services import lock

LONGEST = 60
"""Signs of each of the three: room for a number, a name, a place, and not for what the paper says."""


class BadPointer(ValueError):
    """A pointer that cannot be kept: the ``field`` and ``message`` (Chinese)."""

    def __init__(self, field: str, message: Any) -> None:
        super().__init__(str(message))
        self.field, self.message = field, message


@dataclass(frozen=True, slots=True)
class Pointer:
    """A pointer in words; the three are empty once they were erased with the applicant."""

    key: str
    number: str
    keeper: str
    place: str
    by: str
    at: datetime
    withdrawn_at: datetime | None


@transaction.atomic
def point_to_secret(
    *, body: Body, stream: str, number: str, keeper: str, place: str, actor: Actor
) -> SecretPointer:
    """Write down where the secret original of a case is kept.

    Raises ``NotPermitted``, ``NoSuchCase``; ``BadPointer`` for what is missing, too long, or like content.
    """
    actor.require(Act.CASE_ACT, body)
    require_reader(actor, stream)
    said = {"number": number.strip(), "keeper": keeper.strip(), "place": place.strip()}
    for field, text in said.items():
        if not text:
            raise BadPointer(field, _("这一项要填写。"))
        if len(text) > LONGEST or "\n" in text:
            raise BadPointer(field, _("最多 %d 个字，只写一行；不要写涉密内容") % LONGEST)
        if marked_text(text) is not None:
            raise BadPointer(field, _("不要写密级标志；这里只写编号、保管人、存放地点"))
    lock(body=body.key)
    if not CaseSummary.objects.filter(body=body, stream=stream).exists():
        raise NoSuchCase(stream)
    subject = CaseText.objects.filter(stream=stream).values_list("subject", flat=True).first()
    kept = private.keep(
        body=body, stream=stream, kind="secret.pointer", fields=said, actor=actor, subject=subject
    )
    pointer = SecretPointer.objects.create(
        key=opaque("pointer"), body=body, stream=stream, text=kept.ref, added_by=actor.seat,
        added_at=actor.present.moment,
    )  # fmt: skip
    audit.record("secret.pointed", actor=actor, body=body, object=stream, detail={"record": pointer.key})
    return pointer


@transaction.atomic
def withdraw_pointer(*, body: Body, stream: str, key: str, actor: Actor) -> SecretPointer:
    """Take back a pointer that was mistaken; it stays in the records as withdrawn.

    Raises ``NotPermitted``, ``NoSuchCase``, ``SecretPointer.DoesNotExist``, also once it is withdrawn.
    """
    actor.require(Act.CASE_ACT, body)
    require_reader(actor, stream)
    lock(body=body.key)
    pointer = SecretPointer.objects.get(key=key, body=body, stream=stream, withdrawn_at__isnull=True)
    pointer.withdrawn_at = actor.present.moment
    pointer.save(update_fields=["withdrawn_at"])
    audit.record(
        "secret.pointed", actor=actor, body=body, object=stream, detail={"record": key, "dropped": True}
    )
    return pointer


def secret_pointers(*, body: Body, stream: str, actor: Actor, withdrawn: bool = False) -> tuple[Pointer, ...]:
    """The pointers of a case, oldest first, for the office alone: evidence of a refusal for secrecy.

    ``withdrawn``: also those that were taken back. None for who may not read the applicant's affairs.
    """
    if not actor.may(Act.CASE_IDENTITY, body) or not may_read(actor, stream):
        return ()
    rows = SecretPointer.objects.filter(body=body, stream=stream).select_related("added_by__person")
    if not withdrawn:
        rows = rows.filter(withdrawn_at__isnull=True)
    kept = private.read_many(row.text for row in rows)
    return tuple(
        Pointer(
            row.key,
            *(str(kept.get(row.text, {}).get(field, "")) for field in ("number", "keeper", "place")),
            by=row.added_by.person.name if row.added_by is not None else "",
            at=row.added_at.astimezone(SHANGHAI),
            withdrawn_at=row.withdrawn_at,
        )
        for row in rows
    )
