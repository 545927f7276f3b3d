"""A slip of the keyboard stops no calendar, an appeal leaves it open who lost, the audit notes keys."""

from __future__ import annotations

from datetime import date

import pytest
from tests.platform.after.conftest import DECIDED, Case, Desk, answer, decide, sue
from tests.platform.after.test_the_calendar_of_defences import DAY, HEARING, url_of

from gongkai.platform.cases.losses import all_losses
from gongkai.platform.cases.models import Appointment
from gongkai.platform.cases.services.acting import Step
from gongkai.platform.core.models import AuditEntry

pytestmark = pytest.mark.one_database


@pytest.fixture
def sued(case: Case) -> Case:
    """A case with a suit."""
    answer(case)
    sue(case)
    return case


@pytest.mark.parametrize(("on", "at"), [("9999-12-31", ""), ("0001-01-01", "00:10"), ("2206-03-18", "09:30")])
def test_a_day_that_can_be_none_is_refused_and_the_calendar_file_stays(
    sued: Case, desk: Desk, on: str, at: str
) -> None:
    handler = desk.of("handler", DAY)
    refused = handler.post(url_of(sued), {**HEARING, "on": on, "at": at})
    assert handler.get("/desk/defences.ics").status_code == 200
    assert refused.status_code == 422 and "请核对年份" in refused.content.decode()
    assert not Appointment.objects.exists()


def test_a_judgment_that_was_appealed_is_no_loss_before_the_appeal_is_decided(sued: Case) -> None:
    decide(sued)
    actor = sued.place.actor("handler", DECIDED)
    assert [one.key for one in all_losses(actor, year=2026)] == ["remedy-1"]
    appeal = {"remedy": "remedy-1", "kind": "litigation_direct", "instance": "second"}
    sued.do(Step("remedy.filed", DECIDED, appeal), day=DECIDED)
    assert all_losses(actor, year=2026) == []
    end = {"remedy": "remedy-1", "instance": "second", "result": "corrected"}
    sued.do(Step("remedy.decided", date(2026, 8, 3), end), day=date(2026, 8, 3))
    found = all_losses(sued.place.actor("handler", date(2026, 8, 3)), year=2026)
    assert [(one.key, one.on) for one in found] == [("remedy-1", date(2026, 8, 3))]


@pytest.mark.parametrize("address", ["defences.xlsx", "defences.ics", "losses.xlsx"])
def test_what_was_typed_into_an_address_is_not_in_the_audit(sued: Case, desk: Desk, address: str) -> None:
    handler = desk.of("handler", DAY)
    given = {"find": "陈知微", "handler": "chen-zhiwei", "body": "chen-zhiwei", "kind": "litigation_direct"}
    assert handler.get(f"/desk/{address}", given).status_code == 200
    entry = AuditEntry.objects.filter(act="case.exported").latest("position")
    assert "zhiwei" not in entry.detail and "find" not in entry.detail
    assert address == "losses.xlsx" or "litigation_direct" in entry.detail
