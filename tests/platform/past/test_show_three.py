"""A spreadsheet with planted faults: each named, nothing brought in before all are mended, then all of it."""

from __future__ import annotations

import pytest
from tests.platform.conftest import TODAY, Place
from tests.platform.past.conftest import brought_in, checked
from tests.platform.past.counted import figures_of
from tests.platform.past.sheets import FAULTS, book, lives, plainly, planted

from gongkai.platform.cases import past_jobs
from gongkai.platform.cases.models import CaseSummary, CaseText, PastFinding, PastState
from gongkai.platform.cases.services.past import NotNow, order_import
from gongkai.platform.core import private
from gongkai.platform.core.models import DemonstrationDay
from gongkai.platform.ledger.models import LedgerEvent
from gongkai.platform.ledger.verifying import verify_ledger

ROWS = 300
ABOVE = 3
"""Rows of the title and the headings."""


@pytest.fixture(autouse=True)
def today(db: None) -> None:
    DemonstrationDay.objects.update_or_create(id=1, defaults={"day": TODAY})


def test_every_planted_fault_is_named_by_row_column_and_mend(county: Place) -> None:
    rows = lives(ROWS)
    faults = planted(rows, len(FAULTS))
    past = checked(county, book(rows, title="依申请公开台账", total=True))
    assert (past.state, past.errors, past.cases) == (PastState.FAULTY, len(FAULTS), ROWS)
    found = {}
    for one in PastFinding.objects.filter(past=past, level="error"):
        message, mend, _what = private.read_many([one.ref])[one.ref]["texts"][one.place]
        assert message
        assert mend
        found[one.row] = (one.field, one.code)
    assert found == {place + ABOVE + 1: (fault.column, fault.code) for place, fault in faults.items()}
    assert past.skipped == [[1, ROWS + ABOVE + 1, "合计"]]


def test_nothing_is_brought_in_while_one_error_stands(county: Place) -> None:
    rows = lives(30)
    planted(rows, 1)
    past = checked(county, book(rows))
    with pytest.raises(NotNow):
        order_import(past=past, actor=county.actor("approver"))
    past_jobs.enter.call(past.key)
    assert not LedgerEvent.objects.filter(body=county.body.key).exists()
    assert not CaseSummary.objects.exists()


def test_what_was_brought_in_counts_as_a_plain_count_of_the_rows(county: Place) -> None:
    rows = lives(ROWS)
    past = brought_in(county, checked(county, book(rows, title="台账", total=True)))
    assert (past.state, past.done) == (PastState.DONE, ROWS)
    plain = plainly(rows, TODAY.year)
    assert figures_of(county, range(2021, TODAY.year + 1)) == plain
    assert {(year, row, kind): number for year, row, kind, number in past.preview["counts"]} == plain
    assert not verify_ledger(body=county.body.key).damages
    assert CaseText.objects.count() == ROWS
