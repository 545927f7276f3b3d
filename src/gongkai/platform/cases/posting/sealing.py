"""The seals of a body and the register of their use (用印登记): who sealed what, with which, when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gongkai.platform.cases.letters.kinds import LETTERS
from gongkai.platform.cases.models import (
    BodySeal,
    CaseSummary,
    CaseText,
    OutgoingLetter,
    Sealing,
    SealingState,
    SealKind,
    Service,
)
from gongkai.platform.cases.posting.documents import Document, State, document_of, reply_key
from gongkai.platform.cases.posting.head import settings_of
from gongkai.platform.cases.readers import readable_letters
from gongkai.platform.core import audit, private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.identifiers import opaque
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act
from gongkai.platform.ledger.services import lock

MOST_COPIES = 99


class SealRefused(ValueError):
    """What cannot be entered: ``message`` (Chinese)."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@transaction.atomic
def add_seal(*, body: Body, name: str, kind: str, keeper: str, used_from: date, actor: Actor) -> BodySeal:
    """Enter a seal of the body. Raises ``NotPermitted``, ``SealRefused``, ``ValueError`` for a kind."""
    actor.require(Act.TEMPLATE_EDIT, body)
    name = " ".join(name.split())
    if not name:
        raise SealRefused(_("请写印章的名称。"))
    if used_from > actor.today:
        raise SealRefused(_("启用日期不能晚于今天。"))
    lock(body=body.key)
    if BodySeal.objects.filter(body=body, name=name, used_until__isnull=True).exists():
        raise SealRefused(_("“%s”已经登记，正在使用。") % name)
    seal = BodySeal.objects.create(
        key=opaque("seal"), body=body, name=name, kind=SealKind(kind).value, keeper=" ".join(keeper.split()),
        used_from=used_from,
    )  # fmt: skip
    audit.record("seal.added", actor=actor, body=body, object=seal.key, detail={"kind": seal.kind})
    return seal


@transaction.atomic
def end_seal(*, body: Body, key: str, on: date, actor: Actor) -> BodySeal:
    """A seal is used no more; the register keeps it. Raises ``NotPermitted``, ``SealRefused``."""
    actor.require(Act.TEMPLATE_EDIT, body)
    lock(body=body.key)
    seal = BodySeal.objects.filter(body=body, key=key).first()
    if seal is None or seal.used_until is not None:
        raise SealRefused(_("没有这枚在用的印章，可能刚有人停用。"))
    last = Sealing.objects.filter(seal=seal).order_by("-on").values_list("on", flat=True).first()
    if on > actor.today or on < max(seal.used_from, last or seal.used_from):
        raise SealRefused(_("停用日期要在启用和最后一次用印以后，不晚于今天。"))
    seal.used_until = on
    seal.save(update_fields=["used_until"])
    audit.record("seal.ended", actor=actor, body=body, object=seal.key, detail={"on": on.isoformat()})
    return seal


def seals_of(body: Body) -> Sequence[BodySeal]:
    """All seals of a body, those in use first."""
    return sorted(
        BodySeal.objects.filter(body=body), key=lambda one: (one.used_until is not None, one.kind, one.name)
    )


def seals_in_use(body: Body) -> Sequence[BodySeal]:
    """The seals that may be used now."""
    return [one for one in seals_of(body) if one.used_until is None]


@transaction.atomic
def seal_letter(*, key: str, seal: str, copies: int, on: date, actor: Actor) -> Sealing:
    """Enter that a letter was sealed. Its text is frozen since it was signed: nothing can change it.

    Raises ``NoSuchLetter``, ``NotPermitted``, ``SealRefused``.
    """
    document = _to_seal(key, on, actor)
    chosen = BodySeal.objects.filter(body=document.body, key=seal).first()
    if chosen is None:
        raise SealRefused(_("请选择印章；没有登记的，先在“印章”里登记。"))
    if on < chosen.used_from or (chosen.used_until is not None and on > chosen.used_until):
        raise SealRefused(_("“%s”在那一天没有使用。") % chosen.name)
    if not 1 <= copies <= MOST_COPIES:
        raise SealRefused(_("份数要在 1 至 %d 之间。") % MOST_COPIES)
    try:
        with transaction.atomic():
            line = _line(document, SealingState.SEALED, on, actor, seal=chosen, copies=copies)
    except IntegrityError as error:
        raise SealRefused(_("这份文书已经登记用印。")) from error
    audit.record(
        "letter.sealed", actor=actor, body=document.body, object=document.key,
        detail={"seal": chosen.key, "copies": copies, "on": on.isoformat()},
    )  # fmt: skip
    return line


@transaction.atomic
def refuse_seal(*, key: str, reason: str, on: date, actor: Actor) -> Sealing:
    """Enter that a letter was not sealed, and why; it goes on waiting. Raises as ``seal_letter``."""
    document = _to_seal(key, on, actor)
    if not reason.strip():
        raise SealRefused(_("请写明为什么不予用印。"))
    kept = private.keep(
        body=document.body, stream=document.lead.stream, kind="seal.refused", actor=actor,
        fields={"reason": reason.strip()}, subject=subject_of(document),
    )  # fmt: skip
    line = _line(document, SealingState.REFUSED, on, actor, reason=kept.ref)
    audit.record("letter.seal_refused", actor=actor, body=document.body, object=document.key)
    return line


