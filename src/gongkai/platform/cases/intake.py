"""What the pages of intake show: choices, what a registration would do, letters that wait to be confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from gongkai.platform.cases.applicants import ApplicantDetails, IdentityType, RequestedItem
from gongkai.platform.cases.models import CaseSummary, CaseText, Direction, IncomingLetter, Referral
from gongkai.platform.cases.projection import work_out
from gongkai.platform.cases.readers import readable
from gongkai.platform.cases.receipt import Receipt, ReceiptBasis, receipt_of
from gongkai.platform.cases.services.referrals import Ticket
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.bases import Basis, basis_for
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act
from gongkai.platform.core.rest import Rest, rest
from gongkai.rules.cases.decide import Command, decide
from gongkai.rules.cases.state import CaseState
from gongkai.rules.event import Event
from gongkai.rules.refusal import Refusal
from gongkai.rules.vocabulary import CONFIRMED_CHANNELS, ApplicantKind, Channel

CHANNELS: list[tuple[str, str]] = [(channel.value, channel.label_zh) for channel in Channel]
APPLICANT_KINDS: list[tuple[str, str]] = [(kind.value, kind.label_zh) for kind in ApplicantKind]
PERSON = ApplicantKind.NATURAL_PERSON.value
ORAL = Channel.ORAL.value
TO_BE_CONFIRMED = frozenset(channel.value for channel in CONFIRMED_CHANNELS)


@dataclass(frozen=True, slots=True)
class ReceiptPreview:
    """What a registration would mean for the clock, worked out as the case itself will be."""

    receipt: Receipt
    how: Any
    """How the day of receipt is fixed, in words; empty while it is not."""
    reply_due: Rest | None
    """Last day of the reply (art. 33)."""
    notice_due: Rest | None
    """Last day for asking for a correction (art. 30)."""
    confirm_by: Rest | None
    """Until when receipt must be confirmed (art. 31), where it is not yet."""
    refusal: str = ""
    """Why the rules would refuse it, with the article."""


def preview_receipt(
    *, body: Body, actor: Actor, channel: str, came_on: date, confirmed_on: date | None, confirmation: str
) -> ReceiptPreview:
    """What registering would do; raises ``BadIntake`` as the registration itself does."""
    receipt = receipt_of(
        body=body, actor=actor, channel=channel, came_on=came_on, confirmed_on=confirmed_on,
        confirmation=confirmation,
    )  # fmt: skip
    basis = basis_for(body, known_on=actor.present.known_on)
    kind = "request.submitted" if receipt.on is None else "request.received"
    payload = {"channel": channel, "applicant_kind": PERSON}
    on = receipt.on or came_on
    decided = decide(CaseState(), Command(kind, on, payload), basis.law, basis.calendar)
    how = ReceiptBasis(receipt.how).label if receipt.how else ""
    if isinstance(decided, Refusal):
        refusal = f"{decided.message()}（{decided.article}）"
        return ReceiptPreview(receipt, how, None, None, None, refusal)
    due = _due_dates([Event(kind, on, payload, seq=1)], basis, actor.today)
    return ReceiptPreview(
        receipt, how, due.get("reply"), due.get("correction_notice"), due.get("confirmation")
    )


def _due_dates(events: Sequence[Event], basis: Basis, today: date) -> dict[str, Rest]:
    clocks = work_out(events, basis, max(today, events[-1].occurred_on)).deadlines
    found = () if clocks is None else clocks.clocks
    return {
        clock.clock: rest(clock.due_on, today, basis.calendar) for clock in found if clock.due_on is not None
    }


def advice_on(
    applicant: ApplicantDetails, items: Sequence[RequestedItem], papers: Sequence[str]
) -> list[Any]:
    """What an application lacks of art. 29, or what looks mistyped; none of it stands against registering.

    ``papers``: kinds of the papers that came with it. What is missing is asked for by a correction notice
    (art. 30), once and completely.
    """
    found: list[Any] = []
    if not applicant.name:
        found.append(_("没有申请人的姓名或者名称（第二十九条第二款第一项）"))
    if not applicant.identity_number and "identity" not in papers:
        found.append(_("没有身份证明（第二十九条第二款第一项）"))
    if not (applicant.phone or applicant.address or applicant.email):
        found.append(_("没有联系方式（第二十九条第二款第一项）"))
    if any(not item.form_wanted or not item.way_wanted for item in items):
        found.append(_("没有写明所需信息的形式、获取方式（第二十九条第二款第三项）"))
    if applicant.agent_name and "authority" not in papers:
        found.append(_("有代理人，没有授权委托书"))
    number = applicant.identity_number.strip().upper()
    if applicant.identity_type == IdentityType.RESIDENT_CARD and number and not is_resident_number(number):
        found.append(_("身份证号码的校验位不对，请与证件再核对一次"))
    return found


_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def is_resident_number(number: str) -> bool:
    """Whether an 18-digit citizen number has the check sign that GB 11643-1999 gives it."""
    if len(number) != 18 or not (number[:17].isascii() and number[:17].isdigit()):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == number[17]


def ticket_known(body: Body, ticket: Ticket | None) -> tuple[str, ...]:
    """The letters that came in under the same ticket before: perhaps this one is registered already."""
    if ticket is None:
        return ()
    number = "".join(ticket.number.split())
    rows = Referral.objects.filter(
        body=body, direction=Direction.IN, counterpart=ticket.counterpart, number=number
    )
    return tuple(rows.order_by("on").values_list("letter", flat=True)[:5])


@dataclass(frozen=True, slots=True)
class LetterCase:
    """A case of a letter."""

    stream: str
    number: str
    title: str
    unit: int
    seq: int
    waiting: bool
    reply_due: Rest | None


@dataclass(frozen=True, slots=True)
class LetterView:
    """A letter with its cases, as the pages of intake show it."""

    ref: str
    channel: str
    channel_label: str
    label: str
    """The applicant as lists show them."""
    came_on: date
    received_on: date | None
    confirm_by: Rest | None
    cases: tuple[LetterCase, ...]

    @property
    def waiting(self) -> bool:
        """Whether some case still waits for confirmation of its receipt."""
        return any(case.waiting for case in self.cases)


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """Letters that wait for confirmation: those that are listed, and how many come after them."""

    letters: tuple[LetterView, ...]
    more: int


def letter_view(*, body: Body, ref: str, actor: Actor) -> LetterView | None:
    """A letter of the body; ``None`` where there is none. Raises ``NotPermitted`` without ``CASE_SEE``."""
    actor.require(Act.CASE_SEE, body)
    letter = IncomingLetter.objects.filter(body=body, ref=ref).first()
    return None if letter is None else next(iter(_views(body, [letter], actor)), None)


def unconfirmed_letters(*, body: Body, actor: Actor, most: int = 200) -> Unconfirmed:
    """Letters that wait for confirmation of receipt, oldest first; raises ``NotPermitted``."""
    actor.require(Act.CASE_REGISTER, body)
    streams = readable(CaseSummary.objects.filter(body=body, open=True, phase="submitted"), actor)
    waiting = IncomingLetter.objects.filter(body=body, texts__stream__in=streams.values("stream")).distinct()
    letters = list(waiting.order_by("came_on", "ref")[:most])
    more = waiting.count() - len(letters) if len(letters) == most else 0
    return Unconfirmed(tuple(_views(body, letters, actor)), more)


def _views(body: Body, letters: Sequence[IncomingLetter], actor: Actor) -> list[LetterView]:
    """The letters with those of their cases that the actor may read; without one with none of them."""
    basis = basis_for(body, known_on=actor.present.known_on)
    texts: dict[str, list[CaseText]] = {}
    whole = CaseText.objects.filter(letter__in=letters).order_by("letter", "unit")
    for text in readable(whole, actor):
        texts.setdefault(str(text.letter_id), []).append(text)
    rows = CaseSummary.objects.in_bulk([text.stream for group in texts.values() for text in group])

    def case(text: CaseText) -> LetterCase | None:
        row = rows.get(text.stream)
        if row is None:
            return None
        due = None if row.reply_due_on is None else rest(row.reply_due_on, actor.today, basis.calendar)
        return LetterCase(
            text.stream, row.number, text.title, text.unit, row.last_seq, row.phase == "submitted", due
        )

    held = set(whole.values_list("letter", flat=True))
    views: list[LetterView] = []
    for letter in letters:
        group = texts.get(letter.ref, [])
        if not group and letter.ref in held:
            continue
        cases = tuple(found for text in group if (found := case(text)) is not None)
        received = [row.received_on for text in group if (row := rows.get(text.stream)) is not None]
        waiting = any(one.waiting for one in cases)
        views.append(
            LetterView(
                letter.ref, letter.channel, Channel(letter.channel).label_zh,
                group[0].applicant_label if group else letter.applicant_label, letter.came_on,
                next((day for day in received if day is not None), None),
                rest(letter.came_on, actor.today, basis.calendar) if waiting else None, cases,
            )
        )  # fmt: skip
    return views
