"""One letter that came in, as its page shows it: papers, cases, other matters, tickets, hand-overs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from gongkai.platform.cases.models import (
    CaseMerge,
    CaseSummary,
    CaseText,
    Counterpart,
    Direction,
    DraftState,
    IncomingLetter,
    ItemKind,
    ItemState,
    LetterItem,
    Referral,
    ReplyDraft,
)
from gongkai.platform.cases.selectors.filters import CHANNELS
from gongkai.platform.cases.selectors.letters_in import visible_letters
from gongkai.platform.cases.services.papers import Paper, papers_of
from gongkai.platform.cases.services.together import OWED
from gongkai.platform.cases.showing.words import PHASES
from gongkai.platform.core import audit, private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.bases import basis_for
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act
from gongkai.platform.core.rest import Rest, rest
from gongkai.rules.cases.state import Phase
from gongkai.rules.vocabulary import Outcome


class NoSuchLetter(LookupError):
    """There is no letter of this name, or the actor may not know of it."""


@dataclass(frozen=True, slots=True)
class CaseAtLetter:
    """A case of a letter."""

    stream: str
    n: int
    number: str
    title: str
    description: str
    """Blank where the title says it all, or once it was erased."""
    phase: str
    mark: str
    outcome: str
    due: Rest | None
    seq: int
    draft: str
    """State of its draft in words; empty where there is none in hand."""
    together: str
    owed: bool
    """A reply is owed: it may be answered together with others."""
    split_off: bool


@dataclass(frozen=True, slots=True)
class MatterAtLetter:
    """A matter that is no case, or became one later."""

    key: str
    n: int
    kind: str
    kind_label: str
    text: str
    """Blank for whom may not read texts, or once it was erased."""
    state: str
    state_label: str
    pending: bool
    settled_on: date | None
    settled_by: str
    how: str
    stream: str
    referral: str


@dataclass(frozen=True, slots=True)
class ReferralView:
    """A hand-over in words."""

    key: str
    letter: str
    incoming: bool
    direction: str
    counterpart: str
    name: str
    number: str
    on: date
    remarks: str
    answered_on: date | None
    answer: str
    by: str
    matters: tuple[MatterAtLetter, ...]


@dataclass(frozen=True, slots=True)
class LetterPage:
    """A letter with everything that came of it."""

    ref: str
    body: Body
    channel: str
    came_on: date
    received_on: date | None
    label: str
    registered_at: datetime
    registered_by: str
    cases: tuple[CaseAtLetter, ...]
    merged: tuple[tuple[str, str, str], ...]
    """Of each case that was taken back: its number, the case it went into, and that one's number."""
    matters: tuple[MatterAtLetter, ...]
    referrals: tuple[ReferralView, ...]
    papers: tuple[Paper, ...]
    waiting: bool
    readable: bool
    erased: bool

    @property
    def pending(self) -> tuple[MatterAtLetter, ...]:
        """Matters with which nothing was done yet."""
        return tuple(one for one in self.matters if one.pending)

    @property
    def requests(self) -> tuple[MatterAtLetter, ...]:
        """Matters that are requests for information and no cases yet."""
        return tuple(one for one in self.pending if one.kind == ItemKind.INFORMATION)

    @property
    def others(self) -> tuple[MatterAtLetter, ...]:
        """Matters that may be handed over."""
        return tuple(one for one in self.pending if one.kind != ItemKind.INFORMATION)

    @property
    def tickets(self) -> tuple[ReferralView, ...]:
        """By whom it was handed to the body, with the numbers there."""
        return tuple(one for one in self.referrals if one.incoming)

    @property
    def handed_over(self) -> tuple[ReferralView, ...]:
        """What was handed over."""
        return tuple(one for one in self.referrals if not one.incoming)

    @property
    def owed(self) -> tuple[CaseAtLetter, ...]:
        """Cases to which a reply is owed."""
        return tuple(one for one in self.cases if one.owed)


def find_letter(*, ref: str, actor: Actor) -> IncomingLetter:
    """A letter that the actor may see; raises ``NoSuchLetter``."""
    letter = visible_letters(actor).select_related("body", "subject").filter(ref=ref).first()
    if letter is None:
        raise NoSuchLetter(ref)
    return letter


