"""Proposals of extensions as pages show them, and what an act on the case makes of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from gongkai.platform.cases.models import ExtensionProposal, ProposalState
from gongkai.platform.core import private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act, NotPermitted, can
from gongkai.rules.event import Event

_ENDS = {
    "extension.told": ProposalState.TOLD,
    "reply.issued": ProposalState.LAPSED,
    "request.withdrawn": ProposalState.LAPSED,
    "delay.set": ProposalState.LAPSED,
}


@dataclass(frozen=True, slots=True)
class ProposalView:
    """The newest proposal of a case."""

    state: str
    state_label: str
    working_days: int | None
    """``None`` where the text was erased, or the actor may not read texts; so with the others."""
    reason: str
    remarks: str
    author: str
    proposed_at: datetime
    own: bool
    may_decide: bool
    may_withdraw: bool

    @property
    def waits(self) -> bool:
        """Whether the head of the office has still to decide."""
        return self.state == ProposalState.PROPOSED


def proposal_of(*, body: Body, stream: str, actor: Actor) -> ProposalView | None:
    """The newest proposal of a case that still matters: one that waits, or was not agreed to."""
    shown = (ProposalState.PROPOSED, ProposalState.RETURNED)
    rows = ExtensionProposal.objects.filter(body=body, stream=stream).select_related("author__person")
    newest = rows.order_by("-proposed_at", "-key").first()
    living = rows.filter(state=ProposalState.PROPOSED).first() or newest
    if living is None or living.state not in shown or not actor.may(Act.CASE_SEE, body):
        return None
    readable = actor.may(Act.CASE_IDENTITY, body)
    texts = private.read_many([living.text, living.remarks]) if readable else {}
    said = texts.get(living.text, {})
    waits = living.state == ProposalState.PROPOSED
    own = actor.seat is not None and living.author.pk == actor.seat.pk
    return ProposalView(
        state=living.state,
        state_label=str(ProposalState(living.state).label),
        working_days=said.get("working_days"),
        reason=str(said.get("reason", "")),
        remarks=str(texts.get(living.remarks, {}).get("remarks", "")),
        author=living.author.person.name,
        proposed_at=living.proposed_at,
        own=own,
        may_decide=waits
        and (can(actor.seat, Act.CASE_APPROVE, body) or not own)
        and actor.may(Act.CASE_APPROVE, body),
        may_withdraw=waits and own,
    )


def proposed(*, body: Body, stream: str, kind: str, actor: Actor) -> dict[str, str]:
    """What stands in the form of an act at first because it was proposed; empty for other acts."""
    found = proposal_of(body=body, stream=stream, actor=actor) if kind == "extension.told" else None
    if found is None or not found.waits or found.working_days is None:
        return {}
    return {"working_days": str(found.working_days), "reason": found.reason}


def settle_proposals(*, stream: str, events: Iterable[Event], actor: Actor) -> None:
    """An act that decides or overtakes a proposal ends it, whichever way the act came in.

    Who proposed an extension does not agree to it standing in for the head of the office. Raises
    ``NotPermitted``.
    """
    for event in events:
        state = _ENDS.get(event.kind)
        if state is ProposalState.TOLD:
            _let_another_agree(stream, actor)
        if state is not None:
            ExtensionProposal.objects.filter(stream=stream, state=ProposalState.PROPOSED).update(
                state=state, decided_by=actor.seat, decided_at=actor.present.moment
            )


def _let_another_agree(stream: str, actor: Actor) -> None:
    """Four eyes are persons: what a deputy proposed in their own seat waits for somebody else."""
    waiting = ExtensionProposal.objects.filter(stream=stream, state=ProposalState.PROPOSED)
    own = waiting.filter(author__person=actor.person).select_related("body").first() if actor.person else None
    if own is not None and not can(actor.seat, Act.CASE_APPROVE, own.body):
        raise NotPermitted(Act.CASE_APPROVE, actor.seat, own.body)
