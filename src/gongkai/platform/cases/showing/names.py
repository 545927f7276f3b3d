"""What the opaque references of a case are called on its page: parties, bodies, units, proceedings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from gongkai.platform.cases.applicants import applicant_label
from gongkai.platform.cases.models import Unit
from gongkai.platform.core.models import Body
from gongkai.rules.event import Event
from gongkai.rules.vocabulary import ApplicantKind, RemedyKind

_NAMED_BY = {
    "third_party.consulted": ("party", "third_party"),
    "co_maker.consulted": ("body", "co_maker"),
    "agency.consulted": ("body", "agency"),
    "task.assigned": ("unit", "unit"),
    "remedy.filed": ("remedy", "remedy"),
}
"""Kinds that bring a reference into a case: under which payload key, and what it names."""

PERSON = "person"
"""Value of the text ``party_kind`` for a natural person, whose name is personal data."""

Texts = Mapping[str, Mapping[str, Any]]
"""Fields of private records by reference; erased ones are absent."""


@dataclass(frozen=True, slots=True)
class Names:
    """Labels by reference."""

    labels: Mapping[str, str]

    def of(self, reference: object) -> str:
        """The label; the reference itself where nothing is known."""
        return self.labels.get(str(reference), str(reference))

    def said(self, text: str) -> str:
        """A sentence with labels in place of references."""
        for reference, label in self.labels.items():
            text = text.replace(reference, label)
        return text


def names_of(events: Iterable[Event], texts: Texts, *, revealed: bool) -> Names:
    """What the references in a case's entries are called.

    Persons are masked unless ``revealed``. A reference without a text (an imported case, an erased person)
    is called by its place: 第三方1.
    """
    labels: dict[str, str] = {}
    units: dict[str, str] = {}
    counted: dict[str, int] = {}
    for event in events:
        if event.kind not in _NAMED_BY:
            continue
        key, what = _NAMED_BY[event.kind]
        reference = str(event.payload.get(key, ""))
        if reference in labels or not reference:
            continue
        counted[what] = counted.get(what, 0) + 1
        told = texts.get(str(event.payload.get("ref", "")), {})
        labels[reference] = _label(what, event, told, counted[what], revealed)
        if what == "unit" and not told.get("name"):
            units[reference] = event.stream
    if units:
        rows = Unit.objects.filter(key__in=units, tasks__stream__in=set(units.values()), active=True)
        labels |= dict(rows.values_list("key", "name"))
    unnamed = [reference for reference in labels if reference.startswith("body-")]
    labels |= dict(Body.objects.filter(key__in=unnamed).values_list("key", "name"))
    return Names(dict(sorted(labels.items(), key=lambda item: -len(item[0]))))


def _label(what: str, event: Event, told: Mapping[str, Any], count: int, revealed: bool) -> str:
    if what == "remedy":
        kind = RemedyKind(event.payload["kind"]).label_zh
        number = told.get("case_number")
        return f"{kind}（{number}）" if number else f"{kind}{count}"
    name = told.get("name")
    if name:
        person = told.get("party_kind") == PERSON
        masked = applicant_label(ApplicantKind.NATURAL_PERSON.value, str(name))
        return masked if person and not revealed else str(name)
    generic = {
        "third_party": _("第三方"),
        "co_maker": _("共同制作机关"),
        "agency": _("其他机关"),
        "unit": _("承办单位"),
    }[what]
    return f"{generic}{count}"
