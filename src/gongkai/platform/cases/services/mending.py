"""Mending what a case says of its applicant and its request: a slip of the pen when it was registered.

Words are no legal act: the ledger keeps its commitments to what was first received, and what counting
depends on (kind of applicant, channel, dates) is corrected there, by ``entry.corrected``, never here. What
stood there before stays, encrypted, until the person is erased; nobody is found by it any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gongkai.platform.cases.applicants import (
    APPLICANT,
    DESCRIBED,
    ApplicantDetails,
    RequestedItem,
    applicant_label,
    applicant_of,
    details_of,
    fields_of,
    item_record_of,
    requested_item_of,
    same_applicant,
)
from gongkai.platform.cases.models import CaseSummary, CaseText, IncomingLetter
from gongkai.platform.cases.readers import require_reader
from gongkai.platform.cases.search.index import index_case_text
from gongkai.platform.core import audit, private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import BlindIndex, Body, PrivateRecord, StoredFile, Subject
from gongkai.platform.core.permissions import Act
from gongkai.platform.ledger.services import lock

FORMER_APPLICANT, FORMER_REQUEST = "applicant.former", "request.former"
"""Kinds of the private records with what stood there before."""
MENDED = "case.mended"
"""Kind of the private record with the reason, the names of what was changed, and the former records."""
LONGEST_REASON = 500


class CannotMend(ValueError):
    """Nothing was changed: ``field`` of the form, or empty, and ``message`` (Chinese)."""

    def __init__(self, field: str, message: Any) -> None:
        super().__init__(f"{field}: {message}")
        self.field, self.message = field, message


class MendedMeanwhile(RuntimeError):
    """Somebody else changed the same details since they were shown."""


@dataclass(frozen=True, slots=True)
class Mendable:
    """What a case says now, for the form; ``seen`` is what the form must carry."""

    applicant: ApplicantDetails
    item: RequestedItem
    seen: str
    cases: int
    """So many cases share the applicant's details: those of one letter."""


@dataclass(frozen=True, slots=True)
class Mended:
    """What was mended: names of fields, and how many cases the applicant's details belong to."""

    changed: tuple[str, ...]
    cases: int
    moved: bool
    """Whether the letter now belongs to another person known here, or to one of its own."""


@dataclass(frozen=True, slots=True)
class Mending:
    """One mending that was done before."""

    at: datetime
    changed: tuple[str, ...]
    reason: str


def mendable(*, body: Body, stream: str, actor: Actor) -> Mendable:
    """What can be mended, with the applicant's identity: its reading is audited.

    Raises ``NotPermitted``, and ``CannotMend`` where the person was erased.
    """
    actor.require(Act.CASE_REGISTER, body)
    text = _text(body, stream)
    found = _now(body, text)
    audit.record("case.identity_read", actor=actor, body=body, object=stream, detail={"mending": True})
    return found


def mendings_of(stream: str) -> tuple[Mending, ...]:
    """The mendings of a case, oldest first; none once they were erased."""
    records = PrivateRecord.objects.filter(stream=stream, kind=MENDED).order_by("created_at", "ref")
    kept = [(record.created_at, private.read(record)) for record in records]
    return tuple(Mending(at, tuple(one["changed"]), one["reason"]) for at, one in kept)


@transaction.atomic
def mend_case(
    *,
    body: Body,
    stream: str,
    actor: Actor,
    applicant: ApplicantDetails,
    item: RequestedItem,
    reason: str,
    seen: str,
) -> Mended:
    """Put the applicant's details and the description of a request right.

    - ``applicant`` holds for all cases that share the details, those of one letter; its kind is that of the
      ledger, whatever is given;
    - ``item`` holds for this case; its number is not touched;
    - the letter goes over to the person known by the mended details, where these are somebody else's;
    - ``reason`` is kept encrypted; the audit tells which fields were changed, never their values;
    - ``seen``: of the ``Mendable`` that was shown.

    Raises ``NotPermitted``, ``CannotMend``, ``MendedMeanwhile``.
    """
    actor.require(Act.CASE_REGISTER, body)
    reason = reason.strip()
    if not reason:
        raise CannotMend("reason", _("请写明更正的原因"))
    if not item.description.strip():
        raise CannotMend("description", _("请写明要的是什么信息"))
    require_reader(actor, stream)
    lock(body=body.key)  # nobody whom the letter goes over to is erased meanwhile
    text = _text(body, stream, locked=True)
    before = _now(body, text)
    if before.seen != seen:
        raise MendedMeanwhile(stream)
    applicant = replace(applicant, kind=before.applicant.kind)
    item = replace(item, number=before.item.number, description=_plain(item.description))
    changed = _changed(before.applicant, applicant), _changed(before.item, item)
    if not any(changed):
        raise CannotMend("", _("没有改动：与现在记的一样"))
    former = [ref for ref, is_changed in zip(seen.split("/"), changed, strict=True) if ref and is_changed]
    cases, moved = 0, False
    if changed[0]:
        cases, moved = _mend_applicant(body, text, actor, applicant)
    if changed[1]:
        _mend_item(body, text, actor, item)
    index_case_text(text)
    names = (*changed[0], *changed[1])
    kept = private.keep(
        body=body, stream=stream, kind=MENDED, actor=actor, subject=text.subject,
        fields={"reason": reason, "changed": names, "former": former, "by": actor.key},
    )  # fmt: skip
    audit.record(
        "case.described", actor=actor, body=body, object=stream,
        detail={"changed": list(names), "cases": max(cases, 1), "record": kept.ref, "moved": moved},
    )  # fmt: skip
    return Mended(names, max(cases, 1), moved)


