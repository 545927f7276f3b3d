"""``perform_act``: a dated act on a case, judged by the rules and appended to the ledger."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from django.db import transaction

from gongkai.platform.cases.duty.before_an_act import note_what_moved
from gongkai.platform.cases.facts import facts_for
from gongkai.platform.cases.models import CaseSummary, CaseText
from gongkai.platform.cases.projection import project
from gongkai.platform.cases.proposals import settle_proposals
from gongkai.platform.cases.readers import require_reader
from gongkai.platform.cases.services.numbers import note_borne
from gongkai.platform.cases.task_rows import project_tasks
from gongkai.platform.cases.task_rules import may_answer
from gongkai.platform.core import audit, private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.bases import Basis, basis_for
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act, NotPermitted
from gongkai.platform.ledger.selectors import history
from gongkai.platform.ledger.services import append, lock
from gongkai.rules.cases.decide import Command, decide
from gongkai.rules.cases.fold import fold
from gongkai.rules.event import Event
from gongkai.rules.ledger import StaleWriter
from gongkai.rules.refusal import Refusal

_NEEDS: Mapping[str, Act] = MappingProxyType(
    {
        "opening.case": Act.CASE_REGISTER,
        "request.submitted": Act.CASE_REGISTER,
        "request.received": Act.CASE_REGISTER,
        "request.registered": Act.CASE_REGISTER,
        "case.split": Act.CASE_REGISTER,
        "extension.told": Act.CASE_APPROVE,
        "delay.set": Act.CASE_APPROVE,
        "reply.issued": Act.CASE_APPROVE,
        "reply.revoked": Act.CASE_APPROVE,
        "entry.corrected": Act.CASE_CORRECT,
    }
)


def permission_for(kind: str) -> Act:
    """What a seat needs for an act of this kind."""
    return _NEEDS.get(kind, Act.CASE_ACT)


def permission_to_correct(kind: str) -> Act:
    """What a seat needs to correct an entry of this kind: what only an approver may do, only one corrects.

    Else a reply would get another outcome, or an extension more days, by nobody who may approve them.
    """
    needed = permission_for(kind)
    return needed if needed is Act.CASE_APPROVE else Act.CASE_CORRECT


class ActRefused(Exception):
    """The law does not allow the act in this state: ``kind``, ``refusal`` with code, article and message."""

    def __init__(self, kind: str, refusal: Refusal) -> None:
        super().__init__(f"{kind}: {refusal.code}")
        self.kind, self.refusal = kind, refusal


class DatedInFuture(ValueError):
    """An act with a legal date after today: ``on`` and ``today``."""

    def __init__(self, on: date, today: date) -> None:
        super().__init__(f"{on} is after {today}")
        self.on, self.today = on, today


class SomebodyWasFaster(RuntimeError):
    """The case was changed since it was shown: the number seen and the number found."""

    def __init__(self, stream: str, expected: int, found: int) -> None:
        super().__init__(f"{stream}: expected {expected}, found {found}")
        self.stream, self.expected, self.found = stream, expected, found


@dataclass(frozen=True, slots=True)
class Step:
    """One act to be performed: kind, legal date, payload, and free text that must stay out of the ledger."""

    kind: str
    occurred_on: date
    payload: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    texts: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Performed:
    """What became of it: the case's row, the new events, and all events of the case."""

    summary: CaseSummary
    new: tuple[Event, ...]
    events: tuple[Event, ...]


def perform_act(
    *,
    body: Body,
    stream: str,
    kind: str,
    occurred_on: date,
    expected_seq: int,
    actor: Actor,
    payload: Mapping[str, Any] | None = None,
    texts: Mapping[str, Any] | None = None,
) -> Performed:
    """Perform one act; see ``perform_acts``."""
    step = Step(kind, occurred_on, payload or {}, texts or {})
    return perform_acts(body=body, stream=stream, steps=[step], expected_seq=expected_seq, actor=actor)


