"""Agents with their authority, guardians, co-applicants, and checks of who somebody is.

None of them decides the column of Table 3: the applicant does (counting.md). All names are private records of
the letter, erased with its applicant. A missing or doubtful proof leads to a correction notice (art. 30),
never to a refusal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gongkai.platform.cases.applicants import PERSON, IdentityType
from gongkai.platform.cases.models import (
    Authority,
    CaseFile,
    CaseSummary,
    CaseText,
    CheckedWhat,
    CheckResult,
    IdentityCheck,
    LetterPerson,
    PersonRole,
)
from gongkai.platform.cases.readers import require_reader
from gongkai.platform.core import audit, private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.identifiers import opaque
from gongkai.platform.core.models import Body, Subject
from gongkai.platform.core.permissions import Act
from gongkai.platform.ledger.services import lock
from gongkai.rules.vocabulary import ApplicantKind

ACTING = (PersonRole.AGENT, PersonRole.HANDLER)
"""Who acts by an authority; a guardian acts by law, a co-applicant in the own name."""


class BadPerson(ValueError):
    """What cannot be noted: ``field`` of the form, or empty, and ``message`` (Chinese)."""

    def __init__(self, field: str, message: Any) -> None:
        super().__init__(f"{field}: {message}")
        self.field, self.message = field, message


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDetails:
    """Who somebody is. Blank means: not given."""

    name: str
    identity_type: str = ""
    identity_number: str = ""
    phone: str = ""
    address: str = ""
    relation: str = ""
    """Of a guardian to the applicant; of a handler: the office held."""


def new_person_key() -> str:
    """A key of a form, so that one that is sent twice notes one person."""
    return opaque("person-of-letter", 16)


def new_check_key() -> str:
    """A key of a form, so that one that is sent twice notes one check."""
    return opaque("check", 16)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the people of a case stand: with its letter, so that all its cases have them."""

    name: str
    subject: Subject | None
    applicant_kind: str
    papers: tuple[str, ...]
    """Streams whose papers may prove something."""


def place_of(*, body: Body, stream: str) -> Place:
    """The place of a case's people; raises ``BadPerson`` where the applicant was erased."""
    text = CaseText.objects.select_related("subject", "letter").filter(body=body, stream=stream).first()
    kind = CaseSummary.objects.filter(body=body, stream=stream).values_list("applicant_kind", flat=True)
    if text is None:
        return Place(stream, None, kind.first() or "", (stream,))
    if text.subject is not None and text.subject.erased_at is not None:
        raise BadPerson("", _("申请人的个人信息已经依法删除，不能再登记"))
    name = stream if text.letter is None else text.letter.ref
    return Place(name, text.subject, kind.first() or "", (stream, name))


@transaction.atomic
def add_person(
    *,
    body: Body,
    stream: str,
    role: str,
    details: PersonDetails,
    actor: Actor,
    scope: Sequence[str] = (),
    valid_from: date | None = None,
    valid_until: date | None = None,
    paper: str = "",
    represents: bool = False,
    key: str = "",
) -> LetterPerson:
    """Note somebody beside the applicant of a case, for all cases of its letter.

    - an agent or handler has an authority: ``scope`` (values of ``Authority``), a period, the paper;
    - a guardian stands in some relation to a natural person, a handler belongs to an organisation;
    - of the co-applicants one may ``represent`` all: then letters name this one.

    Raises ``NotPermitted``, ``NoSuchCase``, ``BadPerson``; a key that is there already notes nothing again.
    """
    actor.require(Act.CASE_ACT, body)
    require_reader(actor, stream)
    lock(body=body.key)
    known = LetterPerson.objects.filter(body=body, key=key).first() if key else None
    if known is not None:
        return known
    place = place_of(body=body, stream=stream)
    _check_person(role, details, scope, place, valid_from, valid_until)
    kept = private.keep(
        body=body, stream=place.name, kind=PERSON, actor=actor, subject=place.subject,
        fields={name: value.strip() for name, value in asdict(details).items() if value.strip()},
    )  # fmt: skip
    represents = represents and role == PersonRole.CO_APPLICANT
    if represents:
        LetterPerson.objects.filter(body=body, place=place.name).update(represents=False)
    person = LetterPerson.objects.create(
        key=key or new_person_key(), body=body, place=place.name, role=role, details=kept.ref,
        scope=[one for one in Authority.values if one in scope] if role in ACTING else [],
        valid_from=valid_from if role in ACTING else None,
        valid_until=valid_until if role in ACTING else None,
        paper=_paper(body, place, paper), represents=represents, added_at=actor.present.moment,
        added_by=actor.seat,
    )  # fmt: skip
    _audit(person, actor, "added")
    return person


@transaction.atomic
def end_person(*, body: Body, stream: str, key: str, ended_on: date, actor: Actor) -> LetterPerson:
    """Somebody no longer acts, or no longer applies: from the day after.

    Raises ``NotPermitted``, ``NoSuchCase``, ``BadPerson``. The row stays: what was done in the applicant's
    name was done.
    """
    actor.require(Act.CASE_ACT, body)
    require_reader(actor, stream)
    lock(body=body.key)
    place = place_of(body=body, stream=stream)
    person = LetterPerson.objects.filter(body=body, place=place.name, key=key).first()
    if person is None:
        raise BadPerson("", _("没有这个人"))
    if person.ended_on is not None:
        raise BadPerson("ended_on", _("已经登记过不再代理（参加）的日期"))
    if ended_on > actor.today:
        raise BadPerson("ended_on", _("不能晚于今天"))
    person.ended_on, person.represents = ended_on, False
    person.save(update_fields=["ended_on", "represents"])
    _audit(person, actor, "ended")
    return person


