"""Cases of the year before that are handled anew: what keeps the desk busy on every day of the year.

The published figures leave no request open on 31 December and none at the beginning, and 46 requests a year
do not always have one overdue or waiting. A reply of the year before that the office itself revoked counts in
no cell of Tables 3 and 4 when it is handled anew (counting.md), so these cases fill the gaps: one after the
other is overdue, another waits for an agency's opinion, a third has a term beyond the known calendar.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from gongkai.platform.core.present import SHANGHAI
from gongkai.platform.demonstration.script import Line, in_order
from gongkai.replay.chance import Chance
from gongkai.replay.grounds import basis_of
from gongkai.rules.vocabulary import Outcome
from gongkai.rules.workdays import WorkCalendar

TERM = 20
"""Working days for handling anew (the statutory period for a reply)."""
OVERDUE = 22
"""Working days from one case to the next; each is answered, late, a day after the next became overdue."""
WAIT, NEXT_WAIT = 32, 30
"""Working days of waiting for an agency, and from one wait to the next."""
BEYOND = (((1, 1), (1, 24)), ((11, 25), (1, 30)))
"""Orders with a long term: given on, and due on in the year after next notice is known (month, day)."""
DUE = (
    (1, 8), (1, 24), (2, 1), (2, 9), (2, 18), (3, 5), (3, 13), (3, 29), (4, 16), (5, 20), (5, 31), (6, 7),
    (7, 9), (8, 8), (8, 16), (9, 4), (9, 30), (10, 8), (10, 23), (11, 18), (12, 19), (12, 27),
)  # fmt: skip
"""Days on which cases of the area fall due where in 2024 nothing else would within a week (month, day)."""
REPLIES = (Outcome.UNAVAILABLE_NOT_HELD, Outcome.DENIED_PROCESS, Outcome.DENIED_INTERNAL)
"""What the revoked replies were."""
CHANNELS = ("internet", "registered_post")
HANDLER, HEAD, CLERK, SYSTEM = "officer-1", "head-1", "officer-2", "system"


@dataclass(slots=True)
class _Case:
    """The lines of one case in the making."""

    stream: str
    chance: Chance
    entered_from: date
    """Acts of before this day are entered on it; first, the day on which the old case is taken over."""
    lines: list[Line] = field(default_factory=list[Line])

    def act(self, on: date, kind: str, actor: str = HANDLER, /, **payload: Any) -> None:
        """Add an act, entered on its day a little after the act before it."""
        day = max(on, self.entered_from)
        at = datetime.combine(day, time(9), SHANGHAI) + timedelta(minutes=self.chance.whole(0, 20))
        if self.lines:
            at = max(at, self.lines[-1].at + timedelta(minutes=1))
        self.lines.append(Line(self.stream, kind, on, payload, actor, at))


def anew(year: int, *, seed: int, calendar: WorkCalendar) -> list[Line]:
    """The script of all cases that are handled anew in a year, running into the year after.

    On every day from 1 January to 31 December one of them is overdue, one is paused, and one has a term in
    a year whose holiday notice is not known yet (``core.bases.known_calendar``).
    """
    chance = Chance("gongkai.demonstration.anew", seed, year)
    first, end = date(year, 1, 1), date(year, 12, 31)
    lines: list[Line] = []
    # Backwards from a case that falls due in the first days of the next year: on 31 December it is due soon.
    due = calendar.add(end, 2)
    while True:
        case = _begun(_before(calendar, due, TERM), chance, first, {"working_days": TERM})
        _asked_departments(case, _before(calendar, due, TERM), calendar)
        _answered(case, calendar.add(due, OVERDUE + 1), calendar)
        lines += case.lines
        if due < first:
            break
        due = _before(calendar, due, OVERDUE)
    asked = _before(calendar, first, 5)
    while asked <= end:
        answered = calendar.add(asked, WAIT)
        case = _begun(_before(calendar, asked, 2), chance, first, {"working_days": TERM})
        agency = f"body-{chance.whole(1, 40)}"
        case.act(asked, "agency.consulted", body=agency)
        case.act(answered, "agency.answered", body=agency)
        _answered(case, calendar.add(answered, 4), calendar)
        lines += case.lines
        asked = calendar.add(asked, NEXT_WAIT)
    for ahead, ((month, day), (due_month, due_day)) in enumerate(BEYOND, 1):
        due = date(year + ahead, due_month, due_day)
        case = _begun(date(year, month, day), chance, first, {"due_on": due.isoformat()})
        if ahead == 1:
            _answered(case, calendar.next_workday(date(year, 12, 5)), calendar)
        lines += case.lines
    return in_order(lines)


def _begun(started: date, chance: Chance, first: date, term: Mapping[str, Any]) -> _Case:
    """An answered case of the year before, taken over when its reply is revoked."""
    case = _Case(f"case-{chance.token(10)}", chance, max(first, started))
    received = date(first.year - 1, chance.whole(3, 6), chance.whole(1, 28))
    replied = received + timedelta(days=chance.whole(12, 25))
    channel = chance.one(CHANNELS)
    case.act(
        case.entered_from, "opening.case", CLERK,
        received_on=received.isoformat(), applicant_kind="natural_person", channel=channel,
    )  # fmt: skip
    case.act(case.entered_from, "request.registered", CLERK, number=f"依申请〔{received.year}〕1号")
    outcome = chance.one(REPLIES)
    sub_kind = "not_held" if outcome is Outcome.UNAVAILABLE_NOT_HELD else None
    payload: dict[str, Any] = {
        "outcome": outcome.value,
        "method": "post",
        "basis": basis_of(outcome, sub_kind),
    }
    if sub_kind is not None:
        payload["sub_kind"] = sub_kind
    case.act(replied, "reply.issued", HEAD, number=f"依复〔{received.year}〕1号", **payload)
    sent = replied + timedelta(days=1)
    case.act(sent, "reply.dispatched", method="post", proof=f"post-{chance.token()}")
    served = sent + timedelta(days=chance.whole(2, 4))
    case.act(served, "reply.delivered", method="post", proof=f"receipt-{chance.token()}")
    case.act(started, "reply.revoked", HEAD, by="self")
    case.act(started, "rehandling.started", **term)
    return case


def due_in_between(
    year: int, bodies: Sequence[str], *, seed: int, calendar: WorkCalendar
) -> dict[str, list[Line]]:
    """Scripts of cases that are answered in time, by body, so that in the area something is always due soon.

    Each is answered on its last day, which is entered on the next working day.
    """
    chance = Chance("gongkai.demonstration.due", seed, year)
    scripts: dict[str, list[Line]] = {body: [] for body in bodies}
    for at, (month, day) in enumerate(DUE):
        due = date(year, month, day)
        case = _begun(_before(calendar, due, TERM), chance, date(year, 1, 1), {"working_days": TERM})
        case.entered_from = calendar.add(due, 1)
        _answered(case, due, calendar)
        scripts[bodies[at % len(bodies)]] += case.lines
    return scripts


def _before(calendar: WorkCalendar, day: date, days: int) -> date:
    """The working day so many working days before a day."""
    while days > 0:
        day -= timedelta(days=1)
        days -= calendar.is_workday(day)
    return day


def _asked_departments(case: _Case, started: date, calendar: WorkCalendar) -> None:
    """Two departments are asked to help: one gives it back with a reason, the other answers late."""
    given, due = calendar.add(started, 1), calendar.add(started, 6)
    for unit in ("unit-1", "unit-2"):
        case.act(given, "task.assigned", unit=unit, kind="assist", due_on=due.isoformat())
    case.act(calendar.add(given, 2), "task.returned", unit="unit-2", kind="assist")
    case.act(calendar.add(due, OVERDUE), "task.done", unit="unit-1", kind="assist")


def _answered(case: _Case, on: date, calendar: WorkCalendar) -> None:
    """The new reply, sent on the day; archived two weeks later."""
    case.act(
        on, "reply.issued", HEAD, outcome=Outcome.GRANTED.value, sub_kind="provided", method="electronic",
        basis=basis_of(Outcome.GRANTED, "provided"), number=f"依复〔{on.year}〕1号", supersedes="",
    )  # fmt: skip
    case.act(on, "reply.dispatched", method="electronic")
    case.act(on, "reply.delivered", SYSTEM, method="electronic")
    case.act(calendar.add(on, 10), "case.archived")
