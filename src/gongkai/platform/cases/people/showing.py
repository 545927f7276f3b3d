"""The people of a case as its page shows them: names only to who may read identities, and that is audited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from gongkai.platform.cases.applicants import APPLICANT_LABELS, IdentityType, applicant_of
from gongkai.platform.cases.models import (
    Authority,
    CheckedWhat,
    CheckResult,
    IdentityCheck,
    PaperKind,
    PersonRole,
)
from gongkai.platform.cases.people.naming import Known, naming_of, people_at, place_name
from gongkai.platform.cases.people.warnings import lacking
from gongkai.platform.cases.services.papers import Paper, papers_of
from gongkai.platform.core import audit, private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act


@dataclass(frozen=True, slots=True)
class CheckView:
    """A check in words."""

    what: str
    proof: str
    result: str
    mark: str
    whose: str
    remarks: str
    checked_on: date
    checked_by: str
    paper: str
    """Reference of the paper that was looked at."""
    holds: bool
    """No later check of the same person and matter."""


@dataclass(frozen=True, slots=True)
class PersonView:
    """Somebody beside the applicant, in words."""

    key: str
    role: str
    role_label: str
    name: str
    said: tuple[tuple[str, str], ...]
    scope: str
    valid_from: date | None
    valid_until: date | None
    paper: str
    represents: bool
    ended_on: date | None
    state: str
    current: bool


@dataclass(frozen=True, slots=True)
class People:
    """Everybody of a case's letter, with the checks."""

    applicant: str
    applicant_kind: str
    named: str
    """How letters name the applicant now."""
    written: tuple[tuple[str, str], ...]
    """What the application itself says of an agent and co-applicants, where nobody is noted yet."""
    people: tuple[PersonView, ...]
    checks: tuple[CheckView, ...]
    lacking: tuple[str, ...]
    papers: tuple[Paper, ...]
    """Papers that may prove something."""


_PROOFS = (
    PaperKind.IDENTITY,
    PaperKind.AUTHORITY,
    PaperKind.APPLICATION,
    PaperKind.CORRECTION,
    PaperKind.OTHER,
)
_MARKS = {CheckResult.PROVEN: "tick", CheckResult.MISSING: "x", CheckResult.DOUBTFUL: "half"}


def people_of(*, body: Body, stream: str, actor: Actor) -> People:
    """Everybody with names; raises ``NotPermitted`` without ``CASE_IDENTITY``. The reading is audited."""
    actor.require(Act.CASE_IDENTITY, body)
    place = place_name(stream)
    known = people_at(place)
    applicant = applicant_of(stream)
    name = applicant.name if applicant is not None else ""
    audit.record("case.identity_read", actor=actor, body=body, object=stream, detail={"people": len(known)})
    current = [one for one in known if one.is_current(actor.today)]
    roles = {one.row.role for one in known}
    written: list[tuple[str, str]] = []
    if applicant is not None:
        if applicant.agent_name and not roles & {PersonRole.AGENT, PersonRole.HANDLER}:
            written.append((str(APPLICANT_LABELS["agent_name"]), applicant.agent_name))
        if applicant.co_applicants and PersonRole.CO_APPLICANT not in roles:
            written.append((str(APPLICANT_LABELS["co_applicants"]), applicant.co_applicants))
    papers = [one for one in papers_of(body=body, stream=stream, actor=actor) if one.kind in _PROOFS]
    return People(
        applicant=name, applicant_kind="" if applicant is None else applicant.kind,
        named=naming_of(name, current).applicant, written=tuple(written),
        people=tuple(_person(one, actor.today) for one in known),
        checks=_checks(place, known, name), lacking=lacking(stream), papers=tuple(papers),
    )  # fmt: skip


def _person(one: Known, day: date) -> PersonView:
    row = one.row
    said: list[tuple[str, str]] = []
    for key, label in (
        ("relation", _("与申请人的关系")), ("identity_type", _("身份证明")),
        ("identity_number", _("证件号码")), ("phone", _("电话")), ("address", _("通信地址")),
    ):  # fmt: skip
        value = str(one.said.get(key, ""))
        if key == "identity_type" and value in IdentityType.values:
            value = str(IdentityType(value).label)
        if value:
            said.append((label, value))
    return PersonView(
        key=row.key, role=row.role, role_label=str(PersonRole(row.role).label), name=one.name,
        said=tuple(said),
        scope="、".join(str(Authority(value).label) for value in row.scope if value in Authority.values),
        valid_from=row.valid_from, valid_until=row.valid_until, paper=row.paper_id or "",
        represents=row.represents, ended_on=row.ended_on, state=_state(one, day), current=one.is_current(day),
    )  # fmt: skip


def _state(one: Known, day: date) -> str:
    row = one.row
    if row.ended_on is not None and day > row.ended_on:
        return _("已经不再代理（参加）")
    if row.valid_from is not None and day < row.valid_from:
        return _("授权还没有开始")
    if row.valid_until is not None and row.valid_until < day:
        return _("授权已经到期")
    return _("有效")


def _checks(place: str, known: Sequence[Known], applicant: str) -> tuple[CheckView, ...]:
    rows = list(
        IdentityCheck.objects.filter(place=place).select_related("checked_by__person", "person").order_by("n")
    )
    texts: Mapping[str, Any] = private.read_many(row.remarks for row in rows if row.remarks)
    newest = {(row.person_id, row.what): row.key for row in rows}
    names = {one.row.key: one for one in known}
    found: list[CheckView] = []
    for row in reversed(rows):
        whose = _("申请人 %s") % applicant
        if row.person_id is not None and row.person_id in names:
            one = names[row.person_id]
            whose = f"{PersonRole(one.row.role).label} {one.name}"
        found.append(
            CheckView(
                what=str(CheckedWhat(row.what).label),
                proof=str(IdentityType(row.proof).label) if row.proof in IdentityType.values else "",
                result=str(CheckResult(row.result).label), mark=_MARKS[CheckResult(row.result)], whose=whose,
                remarks=str(texts.get(row.remarks, {}).get("remarks", "")), checked_on=row.checked_on,
                checked_by=row.checked_by.person.name if row.checked_by is not None else "",
                paper=row.paper_id or "", holds=newest[(row.person_id, row.what)] == row.key,
            )
        )  # fmt: skip
    return tuple(found)
