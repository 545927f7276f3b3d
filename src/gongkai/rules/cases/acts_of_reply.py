"""What is lawful for the reply, its service, and what comes after it (arts. 36 to 40, 44, 51)."""

from __future__ import annotations

from datetime import date

from gongkai.rules.cases.lawful import Act, Context, always, before_reply, consultation_article, fine
from gongkai.rules.cases.periods import consultation_limit
from gongkai.rules.cases.state import CaseState, Consultation, ConsultationKind, Remedy, Reply
from gongkai.rules.refusal import Refusal, refuse
from gongkai.rules.vocabulary import SUB_KINDS, Outcome, Procedure, RemedyKind

# --- the reply ------------------------------------------------------------------------------------------


def _may_reply(state: CaseState, _on: date | None) -> Refusal | None:
    reply = state.reply
    if reply is not None and not state.rehandling_pending:
        return refuse("reply_stands", issued=reply.issued_on)
    return None


def _check_reply(context: Context) -> Refusal | None:
    payload = context.payload
    outcome = Outcome(payload["outcome"])
    sub_kind = payload.get("sub_kind")
    if sub_kind is not None and sub_kind not in SUB_KINDS.get(outcome, frozenset()):
        return refuse("sub_kind_foreign", sub_kind=sub_kind, outcome=outcome.label_zh)
    return (
        context.since(last_move(context.state))
        or _check_supersedes(context)
        or _check_ground(context, outcome)
        or _check_consultations(context, outcome)
    )


def last_move(state: CaseState) -> date | None:
    """The last day on which something moved the reply clock: no reply and no withdrawal lies before it."""
    days = [c.received_on or c.requested_on for c in state.corrections]
    days += [fee.paid_on or fee.notified_on for fee in state.fees]
    days += [consultation.sent_on for consultation in state.consultations]
    days += [extension.told_on for extension in state.extensions]
    days += [delay.set_on for delay in state.delays]
    return max(days, default=None)


def _check_supersedes(context: Context) -> Refusal | None:
    """A second reply names the first and is not older than what made it necessary."""
    state = context.state
    if state.rehandling_pending and (refusal := context.since(state.rehandlings[-1].started_on)) is not None:
        return refusal
    if not state.replies:
        return None
    last = state.replies[-1]
    if (refusal := context.since(last.revoked_on or last.issued_on)) is not None:
        return refusal
    named = context.payload.get("supersedes")
    if named is None or (last.number is not None and named != last.number):
        return refuse("supersedes_missing", number=last.number or "")
    return None


def _check_ground(context: Context, outcome: Outcome) -> Refusal | None:
    """Outcomes that the law ties to what went before."""
    state = context.state
    if outcome is Outcome.OTHER_NO_CORRECTION:
        lapsed = state.corrections[-1].lapsed_on if state.corrections else None
        return refuse("no_lapse_of_correction") if lapsed is None else context.since(lapsed)
    if outcome is Outcome.OTHER_UNPAID:
        lapsed = state.fees[-1].lapsed_on if state.fees else None
        return refuse("no_lapse_of_fee") if lapsed is None else context.since(lapsed)
    if outcome is Outcome.UNAVAILABLE_STILL_UNCLEAR:
        corrected = any(c.received_on is not None for c in state.corrections)
        return None if corrected or state.opening else refuse("unclear_without_correction")
    if outcome is Outcome.REJECTED_REPEAT and context.command.facts.repeats == 0:
        return refuse("no_repeat")
    if outcome is Outcome.REJECTED_EXCESSIVE:
        return None if state.opening else _check_excessive(context)
    return None


def _check_excessive(context: Context) -> Refusal | None:
    asked = context.state.reasons[-1] if context.state.reasons else None
    if asked is None or asked.awaited:
        return refuse("excessive_without_reasons")
    if asked.reasonable is True:
        return refuse("reasons_were_reasonable")
    return context.since(asked.lapsed_on or asked.received_on)


def _check_consultations(context: Context, outcome: Outcome) -> Refusal | None:
    """What a third party or a co-maker was asked about is not disclosed before its answer or lapse."""
    if outcome not in (Outcome.GRANTED, Outcome.PARTIAL):
        return None
    for consultation in context.state.consultations:
        if consultation.kind is ConsultationKind.AGENCY or _asked_again(context.state, consultation):
            continue
        if outcome is Outcome.PARTIAL and _withheld(context, consultation):
            continue
        if consultation.abandoned_on is not None:
            where = consultation_article(consultation.kind)
            return refuse("consultation_abandoned", party=consultation.party, article=where)
        if consultation.open:
            return refuse(
                "consultation_open",
                party=consultation.party,
                article=consultation_article(consultation.kind),
                limit=consultation_limit(consultation, context.rules) or "未起算",
            )
        # After a lapse the organ decides by itself; a late answer changes nothing.
        if (refusal := context.since(consultation.lapsed_on or consultation.answered_on)) is not None:
            return refusal
        if _objection_stands(consultation) and not _told(context, consultation):
            return refuse("third_party_not_told", party=consultation.party)
    return None


