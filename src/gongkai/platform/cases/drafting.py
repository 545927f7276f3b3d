"""What the desk shows of a reply in the making: outcomes, questions, the draft and its way."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _

from gongkai.platform.cases.acts.asking import RefusalView, refusal_view
from gongkai.platform.cases.case_view import Loaded, load_case
from gongkai.platform.cases.draft_rules import papers_of, problems_of_draft
from gongkai.platform.cases.draft_text import filled_in, out_of_step, unsaid
from gongkai.platform.cases.facts import facts_for, reply_numbers
from gongkai.platform.cases.letters.facts import Occasion, cite, day_zh
from gongkai.platform.cases.letters.kinds import SUBJECTS, Field, LetterKind, reply_letter
from gongkai.platform.cases.letters.sheet import Sheet
from gongkai.platform.cases.letters.texts import TemplateRefused
from gongkai.platform.cases.models import (
    CaseSummary,
    CaseText,
    DraftMove,
    DraftState,
    DraftStep,
    PaperKind,
    ReplyDraft,
)
from gongkai.platform.cases.repeats import repeats_of_case
from gongkai.platform.cases.sensitive.levels import levels_of, signatures_of
from gongkai.platform.cases.services.acting import ActRefused
from gongkai.platform.cases.services.drafts import (
    EDITABLE,
    DraftContent,
    content_of,
    drafts_together,
    living_draft,
    occasion_of,
    writers_of,
)
from gongkai.platform.cases.services.letters import LetterIncomplete, compose
from gongkai.platform.cases.services.together import RefusedFor
from gongkai.platform.core import private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.files import name_of
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act
from gongkai.rules.cases.decide import Command, decide
from gongkai.rules.kinds import KINDS
from gongkai.rules.refusal import Refusal
from gongkai.rules.vocabulary import SUB_KINDS, Method, Outcome

ARTICLES = (
    "2", "14", "15", "16.1", "16.2", "30", "32", "35", "36..1", "36..2", "36..3", "36..4", "36..5", "36..6",
    "36..7", "37", "38", "39.1", "39.2", "40",
)  # fmt: skip
"""Articles of the Regulation that replies rest on."""
REGULATION = "ogi_regulation_2019"
WITHHELD_ROWS = 3
_RELEASING = (Outcome.GRANTED.value, Outcome.PARTIAL.value)

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class OutcomeOption:
    """An outcome with its sub-kind that can be chosen, and why the law would refuse it today, if it would."""

    value: str
    label: str
    about: str
    group: str
    refused: str


@dataclass(frozen=True, slots=True)
class DraftAsked:
    """The questions of a draft with their choices and what was answered before."""

    kind: LetterKind
    outcome: str
    sub_kind: str
    fields: tuple[Field, ...]
    articles: Choices
    methods: Choices
    papers: Choices
    parties: Choices
    grounds: Choices
    earlier: Choices
    """Replies to the same applicant that the request may repeat: number and date, and what they were."""
    content: DraftContent
    version: int
    expected_seq: int
    subjects: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """What the articles are about, by their references."""
    originals: Choices = ()
    """Papers to be released that have no redacted copy yet."""

    @property
    def releases(self) -> bool:
        """Files may go out with the reply."""
        return self.outcome in _RELEASING


@dataclass(frozen=True, slots=True)
class ChainStep:
    """One step of the chain: its state (``ok``, ``on``, ``open``), a word, who and when."""

    state: str
    label: str
    who: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MoveView:
    """One thing that was done with a draft, with the remarks it was returned with."""

    label: str
    version: int
    who: str
    at: datetime
    remarks: str


Segment = tuple[str, str]
"""``same``, ``new`` or ``gone``, and the words."""


@dataclass(frozen=True, slots=True)
class ByHand:
    """A text edited by hand: what was filled in and does not stand in it, and how it differs."""

    unsaid: tuple[str, ...]
    compare: tuple[tuple[Segment, ...], ...]


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft as the case page and the review page show it."""

    state: str
    state_label: str
    label: str
    method: str
    version: int
    expected_seq: int
    base_seq: int
    chain: tuple[ChainStep, ...]
    moves: tuple[MoveView, ...]
    sheet: Sheet | None
    """Addressed to the masked name; ``None`` for whom may not read texts, or once it was erased."""
    changed: tuple[str, ...]
    """What was entered in the case since it was saved."""
    problems: tuple[str, ...]
    refusal: RefusalView | None
    """Why the law would not allow this reply today, and what may be done first; ``None`` if it would."""
    remarks: str
    own: bool
    signed: int
    """How many levels have signed since it was submitted."""
    levels: int
    """How many approve it in all, who issues it included."""
    signed_by_me: bool
    may_edit: bool
    may_submit: bool
    may_recall: bool
    may_drop: bool
    may_decide: bool
    compare: tuple[tuple[Segment, ...], ...]
    """The last version against the one before, by paragraphs; empty for a first one."""
    behind: tuple[str, ...]
    """What was filled in anew and the text, edited by hand, does not follow: it must be settled first."""
    by_hand: ByHand | None
    """How a text edited by hand differs from the template's; ``None`` for one that was made."""
    today: date

    @property
    def last_level(self) -> bool:
        """Whether who approves next issues it."""
        return self.signed + 1 >= self.levels


