"""To whom a letter goes and where: the applicant as registered, or an address mended since, or as typed.

Addresses are personal data: they are read for what is printed and sent, and whoever shows them writes the
audit entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.platform.cases.applicants import applicant_of
from gongkai.platform.cases.letters.kinds import LETTERS
from gongkai.platform.cases.letters.kinds import Recipient as To
from gongkai.platform.cases.models import CaseText, OutgoingLetter
from gongkai.platform.cases.people.naming import service_address_of
from gongkai.platform.cases.posting.documents import Document, document_of
from gongkai.platform.core import audit, private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import PrivateRecord
from gongkai.platform.core.permissions import Act

ADDRESS = "post.address"
"""Kind of the private record with an address that was mended; the newest of a document holds."""
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Addressee:
    """Name and address as the envelope bears them; blank where they are not known, or were erased."""

    name: str = ""
    address: str = ""
    postcode: str = ""
    phone: str = ""
    mended: bool = False

    @property
    def complete(self) -> bool:
        """Whether the post can bring a letter there."""
        return bool(self.name and self.address)


class AddressRefused(ValueError):
    """An address that cannot be kept: ``errors`` by field (Chinese)."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("、".join(errors))
        self.errors = errors


def addressee_of(document: Document, on: date) -> Addressee:
    """To whom a document goes on a day: mended for it, named on it, or who receives for the applicant.

    Not audited here.
    """
    mended = _mended(document)
    if mended is not None:
        return mended
    if LETTERS[document.kind].to is To.OTHER:
        return Addressee(name=_named_on(document))
    applicant = applicant_of(document.lead.stream)
    if applicant is None:
        return Addressee()
    served = service_address_of(document.lead.stream, on)
    if served is not None:  # a representative, a guardian, an agent who may receive
        return Addressee(served[0], served[1])
    name = applicant.name
    if not applicant.is_person and applicant.contact:
        name = f"{name}（{applicant.contact}收）"
    return Addressee(name, applicant.address, applicant.postcode, applicant.phone)


@transaction.atomic
def mend_address(
    *, key: str, name: str, address: str, postcode: str, phone: str = "", actor: Actor
) -> Addressee:
    """Keep another address for one letter, for its envelope and its further service.

    What is registered of the applicant stays; that is mended with the case. Raises ``NoSuchLetter``,
    ``NotPermitted``, ``AddressRefused``.
    """
    document = document_of(key=key, actor=actor)
    actor.require(Act.CASE_ACT, document.body)
    actor.require(Act.CASE_IDENTITY, document.body)
    found = Addressee(*(" ".join(one.split()) for one in (name, address, postcode, phone)), mended=True)
    errors = {
        field: message
        for field, value, message in (
            ("name", found.name, _("请写收件人。")),
            ("address", found.address, _("请写地址。")),
        )
        if not value
    }
    if found.postcode and not (
        found.postcode.isascii() and found.postcode.isdigit() and len(found.postcode) == 6
    ):
        errors["postcode"] = _("邮政编码是六位数字；不知道的可以不填。")
    if errors:
        raise AddressRefused(errors)
    subject = CaseText.objects.filter(stream=document.lead.stream).values_list("subject", flat=True).first()
    private.keep(
        body=document.body, stream=document.lead.stream, kind=ADDRESS, actor=actor, subject=subject,
        fields={
            "document": document.ref, "to": found.name, "address": found.address,
            "postcode": found.postcode, "telephone": found.phone,
        },
    )  # fmt: skip
    audit.record("letter.address_mended", actor=actor, body=document.body, object=document.key)
    return found


def read_addressee(*, key: str, actor: Actor) -> Addressee:
    """``addressee_of`` shown to a person: audited. Raises ``NoSuchLetter``, ``NotPermitted``."""
    document = document_of(key=key, actor=actor)
    actor.require(Act.CASE_IDENTITY, document.body)
    audit.record(
        "case.identity_read", actor=actor, body=document.body, object=document.lead.stream,
        detail={"letter": document.key},
    )  # fmt: skip
    return addressee_of(document, actor.today)


def _mended(document: Document) -> Addressee | None:
    records = PrivateRecord.objects.filter(
        kind=ADDRESS, stream__in=[case.stream for case in document.cases]
    ).order_by("-created_at", "-pk")
    for record in records:
        kept = private.read(record)
        if kept.get("document") == document.ref:
            return Addressee(
                kept["to"], kept["address"], kept["postcode"], kept.get("telephone", ""), mended=True
            )
    return None


def _named_on(document: Document) -> str:
    """Whom the letter itself names."""
    kept = private.read_many([document.ref]).get(document.ref, {})
    return str(kept.get("sheet", {}).get("recipient", "")).rstrip("：:")


def letters_of(document: Document) -> OutgoingLetter:
    """The first row of a document, with its files."""
    return OutgoingLetter.objects.select_related("docx", "pdf").get(key=document.key)
