"""Who answers for a case, as the audit asks when a deputy does something."""

from __future__ import annotations

from gongkai.platform.cases.models import CaseDesk
from gongkai.platform.core.standing_in import tell_responsible


def handler_of(thing: str) -> str:
    """The key of the seat that handles the case ``thing``; empty for nobody and for other things."""
    return CaseDesk.objects.filter(stream=thing).values_list("handler", flat=True).first() or ""


def connect() -> None:
    """Called once, when the app is ready."""
    tell_responsible(handler_of)