def letter_page(*, ref: str, actor: Actor) -> LetterPage:
    """A letter for its page; raises ``NoSuchLetter``.

    Words of matters and hand-overs are shown to who may read identities, and that is audited.
    """
    letter = find_letter(ref=ref, actor=actor)
    body = letter.body
    own = actor.may(Act.CASE_IDENTITY, body)
    texts = list(CaseText.objects.filter(letter=letter).order_by("unit"))
    summaries = CaseSummary.objects.in_bulk([text.stream for text in texts])
    gone = {one.stream: one for one in CaseMerge.objects.filter(stream__in=list(summaries))}
    live = [text for text in texts if text.stream in summaries and text.stream not in gone]
    referrals, matters = _around(letter, readable=own)
    if own and (matters or referrals):
        audit.record("letter.read", actor=actor, body=body, object=ref, detail={"matters": len(matters)})
    received = [summaries[text.stream].received_on for text in live]
    return LetterPage(
        ref=ref, body=body, channel=str(CHANNELS.get(letter.channel, "")), came_on=letter.came_on,
        received_on=next((day for day in received if day is not None), None),
        label=live[0].applicant_label if live else letter.applicant_label,
        registered_at=letter.registered_at,
        registered_by=letter.registered_by.person.name if letter.registered_by is not None else "",
        cases=_cases(body, live, summaries, actor),
        merged=tuple(
            (one.number, one.into, summaries[one.into].number)
            for one in gone.values()
            if one.into in summaries
        ),
        matters=matters, referrals=referrals,
        papers=tuple(papers_of(body=body, stream=ref, actor=actor)),
        waiting=any(summaries[text.stream].phase == Phase.SUBMITTED for text in live), readable=own,
        erased=letter.subject is not None and letter.subject.erased_at is not None,
    )  # fmt: skip


def _cases(
    body: Body, texts: list[CaseText], rows: Mapping[str, CaseSummary], actor: Actor
) -> tuple[CaseAtLetter, ...]:
    calendar = basis_for(body, known_on=actor.present.known_on).calendar
    living = [DraftState.DRAFTING, DraftState.SUBMITTED, DraftState.RETURNED]
    drafts = {
        draft.stream: draft
        for draft in ReplyDraft.objects.filter(stream__in=[text.stream for text in texts], state__in=living)
    }
    owed = {phase.value for phase in OWED}
    found: list[CaseAtLetter] = []
    for at, text in enumerate(texts):
        row, draft = rows[text.stream], drafts.get(text.stream)
        label, mark = PHASES[Phase(row.phase)]
        due = None if row.reply_due_on is None else rest(row.reply_due_on, actor.today, calendar)
        found.append(
            CaseAtLetter(
                text.stream, text.unit, row.number, text.title,
                text.description if text.description.strip() != text.title else "", str(label), mark,
                str(Outcome(row.outcome).label_zh) if row.outcome else "", due, row.last_seq,
                str(DraftState(draft.state).label) if draft is not None else "",
                draft.together if draft is not None else "", row.open and row.phase in owed, at > 0,
            )
        )  # fmt: skip
    return tuple(found)


def _around(
    letter: IncomingLetter, *, readable: bool
) -> tuple[tuple[ReferralView, ...], tuple[MatterAtLetter, ...]]:
    items = list(LetterItem.objects.filter(letter=letter).select_related("settled_by__person").order_by("n"))
    rows = list(Referral.objects.filter(letter=letter).select_related("by__person").order_by("on", "key"))
    refs = [ref for item in items for ref in (item.text, item.how) if ref]
    refs += [ref for row in rows for ref in (row.text, row.answer) if ref]
    texts: Mapping[str, Any] = private.read_many(refs) if readable else {}
    matters = tuple(_matter(item, texts) for item in items)
    return tuple(_referral(row, texts, matters) for row in rows), matters


def _matter(item: LetterItem, texts: Mapping[str, Any]) -> MatterAtLetter:
    return MatterAtLetter(
        key=item.key, n=item.n, kind=item.kind, kind_label=str(ItemKind(item.kind).label),
        text=str(texts.get(item.text, {}).get("text", "")), state=item.state,
        state_label=str(ItemState(item.state).label), pending=item.state == ItemState.PENDING,
        settled_on=item.settled_on,
        settled_by=item.settled_by.person.name if item.settled_by is not None else "",
        how=str(texts.get(item.how, {}).get("how", "")), stream=item.stream, referral=item.referral_id or "",
    )  # fmt: skip


def _referral(row: Referral, texts: Mapping[str, Any], matters: tuple[MatterAtLetter, ...]) -> ReferralView:
    said = texts.get(row.text, {})
    return ReferralView(
        key=row.key, letter=row.letter_id, incoming=row.direction == Direction.IN,
        direction=str(Direction(row.direction).label), counterpart=str(Counterpart(row.counterpart).label),
        name=str(said.get("name", "")), number=row.number, on=row.on, remarks=str(said.get("remarks", "")),
        answered_on=row.answered_on, answer=str(texts.get(row.answer, {}).get("answer", "")),
        by=row.by.person.name if row.by is not None else "",
        matters=tuple(one for one in matters if one.referral == row.key),
    )  # fmt: skip


def referral_view(*, key: str, actor: Actor) -> ReferralView:
    """A hand-over for its page; raises ``NoSuchLetter``. Reading its words is audited."""
    row = Referral.objects.select_related("letter").filter(key=key).first()
    if row is None:
        raise NoSuchLetter(key)
    letter = find_letter(ref=row.letter_id, actor=actor)
    own = actor.may(Act.CASE_IDENTITY, letter.body)
    referrals, _matters = _around(letter, readable=own)
    if own:
        audit.record(
            "letter.read", actor=actor, body=letter.body, object=letter.ref, detail={"referral": key}
        )
    return next(one for one in referrals if one.key == key)
