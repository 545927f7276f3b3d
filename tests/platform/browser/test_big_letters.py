"""With big letters the columns of the case page stay wide enough to read on the screens of offices."""

from __future__ import annotations

from typing import Any

import pytest
from tests.platform.acts.conftest import RECEIVED, STREAM, perform
from tests.platform.acts.histories import CONSULTED, DELIVERED, MARCH_3, OBJECTED
from tests.platform.browser.conftest import Desk, kept, set_day

from gongkai.platform.cases.models import CaseText

pytestmark = pytest.mark.browser

_NARROWEST = """() => Math.min(...[...document.querySelectorAll(".stair > li > span:last-child")]
  .filter(one => one.offsetParent && one.textContent.length > 12)
  .map(one => one.getBoundingClientRect().width / parseFloat(getComputedStyle(one).fontSize)))"""
_OVERLAP = """() => [...document.querySelectorAll(".cal td")].some(cell => {
  const day = cell.querySelector("time").getBoundingClientRect(), mark = cell.querySelector("em");
  if (!mark) return false;
  const at = mark.getBoundingClientRect();
  const beside = at.left >= day.right - 1 || at.right <= day.left + 1;
  return !beside && at.top < day.bottom - 3 && at.bottom > day.top + 3;
})"""


def test_the_steps_of_a_clock_can_be_read_in_both_sizes(desk: Desk, browser: Any) -> None:
    set_day(MARCH_3)
    perform(desk.county, [*RECEIVED, CONSULTED, DELIVERED, OBJECTED], day=MARCH_3)
    CaseText.objects.create(
        stream=STREAM, body=desk.county.body, applicant_label="陈*", title="县中医院迁建项目施工合同",
        description="申请公开县中医院迁建项目施工合同。",
    )  # fmt: skip
    page = desk.page(browser, "handler")
    for size in ("", "lg"):
        page.context.add_cookies([{"name": "gongkai_display", "value": size, "url": desk.url}])
        for width in (1280, 1366, 1440, 1600):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(f"{desk.url}/desk/cases/{STREAM}/")
            kept(page, f"case-{size or 'plain'}-{width}")
            assert page.evaluate(_NARROWEST) > 11, (size, width)
    page.context.add_cookies([{"name": "gongkai_display", "value": "", "url": desk.url}])
    for width in (375, 320):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{desk.url}/desk/cases/{STREAM}/")
        kept(page, f"case-{width}")
        assert not page.evaluate(_OVERLAP), width
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(forced_colors="active")
    kept(page, "case-forced")
