"""The text of a reply in the making, and what was filled in above it: kept in step, or told apart.

A text that nobody touched is made anew whenever the fields change. One that was edited by hand is never
overwritten unasked; what was filled in since and does not stand in it is named instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gongkai.platform.cases.letters.facts import Occasion, cite
from gongkai.platform.cases.letters.kinds import LetterKind
from gongkai.platform.cases.letters.texts import GUARD, TemplateRefused, guarded
from gongkai.platform.cases.services.letters import LetterIncomplete, compose
from gongkai.platform.cases.services.templates import template_of


@dataclass(frozen=True, slots=True)
class Written:
    """A text as it is saved: whether it differs from the template's, and what it was written upon."""

    text: str
    by_hand: bool
    stands_on: Mapping[str, str]
    """What was filled in when the text last agreed with it, by the names of the template."""


def filled_in(kind: LetterKind, occasion: Occasion) -> dict[str, str]:
    """What was filled in and the body's template repeats, by the names of the template."""
    template = template_of(occasion.body, kind).text
    found = {one.variable.name: str(occasion.fields.get(one.key) or "").strip() for one in kind.fields}
    found["依据"] = cite(occasion.basis_refs, occasion.basis.law)
    found["附件清单"] = "\n".join(occasion.attachments)
    return {name: value for name, value in found.items() if name in template}


def write(
    kind: LetterKind, occasion: Occasion, text: str, *, before: Mapping[str, Any] | None, keep: bool
) -> Written:
    """The text to save: ``text`` as it was edited, or made anew where it is blank or was left as it was made.

    - ``before``: the record of the version before, if it was of the same outcome;
    - ``keep``: the writer looked, and the text is right although it says it otherwise.

    Raises ``LetterIncomplete``, ``TemplateRefused`` where it must be made anew and cannot be.
    """
    now = filled_in(kind, occasion)
    given = text.replace("\r\n", "\n").strip()
    untouched = before is not None and not before.get("by_hand", True) and given == before["text"]
    if not given or untouched:
        return Written(compose(kind, occasion).text, by_hand=False, stands_on=now)
    compose(kind, occasion, text=given)
    try:
        by_hand = given != compose(kind, occasion).text
    except (LetterIncomplete, TemplateRefused):
        by_hand = True
    if keep or not by_hand or before is None:
        return Written(given, by_hand, now)
    stood = before.get("stands_on", {})
    behind = {name: stood[name] for name in out_of_step(now, stood, given)}
    return Written(given, by_hand, now | behind)


def out_of_step(now: Mapping[str, str], stands_on: Mapping[str, str], text: str) -> tuple[str, ...]:
    """Names of what was changed after the text was written and does not stand in it."""
    return tuple(
        name
        for name, value in now.items()
        if name in stands_on and stands_on[name] != value and not _follows(text, stands_on[name], value)
    )


def unsaid(now: Mapping[str, str], text: str) -> tuple[str, ...]:
    """Names of what was filled in and does not stand in the text word for word."""
    return tuple(name for name, value in now.items() if not _says(text, value))


def _follows(text: str, old: str, new: str) -> bool:
    """The new words stand in the text; the old ones do not, unless they are part of the new."""
    return _says(text, new) and (not old or not _says(text, old) or (bool(new) and old in new))


def _says(text: str, value: str) -> bool:
    plain = text.replace(GUARD, "")
    return all(line.replace(GUARD, "") in plain for line in guarded(value).split("\n"))
