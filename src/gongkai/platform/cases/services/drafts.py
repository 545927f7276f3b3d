"""Replies in the making: saved, submitted, recalled, returned, approved, dropped.

Only ``approve_draft`` changes the case: it enters ``reply.issued`` and freezes the letter. Nobody approves
what they wrote or submitted themselves, in whichever seat.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.platform.cases.draft_rules import problems_of_draft, released_names
from gongkai.platform.cases.draft_text import write
from gongkai.platform.cases.letters.facts import Occasion
from gongkai.platform.cases.letters.kinds import reply_letter
from gongkai.platform.cases.models import (
    CaseText,
    DraftMove,
    DraftState,
    DraftStep,
    OutgoingLetter,
    ReplyDraft,
)
from gongkai.platform.cases.readers import require_reader
from gongkai.platform.cases.sensitive.levels import require_last_level, signers_of
from gongkai.platform.cases.services.acting import Performed, SomebodyWasFaster, Step, refusals_audited
from gongkai.platform.cases.services.letters import act_with_letter
from gongkai.platform.core import audit, private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.bases import basis_for
from gongkai.platform.core.identifiers import opaque
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act, NotPermitted
from gongkai.platform.ledger.selectors import history
from gongkai.platform.ledger.services import lock
from gongkai.rules.cases.fold import fold

LIVING = (DraftState.DRAFTING, DraftState.SUBMITTED, DraftState.RETURNED)
EDITABLE = (DraftState.DRAFTING, DraftState.RETURNED)


class NoDraft(LookupError):
    """The case has no draft in hand."""


class DraftChanged(RuntimeError):
    """Somebody else moved or saved the draft since it was shown: its ``state`` and ``version`` now."""

    def __init__(self, state: str, version: int) -> None:
        super().__init__(f"{state} {version}")
        self.state, self.version = state, version


class OwnDraft(NotPermitted):
    """Somebody would approve what they wrote, submitted or signed themselves."""


class DraftIncomplete(ValueError):
    """A draft that cannot be submitted or approved: its ``problems`` in Chinese."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("；".join(problems))
        self.problems = tuple(problems)


class DraftIsStale(RuntimeError):
    """The case went on since the draft was saved, and the approver did not say that they looked at it."""

    def __init__(self, base_seq: int, found: int) -> None:
        super().__init__(f"{base_seq} {found}")
        self.base_seq, self.found = base_seq, found


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftContent:
    """What a draft says. ``text`` blank, or left as it was made: made anew from template and fields."""

    outcome: str
    sub_kind: str = ""
    fields: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    text: str = ""
    basis: Sequence[str] | None = None
    """Articles as references; ``None``: those that the outcome usually rests on."""
    method: str = ""
    parts: Sequence[Mapping[str, Any]] = ()
    """Of a partial reply: ``part``, ``disclosed``, ``party``, ``ground`` (payload of ``reply.issued``)."""
    files: Sequence[str] = ()
    """References of papers of the case that go out with the reply."""
    keep_text: bool = False
    """The text was edited by hand and stays, although what was filled in has changed since."""
    by_hand: bool = False
    """As saved: the text is not the template's."""
    stands_on: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """As saved: what was filled in when the text last agreed with it."""


def living_draft(*, body: Body, stream: str) -> ReplyDraft | None:
    """The draft in hand, if there is one."""
    return ReplyDraft.objects.filter(body=body, stream=stream, state__in=LIVING).first()


def occasion_of(
    *, body: Body, stream: str, actor: Actor, content: DraftContent, on: date | None = None
) -> Occasion:
    """What the letter of a draft is worked out from."""
    kind = reply_letter(content.outcome, content.sub_kind)
    return Occasion(
        body=body,
        stream=stream,
        events=history(body=body.key, stream=stream).events,
        basis=basis_for(body, known_on=actor.present.known_on),
        on=on or actor.today,
        basis_refs=kind.basis if content.basis is None else content.basis,
        attachments=released_names(body, stream, content.files),
        fields=content.fields,
    )


