"""What a case is after its events: dated facts, no stored status and no stored deadline.

Every fact is a pair of dates or a list of them, so that a clock can always be worked out anew
(``gongkai.rules.cases.clocks``). All classes are frozen; ``None`` means: did not happen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gongkai.rules.event import Event
from gongkai.rules.vocabulary import Labelled, RemedyKind


class ConsultationKind(Labelled):
    """Whom a consultation asks (arts. 32 to 34)."""

    THIRD_PARTY = "third_party", "第三方"
    CO_MAKER = "co_maker", "共同制作机关"
    AGENCY = "agency", "其他机关"


@dataclass(frozen=True, slots=True)
class Correction:
    """One round of correcting an unclear request (art. 30)."""

    requested_on: date
    respond_by: date | None = None
    working_days: int | None = None
    delivered_on: date | None = None
    received_on: date | None = None
    lapsed_on: date | None = None
    reopened_on: date | None = None

    @property
    def awaited(self) -> bool:
        """The corrected request is still expected."""
        return self.received_on is None and self.lapsed_on is None


@dataclass(frozen=True, slots=True)
class Consultation:
    """One letter of consultation to one party or body."""

    kind: ConsultationKind
    party: str
    sent_on: date
    delivered_on: date | None = None
    answered_on: date | None = None
    consent: bool | None = None
    lapsed_on: date | None = None
    abandoned_on: date | None = None
    told_on: date | None = None
    """When the third party was told that its information is disclosed over its objection (art. 32)."""

    @property
    def open(self) -> bool:
        """Neither answered, nor lapsed, nor given up."""
        return self.answered_on is None and self.lapsed_on is None and self.abandoned_on is None


@dataclass(frozen=True, slots=True)
class Extension:
    """A longer reply period that the applicant was told of (art. 33)."""

    told_on: date
    working_days: int
    approved_by: str


@dataclass(frozen=True, slots=True)
class Fee:
    """A notice of the information processing fee (国办函〔2020〕109号)."""

    notified_on: date
    amount: str
    delivered_on: date | None = None
    paid_on: date | None = None
    lapsed_on: date | None = None

    @property
    def awaited(self) -> bool:
        """Payment is still expected."""
        return self.paid_on is None and self.lapsed_on is None


@dataclass(frozen=True, slots=True)
class Reasons:
    """Reasons asked for clearly excessive requests (art. 35)."""

    requested_on: date
    respond_by: date | None = None
    received_on: date | None = None
    reasonable: bool | None = None
    lapsed_on: date | None = None

    @property
    def awaited(self) -> bool:
        """No reasons were given yet and their period was not closed."""
        return self.received_on is None and self.lapsed_on is None


@dataclass(frozen=True, slots=True)
class Delay:
    """A reasonable delayed period in place of the reply period (art. 35)."""

    set_on: date
    due_on: date


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a partial reply: whether it was disclosed, and about whom it is."""

    part: str | None
    disclosed: bool
    party: str | None
    ground: str | None


@dataclass(frozen=True, slots=True)
class Reply:
    """A decision on the request and its service (arts. 36 to 40)."""

    issued_on: date
    outcome: str
    sub_kind: str | None = None
    number: str | None = None
    method: str | None = None
    reply_body: str | None = None
    parts: tuple[Part, ...] = ()
    remedies_told: bool = True
    dispatched_on: date | None = None
    delivered_on: date | None = None
    returned_on: date | None = None
    revoked_on: date | None = None
    revoked_by: str | None = None
    first_dispatched_on: date | None = None
    """The first dispatch: a letter that came back and is served again was still posted in time."""
    first_method: str | None = None
    """How it was first dispatched; a further service by another method does not undo that."""


@dataclass(frozen=True, slots=True)
class Rehandling:
    """A new reply is owed after a revocation or an order."""

    started_on: date
    working_days: int | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Remedy:
    """One proceeding at one stage (Table 4)."""

    remedy: str
    kind: RemedyKind
    instance: str | None
    filed_on: date
    procedure: str | None = None
    reached_on: date | None = None
    answered_on: date | None = None
    decided_on: date | None = None
    result: str | None = None
    by_third_party: bool = False
    """Filed by somebody else than the applicant."""


@dataclass(frozen=True, slots=True)
class Task:
    """Work given to a unit inside the organ."""

    unit: str
    kind: str
    assigned_on: date


