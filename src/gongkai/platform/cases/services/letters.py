"""Letters of a case: previewed, written with the act that they tell of, kept frozen as DOCX and PDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.platform.cases.letters.docx import to_docx
from gongkai.platform.cases.letters.facts import (
    Occasion,
    day_zh,
    fields_missing,
    settings_among,
    values_of,
)
from gongkai.platform.cases.letters.kinds import (
    LETTERS,
    LetterKind,
    Recipient,
    letter_for_event,
    reply_letter,
)
from gongkai.platform.cases.letters.pdf import to_pdf
from gongkai.platform.cases.letters.remedies import SETTINGS_ZH
from gongkai.platform.cases.letters.sheet import Sheet, blocks_of
from gongkai.platform.cases.letters.texts import ValuesMissing, fill
from gongkai.platform.cases.models import CaseText, OutgoingLetter
from gongkai.platform.cases.posting.head import headed
from gongkai.platform.cases.readers import require_reader
from gongkai.platform.cases.services.acting import (
    Performed,
    Step,
    perform_acts,
    permission_for,
    refusals_audited,
)
from gongkai.platform.cases.services.numbers import NumberTaken, is_entered, is_used, next_number
from gongkai.platform.cases.services.templates import template_of
from gongkai.platform.core import audit, private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.bases import basis_for
from gongkai.platform.core.files import store_file
from gongkai.platform.core.identifiers import opaque
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act
from gongkai.platform.ledger.selectors import history
from gongkai.platform.ledger.services import lock
from gongkai.rules.event import Event
from gongkai.rules.kinds import KINDS
from gongkai.rules.letters.remedies import NoAuthority

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"


class LetterIncomplete(ValueError):
    """A letter that cannot be written yet: names of what must be ``fill``ed in, and of what must be ``set``.

    ``settings`` are those of the body (administration), ``fields`` those asked for with the letter, ``case``
    what the case itself does not tell (an applicant without name, or erased).
    """

    def __init__(
        self, *, settings: Sequence[str] = (), fields: Sequence[str] = (), case: Sequence[str] = ()
    ) -> None:
        super().__init__("、".join((*settings, *fields, *case)))
        self.settings, self.fields, self.case = tuple(settings), tuple(fields), tuple(case)

    @property
    def message(self) -> str:
        """What to do about it, in Chinese."""
        said: list[str] = []
        if self.settings:
            said.append(_("请系统管理员先在机关信息里设置：%s。") % "、".join(self.settings))
        if self.fields:
            said.append(_("请填写：%s。") % "、".join(self.fields))
        if self.case:
            said.append(_("案件里没有：%s，请先补登。") % "、".join(self.case))
        return "".join(said)


class WrittenMeanwhile(RuntimeError):
    """A letter of the case was written since the page was shown, perhaps by this very button: ``found``."""

    def __init__(self, found: int) -> None:
        super().__init__(str(found))
        self.found = found


@dataclass(frozen=True, slots=True)
class Preview:
    """A letter as it would be: the sheet, and the text that can still be edited (replies)."""

    kind: LetterKind
    sheet: Sheet
    text: str


def letter_of_step(step: Step) -> LetterKind | None:
    """The letter that an act brings with it; ``None`` for acts without one."""
    if step.kind == "reply.issued":
        return reply_letter(str(step.payload["outcome"]), str(step.payload.get("sub_kind") or ""))
    return letter_for_event(step.kind)


def demonstration_mark() -> str:
    """What every page of a letter of the demonstration says."""
    return _("演示文书：人物、案件均为虚构，没有效力") if settings.DEMONSTRATION else ""


def compose(kind: LetterKind, occasion: Occasion, *, text: str | None = None) -> Preview:
    """Put a letter together: ``text`` where it was edited by hand (a reply), else from the body's template.

    Raises ``LetterIncomplete`` naming what must be set or filled in, ``TemplateRefused``.
    """
    try:
        values = values_of(kind, occasion)
    except NoAuthority as error:
        raise LetterIncomplete(settings=[SETTINGS_ZH[error.missing]]) from error
    recipient = {Recipient.APPLICANT: "申请人", Recipient.OTHER: "收件人"}.get(kind.to)
    missing = {recipient} if recipient is not None and not values[recipient] else set[str]()
    if text is None:
        missing |= set(fields_missing(kind, values))
        try:
            text = fill(kind, template_of(occasion.body, kind).text, values)
        except ValuesMissing as error:
            missing |= set(error.names)
            text = ""
    if missing:
        raise _incomplete(kind, missing)
    addressed = kind.to is not Recipient.NONE
    sheet = Sheet(
        head=occasion.body.name,
        title=kind.title,
        blocks=blocks_of(text),
        number=occasion.number,
        recipient=f"{values[recipient]}：" if recipient is not None else "",
        attachments=tuple(occasion.attachments),
        signature=occasion.body.name if addressed else "",
        date=day_zh(occasion.on) if addressed else "",
        mark=demonstration_mark(),
    )
    return Preview(kind, headed(sheet, occasion.body), text)


def _incomplete(kind: LetterKind, missing: set[str]) -> LetterIncomplete:
    own = [one.variable.name for one in kind.fields if one.variable.name in missing]
    of_body = settings_among(sorted(missing - set(own)))
    rest = sorted(missing - set(own) - set(of_body))
    return LetterIncomplete(settings=of_body, fields=own, case=rest)


def preview_letter(
    *,
    body: Body,
    stream: str,
    kind: str,
    actor: Actor,
    on: date | None = None,
    fields: Mapping[str, str] | None = None,
    step: Step | None = None,
    attachments: Sequence[str] = (),
    basis_refs: Sequence[str] | None = None,
    text: str | None = None,
) -> Preview:
    """A letter as it would be if it were written now; nothing is taken, stored or entered.

    - ``step``: the act that it will tell of; the letter is shown as after it, whether or not it is lawful;
    - the number is shown as to be given.

    Raises ``NotPermitted`` (the letter says who the applicant is), ``LetterIncomplete``, ``KeyError``. The
    reading of the applicant's identity is audited.
    """
    actor.require(Act.CASE_IDENTITY, body)
    letter = LETTERS[kind]
    events: tuple[Event, ...] = history(body=body.key, stream=stream).events
    event = None
    if step is not None:
        event = Event(step.kind, step.occurred_on, step.payload, stream, events[-1].seq + 1 if events else 1)
        events = (*events, event)
    occasion = Occasion(
        body=body,
        stream=stream,
        events=events,
        basis=basis_for(body, known_on=actor.present.known_on),
        on=on or (step.occurred_on if step is not None else actor.today),
        event=event,
        basis_refs=letter.basis if basis_refs is None else basis_refs,
        attachments=attachments,
        number=_("（编号待定）") if letter.number else "",
        fields=_all_fields(step, fields),
    )
    found = compose(letter, occasion, text=text)
    audit.record("case.identity_read", actor=actor, body=body, object=stream, detail={"letter": kind})
    return found


def perform_with_letter(
    *,
    body: Body,
    stream: str,
    step: Step,
    expected_seq: int,
    actor: Actor,
    fields: Mapping[str, str] | None = None,
    text: str | None = None,
    attachments: Sequence[str] = (),
    basis_refs: Sequence[str] | None = None,
) -> tuple[Performed, OutgoingLetter | None]:
    """Perform an act and write the letter that tells of it, in one transaction: all or nothing.

    - the number is taken where the letter bears one and ``step.payload`` has none; it goes into the payload;
    - ``step.texts`` fill the letter's fields too; ``fields`` go before them;
    - the letter is worked out after the act, so that it names the new due dates;
    - acts without a letter are performed as by ``perform_acts``, and ``None`` is returned.

    Raises what ``perform_acts`` does, and ``LetterIncomplete``, ``TemplateRefused``, ``NoShortName``,
    ``NumberTaken``.
    """
    actor.require(permission_for(step.kind), body)
    with refusals_audited(body=body, stream=stream, actor=actor), transaction.atomic():
        return act_with_letter(
            body=body, stream=stream, step=step, expected_seq=expected_seq, actor=actor, fields=fields,
            text=text, attachments=attachments, basis_refs=basis_refs,
        )  # fmt: skip


def act_with_letter(
    *,
    body: Body,
    stream: str,
    step: Step,
    expected_seq: int,
    actor: Actor,
    fields: Mapping[str, str] | None = None,
    text: str | None = None,
    attachments: Sequence[str] = (),
    basis_refs: Sequence[str] | None = None,
) -> tuple[Performed, OutgoingLetter | None]:
    """``perform_with_letter`` within a transaction of the caller, who audits refusals around it."""
    kind = letter_of_step(step)
    number = ""
    if kind is not None:
        step, number = _numbered(body, kind, step)
    kept = {**step.texts, **(fields or {}), **({"letter": text} if text is not None else {})}
    done = perform_acts(
        body=body, stream=stream, steps=[replace(step, texts=MappingProxyType(kept))],
        expected_seq=expected_seq, actor=actor,
    )  # fmt: skip
    if kind is None:
        return done, None
    occasion = Occasion(
        body=body,
        stream=stream,
        events=done.events,
        basis=basis_for(body, known_on=actor.present.known_on),
        on=step.occurred_on,
        event=done.new[0],
        basis_refs=kind.basis if basis_refs is None else basis_refs,
        attachments=attachments,
        number=number,
        fields=_all_fields(step, fields),
    )
    made = compose(kind, occasion, text=text)
    return done, keep_letter(made, occasion, actor, seqs={stream: done.new[0].seq})[stream]


@transaction.atomic
def issue_letter(
    *,
    body: Body,
    stream: str,
    kind: str,
    actor: Actor,
    on: date | None = None,
    fields: Mapping[str, str] | None = None,
    seq: int | None = None,
    expected_letters: int | None = None,
) -> OutgoingLetter:
    """Write a letter that is no act of its own (telling the applicant of a consultation, a form, a receipt).

    - ``seq``: the entry that it tells of, where there is one; its payload fills the letter;
    - ``expected_letters``: how many letters the case had when the page was shown, so that a form that is sent
      twice writes one.

    Raises ``NotPermitted``, ``KeyError``, ``LetterIncomplete``, ``WrittenMeanwhile``, and ``ValueError`` for
    a letter that can only be written with its act, for a date after today, or an entry that is not there.
    """
    actor.require(Act.CASE_ACT, body)
    require_reader(actor, stream)
    letter, day = LETTERS[kind], on or actor.today
    if letter.outcome:
        raise ValueError(f"{kind} is written with its act")
    if day > actor.today:
        raise ValueError(f"{day} is after {actor.today}")
    lock(body=body.key)
    written = OutgoingLetter.objects.filter(body=body, stream=stream).count()
    if expected_letters is not None and written != expected_letters:
        raise WrittenMeanwhile(written)
    events = history(body=body.key, stream=stream).events
    event = next((e for e in events if e.seq == seq), None)
    if seq is not None and event is None:
        raise ValueError(f"no entry {seq}")
    if event is None and letter.event:
        event = next((e for e in reversed(events) if e.kind == letter.event), None)
    number = _number_for(body, letter, event, day)
    occasion = Occasion(
        body=body,
        stream=stream,
        events=events,
        basis=basis_for(body, known_on=actor.present.known_on),
        on=day,
        event=event,
        basis_refs=letter.basis,
        number=number,
        fields=fields or {},
    )
    made = compose(letter, occasion)
    return keep_letter(made, occasion, actor, seqs={stream: event.seq if event is not None else None})[stream]


def _number_for(body: Body, kind: LetterKind, event: Event | None, day: date) -> str:
    """The number that the act bears already and no letter does yet, else the next one."""
    if not kind.number:
        return ""
    given = str(event.payload.get("number") or "") if event is not None and kind.automatic else ""
    if given and not is_used(body, given):
        return given
    return next_number(body=body, year=day.year, kind=kind.number)


def _numbered(body: Body, kind: LetterKind, step: Step) -> tuple[Step, str]:
    """The step with the letter's number; the one that was given by hand is kept."""
    given = step.payload.get("number")
    if step.kind == "request.registered" or not kind.number:
        return step, ""
    if given and (is_used(body, str(given)) or is_entered(body, str(given))):
        raise NumberTaken(str(given))
    number = str(given) if given else next_number(body=body, year=step.occurred_on.year, kind=kind.number)
    registered = KINDS[step.kind]
    if "number" not in registered.optional and "number" not in registered.required:
        return step, number
    return replace(step, payload={**step.payload, "number": number}), number


