"""How a body heads, seals and posts its letters: the settings, and what a letter gets of them.

Measures after GB/T 9704-2012; ``law.md`` does not hold that standard, so they are settings of the office.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from gongkai.platform.cases.letters.sheet import Sheet
from gongkai.platform.cases.models import PostSettings
from gongkai.platform.core import audit
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act

DOCUMENT = "文件"
MOST_WARN_DAYS = 10
MOST_SEAL_LINES = 6
MOST_NOTICE_DAYS = 180
EDITABLE = (
    "needs_seal", "warn_days", "head", "head_as_document", "seal_lines", "imprint", "sender", "notice_days",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Head:
    """What a letter gets from the settings."""

    text: str
    seal_lines: int
    imprint: str


def settings_of(body: Body) -> PostSettings:
    """The settings of a body; not stored where it never set any."""
    return PostSettings.objects.filter(body=body).first() or PostSettings(body=body)


def head_of(body: Body, settings: PostSettings | None = None) -> Head:
    """The head, the place for the seal and the imprint of a body's letters."""
    found = settings or settings_of(body)
    name = found.head or body.name
    ends = found.head_as_document and not name.endswith(DOCUMENT)
    return Head(f"{name}{DOCUMENT}" if ends else name, found.seal_lines, found.imprint)


def headed(sheet: Sheet, body: Body, settings: PostSettings | None = None) -> Sheet:
    """The sheet with the body's head; only what is signed has a place for the seal and an imprint."""
    head = head_of(body, settings)
    if not sheet.signature:
        return replace(sheet, head=head.text)
    imprint = f"{head.imprint}|{sheet.date}印发" if head.imprint and sheet.date else ""
    return replace(sheet, head=head.text, seal_lines=head.seal_lines, imprint=imprint)


@transaction.atomic
def change_settings(*, body: Body, fields: Mapping[str, Any], actor: Actor) -> PostSettings:
    """Change the settings; letters that were issued stay as they are.

    Raises ``NotPermitted``, ``KeyError`` for another field, ``ValueError`` for a number out of its bounds.
    """
    actor.require(Act.TEMPLATE_EDIT, body)
    unknown = set(fields) - set(EDITABLE)
    if unknown:
        raise KeyError(", ".join(sorted(unknown)))
    for name, least, most in (
        ("warn_days", 0, MOST_WARN_DAYS),
        ("seal_lines", 0, MOST_SEAL_LINES),
        ("notice_days", 1, MOST_NOTICE_DAYS),
    ):
        value = fields.get(name)
        if value is not None and not least <= value <= most:
            raise ValueError(f"{name}: {value} is not between {least} and {most}")
    found = settings_of(body)
    changed = sorted(name for name in fields if getattr(found, name) != fields[name])
    for name, value in fields.items():
        setattr(found, name, value)
    found.changed_at, found.changed_by = actor.present.moment, actor.seat  # type: ignore[assignment]
    found.save()
    audit.record("post.settings_changed", actor=actor, body=body, object=body.key, detail={"fields": changed})
    return found