def outcome_options(*, body: Body, stream: str, actor: Actor) -> tuple[OutcomeOption, ...]:
    """Every outcome and sub-kind; raises ``NoSuchCase``."""
    loaded = load_case(body=body, stream=stream, actor=actor)
    found: list[OutcomeOption] = []
    for outcome in Outcome:
        named = sorted(SUB_KINDS.get(outcome, frozenset()))
        covered = {one for sub in named for one in reply_letter(outcome.value, sub).sub_kinds}
        subs = named if "" in covered else ["", *named]
        refused = _refusal(loaded, {"outcome": outcome.value}, actor)
        for sub in subs:
            kind = reply_letter(outcome.value, sub)
            group = outcome.label_zh.partition("：")[0]
            found.append(OutcomeOption(f"{outcome.value}/{sub}", kind.label, kind.about, group, refused))
    return tuple(found)


def ask_draft(*, body: Body, stream: str, outcome: str, sub_kind: str, actor: Actor) -> DraftAsked:
    """The questions of a draft of an outcome; answers of the draft in hand are kept as far as they fit.

    Raises ``NoSuchCase``, ``NotPermitted``, ``ValueError`` for an outcome that is not known.
    """
    actor.require(Act.CASE_DRAFT, body)
    kind = reply_letter(outcome, sub_kind)
    loaded = load_case(body=body, stream=stream, actor=actor)
    draft = living_draft(body=body, stream=stream)
    law = loaded.basis.law
    refs = [f"{REGULATION}:{article}" for article in ARTICLES]
    refs += [ref for ref in kind.basis if ref not in refs]
    content = DraftContent(outcome=outcome, sub_kind=sub_kind, basis=kind.basis)
    if draft is not None:
        before = content_of(draft)
        same = (draft.outcome, draft.sub_kind) == (outcome, sub_kind)
        content = before if same else replace(content, fields=before.fields, method=before.method)
    return DraftAsked(
        kind=kind,
        outcome=outcome,
        sub_kind=sub_kind,
        fields=kind.fields,
        articles=tuple((ref, cite([ref], law)) for ref in refs),
        methods=tuple((one.value, one.label_zh) for one in Method),
        subjects={f"{REGULATION}:{article}": about for article, about in SUBJECTS.items()},
        papers=_papers(body, stream) if outcome in _RELEASING else (),
        originals=_originals(body, stream) if outcome in _RELEASING else (),
        parties=_parties(loaded),
        grounds=tuple((one.value, one.label_zh) for one in Outcome if one.value.startswith("denied_")),
        earlier=_earlier(loaded, actor) if outcome == Outcome.REJECTED_REPEAT else (),
        content=content,
        version=draft.version if draft is not None else 0,
        expected_seq=loaded.past.seq,
    )


def draft_view(*, body: Body, stream: str, actor: Actor) -> DraftView | None:
    """The draft in hand, or ``None``; raises ``NoSuchCase``."""
    loaded = load_case(body=body, stream=stream, actor=actor)
    draft = living_draft(body=body, stream=stream)
    if draft is None:
        return None
    content = content_of(draft)
    steps = list(draft.steps.select_related("seat__person").order_by("id"))
    texts = private.read_many(step.text for step in steps if step.text)
    kind = reply_letter(draft.outcome, draft.sub_kind)
    occasion = occasion_of(
        body=body, stream=stream, actor=actor, content=_without_lost_papers(draft, content)
    )
    drafts, approves = actor.may(Act.CASE_DRAFT, body), actor.may(Act.CASE_APPROVE, body)
    submitted, own = draft.state == DraftState.SUBMITTED, actor.person in writers_of(draft)
    levels = levels_of(drafts_together(draft))
    signatures = signatures_of(draft) if submitted else []
    signed = any(step.seat is not None and step.seat.person_id == actor.person for step in signatures)
    returned = texts.get(draft.remarks, {}) if draft.state == DraftState.RETURNED else {}
    readable = actor.may(Act.CASE_IDENTITY, body)
    payload = {"outcome": draft.outcome, "parts": draft.parts}
    refusal = _refused(loaded, payload, actor, content.fields)
    return DraftView(
        state=draft.state,
        state_label=str(DraftState(draft.state).label),
        label=kind.label,
        method=Method(draft.method).label_zh if draft.method else "",
        version=draft.version,
        expected_seq=loaded.past.seq,
        base_seq=draft.base_seq,
        chain=_chain(draft, steps, signatures, levels),
        moves=tuple(_move(step, texts) for step in reversed(steps)),
        sheet=_masked(kind, occasion, content, stream) if readable and content.text else None,
        changed=tuple(KINDS[e.kind].label_zh for e in loaded.past.events if e.seq > draft.base_seq),
        problems=problems_of_draft(
            kind=kind,
            occasion=occasion,
            text=content.text,
            parts=draft.parts,
            files=draft.files,
            stands_on=content.stands_on,
        )
        if drafts or approves
        else (),
        refusal=None if refusal is None else refusal_view(refusal, loaded, actor),
        remarks=str(returned.get("remarks", "")) if readable else "",
        own=own,
        signed=len(signatures),
        levels=levels,
        signed_by_me=signed,
        may_edit=drafts and draft.state in EDITABLE,
        may_submit=drafts and draft.state in EDITABLE,
        may_recall=drafts and submitted,
        may_drop=drafts and draft.state in EDITABLE,
        may_decide=approves and submitted and not own and not signed,
        compare=compared(steps, texts) if readable else (),
        behind=out_of_step(filled_in(kind, occasion), content.stands_on, content.text),
        by_hand=_by_hand(kind, occasion, content) if readable and content.by_hand else None,
        today=actor.today,
    )


