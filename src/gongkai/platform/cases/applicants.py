"""Who applies and what for, as art. 29 of the Regulation asks: kept encrypted, shown masked, found exactly.

Nothing here writes the audit trail: whoever shows the details to a person does (``read_applicant`` in
``cases.services.registration``).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.platform.cases.models import CaseText
from gongkai.platform.core import private
from gongkai.platform.core.models import Body, PrivateRecord, Subject
from gongkai.rules.vocabulary import ApplicantKind

APPLICANT = "applicant"
"""Kind of the private record with an applicant's details."""
PERSON = "letter.person"
"""Kind of the private record of an agent, a guardian, a co-applicant of a letter."""
DESCRIBED = "request.described"
"""Kind of the private record with a request whose description was mended; it stands in for those below."""
ITEM_KINDS = ("request.submitted", "request.received", "case.split")
"""Kinds of the private records that say what is asked for as it was received; the newest holds."""


class IdentityType(models.TextChoices):
    """What proves who the applicant is (art. 29(1))."""

    RESIDENT_CARD = "resident_card", _("居民身份证")
    PASSPORT = "passport", _("护照")
    TRAVEL_PERMIT = "travel_permit", _("港澳台居民来往内地（大陆）通行证")
    RESIDENCE_PERMIT = "residence_permit", _("港澳台居民居住证、外国人永久居留身份证")
    CREDIT_CODE = "credit_code", _("统一社会信用代码")
    OTHER = "other", _("其他证明")


class FormWanted(models.TextChoices):
    """The form in which the information is wanted (art. 29(3))."""

    ELECTRONIC = "electronic", _("电子文件")
    PAPER = "paper", _("纸质")
    DISC = "disc", _("光盘等介质")
    ANY = "any", _("不限")


