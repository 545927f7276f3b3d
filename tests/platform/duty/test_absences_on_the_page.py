"""The page of absences: entering one, every refusal in words, warnings of tomorrow, the deputy's list."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.platform.conftest import TODAY, Place
from tests.platform.duty.conftest import SignsIn, colleague, set_day
from tests.platform.letters.conftest import Case

from gongkai.platform.cases.due import warn_of_tomorrow
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Absence, Seat
from gongkai.platform.core.present import present

pytestmark = pytest.mark.one_database
DAY = timedelta(days=1)
AT = "/desk/duty/"


def sent(seat: Seat, deputy: Seat | None, first: date = TODAY, last: date = TODAY + DAY) -> dict[str, str]:
    return {
        "seat": seat.pk, "deputy": "" if deputy is None else deputy.pk, "first": first.isoformat(),
        "last": last.isoformat(),
    }  # fmt: skip


def test_a_leave_is_entered_takes_effect_and_ends(county: Place, case: Case, signs_in: SignsIn) -> None:
    handler, other = county.seats["handler"], colleague(county, "周承办", "handler")
    mine, theirs = signs_in(handler), signs_in(other)
    assert case.stream not in theirs.get("/desk/?group=mine").content.decode()
    assert mine.post(AT, sent(handler, other, TODAY + DAY, TODAY + 2 * DAY)).status_code == 302
    page = mine.get(AT).content.decode()
    assert "还没有开始" in page and "明天起 云公handler 离岗" in page and "由 周承办 代理" in page
    set_day(TODAY + DAY)
    listed = theirs.get("/desk/?group=mine").content.decode()
    assert case.stream in listed and '<span class="deputed">代</span> 云公handler' in listed
    assert "今天您代理" in theirs.get(AT).content.decode()
    assert "代</span> 周承办" in mine.get(f"/desk/cases/{case.stream}/").content.decode()
    set_day(TODAY + 3 * DAY)
    assert case.stream not in theirs.get("/desk/?group=mine").content.decode()
    assert "没有离岗" in theirs.get(AT).content.decode()
    assert "已结束" in theirs.get(f"{AT}?state=past").content.decode()


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ({"first": "2026-03-02"}, "第一天已经过去"),
        ({"last": "2026-03-01"}, "最后一天早于第一天"),
        ({"last": "2028-03-03"}, "最长 366 天"),
        ({"first": "三月三日"}, "请写成 2026-03-03 这样的日期"),
        ({"first": ""}, "这一项要填写"),
        ({"seat": "seat-nobody"}, "选择"),
    ],
)
def test_every_refusal_is_in_words(
    what: dict[str, str], words: str, county: Place, signs_in: SignsIn
) -> None:
    handler = county.seats["handler"]
    answer = signs_in(handler).post(AT, {**sent(handler, county.seats["receiving_clerk"]), **what})
    assert answer.status_code == 422 and words in answer.content.decode()
    assert not Absence.objects.exists()


def test_overlaps_circles_and_oneself_are_refused_in_words(county: Place, signs_in: SignsIn) -> None:
    handler, clerk = county.seats["handler"], county.seats["receiving_clerk"]
    mine, theirs = signs_in(handler), signs_in(clerk)
    assert mine.post(AT, sent(handler, clerk)).status_code == 302
    overlap = mine.post(AT, sent(handler, clerk)).content.decode()
    assert "已经登记了离岗（2026-03-03 至 2026-03-04）" in overlap
    circle = theirs.post(AT, sent(clerk, handler)).content.decode()
    assert "绕回来由离岗的人代理" in circle
    approver = signs_in(county.seats["approver"])
    form = approver.get(AT).content.decode()
    assert f'value="{clerk.pk}"' in form
    assert approver.post(AT, sent(clerk, county.seats["approver"])).status_code == 422
    assert Absence.objects.count() == 1


def test_nobody_enters_or_ends_what_is_not_theirs_to(
    county: Place, foreign: Place, signs_in: SignsIn
) -> None:
    handler, clerk = county.seats["handler"], county.seats["receiving_clerk"]
    assert signs_in(clerk).post(AT, sent(handler, clerk)).status_code == 422
    assert signs_in(county.seats["editor"]).get(AT).status_code == 403
    assert not Absence.objects.exists()
    signs_in(handler).post(AT, sent(handler, clerk))
    at = f"{AT}absences/{Absence.objects.get().pk}/end/"
    assert signs_in(clerk).post(at).status_code == 403
    assert signs_in(foreign.seats["approver"]).post(at).status_code == 404
    assert signs_in(county.seats["security_administrator"]).post(at).status_code == 302
    assert "已经结束或者取消" in signs_in(handler).post(at, follow=True).content.decode()
    for form, kind in (("xlsx", "spreadsheet"), ("pdf", "pdf")):
        answer = signs_in(handler).get(f"{AT}absences/list.{form}?state=all")
        assert answer.status_code == 200 and kind in answer.headers["Content-Type"]


def test_the_daily_work_counts_what_begins_tomorrow(county: Place, signs_in: SignsIn) -> None:
    handler = county.seats["handler"]
    client = signs_in(handler)
    eve = date(2026, 9, 30)  # the day before the National Day
    set_day(eve)
    client.post(AT, sent(handler, None, eve + DAY, eve + DAY))
    told = warn_of_tomorrow(Actor(present(), system="tick"))
    assert dict(told) == {"absences": 1, "holidays": 1, "uncovered": 1, "orders_overdue": 0}
    page = client.get(AT).content.decode()
    assert "明天开始放假：国庆节，到 2026-10-07" in page and "没有指定代理人" in page


def test_pages_open_to_a_deputy_in_that_time_alone_and_administrators_stay_closed(
    county: Place, signs_in: SignsIn
) -> None:
    approver, deputy = county.seats["approver"], county.seats["report_author"]
    signs_in(approver).post(AT, sent(approver, deputy, TODAY + DAY, TODAY + DAY))
    client = signs_in(deputy)
    opened = ("/desk/templates/", "/desk/templates/registration_receipt/")
    closed = (
        "/desk/bodies/", "/desk/people/", "/desk/audit/", "/desk/register/",
        f"/desk/bodies/{county.body.pk}/",
    )  # fmt: skip
    for day, status in ((TODAY, 403), (TODAY + DAY, 200), (TODAY + 2 * DAY, 403)):
        set_day(day)
        assert {client.get(path).status_code for path in opened} == {status}
        assert {client.get(path).status_code for path in closed} <= {403, 404}
        assert ("文书模板" in client.get("/desk/").content.decode()) is (status == 200)
    set_day(TODAY + DAY)
    for other in (county.seats["handler"], county.seats["receiving_clerk"]):
        refused = client.post(AT, sent(other, county.seats["editor"], TODAY + DAY, TODAY + DAY))
        assert refused.status_code == 422, "absences of others are no deputy's to enter"
    assert Absence.objects.count() == 1
