"""The letters that are on their way out: what waits for the seal, for the post, for its arrival.

One that answers several cases is one document here. Of a reply the ledger tells how far it is
(``CaseSummary.service``), of any other letter the postings that were entered, and the act that follows it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongkai.platform.cases.case_view import NoSuchCase, find_case
from gongkai.platform.cases.letter_list import NoSuchLetter
from gongkai.platform.cases.letters.kinds import LETTERS, Recipient
from gongkai.platform.cases.models import (
    CaseSummary,
    CaseText,
    OutgoingLetter,
    Posting,
    Sealing,
    SealingState,
    Service,
)
from gongkai.platform.cases.posting.head import settings_of
from gongkai.platform.cases.readers import readable_letters
from gongkai.platform.cases.selectors.scope import visible_cases
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body
from gongkai.platform.ledger.models import LedgerEvent

REPLIES = tuple(key for key, kind in LETTERS.items() if kind.outcome)
OTHERS = tuple(key for key, kind in LETTERS.items() if not kind.outcome and kind.to is not Recipient.NONE)
"""Letters that go to somebody and are no reply."""
_SERVED = ("correction", "third_party", "co_maker", "fee")
"""Kinds of acts whose letter has an act of its own for its arrival."""
_BEGINNINGS = ("requested", "consulted", "told", "notified")
_ENDS = ("delivered", "received", "answered", "lapsed", "abandoned", "paid")
_RECENT = timedelta(days=30)
"""So long a letter of a closed case is still listed where it was not sent."""


class State(StrEnum):
    """Where a letter is."""

    TO_SEAL = "to_seal"
    TO_SEND = "to_send"
    SENT = "sent"
    RETURNED = "returned"
    DONE = "done"


STATES: Mapping[str, Any] = MappingProxyType(
    {
        State.TO_SEAL.value: _("待用印"),
        State.TO_SEND.value: _("待寄"),
        State.SENT.value: _("已寄出，等送达"),
        State.RETURNED.value: _("退回，待再次送达"),
    }
)
"""The states that are listed, in their order."""
STATE_MARKS: Mapping[str, str] = MappingProxyType(
    {
        State.TO_SEAL.value: "half",
        State.TO_SEND.value: "soon",
        State.SENT.value: "running",
        State.RETURNED.value: "overdue",
        State.DONE.value: "done",
    }
)


@dataclass(frozen=True, slots=True)
class OfCase:
    """A case that a document is about."""

    stream: str
    number: str
    title: str
    seq: int
    """The last entry: what a form must carry."""
    service: str
    due_on: date | None
    """The end of the reply clock while it runs."""
    event: int | None = None
    """The entry that the letter tells of."""


@dataclass(frozen=True, slots=True)
class Document:
    """A letter with all cases that it is about."""

    key: str
    """Key of its first row: what addresses name it by."""
    ref: str
    """Reference of its frozen text (its key where it has none): what is entered about it names it by."""
    stream: str
    """The case of that row."""
    body: Body
    kind: str
    label: str
    number: str
    issued_on: date
    cases: tuple[OfCase, ...]
    state: str
    sealing: str
    """``SealingState``: sealed once it was, else refused where it was brought; blank: neither."""
    turns: int
    """How many times it was handed to the post as entered here."""

    @property
    def is_reply(self) -> bool:
        """A reply: the ledger tells of its service."""
        return self.kind in REPLIES

    @property
    def lead(self) -> OfCase:
        """The case whose files and applicant are the document's."""
        return self.cases[0]

    @property
    def last_day(self) -> date | None:
        """The last day for sending it in time: the earliest end of a reply clock that runs."""
        waits = self.state in (State.TO_SEAL, State.TO_SEND)
        days = [case.due_on for case in self.cases if case.due_on is not None]
        return min(days) if waits and self.is_reply and days else None

    @property
    def words(self) -> Any:
        """Its state in words."""
        return STATES.get(self.state, _("已送达，或者不用再寄"))

    @property
    def mark(self) -> str:
        """The mark of its state."""
        return STATE_MARKS[self.state]


def waiting(actor: Actor) -> list[Document]:
    """The documents of the actor's own body that wait for something, the most urgent first."""
    if actor.seat is None:
        return []
    body = actor.seat.body
    cases = visible_cases(actor).filter(body=body)
    recent = Q(stream__in=cases.values("stream"), issued_on__gte=actor.today - _RECENT, kind__in=OTHERS)
    living = Q(stream__in=cases.filter(open=True).values("stream"), kind__in=[*REPLIES, *OTHERS])
    wanted = OutgoingLetter.objects.filter(body=body).filter(living | recent)
    texts = wanted.exclude(text="").values("text")
    letters = OutgoingLetter.objects.filter(
        Q(pk__in=wanted.filter(text="").values("pk")) | Q(text__in=texts), body=body
    )
    found = documents_of(body, readable_letters(letters, actor))
    return sorted(
        (one for one in found if one.state != State.DONE),
        key=lambda one: (one.last_day or date.max, one.issued_on, one.number, one.key),
    )


def document_of(*, key: str, actor: Actor) -> Document:
    """One document by the key of any of its rows, however far it is.

    Raises ``NoSuchLetter`` where there is none, or the actor may not see one of its cases.
    """
    row = OutgoingLetter.objects.select_related("body").filter(key=key).first()
    if row is None:
        raise NoSuchLetter(key)
    same = Q(text=row.text) if row.text else Q(pk=row.pk)
    rows = OutgoingLetter.objects.filter(same, body=row.body)
    for one in rows:
        try:
            find_case(stream=one.stream, actor=actor)
        except NoSuchCase as missing:
            raise NoSuchLetter(key) from missing
    return documents_of(row.body, rows)[0]