def _text(body: Body, stream: str, *, locked: bool = False) -> CaseText:
    """The words of a case, also of one that has none yet (an import); raises ``CannotMend`` if erased."""
    summary = CaseSummary.objects.filter(stream=stream, body=body).first()
    if summary is None:
        raise CannotMend("", _("不是本机关的案件"))
    rows = CaseText.objects.filter(stream=stream, body=body)
    text = (rows.select_for_update() if locked else rows).first() or CaseText(stream=stream, body=body)
    if text.subject is not None and text.subject.erased_at is not None:
        raise CannotMend("", _("申请人的个人信息已经依法删除，不能再改，也不能补回来"))
    return text


def _now(body: Body, text: CaseText) -> Mendable:
    kind = CaseSummary.objects.get(stream=text.stream).applicant_kind
    known = applicant_of(text.stream) if text.details else None
    applicant = replace(known, kind=kind or known.kind) if known else ApplicantDetails(kind=kind, name="")
    item = requested_item_of(text.stream)
    record = item_record_of(text.stream)
    if item is None:
        item = RequestedItem(description=text.description, title=text.title)
    item = replace(item, description=_plain(item.description))
    shared = CaseText.objects.filter(body=body, details=text.details).count() if text.details else 1
    return Mendable(applicant, item, f"{text.details}/{record.ref if record else ''}", shared)


def _plain(text: str) -> str:
    """Line ends as they are kept, not as a browser sends them."""
    return text.replace("\r\n", "\n").strip()


def _changed(before: Any, after: Any) -> tuple[str, ...]:
    was, now = asdict(before), asdict(after)
    return tuple(field.name for field in fields(after) if was[field.name] != now[field.name])


def _mend_item(body: Body, text: CaseText, actor: Actor, item: RequestedItem) -> None:
    PrivateRecord.objects.filter(stream=text.stream, kind=DESCRIBED).update(kind=FORMER_REQUEST)
    said = {key: value for key, value in asdict(item).items() if value and key != "number"}
    private.keep(
        body=body, stream=text.stream, kind=DESCRIBED, fields=said, actor=actor, subject=text.subject
    )
    text.title, text.description = item.name, item.description
    text.save()


def _mend_applicant(
    body: Body, text: CaseText, actor: Actor, applicant: ApplicantDetails
) -> tuple[int, bool]:
    """Keep the new details for all cases that share them; how many, and whether they changed hands."""
    former, holder = text.details, text.subject
    texts = [text]
    if former:
        texts += CaseText.objects.select_for_update().filter(body=body, details=former).exclude(pk=text.pk)
        PrivateRecord.objects.filter(ref=former).update(kind=FORMER_APPLICANT)
        BlindIndex.objects.filter(record=former).delete()
    owner = _owner(body, actor, holder, applicant)
    letter = text.letter.ref if text.letter is not None else ""
    kept = private.keep(
        body=body, stream=letter or text.stream, kind=APPLICANT, fields=fields_of(applicant), actor=actor,
        subject=owner,
    )  # fmt: skip
    kinds = dict(
        CaseSummary.objects.filter(stream__in=[one.stream for one in texts]).values_list(
            "stream", "applicant_kind"
        )
    )
    for one in texts:
        one.details, one.subject = kept.ref, owner
        one.applicant_label = applicant_label(kinds.get(one.stream) or applicant.kind, applicant.name)
        one.save()
        index_case_text(one)
    moved = holder is not None and owner.pk != holder.pk
    if moved:
        _hand_over(holder, owner, [letter, *(one.stream for one in texts)])
    return len(texts), moved


def _owner(body: Body, actor: Actor, holder: Subject | None, applicant: ApplicantDetails) -> Subject:
    """To whom a letter belongs once its applicant's details are put right.

    - whoever is known by these details; erasing that person must find this letter too;
    - else its holder so far, unless other letters of that holder have nothing in common with the details:
      then it had been given to the wrong person, and erasing that one must not take it.
    """
    known = same_applicant(body=body, applicant=applicant)
    if known is not None:
        return known
    if holder is None:
        return private.new_subject(body=body, actor=actor)
    others = PrivateRecord.objects.filter(subject=holder, kind=APPLICANT)
    whole = [details_of(private.read(record)) for record in others]
    if not whole or any(_in_common(applicant, other) for other in whole):
        return holder
    return private.new_subject(body=body, actor=actor)


def _in_common(one: ApplicantDetails, other: ApplicantDetails) -> bool:
    pairs = (
        (one.identity_number, other.identity_number), (one.phone, other.phone), (one.name, other.name),
    )  # fmt: skip
    return any(mine and mine == theirs for mine, theirs in pairs)


def _hand_over(holder: Subject | None, owner: Subject, places: Sequence[str]) -> None:
    """Letter, records and files of these cases go over to their person; erasure goes by that."""
    named = [place for place in places if place]
    IncomingLetter.objects.filter(ref__in=named, subject=holder).update(subject=owner)
    PrivateRecord.objects.filter(stream__in=named, subject=holder).update(subject=owner)
    StoredFile.objects.filter(stream__in=named, subject=holder).update(subject=owner)
