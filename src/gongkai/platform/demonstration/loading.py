"""``load_demonstration``: bodies, people, published reports and lived years into an empty database."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any, Protocol

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from gongkai.annual.model import Report
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body, DemonstrationDay
from gongkai.platform.core.present import SHANGHAI, Present
from gongkai.platform.core.services.bodies import create_body
from gongkai.platform.core.services.people import assign_seat, create_person
from gongkai.platform.demonstration.anew import anew, due_in_between
from gongkai.platform.demonstration.bodies import PASSWORD, DemoBody, below, demo_bodies, lived, logins
from gongkai.platform.demonstration.models import PublishedReport, ScriptedAct
from gongkai.platform.demonstration.outgoing import write_letters
from gongkai.platform.demonstration.playing import SYSTEM, play
from gongkai.platform.demonstration.published import figures_of, report_of
from gongkai.platform.demonstration.script import Line, held_back, in_order, script_of
from gongkai.platform.demonstration.units import register_units, work_on_tasks
from gongkai.replay import replay, share_out
from gongkai.replay.chance import Chance
from gongkai.rules.law import Law, load_law
from gongkai.rules.workdays import WorkCalendar, load_calendar

SEED = 1
YEAR = 2024
"""The year that can be lived through: that of the first body."""
DEFAULT_DAY = date(YEAR, 12, 31)
"""On this day the running figures are the published ones."""
FIRST_DAY, LAST_DAY = date(YEAR, 1, 1), date(YEAR + 1, 12, 31)
HELD_BACK = {True: 0.25, False: 0.1}
"""Share of cases entered late: at the own level of the first body, and elsewhere in its area."""

LETTERS = {True: 30, False: 5}
"""So many letters are written at the own level of the first body, and in every other."""


class NotADemonstration(RuntimeError):
    """The profile is not ``demonstration``: nothing invented is ever written into an office's database."""


class NotEmpty(RuntimeError):
    """There are bodies already; nothing is loaded beside them."""


class DayOutside(ValueError):
    """A day that the demonstration cannot have: ``day``."""

    def __init__(self, day: date) -> None:
        super().__init__(f"{day} is not between {FIRST_DAY} and {LAST_DAY}")
        self.day = day


class Progress(Protocol):
    """Is told what is being loaded, and how far it is."""

    def begin(self, name: str, acts: int) -> None:
        """A body begins: its name and how many acts it has up to the day."""
        ...

    def advance(self, acts: int) -> None:
        """So many acts were performed."""
        ...


class Silent:
    """Tells nobody."""

    def begin(self, name: str, acts: int) -> None:
        """Say nothing."""

    def advance(self, acts: int) -> None:
        """Say nothing."""


def load_demonstration(*, day: date = DEFAULT_DAY, progress: Progress | None = None) -> bool:
    """Load the demonstration as it stands at the end of ``day``; does nothing where it is there already.

    - each body with its people, its report and its acts is one transaction;
    - acts of after the day become the script that is played as the day advances (``days.set_day``);
    - the same on every machine, but for keys and identifiers.

    Returns whether something was loaded. Raises ``NotADemonstration``, ``DayOutside``, and ``NotEmpty``
    where there are bodies, and none of them the demonstration's.
    """
    if not settings.DEMONSTRATION:
        raise NotADemonstration
    if not FIRST_DAY <= day <= LAST_DAY:
        raise DayOutside(day)
    told = Silent() if progress is None else progress
    names = {body.name for body in demo_bodies()}
    present = set(Body.objects.values_list("name", flat=True))
    if present and not DemonstrationDay.objects.exists():
        raise NotEmpty
    if names <= present:
        return False
    # A run that was broken off is taken up with the day that it began with.
    day = DemonstrationDay.objects.get_or_create(defaults={"day": day})[0].day
    scripts = _scripts()
    made: dict[str, Body] = {body.name: body for body in Body.objects.all()}
    for demo in demo_bodies():
        if demo.name in present:
            continue  # loaded by an earlier run that was broken off
        parent = next((made[other.name] for other in demo_bodies() if other.key == demo.parent), None)
        with transaction.atomic():
            made[demo.name] = _load(demo, parent, scripts.get(demo.key, []), day, told)
    with transaction.atomic():
        work_on_tasks(made[demo_bodies()[0].name], day)
    return True


