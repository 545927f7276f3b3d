"""The worker is killed in the middle of an import: it goes on where it was, nothing is there twice."""

from __future__ import annotations

from collections import Counter

from django.db import connection
from tests.platform.conftest import TODAY, Place, make_body
from tests.platform.operations.conftest import Installation, wait_until
from tests.platform.past.conftest import checked
from tests.platform.past.sheets import book, lives

from gongkai.platform.cases.models import CaseSummary, CaseText, IncomingLetter, PastImport, PastState
from gongkai.platform.cases.past.keeping import FOUND
from gongkai.platform.cases.services.past import order_import
from gongkai.platform.cases.verifying import verify_projections
from gongkai.platform.core.models import AuditEntry, DemonstrationDay, PrivateRecord, StoredFile
from gongkai.platform.ledger.models import LedgerEvent
from gongkai.platform.ledger.verifying import verify_ledger

ROWS = 150


def prepared() -> tuple[Place, PastImport]:
    DemonstrationDay.objects.update_or_create(id=1, defaults={"day": TODAY})
    county = make_body("云溪县人民政府", "云公", "county")
    past = checked(county, book(lives(ROWS)))
    return county, order_import(past=past, actor=county.actor("approver"))


def test_a_killed_import_goes_on_and_enters_nothing_twice(installation: Installation) -> None:
    county, past = prepared()
    connection.close()
    worker = installation.start("worker")
    wait_until(lambda: PastImport.objects.get(key=past.key).done > 0)
    worker.kill()
    worker.wait(10)
    past.refresh_from_db()
    assert (past.state, 0 < past.done < ROWS) == (PastState.IMPORTING, True)
    assert CaseSummary.objects.count() == past.done
    connection.close()
    again = installation.run("worker", "--once")
    assert again.returncode == 0, again.stderr
    past.refresh_from_db()
    assert (past.state, past.done) == (PastState.DONE, ROWS)
    streams = Counter(LedgerEvent.objects.filter(body=county.body.key).values_list("stream", flat=True))
    assert len(streams) == CaseSummary.objects.count() == CaseText.objects.count() == ROWS
    assert sum(streams.values()) == past.acts
    assert not verify_ledger(body=county.body.key).damages
    assert verify_projections(county.body.key, known_on=TODAY).ok
    assert IncomingLetter.objects.count() == ROWS
    entered = AuditEntry.objects.filter(act="past.entered")
    assert entered.count() == ROWS // 50
    assert set(entered.values_list("seat", flat=True)) == {county.seats["approver"].key}
    assert not StoredFile.objects.filter(stream=past.key).exists()
    assert not PrivateRecord.objects.filter(kind=FOUND).exists()
