"""The present: the one place where the platform reads the wall clock, called at the entry points.

In the demonstration the legal day can be set, so that its past year can be lived through. The time of the day
is then still the wall's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from gongkai.platform.core.models import DemonstrationDay

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Present:
    """The legal day in Asia/Shanghai and the moment of recording in UTC, whole seconds."""

    today: date
    moment: datetime
    known_on: date | None = None
    """The demonstration's day, where the day is set: later holiday notices are not known yet."""


def present() -> Present:
    """Now. Entry points (a request, a command, a job) call it once and pass it on."""
    wall = datetime.now(UTC).replace(microsecond=0)
    if settings.DEMONSTRATION:
        row = DemonstrationDay.objects.first()
        if row is not None:
            local = wall.astimezone(SHANGHAI)
            moment = datetime.combine(row.day, local.time(), SHANGHAI).astimezone(UTC)
            return Present(row.day, moment, row.day)
    return Present(wall.astimezone(SHANGHAI).date(), wall)