@transaction.atomic
def save_draft(
    *, body: Body, stream: str, content: DraftContent, expected_version: int, expected_seq: int, actor: Actor
) -> ReplyDraft:
    """Save a draft, or a new version of the one in hand; earlier versions stay to be compared.

    - ``expected_version``: the version that was shown, 0 where there was none;
    - ``expected_seq``: the case's last entry that was shown;
    - the letter's text is made from the body's template where ``content.text`` is blank or nobody edited it.

    Raises ``NotPermitted``, ``DraftChanged``, ``SomebodyWasFaster``, ``LetterIncomplete`` where the text
    cannot be made, ``ValueError`` for an outcome, article or paper that is not known.
    """
    actor.require(Act.CASE_DRAFT, body)
    if actor.seat is None:
        raise NotPermitted(Act.CASE_DRAFT, None, body)
    require_reader(actor, stream)
    lock(body=body.key)
    seq = history(body=body.key, stream=stream).seq
    if seq != expected_seq:
        raise SomebodyWasFaster(stream, expected_seq, seq)
    draft = living_draft(body=body, stream=stream)
    if (draft.version if draft is not None else 0) != expected_version:
        raise DraftChanged(
            draft.state if draft is not None else "", draft.version if draft is not None else 0
        )
    if draft is not None and draft.state not in EDITABLE:
        raise DraftChanged(draft.state, draft.version)
    kind = reply_letter(content.outcome, content.sub_kind)
    occasion = occasion_of(body=body, stream=stream, actor=actor, content=content)
    before = None
    if draft is not None and (draft.outcome, draft.sub_kind) == (content.outcome, content.sub_kind):
        before = private.read_many([draft.text]).get(draft.text)
    written = write(kind, occasion, content.text, before=before, keep=content.keep_text)
    if draft is None:
        draft = ReplyDraft(key=opaque("draft"), body=body, stream=stream, author=actor.seat, version=0)
    draft.outcome, draft.sub_kind, draft.method = content.outcome, content.sub_kind, content.method
    draft.basis, draft.parts, draft.files = (
        list(occasion.basis_refs),
        list(content.parts),
        list(content.files),
    )
    draft.base_seq, draft.version, draft.state = seq, draft.version + 1, DraftState.DRAFTING
    kept = {
        "text": written.text,
        "fields": dict(content.fields),
        "by_hand": written.by_hand,
        "stands_on": dict(written.stands_on),
    }
    draft.text = _keep(draft, kept, "draft", actor)
    draft.save()
    note_step(draft, DraftMove.SAVED, actor, text=draft.text)
    audit.record(
        "draft.saved", actor=actor, body=body, object=draft.key,
        detail={"stream": stream, "version": draft.version, "outcome": draft.outcome},
    )  # fmt: skip
    return draft


def settle_text(
    *, body: Body, stream: str, expected_version: int, expected_seq: int, keep: bool, actor: Actor
) -> ReplyDraft:
    """Where a text edited by hand and the fields disagree: make it anew, or ``keep`` it knowingly.

    A new version of the draft; raises ``NoDraft`` and what ``save_draft`` does.
    """
    actor.require(Act.CASE_DRAFT, body)
    draft = living_draft(body=body, stream=stream)
    if draft is None:
        raise NoDraft(stream)
    now = content_of(draft)
    return save_draft(
        body=body, stream=stream, expected_version=expected_version, expected_seq=expected_seq, actor=actor,
        content=replace(now, keep_text=True) if keep else replace(now, text=""),
    )  # fmt: skip


@transaction.atomic
def submit_draft(*, body: Body, stream: str, expected_version: int, actor: Actor) -> ReplyDraft:
    """Hand a draft to the approver. Raises ``NoDraft``, ``DraftChanged``, ``DraftIncomplete``."""
    actor.require(Act.CASE_DRAFT, body)
    draft = _taken(body, stream, expected_version, EDITABLE, actor)
    _complete(draft, actor, actor.today)
    draft.state, draft.submitted_at = DraftState.SUBMITTED, actor.present.moment
    draft.save(update_fields=["state", "submitted_at"])
    note_step(draft, DraftMove.SUBMITTED, actor)
    audit.record("draft.submitted", actor=actor, body=body, object=draft.key, detail={"stream": stream})
    return draft


@transaction.atomic
def recall_draft(*, body: Body, stream: str, expected_version: int, actor: Actor) -> ReplyDraft:
    """Take a submitted draft back for changes. Raises ``NoDraft``, ``DraftChanged``."""
    actor.require(Act.CASE_DRAFT, body)
    draft = _taken(body, stream, expected_version, (DraftState.SUBMITTED,), actor)
    draft.state = DraftState.DRAFTING
    draft.save(update_fields=["state"])
    note_step(draft, DraftMove.RECALLED, actor)
    audit.record(
        "draft.returned", actor=actor, body=body, object=draft.key, detail={"stream": stream, "by": "author"}
    )
    return draft


