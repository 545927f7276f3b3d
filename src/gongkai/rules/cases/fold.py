"""``fold``: events of one case into its state. Never refuses: whether an act was lawful is ``decide``'s.

Order of the events is the order in which they were entered; dates in them are legal dates, which may
lie earlier. An item (a consultation, a round of correction …) is found by its party or body, else it is
the last one that is still open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from typing import Any, TypeVar, cast

from gongkai.rules.cases.state import (
    CaseState,
    Consultation,
    ConsultationKind,
    Correction,
    Delay,
    Extension,
    Fee,
    Part,
    Reasons,
    Rehandling,
    Remedy,
    Reply,
    Task,
)
from gongkai.rules.event import Event
from gongkai.rules.vocabulary import RemedyKind

Item = TypeVar("Item", Consultation, Correction, Fee, Reasons, Reply, Remedy)


class CannotFold(ValueError):
    """Events that do not belong together: ``kind`` needs something that no earlier event made."""

    def __init__(self, event: Event) -> None:
        super().__init__(f"{event.kind} on {event.occurred_on}: nothing before it that it could belong to")
        self.event = event


def fold(events: Iterable[Event]) -> CaseState:
    """The state after ``events`` of one stream, in the order in which they were entered.

    Raises ``CannotFold`` where an event needs what is not there (an answer without a question).
    """
    entered = [event if event.seq > 0 else replace(event, seq=at) for at, event in enumerate(events, 1)]
    work = _Work()
    work.entries = entered
    work.last_seq = max((event.seq for event in entered), default=0)
    for event in effective(entered):
        _STEPS.get(event.kind, _nothing)(work, event)
        work.events.append(event)
    return work.state()


def effective(events: Sequence[Event]) -> list[Event]:
    """The events as corrections of entries leave them: replaced in their place, void ones left out."""
    corrections = [event for event in events if event.kind == "entry.corrected"]
    if not corrections:
        return list(events)
    by_seq: dict[int, Event | None] = {event.seq or at: event for at, event in enumerate(events, 1)}
    for correction in corrections:
        seq = int(correction.payload["seq"])
        if seq not in by_seq:
            raise CannotFold(correction)
        by_seq[seq] = replaced(
            by_seq[seq], cast("Mapping[str, Any] | None", correction.payload.get("replacement"))
        )
    return [event for event in by_seq.values() if event is not None]


def replaced(event: Event | None, replacement: Mapping[str, Any] | None) -> Event | None:
    """``event`` with the date or payload that a correction gives; ``None`` where it makes it void."""
    if event is None or replacement is None:
        return None
    on = replacement.get("occurred_on")
    payload = replacement.get("payload")
    return replace(
        event,
        occurred_on=event.occurred_on if on is None else date.fromisoformat(on),
        payload=event.payload if payload is None else payload,
    )


class _Work:
    """A ``CaseState`` in the making: the same fields, lists in place of tuples."""

    def __init__(self) -> None:
        self.entries: list[Event] = []
        self.events: list[Event] = []
        self.last_seq = 0
        self.opening = False
        self.submitted_on: date | None = None
        self.channel: str | None = None
        self.applicant_kind: str | None = None
        self.received_on: date | None = None
        self.split_from: str | None = None
        self.number: str | None = None
        self.corrections: list[Correction] = []
        self.consultations: list[Consultation] = []
        self.extensions: list[Extension] = []
        self.fees: list[Fee] = []
        self.reasons: list[Reasons] = []
        self.delays: list[Delay] = []
        self.replies: list[Reply] = []
        self.rehandlings: list[Rehandling] = []
        self.rehandling_pending = False
        self.withdrawn_on: date | None = None
        self.archived_on: date | None = None
        self.converted_on: date | None = None
        self.remedies: list[Remedy] = []
        self.tasks: list[Task] = []

    def state(self) -> CaseState:
        values: dict[str, Any] = {field.name: getattr(self, field.name) for field in fields(CaseState)}
        frozen: dict[str, Any] = {
            name: tuple(cast("list[Any]", value)) if isinstance(value, list) else value
            for name, value in values.items()
        }
        return CaseState(**frozen)


def _day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _change(items: list[Item], event: Event, pick: Callable[[Item], bool], **values: Any) -> None:
    """Change the last item that ``pick`` takes."""
    for at in range(len(items) - 1, -1, -1):
        if pick(items[at]):
            items[at] = replace(items[at], **values)
            return
    raise CannotFold(event)


def _nothing(_work: _Work, _event: Event) -> None:
    """Kinds that change nothing in the state (notes, and kinds of a newer schema)."""


def _opening(work: _Work, event: Event) -> None:
    work.opening = True
    work.received_on = date.fromisoformat(event.payload["received_on"])
    work.applicant_kind = event.payload["applicant_kind"]
    work.channel = event.payload.get("channel")


def _submitted(work: _Work, event: Event) -> None:
    work.submitted_on = event.occurred_on
    work.channel = event.payload["channel"]
    work.applicant_kind = event.payload.get("applicant_kind")


def _received(work: _Work, event: Event) -> None:
    work.received_on = event.occurred_on
    work.channel = event.payload["channel"]
    work.applicant_kind = event.payload["applicant_kind"]


def _split(work: _Work, event: Event) -> None:
    work.split_from = event.payload["from"]
    # Copied from the letter; a split entered behind the receipt of this stream carries none.
    if work.received_on is None and event.payload.get("received_on") is not None:
        work.received_on = date.fromisoformat(event.payload["received_on"])
        work.channel = event.payload.get("channel")
        work.applicant_kind = event.payload.get("applicant_kind")


def _registered(work: _Work, event: Event) -> None:
    work.number = event.payload["number"]


def _correction_requested(work: _Work, event: Event) -> None:
    work.corrections.append(
        Correction(
            event.occurred_on, _day(event.payload.get("respond_by")), event.payload.get("working_days")
        )
    )


def _correction_delivered(work: _Work, event: Event) -> None:
    _change(work.corrections, event, lambda c: c.awaited, delivered_on=event.occurred_on)


def _correction_received(work: _Work, event: Event) -> None:
    _change(work.corrections, event, lambda c: c.awaited, received_on=event.occurred_on)


def _correction_lapsed(work: _Work, event: Event) -> None:
    _change(work.corrections, event, lambda c: c.awaited, lapsed_on=event.occurred_on)


def _correction_reopened(work: _Work, event: Event) -> None:
    _change(
        work.corrections,
        event,
        lambda c: c.lapsed_on is not None,
        lapsed_on=None,
        reopened_on=event.occurred_on,
    )


def consultation_party(event: Event) -> str | None:
    """The party or body that an event of a consultation names; ``None`` where it names none."""
    return event.payload.get("party") or event.payload.get("body")


def _consulted(work: _Work, event: Event) -> None:
    kind = ConsultationKind(event.kind.partition(".")[0])
    work.consultations.append(Consultation(kind, consultation_party(event) or "", event.occurred_on))


def _consultation(still: Callable[[Consultation], bool], **named: Any) -> Callable[[_Work, Event], None]:
    """A step that changes a consultation for which ``still`` holds; ``...`` stands for the date."""

    def step(work: _Work, event: Event) -> None:
        kind, party = ConsultationKind(event.kind.partition(".")[0]), consultation_party(event)
        values = {k: event.occurred_on if v is ... else v for k, v in named.items()}
        if event.kind.endswith(".answered"):
            values["consent"] = event.payload.get("consent")
            if kind is ConsultationKind.CO_MAKER and _lapsed(work.consultations, party):
                values["consent"] = True  # silence was consent (art. 34); a late answer undoes nothing
        _change(
            work.consultations,
            event,
            lambda c: c.kind is kind and party in (None, c.party) and still(c),
            **values,
        )

    return step


def _reasons_requested(work: _Work, event: Event) -> None:
    work.reasons.append(Reasons(event.occurred_on, _day(event.payload.get("respond_by"))))


def _reasons_received(work: _Work, event: Event) -> None:
    reasonable = event.payload["reasonable"]
    _change(work.reasons, event, lambda r: r.awaited, received_on=event.occurred_on, reasonable=reasonable)


def _reasons_lapsed(work: _Work, event: Event) -> None:
    _change(work.reasons, event, lambda r: r.awaited, lapsed_on=event.occurred_on)


def _delay(work: _Work, event: Event) -> None:
    work.delays.append(Delay(event.occurred_on, date.fromisoformat(event.payload["due_on"])))


def _extension(work: _Work, event: Event) -> None:
    work.extensions.append(
        Extension(event.occurred_on, event.payload["working_days"], event.payload.get("approved_by") or "")
    )


def _fee_notified(work: _Work, event: Event) -> None:
    work.fees.append(Fee(event.occurred_on, event.payload["amount"]))


def _fee(name: str) -> Callable[[_Work, Event], None]:
    def step(work: _Work, event: Event) -> None:
        _change(work.fees, event, lambda f: f.awaited, **{name: event.occurred_on})

    return step


def _task_assigned(work: _Work, event: Event) -> None:
    work.tasks.append(Task(event.payload["unit"], event.payload["kind"], event.occurred_on))


def _task_ended(work: _Work, event: Event) -> None:
    for task in work.tasks:
        if (task.unit, task.kind) == (event.payload["unit"], event.payload["kind"]):
            work.tasks.remove(task)
            return
    raise CannotFold(event)


def _reply_issued(work: _Work, event: Event) -> None:
    work.rehandling_pending = False
    payload = event.payload
    parts = tuple(
        Part(p.get("part"), p["disclosed"], p.get("party"), p.get("ground"))
        for p in payload.get("parts") or ()
    )
    work.replies.append(
        Reply(
            issued_on=event.occurred_on,
            outcome=payload["outcome"],
            sub_kind=payload.get("sub_kind"),
            number=payload.get("number"),
            method=payload.get("method"),
            reply_body=payload.get("reply_body"),
            parts=parts,
            remedies_told=payload.get("remedies_told") is not False,
        )
    )


def _reply_dispatched(work: _Work, event: Event) -> None:
    if not work.replies:
        raise CannotFold(event)
    last = work.replies[-1]
    work.replies[-1] = replace(
        last,
        dispatched_on=event.occurred_on,
        first_dispatched_on=last.first_dispatched_on or event.occurred_on,
        first_method=last.first_method or event.payload.get("method") or last.method,
        method=event.payload.get("method") or last.method,
        returned_on=None,
    )


def _reply_delivered(work: _Work, event: Event) -> None:
    if not work.replies:
        raise CannotFold(event)
    last = work.replies[-1]
    method = event.payload.get("method") or last.method
    work.replies[-1] = replace(last, delivered_on=event.occurred_on, method=method)


def _reply_returned(work: _Work, event: Event) -> None:
    _change(work.replies, event, lambda r: r.dispatched_on is not None, returned_on=event.occurred_on)


def _reply_revoked(work: _Work, event: Event) -> None:
    _change(
        work.replies,
        event,
        lambda r: r.revoked_on is None,
        revoked_on=event.occurred_on,
        revoked_by=event.payload["by"],
    )


def _rehandling(work: _Work, event: Event) -> None:
    work.rehandlings.append(
        Rehandling(event.occurred_on, event.payload.get("working_days"), _day(event.payload.get("due_on")))
    )
    work.rehandling_pending = True
    work.archived_on = None  # what is handled anew is open again


def _withdrawn(work: _Work, event: Event) -> None:
    if event.payload.get("scope") != "item":
        work.withdrawn_on = event.occurred_on


def _archived(work: _Work, event: Event) -> None:
    work.archived_on = event.occurred_on


def _converted(work: _Work, event: Event) -> None:
    work.converted_on = event.occurred_on


def _remedy_filed(work: _Work, event: Event) -> None:
    payload = event.payload
    work.remedies.append(
        Remedy(
            remedy=payload["remedy"],
            kind=RemedyKind(payload["kind"]),
            instance=payload.get("instance"),
            filed_on=event.occurred_on,
            procedure=payload.get("procedure"),
            reached_on=_day(payload.get("reached_on")),
            by_third_party=payload.get("by_third_party") is True,
        )
    )


def same_remedy(event: Event) -> Callable[[Remedy], bool]:
    """A test for the open proceeding that an event names, at the instance that it names."""
    name, instance = event.payload["remedy"], event.payload.get("instance")
    return lambda r: r.remedy == name and instance in (None, r.instance) and r.decided_on is None


def _remedy_answered(work: _Work, event: Event) -> None:
    _change(work.remedies, event, same_remedy(event), answered_on=event.occurred_on)


def _remedy_decided(work: _Work, event: Event) -> None:
    result = event.payload["result"]
    _change(work.remedies, event, same_remedy(event), decided_on=event.occurred_on, result=result)


def _objected(c: Consultation) -> bool:
    return c.consent is False


def _open(c: Consultation) -> bool:
    return c.open


def _lapsed(consultations: list[Consultation], party: str | None) -> bool:
    """The last unanswered letter to a co-maker had lapsed."""
    for c in reversed(consultations):
        if c.kind is ConsultationKind.CO_MAKER and party in (None, c.party) and _unanswered(c):
            return c.lapsed_on is not None
    return False


def _unanswered(c: Consultation) -> bool:
    """A late answer still finds its letter, even after the lapse was entered."""
    return c.answered_on is None and c.abandoned_on is None


_STEPS: dict[str, Callable[[_Work, Event], None]] = {
    "opening.case": _opening,
    "request.submitted": _submitted,
    "request.received": _received,
    "case.split": _split,
    "request.registered": _registered,
    "correction.requested": _correction_requested,
    "correction.delivered": _correction_delivered,
    "correction.received": _correction_received,
    "correction.lapsed": _correction_lapsed,
    "correction.reopened": _correction_reopened,
    "third_party.consulted": _consulted,
    "co_maker.consulted": _consulted,
    "agency.consulted": _consulted,
    "third_party.delivered": _consultation(_open, delivered_on=...),
    "co_maker.delivered": _consultation(_open, delivered_on=...),
    "third_party.answered": _consultation(_unanswered, answered_on=...),
    "co_maker.answered": _consultation(_unanswered, answered_on=...),
    "agency.answered": _consultation(_unanswered, answered_on=...),
    "third_party.lapsed": _consultation(_open, lapsed_on=...),
    "co_maker.lapsed": _consultation(_open, lapsed_on=..., consent=True),
    "agency.lapsed": _consultation(_open, lapsed_on=...),
    "third_party.abandoned": _consultation(_open, abandoned_on=...),
    "co_maker.abandoned": _consultation(_open, abandoned_on=...),
    "third_party.told": _consultation(_objected, told_on=...),
    "reasons.requested": _reasons_requested,
    "reasons.received": _reasons_received,
    "reasons.lapsed": _reasons_lapsed,
    "delay.set": _delay,
    "extension.told": _extension,
    "fee.notified": _fee_notified,
    "fee.delivered": _fee("delivered_on"),
    "fee.paid": _fee("paid_on"),
    "fee.lapsed": _fee("lapsed_on"),
    "task.assigned": _task_assigned,
    "task.returned": _task_ended,
    "task.done": _task_ended,
    "reply.issued": _reply_issued,
    "reply.dispatched": _reply_dispatched,
    "reply.delivered": _reply_delivered,
    "reply.returned": _reply_returned,
    "reply.revoked": _reply_revoked,
    "rehandling.started": _rehandling,
    "request.withdrawn": _withdrawn,
    "case.archived": _archived,
    "disclosure.converted": _converted,
    "remedy.filed": _remedy_filed,
    "remedy.answered": _remedy_answered,
    "remedy.decided": _remedy_decided,
}
