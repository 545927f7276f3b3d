"""Two people at one spreadsheet: what was set otherwise meanwhile is not checked, or mapped, as before."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from tests.platform.conftest import TODAY, Place
from tests.platform.past.conftest import checked
from tests.platform.past.sheets import book, lives
from tests.platform.past.test_pages import client

from gongkai.platform.cases.models import PastHeading, PastImport, PastState
from gongkai.platform.cases.past.words import WORDS
from gongkai.platform.cases.selectors.past import headings_seen
from gongkai.platform.cases.services.past import check_again, upload_past
from gongkai.platform.cases.services.past_checking import check_past
from gongkai.platform.core.models import DemonstrationDay

pytestmark = pytest.mark.one_database


@pytest.fixture(autouse=True)
def today(db: None) -> None:
    DemonstrationDay.objects.update_or_create(id=1, defaults={"day": TODAY})


def test_a_form_of_other_headings_maps_nothing(county: Place) -> None:
    clerk = county.actor("receiving_clerk")
    past = upload_past(body=county.body, actor=clerk, content=book(lives(3)), name="台账.xlsx")
    old = headings_seen(past)
    PastImport.objects.filter(key=past.key).update(mapping={"甲": "", "乙": ""})
    where = f"/desk/past/{past.key}/"
    page = client(county, "receiving_clerk").post(
        where, {"step": "mapping", "seen": old, "h-0": "name", "h-1": "number"}, follow=True
    )
    assert "刚刚变了" in page.content.decode()
    assert not PastHeading.objects.filter(heading__in=("甲", "乙")).exists()
    past.refresh_from_db()
    assert past.mapping == {"甲": "", "乙": ""} and past.state == PastState.MAPPING


def test_a_check_of_columns_that_were_set_otherwise_meanwhile_tells_nothing(county: Place) -> None:
    past = checked(county, book(lives(3)))
    clerk = county.actor("receiving_clerk")
    check_again(past=past, actor=clerk)
    others = iter([{**past.mapping, "备注": ""}])

    def meanwhile(execute: Any, sql: str, *given: Any) -> Any:
        """While the rows are looked at, somebody sets what the columns mean."""
        if "cases_casesummary" in sql and (mapping := next(others, None)) is not None:
            PastImport.objects.filter(key=past.key).update(mapping=mapping)
        return execute(sql, *given)

    with connection.execute_wrapper(meanwhile):
        assert check_past(key=past.key, actor=clerk) is None
    past.refresh_from_db()
    assert past.state == PastState.CHECKING and "备注" in past.mapping


def test_words_that_may_mean_two_things_mean_none() -> None:
    assert WORDS["remedy_kind"].read("行政诉讼") is None and WORDS["remedy_kind"].read("诉讼") is None
    assert WORDS["remedy_result"].read("驳回申请") is None
    assert WORDS["remedy_kind"].read("直接起诉") == "litigation_direct"
