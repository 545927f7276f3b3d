"""Several cases of one applicant answered in one document (一并答复): each keeps its draft and its outcome.

Their drafts go the same way together: to the approver, back, and out. The document is put together from
the texts of the drafts; it has one number, its acts are entered in one transaction, and it is kept with each.
Source: case-events.md (one reply document may answer several cases).
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.platform.cases.draft_rules import released_names
from gongkai.platform.cases.letters.facts import values_of
from gongkai.platform.cases.letters.kinds import reply_letter
from gongkai.platform.cases.models import CaseSummary, CaseText, OutgoingLetter, ReplyDraft
from gongkai.platform.cases.people.naming import named_beside
from gongkai.platform.cases.readers import readable, require_reader
from gongkai.platform.cases.sensitive.flags import same_readers
from gongkai.platform.cases.sensitive.levels import require_last_level
from gongkai.platform.cases.services.acting import ActRefused, Performed, perform_acts, refusals_audited
from gongkai.platform.cases.services.drafts import (
    EDITABLE,
    DraftChanged,
    DraftIncomplete,
    NoDraft,
    content_of,
    drafts_together,
    living_draft,
    mark_approved,
    occasion_of,
    ready_to_issue,
    recall_draft,
    reply_step,
    return_draft,
    save_draft,
    submit_draft,
)
from gongkai.platform.cases.services.letters import Preview, compose, keep_letter
from gongkai.platform.cases.services.numbers import next_number
from gongkai.platform.core import audit
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.identifiers import opaque
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act
from gongkai.platform.ledger.services import lock
from gongkai.rules.cases.state import Phase
from gongkai.rules.law.cite import numeral

MOST = 20
OWED = (
    Phase.HANDLING, Phase.AWAITING_CORRECTION, Phase.AWAITING_FEE, Phase.CONSULTING, Phase.REHANDLING,
    Phase.REVOKED,
)  # fmt: skip
"""Phases in which a reply is owed."""


class CannotJoin(ValueError):
    """Cases that cannot be answered together: ``message`` (Chinese)."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class RefusedFor(ActRefused):
    """The law refuses the reply for one of the cases: ``number``."""

    def __init__(self, number: str, refused: ActRefused) -> None:
        super().__init__(refused.kind, refused.refusal)
        self.number = number