@transaction.atomic
def return_draft(*, body: Body, stream: str, expected_version: int, remarks: str, actor: Actor) -> ReplyDraft:
    """Send a submitted draft back. Raises ``NoDraft``, ``DraftChanged``, ``ValueError`` without remarks."""
    actor.require(Act.CASE_APPROVE, body)
    if not remarks.strip():
        raise ValueError("a returned draft needs remarks")
    draft = _taken(body, stream, expected_version, (DraftState.SUBMITTED,), actor)
    draft.state, draft.decided_by, draft.decided_at = DraftState.RETURNED, actor.seat, actor.present.moment
    draft.remarks = _keep(draft, {"remarks": remarks.strip()}, "draft.remarks", actor)
    draft.save(update_fields=["state", "decided_by", "decided_at", "remarks"])
    note_step(draft, DraftMove.RETURNED, actor, text=draft.remarks)
    audit.record("draft.returned", actor=actor, body=body, object=draft.key, detail={"stream": stream})
    return draft


@transaction.atomic
def drop_draft(*, body: Body, stream: str, expected_version: int, actor: Actor) -> ReplyDraft:
    """Give a draft up; it stays in the records. Raises ``NoDraft``, ``DraftChanged``."""
    actor.require(Act.CASE_DRAFT, body)
    draft = _taken(body, stream, expected_version, EDITABLE, actor)
    draft.state, draft.together = DraftState.DROPPED, ""
    draft.save(update_fields=["state", "together"])
    note_step(draft, DraftMove.DROPPED, actor)
    audit.record(
        "draft.saved", actor=actor, body=body, object=draft.key, detail={"stream": stream, "dropped": True}
    )
    return draft


def approve_draft(
    *,
    body: Body,
    stream: str,
    expected_version: int,
    expected_seq: int,
    actor: Actor,
    occurred_on: date | None = None,
    although_changed: bool = False,
    expected_signed: int | None = None,
) -> tuple[Performed, OutgoingLetter]:
    """Approve and issue: the reply is entered with its number, and the letter frozen; all or nothing.

    - ``occurred_on``: the day of issue, today where ``None``;
    - ``although_changed``: the approver looked at what was entered after the draft was saved;
    - ``expected_signed``: how many had signed when it was shown; ``None``: it was not shown.

    Raises ``NotPermitted``, ``OwnDraft``, ``NoDraft``, ``DraftChanged``, ``DraftIsStale``,
    ``DraftIncomplete``, ``LevelsMissing`` where others must sign first (``services.signing``), and what
    ``perform_with_letter`` does.
    """
    actor.require(Act.CASE_APPROVE, body)
    day = occurred_on or actor.today
    with refusals_audited(body=body, stream=stream, actor=actor), transaction.atomic():
        lock(body=body.key)  # what is looked at stays so: drafts, signatures, reviews
        living = living_draft(body=body, stream=stream)
        if living is not None and len(drafts_together(living)) > 1:
            raise DraftIncomplete([_("这份稿与其他案件一并答复，请一并批准。")])
        draft = ready_to_issue(
            body=body, stream=stream, expected_version=expected_version, expected_seq=expected_seq,
            actor=actor, day=day, although_changed=although_changed,
        )  # fmt: skip
        kept = content_of(draft)
        require_last_level([draft], expected_signed)
        done, letter = act_with_letter(
            body=body, stream=stream, step=reply_step(draft, day), expected_seq=expected_seq, actor=actor,
            fields=kept.fields, text=kept.text, basis_refs=draft.basis,
            attachments=released_names(body, stream, draft.files),
        )  # fmt: skip
        if letter is None:
            raise TypeError("a reply without a letter")
        mark_approved(draft, letter, actor)
    return done, letter


def drafts_together(draft: ReplyDraft) -> list[ReplyDraft]:
    """The living drafts that are answered in one document with this one, itself among them."""
    if not draft.together:
        return [draft]
    rows = ReplyDraft.objects.filter(body=draft.body, together=draft.together, state__in=LIVING)
    return list(rows.order_by("stream"))


