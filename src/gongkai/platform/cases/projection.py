"""From the events of a case to its row in the lists: a function of the events and the basis, of no day.

What time alone changes is in the row as a date: until when a pause lasts by itself, and what is due after it.
``on_a_day`` reads a row for a day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from gongkai.platform.cases.models import CaseSummary, Service
from gongkai.platform.cases.owing import rehandling_owed_on
from gongkai.platform.core.bases import Basis
from gongkai.platform.core.present import SHANGHAI
from gongkai.rules.cases.clock import Clock, ClockState
from gongkai.rules.cases.clocks import Deadlines, deadlines
from gongkai.rules.cases.fold import fold
from gongkai.rules.cases.state import CaseState, ConsultationKind, Phase, Reply, phase
from gongkai.rules.event import Event
from gongkai.rules.workdays import CalendarNotPublished

_WAITING = ("correction", "third_party", "co_maker", "agency", "fee")
_NOTHING_OWED = frozenset({Phase.DELIVERED, Phase.WITHDRAWN, Phase.ARCHIVED})
_DAY = timedelta(days=1)
LETTER = "letter-"
"""With this the reference of a letter begins; a case may also be split from a case that has none."""


@dataclass(frozen=True, slots=True)
class Worked:
    """A case worked out: its state and its clocks on a day."""

    state: CaseState
    deadlines: Deadlines | None
    """``None`` where a clock runs beyond the years that the calendar can tell."""


def work_out(events: Sequence[Event], basis: Basis, as_of: date) -> Worked:
    """State and clocks of a case."""
    state = fold(events)
    return Worked(state, _clocks(state, basis, as_of))


def _clocks(state: CaseState, basis: Basis, as_of: date) -> Deadlines | None:
    try:
        return deadlines(state, basis.law, basis.calendar, as_of)
    except CalendarNotPublished:
        return None


def summary_fields(body_key: str, events: Sequence[Event], basis: Basis) -> dict[str, Any]:
    """The columns of ``CaseSummary`` for a case of at least one event.

    The same events and basis give the same columns, whenever they are asked for: clocks are worked out for
    the day on which the last act was entered.
    """
    last = events[-1]
    as_of = _entered_on(events)
    worked = work_out(events, basis, as_of)
    state, clocks = worked.state, worked.deadlines
    now = phase(state)
    is_open = _is_open(state, now)
    reply = None if clocks is None else clocks.get("reply")
    late = overdue_before_asking(state, reply, basis) if is_open and reply is not None else None
    pause = _pause(state, basis, clocks, as_of) if is_open else None
    waits_for = _waits_for(pause, is_open=is_open)
    due = reply.due_on if reply is not None and is_open and _is_live(reply) else None
    if late is not None:
        due, pause = late, None  # what is asked for too late does not take the case from among the overdue
    standing = _standing(state)
    return {
        "body_id": body_key,
        "number": state.number or "",
        "letter": _letter(state),
        "channel": state.channel or "",
        "applicant_kind": state.applicant_kind or "",
        "submitted_on": state.submitted_on,
        "received_on": state.received_on,
        "phase": now.value,
        "waits_for": waits_for,
        "reply_due_on": due,
        "notice_due_on": _notice_due(state, clocks) if is_open else None,
        "waits_until": None if pause is None else pause.until,
        "paused_through": None if pause is None else pause.through,
        "due_after_pause": None if pause is None else pause.due_after,
        "next_due_on": _next_due(due, pause) or rehandling_owed_on(state, basis),
        "paused": pause is not None,
        "extended": _extended(state, reply),
        "provisional": is_open and _provisional(state, clocks, reply, pause),
        "outcome": standing.outcome if standing is not None else "",
        "replied_on": standing.issued_on if standing is not None else None,
        "answered_late": _answered_late(reply),
        "open": is_open,
        "service": _service(now, standing) if is_open else "",
        "ended_on": None if is_open else _ended_on(state, now, last),
        "challenged": any(remedy.decided_on is None for remedy in state.remedies),
        "defence_due_on": _defence_due(state, clocks),
        "last_seq": last.seq,
        "last_position": last.position,
    }


def _letter(state: CaseState) -> str:
    """The letter that a case came in, as its receipt names it; a case split from another names that one."""
    for event in state.events:
        if event.payload.get("letter"):
            return str(event.payload["letter"])
        if event.kind == "case.split" and str(event.payload["from"]).startswith(LETTER):
            return str(event.payload["from"])
    return ""


def _entered_on(events: Sequence[Event]) -> date:
    """The day on which the last act was entered, not before the legal date of any."""
    as_of = max(event.occurred_on for event in events)
    recorded = events[-1].recorded_at
    return as_of if recorded is None else max(as_of, recorded.astimezone(SHANGHAI).date())


def _is_open(state: CaseState, now: Phase) -> bool:
    """Receipt to be confirmed, or a reply, its dispatch or its delivery still owed.

    A case all of whose intake was struck out as a mistake owes nothing.
    """
    return now not in _NOTHING_OWED and (state.received_on is not None or state.submitted_on is not None)


def _ended_on(state: CaseState, now: Phase, last: Event) -> date:
    """The day since which nothing is owed; what is entered later (remedies, archive) does not move it."""
    if state.withdrawn_on is not None:
        return state.withdrawn_on
    reply = state.reply
    if reply is not None and reply.delivered_on is not None:
        return reply.delivered_on
    if now is Phase.ARCHIVED and state.archived_on is not None:
        return state.archived_on
    return last.occurred_on


def _standing(state: CaseState) -> Reply | None:
    """The reply that stands; one that was revoked, or is being given anew, does not."""
    return None if state.rehandling_pending else state.reply


def _service(now: Phase, reply: Reply | None) -> str:
    """How far the service of the reply is that stands; blank once it was delivered."""
    if now is not Phase.REPLIED or reply is None or reply.delivered_on is not None:
        return ""
    if reply.returned_on is not None:
        return Service.RETURNED.value
    return (Service.TO_SEND if reply.dispatched_on is None else Service.SENT).value


def _is_live(clock: Clock) -> bool:
    return clock.state in (ClockState.RUNNING, ClockState.OVERDUE)


def overdue_before_asking(state: CaseState, reply: Clock, basis: Basis) -> date | None:
    """The due date that had passed when the correction awaited now was asked for; ``None``: it had not.

    Asking pauses the clock as the rules have it, but the delay has happened (art. 30): it stays overdue.
    """
    awaited = state.correction_awaited
    if awaited is None or reply.state is not ClockState.PAUSED:
        return None
    acts = [event for event in state.events if event.kind != "entry.corrected"]
    asked = max(at for at, event in enumerate(acts) if event.kind == "correction.requested")
    before = _clocks(fold(acts[:asked]), basis, awaited.requested_on)
    then = None if before is None else before.get("reply")
    return then.due_on if then is not None and then.state is ClockState.OVERDUE else None


def _answered_late(reply: Clock | None) -> bool | None:
    if reply is None or reply.state not in (ClockState.MET, ClockState.LATE):
        return None
    return reply.state is ClockState.LATE


def _notice_due(state: CaseState, clocks: Deadlines | None) -> date | None:
    """The last day for asking for a correction; ``None`` once it was over when the last act was entered."""
    notice = None if clocks is None else clocks.get("correction_notice")
    return notice.due_on if notice is not None and state.reply_owed and _is_live(notice) else None


def _defence_due(state: CaseState, clocks: Deadlines | None) -> date | None:
    """The first day by which the organ must answer in a proceeding that is not decided."""
    owed = {r.remedy for r in state.remedies if r.decided_on is None and r.answered_on is None}
    found = () if clocks is None else clocks.clocks
    return min(
        (
            c.due_on
            for c in found
            if c.clock == "defence" and c.party in owed and c.due_on is not None and _is_live(c)
        ),
        default=None,
    )


def _extended(state: CaseState, reply: Clock | None) -> bool:
    """An extension that belongs to the period in force: a restart lets those before fall away."""
    start = None if reply is None else reply.started_on
    return any(start is None or extension.told_on >= start for extension in state.extensions)


def _provisional(
    state: CaseState, clocks: Deadlines | None, reply: Clock | None, pause: _Pause | None
) -> bool:
    """A date of the row touches a year without holiday notice, or cannot be told at all for want of one."""
    if clocks is None:
        return state.received_on is not None
    shown = [reply] if reply is not None and (_is_live(reply) or pause is not None) else []
    if pause is not None and pause.waiting is not None:
        shown.append(pause.waiting)
    return any(clock.provisional for clock in shown)


# -- pauses ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Pause:
    """What the reply clock waits for."""

    who: str
    until: date | None
    """Last day of what is awaited, where that has one."""
    through: date | None
    """Last day of the pause where it ends by itself: a consultation is excluded to its last day (art. 33)."""
    due_after: date | None
    """What is due then."""
    waiting: Clock | None


def _pause(state: CaseState, basis: Basis, clocks: Deadlines | None, as_of: date) -> _Pause | None:
    reply = None if clocks is None else clocks.get("reply")
    if clocks is None or reply is None or reply.state is not ClockState.PAUSED:
        return None
    waiting = [
        clock
        for clock in clocks.clocks
        if clock.clock in _WAITING
        and clock.state in (ClockState.RUNNING, ClockState.OVERDUE, ClockState.UNKNOWN)
    ]
    # All must be in, so what lasts longest tells; what has no end yet lasts longest of all.
    longest = max(waiting, key=lambda clock: clock.due_on or date.max, default=None)
    who = "agency" if longest is None else longest.who
    until = None if longest is None else longest.due_on
    if who != "agency" and until is not None and _asks_an_agency_without_limit(state, clocks):
        who, until = "agency", None
    for day in sorted({clock.due_on for clock in waiting if clock.due_on is not None}):
        after = max(day, as_of) + _DAY
        later = _clocks(state, basis, after)
        resumed = None if later is None else later.get("reply")
        if resumed is not None and resumed.state is not ClockState.PAUSED:
            return _Pause(who, until, after - _DAY, resumed.due_on, longest)
    return _Pause(who, until, None, None, longest)


def _asks_an_agency_without_limit(state: CaseState, clocks: Deadlines) -> bool:
    """Whether another organ was asked for which no period is set: it has no clock of its own."""
    timed = {clock.party for clock in clocks.clocks if clock.clock == "agency"}
    return any(
        consultation.kind is ConsultationKind.AGENCY and consultation.open and consultation.party not in timed
        for consultation in state.consultations
    )


def _waits_for(pause: _Pause | None, *, is_open: bool) -> str:
    if not is_open:
        return ""
    return "organ" if pause is None else pause.who


def _next_due(due: date | None, pause: _Pause | None) -> date | None:
    if pause is None or due is not None:
        return due
    return pause.due_after if pause.due_after is not None else pause.until


# -- rows ------------------------------------------------------------------------------------------------


def project(body_key: str, events: Sequence[Event], basis: Basis) -> CaseSummary:
    """Write the row of a case from its events, in the transaction of the act."""
    summary, _created = CaseSummary.objects.update_or_create(
        stream=events[-1].stream, defaults=summary_fields(body_key, events, basis)
    )
    return summary


@dataclass(frozen=True, slots=True)
class OnADay:
    """What a row says on a day."""

    paused: bool
    waits_for: str
    reply_due_on: date | None


def on_a_day(summary: CaseSummary, today: date) -> OnADay:
    """The row on a day: a pause may have ended by itself, and what was awaited may have run out.

    Where the last day of what is awaited has passed it is the organ that acts next, though the clock may go
    on pausing until it enters the lapse. ``running_on``, ``paused_on``, ``organ_acts_on`` tell the database.
    """
    over = summary.waits_until is not None and summary.waits_until < today
    waits_for = "organ" if summary.open and over else summary.waits_for
    if summary.paused and summary.paused_through is not None and summary.paused_through < today:
        return OnADay(False, waits_for, summary.due_after_pause)
    return OnADay(summary.paused, waits_for, summary.reply_due_on)


def running_on(today: date) -> Q:
    """Rows of open cases whose clock is not paused on a day; ``on_a_day`` for the database."""
    return Q(paused=False) | Q(paused_through__lt=today)


def paused_on(today: date) -> Q:
    """Rows of cases that are paused on a day."""
    return Q(paused=True) & (Q(paused_through__isnull=True) | Q(paused_through__gte=today))


def organ_acts_on(today: date) -> Q:
    """Rows of cases in which the organ acts next on a day."""
    return Q(waits_for="organ") | Q(open=True, waits_until__lt=today)