def _told(context: Context, objection: Consultation) -> bool:
    """The party was told of the disclosure after it had objected, and before the reply."""
    same = [c for c in context.state.consultations if c.party == objection.party]
    told = [c.told_on for c in same if c.told_on is not None]
    return any((objection.answered_on or day) <= day <= context.on for day in told)


def _asked_again(state: CaseState, consultation: Consultation) -> bool:
    """A later letter to the same party took the place of one that was given up."""
    if consultation.abandoned_on is None:
        return False
    later = state.consultations[state.consultations.index(consultation) + 1 :]
    return any(c.kind is consultation.kind and c.party == consultation.party for c in later)


def _withheld(context: Context, consultation: Consultation) -> bool:
    """The reply withholds exactly what this party was asked about."""
    parts = [p for p in context.payload.get("parts") or () if p.get("party") == consultation.party]
    return len(parts) > 0 and not any(part["disclosed"] for part in parts)


def _objection_stands(consultation: Consultation) -> bool:
    """An objection before a lapse was entered; after it the organ decides by itself (art. 32)."""
    return (
        consultation.kind is ConsultationKind.THIRD_PARTY
        and consultation.consent is False
        and consultation.lapsed_on is None
    )


# --- service --------------------------------------------------------------------------------------------


def _last(state: CaseState) -> Reply | None:
    """The last reply; service of a revoked one makes no sense any more."""
    return state.reply


def _may_dispatch(state: CaseState, _on: date | None) -> Refusal | None:
    reply = _last(state)
    if reply is None or state.rehandling_pending:
        return refuse("no_reply")
    if reply.delivered_on is not None:
        return refuse("already_delivered", on=reply.delivered_on)
    if reply.dispatched_on is not None and reply.returned_on is None:
        return refuse("already_dispatched", on=reply.dispatched_on)
    return None


def _check_dispatch(context: Context) -> Refusal | None:
    reply = _last(context.state)
    return None if reply is None else context.since(reply.returned_on or reply.issued_on)


def _may_deliver(state: CaseState, _on: date | None) -> Refusal | None:
    reply = _last(state)
    if reply is None or state.rehandling_pending:
        return refuse("no_reply")
    if reply.delivered_on is not None:
        return refuse("already_delivered", on=reply.delivered_on)
    return None


def _check_deliver(context: Context) -> Refusal | None:
    reply = _last(context.state)
    return (
        None if reply is None else context.since(reply.returned_on or reply.dispatched_on or reply.issued_on)
    )


def _may_return(state: CaseState, _on: date | None) -> Refusal | None:
    reply = _last(state)
    if reply is None or reply.dispatched_on is None or reply.returned_on is not None:
        return refuse("not_dispatched")
    if reply.delivered_on is not None:
        return refuse("already_delivered", on=reply.delivered_on)
    return None


def _check_return(context: Context) -> Refusal | None:
    reply = _last(context.state)
    return None if reply is None else context.since(reply.dispatched_on)


# --- revocation, handling anew, withdrawal, archive -----------------------------------------------------


def _may_revoke(state: CaseState, _on: date | None) -> Refusal | None:
    return refuse("no_reply") if state.reply is None else None


def _check_revoke(context: Context) -> Refusal | None:
    reply = context.state.reply
    return None if reply is None else context.since(reply.issued_on)


def _may_rehandle(state: CaseState, _on: date | None) -> Refusal | None:
    if state.rehandling_pending:
        return refuse("rehandling_already", on=state.rehandlings[-1].started_on)
    if not state.replies and not any(r.decided_on is not None for r in state.remedies):
        return refuse("nothing_to_rehandle")
    return None


def _check_rehandle(context: Context) -> Refusal | None:
    state, payload = context.state, context.payload
    due = payload.get("due_on")
    if (due is not None and date.fromisoformat(due) <= context.on) or payload.get("working_days") == 0:
        return refuse("term_before_notice", on=context.on, article="重新办理")
    if not state.replies:
        return context.since(max(r.decided_on for r in state.remedies if r.decided_on is not None))
    last = state.replies[-1]
    return context.since(last.revoked_on or last.issued_on)