def ready_to_issue(
    *,
    body: Body,
    stream: str,
    expected_version: int,
    expected_seq: int,
    actor: Actor,
    day: date,
    although_changed: bool,
) -> ReplyDraft:
    """The submitted draft of a case, if this actor may approve it as it was shown; raises as approving."""
    actor.require(Act.CASE_APPROVE, body)
    require_reader(actor, stream)
    draft = living_draft(body=body, stream=stream)
    if draft is None:
        raise NoDraft(stream)
    if actor.person in writers_of(draft) | signers_of(draft):
        raise OwnDraft(Act.CASE_APPROVE, actor.seat, body)
    if draft.version != expected_version or draft.state != DraftState.SUBMITTED:
        raise DraftChanged(draft.state, draft.version)
    if draft.base_seq != expected_seq and not although_changed:
        raise DraftIsStale(draft.base_seq, expected_seq)
    _complete(draft, actor, day)
    return draft


def mark_approved(draft: ReplyDraft, letter: OutgoingLetter, actor: Actor) -> None:
    """Under the body's lock: nobody else approves or recalls it between. Raises ``DraftChanged``."""
    moved = ReplyDraft.objects.filter(
        key=draft.key, version=draft.version, state=DraftState.SUBMITTED
    ).update(state=DraftState.APPROVED, decided_by=actor.seat, decided_at=actor.present.moment)
    if moved != 1:
        raise DraftChanged(draft.state, draft.version)
    note_step(draft, DraftMove.APPROVED, actor)
    audit.record(
        "draft.approved", actor=actor, body=draft.body, object=draft.key,
        detail={"stream": draft.stream, "version": draft.version, "letter": letter.key},
    )  # fmt: skip


def writers_of(draft: ReplyDraft) -> frozenset[str]:
    """The persons who wrote or submitted any version of a draft: none of them may approve it."""
    moves = (DraftMove.SAVED, DraftMove.SUBMITTED)
    found = draft.steps.filter(move__in=moves, seat__isnull=False).values_list("seat__person", flat=True)
    return frozenset(found)


def content_of(draft: ReplyDraft) -> DraftContent:
    """What the draft says now; without text and fields once they were erased."""
    kept = private.read_many([draft.text]).get(draft.text, {})
    return DraftContent(
        outcome=draft.outcome,
        sub_kind=draft.sub_kind,
        fields=kept.get("fields", {}),
        text=kept.get("text", ""),
        basis=draft.basis,
        method=draft.method,
        parts=draft.parts,
        files=draft.files,
        by_hand=kept.get("by_hand", False),
        stands_on=kept.get("stands_on", {}),
    )


def reply_step(draft: ReplyDraft, day: date) -> Step:
    """The act that a draft becomes."""
    said = {
        "sub_kind": draft.sub_kind,
        "basis": draft.basis,
        "method": draft.method,
        "parts": draft.parts,
    }
    payload: dict[str, Any] = {"outcome": draft.outcome, "remedies_told": True}
    payload |= {key: value for key, value in said.items() if value}
    earlier = fold(history(body=draft.body.key, stream=draft.stream).events).replies
    if earlier and earlier[-1].number is not None:
        payload["supersedes"] = earlier[-1].number
    return Step("reply.issued", day, payload)


def _taken(body: Body, stream: str, version: int, states: Sequence[str], actor: Actor) -> ReplyDraft:
    require_reader(actor, stream)
    lock(body=body.key)
    draft = living_draft(body=body, stream=stream)
    if draft is None:
        raise NoDraft(stream)
    if draft.version != version or draft.state not in states:
        raise DraftChanged(draft.state, draft.version)
    return draft


def _complete(draft: ReplyDraft, actor: Actor, day: date) -> None:
    content = content_of(draft)
    occasion = occasion_of(body=draft.body, stream=draft.stream, actor=actor, content=content, on=day)
    problems = problems_of_draft(
        kind=reply_letter(draft.outcome, draft.sub_kind), occasion=occasion, text=content.text,
        parts=draft.parts, files=draft.files, stands_on=content.stands_on,
    )  # fmt: skip
    if problems:
        raise DraftIncomplete(problems)


def _keep(draft: ReplyDraft, fields: Mapping[str, Any], kind: str, actor: Actor) -> str:
    subject = CaseText.objects.filter(stream=draft.stream).values_list("subject", flat=True).first()
    kept = private.keep(
        body=draft.body, stream=draft.stream, kind=kind, fields=fields, actor=actor, subject=subject
    )
    return kept.ref


def note_step(draft: ReplyDraft, move: str, actor: Actor, text: str = "") -> None:
    """Keep what somebody did with a draft."""
    DraftStep.objects.create(
        draft=draft, move=move, version=draft.version, seat=actor.seat, at=actor.present.moment,
        outcome=draft.outcome, sub_kind=draft.sub_kind, text=text,
    )  # fmt: skip
