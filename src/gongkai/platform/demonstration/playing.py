"""Performing the script: through the services, on its days, by the people in whose seats the acts are."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from gongkai.platform.cases.models import CaseDesk
from gongkai.platform.cases.services.acting import (
    ActRefused,
    DatedInFuture,
    SomebodyWasFaster,
    Step,
    perform_acts,
    permission_for,
)
from gongkai.platform.cases.services.numbers import next_number
from gongkai.platform.cases.services.registration import describe_case
from gongkai.platform.core import audit
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.bases import Basis, basis_for
from gongkai.platform.core.models import Body, Seat
from gongkai.platform.core.permissions import Act
from gongkai.platform.core.present import Present
from gongkai.platform.demonstration.incoming import keep_incoming, received, source_of
from gongkai.platform.demonstration.models import ScriptedAct, ScriptState
from gongkai.platform.demonstration.outgoing import SYSTEM, Owed, owed_by
from gongkai.platform.demonstration.units import words_of_task
from gongkai.platform.demonstration.words import told_of
from gongkai.platform.ledger.selectors import history, last_seqs
from gongkai.platform.ledger.services import lock
from gongkai.rules.event import Event
from gongkai.rules.kinds import UnlawfulShape

_YEAR = re.compile(r"〔(\d{4})〕")
_SEATS = {Act.CASE_REGISTER: "receiving_clerk", Act.CASE_APPROVE: "approver", Act.CASE_CORRECT: "approver"}

Told = Callable[[int], None]
"""Is told how many acts were performed since it was told last."""


@dataclass(slots=True)
class Cast:
    """The people of a body, and what its acts are judged by; looked up once for a run."""

    body: Body
    known_on: date
    basis: Basis
    seats: dict[str, Seat] = field(default_factory=dict[str, Seat])
    owed: list[Owed] = field(default_factory=list[Owed])
    """The letters that the acts performed so far bring."""
    seqs: dict[str, int] = field(default_factory=dict[str, int])
    """The number of the last entry of every case; nobody else adds one while the chain is locked."""

    @classmethod
    def of(cls, body: Body, known_on: date) -> Cast:
        """The open seats of a body by role; of several the first by user name."""
        found = cls(body, known_on, basis_for(body, known_on=known_on))
        open_seats = Seat.objects.filter(body=body, valid_until__isnull=True, person__is_active=True)
        for seat in open_seats.select_related("body", "person").order_by("-person__username"):
            for role in seat.roles:
                found.seats[role] = seat
        return found

    def actor(self, act: ScriptedAct) -> Actor:
        """Who performs it: the seat that may, or the system where there is none or where it is nobody's."""
        seat = None
        if act.actor != "system":
            seat = self.seats.get(_SEATS.get(permission_for(act.kind), "handler"))
        present = Present(act.on, act.at, self.known_on)
        actor = Actor(present, seat, address=SYSTEM)
        if seat is None or not actor.may(permission_for(act.kind), self.body):
            return Actor(present, system=SYSTEM)
        return actor


@dataclass(frozen=True, slots=True)
class Played:
    """What was performed: how many acts, and which letters they bring (``outgoing.write_letters``)."""

    acts: int
    owed: Sequence[Owed]


@transaction.atomic
def play(*, body: Body, through: date, known_on: date, told: Told | None = None) -> Played:
    """Perform the waiting acts of a body up to a day, all of a day in the order of entering; all or none.

    - acts that one person enters on one day in one case are entered together;
    - an act that is refused, because somebody acted otherwise in the case, is dropped with all that would
      have followed it there; it stays in the list with the reason;
    - ``known_on``: the day whose knowledge of holiday notices holds.

    Two runs at once are kept apart by whoever calls it.
    """
    lock(body=body.key)
    cast = Cast.of(body, known_on)
    waiting = ScriptedAct.objects.filter(body=body, state=ScriptState.WAITING, on__lte=through)
    performed: list[int] = []
    stopped: set[str] = set()
    acts = list(waiting.order_by("on", "at", "id"))
    cast.seqs = last_seqs(body=body.key, streams={act.stream for act in acts})
    for batch in _batches(acts):
        if batch[0].stream in stopped:
            continue
        if (why := _perform(cast, batch)) is None:
            performed += [act.pk for act in batch]
        else:
            stopped.add(batch[0].stream)
            _drop(batch[0], why)
        if told is not None:
            told(len(batch))
    for first in range(0, len(performed), 500):
        ScriptedAct.objects.filter(pk__in=performed[first : first + 500]).delete()
    return Played(len(performed), cast.owed)


