"""The letters of a case, their files, the templates of a body: what the desk shows of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from gongkai.platform.cases.case_view import find_case
from gongkai.platform.cases.letters.facts import Occasion, sample_values, values_of
from gongkai.platform.cases.letters.kinds import (
    LETTERS,
    SOURCES,
    VARIABLES,
    Field,
    LetterKind,
    Source,
)
from gongkai.platform.cases.letters.remedies import SETTINGS_ZH
from gongkai.platform.cases.letters.sheet import Sheet, blocks_of
from gongkai.platform.cases.letters.texts import ValuesMissing, fill
from gongkai.platform.cases.models import CaseSummary, LetterTemplate, OutgoingLetter, SealedCopy
from gongkai.platform.cases.posting.head import headed
from gongkai.platform.cases.readers import may_read, readable, readable_letters
from gongkai.platform.cases.services.letters import LetterIncomplete, demonstration_mark
from gongkai.platform.cases.services.templates import template_of
from gongkai.platform.core import audit
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.bases import basis_for
from gongkai.platform.core.files import name_of, open_file
from gongkai.platform.core.models import Body, StoredFile
from gongkai.platform.core.permissions import Act
from gongkai.platform.ledger.selectors import history
from gongkai.rules.letters.remedies import NoAuthority

BY_HAND = tuple(
    key for key, kind in LETTERS.items() if not kind.outcome and (not kind.event or not kind.automatic)
)
"""Letters of no act, or of one that does not bring them by itself."""


class NoSuchLetter(LookupError):
    """There is no such letter or file, or the actor may not know of it."""


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A letter in the list of a case."""

    key: str
    label: str
    number: str
    issued_on: date
    has_docx: bool
    has_pdf: bool


