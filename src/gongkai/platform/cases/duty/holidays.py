"""Before a long holiday: what falls due in it and in the first working days after, who is on duty.

The list is that of the day before the holiday (of today while that is still to come), so that it can be
looked up later as it was. The applicant's own periods for remedies are not in it: they bind nobody in the
office.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from gongkai.platform.cases.case_view import state_on
from gongkai.platform.cases.duty.calendar import Holiday
from gongkai.platform.cases.duty.orders import visible_orders
from gongkai.platform.cases.duty.sheet import Part, Sheet, cells
from gongkai.platform.cases.models import (
    CaseDesk,
    CaseSummary,
    CaseTask,
    CaseText,
    DutySetting,
    HolidaySignature,
    RosterDay,
    RosterPost,
)
from gongkai.platform.cases.projection import summary_fields
from gongkai.platform.cases.selectors.scope import visible_cases
from gongkai.platform.cases.sheets import Column, Value
from gongkai.platform.cases.showing import words
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.bases import Basis
from gongkai.platform.core.models import Absence, Body, Seat
from gongkai.platform.core.permissions import Act
from gongkai.platform.core.standing_in import absences, standing_on
from gongkai.platform.ledger.models import LedgerEvent
from gongkai.platform.ledger.selectors import histories
from gongkai.rules.cases.clock import Clock, ClockState
from gongkai.rules.cases.clocks import deadlines
from gongkai.rules.event import Event
from gongkai.rules.vocabulary import TaskKind
from gongkai.rules.workdays import CalendarNotPublished, WorkCalendar

DAYS_AFTER = 3
MOST_AFTER = 10
_REMEDIES = ("remedy.filed", "remedy.answered", "remedy.decided")
_APPLICANTS = frozenset({"reconsideration_period", "litigation_period"})
_CHUNK = 200
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DueRow:
    """Something that falls due: of a case, a task inside, or an order of a superior body."""

    due: date
    when: str
    what: str
    stream: str
    number: str
    title: str
    who: str
    person: str
    deputy: str

    @property
    def values(self) -> tuple[Value, ...]:
        """As a row of the sheet."""
        return (
            self.due, self.when, self.what, self.number, self.title, self.who, self.person, self.deputy,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class OnDuty:
    """A post of a day of the holiday."""

    day: date
    post: str
    post_label: str
    seat: Seat | None
    phone: str
    away: bool
    """Who is on duty is away on that day."""


@dataclass(frozen=True, slots=True)
class HolidayList:
    """The list of a holiday, as the page, the spreadsheet and the paper have it."""

    body: Body
    holiday: Holiday
    through: date
    """The last working day that is looked at."""
    as_of: date
    days_after: int
    rows: tuple[DueRow, ...]
    roster: tuple[OnDuty, ...]
    unknown: int
    """Cases whose dates cannot be worked out: they run beyond the known calendar."""
    signatures: tuple[HolidaySignature, ...]

    @property
    def digest(self) -> str:
        """Of everything that is signed for; the same list has the same one, on whichever day."""
        said = [cells([row.values for row in self.rows]), _roster_cells(self.roster)]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()

    @property
    def changed_since(self) -> bool:
        """The list is another than the one that was signed for last."""
        return bool(self.signatures) and self.signatures[0].digest != self.digest

    @property
    def sheet(self) -> Sheet:
        """For spreadsheet and paper."""
        return _sheet(self)


def days_after(body: Body) -> int:
    """How many working days after a holiday a body looks at."""
    found = DutySetting.objects.filter(body=body).values_list("days_after", flat=True).first()
    return DAYS_AFTER if found is None else found


def holiday_list(*, body: Body, holiday: Holiday, basis: Basis, actor: Actor) -> HolidayList:
    """What falls due in a holiday and after it, of what the actor may see.

    ``basis``: by which law and calendar. Raises ``NotPermitted``.
    """
    actor.require(Act.CASE_SEE, body)
    after = days_after(body)
    as_of = min(actor.today, holiday.first - _DAY)
    through = _through(basis.calendar, holiday, after)
    away = list(absences(body, holiday.first, through))
    rows, unknown = _due_of_cases(body, holiday, through, as_of, basis, actor, away)
    rows += _tasks(body, holiday, through, as_of, basis.calendar, actor)
    rows += _orders(body, holiday, through, as_of, basis.calendar, actor)
    rows.sort(key=lambda row: (row.due, row.number, row.what, row.stream))
    signatures = HolidaySignature.objects.filter(body=body, first=holiday.first, last=holiday.last)
    return HolidayList(
        body, holiday, through, as_of, after, tuple(rows), roster_of(body, holiday, away), unknown,
        tuple(signatures.select_related("signed_by__person").order_by("-signed_at", "-pk")),
    )  # fmt: skip


def _through(calendar: WorkCalendar, holiday: Holiday, after: int) -> date:
    try:
        return calendar.add(holiday.last, after)
    except CalendarNotPublished:
        return date(calendar.years[1], 12, 31)


def _when(calendar: WorkCalendar, holiday: Holiday, due: date) -> str:
    if due <= holiday.last:
        return _("假期内")
    n = calendar.count(holiday.last, due)
    return _("节后第 {n} 个工作日").format(n=n) if calendar.is_workday(due) else _("节后休息日")


def _due_of_cases(
    body: Body, holiday: Holiday, through: date, as_of: date, basis: Basis, actor: Actor, away: list[Absence]
) -> tuple[list[DueRow], int]:
    found: list[tuple[str, str, date, str]] = []
    unknown = 0
    streams = list(_candidates(body, as_of, actor))
    for at in range(0, len(streams), _CHUNK):
        for stream, events in histories(body=body.key, streams=streams[at : at + _CHUNK]):
            try:
                found += [
                    (stream, clock, due, who)
                    for clock, due, who in _clocks(body, events, basis, as_of)
                    if holiday.first <= due <= through
                ]
            except CalendarNotPublished:
                unknown += 1
    names = _Names(body, {stream for stream, *_rest in found}, away)
    rows = [
        names.row(stream, due, _when(basis.calendar, holiday, due), str(words.CLOCKS[clock]), who)
        for stream, clock, due, who in found
    ]
    return rows, unknown


def _candidates(body: Body, as_of: date, actor: Actor) -> Iterable[str]:
    """The cases that owed something on a day, and those about which there is a remedy."""
    remedies = LedgerEvent.objects.filter(body=body.key, kind__in=_REMEDIES).values("stream")
    owed = Q(open=True) | Q(ended_on__isnull=True) | Q(ended_on__gt=as_of)
    rows = visible_cases(actor).filter(owed | Q(stream__in=remedies), body=body)
    return rows.order_by("stream").values_list("stream", flat=True)


def _clocks(
    body: Body, events: tuple[Event, ...], basis: Basis, as_of: date
) -> Iterator[tuple[str, date, str]]:
    """Clock, due date and who must act, of what runs on a day; a paused reply by the day after its pause."""
    state, _later = state_on(events, as_of)
    if not state.events:
        return
    for clock in deadlines(state, basis.law, basis.calendar, as_of).clocks:
        if clock.clock in _APPLICANTS or clock.ended_on is not None:
            continue
        due = clock.due_on
        if clock.state is ClockState.PAUSED and clock.clock == "reply":
            until = [event for event in events if event.occurred_on <= as_of]
            due = summary_fields(body.key, until, basis)["due_after_pause"]
        if due is not None and _waits(clock):
            yield clock.clock, due, str(words.WHO[clock.who])


def _waits(clock: Clock) -> bool:
    return clock.state in (ClockState.RUNNING, ClockState.PAUSED, ClockState.OVERDUE)


class _Names:
    """Numbers, titles, who handles and who stands in, for the rows."""

    def __init__(self, body: Body, streams: set[str], away: list[Absence]) -> None:
        self.numbers: Mapping[str, str] = dict(
            CaseSummary.objects.filter(stream__in=streams).values_list("stream", "number")
        )
        self.titles: Mapping[str, str] = dict(
            CaseText.objects.filter(stream__in=streams).values_list("stream", "title")
        )
        desks = CaseDesk.objects.filter(stream__in=streams, handler__isnull=False)
        self.handlers = {desk.stream: desk.handler for desk in desks.select_related("handler__person")}
        self.away = away

    def row(self, stream: str, due: date, when: str, what: str, who: str) -> DueRow:
        handler = self.handlers.get(stream)
        return DueRow(
            due, when, what, stream, self.numbers.get(stream, ""), self.titles.get(stream, ""), who,
            "" if handler is None else handler.person.name, self._deputy(handler, due),
        )  # fmt: skip

    def _deputy(self, handler: Seat | None, due: date) -> str:
        if handler is None:
            return ""
        for one in standing_on(due, self.away):
            if one.absence.seat_id == handler.pk:
                return _("（无人代）") if one.by is None else one.by.person.name
        return ""


def _tasks(
    body: Body, holiday: Holiday, through: date, as_of: date, calendar: WorkCalendar, actor: Actor
) -> list[DueRow]:
    rows = CaseTask.objects.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gt=as_of), body=body, assigned_on__lte=as_of,
        due_on__gte=holiday.first, due_on__lte=through,
        stream__in=visible_cases(actor).filter(body=body).values("stream"),
    ).exclude(state="void")  # fmt: skip
    found = list(rows.select_related("unit"))
    names = _Names(body, {row.stream for row in found}, [])
    return [
        DueRow(
            row.due_on, _when(calendar, holiday, row.due_on),
            _("内部交办：{kind}").format(kind=TaskKind(row.kind).label_zh), row.stream,
            names.numbers.get(row.stream, ""), names.titles.get(row.stream, ""), row.unit.name,
            row.unit.name, "",
        )
        for row in found
        if row.due_on is not None
    ]  # fmt: skip


def _orders(
    body: Body, holiday: Holiday, through: date, as_of: date, calendar: WorkCalendar, actor: Actor
) -> list[DueRow]:
    rows = visible_orders(actor).filter(
        Q(answered_on__isnull=True) | Q(answered_on__gt=as_of), body=body, received_on__lte=as_of,
        due_on__gte=holiday.first, due_on__lte=through,
    )  # fmt: skip
    return [
        DueRow(
            row.due_on, _when(calendar, holiday, row.due_on), _("督办件"), "", row.number,
            _("{issuer}督办").format(issuer=row.issuer_name), str(words.WHO["organ"]), "", "",
        )
        for row in rows
    ]  # fmt: skip


def roster_of(body: Body, holiday: Holiday, away: list[Absence]) -> tuple[OnDuty, ...]:
    """Both posts of every day of a holiday, empty ones included."""
    kept = {
        (row.day, row.post): row
        for row in RosterDay.objects.filter(
            body=body, day__gte=holiday.first, day__lte=holiday.last
        ).select_related("seat__person")
    }
    found: list[OnDuty] = []
    for day in holiday.days:
        absent = {row.seat_id for row in away if row.first <= day <= row.last}
        for post in RosterPost:
            row = kept.get((day, post.value))
            seat = None if row is None else row.seat
            found.append(
                OnDuty(
                    day,
                    post.value,
                    str(post.label),
                    seat,
                    "" if row is None else row.phone,
                    seat is not None and seat.pk in absent,
                )
            )
    return tuple(found)


def roster_digest(roster: tuple[OnDuty, ...]) -> str:
    """By which a stale form of the roster is told."""
    return hashlib.sha256(json.dumps(_roster_cells(roster), ensure_ascii=False).encode()).hexdigest()


def _roster_cells(roster: tuple[OnDuty, ...]) -> list[list[str]]:
    return [
        [one.day.isoformat(), one.post_label, "" if one.seat is None else one.seat.person.name, one.phone]
        for one in roster
    ]


def columns() -> tuple[Column, ...]:
    """Of the list of what falls due."""
    return (
        Column(_("到期日"), 12), Column(_("在假期里还是节后"), 16), Column(_("什么期限"), 18),
        Column(_("编号"), 18), Column(_("申请内容"), 34), Column(_("该谁办"), 12), Column(_("承办人"), 10),
        Column(_("代理人"), 10),
    )  # fmt: skip


def _sheet(found: HolidayList) -> Sheet:
    holiday = found.holiday
    days = {"first": holiday.first.isoformat(), "last": holiday.last.isoformat()}
    looked = {"after": found.days_after, "through": found.through.isoformat()}
    notes = [
        _("{first} 至 {last}，共 {n} 天；列到节后第 {after} 个工作日（{through}）。").format(
            **days, **looked, n=len(holiday.days)
        ),
        _("清单按 {as_of} 的情况。").format(as_of=found.as_of.isoformat()),
    ]
    if holiday.worked:
        notes.append(_("调休上班：{days}").format(days="、".join(day.isoformat() for day in holiday.worked)))
    for one in found.signatures[:1]:
        told = _("{name} {day} 已签收，{n} 项。").format(
            name=one.signed_by.person.name, day=one.signed_on.isoformat(), n=one.rows
        )
        notes.append(told + (_("签收以后清单有变化。") if found.changed_since else ""))
    due = Part(_("到期清单"), columns(), tuple(row.values for row in found.rows), _("这期间没有到期的事项。"))
    duty = Part(
        _("值班表"),
        (Column(_("日期"), 12), Column(_("岗位"), 8), Column(_("值班人"), 12), Column(_("值班电话"), 20)),
        tuple(tuple(row) for row in _roster_cells(found.roster)),
    )
    title = _("{name}假期节前清单").format(name=holiday.name)
    return Sheet(found.body.name, title, tuple(notes), (due, duty), (_("带班领导"), _("签收人")))
