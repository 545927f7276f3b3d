"""From a lived year to the script of a body: what will be entered on which day, by whom.

Pure: takes a ``Replay`` (``gongkai.replay``) and gives lines; ``playing`` performs them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from gongkai.platform.core.present import SHANGHAI
from gongkai.replay import BODY_STREAM, Replay
from gongkai.replay.chance import Chance
from gongkai.rules.cases.clocks import deadlines
from gongkai.rules.cases.fold import fold
from gongkai.rules.event import Event
from gongkai.rules.law import Law
from gongkai.rules.workdays import WorkCalendar

LATEST = (12, 20)
"""Nothing is held back beyond this day, so that the books of the year are complete on its last."""


@dataclass(frozen=True, slots=True)
class Line:
    """One act of a script: what a replay's event says, and when it is entered."""

    stream: str
    kind: str
    occurred_on: date
    payload: Mapping[str, Any]
    actor: str
    """``officer-1``, ``officer-2``, ``head-1`` or ``system``."""
    at: datetime

    @property
    def on(self) -> date:
        """The day of entering, in Asia/Shanghai."""
        return self.at.astimezone(SHANGHAI).date()


def script_of(year: Replay) -> list[Line]:
    """The acts on cases, in the order of entering.

    Acts outside cases (documents, decisions, charges) are left out: no service of the platform takes them
    yet. What a replay stated as facts of other cases is left out, too: the platform looks them up itself.
    """
    return [_line(event) for event in year.events if event.stream != BODY_STREAM]


def _line(event: Event) -> Line:
    if event.recorded_at is None:
        raise ValueError(f"{event.stream}: an event without time of recording")
    payload = {key: value for key, value in event.payload.items() if key != "facts"}
    return Line(event.stream, event.kind, event.occurred_on, payload, event.actor, event.recorded_at)


def held_back(
    lines: Iterable[Line], *, share: float, chance: Chance, law: Law, calendar: WorkCalendar
) -> list[Line]:
    """The script with the replies of some cases entered only after their due date.

    The legal dates stay: the reply was given in time, and somebody enters it late. Until then the desk shows
    the case as due, then as overdue. ``share``: of the cases answered in the ordinary way.
    """
    cases: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        cases[line.stream].append(line)
    out: list[Line] = []
    for case in cases.values():
        out += _late(case, chance.whole(1, 12), law, calendar) if chance.often(share) else case
    return in_order(out)


def in_order(lines: Iterable[Line]) -> list[Line]:
    """By the moment of entering; lines of one moment keep their order."""
    return sorted(lines, key=lambda line: line.at)


def _late(case: Sequence[Line], days: int, law: Law, calendar: WorkCalendar) -> Sequence[Line]:
    at = next((n for n, line in enumerate(case) if line.kind == "reply.issued"), None)
    if at is None or case[0].kind == "opening.case":
        return case
    state = fold([_event(line, seq) for seq, line in enumerate(case[:at], 1)])
    clock = deadlines(state, law, calendar, case[at].occurred_on).get("reply")
    if clock is None or clock.due_on is None:
        return case
    entered = calendar.add(clock.due_on, days)
    if (entered.month, entered.day) > LATEST or entered.year != case[at].occurred_on.year:
        return case
    late = list(case[:at])
    for line in case[at:]:
        moved = _moved(line, entered)
        if late and moved.at <= late[-1].at:  # entered in one sitting, one after the other
            moved = replace(moved, at=late[-1].at + timedelta(seconds=30))
        late.append(moved)
    return late


def _event(line: Line, seq: int) -> Event:
    return Event(line.kind, line.occurred_on, line.payload, line.stream, seq, actor=line.actor)


def _moved(line: Line, day: date) -> Line:
    local = line.at.astimezone(SHANGHAI)
    if local.date() >= day:
        return line
    return replace(line, at=line.at + timedelta(days=(day - local.date()).days))