@dataclass(frozen=True, slots=True)
class LetterFile:
    """A file to be handed out."""

    content: bytes
    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A letter that can be written by hand, with the fields that it asks for."""

    key: str
    label: str
    fields: tuple[Field, ...] = ()


def letters_of(*, body: Body, stream: str, actor: Actor) -> tuple[LetterRow, ...]:
    """The letters of a case, oldest first; none for whom may not see the case."""
    if not actor.may(Act.CASE_SEE, body) or not may_read(actor, stream):
        return ()
    return tuple(
        LetterRow(
            one.key, LETTERS[one.kind].label, one.number, one.issued_on, one.docx is not None,
            one.pdf is not None,
        )
        for one in readable_letters(OutgoingLetter.objects.filter(body=body, stream=stream), actor)
        .select_related("docx", "pdf")
        .order_by("issued_on", "pk")
    )  # fmt: skip


def offers_of(*, body: Body, stream: str, actor: Actor) -> tuple[Offer, ...]:
    """The letters that the actor can write by hand: those of no act, and those of acts that happened.

    An act may have been recorded without its letter; the letter can be written later.
    """
    if not actor.may(Act.CASE_ACT, body):
        return ()
    happened = {event.kind for event in history(body=body.key, stream=stream).events}
    later = [
        key for key, kind in LETTERS.items() if kind.automatic and kind.event in happened and not kind.outcome
    ]
    return tuple(Offer(key, LETTERS[key].label, LETTERS[key].fields) for key in (*BY_HAND, *later))


def letter_file(*, stream: str, key: str, form: str, actor: Actor) -> LetterFile:
    """A letter as ``docx`` or ``pdf``; it says who the applicant is, so the reading is audited.

    The sealed PDF, once it was imported, is the ``pdf``; as it was signed it stays, as ``frozen``.

    Raises ``NoSuchCase``, ``NoSuchLetter``, ``NotPermitted``, ``FileDamaged``.
    """
    found = find_case(stream=stream, actor=actor)
    letters = OutgoingLetter.objects.filter(key=key, stream=stream, body=found.body)
    letter = readable_letters(letters, actor).first()
    stored: StoredFile | None = None
    if letter is not None:
        copy = SealedCopy.objects.filter(document=letter.text or letter.key).select_related("file").first()
        sealed = copy.file if copy is not None else None
        stored = {"docx": letter.docx, "pdf": sealed or letter.pdf, "frozen": letter.pdf}.get(form)
    if letter is None or stored is None:
        raise NoSuchLetter(key)
    actor.require(Act.CASE_IDENTITY, found.body)
    audit.record(
        "file.read", actor=actor, body=found.body, object=stored.ref,
        detail={"stream": stream, "letter": key},
    )  # fmt: skip
    return LetterFile(open_file(stored), name_of(stored), stored.media_type)


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A letter in the list of templates."""

    key: str
    label: str
    group: str
    version: int
    changed_at: datetime | None
    changed_by: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A saved version."""

    version: int
    changed_at: datetime
    changed_by: str
    text: str


@dataclass(frozen=True, slots=True)
class VariableRow:
    """A variable that the template may use."""

    name: str
    about: str
    example: str
    source: str
    required: bool


@dataclass(frozen=True, slots=True)
class TemplateView:
    """A template with its versions and its variables."""

    kind: LetterKind
    text: str
    version: int
    versions: tuple[VersionRow, ...]
    variables: tuple[VariableRow, ...]


def _who(row: LetterTemplate) -> str:
    return row.changed_by.person.name if row.changed_by is not None else ""


def templates_of(*, body: Body, actor: Actor) -> tuple[TemplateRow, ...]:
    """All letters with the version that holds for a body; raises ``NotPermitted``."""
    actor.require(Act.TEMPLATE_EDIT, body)
    newest: dict[str, LetterTemplate] = {}
    for row in (
        LetterTemplate.objects.filter(body=body).select_related("changed_by__person").order_by("version")
    ):
        newest[row.kind] = row
    found: list[TemplateRow] = []
    for key, kind in LETTERS.items():
        row = newest.get(key)
        group = "reply" if kind.outcome else "procedure"
        if row is None:
            found.append(TemplateRow(key, kind.label, group, 0, None, ""))
        else:
            found.append(TemplateRow(key, kind.label, group, row.version, row.changed_at, _who(row)))
    return tuple(found)


def template_view(*, body: Body, kind: str, actor: Actor) -> TemplateView:
    """One template; raises ``NotPermitted`` and ``KeyError``."""
    actor.require(Act.TEMPLATE_EDIT, body)
    letter = LETTERS[kind]
    current = template_of(body, letter)
    rows = LetterTemplate.objects.filter(body=body, kind=kind).select_related("changed_by__person")
    usable = {field.variable.name for field in letter.fields}
    return TemplateView(
        letter,
        current.text,
        current.version,
        tuple(
            VersionRow(one.version, one.changed_at, _who(one), one.text) for one in rows.order_by("-version")
        ),
        tuple(
            VariableRow(
                one.name, one.about, one.example, str(SOURCES[one.source]), one.name in letter.requires
            )
            for one in VARIABLES.values()
            if one.source is not Source.FIELD or one.name in usable
        ),
    )


def preview_template(*, body: Body, kind: str, text: str, number: str, actor: Actor) -> Sheet:
    """A template as it would look: with examples, or with the case of a ``number`` and nothing invented.

    With a case, what is only filled in when the letter is written stands by its name: 〔理由〕.

    Raises ``NotPermitted``, ``KeyError``, ``TemplateRefused``, ``LetterIncomplete`` for a missing setting,
    and ``NoSuchLetter`` where the body has no case of that number. A case's data in it is audited as a
    reading of the applicant's identity.
    """
    actor.require(Act.TEMPLATE_EDIT, body)
    letter = LETTERS[kind]
    values = sample_values()
    if number:
        case = readable(CaseSummary.objects.filter(body=body, number=number), actor).first()
        if case is None:
            raise NoSuchLetter(number)
        actor.require(Act.CASE_IDENTITY, body)
        values = _real(body, case.stream, letter, actor)
        audit.record(
            "case.identity_read", actor=actor, body=body, object=case.stream, detail={"template": kind}
        )
    try:
        filled = fill(letter, text, values)
    except ValuesMissing as missing:
        filled = fill(letter, text, {**values, **{name: f"〔{name}〕" for name in missing.names}})
    to = {"applicant": "申请人", "other": "收件人"}.get(letter.to)
    sheet = Sheet(
        head=body.name,
        title=letter.title,
        blocks=blocks_of(filled),
        number=values["文书编号"] if letter.number else "",
        recipient=f"{values[to] or f'〔{to}〕'}：" if to is not None else "",
        signature=body.name if to is not None else "",
        date=values["文书日期"] if to is not None else "",
        mark=demonstration_mark(),
    )
    return headed(sheet, body)


def _real(body: Body, stream: str, letter: LetterKind, actor: Actor) -> dict[str, str]:
    events = history(body=body.key, stream=stream).events
    event = next((one for one in reversed(events) if one.kind == letter.event), None)
    occasion = Occasion(
        body=body, stream=stream, events=events, basis=basis_for(body, known_on=actor.present.known_on),
        on=actor.today, event=event, basis_refs=letter.basis,
        number=_("（编号待定）") if letter.number else "",
    )  # fmt: skip
    try:
        found = values_of(letter, occasion)
    except NoAuthority as error:
        raise LetterIncomplete(settings=[SETTINGS_ZH[error.missing]]) from error
    asked = {one.variable.name for one in letter.fields}
    return {name: value or (f"〔{name}〕" if name in asked else "") for name, value in found.items()}