def _by_hand(kind: LetterKind, occasion: Occasion, content: DraftContent) -> ByHand:
    try:
        made = compose(kind, occasion).text
    except (LetterIncomplete, TemplateRefused):
        made = content.text
    differs = () if made == content.text else difference(made, content.text)
    return ByHand(unsaid(filled_in(kind, occasion), content.text), differs)


def compared(
    steps: Sequence[DraftStep], texts: Mapping[str, Mapping[str, Any]]
) -> tuple[tuple[Segment, ...], ...]:
    """The newest saved text against the one before it, paragraph by paragraph."""
    saved = [str(texts.get(s.text, {}).get("text", "")) for s in steps if s.move == DraftMove.SAVED]
    return difference(saved[-2], saved[-1]) if len(saved) > 1 and saved[-2] != saved[-1] else ()


def difference(old: str, new: str) -> tuple[tuple[Segment, ...], ...]:
    """Paragraphs of ``new`` with what was added and what is gone; gone paragraphs stand where they were."""
    before, after = old.split("\n"), new.split("\n")
    if len(before) * len(after) > _COMPARED:
        return *((("gone", line),) for line in before), *((("new", line),) for line in after)
    found: list[tuple[Segment, ...]] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [(("same", line),) for line in after[c:d]]
            continue
        pairs = min(b - a, d - c)
        found += [_within(before[a + i], after[c + i]) for i in range(pairs)]
        found += [(("gone", line),) for line in before[a + pairs : b]]
        found += [(("new", line),) for line in after[c + pairs : d]]
    return tuple(found)


_COMPARED = 4_000_000
"""Product of the lengths of what is compared: beyond it each view of the page would take seconds."""


def _within(old: str, new: str) -> tuple[Segment, ...]:
    if len(old) * len(new) > _COMPARED:
        return ("gone", old), ("new", new)
    found: list[Segment] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(("same", old[a:b]))
            continue
        if a != b:
            found.append(("gone", old[a:b]))
        if c != d:
            found.append(("new", new[c:d]))
    return tuple(found)


def refusal_said(*, body: Body, stream: str, refused: ActRefused, actor: Actor) -> str:
    """Why a reply was refused, with names for references; of several cases, with the number of the one."""
    number = refused.number if isinstance(refused, RefusedFor) else ""
    if number:
        of_case = CaseSummary.objects.filter(body=body, number=number).values_list("stream", flat=True)
        stream = of_case.first() or stream
    names = load_case(body=body, stream=stream, actor=actor).names
    said = f"{names.said(refused.refusal.message())}（{refused.refusal.article}）"
    return f"{number}：{said}" if number else said


def _refusal(loaded: Loaded, payload: Mapping[str, Any], actor: Actor) -> str:
    """Why a reply dated today would not be lawful; empty if it would be."""
    refusal = _refused(loaded, payload, actor)
    return "" if refusal is None else loaded.names.said(refusal.message())


def _refused(
    loaded: Loaded, payload: Mapping[str, Any], actor: Actor, fields: Mapping[str, str] | None = None
) -> Refusal | None:
    state = loaded.worked.state
    whole = {key: value for key, value in payload.items() if value}
    if state.replies and state.replies[-1].number is not None:
        whole["supersedes"] = state.replies[-1].number
    facts = facts_for(loaded.body, loaded.stream, "reply.issued", whole, actor.today, fields or {})
    command = Command("reply.issued", actor.today, whole, facts, actor.key)
    decided = decide(state, command, loaded.basis.law, loaded.basis.calendar)
    return decided if isinstance(decided, Refusal) else None


