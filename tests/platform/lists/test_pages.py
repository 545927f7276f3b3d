"""The pages of the lists: what they say, where they lead, who is kept out; addresses say nothing personal."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from tests.platform.conftest import Place
from tests.platform.lists.conftest import LogsIn, acted, registered

from gongkai.platform.core.models import AuditEntry, DemonstrationDay
from gongkai.platform.desk.models import SavedFilter

FEBRUARY = date(2026, 2, 25)


@pytest.fixture(autouse=True)
def present(db: None) -> None:
    DemonstrationDay.objects.create(day=date(2026, 3, 3))


def titles(html: str) -> list[str]:
    return [unescape(title) for title in re.findall(r'class="ttl" href="[^"]+">([^<]+)<', html)]


def test_the_counts_are_links_to_their_groups(county: Place, logs_in: LogsIn) -> None:
    registered(county, FEBRUARY, "幼儿园年检结果")
    registered(county, date(2026, 1, 28), "危房改造补助名单")
    client = logs_in(county, "handler")
    html = client.get("/desk/").content.decode()
    assert titles(html) == ["危房改造补助名单", "幼儿园年检结果"]
    assert '<a href="?group=today"><b>1</b>' in html
    today = client.get("/desk/?group=today").content.decode()
    assert titles(today) == ["危房改造补助名单"]
    assert '<a href="?group=today" aria-current="true"><b>1</b>' in today


def test_the_search_form_leads_to_an_address_that_says_nothing(county: Place, logs_in: LogsIn) -> None:
    registered(county, FEBRUARY, "幼儿园年检结果", name="罗云溪")
    client = logs_in(county, "handler")
    for page, path in (("work_list", "/desk/"), ("cases", "/desk/cases/")):
        answer = client.post("/desk/find/", {"page": page, "q": "罗云溪", "channel": "counter"})
        address = answer.headers["Location"]
        assert address.startswith(f"{path}?channel=counter&s=") and "%E7%BD%97" not in address
        html = client.get(address).content.decode()
        assert titles(html) == ["幼儿园年检结果"] and "罗云溪" in html
    assert AuditEntry.objects.filter(act="case.applicant_searched").count() == 2


def test_a_sealed_question_is_of_no_use_to_another_seat(county: Place, logs_in: LogsIn) -> None:
    registered(county, FEBRUARY, "幼儿园年检结果", name="罗云溪")
    address = (
        logs_in(county, "handler").post("/desk/find/", {"page": "cases", "q": "罗云溪"}).headers["Location"]
    )
    html = logs_in(county, "approver").get(address).content.decode()
    assert "罗云溪" not in html and "请重新查找" in html
    tampered = logs_in(county, "handler").get("/desk/cases/?s=k1:xxxx").content.decode()
    assert "请重新查找" in tampered


def test_a_filter_that_is_none_is_told_and_left_out(county: Place, logs_in: LogsIn) -> None:
    registered(county, FEBRUARY, "幼儿园年检结果")
    html = logs_in(county, "handler").get("/desk/?channel=<script>&phase=handling").content.decode()
    assert titles(html) == ["幼儿园年检结果"]
    assert "筛选条件“渠道”没有“&lt;script&gt;”这一项" in html


def test_all_cases_are_listed_by_year_and_found_in_all_years(county: Place, logs_in: LogsIn) -> None:
    registered(county, date(2025, 3, 3), "公益性岗位录用结果")
    gone = registered(county, FEBRUARY, "幼儿园年检结果")
    acted(county, gone, "request.withdrawn", date(2026, 2, 26))
    client = logs_in(county, "approver")
    assert titles(client.get("/desk/cases/").content.decode()) == ["幼儿园年检结果"]
    assert titles(client.get("/desk/cases/?year=2025").content.decode()) == ["公益性岗位录用结果"]
    both = ["幼儿园年检结果", "公益性岗位录用结果"]
    assert titles(client.get("/desk/cases/?year=all").content.decode()) == both
    assert titles(client.get("/desk/cases/?year=all&sort=oldest").content.decode()) == both[::-1]
    assert titles(client.get("/desk/cases/?year=all&state=closed").content.decode()) == both[:1]
    assert titles(client.get("/desk/cases/?year=all&state=open").content.decode()) == both[1:]
    assert titles(client.get("/desk/cases/?year=all&sort=number").content.decode()) == both[::-1]
    address = client.post("/desk/find/", {"page": "cases", "q": "结果"}).headers["Location"]
    assert titles(client.get(address).content.decode()) == both


def test_what_is_not_confirmed_yet_has_a_state_of_its_own_and_is_found(
    county: Place, logs_in: LogsIn
) -> None:
    registered(county, date(2026, 3, 2), "垃圾清运合同", channel="fax")
    client = logs_in(county, "handler")
    assert titles(client.get("/desk/cases/").content.decode()) == []
    assert titles(client.get("/desk/cases/?state=waiting").content.decode()) == ["垃圾清运合同"]
    address = client.post("/desk/find/", {"page": "cases", "q": "垃圾"}).headers["Location"]
    assert titles(client.get(address).content.decode()) == ["垃圾清运合同"]


@pytest.mark.parametrize(
    "path", ["/desk/", "/desk/cases/", "/desk/filters/", "/desk/work-list.xlsx", "/desk/cases.xlsx"]
)
def test_who_may_see_no_case_is_kept_out(county: Place, logs_in: LogsIn, path: str) -> None:
    registered(county, FEBRUARY, "幼儿园年检结果")
    for role in ("editor", "reviewer", "system_administrator", "audit_administrator"):
        answer = logs_in(county, role).get(path)
        assert answer.status_code == 403
        assert b"\xe5\xb9\xbc\xe5\x84\xbf" not in answer.content


def test_a_page_asks_the_database_as_often_for_many_cases_as_for_few(
    county: Place, logs_in: LogsIn, django_assert_max_num_queries: object
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = logs_in(county, "handler")
    asked = []
    for many in (1, 6):
        for _case in range(many):
            registered(county, FEBRUARY)
        client.get("/desk/")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get("/desk/")
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 27


def test_filters_are_saved_renamed_and_deleted_with_an_audit_and_without_the_question(
    county: Place, logs_in: LogsIn
) -> None:
    client = logs_in(county, "handler")
    client.post(
        "/desk/filters/save/", {"page": "work_list", "channel": "fax", "name": " 传真 ", "q": "罗云溪"}
    )
    kept = SavedFilter.objects.get()
    assert (kept.name, kept.query, kept.seat) == ("传真", "channel=fax", county.seats["handler"])
    assert 'href="?channel=fax"' in client.get("/desk/").content.decode()
    client.post("/desk/filters/", {"key": kept.key, "name": "待确认的传真"})
    assert SavedFilter.objects.get().name == "待确认的传真"
    client.post("/desk/filters/", {"key": kept.key, "do": "delete"})
    assert not SavedFilter.objects.exists()
    acts = list(AuditEntry.objects.filter(act__startswith="filter.").values_list("act", flat=True))
    assert acts == ["filter.saved", "filter.renamed", "filter.deleted"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"name": "", "channel": "fax"}, "请给筛选起个名称"),
        ({"name": "名" * 31, "channel": "fax"}, "名称最长 30 个字"),
        ({"name": "有了", "channel": "fax"}, "已经有同名的筛选"),
        ({"name": "空的"}, "没有筛选条件"),
        ({"name": "乱的", "channel": "nonsense"}, "没有筛选条件"),
    ],
)
def test_a_filter_that_cannot_be_kept_says_why(
    county: Place, logs_in: LogsIn, given: dict[str, str], told: str
) -> None:
    client = logs_in(county, "handler")
    client.post("/desk/filters/save/", {"page": "work_list", "name": "有了", "phase": "handling"})
    answer = client.post("/desk/filters/save/", {"page": "work_list", **given}, follow=True)
    assert told in answer.content.decode()
    assert SavedFilter.objects.count() == 1


def test_filters_of_others_cannot_be_touched(county: Place, logs_in: LogsIn) -> None:
    logs_in(county, "handler").post(
        "/desk/filters/save/", {"page": "cases", "channel": "fax", "name": "传真"}
    )
    kept = SavedFilter.objects.get()
    other = logs_in(county, "approver")
    assert "传真</a>" not in other.get("/desk/cases/").content.decode()
    for do in ("delete", "rename"):
        assert other.post("/desk/filters/", {"key": kept.key, "do": do, "name": "我的"}).status_code == 404
    assert SavedFilter.objects.get().name == "传真"


def test_a_name_that_is_taken_is_told_beside_its_field(county: Place, logs_in: LogsIn) -> None:
    client = logs_in(county, "handler")
    for name, channel in (("传真", "fax"), ("邮寄", "registered_post")):
        client.post("/desk/filters/save/", {"page": "cases", "channel": channel, "name": name})
    key = SavedFilter.objects.get(name="邮寄").key
    answer = client.post("/desk/filters/", {"key": key, "name": "传真"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#name-{key}"' in html and f'id="err-{key}"' in html and "<title>错误：" in html
