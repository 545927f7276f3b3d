"""The names by which an audit entry would tell of which sensitive case it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model

from gongkai.platform.cases.models import CaseSummary, CaseText, OutgoingLetter, SensitiveFlag
from gongkai.platform.core.confidential import tell_closed
from gongkai.platform.core.models import PrivateRecord, StoredFile


def connect() -> None:
    """Let the reading of the audit trail ask."""
    tell_closed(names_of_sensitive_cases)


def names_of_sensitive_cases() -> frozenset[str]:
    """Streams, numbers, letters, persons of the cases now flagged, and the keys of all that is kept of them.

    What is kept of a case has its ``stream`` beside a key of its own, whichever table it is: new tables of
    cases are asked without being named here.
    """
    streams = set(SensitiveFlag.objects.filter(lifted_at__isnull=True).values_list("stream", flat=True))
    if not streams:
        return frozenset()
    texts = CaseText.objects.filter(stream__in=streams)
    letters = _names(texts.values_list("letter", flat=True))
    found = streams | letters | _names(texts.values_list("subject", flat=True))
    for model in (CaseSummary, OutgoingLetter):
        found |= _names(model.objects.filter(stream__in=streams).values_list("number", flat=True))
    for model in _kept_of_cases():
        rows: Any = model._default_manager.filter(stream__in=streams | letters)
        found |= _names(rows.values_list("pk", flat=True))
    return frozenset(found)


def _kept_of_cases() -> list[type[Model]]:
    return [
        one
        for one in (*apps.get_app_config("cases").get_models(), PrivateRecord, StoredFile)
        if _has_key(one)
    ]


def _has_key(model: type[Model]) -> bool:
    try:
        model._meta.get_field("stream")
    except FieldDoesNotExist:
        return False
    key = model._meta.pk
    return key is not None and key.get_internal_type() in ("CharField", "OneToOneField")


def _names(values: Iterable[object]) -> set[str]:
    """Names alone: a bare number of a row stands in many entries that have nothing to do with it."""
    return {value for value in values if isinstance(value, str) and value}
