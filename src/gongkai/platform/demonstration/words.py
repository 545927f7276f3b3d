"""Invented applicants, requests and what letters say, always the same for the same case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, cast

import yaml

from gongkai.platform.cases.applicants import ApplicantDetails
from gongkai.replay.chance import Chance
from gongkai.rules.vocabulary import ApplicantKind


@dataclass(frozen=True, slots=True)
class Told:
    """Who asks for what in a case."""

    title: str
    description: str
    applicant: ApplicantDetails
    place: str


@cache
def _data(name: str) -> dict[str, Any]:
    file = resources.files("gongkai.platform.demonstration") / "data" / f"{name}.yaml"
    return cast("dict[str, Any]", yaml.safe_load(file.read_text(encoding="utf-8")))


def _words() -> dict[str, Any]:
    return _data("words")


def told_of(stream: str, kind: str) -> Told:
    """What a case of the demonstration is about. ``kind``: its applicant's, as Table 3 has them."""
    chance = Chance("gongkai.demonstration.words", stream)
    words = _words()
    place = chance.one(words["places"])
    title, description = chance.one(words["topics"])
    wanted = description.format(place=place)
    return Told(
        title=f"{place}{title}",
        description=wanted,
        applicant=_applicant(kind, place, chance),
        place=place,
    )


def letter_fields(letter: str, told: Told, payload: Mapping[str, Any], *parts: object) -> dict[str, str]:
    """What a letter of the demonstration is filled in with beside what the case knows.

    ``payload``: of the act that it tells of; ``parts``: what makes the choice of words this letter's own.
    """
    data = _data("letters")
    chance = Chance("gongkai.demonstration.letters", letter, *parts)
    said = {
        "place": told.place,
        "wanted": told.description,
        "subject": told.title,
        "pages": chance.whole(3, 40),
    }
    fields = {field: chance.one(choices).format(**said) for field, choices in data.get(letter, {}).items()}
    if letter in ("reply_granted", "reply_partial"):
        ways = data["how_provided"]
        fields["how_provided"] = ways.get(str(payload.get("method") or ""), ways[""])
    return fields


def other_body(reference: str) -> str:
    """The name of a body outside the demonstration that an act refers to."""
    chance = Chance("gongkai.demonstration.bodies", reference)
    return f"演示市{chance.one(_data('letters')['other_bodies'])}（虚构）"


def other_party(*parts: object) -> str:
    """The name of a third party: an organisation that does not exist."""
    chance = Chance("gongkai.demonstration.parties", *parts)
    return f"{_name(chance)[:2]}{chance.one(_words()['organisations']['business'])}（虚构）"


def name_of(*parts: object) -> str:
    """A name that no person bears: one of the sixty signs and a given name."""
    return _name(Chance("gongkai.demonstration.names", *parts))


def _name(chance: Chance) -> str:
    words = _words()
    sign = chance.whole(0, 59)
    return words["stems"][sign % 10] + words["branches"][sign % 12] + chance.one(words["given"])


def _applicant(kind: str, place: str, chance: Chance) -> ApplicantDetails:
    number = chance.whole(0, 9999)
    phone, address = f"000-0000{number:04}", f"演示市{place}{chance.whole(1, 99)}号"
    name = _name(chance)
    if kind == ApplicantKind.NATURAL_PERSON.value:
        return ApplicantDetails(
            kind=kind, name=name, identity_type="other", identity_number=f"演示证{chance.whole(0, 10**8):08}",
            phone=phone, address=address,
        )  # fmt: skip
    organisation = f"{name[:2]}{chance.one(_words()['organisations'][kind])}（虚构）"
    return ApplicantDetails(
        kind=kind, name=organisation, identity_type="other", identity_number=f"演示号{number:08}",
        phone=phone, address=address, representative=name, contact=name,
    )  # fmt: skip
