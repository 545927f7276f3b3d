"""The reply period: from which day it runs, what restarts it, what is excluded, when it ends.

Regulation arts. 30, 32 to 35; 国办函〔2020〕109号 for the fee. The prose page is
``docs/explanation/algorithms/deadlines.md``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from gongkai.rules.cases.state import CaseState, Consultation, ConsultationKind, Correction, Fee, Reply
from gongkai.rules.law import Law
from gongkai.rules.workdays import WorkCalendar

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rules:
    """The two arguments that every calculation takes: which law, which calendar."""

    law: Law
    calendar: WorkCalendar

    def days(self, key: str, on: date, unit: str = "working_day") -> int:
        """A period's length on a day; ``TypeError`` where the law then counts in another unit."""
        rule = self.law.rule(key, on=on)
        if rule.unit != unit:
            raise TypeError(f"{key} is in {rule.unit}, not in {unit}, on {on}")
        value = rule.value
        if not isinstance(value, int):
            raise TypeError(f"{key} is no length: {value!r}")
        return value

    def run_on(self, due: date, on: date) -> date:
        """A due date in calendar days or months, moved to the next working day where the setting says so."""
        if self.law.value("period_end_on_rest_day", on=on) == "same_day":
            return due
        return self.calendar.next_workday(due)


@dataclass(frozen=True, slots=True)
class Start:
    """What a reply period runs from. ``why``: received, corrected, paid, rehandled."""

    why: str
    on: date
    working_days: int | None = None
    """Length ordered for handling anew; ``None``: the statutory one."""
    due_on: date | None = None


Source = Consultation | Correction | Fee
"""What days can be excluded for."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Days excluded from a reply period: those after ``after`` up to and including ``through``.

    ``through`` is ``None`` while nobody can say when the consultation will end.
    """

    after: date
    through: date | None
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """One reply period of a case and its due date as far as it can be told."""

    start: Start
    base_days: int
    extended_by: int
    delayed_until: date | None
    excluded: tuple[Interval, ...]
    excluded_days: int
    due_on: date | None
    """``None`` while an excluded interval has no end."""


def starts(state: CaseState, rules: Rules) -> list[Start]:
    """Every day from which a reply period runs, in order of dates (arts. 30, 31, 33; fee: a setting)."""
    if state.received_on is None:
        return []
    found = [Start("received", state.received_on)]
    found += [Start("corrected", c.received_on) for c in state.corrections if c.received_on is not None]
    for fee in state.fees:
        if fee.paid_on is not None and rules.law.value("fee_clock", on=fee.notified_on) == "restart":
            found.append(Start("paid", fee.paid_on))
    found += [Start("rehandled", r.started_on, r.working_days, r.due_on) for r in state.rehandlings]
    return sorted(found, key=lambda start: start.on)  # stable: what stands first on a day began first


def consultation_limit(consultation: Consultation, rules: Rules) -> date | None:
    """The last day of the answering period; ``None`` where it does not run yet or has no statutory length."""
    if consultation.kind is ConsultationKind.AGENCY:
        days = rules.law.value("agency_period", on=consultation.sent_on)
        return None if days is None else rules.calendar.add(consultation.sent_on, int(str(days)))
    if consultation.delivered_on is None:
        return None
    key = "third_party_period" if consultation.kind is ConsultationKind.THIRD_PARTY else "co_maker_period"
    return rules.calendar.add(consultation.delivered_on, rules.days(key, consultation.delivered_on))


def exclusion(consultation: Consultation, rules: Rules) -> tuple[date, date | None]:
    """The excluded interval (after, through] of one consultation (art. 33; its ends are settings).

    It ends with the answer, with giving up, or with the last day of the answering period, whichever
    comes first; ``None`` where neither has a date yet.
    """
    after = consultation.sent_on
    if rules.law.value("exclusion_counts_sent_day", on=after) is True:
        after -= DAY
    ends = [consultation_limit(consultation, rules)]
    if consultation.answered_on is not None:
        counted = rules.law.value("exclusion_counts_answer_day", on=consultation.sent_on) is True
        ends.append(consultation.answered_on if counted else consultation.answered_on - DAY)
    ends.append(consultation.abandoned_on)
    if consultation.kind is ConsultationKind.AGENCY:
        ends.append(consultation.lapsed_on)
    known = [end for end in ends if end is not None]
    return after, max(after, min(known)) if known else None


