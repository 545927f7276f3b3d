"""A Django form for any act: made of the questions of ``cases.acts.asking``, checks their shape."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.platform.cases.acts.asking import Asked, AskedField, BadAnswer, step_of
from gongkai.platform.cases.services.acting import Step

REQUIRED = _("请填写“%(label)s”")
_MOST = 20_000
"""Characters of a free text; a page of a letter has some 600."""


def act_form(asked: Asked, data: Any = None) -> ActForm:
    """The form of an act, empty or with what was sent."""
    return ActForm(asked, data)


class ActForm(forms.Form):
    """Fields as asked; valid, it has a ``step``."""

    def __init__(self, asked: Asked, data: Any = None) -> None:
        super().__init__(data, auto_id="f-%s")
        self.asked = asked
        self.step: Step | None = None
        self.fields.update({one.name: _field(one) for one in asked.fields})

    def clean(self) -> dict[str, Any]:
        """Make the step, where every answer has its shape."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors:
            try:
                self.step = step_of(self.asked, self.values)
            except BadAnswer as bad:
                self.add_error(bad.field if bad.field in self.fields else None, bad.message)
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """The answers: ``None`` for none, truth values as such."""
        found: dict[str, Any] = {}
        for one in self.asked.fields:
            value = self.cleaned_data.get(one.name)
            if one.shape == "yes_no":
                value = {"yes": True, "no": False}.get(value or "")
            found[one.name] = None if value == "" else value
        return found

    @property
    def typed(self) -> list[tuple[str, str]]:
        """What was sent, to travel along as hidden fields."""
        return [(name, str(self.data.get(name, ""))) for name in self.fields]


def _field(one: AskedField) -> forms.Field:
    given: dict[str, Any] = {
        "label": one.label,
        "help_text": one.hint,
        "required": one.required,
        "initial": one.initial,
        "error_messages": {"required": REQUIRED % {"label": one.label}},
    }
    match one.shape:
        case "date":
            widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "input input--s"})
            field = forms.DateField(widget=widget, input_formats=["%Y-%m-%d"], **given)
            field.error_messages["invalid"] = _("日期写成 2026-03-13 的样子")
            return field
        case "choice":
            return _choice(one, given)
        case "yes_no":
            choices = [("yes", _("是")), ("no", _("否"))]
            if not one.required:
                choices.append(("", _("没有说")))
            return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **given)
        case "whole":
            widget = forms.TextInput(attrs={"class": "input input--s", "inputmode": "numeric"})
            return forms.IntegerField(min_value=0, max_value=100_000, widget=widget, **given)
        case "amount":
            widget = forms.TextInput(attrs={"class": "input input--s", "inputmode": "decimal"})
            return forms.DecimalField(min_value=0, max_digits=12, decimal_places=2, widget=widget, **given)
        case "area":
            widget = forms.Textarea(attrs={"class": "input", "rows": 4})
            return forms.CharField(max_length=_MOST, widget=widget, **given)
        case _:
            widget = forms.TextInput(attrs={"class": "input input--m"})
            most = 60 if one.shape == "number" else 200
            return forms.CharField(max_length=most, widget=widget, **given)


def _choice(one: AskedField, given: dict[str, Any]) -> forms.ChoiceField:
    choices: list[Any] = list(one.choices)
    if len(choices) <= 3 and one.required:
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **given)
    blank = _("（不填）") if not one.required else _("请选择")
    widget = forms.Select(attrs={"class": "input input--m"})
    return forms.ChoiceField(choices=[("", blank), *choices], widget=widget, **given)
