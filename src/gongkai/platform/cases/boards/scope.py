"""Of what a board tells: which bodies, which time, on which day, for whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, TypeVar

from django.db.models import Q
from django.utils.translation import gettext as _

from gongkai.platform.cases.boards.periods import BoardPeriod, NoPeriod, read_period
from gongkai.platform.cases.selectors.scope import visible_bodies
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act
from gongkai.rules.workdays import CalendarNotPublished, WorkCalendar

T = TypeVar("T")
ALL = "all"
"""Value of ``body`` for all bodies that the actor may see."""


class BadFilters(ValueError):
    """What was asked for is not understood. ``errors``: by field, what to do."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose figures are shown, of which time."""

    actor: Actor
    bodies: tuple[Body, ...]
    """In the order of the tree; at least one."""
    area: bool
    """All bodies that the actor may see, though that be one."""
    period: BoardPeriod
    _known: dict[str, Any] = field(default_factory=dict[str, Any], init=False, compare=False, repr=False)

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What several tables need, worked out once."""
        if name not in self._known:
            self._known[name] = make()
        return self._known[name]

    @property
    def today(self) -> date:
        """The legal day."""
        return self.actor.today

    @property
    def named(self) -> Mapping[str, Body]:
        """The bodies by key."""
        return {body.key: body for body in self.bodies}

    @property
    def title(self) -> str:
        """Whose figures these are, in words."""
        if not self.area:
            return self.bodies[0].name
        return _("%(first)s等 %(n)d 个机关") % {"first": self.bodies[0].name, "n": len(self.bodies)}

    def mine(self, act: Act = Act.CASE_SEE) -> Q:
        """Rows of these bodies; of one body by its key alone, so that the index leads straight to them."""
        if not self.area:
            return Q(body=self.bodies[0].key)
        return Q(body__in=visible_bodies(self.actor, act).order_by().values("pk"))


def read_scope(actor: Actor, given: Mapping[str, Any], *, timed: bool = True) -> Scope:
    """The scope of an address: ``body`` (empty: the own one) and the period. Raises ``BadFilters``.

    ``timed``: the board tells of a period; without it what stands in the address for one is not looked at.

    A body that the actor may not see is answered as one that does not exist.
    """
    errors: dict[str, str] = {}
    asked = str(given.get("body", ""))
    seen = visible_bodies(actor).order_by("path")
    own = "" if actor.seat is None else actor.seat.body_id
    bodies = tuple(seen if asked == ALL else seen.filter(key=asked or own))
    if not bodies:
        errors["body"] = _("没有这个机关，或者不在您的阅读范围，请从列表里选")
    try:
        period = read_period(given if timed else {}, actor.today)
    except NoPeriod as none:
        raise BadFilters({**errors, none.field: none.words}) from none
    if errors:
        raise BadFilters(errors)
    return Scope(actor, bodies, asked == ALL, period)


def horizon(today: date, days: int, calendar: WorkCalendar) -> date:
    """The last day until which no more than ``days`` working days are left, as ``rest`` counts them."""
    day = today
    try:
        while calendar.count(today, day + timedelta(days=1)) <= days:
            day += timedelta(days=1)
    except CalendarNotPublished:
        pass
    return day


def near(column: str, today: date, horizons: Mapping[str, date]) -> Q:
    """Rows whose ``column`` lies between today and the horizon of their body."""
    by_day: dict[date, list[str]] = {}
    for body, day in horizons.items():
        by_day.setdefault(day, []).append(body)
    if len(by_day) == 1:
        return Q(**{f"{column}__range": (today, next(iter(by_day)))})
    wanted = Q(pk__in=[])
    for day, bodies in by_day.items():
        wanted |= Q(**{f"{column}__range": (today, day)}, body__in=bodies)
    return wanted


def horizons(today: date, days: Mapping[str, int], calendars: Mapping[str, WorkCalendar]) -> dict[str, date]:
    """``horizon`` of each body, worked out once for those with the same days and calendar."""
    known: dict[tuple[int, int], date] = {}
    for body, calendar in calendars.items():
        key = (days[body], id(calendar))
        if key not in known:
            known[key] = horizon(today, days[body], calendar)
    return {body: known[days[body], id(calendar)] for body, calendar in calendars.items()}


def bodies_of(keys: Iterable[str], scope: Scope) -> tuple[Body, ...]:
    """The bodies of the scope among ``keys``."""
    wanted = set(keys)
    return tuple(body for body in scope.bodies if body.key in wanted)
