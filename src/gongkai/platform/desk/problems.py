"""What stands against a form, as the summary at the top of a page of intake lists it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms


@dataclass(frozen=True, slots=True)
class Problem:
    """A line of the summary: the input that it leads to, its name, and what is wrong."""

    anchor: str
    label: Any
    message: Any


def problems_of(*given: forms.BaseForm, anchor: str) -> list[Problem]:
    """The complaints of forms in their order; ``anchor``: where those of no field lead to."""
    bound = [form for form in given if form.is_bound]
    found = [Problem(anchor, "", error) for form in bound for error in form.non_field_errors()]
    for form in bound:
        for field in form:
            found += [Problem(field.id_for_label, field.label, error) for error in field.errors]
    return found
