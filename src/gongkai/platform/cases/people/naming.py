"""How letters name the applicant where there are several, a guardian, an agent. Not audited here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

from gongkai.platform.cases.models import Authority, CaseText, LetterPerson, PersonRole
from gongkai.platform.core import private

ALL_NAMED = 5
"""So many co-applicants are named on a letter one by one; of more, how many they are."""


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody beside the applicant, with what the private record says; empty once it was erased."""

    row: LetterPerson
    said: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def name(self) -> str:
        """The name; blank once erased."""
        return str(self.said.get("name", ""))

    def is_current(self, day: date) -> bool:
        """Whether this one acts, or applies too, on a day."""
        row = self.row
        begun = row.valid_from is None or row.valid_from <= day
        over = row.valid_until is not None and row.valid_until < day
        return begun and not over and (row.ended_on is None or day <= row.ended_on)


def place_name(stream: str) -> str:
    """Where the people of a case stand: its letter, or the case itself where it came without one."""
    letter = CaseText.objects.filter(stream=stream).values_list("letter", flat=True).first()
    return letter or stream


def people_at(place: str) -> list[Known]:
    """Everybody who was noted with a letter (or a case without one), in the order of noting."""
    rows = list(LetterPerson.objects.filter(place=place).select_related("paper", "added_by__person"))
    said = private.read_many(row.details for row in rows)
    return [Known(row, said.get(row.details, {})) for row in rows]


def current_people(stream: str, day: date) -> list[Known]:
    """Who acts, or applies too, in a case on a day."""
    return [one for one in people_at(place_name(stream)) if one.is_current(day)]


@dataclass(frozen=True, slots=True)
class Naming:
    """How a letter to the applicant names whom it is for."""

    applicant: str
    """All of them, or how many and their representative; a child with the guardian."""
    several: bool
    agent: str
    """Who acts by an authority; blank where nobody does."""


def naming_of(name: str, people: Sequence[Known]) -> Naming:
    """How letters name an applicant called ``name`` with these people; a blank name stays blank."""
    others = [one for one in people if one.row.role == PersonRole.CO_APPLICANT and one.name]
    guardians = [one.name for one in people if one.row.role == PersonRole.GUARDIAN and one.name]
    acting = (PersonRole.AGENT, PersonRole.HANDLER)
    agents = [one.name for one in people if one.row.role in acting and one.name]
    said = name
    if name and others:
        speaks = next((one.name for one in others if one.row.represents), "")
        count = len(others) + 1
        if speaks or count > ALL_NAMED:
            said = f"{name}等{count}人" + (f"（代表人：{speaks}）" if speaks else "")
        else:
            said = "、".join([name, *(one.name for one in others)])
    if name and guardians:
        said += f"（监护人：{'、'.join(guardians)}）"
    return Naming(said, bool(others), "、".join(agents))


def named_beside(stream: str) -> frozenset[tuple[str, str]]:
    """Whom letters name beside the applicant of a case: co-applicants and guardians, by role and name."""
    beside = (PersonRole.CO_APPLICANT, PersonRole.GUARDIAN)
    people = people_at(place_name(stream))
    return frozenset(
        (one.row.role, one.name) for one in people if one.row.role in beside and one.row.ended_on is None
    )


def service_address_of(stream: str, day: date) -> tuple[str, str] | None:
    """Name and address of who receives letters for the applicant, where one may and has an address.

    The representative of several, a guardian, an agent whose authority covers it; ``None``: the applicant.
    """
    people = current_people(stream, day)
    ranked = (
        [one for one in people if one.row.role == PersonRole.GUARDIAN]
        + [one for one in people if one.row.represents]
        + [one for one in people if Authority.RECEIVE.value in one.row.scope]
    )
    found = next((one for one in ranked if one.name and one.said.get("address")), None)
    return None if found is None else (found.name, str(found.said["address"]))