def _scripts() -> dict[str, list[Line]]:
    """The script of every body whose year is lived."""
    law, calendar = load_law(), load_calendar()
    scripts: dict[str, list[Line]] = {}
    for root in lived():
        members = below(root)
        report = report_of(str(root.report))
        shares: dict[str, Report] = {root.key: report}
        if len(members) > 1:
            wanted = {member.key: member.requests for member in members}
            shares = dict(share_out(report, wanted, seed=SEED))
        for key, share in shares.items():
            scripts[key] = script_of(replay(share, seed=SEED, law=law, calendar=calendar, body=key))
        if report.year == YEAR:
            _enliven(scripts, [member.key for member in members], law, calendar)
    return scripts


def _enliven(scripts: dict[str, list[Line]], bodies: list[str], law: Law, calendar: WorkCalendar) -> None:
    """Give the year that can be lived through late entries, and cases that are due, overdue and waiting."""
    between = due_in_between(YEAR, bodies, seed=SEED, calendar=calendar)
    for key in bodies:
        own = key == bodies[0]
        chance = Chance("gongkai.demonstration.held_back", SEED, key)
        lines = held_back(scripts[key], share=HELD_BACK[own], chance=chance, law=law, calendar=calendar)
        more = anew(YEAR, seed=SEED, calendar=calendar) if own else []
        scripts[key] = in_order([*lines, *more, *between[key]])


@lru_cache(maxsize=1)
def _hashed() -> str:
    """The hash of the password that all accounts share and every page shows."""
    return make_password(PASSWORD)


def _load(demo: DemoBody, parent: Body | None, lines: Iterable[Line], day: date, progress: Progress) -> Body:
    year = YEAR if demo.report is None else report_of(demo.report).year or YEAR
    start = datetime.combine(date(year, 1, 1), time(), SHANGHAI).astimezone(UTC)
    actor = Actor(Present(date(year, 1, 1), start), system=SYSTEM)
    body = create_body(level=demo.level, parent=parent, fields=_fields(demo), actor=actor)
    for login in logins(demo):
        person, _password = create_person(
            username=login.username, name=login.name, body=body, actor=actor, password=PASSWORD,
            hashed=_hashed(),
        )  # fmt: skip
        assign_seat(person=person, body=body, roles=login.roles, actor=actor, title=str(login.title))
    if demo.report is not None:
        figures = figures_of(demo.report).decode()
        PublishedReport.objects.create(body=body, year=year, figures=figures)
    register_units(body, parent, demo.level)
    write_script(body, lines)
    acts = ScriptedAct.objects.filter(body=body, on__lte=day)
    progress.begin(demo.name, acts.count())
    played = play(body=body, through=day, known_on=day, told=progress.advance)
    write_letters(played.owed, most=LETTERS[demo == demo_bodies()[0]])
    return body


def _fields(demo: DemoBody) -> dict[str, Any]:
    """What is said of a body; addresses and telephones are invented and reach nobody."""
    return {
        "name": demo.name,
        "short_name": demo.short_name,
        "working_body": demo.working_body or demo.name,
        "is_competent": demo.competent,
        "reconsideration_authority": demo.reconsideration_authority,
        "court": demo.court,
        "address": "演示市演示大街1号",
        "postcode": "000000",
        "phone": "000-00000000",
        "fax": "000-00000001",
        "office_hours": "工作日 8:30—11:30，13:30—17:00",
        "how_to_pay": "持本通知到演示市财政局非税收入窗口缴纳。",
    }


def write_script(body: Body, lines: Iterable[Line]) -> None:
    """Keep lines as acts to be performed, each with its place in its case."""
    places: dict[str, int] = {}
    rows: list[ScriptedAct] = []
    for line in lines:
        place = places[line.stream] = places.get(line.stream, 0) + 1
        rows.append(
            ScriptedAct(
                body=body, at=line.at, on=line.on, stream=line.stream, place=place, kind=line.kind,
                occurred_on=line.occurred_on, payload=dict(line.payload), actor=line.actor,
            )
        )  # fmt: skip
    ScriptedAct.objects.bulk_create(rows, batch_size=500)
