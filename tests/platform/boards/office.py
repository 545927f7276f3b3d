"""A small made-up office: list rows and tasks in every state, drawn by chance from a seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random

from tests.platform.conftest import TODAY, Place, make_body

from gongkai.platform.cases.models import (
    CaseDesk,
    CaseSummary,
    CaseTask,
    PostSettings,
    SensitiveFlag,
    SensitiveReader,
    TaskSetting,
    TaskState,
    Unit,
)
from gongkai.platform.core.bases import known_calendar
from gongkai.platform.core.models import Body, Person, Seat, SeatRole
from gongkai.rules.vocabulary import Channel, TaskKind
from gongkai.rules.workdays import WorkCalendar

CASES, TASKS = 90, 60
FIRST = date(2024, 11, 1)
WAITING = ("applicant", "third_party", "co_maker", "agency")


@dataclass
class Office:
    """A county, a department below it, and a county elsewhere, with all that is in them."""

    county: Place
    department: Place
    foreign: Place
    second: Seat
    """Another handler of the county."""

    def cases(self, *places: Place) -> list[CaseSummary]:
        """The cases of some bodies, as plain rows."""
        return list(CaseSummary.objects.filter(body__in=[place.body for place in places]))

    def tasks(self, *places: Place) -> list[CaseTask]:
        """The tasks that some bodies gave."""
        return list(CaseTask.objects.filter(body__in=[place.body for place in places]))


def make_office(seed: int) -> Office:
    """An office by a seed."""
    chance = Random(seed)  # noqa: S311  an office by chance, no secret
    county = make_body("云溪县人民政府", "云公", "county")
    department = make_body("云溪县水利局", "云水公", "department", county.body)
    foreign = make_body("青石县人民政府", "青公", "county")
    second = handler(county.body, "李四")
    at = datetime(2024, 11, 1, tzinfo=UTC)
    PostSettings.objects.create(body=county.body, warn_days=3, changed_at=at)
    TaskSetting.objects.create(
        body=department.body, from_date=FIRST, working_days=5, warn_days=4,
        set_at=datetime(2024, 11, 1, tzinfo=UTC),
    )  # fmt: skip
    for place in (county, department, foreign):
        seats = [place.seats["handler"], *([second] if place is county else [])]
        cases = _cases(chance, place.body)
        CaseSummary.objects.bulk_create(cases)
        CaseDesk.objects.bulk_create(
            CaseDesk(stream=case.stream, body=place.body, handler=chance.choice([None, *seats]))
            for case in cases
            if chance.random() < 0.8
        )
        CaseTask.objects.bulk_create(_tasks(chance, place.body, cases))
    return Office(county, department, foreign, second)


def handler(body: Body, name: str) -> Seat:
    """A further handler of a body."""
    person = Person.objects.create(username=f"{name}-{body.pk}", name=name, body=body)
    seat = Seat.objects.create(person=person, body=body)
    SeatRole.objects.create(seat=seat, role="handler")
    return seat


def calendar_of(_body: Body) -> WorkCalendar:
    """The calendar of a body of these tests: none has holidays of its own."""
    return known_calendar(TODAY)


def hide(case: CaseSummary, reader: Seat) -> None:
    """Make a case sensitive, read by one seat alone."""
    at = datetime(2026, 3, 1, tzinfo=UTC)
    flag = SensitiveFlag.objects.create(
        key=f"flag-{case.stream}", body_id=case.body_id, stream=case.stream, since=TODAY, reason="",
        flagged_at=at,
    )  # fmt: skip
    SensitiveReader.objects.create(flag=flag, seat=reader, added_at=at)


def _day(chance: Random, first: date, last: date) -> date:
    return first + timedelta(days=chance.randint(0, max(0, (last - first).days)))


def _cases(chance: Random, body: Body) -> list[CaseSummary]:
    return [_case(chance, body, n) for n in range(CASES)]


def _case(chance: Random, body: Body, n: int) -> CaseSummary:
    received = _day(chance, FIRST, TODAY)
    case = CaseSummary(
        stream=f"case-{body.pk}-{n:03}", body=body, number=f"{n}号", received_on=received, phase="handling",
        channel=chance.choice([*(one.value for one in Channel), ""]), waits_for="organ", last_seq=1,
        last_position=n + 1,
    )  # fmt: skip
    soon = TODAY + timedelta(days=chance.randint(-8, 12))
    match chance.randrange(8):
        case 0:  # not confirmed yet
            case.received_on, case.submitted_on, case.phase = None, received, "submitted"
        case 1 | 2:  # the clock runs
            case.reply_due_on = case.next_due_on = chance.choice([soon, None])
        case 3:  # paused
            case.paused, case.waits_for = True, chance.choice(WAITING)
            case.waits_until = chance.choice([soon, None])
            case.paused_through = chance.choice([soon, None])
            case.due_after_pause = soon + timedelta(days=9) if case.paused_through else None
            case.next_due_on = case.due_after_pause or case.waits_until
            case.phase = "consulting"
        case 4:  # signed, on its way, come back
            case.phase, case.replied_on = "replied", _day(chance, received, TODAY)
            case.service = chance.choice(["to_send", "sent", "returned"])
            case.answered_late = None if case.service == "to_send" else chance.random() < 0.3
            if case.service == "to_send":
                case.reply_due_on = case.next_due_on = soon
        case 5:  # withdrawn, or struck out as a mistake
            case.phase, case.open, case.waits_for = "withdrawn", False, ""
            case.ended_on = _day(chance, received, TODAY)
            case.received_on = chance.choice([received, received, None])
        case _:  # delivered
            case.phase, case.open, case.waits_for = "delivered", False, ""
            case.replied_on = replied = _day(chance, received, TODAY)
            case.ended_on = _day(chance, replied, TODAY)
            case.answered_late = chance.choice([False, False, True, None])
    return case


def _tasks(chance: Random, body: Body, cases: Sequence[CaseSummary]) -> list[CaseTask]:
    units = [Unit.objects.create(body=body, key=f"unit-{body.pk}-{n}", name=f"{n}科") for n in range(3)]
    Unit.objects.create(body=body, key=f"unit-{body.pk}-old", name="旧科", active=False)
    found: list[CaseTask] = []
    for n in range(TASKS):
        given = _day(chance, FIRST, TODAY)
        state = chance.choice([*TaskState.values, TaskState.OPEN.value])
        ended = (
            None if state == TaskState.OPEN else _day(chance, given, min(TODAY, given + timedelta(days=20)))
        )
        due = given + timedelta(days=chance.randint(0, 14))
        if state == TaskState.OPEN and chance.random() < 0.6:
            due = TODAY + timedelta(days=chance.randint(-6, 12))
        found.append(
            CaseTask(
                key=f"task-{body.pk}-{n:03}", body=body, stream=chance.choice(cases).stream, seq=1000 + n,
                unit=chance.choice(units[:2]), kind=chance.choice([one.value for one in TaskKind]),
                state=state, assigned_on=given, due_on=chance.choice([due, due, due, None]), ended_on=ended,
            )
        )  # fmt: skip
    return found
