"""``search``: what an officer types into the one field of a list."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from gongkai.platform.cases.applicants import APPLICANT, streams_of_people
from gongkai.platform.cases.models import CaseSummary, CaseText, Direction, Referral
from gongkai.platform.cases.readers import readable
from gongkai.platform.cases.search.index import matching
from gongkai.platform.cases.selectors.scope import sees_below, visible_bodies, visible_cases
from gongkai.platform.cases.services.numbers import format_number
from gongkai.platform.core import audit, private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act

MOST = 1000
"""So many cases are found at most; a question that finds more is to be made narrower."""
LONGEST_QUESTION = 100
_YEARS = 5
"""A bare number such as 18号 is looked for in so many years back."""
_SERIAL = re.compile(r"第?(?P<number>[1-9]\d{0,5})号?")
_YEAR_AND_SERIAL = re.compile(r"[〔\[(【]?(?P<year>20\d\d)[〕\])】]?[-年\s]*第?(?P<number>[1-9]\d{0,5})号?")
_BRACKETS = str.maketrans({"(": "〔", "[": "〔", "【": "〔", ")": "〕", "]": "〕", "】": "〕"})


class How(StrEnum):
    """By what a case was found."""

    NUMBER = "number"
    APPLICANT = "applicant"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Found:
    """The cases that were found, best first, and by what; ``more``: there are more than were looked for."""

    streams: tuple[str, ...]
    by: tuple[How, ...]
    more: bool = False


def search(actor: Actor, question: str) -> Found:
    """Find cases that the actor may see: by number, by the applicant, and by words of the application.

    - a number may be whole (云公申〔2026〕18号, whatever the brackets), a year with a number (2026-18), or a
      number alone, then of the last years; or that of a ticket (of the 12345 hotline, a petition office);
    - an applicant is found by exact name, identity number or telephone, in the own body's cases, by seats
      that may read who the applicant is; such a search goes into the audit, without what was asked for;
    - words are found within title, description and the applicant's label, each anywhere, all of them.

    An empty question finds nothing.
    """
    question = " ".join(question.split())[:LONGEST_QUESTION]
    if not question:
        return Found((), ())
    found: dict[str, How] = {}
    for how, streams in (
        (How.NUMBER, _by_number(actor, question)),
        (How.NUMBER, _by_ticket(actor, question)),
        (How.APPLICANT, _by_applicant(actor, question)),
        (How.WORDS, matching(question, bodies=_bodies(actor), most=MOST + 1)),
    ):
        for stream in streams:
            found.setdefault(stream, how)
    # What is indexed and not visible (a body that was moved) is left out here.
    visible = set(
        visible_cases(actor).filter(stream__in=list(found)).order_by().values_list("stream", flat=True)
    )
    kept = [stream for stream in found if stream in visible]
    by = tuple(how for how in How if any(found[stream] is how for stream in kept))
    return Found(tuple(kept[:MOST]), by, more=len(kept) > MOST)


def _bodies(actor: Actor) -> list[str] | None:
    """The bodies among whose cases is searched; ``None`` for all."""
    if actor.system:
        return None
    if actor.seat is not None and not sees_below(actor):
        return [actor.seat.body_id] if actor.may(Act.CASE_SEE, actor.seat.body) else []
    return list(visible_bodies(actor).values_list("key", flat=True))


def _by_number(actor: Actor, question: str) -> Iterable[str]:
    plain = "".join(unicodedata.normalize("NFKC", question).split()).translate(_BRACKETS)
    wanted = {question, plain}
    spaced = unicodedata.normalize("NFKC", question)
    year = _YEAR_AND_SERIAL.fullmatch(spaced)
    serial = _SERIAL.fullmatch(plain)
    body = actor.seat.body if actor.seat is not None else None
    if body is not None and body.short_name:
        if year is not None:
            wanted |= _numbers(body, [int(year["year"])], int(year["number"]))
        elif serial is not None:
            this = actor.today.year
            wanted |= _numbers(body, range(this, this - _YEARS, -1), int(serial["number"]))
    cases = visible_cases(actor).filter(number__in=wanted).order_by("-received_on", "stream")
    return cases.values_list("stream", flat=True)[:MOST]


def _by_ticket(actor: Actor, question: str) -> Iterable[str]:
    """The cases of letters that somebody else handed to the body under this number."""
    number = "".join(question.split())
    letters = Referral.objects.filter(number__in={number, question}, direction=Direction.IN)
    found = CaseText.objects.filter(letter__in=letters.order_by().values("letter")).order_by("stream")
    return found.values_list("stream", flat=True)[:MOST]


def _numbers(body: Body, years: Iterable[int], number: int) -> set[str]:
    return {format_number(body=body, year=year, kind="request", number=number) for year in years}


def _by_applicant(actor: Actor, question: str) -> list[str]:
    if actor.seat is None or not actor.may(Act.CASE_IDENTITY, actor.seat.body):
        return []
    body = actor.seat.body
    known = private.find(body=body, value=question)
    records = [record for record in known if record.kind == APPLICANT]
    subjects = {record.subject_id for record in records if record.subject_id is not None}
    streams = {record.stream for record in records if record.subject_id is None}
    streams |= set(CaseText.objects.filter(subject__in=subjects).values_list("stream", flat=True))
    streams |= streams_of_people(body, known)
    if not streams:
        return []
    found = list(
        readable(CaseSummary.objects.filter(body=body, stream__in=list(streams)), actor)
        .order_by("-received_on", "stream")
        .values_list("stream", flat=True)[:MOST]
    )
    audit.record("case.applicant_searched", actor=actor, body=body, detail={"found": len(found)})
    return found
