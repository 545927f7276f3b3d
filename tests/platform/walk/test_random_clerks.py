"""Ten simulated clerks do whatever the pages offer: nothing breaks, and everything verifies afterwards.

One after the other and always the same; ``test_clerks_at_once`` has them at the same time.
``GONGKAI_WALK_STEPS`` makes the walk longer.
"""

from __future__ import annotations

import os
from datetime import date, timedelta
from random import Random

import pytest
from tests.platform.conftest import Place
from tests.platform.walk.clerk import Clerk

from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.cases.verifying import verify_projections
from gongkai.platform.core.models import DemonstrationDay
from gongkai.platform.ledger.models import LedgerEvent
from gongkai.platform.ledger.verifying import verify_ledger
from gongkai.platform.reporting.selectors import running_figures

STEPS = int(os.environ.get("GONGKAI_WALK_STEPS", "20"))
ROLES = ("receiving_clerk", "receiving_clerk", "handler", "approver")


@pytest.mark.one_database
@pytest.mark.django_db
def test_random_acts_break_nothing_and_all_verifies(county: Place) -> None:
    rng = Random(1)  # noqa: S311  seeded on purpose
    day = date(2026, 2, 9)
    clerks = [Clerk(county.seats[ROLES[n % 4]].person, rng, day) for n in range(10)]
    for _ in range(STEPS):
        if rng.random() < 0.15:
            day += timedelta(days=rng.choice((1, 1, 2, 7)))
        DemonstrationDay.objects.update_or_create(id=1, defaults={"day": day})
        clerk = rng.choice(clerks)
        clerk.today = day
        clerk.step()
    done = {key: sum(c.done.get(key, 0) for c in clerks) for c in clerks for key in c.done}
    assert CaseSummary.objects.count() > 1, done
    assert LedgerEvent.objects.count() > CaseSummary.objects.count(), done
    assert not verify_ledger(county.body.key).damages
    assert not verify_projections(county.body.key, known_on=day).differences
    running_figures(body=county.body, year=day.year, area=True, actor=county.actor("supervisor", day))