class WayWanted(models.TextChoices):
    """How the applicant wants to get it (art. 29(3))."""

    EMAIL = "email", _("电子邮件")
    POST = "post", _("邮寄")
    COLLECT = "collect", _("自行领取")
    ON_THE_SPOT = "on_the_spot", _("当场查阅、抄录")
    FAX = "fax", _("传真")
    ONLINE = "online", _("网上下载")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicantDetails:
    """Who applies. Blank means: not given."""

    kind: str
    """``gongkai.rules.vocabulary.ApplicantKind``; an agent's principal decides."""
    name: str
    identity_type: str = ""
    identity_number: str = ""
    phone: str = ""
    address: str = ""
    postcode: str = ""
    email: str = ""
    representative: str = ""
    """Of an organisation: the legal representative or person in charge."""
    contact: str = ""
    """Of an organisation: whom to speak to."""
    agent_name: str = ""
    agent_identity_number: str = ""
    agent_phone: str = ""
    co_applicants: str = ""
    """Further applicants of the same request, as written in it."""

    @property
    def is_person(self) -> bool:
        """A natural person: the name is masked in lists."""
        return self.kind == ApplicantKind.NATURAL_PERSON.value

    @property
    def label(self) -> str:
        """What lists and letters' registers show; see ``applicant_label``."""
        return applicant_label(self.kind, self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestedItem:
    """One request in a letter: what is wanted, in which form and by which way."""

    description: str
    title: str = ""
    """How lists call it; blank: the beginning of the description."""
    document_number: str = ""
    form_wanted: str = ""
    way_wanted: str = ""
    suggests_publication: bool = False
    """The applicant suggests that the information be published (art. 44)."""
    number: str = ""
    """A number that was given on paper before; blank: the next one."""

    @property
    def name(self) -> str:
        """The title, or the beginning of the description."""
        text = " ".join((self.title or self.description).split())
        return text if len(text) <= 60 else text[:59] + "…"


_DOUBLE_SURNAMES = (
    "欧阳上官司马诸葛司徒夏侯皇甫尉迟公孙慕容令狐长孙宇文端木东方南宫西门百里呼延申屠太史钟离淳于澹台公冶宗政"
    "濮阳闻人轩辕赫连独孤拓跋完颜纳兰歐陽司馬諸葛東方鍾離"
)
"""Surnames of two characters, one after the other."""


ITEM_LABELS: Mapping[str, Any] = {
    "title": _("简称"),
    "description": _("申请内容"),
    "document_number": _("文号"),
    "form_wanted": _("所需形式"),
    "way_wanted": _("获取方式"),
    "suggests_publication": _("建议主动公开"),
    "remark": _("备注"),
    "text": _("内容"),
}
"""How pages name what is kept of a request."""


def item_value_said(key: str, value: Any) -> str:
    """A value of a request in words."""
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    for field, choices in (("form_wanted", FormWanted), ("way_wanted", WayWanted)):
        if key == field and value in choices.values:
            return str(choices(value).label)
    return str(value)


def applicant_label(kind: str, name: str) -> str:
    """How an applicant is called in lists: a person by the surname and one ``*``, an organisation in full.

    - The star stands for a given name of any length, so that its length is not told either.
    - ``陈某某`` becomes ``陈*``, ``欧阳某`` ``欧阳*``, ``Jane Doe`` ``J*``; a blank name stays blank.
    """
    plain = " ".join(unicodedata.normalize("NFC", name).split())
    if kind != ApplicantKind.NATURAL_PERSON.value or not plain:
        return plain[:100]
    at = _DOUBLE_SURNAMES.find(plain[:2])
    double = len(plain) > 2 and at >= 0 and at % 2 == 0
    return (plain[:2] if double else plain[:1]) + "*"


APPLICANT_LABELS: Mapping[str, Any] = {
    "name": _("姓名或者名称"),
    "identity_type": _("身份证明"),
    "identity_number": _("证件号码"),
    "representative": _("法定代表人或者负责人"),
    "contact": _("联系人"),
    "phone": _("电话"),
    "email": _("电子邮箱"),
    "address": _("通信地址"),
    "postcode": _("邮政编码"),
    "agent_name": _("代理人"),
    "agent_identity_number": _("代理人证件号码"),
    "agent_phone": _("代理人电话"),
    "co_applicants": _("共同申请人"),
}
"""How pages name what is kept of an applicant, in the order in which they show it."""


def details_said(applicant: ApplicantDetails) -> tuple[tuple[Any, str], ...]:
    """What was given of an applicant, in words: label and value."""
    said: list[tuple[Any, str]] = []
    for field, label in APPLICANT_LABELS.items():
        value = str(getattr(applicant, field))
        if field == "identity_type" and value in IdentityType.values:
            value = str(IdentityType(value).label)
        if value:
            said.append((label, value))
    return tuple(said)


def details_of(stored: Mapping[str, Any]) -> ApplicantDetails:
    """The details as they were kept; keys of a later edition are passed over."""
    known = {field.name for field in fields(ApplicantDetails)}
    return ApplicantDetails(**{key: value for key, value in stored.items() if key in known})


def fields_of(applicant: ApplicantDetails) -> dict[str, Any]:
    """What is kept of an applicant: fields that were given."""
    return {key: value for key, value in asdict(applicant).items() if value}


def applicant_of(stream: str) -> ApplicantDetails | None:
    """The applicant of a case; ``None`` where none was kept or the data was erased. Not audited here."""
    record = PrivateRecord.objects.filter(
        ref__in=CaseText.objects.filter(stream=stream).values("details")
    ).first()
    return None if record is None else details_of(private.read(record))


def requested_item_of(stream: str) -> RequestedItem | None:
    """What a case asks for, with form and way wanted; ``None`` where nothing was kept or it was erased."""
    record = item_record_of(stream)
    return None if record is None else _item_of(private.read(record))


def item_record_of(stream: str) -> PrivateRecord | None:
    """The record that says what a case asks for: the mended one, else the newest as received."""
    mended = PrivateRecord.objects.filter(stream=stream, kind=DESCRIBED).first()
    if mended is not None:
        return mended
    records = PrivateRecord.objects.filter(stream=stream, kind__in=ITEM_KINDS)
    described = [one for one in records.order_by("created_at", "ref") if private.read(one).get("description")]
    return described[-1] if described else None


def _item_of(stored: Mapping[str, Any]) -> RequestedItem:
    known = {field.name for field in fields(RequestedItem)}
    return RequestedItem(**{key: value for key, value in stored.items() if key in known})


def streams_with(*, body: Body, value: str) -> set[str]:
    """The cases of a body whose applicant's name, identity number or phone number is exactly ``value``.

    Also those whose agent, guardian or co-applicant it is.
    """
    found = private.find(body=body, value=value)
    refs = [record.ref for record in found if record.kind == APPLICANT]
    streams = set(CaseText.objects.filter(body=body, details__in=refs).values_list("stream", flat=True))
    return streams | streams_of_people(body, found)


def streams_of_people(body: Body, records: Iterable[PrivateRecord]) -> set[str]:
    """The cases for which somebody of ``records`` acts, or applies too: all of the letter."""
    places = {record.stream for record in records if record.kind == PERSON}
    if not places:
        return set()
    of_letters = CaseText.objects.filter(body=body).filter(
        models.Q(letter__in=places) | models.Q(stream__in=places)
    )
    return set(of_letters.values_list("stream", flat=True))


def same_applicant(*, body: Body, applicant: ApplicantDetails) -> Subject | None:
    """The subject under which this applicant is known already, so that erasure and counting find all cases.

    Same name and same identity number; where a number is missing on one side, same name and same phone. A
    name alone is not enough.
    """
    ring = private.keyring()

    def subjects(field: str, value: str) -> set[str]:
        if not value:
            return set()
        digest = ring.blind(field, value)
        found = PrivateRecord.objects.filter(
            kind=APPLICANT, subject__erased_at__isnull=True,
            indexes__body=body, indexes__field=field, indexes__digest=digest,
        )  # fmt: skip
        return set(found.values_list("subject", flat=True)) - {None}

    named = subjects("name", applicant.name)
    by_identity = named & subjects("identity_number", applicant.identity_number)
    if by_identity:
        return Subject.objects.filter(key__in=by_identity).order_by("created_at", "key").first()
    by_phone = named & subjects("phone", applicant.phone)
    for subject in Subject.objects.filter(key__in=by_phone).order_by("created_at", "key"):
        numbers = {
            private.read(record).get("identity_number", "")
            for record in PrivateRecord.objects.filter(subject=subject, kind=APPLICANT)
        }
        if not applicant.identity_number or numbers <= {""}:
            return subject
    return None
