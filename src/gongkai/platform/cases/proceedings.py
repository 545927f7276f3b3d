"""Proceedings against replies (reconsideration, litigation) as the calendar, the evidence and the reviews see
them: which they are, until when the organ must answer, what was appointed, and how they ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any

from django.utils.translation import gettext as _

from gongkai.platform.cases.case_view import Loaded, NoSuchCase, load_case
from gongkai.platform.cases.models import Appointment, AppointmentKind, CaseDesk, CaseSummary, CaseText
from gongkai.platform.cases.selectors.scope import visible_bodies, visible_cases
from gongkai.platform.core import private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.bases import calendars_of
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act
from gongkai.platform.core.rest import Rest, rest
from gongkai.platform.ledger.selectors import streams_with
from gongkai.rules.cases.clock import Clock, ClockState
from gongkai.rules.cases.state import Remedy
from gongkai.rules.vocabulary import Instance, Procedure, RemedyKind, RemedyResult

FILED, DECIDED, STRUCK = "remedy.filed", "remedy.decided", "entry.corrected"
_CHUNK = 500


class NoSuchProceeding(LookupError):
    """The case has no such proceeding."""


@dataclass(frozen=True, slots=True)
class AppointmentView:
    """A day that others set."""

    key: str
    kind: str
    label: str
    on: date
    at: time | None
    place: str
    """Blank where none was told, or the actor may not read texts; so with the remarks."""
    remarks: str
    rest: Rest
    is_over: bool


@dataclass(frozen=True, slots=True)
class Proceeding:
    """One proceeding at one stage."""

    body: Body
    stream: str
    number: str
    title: str
    remedy: str
    instance: str
    kind: str
    label: str
    """What the case page calls it: its kind, with the number of the authority or court."""
    stage: str
    authority: str
    case_number: str
    by_third_party: bool
    filed_on: date
    reached_on: date | None
    due: Rest | None
    """Until when the organ must answer; ``None`` where that cannot be told yet."""
    mark: str
    word: str
    answered_on: date | None
    answered_late: bool
    decided_on: date | None
    result: str
    result_label: str
    handler: str
    handler_key: str
    appointments: tuple[AppointmentView, ...] = ()

    @property
    def key(self) -> str:
        """How it is named in addresses and reviews: the reference and the instance."""
        return f"{self.remedy}|{self.instance}"

    @property
    def open(self) -> bool:
        """It is not decided."""
        return self.decided_on is None

    @property
    def owes_answer(self) -> bool:
        """The organ's answer is still due."""
        return self.open and self.answered_on is None and self.reached_on is not None

    @property
    def litigation(self) -> bool:
        """It is a lawsuit."""
        return self.kind != RemedyKind.RECONSIDERATION.value

    @property
    def next_appointment(self) -> AppointmentView | None:
        """The next day that was set and is not over."""
        return next((one for one in self.appointments if not one.is_over), None)


def proceedings_of(*, body: Body, stream: str, actor: Actor) -> tuple[Proceeding, ...]:
    """The proceedings of a case, as they were filed; raises ``NoSuchCase``."""
    summary = CaseSummary.objects.filter(body=body, stream=stream).first()
    if summary is None:
        raise NoSuchCase(stream)
    return tuple(_of_cases([summary], {body.key: body}, actor))


def proceeding_of(*, body: Body, stream: str, key: str, actor: Actor) -> Proceeding:
    """One of them; raises ``NoSuchProceeding``."""
    found = next((p for p in proceedings_of(body=body, stream=stream, actor=actor) if p.key == key), None)
    if found is None:
        raise NoSuchProceeding(key)
    return found


def all_proceedings(actor: Actor, *, decided_in: int | None = None) -> list[Proceeding]:
    """The proceedings of all cases that the actor may see: those not decided, or those decided in a year."""
    bodies = {body.key: body for body in visible_bodies(actor)}
    cases = visible_cases(actor)
    if decided_in is None:
        found = _of_cases(list(cases.filter(challenged=True)), bodies, actor)
        return [one for one in found if one.open]
    days = {"first": date(decided_in, 1, 1), "last": date(decided_in, 12, 31)}
    wanted = set(streams_with(bodies=bodies, kinds=(DECIDED,), **days))
    struck = set(streams_with(bodies=bodies, kinds=(STRUCK,)))  # a decision may have been dated otherwise
    wanted |= struck & set(streams_with(bodies=bodies, kinds=(DECIDED,)))
    streams, past = sorted(wanted), list[Proceeding]()
    for at in range(0, len(streams), _CHUNK):
        past += _of_cases(list(cases.filter(stream__in=streams[at : at + _CHUNK])), bodies, actor)
    return [one for one in past if one.decided_on is not None and one.decided_on.year == decided_in]


def years_decided(actor: Actor) -> list[int]:
    """The years in which something was decided, newest first; this year always."""
    bodies = [body.key for body in visible_bodies(actor)]
    years = {actor.today.year}
    for year in range(actor.today.year - 1, actor.today.year - 10, -1):
        days = {"first": date(year, 1, 1), "last": date(year, 12, 31)}
        if streams_with(bodies=bodies, kinds=(DECIDED,), **days):
            years.add(year)
    return sorted(years, reverse=True)