def _may_withdraw(state: CaseState, _on: date | None) -> Refusal | None:
    # Not entered late either: an earlier withdrawal and the reply would be two outcomes.
    return before_reply(state, None)


def _check_withdraw(context: Context) -> Refusal | None:
    """Not before what was revoked: until then a reply stood, and nothing can be withdrawn after a reply."""
    replies = context.state.replies
    revoked = replies[-1].revoked_on or replies[-1].issued_on if replies else None
    return context.since(last_move(context.state)) or context.since(revoked)


def _may_archive(state: CaseState, _on: date | None) -> Refusal | None:
    if state.reply_owed:
        return refuse("nothing_to_archive")
    reply = state.reply
    if reply is not None and reply.first_dispatched_on is None and reply.delivered_on is None:
        return refuse("reply_not_served")
    return None


def _check_archive(context: Context) -> Refusal | None:
    state = context.state
    ended = state.reply.issued_on if state.reply is not None else state.withdrawn_on
    return context.since(ended)


# --- remedies (Table 4) ---------------------------------------------------------------------------------


def _check_filed(context: Context) -> Refusal | None:
    state, payload = context.state, context.payload
    same = [r for r in state.remedies if r.remedy == payload["remedy"]]
    if any(r.instance == payload.get("instance") for r in same):
        return refuse("remedy_known", remedy=payload["remedy"])
    if (refusal := context.since(max((r.filed_on for r in same), default=None))) is not None:
        return refusal  # the next instance follows the one before
    if payload.get("procedure") == Procedure.SIMPLE.value:
        # Before the law of 2023 there was no simple procedure.
        context.rules.law.value("defence_reconsideration_simple_period", on=context.on)
    reviewed = [r for r in state.remedies if r.kind is RemedyKind.RECONSIDERATION]
    after = RemedyKind(payload["kind"]) is RemedyKind.LITIGATION_AFTER_RECONSIDERATION
    if after and not reviewed and not state.opening:
        return refuse("no_reconsideration")
    if after and reviewed and (refusal := context.since(min(r.filed_on for r in reviewed))) is not None:
        return refusal
    reached = payload.get("reached_on")
    if reached is not None and date.fromisoformat(reached) < context.on:
        return refuse("before_cause", on=reached, cause=context.on)
    return None


def _may_follow_remedy(state: CaseState, _on: date | None) -> Refusal | None:
    if not any(r.decided_on is None for r in state.remedies):
        return refuse("no_remedy_open")
    return None


def _remedy(context: Context) -> Remedy | None:
    name, instance = context.payload["remedy"], context.payload.get("instance")
    for remedy in reversed(context.state.remedies):
        if remedy.remedy == name and instance in (None, remedy.instance) and remedy.decided_on is None:
            return remedy
    return None


def _check_remedy_step(context: Context) -> Refusal | None:
    remedy = _remedy(context)
    if remedy is None:
        return refuse("remedy_unknown", remedy=context.payload["remedy"])
    kind = context.payload.get("kind")
    if kind is not None and RemedyKind(kind) is not remedy.kind:
        return refuse("remedy_other_kind", remedy=remedy.remedy)
    return context.since(remedy.reached_on or remedy.filed_on)


# --- tasks ----------------------------------------------------------------------------------------------


def _may_end_task(state: CaseState, _on: date | None) -> Refusal | None:
    return None if state.tasks else refuse("no_task")


def _check_end_task(context: Context) -> Refusal | None:
    for task in context.state.tasks:
        if (task.unit, task.kind) == (context.payload["unit"], context.payload["kind"]):
            return context.since(task.assigned_on)
    return refuse("no_task")


ACTS: dict[str, Act] = {
    "task.assigned": Act(always, fine),
    "task.returned": Act(_may_end_task, _check_end_task),
    "task.done": Act(_may_end_task, _check_end_task),
    "reply.issued": Act(_may_reply, _check_reply),
    "reply.dispatched": Act(_may_dispatch, _check_dispatch),
    "reply.delivered": Act(_may_deliver, _check_deliver),
    "reply.returned": Act(_may_return, _check_return),
    "reply.revoked": Act(_may_revoke, _check_revoke),
    "rehandling.started": Act(_may_rehandle, _check_rehandle),
    "request.withdrawn": Act(_may_withdraw, _check_withdraw),
    "case.archived": Act(_may_archive, _check_archive),
    "disclosure.converted": Act(always, fine),
    "remedy.filed": Act(always, _check_filed),
    "remedy.answered": Act(_may_follow_remedy, _check_remedy_step),
    "remedy.decided": Act(_may_follow_remedy, _check_remedy_step),
}
"""Every act from the reply on, by kind."""