def exclusions(
    state: CaseState, rules: Rules, *, assume: date | None = None
) -> list[tuple[date, date | None, Source]]:
    """All that is excluded from reply periods: (after, through, why).

    ``assume``: take whatever is still open on this day as answered on it.
    """
    found = _answered_before_its_end(state, rules)
    for consultation in state.consultations:
        after, through = exclusion(consultation, rules)
        still_open = consultation.open and (through is None or (assume is not None and through > assume))
        if assume is not None and still_open:
            through = max(after, assume)
        cut = first_reply(state, consultation.sent_on)
        if cut is not None:  # a reply ends whatever was being asked; what comes after it moves nothing
            through = max(after, cut if through is None else min(through, cut))
        found.append((after, through, consultation))
    for fee in state.fees:
        # Where payment does not restart the period, the wait for it is excluded instead (a setting).
        if rules.law.value("fee_clock", on=fee.notified_on) != "restart" and fee.lapsed_on is None:
            end = fee.paid_on if fee.paid_on is not None else assume or fee_due(fee, rules)
            found.append((fee.notified_on, None if end is None else max(fee.notified_on, end), fee))
    return found


def _answered_before_its_end(state: CaseState, rules: Rules) -> list[tuple[date, date | None, Source]]:
    """The wait for a correction or a payment that a reply cut short: it restarts nothing, yet it was one."""
    waited: list[tuple[date, Source]] = [(c.requested_on, c) for c in state.corrections if c.awaited]
    waited += [
        (fee.notified_on, fee)
        for fee in state.fees
        if fee.awaited and rules.law.value("fee_clock", on=fee.notified_on) == "restart"
    ]
    return [
        (since, cut, source) for since, source in waited if (cut := first_reply(state, since)) is not None
    ]


def first_reply(state: CaseState, since: date) -> date | None:
    """The day of the first reply on or after a day; a later reply changes nothing of what that one ended."""
    return min((reply.issued_on for reply in state.replies if reply.issued_on >= since), default=None)


def _began(source: Source) -> date:
    """The day of the letter for which days are excluded."""
    if isinstance(source, Consultation):
        return source.sent_on
    return source.requested_on if isinstance(source, Correction) else source.notified_on


def union(parts: list[tuple[date, date | None, Source]]) -> list[Interval]:
    """The union of excluded intervals: days under two consultations are excluded once."""
    merged: list[Interval] = []
    for after, through, why in sorted(parts, key=lambda part: part[0]):
        last = merged[-1] if merged else None
        if last is not None and (last.through is None or after <= last.through):
            end = None if last.through is None or through is None else max(last.through, through)
            merged[-1] = Interval(last.after, end, (*last.sources, why))
        else:
            merged.append(Interval(after, through, (why,)))
    return merged


def periods(
    state: CaseState, rules: Rules, *, until: date | None = None, assume: date | None = None
) -> list[Period]:
    """The reply periods of a case, the last one in force; empty where none can be known (opening cases).

    ``until``: leave out what was told or sent after this day, to know what was due then.
    ``assume``: take open consultations as answered on this day.
    """
    found = [start for start in starts(state, rules) if until is None or start.on <= until]
    if state.opening:  # only what began under the rules known here
        found = [start for start in found if start.why == "rehandled"]
    excluded = exclusions(state, rules, assume=assume)
    return [
        _period(state, start, found[at + 1].on if at + 1 < len(found) else None, rules, until, excluded)
        for at, start in enumerate(found)
    ]


