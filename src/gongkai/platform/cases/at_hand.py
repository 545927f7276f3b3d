"""What who drafts or approves a reply must have before them: the request, its deadline, what was remarked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from gongkai.platform.cases.acts.dry_run import effect_of
from gongkai.platform.cases.case_view import Loaded, load_case
from gongkai.platform.cases.letters.kinds import reply_letter
from gongkai.platform.cases.models import CaseText, DraftMove, ReplyDraft
from gongkai.platform.cases.services.drafts import (
    EDITABLE,
    content_of,
    drafts_together,
    living_draft,
    reply_step,
)
from gongkai.platform.cases.services.papers import Paper, papers_of
from gongkai.platform.cases.services.secret import Pointer, secret_pointers
from gongkai.platform.cases.services.together import in_order
from gongkai.platform.cases.showing.clocks import ClockView, clock_view
from gongkai.platform.cases.showing.timeline import Said, payload_said
from gongkai.platform.core import private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act
from gongkai.rules.vocabulary import Outcome


@dataclass(frozen=True, slots=True)
class AtHand:
    """The request in the applicant's words, and what the draft in hand rests on."""

    description: str
    received_on: date | None
    clock: ClockView | None
    remarks: str
    """With what the draft came back; it stays to be read until the draft is submitted again."""
    grounds: tuple[Said, ...]
    """Articles and parts of the draft, in words."""
    enclosed: tuple[Paper, ...]
    pointers: tuple[Pointer, ...] = ()
    """Where the secret originals are on which a refusal rests."""
    lacks_pointer: bool = False
    """The draft refuses for state secrets, and nothing says where the original is kept."""


def at_hand(*, body: Body, stream: str, actor: Actor) -> AtHand:
    """What to draft from and to approve by; raises ``NoSuchCase``."""
    loaded = load_case(body=body, stream=stream, actor=actor)
    text = CaseText.objects.filter(stream=stream).first()
    draft = living_draft(body=body, stream=stream)
    readable = actor.may(Act.CASE_IDENTITY, body)
    pointers = secret_pointers(body=body, stream=stream, actor=actor) if _rests_on_secrets(draft) else ()
    return AtHand(
        description="" if text is None or not readable else text.description or text.title,
        received_on=loaded.worked.state.received_on,
        clock=_reply_clock(loaded, actor),
        remarks=_remarks(draft) if draft is not None and readable else "",
        grounds=() if draft is None else _grounds(loaded, draft),
        enclosed=() if draft is None else tuple(_enclosed(body, stream, draft.files, actor)),
        pointers=pointers,
        lacks_pointer=readable and _rests_on_secrets(draft) and not pointers,
    )


def _rests_on_secrets(draft: ReplyDraft | None) -> bool:
    secret = Outcome.DENIED_STATE_SECRET.value
    return draft is not None and secret in (draft.outcome, *(part.get("ground") for part in draft.parts))


def _reply_clock(loaded: Loaded, actor: Actor) -> ClockView | None:
    found = loaded.worked.deadlines
    clock = None if found is None else found.get("reply")
    return None if clock is None else clock_view(clock, loaded.names, actor.today)


def _remarks(draft: ReplyDraft) -> str:
    if not draft.remarks or draft.state not in EDITABLE:
        return ""
    return str(private.read_many([draft.remarks]).get(draft.remarks, {}).get("remarks", ""))


def _grounds(loaded: Loaded, draft: ReplyDraft) -> tuple[Said, ...]:
    said = {"basis": draft.basis, "parts": draft.parts}
    return payload_said("reply.issued", {key: one for key, one in said.items() if one}, loaded.names, {})


def _enclosed(body: Body, stream: str, files: Sequence[str], actor: Actor) -> Iterator[Paper]:
    for paper in papers_of(body=body, stream=stream, actor=actor):
        yield from (one for one in (paper, *paper.copies) if one.ref in files and one.may_open)


def effect_of_approval(*, body: Body, stream: str, actor: Actor) -> tuple[str, ...]:
    """What approving the draft in hand today would change, in sentences; empty where it is not lawful."""
    draft = living_draft(body=body, stream=stream)
    if draft is None:
        return ()
    loaded = load_case(body=body, stream=stream, actor=actor)
    step = replace(reply_step(draft, actor.today), texts=content_of(draft).fields)
    return effect_of(loaded, step, actor).lines


@dataclass(frozen=True, slots=True)
class EffectOnCase:
    """What approving a document that answers several cases would change in one of them."""

    stream: str
    number: str
    label: str
    lines: tuple[str, ...]
    refused: str
    """Why the law would not allow it today, which keeps the whole document back; empty where it does."""


def effects_together(*, body: Body, stream: str, actor: Actor) -> tuple[EffectOnCase, ...]:
    """``effect_of_approval`` for each case that the document answers, in the document's order."""
    own = living_draft(body=body, stream=stream)
    drafts = [] if own is None else in_order(drafts_together(own))
    found: list[EffectOnCase] = []
    for draft in drafts:
        loaded = load_case(body=body, stream=draft.stream, actor=actor)
        step = replace(reply_step(draft, actor.today), texts=content_of(draft).fields)
        effect = effect_of(loaded, step, actor)
        refused = ""
        if effect.refusal is not None:
            refused = f"{loaded.names.said(effect.refusal.message())}（{effect.refusal.article}）"
        label = reply_letter(draft.outcome, draft.sub_kind).label
        number = loaded.worked.state.number or ""
        found.append(EffectOnCase(draft.stream, number, label, effect.lines, refused))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What somebody did with a draft while another was writing: who, when, and the text as it stands."""

    who: str
    at: datetime
    label: str
    version: int
    text: str
    editable: bool


def meanwhile(*, body: Body, stream: str, actor: Actor) -> Meanwhile | None:
    """The last move of the newest draft of a case; ``None`` where there never was one."""
    draft = living_draft(body=body, stream=stream)
    if draft is None:
        draft = ReplyDraft.objects.filter(body=body, stream=stream).order_by("steps__id").last()
    if draft is None:
        return None
    last = draft.steps.select_related("seat__person").order_by("id").last()
    if last is None:
        return None
    readable = actor.may(Act.CASE_IDENTITY, body)
    living = living_draft(body=body, stream=stream) is not None
    return Meanwhile(
        who=last.seat.person.name if last.seat is not None else "",
        at=last.at,
        label=str(DraftMove(last.move).label),
        version=draft.version if living else 0,
        text=content_of(draft).text if readable else "",
        editable=not living or draft.state in EDITABLE,
    )