def documents_of(body: Body, letters: Iterable[OutgoingLetter]) -> list[Document]:
    """The documents of these rows, in a fixed number of queries."""
    rows: dict[str, list[OutgoingLetter]] = {}
    for letter in sorted(letters, key=lambda one: one.key):
        rows.setdefault(letter.text or letter.key, []).append(letter)
    streams = {letter.stream for of_text in rows.values() for letter in of_text}
    around = _Around(
        body=body,
        needs_seal=settings_of(body).needs_seal,
        summaries=CaseSummary.objects.in_bulk(streams),
        titles=dict(CaseText.objects.filter(stream__in=streams).values_list("stream", "title")),
        newest=_newest_replies(body, streams),
        # What was sealed stays so; "refused" stands before "sealed".
        sealings=dict(
            Sealing.objects.filter(body=body, document__in=list(rows), struck_at__isnull=True)
            .order_by("state")
            .values_list("document", "state")
        ),
        postings={
            one.document: one
            for one in Posting.objects.filter(body=body, document__in=list(rows)).order_by("turn")
        },
        acts=_acts(body, streams),
    )
    return [_document(ref, of_text, around) for ref, of_text in rows.items()]


@dataclass(frozen=True, slots=True)
class _Act:
    """An act of a group in ``_SERVED``: its number and kind, and the party or body that it is about.

    Blank where only one was asked, and nobody had to say whom it is about.
    """

    seq: int
    kind: str
    about: str


@dataclass(frozen=True, slots=True)
class _Around:
    """What is looked up for all documents at once."""

    body: Body
    needs_seal: bool
    summaries: Mapping[str, CaseSummary]
    titles: Mapping[str, str]
    newest: Mapping[str, str]
    sealings: Mapping[str, str]
    postings: Mapping[str, Posting]
    acts: Mapping[str, Sequence[_Act]]


def _newest_replies(body: Body, streams: Iterable[str]) -> dict[str, str]:
    """The text of the newest reply of each case: an earlier one was superseded or revoked."""
    rows = OutgoingLetter.objects.filter(body=body, stream__in=list(streams), kind__in=REPLIES)
    return {one.stream: one.text or one.key for one in rows.order_by("issued_on", "seq")}


def _acts(body: Body, streams: Iterable[str]) -> dict[str, list[_Act]]:
    """The acts by which it is known that a letter arrived, and those that the letters tell of, by case."""
    kinds = [f"{group}.{act}" for group in _SERVED for act in (*_BEGINNINGS, *_ENDS)]
    found: dict[str, list[_Act]] = {}
    rows = LedgerEvent.objects.filter(body=body.key, stream__in=list(streams), kind__in=kinds)
    for stream, seq, kind, payload in rows.order_by("seq").values_list("stream", "seq", "kind", "payload"):
        told = json.loads(payload)
        about = str(told.get("party") or told.get("body") or "")
        found.setdefault(stream, []).append(_Act(seq, kind, about))
    return found


def _document(ref: str, rows: Sequence[OutgoingLetter], around: _Around) -> Document:
    first = rows[0]
    cases: list[OfCase] = []
    for row in rows:
        summary = around.summaries.get(row.stream)
        stands = around.newest.get(row.stream) == ref
        cases.append(
            OfCase(
                stream=row.stream,
                number=summary.number if summary is not None else "",
                title=around.titles.get(row.stream, ""),
                seq=summary.last_seq if summary is not None else 0,
                service=summary.service if summary is not None and stands else "",
                due_on=summary.reply_due_on if summary is not None else None,
                event=row.seq,
            )
        )
    posting = around.postings.get(ref)
    sealing = around.sealings.get(ref, "")
    state = _reply_state(cases) if first.kind in REPLIES else _state(first, posting, around)
    if state == State.TO_SEND and around.needs_seal and sealing != SealingState.SEALED:
        state = State.TO_SEAL
    return Document(
        key=first.key,
        ref=ref,
        stream=first.stream,
        body=around.body,
        kind=first.kind,
        label=LETTERS[first.kind].label,
        number=first.number,
        issued_on=first.issued_on,
        cases=tuple(sorted(cases, key=lambda one: one.number)),
        state=state,
        sealing=sealing,
        turns=0 if posting is None else posting.turn,
    )


def _reply_state(cases: Sequence[OfCase]) -> State:
    services = {case.service for case in cases}
    for service, state in (
        (Service.TO_SEND, State.TO_SEND),
        (Service.RETURNED, State.RETURNED),
        (Service.SENT, State.SENT),
    ):
        if service.value in services:
            return state
    return State.DONE


def _state(letter: OutgoingLetter, posting: Posting | None, around: _Around) -> State:
    group = LETTERS[letter.kind].event.partition(".")[0]
    if group in _SERVED and letter.seq is not None:
        acts = around.acts.get(letter.stream, ())
        about = next((act.about for act in acts if act.seq == letter.seq), "")
        ends = {f"{group}.{end}" for end in _ENDS}
        if any(act.seq > letter.seq and act.kind in ends and act.about in ("", about) for act in acts):
            return State.DONE
    if letter.kind not in OTHERS:
        return State.DONE
    if posting is None:
        return State.TO_SEND
    if posting.returned_on is not None:
        return State.RETURNED
    return State.SENT if group in _SERVED and letter.seq is not None else State.DONE


def reply_key(case: CaseSummary) -> str:
    """Key of the reply that is to be sent or served again; blank where there is none."""
    if not case.service:
        return ""
    rows = OutgoingLetter.objects.filter(stream=case.stream, kind__in=REPLIES)
    return rows.order_by("issued_on", "seq").values_list("key", flat=True).last() or ""