def _period(
    state: CaseState,
    start: Start,
    superseded_on: date | None,
    rules: Rules,
    until: date | None,
    excluded: list[tuple[date, date | None, Source]],
) -> Period:
    def before_its_end(day: date) -> bool:
        return (superseded_on is None or day < superseded_on) and (until is None or day <= until)

    base = start.working_days
    if base is None:
        base = rules.days("rehandling_period" if start.why == "rehandled" else "reply_period", start.on)
    told = [e for e in state.extensions if start.on <= e.told_on and before_its_end(e.told_on)]
    extended = sum(extension.working_days for extension in told)
    delay = next(
        (d for d in reversed(state.delays) if start.on <= d.set_on and before_its_end(d.set_on)), None
    )
    if delay is not None:
        # What was told before the delayed period went into it; an extension after it adds to it.
        after = sum(extension.working_days for extension in told if extension.told_on >= delay.set_on)
        due = rules.calendar.add(delay.due_on, after)
    elif start.due_on is not None:
        due = rules.calendar.add(start.due_on, extended)
    else:
        due = rules.calendar.add(start.on, base + extended)
    # A delayed period was set knowing of what was sent before it.
    begins = start.on if delay is None else delay.set_on
    parts = [
        part for part in excluded if before_its_end(_began(part[2])) and (delay is None or part[0] >= begins)
    ]
    used, days, last = _excluded(due, begins, union(parts), rules)
    return Period(start, base, extended, delay.due_on if delay else None, used, days, last)


def _excluded(
    due: date, begins: date, found: list[Interval], rules: Rules
) -> tuple[tuple[Interval, ...], int, date | None]:
    """The intervals that move ``due``, their working days, and the due date they lead to."""
    used: list[Interval] = []
    total = 0
    for interval in found:
        if interval.through is not None and interval.through <= begins:
            continue  # it belongs to what was before
        if interval.after > due:
            continue  # what begins after the period has run out does not save it
        used.append(interval)
        if interval.through is None:
            return tuple(used), total, None
        days = rules.calendar.count(max(interval.after, begins), interval.through)
        total += days
        due = rules.calendar.add(due, days)
    return tuple(used), total, due


def correction_start(correction: Correction, rules: Rules) -> date:
    """The day after which the applicant's time for correcting runs: delivery where recorded (a setting)."""
    by_delivery = rules.law.value("correction_clock_from", on=correction.requested_on) == "delivery"
    if by_delivery and correction.delivered_on is not None:
        return correction.delivered_on
    return correction.requested_on


def correction_due(correction: Correction, rules: Rules) -> date:
    """The last day for the corrected request: as set, else the period that the body has set (art. 30)."""
    if correction.respond_by is not None:
        return rules.run_on(correction.respond_by, correction.requested_on)
    days = correction.working_days
    if days is None:
        days = rules.days("correction_response_period", correction.requested_on)
    return rules.calendar.add(correction_start(correction, rules), days)


def fee_due(fee: Fee, rules: Rules) -> date | None:
    """The last day for paying; ``None`` until the delivery of the notice is recorded."""
    if fee.delivered_on is None:
        return None
    return rules.calendar.add(fee.delivered_on, rules.days("fee_payment_period", fee.notified_on))


def served_on(reply: Reply, rules: Rules) -> date | None:
    """The day that ends the reply period: handing to the post, sending, or signing for it.

    国办公开办函〔2016〕235号: post counts from the day it was handed over, direct and entrusted service
    from the signature. Electronic service is a setting.
    """
    dispatched = reply.first_dispatched_on
    # A timely dispatch stays timely, also where the letter came back and was served in another way.
    method = reply.first_method or reply.method
    if method == "post" and rules.law.value("post_reply_ends_clock", on=reply.issued_on) == "delivery":
        return reply.delivered_on
    if method in ("post", "public_notice"):
        return dispatched or reply.delivered_on
    if method == "electronic":
        if rules.law.value("electronic_reply_ends_clock", on=reply.issued_on) == "delivery":
            return reply.delivered_on
        return dispatched or reply.delivered_on
    if method in ("counter", "entrusted"):
        return reply.delivered_on
    # The way of service was never told: what can be shown first.
    return dispatched or reply.delivered_on


def paused_by(state: CaseState, as_of: date, rules: Rules) -> Iterator[Correction | Fee | Consultation]:
    """What holds the reply clock on a day: an awaited correction or payment, open consultations."""
    if state.correction_awaited is not None:
        yield state.correction_awaited
    if state.fee_awaited is not None:
        yield state.fee_awaited
    for consultation in state.consultations:
        if first_reply(state, consultation.sent_on) is not None:
            continue
        through = exclusion(consultation, rules)[1]
        # The letter pauses the clock on the day it is sent; which days are left out is ``exclusion``'s.
        if consultation.open and consultation.sent_on <= as_of and (through is None or as_of <= through):
            yield consultation