def perform_acts(
    *,
    body: Body,
    stream: str,
    steps: Sequence[Step],
    expected_seq: int,
    actor: Actor,
    basis: Basis | None = None,
) -> Performed:
    """Perform acts on one case, one after the other, all or none.

    - every act goes through ``gongkai.rules.cases.decide`` with the facts of other cases, under the lock of
      the body's chain;
    - ``texts`` of a step are kept encrypted outside; the payload gets their reference and commitment;
    - ``expected_seq``: the number of the case's last entry that the actor saw, 0 for a new case;
    - the list row is written in the same transaction; a refused act leaves nothing but the audit.

    Raises ``NotPermitted``, ``ActRefused``, ``DatedInFuture``, ``SomebodyWasFaster``, ``UnlawfulShape``.
    """
    for_a_unit = [_require(body, stream, step, actor) for step in steps]
    for step in steps:
        if step.occurred_on > actor.today:
            raise DatedInFuture(step.occurred_on, actor.today)
    if not all(for_a_unit):
        require_reader(actor, stream)
    with refusals_audited(body=body, stream=stream, actor=actor), transaction.atomic():
        return _perform(body, stream, steps, expected_seq, actor, basis)


def _require(body: Body, stream: str, step: Step, actor: Actor) -> bool:
    """The permission of the act; the people of a unit may answer the task that was given to it, no more.

    Returns whether it is such an answer: who gives it reads the task, not the case.
    """
    needed = permission_for(step.kind)
    if actor.may(needed, body):
        actor.require(needed, body)  # notes for the audit for whom a deputy does it
        return False
    if not may_answer(body=body, stream=stream, kind=step.kind, payload=step.payload, actor=actor):
        raise NotPermitted(needed, actor.seat, body)
    return True


@contextmanager
def refusals_audited(*, body: Body, stream: str, actor: Actor) -> Generator[None]:
    """Around the transaction of an act: a refusal is in the audit though all else is rolled back.

    Acts performed within a wider transaction need it around that, too. ``stream`` is empty for a new case.
    """
    try:
        yield
    except ActRefused as refused:
        audit.record(
            "case.act_refused", actor=actor, body=body, object=stream, success=False,
            detail={"kind": refused.kind, "code": refused.refusal.code},
        )  # fmt: skip
        raise


def _let_who_approves_correct(body: Body, step: Step, events: Sequence[Event], actor: Actor) -> None:
    if step.kind != "entry.corrected":
        return
    entry = next((event for event in events if event.seq == step.payload.get("seq")), None)
    if entry is not None:
        actor.require(permission_to_correct(entry.kind), body)


def _perform(
    body: Body, stream: str, steps: Sequence[Step], expected_seq: int, actor: Actor, basis: Basis | None
) -> Performed:
    lock(body=body.key)
    past = history(body=body.key, stream=stream)
    if past.seq != expected_seq:
        raise SomebodyWasFaster(stream, expected_seq, past.seq)
    if basis is None:
        basis = basis_for(body, known_on=actor.present.known_on)
    note_what_moved(body=body, stream=stream, events=past.events, basis=basis, actor=actor)
    events, new = list(past.events), list[Event]()
    state = fold(events)
    for step in steps:
        payload = dict(step.payload)
        _let_who_approves_correct(body, step, events, actor)
        facts = facts_for(body, stream, step.kind, payload, step.occurred_on, step.texts)
        command = Command(step.kind, step.occurred_on, payload, facts, actor.key)
        decided = decide(state, command, basis.law, basis.calendar)
        if isinstance(decided, Refusal):
            raise ActRefused(step.kind, decided)
        if step.texts:
            subject = CaseText.objects.filter(stream=stream).values_list("subject", flat=True).first()
            kept = private.keep(
                body=body, stream=stream, kind=step.kind, fields=step.texts, actor=actor, subject=subject
            )
            decided = tuple(replace(e, payload={**e.payload, **kept.payload()}) for e in decided)
        fresh = [replace(event, stream=stream) for event in decided]
        new += fresh
        events += fresh
        state = fold(events)
    try:
        entries = append(
            body=body.key, events=new, expected_seq={stream: expected_seq}, recorded_at=actor.present.moment
        )
    except StaleWriter as stale:
        raise SomebodyWasFaster(stream, expected_seq, int(str(stale.values["found"]))) from stale
    whole = (*past.events, *(entry.event for entry in entries))
    summary = project(body.key, whole, basis)
    note_borne(body=body, events=new)
    settle_proposals(stream=stream, events=new, actor=actor)
    project_tasks(body=body, stream=stream, events=whole, new=new)
    for entry in entries:
        audit.record(
            "case.act", actor=actor, body=body, object=stream,
            detail={"kind": entry.event.kind, "seq": entry.event.seq},
        )  # fmt: skip
    return Performed(summary, tuple(entry.event for entry in entries), whole)
