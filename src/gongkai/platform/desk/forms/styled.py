"""What every form of accounts and administration shares: the classes of the style sheet."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

_SHORT = (forms.DateInput, forms.NumberInput)
_MIDDLE = (forms.TextInput, forms.PasswordInput, forms.Select, forms.EmailInput)


class StyledForm(forms.Form):
    """Text boxes as the style sheet draws them; messages of our own for what is missing."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        style(self)


def style(form: forms.BaseForm) -> None:
    """Give every widget its class, every required field a message that says what to do."""
    for field in form.fields.values():
        widget = field.widget
        if isinstance(widget, (forms.CheckboxInput, forms.CheckboxSelectMultiple, forms.RadioSelect)):
            continue
        size = "input--s" if isinstance(widget, _SHORT) else "input--m" if isinstance(widget, _MIDDLE) else ""
        widget.attrs["class"] = f"input {size}".strip()
        if field.error_messages["required"] == forms.Field.default_error_messages["required"]:
            field.error_messages["required"] = _("这一项要填写。")


class DayInput(forms.DateInput):
    """A day in the browser's own picker; typed as 2026-03-03 where it has none."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)
