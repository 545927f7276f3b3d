"""An extension is proposed by who handles the case and decided by the head of the office.

A proposal is no legal act: the clock runs on until ``extension.told`` is entered, which only the head of the
office may do. The vocabulary has no act for a proposal, and needs none. Source: Regulation art. 33.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from gongkai.platform.cases.models import CaseText, ExtensionProposal, ProposalState
from gongkai.platform.cases.readers import require_reader
from gongkai.platform.cases.services.acting import ActRefused, SomebodyWasFaster
from gongkai.platform.core import audit, private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.bases import basis_for
from gongkai.platform.core.identifiers import opaque
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act, NotPermitted
from gongkai.platform.ledger.selectors import history
from gongkai.platform.ledger.services import lock
from gongkai.rules.cases.decide import Command, decide
from gongkai.rules.cases.fold import fold
from gongkai.rules.refusal import Refusal

TOLD = "extension.told"


class NoProposal(LookupError):
    """Nothing waits for a decision: somebody decided, or took it back."""


class ProposedAlready(RuntimeError):
    """A proposal waits for the head of the office already."""


@transaction.atomic
def propose_extension(
    *, body: Body, stream: str, working_days: int, reason: str, expected_seq: int, actor: Actor
) -> ExtensionProposal:
    """Propose to tell the applicant of an extension; one proposal at a time.

    Judged as the act itself would be today. Raises ``NotPermitted``, ``ValueError`` without a reason,
    ``ProposedAlready``, ``SomebodyWasFaster``, ``ActRefused``.
    """
    actor.require(Act.CASE_ACT, body)
    if actor.seat is None:
        raise NotPermitted(Act.CASE_ACT, None, body)
    if not reason.strip():
        raise ValueError("a proposal needs a reason")
    require_reader(actor, stream)
    lock(body=body.key)
    past = history(body=body.key, stream=stream)
    if past.seq != expected_seq:
        raise SomebodyWasFaster(stream, expected_seq, past.seq)
    if ExtensionProposal.objects.filter(stream=stream, state=ProposalState.PROPOSED).exists():
        raise ProposedAlready(stream)
    basis = basis_for(body, known_on=actor.present.known_on)
    payload = {"working_days": working_days, "approved_by": actor.key}
    command = Command(TOLD, actor.today, payload, actor=actor.key)
    decided = decide(fold(past.events), command, basis.law, basis.calendar)
    if isinstance(decided, Refusal):
        raise ActRefused(TOLD, decided)
    said = {"working_days": working_days, "reason": reason.strip()}
    proposal = ExtensionProposal.objects.create(
        key=opaque("extension"), body=body, stream=stream, author=actor.seat,
        proposed_at=actor.present.moment, text=_keep(body, stream, said, actor),
    )  # fmt: skip
    audit.record(
        "extension.proposed", actor=actor, body=body, object=stream, detail={"working_days": working_days}
    )
    return proposal


@transaction.atomic
def withdraw_proposal(*, body: Body, stream: str, actor: Actor) -> ExtensionProposal:
    """Take one's own proposal back. Raises ``NotPermitted``, ``NoProposal``."""
    actor.require(Act.CASE_ACT, body)
    proposal = _waiting(body, stream, actor)
    if actor.seat is None or proposal.author.pk != actor.seat.pk:
        raise NotPermitted(Act.CASE_ACT, actor.seat, body)
    return _decided(proposal, ProposalState.WITHDRAWN, actor)


@transaction.atomic
def return_proposal(*, body: Body, stream: str, remarks: str, actor: Actor) -> ExtensionProposal:
    """Do not agree. Raises ``NotPermitted``, ``NoProposal``, ``ValueError`` without remarks."""
    actor.require(Act.CASE_APPROVE, body)
    if not remarks.strip():
        raise ValueError("a proposal is not refused without a word")
    proposal = _waiting(body, stream, actor)
    proposal.remarks = _keep(body, stream, {"remarks": remarks.strip()}, actor)
    return _decided(proposal, ProposalState.RETURNED, actor)


def _waiting(body: Body, stream: str, actor: Actor) -> ExtensionProposal:
    require_reader(actor, stream)
    lock(body=body.key)
    rows = ExtensionProposal.objects.filter(body=body, stream=stream, state=ProposalState.PROPOSED)
    found = rows.select_related("author").first()
    if found is None:
        raise NoProposal(stream)
    return found


def _decided(proposal: ExtensionProposal, state: ProposalState, actor: Actor) -> ExtensionProposal:
    proposal.state, proposal.decided_by, proposal.decided_at = state, actor.seat, actor.present.moment
    proposal.save()
    audit.record(
        "extension.settled", actor=actor, body=proposal.body, object=proposal.stream,
        detail={"state": state.value},
    )  # fmt: skip
    return proposal


def _keep(body: Body, stream: str, said: Mapping[str, object], actor: Actor) -> str:
    subject = CaseText.objects.filter(stream=stream).values_list("subject", flat=True).first()
    kept = private.keep(
        body=body, stream=stream, kind="extension.proposal", fields=said, actor=actor, subject=subject
    )
    return kept.ref
