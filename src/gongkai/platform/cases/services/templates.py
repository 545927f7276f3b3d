"""An office's own texts of letters: checked, kept in versions, restored."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from gongkai.platform.cases.letters.kinds import LETTERS, LetterKind
from gongkai.platform.cases.letters.texts import TemplateRefused, problems_of
from gongkai.platform.cases.models import LetterTemplate
from gongkai.platform.core import audit
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act
from gongkai.platform.ledger.services import lock


class TemplateChanged(RuntimeError):
    """Somebody else saved a version since the text was shown: the ``found`` version."""

    def __init__(self, found: int) -> None:
        super().__init__(str(found))
        self.found = found


@dataclass(frozen=True, slots=True)
class Text:
    """The text that holds for a body: version 0 is the shipped one."""

    kind: LetterKind
    text: str
    version: int


def template_of(body: Body, kind: LetterKind) -> Text:
    """The body's newest version, or the shipped text."""
    row = LetterTemplate.objects.filter(body=body, kind=kind.key).order_by("-version").first()
    return Text(kind, kind.text, 0) if row is None else Text(kind, row.text, row.version)


@transaction.atomic
def save_template(*, body: Body, kind: str, text: str, expected_version: int, actor: Actor) -> LetterTemplate:
    """Save a new version of a letter's text; letters already issued keep theirs.

    - ``expected_version``: the version that was shown, 0 for the shipped text.

    Raises ``NotPermitted``, ``KeyError`` for an unknown letter, ``TemplateRefused`` with every problem and
    its line, ``TemplateChanged`` where somebody else was faster.
    """
    actor.require(Act.TEMPLATE_EDIT, body)
    letter = LETTERS[kind]
    plain = "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").strip().split("\n")) + "\n"
    problems = problems_of(letter, plain)
    if problems:
        raise TemplateRefused(problems)
    lock(body=body.key)
    current = template_of(body, letter)
    if current.version != expected_version:
        raise TemplateChanged(current.version)
    row = LetterTemplate.objects.create(
        body=body, kind=kind, version=current.version + 1, title=letter.title, text=plain,
        changed_at=actor.present.moment, changed_by=actor.seat,
    )  # fmt: skip
    audit.record("template.changed", actor=actor, body=body, object=kind, detail={"version": row.version})
    return row


def restore_template(
    *, body: Body, kind: str, version: int, expected_version: int, actor: Actor
) -> LetterTemplate:
    """Make an earlier version (0: the shipped text) hold again, as a new version.

    Raises as ``save_template``, and ``LookupError`` for a version that does not exist.
    """
    actor.require(Act.TEMPLATE_EDIT, body)
    if version == 0:
        text = LETTERS[kind].text
    else:
        row = LetterTemplate.objects.filter(body=body, kind=kind, version=version).first()
        if row is None:
            raise LookupError(f"{kind} {version}")
        text = row.text
    return save_template(body=body, kind=kind, text=text, expected_version=expected_version, actor=actor)