def _of_cases(cases: Sequence[CaseSummary], bodies: Mapping[str, Body], actor: Actor) -> list[Proceeding]:
    streams = [case.stream for case in cases]
    texts = CaseText.objects.in_bulk(streams)
    desks = CaseDesk.objects.filter(stream__in=streams).select_related("handler__person")
    handlers = {desk.stream: desk.handler for desk in desks if desk.handler is not None}
    found: list[Proceeding] = []
    for case in cases:
        loaded = load_case(body=bodies[case.body_id], stream=case.stream, actor=actor)
        text, handler = texts.get(case.stream), handlers.get(case.stream)
        for remedy, clock in _with_clocks(loaded):
            one = _proceeding(loaded, remedy, clock, actor)
            found.append(
                replace(
                    one, number=case.number, title="" if text is None else text.title,
                    handler="" if handler is None else handler.person.name,
                    handler_key="" if handler is None else handler.key,
                )
            )  # fmt: skip
    return _with_appointments(found, actor)


def _with_clocks(loaded: Loaded) -> Iterable[tuple[Remedy, Clock | None]]:
    """Each proceeding with the clock of the organ's answer; the rules give these in the same order."""
    remedies = loaded.worked.state.remedies
    clocks = loaded.worked.deadlines.clocks if loaded.worked.deadlines is not None else ()
    defences: list[Clock | None] = [clock for clock in clocks if clock.clock == "defence"]
    if len(defences) != len(remedies):
        defences = [None] * len(remedies)
    return zip(remedies, defences, strict=True)


def _proceeding(loaded: Loaded, remedy: Remedy, clock: Clock | None, actor: Actor) -> Proceeding:
    told = _told(loaded, remedy) if actor.may(Act.CASE_IDENTITY, loaded.body) else {}
    due_on = None if clock is None else clock.due_on
    calendar = loaded.basis.calendar
    mark, word = _standing(remedy, clock, actor.today)
    return Proceeding(
        body=loaded.body,
        stream=loaded.stream,
        number="",
        title="",
        remedy=remedy.remedy,
        instance=remedy.instance or "",
        kind=remedy.kind.value,
        label=loaded.names.of(remedy.remedy),
        stage=_stage(remedy),
        authority=str(told.get("authority", "")),
        case_number=str(told.get("case_number", "")),
        by_third_party=remedy.by_third_party,
        filed_on=remedy.filed_on,
        reached_on=remedy.reached_on,
        due=None if due_on is None else rest(due_on, actor.today, calendar),
        mark=mark,
        word=word,
        answered_on=remedy.answered_on,
        answered_late=clock is not None and clock.state is ClockState.LATE,
        decided_on=remedy.decided_on,
        result=remedy.result or "",
        result_label="" if remedy.result is None else RemedyResult(remedy.result).label_zh,
        handler="",
        handler_key="",
    )


def _stage(remedy: Remedy) -> str:
    if remedy.instance is not None:
        return Instance(remedy.instance).label_zh
    return "" if remedy.procedure is None else Procedure(remedy.procedure).label_zh


def _standing(remedy: Remedy, clock: Clock | None, today: date) -> tuple[str, str]:
    """A mark and a word for where the organ stands."""
    if remedy.decided_on is not None:
        return "done", _("已审结")
    if remedy.answered_on is not None:
        late = clock is not None and clock.state is ClockState.LATE
        return ("half", _("已答复，晚于期限")) if late else ("ok", _("已答复，等结果"))
    if remedy.reached_on is None:
        return "void", _("还没有收到材料")
    if clock is None or clock.due_on is None:
        return "half", _("期限不能计算")
    if clock.due_on < today:
        return "overdue", _("逾期未答复")
    if clock.due_on == today:
        return "today", _("今天到期")
    left = clock.working_days_left
    return ("soon", _("快到期")) if left is not None and left <= 3 else ("running", _("待答复"))


def _told(loaded: Loaded, remedy: Remedy) -> Mapping[str, Any]:
    """What was written down when the proceeding was entered at this stage."""
    for event in reversed(loaded.worked.state.events):
        payload = event.payload
        if event.kind == FILED and (payload.get("remedy"), payload.get("instance")) == (
            remedy.remedy,
            remedy.instance,
        ):
            return loaded.texts.get(str(payload.get("ref", "")), {})
    return {}


def _with_appointments(found: list[Proceeding], actor: Actor) -> list[Proceeding]:
    streams = {one.stream for one in found}
    rows = list(Appointment.objects.filter(stream__in=streams, cancelled_at__isnull=True))
    told = private.read_many(row.text for row in rows if row.text)
    calendars = calendars_of({one.body for one in found}, known_on=actor.present.known_on)
    of: dict[tuple[str, str], list[AppointmentView]] = {}
    for row in rows:
        proceeding = next((one for one in found if one.stream == row.stream), None)
        if proceeding is None:
            continue
        body = proceeding.body
        words = told.get(row.text, {}) if actor.may(Act.CASE_IDENTITY, body) else {}
        of.setdefault((row.stream, row.remedy), []).append(
            _appointment(row, words, rest(row.on, actor.today, calendars[body.key]))
        )
    return [
        replace(one, appointments=tuple(of.get((one.stream, one.remedy), ())) if one.open else ())
        for one in found
    ]


def _appointment(row: Appointment, words: Mapping[str, Any], left: Rest) -> AppointmentView:
    return AppointmentView(
        row.key, row.kind, str(AppointmentKind(row.kind).label), row.on, row.at, str(words.get("place", "")),
        str(words.get("remarks", "")), left, left.overdue,
    )  # fmt: skip