def _all_fields(step: Step | None, fields: Mapping[str, str] | None) -> dict[str, str]:
    texts = {key: str(value) for key, value in step.texts.items()} if step is not None else {}
    return {**texts, **(fields or {})}


def keep_letter(
    made: Preview, occasion: Occasion, actor: Actor, *, seqs: Mapping[str, int | None]
) -> dict[str, OutgoingLetter]:
    """Store text and files of a letter once, and a row with each case that it tells of, by the case.

    ``seqs``: of each case the entry that it tells of; the files are those of the occasion's case, the first.
    """
    body, stream, kind, sheet = occasion.body, occasion.stream, made.kind, made.sheet
    case = CaseText.objects.filter(stream=stream).select_related("subject").first()
    subject = case.subject if case is not None else None
    kept = private.keep(
        body=body, stream=stream, kind="letter", fields={"sheet": sheet.to_json(), "text": made.text},
        actor=actor, subject=subject,
    )  # fmt: skip
    name = " ".join(one for one in (kind.label, occasion.number) if one)
    files = [
        store_file(
            body=body, stream=stream, content=content, name=f"{name}.{ending}", media_type=media,
            actor=actor, subject=subject, answered_for=True,
        )
        for content, ending, media in ((to_docx(sheet), "docx", DOCX), (to_pdf(sheet), "pdf", PDF))
    ]  # fmt: skip
    letters: dict[str, OutgoingLetter] = {}
    for of_case, seq in seqs.items():
        letters[of_case] = OutgoingLetter.objects.create(
            key=opaque("letter"), body=body, stream=of_case, seq=seq, kind=kind.key, number=occasion.number,
            issued_on=occasion.on, text=kept.ref, docx=files[0], pdf=files[1],
        )  # fmt: skip
        audit.record(
            "letter.issued", actor=actor, body=body, object=letters[of_case].key,
            detail={"stream": of_case, "kind": kind.key, "seq": seq},
        )  # fmt: skip
    return letters
