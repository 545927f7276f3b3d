"""Ten simulated clerks at the same time, each in a thread, on one county's cases with real commits.

``GONGKAI_WALK_SECONDS`` makes it longer (1800 is half an hour); on SQLite and PostgreSQL.
"""

from __future__ import annotations

import os
import threading
import time
from datetime import date, timedelta
from random import Random

from django.db import connection
from tests.platform.committed import CommittedDatabase
from tests.platform.conftest import make_body
from tests.platform.walk.clerk import Clerk

from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.cases.verifying import verify_projections
from gongkai.platform.core.models import DemonstrationDay
from gongkai.platform.ledger.models import LedgerEvent
from gongkai.platform.ledger.verifying import verify_ledger
from gongkai.platform.reporting.selectors import running_figures

SECONDS = float(os.environ.get("GONGKAI_WALK_SECONDS", "6"))
ROLES = ("receiving_clerk", "receiving_clerk", "handler", "approver")
FIRST = date(2026, 2, 9)
DAYS = max(5, min(150, round(SECONDS)))
"""How many days pass in all. A day is a second at least: whoever fills in a form must get to its end in a day
or two, for a letter is not registered before it came."""


def test_ten_clerks_at_once_break_nothing_and_all_verifies(committed_database: CommittedDatabase) -> None:
    county = make_body("云溪县人民政府", "云公", "county")
    DemonstrationDay.objects.create(id=1, day=FIRST)
    clerks = [Clerk(county.seats[ROLES[n % 4]].person, Random(n), FIRST) for n in range(10)]  # noqa: S311
    for _ in range(40):  # they come to a desk that has cases, however slow the machine
        if CaseSummary.objects.count() > 1:
            break
        clerks[0].step()
    broken: list[str] = []
    until = time.monotonic() + SECONDS

    def work(clerk: Clerk) -> None:
        try:
            while time.monotonic() < until and not broken:
                clerk.today = today()
                clerk.step()
        except BaseException as error:
            broken.append(f"{clerk.person.username}: {error!r}")
            raise
        finally:
            connection.close()

    def today() -> date:
        return FIRST + timedelta(days=int(DAYS * (1 - max(0.0, until - time.monotonic()) / SECONDS)))

    threads = [threading.Thread(target=work, args=(clerk,)) for clerk in clerks]
    for thread in threads:
        thread.start()
    day = FIRST
    while any(thread.is_alive() for thread in threads):
        if today() != day:
            day = today()
            DemonstrationDay.objects.filter(id=1).update(day=day)
        threads[0].join(SECONDS / DAYS)
        for thread in threads[1:]:
            thread.join(0)

    assert not broken, broken
    done = {key: sum(c.done.get(key, 0) for c in clerks) for c in clerks for key in c.done}
    told = f"{done}, {CaseSummary.objects.count()} cases, {LedgerEvent.objects.count()} entries"
    print(told)  # noqa: T201  shown with -s, and where an assertion fails
    assert CaseSummary.objects.count() > 1, told
    assert LedgerEvent.objects.count() > CaseSummary.objects.count(), told
    assert not verify_ledger(county.body.key).damages
    assert not verify_projections(county.body.key, known_on=day).differences
    running_figures(body=county.body, year=day.year, area=True, actor=county.actor("supervisor", day))