@transaction.atomic
def record_check(
    *,
    body: Body,
    stream: str,
    what: str,
    result: str,
    checked_on: date,
    actor: Actor,
    person: str = "",
    proof: str = "",
    paper: str = "",
    remarks: str = "",
    key: str = "",
) -> IdentityCheck:
    """Note a check of an identity, an authority or a guardianship; ``person`` empty: the applicant's.

    Raises ``NotPermitted``, ``NoSuchCase``, ``BadPerson``; a key that is there already notes nothing again.
    """
    actor.require(Act.CASE_ACT, body)
    require_reader(actor, stream)
    lock(body=body.key)
    known = IdentityCheck.objects.filter(body=body, key=key).first() if key else None
    if known is not None:
        return known
    place = place_of(body=body, stream=stream)
    whose = LetterPerson.objects.filter(body=body, place=place.name, key=person).first() if person else None
    if person and whose is None:
        raise BadPerson("person", _("请从列出的人里选"))
    _check_check(what, result, proof, remarks, whose)
    if checked_on > actor.today:
        raise BadPerson("checked_on", _("不能晚于今天"))
    kept = ""
    if remarks.strip():
        kept = private.keep(
            body=body, stream=place.name, kind="letter.check", fields={"remarks": remarks.strip()},
            actor=actor, subject=place.subject,
        ).ref  # fmt: skip
    check = IdentityCheck.objects.create(
        key=key or new_check_key(), body=body, place=place.name, person=whose, what=what, result=result,
        proof="" if result == CheckResult.MISSING else proof, paper=_paper(body, place, paper),
        remarks=kept, checked_on=checked_on, checked_by=actor.seat, at=actor.present.moment,
        n=IdentityCheck.objects.filter(place=place.name).count() + 1,
    )  # fmt: skip
    audit.record(
        "letter.checked", actor=actor, body=body, object=place.name,
        detail={"check": check.key, "what": what, "result": result},
    )  # fmt: skip
    return check


def _check_person(
    role: str,
    details: PersonDetails,
    scope: Sequence[str],
    place: Place,
    valid_from: date | None,
    valid_until: date | None,
) -> None:
    natural = place.applicant_kind == ApplicantKind.NATURAL_PERSON.value
    if role not in PersonRole.values:
        raise BadPerson("role", _("请选择是什么人"))
    if not details.name.strip():
        raise BadPerson("name", _("请填写姓名或者名称"))
    if details.identity_type and details.identity_type not in IdentityType.values:
        raise BadPerson("identity_type", _("请从列出的各项里选"))
    if any(one not in Authority.values for one in scope):
        raise BadPerson("scope", _("请从列出的各项里选"))
    if role in ACTING and not scope:
        raise BadPerson("scope", _("请按授权委托书勾选授权的范围"))
    if valid_from is not None and valid_until is not None and valid_until < valid_from:
        raise BadPerson("valid_until", _("不能早于授权开始的日期"))
    if role == PersonRole.GUARDIAN and not natural:
        raise BadPerson("role", _("申请人不是自然人，没有监护人；法人、其他组织的请选经办人"))
    if role == PersonRole.GUARDIAN and not details.relation.strip():
        raise BadPerson("relation", _("请写明与申请人的关系，例如“母亲”"))
    if role == PersonRole.HANDLER and natural:
        raise BadPerson("role", _("申请人是自然人，没有经办人；代为办理的请选代理人"))


def _check_check(what: str, result: str, proof: str, remarks: str, whose: LetterPerson | None) -> None:
    if what not in CheckedWhat.values:
        raise BadPerson("what", _("请选择核对的是什么"))
    if result not in CheckResult.values:
        raise BadPerson("result", _("请选择核对的结果"))
    if proof and proof not in IdentityType.values:
        raise BadPerson("proof", _("请从列出的各项里选"))
    identity = what == CheckedWhat.IDENTITY
    if identity and result == CheckResult.PROVEN and not proof:
        raise BadPerson("proof", _("请选择看的是什么证明"))
    if result == CheckResult.DOUBTFUL and not remarks.strip():
        raise BadPerson("remarks", _("请写明有什么疑问，补正告知书里要写"))
    role = None if whose is None else whose.role
    if what == CheckedWhat.AUTHORITY and role not in ACTING:
        raise BadPerson("what", _("只有代理人、经办人有授权"))
    if what == CheckedWhat.GUARDIANSHIP and role != PersonRole.GUARDIAN:
        raise BadPerson("what", _("只有监护人有监护关系"))


def _paper(body: Body, place: Place, ref: str) -> CaseFile | None:
    if not ref:
        return None
    paper = CaseFile.objects.filter(body=body, stream__in=place.papers, file=ref).first()
    if paper is None:
        raise BadPerson("paper", _("请从这件申请的材料里选"))
    return paper


def _audit(person: LetterPerson, actor: Actor, what: str) -> None:
    audit.record(
        "letter.person", actor=actor, body=person.body, object=person.place,
        detail={"person": person.key, "role": person.role, "what": what},
    )  # fmt: skip
