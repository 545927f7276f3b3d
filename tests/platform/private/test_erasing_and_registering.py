"""No letter comes in while a person is erased, and what is written afterwards can be erased, too."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.platform.conftest import TODAY, Place
from tests.platform.private.test_erasure import close, come

from gongkai.platform.cases.erasure import CannotErase, erase_applicant, extent_of
from gongkai.platform.cases.services.acting import perform_act
from gongkai.platform.core.models import PrivateRecord
from gongkai.platform.ledger.selectors import history


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


def test_what_is_written_after_an_erasure_is_erased_by_a_further_one(county: Place) -> None:
    registered = come(county)
    close(county, registered.summaries[0])
    stream, approver = registered.summaries[0].stream, county.actor("approver")
    erase_applicant(body=county.body, stream=stream, actor=approver)
    with pytest.raises(CannotErase):
        erase_applicant(body=county.body, stream=stream, actor=approver)
    perform_act(
        body=county.body, stream=stream, kind="note.added", occurred_on=TODAY, actor=county.actor("handler"),
        expected_seq=history(body=county.body.key, stream=stream).seq, payload={"kind": "call"},
        texts={"text": "慕容知微来电，问起诉的事"},
    )  # fmt: skip
    extent = extent_of(body=county.body, stream=stream, actor=approver)
    assert extent is not None and extent.records == 1
    erase_applicant(body=county.body, stream=stream, actor=approver)
    assert not PrivateRecord.objects.filter(stream=stream).exists()
    assert extent_of(body=county.body, stream=stream, actor=approver) is None
