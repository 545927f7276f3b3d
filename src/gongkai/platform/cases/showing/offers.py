"""Which acts are lawful today and who may do them; which are not, why, and what may be done instead.

Asked of ``gongkai.rules`` by trying: ``decide`` judges the act with the plainest payload that fits, dated
today. What only a payload could make unlawful is not told here but when it is filled in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from gongkai.platform.cases.acts.catalogue import FORMS
from gongkai.platform.cases.acts.fields import ActForm
from gongkai.platform.cases.services.acting import permission_for
from gongkai.platform.cases.showing import words
from gongkai.platform.cases.showing.names import Names
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.bases import Basis
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act
from gongkai.rules.cases.decide import Command, allowed, decide
from gongkai.rules.cases.state import CaseState, ConsultationKind, Phase, phase
from gongkai.rules.kinds import KINDS
from gongkai.rules.refusal import Refusal

REPLY = "reply.issued"
_NOT_BEGUN = frozenset(
    {
        "no_consultation_open", "no_correction_awaited", "no_fee_awaited", "no_reasons_awaited", "no_task",
        "no_remedy_open", "correction_not_lapsed", "no_objection", "delay_without_reasons",
        "nothing_to_rehandle", "not_dispatched",
    }
)  # fmt: skip
"""Refusals that say no more than: there is nothing that this act could follow."""
_SELDOM = frozenset(
    {
        "disclosure.converted", "remedy.filed", "entry.corrected", "task.assigned", "reply.revoked",
        "rehandling.started", "reasons.requested",
    }
)  # fmt: skip
"""Lawful nearly always, wanted seldom: folded."""
_FIRST = (
    "correction.received", "fee.paid", "third_party.answered", "co_maker.answered", "agency.answered",
    "reply.delivered", "reply.dispatched", "correction.lapsed", "fee.lapsed", "third_party.lapsed",
    "co_maker.lapsed", "reasons.received", "third_party.told", "correction.delivered",
    "third_party.delivered", "co_maker.delivered", "fee.delivered", "rehandling.started", "case.archived",
)  # fmt: skip
"""What a case waits for comes before what could be begun."""


@dataclass(frozen=True, slots=True)
class Instead:
    """An act that may be done in place of a refused one."""

    kind: str
    label: str
    offered: bool
    """This actor may do it now: by its form, or the reply by a draft."""

    @property
    def is_reply(self) -> bool:
        """It is not done by the form of an act."""
        return self.kind == REPLY


@dataclass(frozen=True, slots=True)
class OfferedAct:
    """An act that is lawful today and that the actor may do."""

    kind: str
    label: str
    effect: str | Promise
    seldom: bool


@dataclass(frozen=True, slots=True)
class RefusedAct:
    """An act that is not lawful today, or not this actor's."""

    kind: str
    label: str
    reason: str
    article: str
    instead: tuple[Instead, ...]
    backdated: bool
    """Only today's date stands against it: what happened earlier may be entered."""
    not_begun: bool
    """There is nothing that it could follow; told last."""


