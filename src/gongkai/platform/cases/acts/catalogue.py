"""``FORMS``: the form of every kind of act that belongs to a case; a kind without one fails a test."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from gongkai.platform.cases.acts import before_reply, of_reply
from gongkai.platform.cases.acts.fields import ActForm

FORMS: Mapping[str, ActForm] = MappingProxyType(
    {form.kind: form for form in (*before_reply.FORMS, *of_reply.FORMS)}
)