@transaction.atomic
def strike_sealing(*, key: str, reason: str, actor: Actor) -> Sealing:
    """Strike out the line that says that a letter was sealed: it was entered wrongly. The line stays.

    Raises ``NoSuchLetter``, ``NotPermitted``, ``SealRefused``.
    """
    document = document_of(key=key, actor=actor)
    actor.require(Act.CASE_CORRECT, document.body)
    if not reason.strip():
        raise SealRefused(_("请写明登记错在哪里。"))
    lock(body=document.body.key)
    line = Sealing.objects.filter(
        body=document.body, document=document.ref, state=SealingState.SEALED, struck_at__isnull=True
    ).first()
    if line is None:
        raise SealRefused(_("没有可以划去的用印登记，可能刚有人划去。"))
    kept = private.keep(
        body=document.body, stream=document.lead.stream, kind="seal.struck", actor=actor,
        fields={"reason": reason.strip()}, subject=subject_of(document),
    )  # fmt: skip
    line.struck_at, line.struck_by, line.struck_reason = actor.present.moment, actor.seat, kept.ref
    line.save(update_fields=["struck_at", "struck_by", "struck_reason"])
    audit.record("letter.seal_struck", actor=actor, body=document.body, object=document.key)
    return line


def lacks_seal(*, body: Body, stream: str) -> bool:
    """Whether the reply of a case is still to be sent, and the office has set that it is sealed before."""
    if not settings_of(body).needs_seal:
        return False
    case = CaseSummary.objects.filter(body=body, stream=stream).first()
    waits = (Service.TO_SEND.value, Service.RETURNED.value)
    key = reply_key(case) if case is not None and case.service in waits else ""
    letter = OutgoingLetter.objects.filter(key=key).first()
    if letter is None:
        return False
    sealed = Sealing.objects.filter(
        body=body, document=letter.text or letter.key, state=SealingState.SEALED, struck_at__isnull=True
    )
    return not sealed.exists()


def subject_of(document: Document) -> str | None:
    """To whom the records about a document belong: its applicant, with whom they are erased."""
    return CaseText.objects.filter(stream=document.lead.stream).values_list("subject", flat=True).first()


def _to_seal(key: str, on: date, actor: Actor) -> Document:
    document = document_of(key=key, actor=actor)
    actor.require(Act.CASE_ACT, document.body)
    lock(body=document.body.key)
    document = document_of(key=key, actor=actor)
    if document.sealing == SealingState.SEALED:
        raise SealRefused(_("这份文书已经登记用印。"))
    if document.state == State.DONE:
        raise SealRefused(_("这份文书已经送达，或者不用再寄，不再用印。"))
    if on > actor.today or on < document.issued_on:
        raise SealRefused(_("用印日期要在签发（%s）以后，不晚于今天。") % document.issued_on.isoformat())
    return document


def _line(
    document: Document,
    state: SealingState,
    on: date,
    actor: Actor,
    *,
    seal: BodySeal | None = None,
    copies: int | None = None,
    reason: str = "",
) -> Sealing:
    return Sealing.objects.create(
        key=opaque("sealing"), body=document.body, document=document.ref, state=state.value, seal=seal,
        copies=copies, on=on, seat=actor.seat, at=actor.present.moment, reason=reason,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SealingRow:
    """A line of the register, as it is read."""

    sealing: Sealing
    label: str
    number: str
    letter: str
    """Key of the letter; blank where the actor may not see its case."""
    reason: str
    by: str

    @property
    def words(self) -> Any:
        """What became of it, in words."""
        return _("已划去") if self.sealing.struck_at is not None else SealingState(self.sealing.state).label


def register_of(*, body: Body, year: int, state: str, actor: Actor) -> list[SealingRow]:
    """The lines of the seal register of a year, the newest first; raises ``NotPermitted``.

    Lines about a sensitive case are for its readers. Why sealing was refused is read by who may know the
    applicant.
    """
    actor.require(Act.CASE_SEE, body)
    lines = Sealing.objects.filter(body=body, on__year=year).select_related("seal", "seat__person")
    if state:
        lines = lines.filter(state=state)
    found = list(lines.order_by("-on", "-at", "-key"))
    letters: dict[str, OutgoingLetter] = {}
    rows = OutgoingLetter.objects.filter(body=body, text__in=[one.document for one in found])
    for letter in readable_letters(rows, actor).order_by("-key"):
        letters[letter.text] = letter
    reasons = {}
    if actor.may(Act.CASE_IDENTITY, body):
        refs = [ref for one in found for ref in (one.reason, one.struck_reason) if ref]
        reasons = private.read_many(refs)
    return [
        SealingRow(
            sealing=one,
            label=LETTERS[letters[one.document].kind].label,
            number=letters[one.document].number,
            letter=letters[one.document].key,
            reason=str(reasons.get(one.struck_reason or one.reason, {}).get("reason", "")),
            by=one.seat.person.name if one.seat is not None else "",
        )
        for one in found
        if one.document in letters
    ]