def _papers(body: Body, stream: str) -> Choices:
    released = (PaperKind.ORIGINAL, PaperKind.REDACTED)
    return tuple(
        (paper.file_id, f"{name_of(paper.file)}（{PaperKind(paper.kind).label}）")
        for paper in papers_of(body, stream)
        if paper.kind in released
    )


def _originals(body: Body, stream: str) -> Choices:
    papers = papers_of(body, stream)
    redacted = {paper.redacts_id for paper in papers}
    return tuple(
        (paper.file_id, name_of(paper.file))
        for paper in papers
        if paper.kind == PaperKind.ORIGINAL and paper.file_id not in redacted
    )


def _parties(loaded: Loaded) -> Choices:
    found: dict[str, str] = {}
    for consultation in loaded.worked.state.consultations:
        found.setdefault(consultation.party, loaded.names.of(consultation.party))
    return tuple(found.items())


def _earlier(loaded: Loaded, actor: Actor) -> Choices:
    """The replies to likely repeats of the same applicant, likeliest first."""
    if not actor.may(Act.CASE_IDENTITY, loaded.body):
        return ()
    found: list[tuple[str, str]] = []
    for one in repeats_of_case(body=loaded.body, stream=loaded.stream, actor=actor, most=8):
        if one.same_applicant:
            for number, on in reply_numbers(loaded.body, one.stream, actor.today).items():
                found.append((f"{number}|{day_zh(on)}", f"{number}　{one.title}（{one.same_applicant}）"))
    return tuple(found)


def _without_lost_papers(draft: ReplyDraft, content: DraftContent) -> DraftContent:
    """A paper may have been erased since; the draft is still shown."""
    known = {paper.file_id for paper in papers_of(draft.body, draft.stream)}
    return replace(content, files=[ref for ref in content.files if ref in known])


def _masked(kind: LetterKind, occasion: Any, content: DraftContent, stream: str) -> Sheet | None:
    """The letter as it would be, addressed to the applicant as lists show them."""
    label = CaseText.objects.filter(stream=stream).values_list("applicant_label", flat=True).first()
    try:
        sheet = compose(kind, replace(occasion, number=_("（编号待定）")), text=content.text).sheet
    except (LetterIncomplete, TemplateRefused):
        return None
    return replace(sheet, recipient=f"{label}：" if label else "", date=_("（签发日期）"))


def _who(step: DraftStep) -> str:
    return step.seat.person.name if step.seat is not None else ""


def _move(step: DraftStep, texts: Mapping[str, Mapping[str, Any]]) -> MoveView:
    remarks = str(texts.get(step.text, {}).get("remarks", "")) if step.move == DraftMove.RETURNED else ""
    return MoveView(str(DraftMove(step.move).label), step.version, _who(step), step.at, remarks)


def _chain(
    draft: ReplyDraft, steps: Sequence[DraftStep], signatures: Sequence[DraftStep], levels: int
) -> tuple[ChainStep, ...]:
    last = {step.move: step for step in steps}
    saved = last[DraftMove.SAVED]
    submitted = last.get(DraftMove.SUBMITTED) if draft.state == DraftState.SUBMITTED else None
    drafting = ChainStep("on" if submitted is None else "ok", _("起草"), _who(saved), saved.at)
    if draft.state == DraftState.RETURNED:
        back = last[DraftMove.RETURNED]
        drafting = ChainStep("on", _("退回修改"), _who(back), back.at)
    if submitted is None:
        first = [ChainStep("open", _("第 %d 级审核") % n) for n in range(1, levels)]
        return drafting, *first, ChainStep("open", _("审批")), ChainStep("open", _("签发、用印"))
    return (
        drafting,
        ChainStep("ok", _("送审"), _who(submitted), submitted.at),
        *_levels(signatures, levels),
        ChainStep("open", _("签发、用印")),
    )


def _levels(signatures: Sequence[DraftStep], levels: int) -> list[ChainStep]:
    """Who has signed, who is to sign now, and who after that."""
    done = [
        ChainStep("ok", _("第 %d 级审核同意") % n, _who(step), step.at)
        for n, step in enumerate(signatures, start=1)
    ]
    if len(done) + 1 >= levels:
        return [*done, ChainStep("on", _("审批，等批"))]
    then = [ChainStep("open", _("第 %d 级审核") % n) for n in range(len(done) + 2, levels)]
    now = ChainStep("on", _("第 %d 级审核，等审") % (len(done) + 1))
    return [*done, now, *then, ChainStep("open", _("审批"))]
