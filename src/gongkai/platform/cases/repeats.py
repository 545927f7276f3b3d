"""Likely repeats of a request: cases of the same applicant, and cases in similar words.

For the eye only: whether a request is a repeat (art. 36(6)) is decided by who handles it, with the earlier
reply before them. Nothing is refused here (art. 28: the right to apply is not narrowed).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz

from gongkai.platform.cases.applicants import APPLICANT, ApplicantDetails, applicant_of
from gongkai.platform.cases.models import CaseSummary, CaseText
from gongkai.platform.cases.readers import readable
from gongkai.platform.cases.search.index import matching
from gongkai.platform.cases.search.tokens import runs
from gongkai.platform.cases.showing.words import PHASES
from gongkai.platform.core import private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body, PrivateRecord
from gongkai.platform.core.permissions import Act
from gongkai.rules.cases.state import Phase

OF_APPLICANT = 200
"""So many of the newest cases of the same applicant are compared."""
PHRASES, OF_PHRASE = 8, 40
"""So many phrases of the new request are looked for, and so many of the newest cases taken for each."""
LENGTH = 6
"""Signs of a phrase: long enough to be rare, short enough to survive other wording around it."""
ALIKE, ALIKE_SAME_APPLICANT = 0.72, 0.5
"""From which likeness on a case is shown: for anybody, and for the same applicant."""
_COMPARED = 600
"""Signs of a description that are compared."""
_STOCK = ("申请公开", "政府信息", "信息公开", "本机关", "请予公开", "特此申请", "以下信息", "相关信息")


@dataclass(frozen=True, slots=True)
class Repeat:
    """A case that may be the same request."""

    stream: str
    number: str
    title: str
    label: str
    """The applicant as lists show them."""
    received_on: date | None
    phase: Any
    likeness: int
    """Of the words, in hundredths."""
    same_applicant: Any
    """By what the applicant is the same, in words; empty where not."""

    @property
    def score(self) -> tuple[int, int]:
        """By what the list is sorted: the same applicant counts for more than words."""
        return (self.likeness + (40 if self.same_applicant else 0), self.likeness)


def likely_repeats(
    *,
    body: Body,
    actor: Actor,
    applicant: ApplicantDetails | None,
    descriptions: Sequence[str],
    exclude: Iterable[str] = (),
    most: int = 8,
) -> list[Repeat]:
    """The likeliest repeats among the body's cases, likeliest first.

    - the same applicant: same identity number or phone number, or same name (exact, by blind index), with
      words at least ``ALIKE_SAME_APPLICANT`` alike, or with no words given yet;
    - similar words: at least ``ALIKE`` alike, among cases that share a phrase with the new request.

    Raises ``NotPermitted`` without ``CASE_REGISTER``.
    """
    actor.require(Act.CASE_REGISTER, body)
    return _found(body, actor, applicant, descriptions, set(exclude), most)


def repeats_of_case(*, body: Body, stream: str, actor: Actor, most: int = 5) -> list[Repeat]:
    """The likeliest repeats of a case that is there already; other cases of its letter are none.

    It tells which cases are the same applicant's: raises ``NotPermitted`` without ``CASE_IDENTITY``.
    """
    actor.require(Act.CASE_IDENTITY, body)
    text = CaseText.objects.filter(body=body, stream=stream).first()
    if text is None:
        return []
    own = {stream}
    if text.letter_id is not None:
        own |= set(CaseText.objects.filter(letter=text.letter_id).values_list("stream", flat=True))
    words = [text.description or text.title]
    return _found(body, actor, applicant_of(stream), words, own, most) if any(words) else []


def _found(
    body: Body,
    actor: Actor,
    applicant: ApplicantDetails | None,
    descriptions: Sequence[str],
    exclude: set[str],
    most: int,
) -> list[Repeat]:
    words = [_plain(text) for text in descriptions if text.strip()]
    same = _same_applicant(body, applicant) if applicant is not None else {}
    streams = set(same)
    for text in descriptions:
        for phrase in _phrases(text):
            streams |= set(matching(phrase, bodies=[body.key], most=OF_PHRASE))
    texts = readable(CaseText.objects.filter(body=body, stream__in=streams - exclude), actor).in_bulk()
    rows = CaseSummary.objects.filter(body=body, stream__in=list(texts)).in_bulk()
    found: list[Repeat] = []
    for stream, text in texts.items():
        row = rows.get(stream)
        likeness = max((_likeness(one, _plain(text.description or text.title)) for one in words), default=0)
        by = same.get(stream, "")
        least = 0 if by and not words else 100 * (ALIKE_SAME_APPLICANT if by else ALIKE)
        if row is None or likeness < least:
            continue
        found.append(
            Repeat(
                stream, row.number, text.title, text.applicant_label, row.received_on,
                PHASES[Phase(row.phase)][0], round(likeness), by,
            )
        )  # fmt: skip
    found.sort(key=lambda one: (*one.score, one.received_on or date.min, one.stream), reverse=True)
    return found[:most]


def _same_applicant(body: Body, applicant: ApplicantDetails) -> dict[str, Any]:
    """The newest cases of whoever may be the same, and by what."""
    ring = private.keyring()
    by: dict[str, Any] = {}
    for field, value, word in (
        ("name", applicant.name, _("姓名（名称）相同")),
        ("phone", applicant.phone, _("电话相同")),
        ("identity_number", applicant.identity_number, _("证件号码相同")),
    ):
        if not value.strip():
            continue
        refs = PrivateRecord.objects.filter(
            kind=APPLICANT, indexes__body=body, indexes__field=field,
            indexes__digest=ring.blind(field, value),
        ).order_by("-created_at")  # fmt: skip
        for ref in refs.values_list("ref", flat=True)[:OF_APPLICANT]:
            by[ref] = word
    cases = CaseText.objects.filter(body=body, details__in=list(by)).values_list("stream", "details")
    return {stream: by[ref] for stream, ref in cases}


def _plain(text: str) -> str:
    whole = "".join(runs(text))
    for stock in _STOCK:
        whole = whole.replace(stock, "")
    return whole[:_COMPARED]


def _phrases(text: str) -> list[str]:
    """Phrases from all over the text, none of stock words alone."""
    plain = _plain(text)
    if len(plain) <= LENGTH:
        return [plain] if len(plain) > 1 else []
    pieces = [run[at : at + LENGTH] for run in _runs_without_stock(text) for at in range(0, len(run), LENGTH)]
    pieces = list(dict.fromkeys(piece for piece in pieces if len(piece) >= LENGTH // 2))
    step = max(1, len(pieces) // PHRASES)
    return pieces[::step][:PHRASES]


def _runs_without_stock(text: str) -> list[str]:
    found: list[str] = []
    for run in runs(text):
        for stock in _STOCK:
            run = run.replace(stock, " ")
        found += run.split()
    return found


def _likeness(one: str, other: str) -> float:
    """0 to 100: the better of the whole texts compared and the shorter one within the longer.

    A short text is compared as a whole alone: four signs within a page tell nothing.
    """
    if not one or not other:
        return 0.0
    whole = fuzz.ratio(one, other)
    shorter = min(len(one), len(other))
    return max(whole, 0.95 * fuzz.partial_ratio(one, other)) if shorter >= 2 * LENGTH else whole
