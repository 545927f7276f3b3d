"""Pages by key: put together they are the list, forwards and backwards, whatever the order and the ties."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import chain

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from tests.platform.conftest import make_body

from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.cases.selectors.paging import Order, page_of


class TestPages(TestCase):
    @settings(max_examples=40, deadline=None)
    @given(days=st.lists(st.integers(0, 3), max_size=12), size=st.integers(1, 5), descending=st.booleans())
    def test_pages_put_together_are_the_list(self, days: list[int], size: int, descending: bool) -> None:
        body = make_body("云溪县人民政府", "云公", "county").body
        CaseSummary.objects.bulk_create(
            CaseSummary(
                stream=f"case-{n:02}", body=body, phase="handling",
                received_on=date(2026, 1, 1) + timedelta(days=day), last_seq=1, last_position=1,
            )
            for n, day in enumerate(days)
        )  # fmt: skip
        order, rows = Order("received_on", descending), CaseSummary.objects.filter(body=body)
        wanted = list(
            rows.order_by("-received_on" if descending else "received_on", "stream").values_list(
                "stream", flat=True
            )
        )
        pages, place = [], ""
        while True:
            page = page_of(rows, order, size, after=place)
            pages.append([row.stream for row in page.rows])
            assert bool(page.before) == (len(pages) > 1)
            if not page.after:
                break
            place = page.after
        assert list(chain.from_iterable(pages)) == wanted
        back = page.before
        for earlier in reversed(pages[:-1]):
            page = page_of(rows, order, size, before=back)
            assert [row.stream for row in page.rows] == earlier
            assert page.after
            back = page.before
        assert not back


def test_a_place_that_is_none_shows_the_first_page(db: None) -> None:
    body = make_body("云溪县人民政府", "云公", "county").body
    CaseSummary.objects.create(
        stream="case-1",
        body=body,
        phase="handling",
        received_on=date(2026, 1, 1),
        last_seq=1,
        last_position=1,
    )
    for nonsense in ("x", "~", "2026-13-01~case-1", "x~y"):
        for where in ({"after": nonsense}, {"before": nonsense}):
            assert len(page_of(CaseSummary.objects.all(), Order("received_on"), 5, **where).rows) == 1