@dataclass(frozen=True, slots=True)
class Offers:
    """Acts for the page of one case and one actor."""

    lawful: tuple[OfferedAct, ...]
    refused: tuple[RefusedAct, ...]
    possible: frozenset[str] = frozenset()
    """Kinds that are lawful today, whoever may do them; also those that have a way of their own."""
    may_draft: bool = False
    """The actor may draft the reply, which has a way of its own."""

    @property
    def usual(self) -> tuple[OfferedAct, ...]:
        """What is offered and not folded."""
        return tuple(one for one in self.lawful if not one.seldom)

    @property
    def seldom(self) -> tuple[OfferedAct, ...]:
        """What is offered and folded."""
        return tuple(one for one in self.lawful if one.seldom)

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds that are offered."""
        return frozenset(one.kind for one in self.lawful)

    @property
    def led_to(self) -> frozenset[str]:
        """The kinds that the actor can be led to: those that are offered, and the reply."""
        return self.kinds | ({REPLY} & self.possible if self.may_draft else frozenset())


def offers(state: CaseState, basis: Basis, actor: Actor, body: Body, names: Names) -> Offers:
    """What may be done now. Nothing is offered to who may do no act at all (a supervisor reads)."""
    if not _may_anything(actor, body):
        return Offers((), ())
    lawful: list[OfferedAct] = []
    found: list[tuple[ActForm, Refusal | None]] = []
    for form in FORMS.values():
        if not form.offered:
            continue
        refusal = refused(state, form.kind, actor.today, basis)
        if refusal is None and actor.may(permission_for(form.kind), body):
            label = KINDS[form.kind].label_zh
            seldom = form.kind in _SELDOM and not _is_called_for(form.kind, state)
            lawful.append(OfferedAct(form.kind, label, form.effect, seldom))
        else:
            found.append((form, refusal))
    kinds = frozenset(one.kind for one in lawful)
    possible = kinds | {form.kind for form, refusal in found if refusal is None}
    possible |= {kind for kind in allowed(state) if not FORMS[kind].offered}
    ordered = sorted(lawful, key=lambda one: _FIRST.index(one.kind) if one.kind in _FIRST else len(_FIRST))
    given = Offers(tuple(ordered), (), possible, actor.may(Act.CASE_DRAFT, body))
    told: list[RefusedAct] = []
    for form, refusal in found:
        late = backdated(state, form.kind, actor.today, basis, refusal)
        instead = () if refusal is None else instead_of(refusal, given)
        told.append(_told(form.kind, refusal, instead, late, names))
    return replace(given, refused=tuple(sorted(told, key=lambda one: one.not_begun)))


def _is_called_for(kind: str, state: CaseState) -> bool:
    """A seldom act that the state of the case brings up: once the authority or a court corrected the reply,
    revoking it; then, or once it was revoked, handling anew."""
    if kind == "reply.revoked":
        return words.corrected_by_a_remedy(state)
    return kind == "rehandling.started" and (
        words.corrected_by_a_remedy(state) or phase(state) is Phase.REVOKED
    )


def _may_anything(actor: Actor, body: Body) -> bool:
    return any(actor.may(act, body) for act in (Act.CASE_ACT, Act.CASE_APPROVE, Act.CASE_CORRECT))


def _told(
    kind: str, refusal: Refusal | None, instead: tuple[Instead, ...], late: bool, names: Names
) -> RefusedAct:
    label = KINDS[kind].label_zh
    if refusal is None:
        return RefusedAct(kind, label, _("由其他岗位办理。"), "", (), False, False)
    said = names.said(refusal.message())
    return RefusedAct(kind, label, said, refusal.article, instead, late, refusal.code in _NOT_BEGUN)


def instead_of(refusal: Refusal, given: Offers) -> tuple[Instead, ...]:
    """What may be done now in place of what was refused, by whoever; linked where this actor may."""
    found = [kind for kind in refusal.instead if kind in given.possible]
    return tuple(Instead(kind, KINDS[kind].label_zh, kind in given.led_to) for kind in found)


def backdated(state: CaseState, kind: str, today: date, basis: Basis, refusal: Refusal | None) -> bool:
    """Whether an act that is refused today was lawful before: on a day on which something else happened."""
    if refusal is None or refusal.code in _NOT_BEGUN:
        return False
    days = sorted({event.occurred_on for event in state.events if event.occurred_on < today})
    return any(refused(state, kind, day, basis) is None for day in days)


def refused(state: CaseState, kind: str, on: date, basis: Basis) -> Refusal | None:
    """Why an act of this kind is not lawful on a day; ``None`` where it is, for some payload."""
    first: Refusal | None = None
    for payload in _plainest(state, kind, on):
        outcome = decide(state, Command(kind, on, payload), basis.law, basis.calendar)
        if not isinstance(outcome, Refusal):
            return None
        first = first or outcome
    return first


_PLAIN: dict[str, dict[str, Any]] = {
    "third_party.consulted": {"party": "-"},
    "co_maker.consulted": {"body": "-"},
    "agency.consulted": {"body": "-"},
    "reasons.received": {"reasonable": True},
    "extension.told": {"working_days": 1, "approved_by": "-"},
    "fee.notified": {"amount": "0"},
    "task.assigned": {"unit": "-", "kind": "handle"},
    "reply.revoked": {"by": "self"},
    "disclosure.converted": {"record": "-"},
    "note.added": {"kind": "other"},
    "remedy.filed": {"remedy": "-", "kind": "reconsideration"},
}


def _plainest(state: CaseState, kind: str, on: date) -> Iterator[dict[str, Any]]:
    """The payloads worth trying: one for each party, task or proceeding that the act could be about."""
    what, _dot, verb = kind.partition(".")
    if kind in _PLAIN:
        yield _PLAIN[kind]
    elif what in ("third_party", "co_maker", "agency"):
        key = "party" if what == "third_party" else "body"
        same = [c.party for c in state.consultations if c.kind is ConsultationKind(what)] or ["-"]
        consent = {"consent": True} if verb == "answered" else {}
        yield from ({key: party, **consent} for party in dict.fromkeys(same))
    elif kind == "delay.set":
        yield {"due_on": (on + timedelta(days=700)).isoformat()}
    elif kind in ("task.done", "task.returned"):
        for task in state.tasks:
            yield {"unit": task.unit, "kind": task.kind}
        yield {"unit": "-", "kind": "handle"}
    elif kind in ("remedy.answered", "remedy.decided"):
        result = {"result": "upheld"} if verb == "decided" else {}
        for remedy in state.remedies:
            instance = {} if remedy.instance is None else {"instance": remedy.instance}
            yield {"remedy": remedy.remedy, **instance, **result}
        yield {"remedy": "-", **result}
    elif kind == "entry.corrected":
        for event in reversed(state.entries):
            if event.kind != "entry.corrected":
                yield {"seq": event.seq, "replacement": {"occurred_on": event.occurred_on.isoformat()}}
                return
        yield {"seq": 0}
    else:
        yield {}
