"""Invented applicants and requests, always the same for the same case."""

from __future__ import annotations

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


@cache
def _words() -> dict[str, Any]:
    file = resources.files("gongkai.platform.demonstration") / "data" / "words.yaml"
    return cast("dict[str, Any]", yaml.safe_load(file.read_text(encoding="utf-8")))


def told_of(stream: str, kind: str) -> Told:
    """What a case of the demonstration is about. ``kind``: its applicant's, as Table 3 has them."""
    chance = Chance("gongkai.demonstration.words", stream)
    words = _words()
    place = chance.one(words["places"])
    title, description = chance.one(words["topics"])
    return Told(
        title=f"{place}{title}",
        description=f"申请公开{description.format(place=place)}。",
        applicant=_applicant(kind, place, chance),
    )


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
