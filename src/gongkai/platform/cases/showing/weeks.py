"""The weeks of a reply period: which day is its n-th working day, which are excluded, off or made up.

The numbers come from the same period that the clock is worked out from (``gongkai.rules.cases.periods``);
a test holds the due date of the weeks to the clock's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.rules.cases.clock import Clock, ClockState
from gongkai.rules.cases.periods import DAY, Period, Rules, periods
from gongkai.rules.cases.state import CaseState

WEEK = timedelta(days=7)
MOST_WEEKS = 40
"""A period ordered by a court may be long; a page is not."""
AFTER_DUE = 4
"""So many weeks of an overdue period are drawn after its last day."""


@dataclass(frozen=True, slots=True)
class Day:
    """One cell. ``kind``: start, in, left, excl, off, due, after, none (outside the period)."""

    on: date
    kind: str
    word: str
    """The number, or 收到, 不计, 到期 …"""
    corner: str = ""
    """休, 班, 今天."""
    made_up: bool = False
    today: bool = False
    number: int | None = None
    """Which working day of the period, where it counts."""

    @property
    def css(self) -> str:
        """Classes of the style sheet."""
        extra = (" made" if self.made_up else "") + (" today" if self.today else "")
        return f"{self.kind}{extra}"


@dataclass(frozen=True, slots=True)
class Weeks:
    """A calendar, Monday to Sunday by week; ``due_on`` is the day that it calls the last one."""

    rows: tuple[tuple[Day, ...], ...]
    due_on: date | None
    counted: int
    """Working days counted up to today."""
    first: date
    last: date
    has_excluded: bool


def reply_weeks(state: CaseState, clock: Clock, rules: Rules, today: date) -> Weeks | None:
    """The weeks of the reply period in force; ``None`` for opening cases, whose period is not known.

    A paused period is drawn as if the answer came today: its last day is then the earliest one.
    """
    if clock.started_on is None or clock.state is ClockState.UNKNOWN:
        return None
    stopped = clock.ended_on or today
    found = periods(state, rules) if clock.due_on is not None else periods(state, rules, assume=stopped)
    if not found:
        return None
    period = found[-1]
    if period.due_on is None:
        period = periods(state, rules, assume=stopped)[-1]
    halted = _halted_on(state, clock, rules)
    due = None if halted is not None else clock.due_on or clock.earliest_due_on
    end = max(due or stopped, min(stopped, due + AFTER_DUE * WEEK) if due is not None else stopped)
    first = period.start.on - timedelta(days=period.start.on.weekday())
    end = min(end, first + MOST_WEEKS * WEEK - DAY)
    last = end + timedelta(days=6 - end.weekday())
    return _drawn(period, due, halted, (first, last), rules, today, clock)


def _halted_on(state: CaseState, clock: Clock, rules: Rules) -> date | None:
    """From when a corrected request or a payment is awaited: it would restart the period, nothing counts.

    Nothing has counted either where the awaited did not come, and the period ended with that.
    """
    if clock.state not in (ClockState.PAUSED, ClockState.ENDED):
        return None
    asked = [c for c in state.corrections[-1:] if c.received_on is None and state.in_hand(c.requested_on)]
    days = [correction.requested_on for correction in asked]
    fees = [fee for fee in state.fees[-1:] if fee.paid_on is None and state.in_hand(fee.notified_on)]
    days += [f.notified_on for f in fees if rules.law.value("fee_clock", on=f.notified_on) == "restart"]
    return min(days, default=None)


def _drawn(
    period: Period,
    due: date | None,
    halted: date | None,
    span: tuple[date, date],
    rules: Rules,
    today: date,
    clock: Clock,
) -> Weeks:
    calendar, days, number, counted = rules.calendar, list[Day](), 0, 0
    first, last = span
    at, excluded_any = first, False
    while at <= last:
        work = calendar.is_workday(at)
        made_up = work and at.weekday() >= 5
        corner = _corner(at, work, made_up)
        out = _excluded(period, at) or (halted is not None and halted < at <= (clock.ended_on or today))
        kind, word, counts = "none", "", False
        if at == period.start.on:
            kind, word = "start", str(_START_WORDS[period.start.why])
        elif clock.state is ClockState.ENDED and clock.ended_on is not None and at > clock.ended_on:
            kind = "after" if work else "off"
        elif period.start.on < at:
            kind, word, counts = _inside(at, work, out, due, halted, number + 1)
        if counts:
            number += 1
        excluded_any = excluded_any or kind == "excl"
        if at <= today:
            counted = number
        if clock.ended_on == at and clock.state in (ClockState.MET, ClockState.LATE):
            word = f"{word} {_('答复')}".strip() if kind != "start" else _("当日答复")
        is_today = at == today
        days.append(
            Day(
                at, _kind(kind, work, at, today), word, _("今天") if is_today else corner, made_up, is_today,
                number if counts else None,
            )
        )  # fmt: skip
        at += DAY
    rows = tuple(tuple(days[n : n + 7]) for n in range(0, len(days), 7))
    return Weeks(rows, due, counted, period.start.on, last, excluded_any)


_START_WORDS = {
    "received": gettext_lazy("收到"),
    "corrected": gettext_lazy("补正"),
    "paid": gettext_lazy("缴费"),
    "rehandled": gettext_lazy("重办"),
}


def _corner(at: date, work: bool, made_up: bool) -> str:
    if made_up:
        return _("班")
    return _("休") if not work and at.weekday() < 5 else ""


def _inside(
    at: date, work: bool, out: bool, due: date | None, halted: date | None, number: int
) -> tuple[str, str, bool]:
    """Kind, word and whether it counts, of a day after the period's start."""
    if due is not None and at == due:
        # Asked on the very last day: the wait moves the end, and the end may lie in the wait.
        counts = work and not out
        return "due", f"{number} {_('到期')}" if counts else _("到期"), counts
    if due is not None and at > due:
        return ("after" if work else "off"), "", False
    if not work:
        return "off", "", False
    if out:
        return "excl", _("不计"), False
    if due is None and halted is not None and at > halted:
        return "after", "", False
    return "in", str(number), True


def _kind(kind: str, work: bool, at: date, today: date) -> str:
    if kind == "in" and at > today:
        return "left"
    if kind == "none":
        return "none" if work else "off"
    return kind


def _excluded(period: Period, at: date) -> bool:
    for interval in period.excluded:
        begins = max(interval.after, period.start.on)
        if begins < at and interval.through is not None and at <= interval.through:
            return True
    return False