@dataclass(frozen=True, slots=True)
class CaseState:
    """A case as its events leave it.

    ``entries`` are the events as entered, each with its ``seq``; ``events`` are the effective ones:
    corrections of entries are carried out, void entries are left out.
    """

    entries: tuple[Event, ...] = ()
    events: tuple[Event, ...] = ()
    last_seq: int = 0
    opening: bool = False
    """It was open before the ledger began, or before the rules known here: its clocks are unknown."""
    submitted_on: date | None = None
    channel: str | None = None
    applicant_kind: str | None = None
    received_on: date | None = None
    split_from: str | None = None
    number: str | None = None
    corrections: tuple[Correction, ...] = ()
    consultations: tuple[Consultation, ...] = ()
    extensions: tuple[Extension, ...] = ()
    fees: tuple[Fee, ...] = ()
    reasons: tuple[Reasons, ...] = ()
    delays: tuple[Delay, ...] = ()
    replies: tuple[Reply, ...] = ()
    rehandlings: tuple[Rehandling, ...] = ()
    rehandling_pending: bool = False
    """Handling anew began and its reply is not there yet."""
    withdrawn_on: date | None = None
    archived_on: date | None = None
    converted_on: date | None = None
    remedies: tuple[Remedy, ...] = ()
    tasks: tuple[Task, ...] = ()
    """Open tasks of units inside the organ."""

    @property
    def reply(self) -> Reply | None:
        """The reply that stands: the last one, unless it was revoked."""
        last = self.replies[-1] if self.replies else None
        return last if last is not None and last.revoked_on is None else None

    @property
    def reply_owed(self) -> bool:
        """An answer is still due: none stands, or handling anew began after the last one."""
        if self.withdrawn_on is not None:
            return False
        return self.rehandling_pending or self.reply is None

    @property
    def correction_awaited(self) -> Correction | None:
        """The round of correction that is still open."""
        last = self.corrections[-1] if self.corrections else None
        return last if last is not None and last.awaited and self.in_hand(last.requested_on) else None

    @property
    def fee_awaited(self) -> Fee | None:
        """The fee notice that is neither paid nor lapsed."""
        last = self.fees[-1] if self.fees else None
        return last if last is not None and last.awaited and self.in_hand(last.notified_on) else None

    def in_hand(self, day: date) -> bool:
        """Handling anew leaves behind what was awaited before it."""
        return not any(rehandling.started_on > day for rehandling in self.rehandlings)

    @property
    def closed(self) -> bool:
        """Answered or withdrawn, nothing owed."""
        return self.withdrawn_on is not None or not self.reply_owed


class Phase(StrEnum):
    """Where a case is, in one word, for lists and for ``gongkai clock``; worked out, never stored."""

    NOT_RECEIVED = "not_received"
    SUBMITTED = "submitted"
    HANDLING = "handling"
    AWAITING_CORRECTION = "awaiting_correction"
    AWAITING_FEE = "awaiting_fee"
    CONSULTING = "consulting"
    REHANDLING = "rehandling"
    REPLIED = "replied"
    DELIVERED = "delivered"
    REVOKED = "revoked"
    WITHDRAWN = "withdrawn"
    ARCHIVED = "archived"


def phase(state: CaseState) -> Phase:
    """The one word for a case; what is furthest along wins: a reply may be revoked after the archive."""
    if state.received_on is None:
        return Phase.SUBMITTED if state.submitted_on is not None else Phase.NOT_RECEIVED
    if state.archived_on is not None:
        revoked_since = bool(state.replies) and state.reply is None and state.withdrawn_on is None
        return Phase.REVOKED if revoked_since else Phase.ARCHIVED
    if state.withdrawn_on is not None:
        return Phase.WITHDRAWN
    if not state.rehandling_pending:
        if state.reply is not None:
            return Phase.DELIVERED if state.reply.delivered_on is not None else Phase.REPLIED
        if state.replies:
            return Phase.REVOKED
    if state.correction_awaited is not None:
        return Phase.AWAITING_CORRECTION
    if state.fee_awaited is not None:
        return Phase.AWAITING_FEE
    if any(c.open and not any(r.issued_on >= c.sent_on for r in state.replies) for c in state.consultations):
        return Phase.CONSULTING
    return Phase.REHANDLING if state.rehandling_pending else Phase.HANDLING