@dataclass(frozen=True, slots=True)
class Seen:
    """What the approver was shown of a case: the version of its draft, and its last entry."""

    version: int
    seq: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case that may be answered together with another."""

    summary: CaseSummary
    title: str
    draft: ReplyDraft | None
    joined: bool


def candidates(*, body: Body, stream: str, actor: Actor) -> tuple[Candidate, ...]:
    """The cases of the same applicant to which a reply is owed; none where the applicant is not known.

    One document is read with each of its cases: a sensitive case goes together with none that others read.
    """
    text = CaseText.objects.filter(body=body, stream=stream).first()
    if text is None or text.subject is None or text.subject.erased_at is not None:
        return ()
    texts = CaseText.objects.filter(body=body, subject=text.subject).exclude(stream=stream).in_bulk()
    phases = [phase.value for phase in OWED]
    rows = readable(CaseSummary.objects.filter(stream__in=list(texts), open=True, phase__in=phases), actor)
    rows = rows.filter(stream__in=same_readers(stream, texts))
    own = living_draft(body=body, stream=stream)
    group = own.together if own is not None else ""
    found: list[Candidate] = []
    for row in rows.order_by("received_on", "number", "stream")[:MOST]:
        draft = living_draft(body=body, stream=row.stream)
        joined = draft is not None and bool(group) and draft.together == group
        found.append(Candidate(row, texts[row.stream].title, draft, joined))
    return tuple(found)


@transaction.atomic
def join_drafts(
    *, body: Body, stream: str, streams: Sequence[str], expected_version: int, actor: Actor
) -> tuple[ReplyDraft, ...]:
    """Answer ``streams`` in one document with the case whose draft is in hand; the others leave the document.

    A case without a draft gets one with the same outcome and fields, its text made of its own template and
    words. Raises ``NotPermitted``, ``NoDraft``, ``DraftChanged``, ``CannotJoin``, and what ``save_draft``
    does.
    """
    actor.require(Act.CASE_DRAFT, body)
    require_reader(actor, stream)
    lock(body=body.key)
    own = living_draft(body=body, stream=stream)
    if own is None:
        raise NoDraft(stream)
    if own.version != expected_version or own.state not in EDITABLE:
        raise DraftChanged(own.state, own.version)
    known = {one.summary.stream: one for one in candidates(body=body, stream=stream, actor=actor)}
    drafts = [own]
    for other in dict.fromkeys(streams):
        if other not in known:
            raise CannotJoin(_("只有同一申请人、还没有答复的案件可以一并答复。"))
        drafts.append(_draft_for(body, own, known[other], actor))
    if not _named_alike([draft.stream for draft in drafts]):
        raise CannotJoin(_("这些案件的共同申请人、监护人不同，不能用一份答复书。"))
    key = (own.together or opaque("together")) if len(drafts) > 1 else ""
    left = [one for one in drafts_together(own) if one.key not in {draft.key for draft in drafts}]
    for one in [*drafts, *left]:
        one.together = key if one in drafts else ""
        one.save(update_fields=["together"])
    audit.record(
        "draft.saved", actor=actor, body=body, object=own.key,
        detail={"stream": stream, "together": [one.stream for one in drafts]},
    )  # fmt: skip
    return tuple(drafts)


def _draft_for(body: Body, own: ReplyDraft, other: Candidate, actor: Actor) -> ReplyDraft:
    number = other.summary.number
    if other.draft is None:
        content = content_of(own)
        parts = [{key: value for key, value in part.items() if key != "party"} for part in content.parts]
        return save_draft(
            body=body, stream=other.summary.stream, expected_version=0, actor=actor,
            content=replace(content, text="", files=(), parts=parts), expected_seq=other.summary.last_seq,
        )  # fmt: skip
    if other.draft.state not in EDITABLE:
        raise CannotJoin(_("%s 的答复稿已经送审，先撤回才能一并答复。") % number)
    if other.draft.together and not other.joined and len(drafts_together(other.draft)) > 1:
        raise CannotJoin(_("%s 已经与别的案件一并答复，先从那一份里拿出来。") % number)
    return other.draft


def in_order(drafts: Sequence[ReplyDraft]) -> list[ReplyDraft]:
    """As the document numbers them: by the day of receipt and the number of their cases."""
    rows = CaseSummary.objects.in_bulk([draft.stream for draft in drafts])
    return sorted(
        drafts, key=lambda one: (rows[one.stream].received_on or date.max, rows[one.stream].number)
    )  # fmt: skip


def document(
    *, body: Body, drafts: Sequence[ReplyDraft], actor: Actor, on: date | None = None, number: str = ""
) -> Preview:
    """The document that answers the cases of ``drafts``; raises ``LetterIncomplete``, ``NoAuthority``."""
    texts: list[tuple[str, str, str]] = []
    names: list[str] = []
    numbers = dict(
        CaseSummary.objects.filter(stream__in=[draft.stream for draft in drafts]).values_list(
            "stream", "number"
        )
    )
    for draft in drafts:
        occasion = occasion_of(
            body=body, stream=draft.stream, actor=actor, content=content_of(draft), on=on
        )  # fmt: skip
        remedies = values_of(reply_letter(draft.outcome, draft.sub_kind), occasion)["救济途径"]
        texts.append((numbers.get(draft.stream, ""), content_of(draft).text, remedies))
        names += released_names(body, draft.stream, draft.files)
    lead = drafts[0]
    occasion = occasion_of(body=body, stream=lead.stream, actor=actor, content=content_of(lead), on=on)
    attachments = [f"{place}.{name.partition('.')[2]}" for place, name in enumerate(names, 1)]
    return compose(
        reply_letter(lead.outcome, lead.sub_kind),
        replace(occasion, attachments=attachments, number=number),
        text=combined(texts),
    )


def combined(texts: Sequence[tuple[str, str, str]]) -> str:
    """One text of several: (number of the case, text, remedy paragraph), each under its own numeral.

    The remedy paragraphs stand at the end, each once; where they differ, with the items that it is about.
    """
    lines: list[str] = []
    remedies: dict[str, list[int]] = {}
    for place, (number, text, remedy) in enumerate(texts, 1):
        lines.append(f"{numeral(place)}、{number}")
        lines += [line for line in text.replace("\r\n", "\n").split("\n") if line != remedy]
        remedies.setdefault(remedy, []).append(place)
    for remedy, places in remedies.items():
        about = "、".join(numeral(place) for place in places)
        lines.append(remedy if len(remedies) == 1 else f"关于上述第{about}项：{remedy}")
    return "\n".join(lines)


@transaction.atomic
def submit_together(*, body: Body, stream: str, expected_version: int, actor: Actor) -> None:
    """``submit_draft`` for every draft of the document, all or none; raises what it does."""
    drafts = _shown(body, stream, expected_version, actor)
    _of_one_applicant(drafts)
    for draft in drafts:
        with _naming_the_case(draft, drafts):
            submit_draft(body=body, stream=draft.stream, expected_version=draft.version, actor=actor)


@transaction.atomic
def recall_together(*, body: Body, stream: str, expected_version: int, actor: Actor) -> None:
    """``recall_draft`` for every draft of the document."""
    for draft in _shown(body, stream, expected_version, actor):
        recall_draft(body=body, stream=draft.stream, expected_version=draft.version, actor=actor)


@transaction.atomic
def return_together(*, body: Body, stream: str, expected_version: int, remarks: str, actor: Actor) -> None:
    """``return_draft`` for every draft of the document, with the same remarks."""
    for draft in _shown(body, stream, expected_version, actor):
        return_draft(
            body=body, stream=draft.stream, expected_version=draft.version, remarks=remarks, actor=actor
        )


def _of_one_applicant(drafts: Sequence[ReplyDraft]) -> None:
    """Details may have been mended since the cases were joined: nobody gets an answer to somebody else."""
    streams = [draft.stream for draft in drafts]
    subjects = set(CaseText.objects.filter(stream__in=streams).values_list("subject", flat=True))
    if len(drafts) > 1 and len(subjects) != 1:
        raise DraftIncomplete([_("这些案件已经不是同一申请人的，请先把不是的拿出来（“增减”）。")])
    if not _named_alike(streams):
        raise DraftIncomplete(
            [_("这些案件的共同申请人、监护人不同，不能用一份答复书，请先把不同的拿出来（“增减”）。")]
        )


def _named_alike(streams: Sequence[str]) -> bool:
    """Whether one letter may be addressed for all: nobody gets the answer to a request of others."""
    return len({named_beside(stream) for stream in streams}) <= 1


@contextmanager
def _naming_the_case(draft: ReplyDraft, drafts: Sequence[ReplyDraft]) -> Generator[None]:
    """What is not complete is told with the case that it is about, where there are several."""
    try:
        yield
    except DraftIncomplete as incomplete:
        if len(drafts) == 1:
            raise
        number = CaseSummary.objects.get(stream=draft.stream).number
        raise DraftIncomplete([f"{number}：{one}" for one in incomplete.problems]) from incomplete


def _shown(body: Body, stream: str, expected_version: int, actor: Actor) -> list[ReplyDraft]:
    require_reader(actor, stream)
    lock(body=body.key)
    draft = living_draft(body=body, stream=stream)
    if draft is None:
        raise NoDraft(stream)
    if draft.version != expected_version:
        raise DraftChanged(draft.state, draft.version)
    return drafts_together(draft)


def approve_together(
    *,
    body: Body,
    stream: str,
    seen: Mapping[str, Seen],
    actor: Actor,
    occurred_on: date | None = None,
    although_changed: bool = False,
    expected_signed: int | None = None,
) -> tuple[dict[str, Performed], OutgoingLetter]:
    """Approve and issue one document for all cases answered together; gives the acts and the letter.

    ``seen``: of each case what was shown. All in one transaction: where one reply is refused, none is given.
    Raises as ``approve_draft``; ``RefusedFor`` names the case.
    """
    actor.require(Act.CASE_APPROVE, body)
    day = occurred_on or actor.today
    with refusals_audited(body=body, stream=stream, actor=actor), transaction.atomic():
        return _issue(body, stream, seen, actor, day, expected_signed, although_changed=although_changed)


def _issue(
    body: Body,
    stream: str,
    seen: Mapping[str, Seen],
    actor: Actor,
    day: date,
    expected_signed: int | None,
    *,
    although_changed: bool,
) -> tuple[dict[str, Performed], OutgoingLetter]:
    lock(body=body.key)
    draft = living_draft(body=body, stream=stream)
    if draft is None:
        raise NoDraft(stream)
    drafts = in_order(drafts_together(draft))
    if {one.stream for one in drafts} != set(seen):
        raise DraftChanged(draft.state, draft.version)
    _of_one_applicant(drafts)
    for one in drafts:
        shown = seen[one.stream]
        with _naming_the_case(one, drafts):
            ready_to_issue(
                body=body, stream=one.stream, expected_version=shown.version, expected_seq=shown.seq,
                actor=actor, day=day, although_changed=although_changed,
            )  # fmt: skip
    require_last_level(drafts, expected_signed)
    lead = drafts[0]
    kind = reply_letter(lead.outcome, lead.sub_kind)
    number = next_number(body=body, year=day.year, kind=kind.number)
    made = document(body=body, drafts=drafts, actor=actor, on=day, number=number)
    done = {
        one.stream: _reply(body, one, day, number, made.text, seen[one.stream].seq, actor) for one in drafts
    }
    occasion = occasion_of(body=body, stream=lead.stream, actor=actor, content=content_of(lead), on=day)
    letters = keep_letter(
        made, replace(occasion, number=number), actor,
        seqs={of_case: performed.new[0].seq for of_case, performed in done.items()},
    )  # fmt: skip
    for one in drafts:
        mark_approved(one, letters[one.stream], actor)
    return done, letters[stream]


def _reply(
    body: Body, draft: ReplyDraft, day: date, number: str, text: str, seq: int, actor: Actor
) -> Performed:
    step = reply_step(draft, day)
    step = replace(
        step, payload={**step.payload, "number": number}, texts={**content_of(draft).fields, "letter": text}
    )
    try:
        return perform_acts(body=body, stream=draft.stream, steps=[step], expected_seq=seq, actor=actor)
    except ActRefused as refused:
        of_case = CaseSummary.objects.get(stream=draft.stream).number
        raise RefusedFor(of_case, refused) from refused