def _batches(acts: Sequence[ScriptedAct]) -> list[list[ScriptedAct]]:
    """What is entered in one sitting: acts of a day in a case, as long as the same person enters them.

    A sitting stands where its last act stands, so that a case's sittings keep their order.
    """
    open_ones: dict[str, list[ScriptedAct]] = {}
    found: list[list[ScriptedAct]] = []
    for act in acts:
        sitting = open_ones.get(act.stream)
        if sitting is None or (sitting[-1].on, _who(sitting[-1])) != (act.on, _who(act)):
            sitting = open_ones[act.stream] = []
            found.append(sitting)
        sitting.append(act)
    return sorted(found, key=lambda sitting: sitting[-1].at)


def _who(act: ScriptedAct) -> str:
    return "system" if act.actor == "system" else str(permission_for(act.kind))


def _perform(cast: Cast, batch: Sequence[ScriptedAct]) -> str | None:
    """Perform a sitting; why it could not be, or ``None``."""
    stream, body = batch[0].stream, cast.body
    try:
        with transaction.atomic():
            seq = cast.seqs.get(stream, 0)
            if seq == 0:
                _describe(cast, batch)
            actor = cast.actor(batch[-1])
            steps = [
                Step(act.kind, act.occurred_on, _payload(body, act, actor), words_of_task(act))
                for act in batch
            ]
            done = perform_acts(
                body=body, stream=stream, steps=steps, expected_seq=seq, actor=actor, basis=cast.basis
            )
    except ActRefused as refused:
        return refused.refusal.message()
    except (DatedInFuture, SomebodyWasFaster, UnlawfulShape) as error:
        return str(error)
    _assign(cast, batch)
    cast.seqs[stream] = done.new[-1].seq
    cast.owed += owed_by(body, done.new, actor)
    return None


def _drop(first: ScriptedAct, why: str) -> None:
    """Drop an act and everything that the script has for the case after it."""
    later = ScriptedAct.objects.filter(body_id=first.body_id, stream=first.stream, place__gte=first.place)
    later.update(state=ScriptState.DROPPED, why=why[:200])


def _describe(cast: Cast, batch: Sequence[ScriptedAct]) -> None:
    """Write down who asks for what, and the letter in which it came, before the first act of a case."""
    first = batch[0]
    kind = str(first.payload["applicant_kind"])
    told = told_of(first.stream, kind)
    # Whoever asked for several things in one letter is one person.
    applicant = told_of(source_of(first), kind).applicant
    text = describe_case(
        body=cast.body, stream=first.stream, actor=Actor(Present(first.on, first.at), system=SYSTEM),
        title=told.title, description=told.description, applicant=applicant,
    )  # fmt: skip
    keep_incoming(first, text, cast.actor(first))


def _assign(cast: Cast, batch: Sequence[ScriptedAct]) -> None:
    """Whoever got the task handles the case from then on."""
    handler = cast.seats.get("handler")
    if handler is not None and any(act.kind in ("task.assigned", "rehandling.started") for act in batch):
        CaseDesk.objects.update_or_create(
            stream=batch[0].stream, defaults={"body": cast.body, "handler": handler}
        )
        audit.record(
            "case.assigned", actor=cast.actor(batch[-1]), body=cast.body, object=batch[0].stream,
            detail={"handler": handler.key},
        )  # fmt: skip


def _payload(body: Body, act: ScriptedAct, actor: Actor) -> dict[str, Any]:
    """The payload with numbers of this office: given when the act is done, as for everybody else."""
    payload = dict(act.payload)
    if act.kind == "request.received":
        payload |= received(body, act, actor)
    elif act.kind == "request.registered":
        found = _YEAR.search(str(payload["number"]))
        year = int(found[1]) if found is not None else act.occurred_on.year
        payload["number"] = next_number(body=body, year=year, kind="request")
    elif act.kind == "reply.issued":
        payload["number"] = next_number(body=body, year=act.occurred_on.year, kind="reply")
        if "supersedes" in payload:
            replies = [e for e in history(body=body.key, stream=act.stream).events if e.kind == act.kind]
            payload["supersedes"] = _number_of(replies)
    return payload


def _number_of(replies: Sequence[Event]) -> str:
    return str(replies[-1].payload["number"]) if replies else ""
