"""What is lawful before the reply: intake, correction, consultation, reasons, extension, fee."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from gongkai.rules.cases.lawful import (
    Act,
    Check,
    Context,
    May,
    always,
    before_reply,
    consultation_article,
    find_consultation,
    fine,
    first,
)
from gongkai.rules.cases.periods import (
    consultation_limit,
    correction_due,
    fee_due,
    first_reply,
    periods,
)
from gongkai.rules.cases.state import CaseState, Consultation, ConsultationKind
from gongkai.rules.law.cite import citation_zh
from gongkai.rules.refusal import Refusal, refuse

FEE_MEASURES = citation_zh("政府信息公开信息处理费管理办法", None)
EXCESSIVE = citation_zh("政府信息公开条例", "35")

# --- intake ---------------------------------------------------------------------------------------------


def _unopened(state: CaseState, _on: date | None) -> Refusal | None:
    if state.received_on is not None:
        return refuse("already_received", on=state.received_on)
    return None


def _may_submit(state: CaseState, on: date | None) -> Refusal | None:
    if state.submitted_on is not None:
        return refuse("already_submitted", on=state.submitted_on)
    return _unopened(state, on)


def _check_opening(context: Context) -> Refusal | None:
    received = date.fromisoformat(context.payload["received_on"])
    return context.since(received)


def _check_received(context: Context) -> Refusal | None:
    return context.since(context.state.submitted_on)


def _may_split(state: CaseState, _on: date | None) -> Refusal | None:
    if state.split_from is not None:
        return refuse("already_split")
    if state.replies:
        return refuse("split_after_reply")
    return None


def _check_split(context: Context) -> Refusal | None:
    if context.state.received_on is not None:
        return context.since(context.state.received_on)
    for key in ("received_on", "channel", "applicant_kind"):
        if context.payload.get(key) is None:
            return refuse("split_without_receipt", key=key)
    return context.since(date.fromisoformat(context.payload["received_on"]))


def _may_register(state: CaseState, _on: date | None) -> Refusal | None:
    return refuse("already_registered", number=state.number) if state.number is not None else None


def _check_registered(context: Context) -> Refusal | None:
    number = context.payload["number"]
    return refuse("number_in_use", number=number) if number in context.command.facts.numbers_in_use else None


# --- correction (art. 30) -------------------------------------------------------------------------------


def _waiting(state: CaseState) -> Refusal | None:
    if (correction := state.correction_awaited) is not None:
        return refuse("correction_awaited", on=correction.requested_on)
    if (fee := state.fee_awaited) is not None:
        return refuse("fee_awaited", on=fee.notified_on)
    return None


def _given_up(state: CaseState) -> Refusal | None:
    correction = state.corrections[-1] if state.corrections else None
    if correction is not None and correction.lapsed_on is not None and state.in_hand(correction.requested_on):
        return refuse("correction_has_lapsed", on=correction.lapsed_on)
    fee = state.fees[-1] if state.fees else None
    if fee is not None and fee.lapsed_on is not None and state.in_hand(fee.notified_on):
        return refuse("fee_has_lapsed", on=fee.lapsed_on)
    return None


def _may_request_correction(state: CaseState, on: date | None) -> Refusal | None:
    return first(before_reply(state, on), _waiting(state), _given_up(state))


def _check_correction(context: Context) -> Refusal | None:
    state, payload = context.state, context.payload
    last = state.corrections[-1] if state.corrections else None
    if last is not None and last.received_on is not None:
        days = context.rules.days("correction_further_round_period", last.received_on)
        limit = context.rules.calendar.add(last.received_on, days)
        again = not any(r.started_on >= last.received_on for r in state.rehandlings)
        if again and context.on > limit:
            return refuse("further_round_late", days=days, limit=limit)
        if (refusal := context.since(last.received_on)) is not None:
            return refusal
    if payload.get("respond_by") is not None and date.fromisoformat(payload["respond_by"]) < context.on:
        return refuse("term_before_notice", on=context.on)
    if payload.get("working_days") == 0:
        return refuse("term_before_notice", on=context.on)
    return None


def _may_end_correction(state: CaseState, on: date | None) -> Refusal | None:
    if (refusal := before_reply(state, on)) is not None:
        return refusal
    if state.corrections and state.corrections[-1].lapsed_on is not None:
        return refuse("correction_has_lapsed", on=state.corrections[-1].lapsed_on)
    return None if state.correction_awaited is not None else refuse("no_correction_awaited")


def _check_correction_answer(context: Context) -> Refusal | None:
    correction = context.state.correction_awaited
    if correction is None:
        return None
    return context.since(correction.reopened_on or correction.delivered_on or correction.requested_on)


def _check_correction_delivered(context: Context) -> Refusal | None:
    correction = context.state.correction_awaited
    if correction is None:
        return None
    if correction.delivered_on is not None:
        return refuse("already_delivered", on=correction.delivered_on)
    return context.since(correction.requested_on)


def _check_correction_lapsed(context: Context) -> Refusal | None:
    correction = context.state.correction_awaited
    if correction is None:
        return None
    due = correction_due(correction, context.rules)
    if context.on <= due:
        return refuse("not_lapsed_yet", due=due)
    return context.since(correction.reopened_on)


def _may_reopen(state: CaseState, on: date | None) -> Refusal | None:
    if (refusal := before_reply(state, on)) is not None:
        return refusal
    if not state.corrections or state.corrections[-1].lapsed_on is None:
        return refuse("correction_not_lapsed")
    return None


def _check_reopen(context: Context) -> Refusal | None:
    return context.since(context.state.corrections[-1].lapsed_on)


# --- consultation (arts. 32 to 34) ----------------------------------------------------------------------


def _may_consult(state: CaseState, on: date | None) -> Refusal | None:
    return first(before_reply(state, on), _given_up(state))


def _check_consult(kind: ConsultationKind) -> Check:
    def check(context: Context) -> Refusal | None:
        party = context.payload.get("party") or context.payload.get("body")
        if find_consultation(context.state, kind, party, _is_open) is not None:
            return refuse("already_consulted", party=party, article=consultation_article(kind))
        return None

    return check


def _is_open(consultation: Consultation) -> bool:
    return consultation.open


def _unanswered(consultation: Consultation) -> bool:
    return consultation.answered_on is None and consultation.abandoned_on is None


def _may_follow(kind: ConsultationKind, late: bool = False) -> May:
    want = _unanswered if late else _is_open

    def may(state: CaseState, _on: date | None) -> Refusal | None:
        if find_consultation(state, kind, None, want) is None:
            return refuse("no_consultation_open", article=consultation_article(kind))
        return None

    return may


def _found(context: Context, kind: ConsultationKind, late: bool = False) -> Consultation | Refusal:
    party = context.payload.get("party") or context.payload.get("body")
    want = _unanswered if late else _is_open
    consultation = find_consultation(context.state, kind, party, want)
    if consultation is None:
        return refuse("no_consultation_with", party=party, article=consultation_article(kind))
    waiting = [c for c in context.state.consultations if c.kind is kind and want(c)]
    if party is None and len(waiting) > 1:
        return refuse("which_party", count=len(waiting), article=consultation_article(kind))
    return consultation


def _check_consultation_delivered(kind: ConsultationKind) -> Check:
    def check(context: Context) -> Refusal | None:
        found = _found(context, kind)
        if isinstance(found, Refusal):
            return found
        if found.delivered_on is not None:
            return refuse("already_delivered", on=found.delivered_on)
        return context.since(found.sent_on)

    return check


def _check_consultation_answered(kind: ConsultationKind) -> Check:
    def check(context: Context) -> Refusal | None:
        found = _found(context, kind, late=True)
        return found if isinstance(found, Refusal) else context.since(found.delivered_on or found.sent_on)

    return check


def _check_consultation_abandoned(kind: ConsultationKind) -> Check:
    def check(context: Context) -> Refusal | None:
        found = _found(context, kind)
        return found if isinstance(found, Refusal) else context.since(found.sent_on)

    return check


def _check_consultation_lapsed(kind: ConsultationKind) -> Check:
    def check(context: Context) -> Refusal | None:
        found = _found(context, kind)
        if isinstance(found, Refusal):
            return found
        limit = consultation_limit(found, context.rules)
        if limit is None:
            # Without a recorded delivery the fifteen days never began; an agency has no statutory limit.
            return (
                context.since(found.sent_on)
                if kind is ConsultationKind.AGENCY
                else refuse("not_delivered", article=consultation_article(kind))
            )
        return refuse("not_lapsed_yet", due=limit) if context.on <= limit else None

    return check


def _objected(consultation: Consultation) -> bool:
    return consultation.consent is False


def _may_tell(state: CaseState, on: date | None) -> Refusal | None:
    if find_consultation(state, ConsultationKind.THIRD_PARTY, None, _objected) is None:
        return refuse("no_objection")
    return before_reply(state, on)


def _check_told(context: Context) -> Refusal | None:
    found = find_consultation(
        context.state, ConsultationKind.THIRD_PARTY, context.payload["party"], _objected
    )
    return refuse("no_objection") if found is None else context.since(found.answered_on)


# --- excessive applications (art. 35) -------------------------------------------------------------------


def _may_ask_reasons(state: CaseState, on: date | None) -> Refusal | None:
    if state.reasons and state.reasons[-1].awaited:
        return refuse("reasons_awaited", on=state.reasons[-1].requested_on)
    return before_reply(state, on)


def _may_end_reasons(state: CaseState, on: date | None) -> Refusal | None:
    if not state.reasons or not state.reasons[-1].awaited:
        return refuse("no_reasons_awaited")
    return before_reply(state, on)


def _check_reasons_requested(context: Context) -> Refusal | None:
    respond_by = context.payload.get("respond_by")
    if respond_by is not None and date.fromisoformat(respond_by) < context.on:
        return refuse("term_before_notice", on=context.on, article=EXCESSIVE)
    return None


def _check_reasons_received(context: Context) -> Refusal | None:
    return context.since(context.state.reasons[-1].requested_on)


def _check_reasons_lapsed(context: Context) -> Refusal | None:
    asked = context.state.reasons[-1]
    if asked.respond_by is not None:
        due = context.rules.run_on(asked.respond_by, asked.requested_on)
    else:
        days = context.rules.days("reasons_response_period", asked.requested_on)
        due = context.rules.calendar.add(asked.requested_on, days)
    return refuse("not_lapsed_yet", due=due) if context.on <= due else None


def _may_delay(state: CaseState, on: date | None) -> Refusal | None:
    if not state.reasons or state.reasons[-1].reasonable is not True:
        return refuse("delay_without_reasons")
    return before_reply(state, on)


def _check_delay(context: Context) -> Refusal | None:
    if date.fromisoformat(context.payload["due_on"]) <= context.on:
        return refuse("term_before_notice", on=context.on, article=EXCESSIVE)
    found = periods(context.state, context.rules, until=context.on)
    due = found[-1].due_on if found else None
    if due is not None and context.on > due:
        return refuse("delay_after_due", due=due)  # a delay that has happened cannot be set away
    if due is not None and date.fromisoformat(context.payload["due_on"]) <= due:
        return refuse("delay_no_longer", due=due)
    return context.since(context.state.reasons[-1].received_on)


# --- extension (art. 33) --------------------------------------------------------------------------------


def _may_extend(state: CaseState, on: date | None) -> Refusal | None:
    waiting = _waiting(state) if on is None else _waiting_on(state, on)
    lapsed, told = _given_up(state), _extended(state, on)
    return first(before_reply(state, on), _put_aside(state, on), waiting, lapsed, told)


def _put_aside(state: CaseState, on: date | None) -> Refusal | None:
    """A revoked reply leaves no period that could be extended; handling anew gives one."""
    last = state.replies[-1] if state.replies else None
    if last is None or last.revoked_on is None or state.rehandling_pending:
        return None
    if on is not None and on <= last.issued_on:
        return None  # forgotten then, entered late: it was told before that reply
    return refuse("revoked_not_anew", on=last.revoked_on)


def _waiting_on(state: CaseState, on: date) -> Refusal | None:
    """Whether a correction or a payment was awaited on a day that may lie behind what was entered since."""
    for c in state.corrections:
        cut = first_reply(state, c.requested_on)
        ends = [day for day in (c.received_on, c.lapsed_on, cut) if day is not None]
        if c.requested_on <= on and (not ends or on < min(ends)):
            return refuse("correction_awaited", on=c.requested_on)
    for fee in state.fees:
        cut = first_reply(state, fee.notified_on)
        ends = [day for day in (fee.paid_on, fee.lapsed_on, cut) if day is not None]
        if fee.notified_on <= on and (not ends or on < min(ends)):
            return refuse("fee_awaited", on=fee.notified_on)
    return None


def _extended(state: CaseState, on: date | None) -> Refusal | None:
    """Once in a period; what restarts the period opens the way to a new one (a setting, checked later)."""
    if on is not None or not state.extensions:
        return None
    told = state.extensions[-1].told_on
    restarts = [c.received_on for c in state.corrections] + [fee.paid_on for fee in state.fees]
    restarts += [r.started_on for r in state.rehandlings]
    if any(day is not None and day > told for day in restarts):
        return None
    return refuse("extended_already", on=told)


def _check_extension(context: Context) -> Refusal | None:
    state, rules, payload = context.state, context.rules, context.payload
    limit = rules.days("extension_limit", context.on)
    if not 1 <= payload["working_days"] <= limit:
        return refuse("extension_length", days=payload["working_days"], limit=limit)
    if not payload.get("approved_by"):
        return refuse("extension_not_approved")
    anew = rules.law.value("extension_anew_after_restart", on=context.on) is True
    if state.extensions and not anew:
        return refuse("extended_already", on=state.extensions[-1].told_on)
    then = periods(state, rules, until=context.on)
    if not then:  # an opening case, whose period is not known
        return refuse("extended_already", on=state.extensions[-1].told_on) if state.extensions else None
    if periods(state, rules)[len(then) - 1].extended_by > 0:
        return refuse("extended_already", on=state.extensions[-1].told_on)
    due = then[-1].due_on
    if due is not None and context.on > due:
        return refuse("extension_after_due", due=due)
    return None


# --- the fee (国办函〔2020〕109号) -----------------------------------------------------------------------


def _may_notify_fee(state: CaseState, on: date | None) -> Refusal | None:
    if (refusal := first(before_reply(state, on), _waiting(state), _given_up(state))) is not None:
        return refusal
    if state.fees:
        return refuse("fee_already", on=state.fees[-1].notified_on)
    return None


def _check_fee(context: Context) -> Refusal | None:
    context.rules.law.value("fee_payment_period", on=context.on)  # before 2021 there is no rule
    return None


def _may_end_fee(state: CaseState, on: date | None) -> Refusal | None:
    if (refusal := before_reply(state, on)) is not None:
        return refusal
    if state.fees and state.fees[-1].lapsed_on is not None:
        return refuse("fee_has_lapsed", on=state.fees[-1].lapsed_on)
    return None if state.fee_awaited is not None else refuse("no_fee_awaited")


def _check_fee_since(context: Context) -> Refusal | None:
    fee = context.state.fee_awaited
    return None if fee is None else context.since(fee.delivered_on or fee.notified_on)


def _check_fee_paid(context: Context) -> Refusal | None:
    fee, paid = context.state.fee_awaited, context.payload.get("amount")
    if fee is not None and paid is not None and Decimal(paid) < Decimal(fee.amount):
        return refuse("fee_short", paid=paid, amount=fee.amount)
    return _check_fee_since(context)


def _check_fee_delivered(context: Context) -> Refusal | None:
    fee = context.state.fee_awaited
    if fee is not None and fee.delivered_on is not None:
        return refuse("already_delivered", on=fee.delivered_on)
    return _check_fee_since(context)


def _check_fee_lapsed(context: Context) -> Refusal | None:
    fee = context.state.fee_awaited
    due = fee_due(fee, context.rules) if fee is not None else None
    if due is None:
        return refuse("not_delivered", article=FEE_MEASURES)
    return refuse("not_lapsed_yet", due=due) if context.on <= due else None


ACTS: dict[str, Act] = {
    "opening.case": Act(_may_submit, _check_opening),
    "request.submitted": Act(_may_submit, fine),
    "request.received": Act(_unopened, _check_received),
    "case.split": Act(_may_split, _check_split),
    "request.registered": Act(_may_register, _check_registered),
    "correction.requested": Act(_may_request_correction, _check_correction),
    "correction.delivered": Act(_may_end_correction, _check_correction_delivered),
    "correction.received": Act(_may_end_correction, _check_correction_answer),
    "correction.lapsed": Act(_may_end_correction, _check_correction_lapsed),
    "correction.reopened": Act(_may_reopen, _check_reopen),
    "third_party.told": Act(_may_tell, _check_told),
    "reasons.requested": Act(_may_ask_reasons, _check_reasons_requested),
    "reasons.received": Act(_may_end_reasons, _check_reasons_received),
    "reasons.lapsed": Act(_may_end_reasons, _check_reasons_lapsed),
    "delay.set": Act(_may_delay, _check_delay),
    "extension.told": Act(_may_extend, _check_extension),
    "fee.notified": Act(_may_notify_fee, _check_fee),
    "fee.delivered": Act(_may_end_fee, _check_fee_delivered),
    "fee.paid": Act(_may_end_fee, _check_fee_paid),
    "fee.lapsed": Act(_may_end_fee, _check_fee_lapsed),
    "note.added": Act(always, fine),
}
for _consultation_kind in ConsultationKind:
    _name = _consultation_kind.value
    ACTS[f"{_name}.consulted"] = Act(_may_consult, _check_consult(_consultation_kind))
    ACTS[f"{_name}.answered"] = Act(
        _may_follow(_consultation_kind, late=True), _check_consultation_answered(_consultation_kind)
    )
    ACTS[f"{_name}.lapsed"] = Act(
        _may_follow(_consultation_kind), _check_consultation_lapsed(_consultation_kind)
    )
    if _consultation_kind is not ConsultationKind.AGENCY:
        ACTS[f"{_name}.delivered"] = Act(
            _may_follow(_consultation_kind), _check_consultation_delivered(_consultation_kind)
        )
        ACTS[f"{_name}.abandoned"] = Act(
            _may_follow(_consultation_kind), _check_consultation_abandoned(_consultation_kind)
        )
"""Every act before the reply, by kind."""
