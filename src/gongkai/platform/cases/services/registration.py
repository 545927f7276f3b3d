"""A letter comes in: its one or several requests become cases, with the day of receipt as art. 31 has it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gongkai.platform.cases.applicants import (
    APPLICANT,
    ApplicantDetails,
    RequestedItem,
    fields_of,
    same_applicant,
)
from gongkai.platform.cases.models import (
    CaseSummary,
    CaseText,
    IncomingLetter,
)
from gongkai.platform.cases.readers import require_reader
from gongkai.platform.cases.receipt import BadIntake, Receipt, ReceiptBasis, receipt_of
from gongkai.platform.cases.search.index import index_case_text
from gongkai.platform.cases.services.acting import ActRefused, Step, perform_acts, refusals_audited
from gongkai.platform.cases.services.matters import (
    OtherMatter,
    check_matters,
    next_place,
    note_matters,
)
from gongkai.platform.cases.services.numbers import next_number
from gongkai.platform.cases.services.papers import NewPaper, add_papers
from gongkai.platform.cases.services.referrals import Ticket, note_ticket
from gongkai.platform.cases.services.sensitive import flag_alike
from gongkai.platform.core import audit, private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.identifiers import opaque
from gongkai.platform.core.models import Body, PrivateRecord, Subject
from gongkai.platform.core.permissions import Act
from gongkai.platform.ledger.selectors import history
from gongkai.platform.ledger.services import lock
from gongkai.rules.cases.fold import fold
from gongkai.rules.refusal import refuse
from gongkai.rules.vocabulary import CONFIRMED_CHANNELS, ApplicantKind, NoteKind


class RegisteredAlready(ValueError):
    """A letter of this reference is there: the form was sent twice. ``letter``."""

    def __init__(self, letter: IncomingLetter) -> None:
        super().__init__(letter.ref)
        self.letter = letter


def new_letter_ref() -> str:
    """A reference for a letter that is about to be registered."""
    return opaque("letter", 16)


def is_letter_ref(text: str) -> bool:
    """Whether a text has the shape of ``new_letter_ref``; what a form sends back may be anything."""
    return _REF.fullmatch(text) is not None


_REF = re.compile(r"letter-[a-z0-9]{16}")


@dataclass(frozen=True, slots=True)
class Registered:
    """A letter and its cases, in the order of its items."""

    letter: IncomingLetter
    summaries: tuple[CaseSummary, ...]


def register_letter(
    *,
    body: Body,
    actor: Actor,
    channel: str,
    came_on: date,
    applicant: ApplicantDetails,
    items: Sequence[RequestedItem],
    confirmed_on: date | None = None,
    confirmation: str = "",
    remark: str = "",
    registered_on: date | None = None,
    subject: Subject | None = None,
    papers: Sequence[NewPaper] = (),
    ref: str = "",
    others: Sequence[OtherMatter] = (),
    ticket: Ticket | None = None,
) -> Registered:
    """Register a letter: one request becomes one case, several are split into one case each.

    - ``came_on``: the day it was handed in, signed for, or arrived; ``confirmed_on`` and ``confirmation``
      (one of ``CONFIRMATIONS``) where the channel's receipt is the day of confirmation, see ``receipt_of``;
    - without confirmation the cases are ``submitted``: no clock of the reply, no number yet
      (``confirm_receipt``);
    - received, each case has its number: the next of the year of ``registered_on`` (default: today), or the
      item's own. A letter may be entered later than it came, with its legal dates;
    - several items: the first case is the letter's, the others are split from it with the receipt copied;
    - the applicant is joined to a known subject where name and identity number (or phone) are the same, or
      to ``subject``; ``remark`` is kept encrypted;
    - ``ref`` (``new_letter_ref``) names the letter before it is registered, so that a form that is sent twice
      registers once;
    - ``others``: what the letter holds beside (a petition, a consultation), at the places that they name; a
      letter of others alone becomes no case and gets no number;
    - ``ticket``: by whom it was handed to the body, and its number there.

    All in one transaction. Raises ``BadIntake``, ``RegisteredAlready``, ``FileRefused``, ``BadPaper``,
    ``BadMatter``, ``BadReferral``, and
    what ``perform_acts`` raises: ``NotPermitted``, ``ActRefused``, ``DatedInFuture``; ``NoShortName`` where
    the body cannot number. Source: Regulation arts. 29, 31, 45.
    """
    actor.require(Act.CASE_REGISTER, body)
    _check(applicant, items, others)
    receipt = receipt_of(
        body=body, actor=actor, channel=channel, came_on=came_on, confirmed_on=confirmed_on,
        confirmation=confirmation,
    )  # fmt: skip
    if not items and came_on > actor.today:
        raise BadIntake("came_on", _("不能晚于今天"))
    day = actor.today if registered_on is None else registered_on
    intake = Intake(body, actor, str(channel), receipt, applicant, remark, day)
    with refusals_audited(body=body, stream="", actor=actor), transaction.atomic():
        lock(body=body.key)
        done = intake.register(ref or new_letter_ref(), items, subject, papers, others)
        if ticket is not None:
            note_ticket(letter=done.letter, ticket=ticket, actor=actor)
        return done


def confirm_receipt(
    *,
    body: Body,
    letter: IncomingLetter,
    actor: Actor,
    confirmed_on: date,
    confirmation: str,
    expected_seq: Mapping[str, int],
    remark: str = "",
    registered_on: date | None = None,
    call: Mapping[str, str] | None = None,
) -> Registered:
    """Confirm a letter that came by ordinary post, fax, e-mail or internet: number its cases.

    ``expected_seq`` has for every case of the letter that waits the number of the last entry that the
    officer saw. ``call`` is the record of the telephone call that confirmed it (``phone``, ``at``,
    ``spoke_to``, ``text``): it is entered with the receipt, in every case. All in one transaction. Raises
    ``BadIntake``, where nothing waits any more too, and what ``perform_acts`` raises.
    Source: Regulation art. 31(2), (3).
    """
    actor.require(Act.CASE_REGISTER, body)
    receipt = receipt_of(
        body=body, actor=actor, channel=letter.channel, came_on=letter.came_on, confirmed_on=confirmed_on,
        confirmation=confirmation,
    )  # fmt: skip
    day = actor.today if registered_on is None else registered_on
    with refusals_audited(body=body, stream="", actor=actor), transaction.atomic():
        lock(body=body.key)
        return _confirm(body, letter, actor, receipt, expected_seq, remark, day, _call_step(receipt, call))


def _confirm(
    body: Body,
    letter: IncomingLetter,
    actor: Actor,
    receipt: Receipt,
    expected_seq: Mapping[str, int],
    remark: str,
    day: date,
    call: Sequence[Step],
) -> Registered:
    streams = list(CaseText.objects.filter(letter=letter).order_by("unit").values_list("stream", "unit"))
    waiting = {
        row.stream: row
        for row in CaseSummary.objects.filter(body=body, stream__in=dict(streams), received_on=None)
        if row.submitted_on is not None
    }
    if not waiting:
        raise BadIntake("letter", _("这件来件没有等待确认的申请，可能已有人确认"))
    summaries: list[CaseSummary] = []
    for stream, unit in streams:
        if stream not in waiting:
            continue
        kind = waiting[stream].applicant_kind
        step = _receipt_step(
            letter.ref,
            unit,
            letter.channel,
            kind,
            receipt,
            day,
            first=not summaries,
            texts={"remark": remark},
        )
        done = perform_acts(
            body=body,
            stream=stream,
            steps=[step, *call, _numbered(body, "", day)],
            expected_seq=expected_seq.get(stream, 0),
            actor=actor,
        )
        summaries.append(done.summary)
    return Registered(letter, tuple(summaries))


def _call_step(receipt: Receipt, call: Mapping[str, str] | None) -> tuple[Step, ...]:
    """The record of the call that confirmed a receipt; none where nothing of it was written down."""
    said = {key: text.strip() for key, text in (call or {}).items() if text.strip()}
    if not said or receipt.how != ReceiptBasis.CONFIRMED_BY_PHONE.value or receipt.on is None:
        return ()
    if not said.get("text"):
        raise BadIntake("call_text", _("请写明电话里说了什么"))
    return (Step("note.added", receipt.on, {"kind": NoteKind.CALL.value}, said),)


def split_case(
    *,
    body: Body,
    stream: str,
    actor: Actor,
    expected_seq: int,
    items: Sequence[RequestedItem],
    split_on: date | None = None,
    reason: str = "",
) -> tuple[CaseSummary, ...]:
    """Split further requests off a case that turned out to hold several; before a reply only.

    Each becomes a case with the receipt copied and a number of its own; the first case keeps its clock, its
    number, and a note with ``reason``. What is left of it is written anew with ``describe_case``. Raises
    ``BadIntake`` and what ``perform_acts`` raises; ``split_after_reply`` once there is a reply.
    """
    actor.require(Act.CASE_REGISTER, body)
    if not items:
        raise BadIntake("description", _("至少要有一项申请"))
    require_reader(actor, stream)
    day = actor.today if split_on is None else split_on
    with refusals_audited(body=body, stream=stream, actor=actor), transaction.atomic():
        lock(body=body.key)
        return _split(body, stream, actor, expected_seq, items, day, reason.strip())


def _split(
    body: Body,
    stream: str,
    actor: Actor,
    expected_seq: int,
    items: Sequence[RequestedItem],
    day: date,
    reason: str,
) -> tuple[CaseSummary, ...]:
    state = fold(history(body=body.key, stream=stream).events)
    if state.replies:
        raise ActRefused("case.split", refuse("split_after_reply"))
    if state.withdrawn_on is not None:
        raise ActRefused("case.split", refuse("withdrawn", on=state.withdrawn_on))
    if state.received_on is None:
        raise ActRefused("case.split", refuse("not_received"))
    text = CaseText.objects.select_related("letter").filter(stream=stream).first()
    if text is None:
        raise BadIntake("description", _("案件里没有录入申请人和申请内容，请先补登，再拆分"))
    source = stream if text.letter is None else text.letter.ref
    unit = text.unit if text.letter is None else next_place(text.letter) - 1
    receipt = Receipt(state.received_on, state.received_on, "")
    summaries: list[CaseSummary] = []
    for item in items:
        unit += 1
        new = opaque("case")
        _new_text(
            stream=new, body=body, subject=text.subject, letter=text.letter, unit=unit, title=item.name,
            description=item.description, applicant_label=text.applicant_label, details=text.details,
        )  # fmt: skip
        step = _receipt_step(
            source, unit, state.channel or "", state.applicant_kind or "", receipt, day, first=False,
            texts=_texts(item),
        )  # fmt: skip
        done = perform_acts(
            body=body,
            stream=new,
            steps=[step, _numbered(body, item.number, day)],
            expected_seq=0,
            actor=actor,
        )
        flag_alike(body=body, stream=stream, new=new, actor=actor)
        summaries.append(done.summary)
    numbers = "、".join(summary.number for summary in summaries)
    said = f"拆分出{numbers}" + (f"；理由：{reason}" if reason else "")
    note = Step("note.added", day, {"kind": "other"}, {"text": said})
    perform_acts(body=body, stream=stream, steps=[note], expected_seq=expected_seq, actor=actor)
    return tuple(summaries)


def describe_case(
    *,
    body: Body,
    stream: str,
    actor: Actor,
    title: str,
    description: str,
    subject: Subject | None = None,
    applicant: ApplicantDetails | None = None,
) -> CaseText:
    """Write, or write anew, what a case asks for in words, and with ``applicant`` who asks.

    Words are no legal act: the ledger keeps its commitment to what was first received, the audit that the
    words were changed. An applicant's former details are deleted once no case refers to them.
    """
    actor.require(Act.CASE_ACT, body)
    require_reader(actor, stream)
    with transaction.atomic():
        text = CaseText.objects.select_for_update().filter(stream=stream).first()
        if text is not None and text.body.key != body.key:
            raise BadIntake("stream", _("不是本机关的案件"))
        text = text or CaseText(stream=stream, body=body)
        former = text.details
        if subject is not None:
            text.subject = subject
        if applicant is not None:
            text.subject = text.subject or same_applicant(body=body, applicant=applicant)
            text.subject = text.subject or private.new_subject(body=body, actor=actor)
            kept = private.keep(
                body=body, stream=stream, kind=APPLICANT, fields=fields_of(applicant), actor=actor,
                subject=text.subject,
            )  # fmt: skip
            text.details, text.applicant_label = kept.ref, applicant.label
        text.title = RequestedItem(description=description, title=title).name
        text.description = description
        text.save()
        index_case_text(text)
        if former and former != text.details and not CaseText.objects.filter(details=former).exists():
            PrivateRecord.objects.filter(ref=former).delete()
        audit.record(
            "case.described", actor=actor, body=body, object=stream,
            detail={"applicant": applicant is not None},
        )  # fmt: skip
    return text


def _check(
    applicant: ApplicantDetails, items: Sequence[RequestedItem], others: Sequence[OtherMatter]
) -> None:
    if applicant.kind not in set(ApplicantKind):
        raise BadIntake("kind", _("请选择申请人类别"))
    if not items and not others:
        raise BadIntake("description", _("至少要有一项申请"))
    check_matters(others)
    places = [other.n for other in others if other.n]
    if len(places) != len(set(places)) or any(n > len(items) + len(others) for n in places):
        raise BadIntake("description", _("各项的先后次序不对"))
    numbers = [item.number for item in items if item.number]
    if len(numbers) != len(set(numbers)):
        raise BadIntake("number", _("同一编号不能给两件"))


@dataclass(frozen=True, slots=True)
class Writer:
    """Who wrote a letter, as its next cases take it over."""

    subject: Subject | None
    label: str
    details: str
    applicant: ApplicantDetails


@dataclass(frozen=True, slots=True)
class Intake:
    """What all cases of a letter share."""

    body: Body
    actor: Actor
    channel: str
    receipt: Receipt
    applicant: ApplicantDetails
    remark: str
    day: date

    def register(
        self,
        ref: str,
        items: Sequence[RequestedItem],
        subject: Subject | None,
        papers: Sequence[NewPaper],
        others: Sequence[OtherMatter],
    ) -> Registered:
        body, actor = self.body, self.actor
        if (known := IncomingLetter.objects.filter(ref=ref).first()) is not None:
            raise RegisteredAlready(known)
        owner = subject or same_applicant(body=body, applicant=self.applicant)
        owner = owner or private.new_subject(body=body, actor=actor)
        kept = private.keep(
            body=body, stream=ref, kind=APPLICANT, fields=fields_of(self.applicant), actor=actor,
            subject=owner,
        )  # fmt: skip
        letter = IncomingLetter.objects.create(
            ref=ref, body=body, subject=owner, channel=self.channel,
            came_on=self.receipt.came_on, registered_at=actor.present.moment, registered_by=actor.seat,
            applicant_label=self.applicant.label, details=kept.ref,
        )  # fmt: skip
        taken = {other.n for other in others}
        places = [n for n in range(1, len(items) + len(others) + 1) if n not in taken]
        writer = Writer(owner, self.applicant.label, kept.ref, self.applicant)
        summaries = self.cases(letter, writer, list(zip(places, items, strict=False)), first=True)
        note_matters(body=body, letter=letter, matters=others, actor=actor)
        if not summaries:
            audit.record(
                "letter.noted", actor=actor, body=body, object=ref,
                detail={"channel": self.channel, "matters": len(others)},
            )  # fmt: skip
        add_papers(body=body, stream=letter.ref, papers=papers, actor=actor, subject=owner)
        return Registered(letter, summaries)

    def cases(
        self,
        letter: IncomingLetter,
        writer: Writer,
        items: Sequence[tuple[int, RequestedItem]],
        *,
        first: bool,
    ) -> tuple[CaseSummary, ...]:
        """Make a case of each item at its place; ``first``: the letter has none yet."""
        body, actor = self.body, self.actor
        summaries: list[CaseSummary] = []
        for at, (unit, item) in enumerate(items):
            stream = opaque("case")
            _new_text(
                stream=stream, body=body, subject=writer.subject, letter=letter, unit=unit, title=item.name,
                description=item.description, applicant_label=writer.label, details=writer.details,
            )  # fmt: skip
            steps = self._steps(letter.ref, unit, item, first=first and at == 0)
            done = perform_acts(body=body, stream=stream, steps=steps, expected_seq=0, actor=actor)
            summaries.append(done.summary)
            audit.record(
                "case.registered", actor=actor, body=body, object=stream,
                detail={"letter": letter.ref, "channel": self.channel, "unit": unit, "items": len(items)},
            )  # fmt: skip
        return tuple(summaries)

    def _steps(self, letter: str, unit: int, item: RequestedItem, *, first: bool) -> list[Step]:
        texts = _texts(item, self.remark)
        steps: list[Step] = []
        kind = self.applicant.kind
        if self.channel in CONFIRMED_CHANNELS:
            payload = {"channel": self.channel, "applicant_kind": kind}
            steps.append(Step("request.submitted", self.receipt.came_on, payload, texts))
            texts = {}
        if self.receipt.on is None:
            return steps
        steps.append(
            _receipt_step(letter, unit, self.channel, kind, self.receipt, self.day, first=first, texts=texts)
        )
        return [*steps, _numbered(self.body, item.number, self.day)]


def _new_text(**given: Any) -> CaseText:
    """The words of a new case, and their place in the index."""
    text = CaseText.objects.create(**given)
    index_case_text(text)
    return text


def _texts(item: RequestedItem, remark: str = "") -> dict[str, Any]:
    """What is kept encrypted of an item; the ledger commits to it."""
    given = {key: value for key, value in asdict(item).items() if value and key != "number"}
    return {**given, "remark": remark} if remark else given


def _receipt_step(
    letter: str, unit: int, channel: str, kind: str, receipt: Receipt, day: date, *, first: bool,
    texts: Mapping[str, Any],
) -> Step:  # fmt: skip
    """The receipt: of a letter's first case itself, of the others copied from it."""
    given = {key: value for key, value in texts.items() if value}
    on = receipt.on or receipt.came_on
    if first:
        payload = {"channel": channel, "applicant_kind": kind, "how": receipt.how, "letter": letter}
        return Step("request.received", on, payload, given)
    copied = {"received_on": on.isoformat(), "channel": channel, "applicant_kind": kind}
    return Step("case.split", day, {"from": letter, "unit": unit, **copied}, given)


def _numbered(body: Body, number: str, on: date) -> Step:
    given = number or next_number(body=body, year=on.year, kind="request")
    return Step("request.registered", on, {"number": given})
