"""Papers of the demonstration: the newest acts that bring a letter have it, as DOCX and PDF, and the cases
that it is about have the form with which they were asked for.

Both files of a letter cost a tenth of a second, and the script has hundreds: only so many are written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from gongkai.platform.cases.letters.facts import NAMING, Occasion, day_zh
from gongkai.platform.cases.letters.kinds import LETTERS, LetterKind, letter_for_event, reply_letter
from gongkai.platform.cases.letters.pdf import to_pdf
from gongkai.platform.cases.letters.texts import TemplateRefused
from gongkai.platform.cases.models import CaseFile, CaseSummary, CaseText, PaperKind
from gongkai.platform.cases.services.letters import PDF, LetterIncomplete, compose, keep_letter
from gongkai.platform.cases.services.numbers import NoShortName, format_number, next_number
from gongkai.platform.cases.services.papers import NewPaper, add_papers
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.bases import basis_for
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act
from gongkai.platform.core.present import SHANGHAI, Present
from gongkai.platform.demonstration.words import letter_fields, other_body, other_party, told_of
from gongkai.platform.ledger.selectors import history
from gongkai.platform.ledger.services import lock
from gongkai.replay.chance import Chance
from gongkai.rules.event import Event

SYSTEM = "demonstration"
"""The actor of what happens by itself, and of the loading."""
REVOKED = LETTERS["revocation_notice"]
"""Written by hand in an office; here whenever a body takes its own reply back."""


@dataclass(frozen=True, slots=True)
class Owed:
    """A letter that an act brings: the act as it was entered, and who entered it."""

    body: Body
    event: Event
    kind: LetterKind
    actor: Actor


def owed_by(body: Body, events: Iterable[Event], actor: Actor) -> list[Owed]:
    """The letters that acts bring with them, as they do where somebody enters them on the desk."""
    found: list[Owed] = []
    for event in events:
        kind = letter_for_event(event.kind)
        if event.kind == "reply.issued":
            kind = reply_letter(str(event.payload["outcome"]), str(event.payload.get("sub_kind") or ""))
        elif event.kind == "reply.revoked" and event.payload.get("by") == "self":
            kind = REVOKED
        if kind is not None:
            found.append(Owed(body, event, kind, actor))
    return found


def write_letters(owed: Sequence[Owed], *, most: int) -> int:
    """Write as many of the letters as that: of open cases first, then the newest; in the order of the acts.

    One that cannot be written (a person of the body changed its template or settings, or the applicant was
    erased) is left out: the acts stand without it. Returns how many were written.
    """
    streams = {one.event.stream for one in owed}
    rows = CaseSummary.objects.filter(open=True).values_list("stream", flat=True)
    still_open = streams & set(rows)
    order = {id(one): at for at, one in enumerate(owed)}
    wanted = sorted(owed, key=lambda one: (one.event.stream in still_open, order[id(one)]), reverse=True)
    written = [one for one in sorted(wanted[:most], key=lambda one: order[id(one)]) if _written(one)]
    bodies = {one.event.stream: one.body for one in written}
    for stream in dict.fromkeys(one.event.stream for one in written):
        _file_application(bodies[stream], stream)
    return len(written)


def _written(one: Owed) -> bool:
    try:
        with transaction.atomic():
            lock(body=one.body.key)
            occasion = _occasion(one)
            made = compose(one.kind, occasion)
            keep_letter(made, occasion, one.actor, seqs={one.event.stream: one.event.seq})
    except (LetterIncomplete, TemplateRefused, NoShortName):
        return False
    return True


def _file_application(body: Body, stream: str) -> None:
    """File the form that came in the letter of a case, as a paper of the letter; once a letter."""
    text = CaseText.objects.select_related("letter__registered_by__body", "subject").get(stream=stream)
    letter = text.letter
    if letter is None or CaseFile.objects.filter(stream=letter.ref).exists():
        return
    day = letter.registered_at.astimezone(SHANGHAI).date()
    present = Present(day, letter.registered_at, day)
    actor = Actor(present, letter.registered_by, address=SYSTEM)
    if not actor.may(Act.CASE_ACT, body):
        actor = Actor(present, system=SYSTEM)
    occasion = Occasion(
        body=body, stream=stream, events=history(body=body.key, stream=stream).events[:1],
        basis=basis_for(body, known_on=day), on=day,
    )  # fmt: skip
    try:
        form = compose(LETTERS["application_form"], occasion)
    except (LetterIncomplete, TemplateRefused):
        return  # as with the letters: what a person changed since does not stop the day
    paper = NewPaper(
        kind=PaperKind.APPLICATION, name=f"{form.kind.label}.pdf", content=to_pdf(form.sheet), media_type=PDF
    )
    add_papers(body=body, stream=letter.ref, papers=[paper], actor=actor, subject=text.subject)


def _occasion(one: Owed) -> Occasion:
    body, event, kind = one.body, one.event, one.kind
    past = history(body=body.key, stream=event.stream).events
    events = tuple(entry for entry in past if entry.seq <= event.seq)
    number = str(event.payload.get("number") or "")
    if kind.number and not number:
        number = next_number(body=body, year=event.occurred_on.year, kind=kind.number)
    return Occasion(
        body=body, stream=event.stream, events=events,
        basis=basis_for(body, known_on=one.actor.present.known_on), on=event.occurred_on, event=event,
        basis_refs=kind.basis, number=number, fields=_fields(one, events),
    )  # fmt: skip


def _fields(one: Owed, events: Sequence[Event]) -> dict[str, str]:
    """What an officer would have filled in."""
    event, body, letter = one.event, one.body, one.kind.key
    told = told_of(event.stream, str(events[0].payload["applicant_kind"]))
    fields = letter_fields(letter, told, event.payload, event.stream, event.seq)
    reference = event.payload.get(NAMING.get(event.kind.partition(".")[0], ""))
    if event.kind.startswith("third_party."):
        fields["name"] = other_party(event.stream, reference)
    elif reference is not None:
        fields["name"] = other_body(str(reference))
    if letter == "fee_notice":
        fields["how_to_pay"] = body.how_to_pay
    elif letter == "revocation_notice":
        reply = next(entry for entry in reversed(events) if entry.kind == "reply.issued")
        fields["earlier_number"] = str(reply.payload["number"])
        fields["earlier_date"] = day_zh(reply.occurred_on)
    elif letter == "reply_repeat":
        fields |= _earlier_reply(body, event)
    return fields


def _earlier_reply(body: Body, event: Event) -> dict[str, str]:
    """A reply of the year before, from the time before this platform."""
    chance = Chance("gongkai.demonstration.earlier", event.stream)
    year = event.occurred_on.year - 1
    day = event.occurred_on.replace(year=year, month=chance.whole(2, 11), day=chance.whole(1, 28))
    number = format_number(body=body, year=year, kind="reply", number=chance.whole(200, 400))
    return {"earlier_number": number, "earlier_date": day_zh(day)}
