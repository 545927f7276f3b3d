"""The calendar of defences: what is due first stands first, with the days that others set."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from django.test import Client
from tests.platform.after.conftest import DECIDED, REACHED, Case, Desk, answer, decide, sue
from tests.platform.conftest import Place

from gongkai.platform.cases.models import Appointment, CaseSummary
from gongkai.platform.cases.proceedings import NoSuchProceeding, all_proceedings
from gongkai.platform.cases.selectors.defences import defences_ahead
from gongkai.platform.cases.services.acting import Step
from gongkai.platform.cases.services.appointments import cancel_appointment, enter_appointment
from gongkai.platform.core.models import AuditEntry
from gongkai.platform.core.permissions import NotPermitted

pytestmark = pytest.mark.one_database
DAY = date(2026, 3, 12)
HEARING = {
    "kind": "hearing",
    "on": "2026-03-18",
    "at": "09:30",
    "place": "第三审判庭",
    "remarks": "",
    "step": "enter",
}


@pytest.fixture
def sued(case: Case) -> Case:
    """A case with a suit that reached the organ on 9 March: the defence is due on the 24th."""
    answer(case)
    sue(case)
    return case


def url_of(case: Case) -> str:
    return f"/desk/cases/{case.stream}/appointments/remedy-1/"


def test_the_due_date_is_the_one_of_the_rules_and_the_work_list_warns(sued: Case, desk: Desk) -> None:
    handler = desk.of("handler", DAY)
    row = CaseSummary.objects.get(stream=sued.stream)
    assert row.challenged and row.defence_due_on == date(2026, 3, 24)
    page = handler.get("/desk/defences/").content.decode()
    assert "2026-03-24" in page and "待答复" in page and "云州市中级人民法院" in page
    assert "1 件还没有答复、答辩，最早 2026-03-24 到期" in handler.get("/desk/").content.decode()
    late = desk.of("handler", date(2026, 3, 25))
    assert "逾期未答复" in late.get("/desk/defences/?standing=overdue").content.decode()
    assert "1 件已经逾期" in late.get("/desk/").content.decode()
    answered = Step("remedy.answered", date(2026, 3, 23), {"remedy": "remedy-1", "instance": "first"})
    sued.do(answered, day=date(2026, 3, 25))
    assert "已答复，等结果" in late.get("/desk/defences/").content.decode()
    assert "还没有答复、答辩" not in late.get("/desk/").content.decode()
    decide(sued)
    after = desk.of("handler", DECIDED)
    assert "没有在审的复议、诉讼" in after.get("/desk/defences/").content.decode()
    assert "结果纠正" in after.get("/desk/defences/?year=2026").content.decode()
    assert defences_ahead(sued.place.actor("handler", DECIDED)) is None


def test_a_hearing_is_entered_shown_everywhere_and_taken_back(sued: Case, desk: Desk) -> None:
    handler = desk.of("handler", DAY)
    wrong = handler.post(url_of(sued), {**HEARING, "on": "三月"})
    assert wrong.status_code == 422 and "2026-03-13" in wrong.content.decode()
    shown = handler.post(url_of(sued), HEARING, follow=True).content.decode()
    assert "日程已登记" in shown and "第三审判庭" in shown and "09:30" in shown
    again = handler.post(url_of(sued), HEARING, follow=True).content.decode()
    assert "没有重复登记" in again and Appointment.objects.count() == 1
    assert "2026-03-18" in handler.get("/desk/defences/?standing=appointed").content.decode()
    assert "第三审判庭" in handler.get(f"/desk/cases/{sued.stream}/").content.decode()
    assert "七天内有 1 项" in handler.get("/desk/").content.decode()
    entry = AuditEntry.objects.get(act="appointment.entered")
    assert "第三审判庭" not in entry.detail
    key = Appointment.objects.get().key
    handler.post(url_of(sued), {"step": "cancel", "appointment": key})
    assert (
        "已经取消"
        in handler.post(url_of(sued), {"step": "cancel", "appointment": key}, follow=True).content.decode()
    )
    assert "第三审判庭" not in handler.get(url_of(sued)).content.decode()


def lines(client: Client, query: str = "") -> list[str]:
    """The calendar file with its folded lines put together."""
    raw = client.get(f"/desk/defences.ics{query}").content
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    return raw.replace(b"\r\n ", b"").decode().split("\r\n")


def test_the_calendar_file_tells_due_dates_and_hearings(sued: Case, desk: Desk) -> None:
    handler = desk.of("handler", DAY)
    handler.post(url_of(sued), {**HEARING, "place": "第三审判庭, 二楼; 东\\侧"})
    told = lines(handler)
    assert told[0] == "BEGIN:VCALENDAR" and told[-2:] == ["END:VCALENDAR", ""]
    assert "DTSTART;VALUE=DATE:20260324" in told and "DTEND;VALUE=DATE:20260325" in told
    assert "DTSTART:20260318T013000Z" in told  # half past nine in Shanghai
    assert "LOCATION:第三审判庭\\, 二楼\\; 东\\\\侧" in told
    assert sum(line.startswith("UID:") for line in told) == 2
    assert "BEGIN:VEVENT" not in lines(handler, "?kind=reconsideration")
    assert AuditEntry.objects.filter(act="case.exported", object="defences.ics").count() == 2
    sheet = handler.get("/desk/defences.xlsx")
    assert sheet.status_code == 200 and sheet.getvalue().startswith(b"PK")


def test_what_may_not_be_entered_leaves_nothing(sued: Case, county: Place, foreign: Place) -> None:
    given: dict[str, Any] = {"kind": "hearing", "on": DAY, "at": time(9), "place": "", "remarks": ""}
    where: dict[str, Any] = {"body": county.body, "stream": sued.stream}
    with pytest.raises(NotPermitted):
        enter_appointment(**where, remedy="remedy-1", **given, actor=county.actor("supervisor", DAY))
    with pytest.raises(NotPermitted):
        enter_appointment(**where, remedy="remedy-1", **given, actor=foreign.actor("handler", DAY))
    with pytest.raises(NoSuchProceeding):
        enter_appointment(**where, remedy="remedy-9", **given, actor=county.actor("handler", DAY))
    made = enter_appointment(**where, remedy="remedy-1", **given, actor=county.actor("handler", DAY))
    with pytest.raises(NotPermitted):
        cancel_appointment(**where, key=made.key, actor=county.actor("report_author", DAY))
    decide(sued)
    with pytest.raises(NoSuchProceeding):
        enter_appointment(**where, remedy="remedy-1", **given, actor=county.actor("handler", DECIDED))
    assert Appointment.objects.count() == 1
    assert all_proceedings(foreign.actor("handler", DECIDED), decided_in=2026) == []
    assert REACHED < DAY
