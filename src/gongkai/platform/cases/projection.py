"""From the events of a case to its row in the lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.core.bases import Basis
from gongkai.platform.core.present import SHANGHAI
from gongkai.rules.cases.clock import Clock, ClockState
from gongkai.rules.cases.clocks import Deadlines, deadlines
from gongkai.rules.cases.fold import fold
from gongkai.rules.cases.state import CaseState, Phase, phase
from gongkai.rules.event import Event
from gongkai.rules.workdays import CalendarNotPublished

_WAITING = ("correction", "third_party", "co_maker", "agency", "fee")
_SERVED = frozenset({Phase.DELIVERED, Phase.WITHDRAWN, Phase.ARCHIVED})


@dataclass(frozen=True, slots=True)
class Worked:
    """A case worked out: its state and its clocks on a day."""

    state: CaseState
    deadlines: Deadlines | None
    """``None`` where a clock runs beyond the years that the calendar can tell."""


def work_out(events: Sequence[Event], basis: Basis, as_of: date) -> Worked:
    """State and clocks of a case."""
    state = fold(events)
    try:
        return Worked(state, deadlines(state, basis.law, basis.calendar, as_of))
    except CalendarNotPublished:
        return Worked(state, None)


def summary_fields(body_key: str, events: Sequence[Event], basis: Basis) -> dict[str, Any]:
    """The columns of ``CaseSummary`` for a case of at least one event; a function of events and basis."""
    last = events[-1]
    recorded = last.recorded_at
    as_of = max(event.occurred_on for event in events)
    if recorded is not None:
        as_of = max(as_of, recorded.astimezone(SHANGHAI).date())
    worked = work_out(events, basis, as_of)
    state, clocks = worked.state, worked.deadlines
    now = phase(state)
    reply = None if clocks is None else clocks.get("reply")
    owed = state.reply_owed and state.received_on is not None
    due = reply.due_on if reply is not None and _is_live(reply) else None
    notice = None if clocks is None else clocks.get("correction_notice")
    waiting = _waited_for(clocks) if owed else None
    waits_until = None if waiting is None else waiting.due_on
    is_open = now not in _SERVED
    return {
        "body_id": body_key,
        "number": state.number or "",
        "letter": next((e.payload.get("letter", "") for e in events if e.payload.get("letter")), ""),
        "channel": state.channel or "",
        "applicant_kind": state.applicant_kind or "",
        "submitted_on": state.submitted_on,
        "received_on": state.received_on,
        "phase": now.value,
        "waits_for": _waits_for(state, now, waiting, reply),
        "reply_due_on": due,
        "notice_due_on": notice.due_on if notice is not None and owed and _is_live(notice) else None,
        "waits_until": waits_until,
        "next_due_on": due if due is not None else waits_until,
        "paused": reply is not None and reply.state is ClockState.PAUSED,
        "extended": bool(state.extensions),
        "provisional": any(c.provisional for c in (reply, waiting) if c is not None),
        "outcome": state.replies[-1].outcome if state.replies else "",
        "replied_on": state.replies[-1].issued_on if state.replies else None,
        "answered_late": _answered_late(reply),
        "open": is_open,
        "ended_on": None if is_open else last.occurred_on,
        "last_seq": last.seq,
        "last_position": last.position,
    }


def _is_live(clock: Clock) -> bool:
    return clock.state in (ClockState.RUNNING, ClockState.OVERDUE)


def _answered_late(reply: Clock | None) -> bool | None:
    if reply is None or reply.state not in (ClockState.MET, ClockState.LATE):
        return None
    return reply.state is ClockState.LATE


def _waited_for(clocks: Deadlines | None) -> Clock | None:
    """What a case waits for: the latest end of what is open, for all must be in."""
    if clocks is None:
        return None
    open_ones = [
        clock
        for clock in clocks.clocks
        if clock.clock in _WAITING
        and clock.state in (ClockState.RUNNING, ClockState.OVERDUE, ClockState.UNKNOWN)
    ]
    return max(open_ones, key=lambda clock: clock.due_on or date.max, default=None)


def _waits_for(state: CaseState, now: Phase, waiting: Clock | None, reply: Clock | None) -> str:
    if now in _SERVED:
        return ""
    if waiting is not None and reply is not None and reply.state is ClockState.PAUSED:
        return waiting.who
    return "organ"


def project(body_key: str, events: Sequence[Event], basis: Basis) -> CaseSummary:
    """Write the row of a case from its events, in the transaction of the act."""
    summary, _created = CaseSummary.objects.update_or_create(
        stream=events[-1].stream, defaults=summary_fields(body_key, events, basis)
    )
    return summary
