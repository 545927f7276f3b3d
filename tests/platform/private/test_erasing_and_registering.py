"""No letter comes in while a person is erased: a registration and an erasure wait for each other."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.platform.conftest import Place
from tests.platform.private.test_erasure import close, come

from gongkai.platform.cases.erasure import erase_applicant


def test_the_lock_that_a_registration_holds_is_taken_first(county: Place) -> None:
    """Else the letter would join who is just being erased, and a restore would erase it, open as it is."""
    registered = come(county)
    close(county, registered.summaries[0])
    with CaptureQueriesContext(connection) as captured:
        erase_applicant(
            body=county.body, stream=registered.summaries[0].stream, actor=county.actor("approver")
        )
    read = [one["sql"] for one in captured if "ledger_ledgerhead" in one["sql"] or "cases_" in one["sql"]]
    assert "ledger_ledgerhead" in read[0]
