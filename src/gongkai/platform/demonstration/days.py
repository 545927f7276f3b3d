"""The demonstration's day: it goes forward, and what the script has for the days between is performed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.db import transaction
from django.db.models import QuerySet

from gongkai.platform.cases.verifying import rebuild_projections
from gongkai.platform.core import audit
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.bases import known_calendar
from gongkai.platform.core.models import Body, DemonstrationDay
from gongkai.platform.core.present import SHANGHAI, Present
from gongkai.platform.demonstration.loading import LAST_DAY, DayOutside
from gongkai.platform.demonstration.models import ScriptedAct, ScriptState
from gongkai.platform.demonstration.outgoing import Owed, write_letters
from gongkai.platform.demonstration.playing import SYSTEM, Told, play

LETTERS = 30
"""So many letters are written in one move."""


class GoesBack(ValueError):
    """A day before the present one: what was done cannot be undone, only built anew. ``day`` and ``now``."""

    def __init__(self, day: date, now: date) -> None:
        super().__init__(f"{day} is before {now}")
        self.day, self.now = day, now


@dataclass(frozen=True, slots=True)
class Advanced:
    """How far it went: the day now, how many acts were performed, how many are left up to the day wanted."""

    day: date
    performed: int
    left: int

    @property
    def arrived(self) -> bool:
        """Whether the day that was asked for is reached."""
        return self.left == 0


def present_day() -> date:
    """The demonstration's day; raises ``DemonstrationDay.DoesNotExist`` where nothing is loaded."""
    return DemonstrationDay.objects.get().day


def set_day(
    *,
    day: date,
    actor: Actor,
    told: Told | None = None,
    enough: Callable[[], bool] = lambda: False,
    letters: int = LETTERS,
) -> Advanced:
    """Go forward to a day, day by day, performing what the script has for each.

    - ``enough`` is asked after every day on which something happened: where it says so, the day reached so
      far stands, and a further call goes on from there;
    - what somebody did otherwise stays as it is: acts of the script that are refused are dropped and listed;
    - of the letters that the acts bring, the newest ``letters`` are written at the end;
    - on the day on which a holiday notice becomes known, provisional due dates are worked out anew.

    Raises ``GoesBack``, ``DayOutside`` and what ``DemonstrationDay.objects.get`` raises.
    """
    now = present_day()
    if day < now:
        raise GoesBack(day, now)
    if day > LAST_DAY:
        raise DayOutside(day)
    performed, owed = 0, list[Owed]()
    for on in _days(now, day):
        with transaction.atomic():  # a day is entered as a whole; broken off, it is begun anew
            DemonstrationDay.objects.select_for_update().get()  # nobody else plays the script meanwhile
            for body in Body.objects.filter(pk__in=_waiting(on).values("body")):
                played = play(body=body, through=on, known_on=on, told=told)
                performed += played.acts
                owed += played.owed
            _reach(on)
        if on < day and enough():
            break
    else:
        _reach(day)
    write_letters(owed, most=letters)
    reached = present_day()
    audit.record("demonstration.day_set", actor=actor, detail={"day": reached.isoformat()})
    left = _waiting(day).count() if reached < day else 0
    return Advanced(reached, performed, left)


def _waiting(through: date) -> QuerySet[ScriptedAct]:
    return ScriptedAct.objects.filter(state=ScriptState.WAITING, on__lte=through)


def _days(now: date, day: date) -> list[date]:
    """The days with acts, the present one among them where a run was broken off in it."""
    return sorted(
        set(_waiting(day).order_by().values_list("on", flat=True)) | ({day} if day > now else set())
    )


def _reach(day: date) -> None:
    before = present_day()
    day = max(day, before)
    with transaction.atomic():
        DemonstrationDay.objects.update(day=day)
        if known_calendar(before) is not known_calendar(day):
            # A notice has come out: dates that were provisional are so no longer, and may be others.
            moment = datetime.combine(day, time(8), SHANGHAI).astimezone(UTC)
            rebuild_projections(actor=Actor(Present(day, moment, day), system=SYSTEM))


def dropped_acts() -> list[ScriptedAct]:
    """What the script had for cases in which somebody acted otherwise, the latest first."""
    rows = ScriptedAct.objects.filter(state=ScriptState.DROPPED).select_related("body")
    return list(rows.order_by("-on", "-at", "-id"))
