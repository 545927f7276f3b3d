"""Where others hold the database for too long, nothing is kept and what was typed can be sent again."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from datetime import date

import pytest
from django.db import OperationalError, connection
from django.test import Client
from tests.platform.committed import CommittedDatabase
from tests.platform.conftest import make_body
from tests.platform.lists.conftest import registered

from gongkai.platform.core.busy import is_busy
from gongkai.platform.core.models import DemonstrationDay
from gongkai.platform.ledger.models import LedgerEvent

WORDS = "来电询问进度，已告知"


@contextmanager
def somebody_writing() -> Generator[None]:
    """Another program that has begun to write, and does not end."""
    other = sqlite3.connect(str(connection.settings_dict["NAME"]), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@pytest.mark.one_database
def test_an_act_that_waited_too_long_can_be_sent_again_as_it_was(
    committed_database: CommittedDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    county = make_body("云溪县人民政府", "云公", "county")
    DemonstrationDay.objects.update_or_create(id=1, defaults={"day": date(2026, 3, 3)})
    case = registered(county, date(2026, 3, 2))
    client = Client()
    client.force_login(county.seats["handler"].person, backend="django.contrib.auth.backends.ModelBackend")
    client.get("/desk/")  # what the session writes is written
    path = f"/desk/cases/{case.stream}/acts/note.added/"
    sent = {
        "occurred_on": "2026-03-03", "kind": "call", "text": WORDS, "step": "perform",
        "expected_seq": str(case.last_seq),
    }  # fmt: skip
    connection.close()
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.2)
    with somebody_writing():
        busy = client.post(path, sent)
    assert busy.status_code == 503
    assert busy["Retry-After"] == "5"
    page = busy.content.decode()
    assert "没有保存" in page
    assert page.count(WORDS) >= 2, "in the form that is sent again, and to be read"
    assert LedgerEvent.objects.filter(kind="note.added").count() == 0
    assert client.post(path, sent).status_code == 302
    assert LedgerEvent.objects.filter(kind="note.added").count() == 1


def test_other_faults_of_the_database_are_not_taken_for_a_busy_one() -> None:
    error = OperationalError("no such table: cases")
    assert not is_busy(error)
    error.__cause__ = sqlite3.OperationalError("no such table: cases")
    error.__cause__.sqlite_errorcode = sqlite3.SQLITE_ERROR
    assert not is_busy(error)
    error.__cause__.sqlite_errorcode = sqlite3.SQLITE_BUSY_SNAPSHOT
    assert is_busy(error)
