"""The pages of the three administrators: each sees and does its own part."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import openpyxl
import pytest
from django.test import Client
from tests.platform.conftest import Place

from gongkai.platform.core.models import AuditEntry, Body, LocalHoliday, LocalRule, Person, Seat

pytestmark = pytest.mark.one_database  # what it asks of a database is tested on both elsewhere


@pytest.fixture
def at(county: Place):
    """A browser of somebody in a role of the county."""

    def log_in(role: str) -> Client:
        client = Client()
        client.force_login(county.seats[role].person)
        return client

    return log_in


BODY = {
    "level": "township", "name": "青禾镇人民政府", "short_name": "青公", "code": "", "working_body": "",
    "address": "", "postcode": "", "office_hours": "", "phone": "", "fax": "", "email": "",
    "reconsideration_authority": "云溪县人民政府", "upper_department": "", "court": "云州铁路运输法院",
    "valid_from": "",
}  # fmt: skip


def test_each_administrator_begins_where_their_work_is(at) -> None:
    begins = {
        role: at(f"{role}_administrator").get("/")["Location"] for role in ("system", "security", "audit")
    }
    assert begins == {"system": "/desk/bodies/", "security": "/desk/people/", "audit": "/desk/audit/"}


def test_a_body_is_created_changed_and_ended_on_pages(at, county: Place) -> None:
    client = at("system_administrator")
    made = client.post(f"/desk/bodies/{county.body.key}/new/", BODY)
    town = Body.objects.get(name="青禾镇人民政府")
    assert (made.status_code, made["Location"]) == (302, f"/desk/bodies/{town.key}/")
    changed = {**BODY, "phone": "000-1"}
    assert client.post(f"/desk/bodies/{town.key}/", changed).status_code == 302
    assert Body.objects.get(pk=town.pk).phone == "000-1"
    tree = client.get("/desk/bodies/").content.decode()
    assert tree.index("云溪县人民政府") < tree.index("青禾镇人民政府")
    ended = client.post(f"/desk/bodies/{town.key}/end/", {"on": "2026-03-01", "successor": county.body.key})
    assert ended.status_code == 302
    assert "这个机关已经撤销" in client.get(f"/desk/bodies/{town.key}/").content.decode()


def test_what_is_wrong_with_a_body_is_said_at_the_field(at, county: Place) -> None:
    client = at("system_administrator")
    wrong = client.post(f"/desk/bodies/{county.body.key}/new/", {**BODY, "code": "123", "name": ""})
    page = wrong.content.decode()
    assert wrong.status_code == 422
    assert 'href="#id_name"' in page
    wrong = client.post(f"/desk/bodies/{county.body.key}/new/", {**BODY, "code": "91350100M000100Y44"})
    assert "不是有效的统一社会信用代码" in wrong.content.decode()


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"short_name": ""}, ["short_name"]),
        ({"reconsideration_authority": ""}, ["reconsideration_authority"]),
        ({"court": " "}, ["court"]),
        ({"vertical": "on"}, ["upper_department"]),
        ({"vertical": "on", "upper_department": "云州海关", "reconsideration_authority": ""}, []),
        ({"level": "office", "reconsideration_authority": "", "court": ""}, []),
    ],
    ids=str,
)
def test_what_letters_need_of_a_body_is_insisted_on_with_the_reason(
    at, county: Place, given: dict[str, str], fields: list[str]
) -> None:
    address = f"/desk/bodies/{county.body.key}/new/"
    answer = at("system_administrator").post(address, {**BODY, **given})
    assert answer.status_code == (422 if fields else 302)
    if not fields:
        return
    assert list(answer.context["form"].errors) == fields
    page = answer.content.decode()
    assert f'href="#id_{fields[0]}"' in page
    if fields != ["short_name"]:
        assert "没有它出不了答复书" in page
    assert not Body.objects.filter(name=BODY["name"]).exists()


def test_a_body_made_without_what_letters_need_is_completed_with_the_next_change(at, county: Place) -> None:
    Body.objects.filter(pk=county.body.pk).update(court="")
    client, address = at("system_administrator"), f"/desk/bodies/{county.body.key}/"
    changed = {**BODY, "name": county.body.name, "phone": "000-1"}
    assert client.post(address, {**changed, "court": ""}).status_code == 422
    assert client.post(address, changed).status_code == 302
    assert Body.objects.get(pk=county.body.pk).court == "云州铁路运输法院"


def test_a_rule_is_set_or_refused_with_its_reason(at, county: Place) -> None:
    client = at("system_administrator")
    address = f"/desk/bodies/{county.body.key}/rules/"
    given = {"key": "reply_period", "value": "25", "from_date": "2026-03-01", "source": "云公办〔2026〕1号"}
    refused = client.post(address, given)
    assert "只能比法定的更严" in refused.content.decode()
    assert not LocalRule.objects.exists()
    assert "这个值不能用于这一项" in client.post(address, {**given, "value": "fast"}).content.decode()
    assert client.post(address, {**given, "value": "15"}).status_code == 302
    assert "15 个工作日" in client.get(address).content.decode()


def test_a_local_day_off_is_added_and_taken_back(at, county: Place, department: Place) -> None:
    client = at("system_administrator")
    address = f"/desk/bodies/{county.body.key}/holidays/"
    given = {"name": "火把节", "first": "2026-07-08", "last": "2026-07-07", "source": "自治条例"}
    assert "最后一天早于第一天" in client.post(address, given).content.decode()
    assert "最多 31 天" in client.post(address, {**given, "last": "9999-12-31"}).content.decode()
    assert client.post(address, {**given, "last": "2026-07-08"}).status_code == 302
    row = LocalHoliday.objects.get()
    other = f"/desk/bodies/{department.body.key}/holidays/{row.pk}/remove/"
    assert client.post(other).status_code == 404
    assert client.post(f"{address}{row.pk}/remove/").status_code == 302
    assert not LocalHoliday.objects.exists()


def test_an_account_is_made_by_one_administrator_and_seated_by_another(at, county: Place) -> None:
    system, security = at("system_administrator"), at("security_administrator")
    made = system.post("/desk/people/new/", {"username": "lu", "name": "陆远舟", "body": county.body.key})
    person = Person.objects.get(username="lu")
    assert "只显示这一次" in made.content.decode()
    assert "分配岗位" not in system.get(f"/desk/people/{person.key}/").content.decode()
    address = f"/desk/people/{person.key}/seats/new/"
    assert system.get(address).status_code == 403
    both = {"body": county.body.key, "title": "科员", "roles": ["handler", "audit_administrator"]}
    assert "这些角色不能由一个人担任" in security.post(address, both).content.decode()
    assert security.post(address, {**both, "roles": ["handler"]}).status_code == 302
    seat = Seat.objects.get(person=person)
    assert security.post(f"/desk/seats/{seat.key}/", {"roles": ["approver"], "title": ""}).status_code == 302
    assert Seat.objects.get(person=person).roles == frozenset({"approver"})
    assert security.post(f"/desk/people/{person.key}/password/").status_code == 403
    assert security.post(f"/desk/seats/{seat.key}/end/").status_code == 302
    assert Seat.objects.get(person=person).valid_until is not None


def test_a_user_name_that_is_taken_is_said_at_the_field(at, county: Place) -> None:
    taken = county.seats["handler"].person.username
    answer = at("system_administrator").post(
        "/desk/people/new/", {"username": taken, "name": "x", "body": county.body.key}
    )
    assert "这个用户名已经有人用了" in answer.content.decode()


def test_bodies_elsewhere_can_be_neither_seen_nor_chosen(at, county: Place, foreign: Place) -> None:
    client = at("system_administrator")
    assert client.get(f"/desk/bodies/{foreign.body.key}/").status_code == 404
    assert client.get(f"/desk/people/{foreign.seats['handler'].person.key}/").status_code == 404
    assert "青石县" not in client.get("/desk/people/").content.decode()
    tried = client.post("/desk/people/new/", {"username": "x", "name": "x", "body": foreign.body.key})
    assert tried.status_code == 422
    assert not Person.objects.filter(username="x").exists()


def test_only_the_audit_administrator_reads_the_audit_and_every_reading_is_in_it(at, county: Place) -> None:
    for role in ("system_administrator", "security_administrator", "approver", "supervisor"):
        assert at(role).get("/desk/audit/").status_code == 403
    assert AuditEntry.objects.filter(act="access.refused").count() == 4
    client = at("audit_administrator")
    page = client.get("/desk/audit/?refused_only=on").content.decode()
    assert page.count("访问被拒绝") >= 4
    assert AuditEntry.objects.filter(act="audit.read").count() == 1
    assert "云公approver" in client.get("/desk/audit/?person=云公approver").content.decode()


def test_the_audit_of_another_place_is_not_shown(
    at, county: Place, department: Place, foreign: Place
) -> None:
    for place in (department, foreign):
        other = Client()
        other.force_login(place.seats["handler"].person)
    page = at("audit_administrator").get("/desk/audit/").content.decode()
    assert "云溪县水利局" in page
    assert "青石县" not in page
    inside = Client()
    inside.force_login(department.seats["audit_administrator"].person)
    page = inside.get("/desk/audit/").content.decode()
    assert "云公audit_administrator" not in page


def test_the_audit_is_paged_without_gaps(at) -> None:
    client = at("audit_administrator")
    for _i in range(60):
        client.get("/desk/audit/?act=logout")
    first = client.get("/desk/audit/?act=audit.read")
    following = first.context["page"].following
    second = client.get(f"/desk/audit/?act=audit.read&after={following}")
    positions = [row.position for row in (*first.context["page"].rows, *second.context["page"].rows)]
    assert len(first.context["page"].rows) == 50
    assert positions == sorted(positions, reverse=True)
    assert len(set(positions)) == len(positions) >= 60


def test_the_audit_is_exported_as_text_only_and_the_export_is_in_it(at, county: Place) -> None:
    at("approver").get("/desk/audit/")
    client = at("audit_administrator")
    answer = client.get("/desk/audit/export/?act=access.refused")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert "演示" in str(rows[0][0])
    assert rows[2][2] == "访问被拒绝"
    assert AuditEntry.objects.filter(act="audit.exported").count() == 1


def test_a_filter_that_cannot_be_read_is_said(at) -> None:
    answer = at("audit_administrator").get("/desk/audit/?first=yesterday")
    assert answer.status_code == 422


def test_the_chain_is_verified_on_a_page(at) -> None:
    answer = at("audit_administrator").post("/desk/audit/verify/")
    assert "首尾相接" in answer.content.decode()
    assert AuditEntry.objects.filter(act="audit.verified", success=True).count() == 1


def test_days_are_days_of_shanghai(at, county: Place) -> None:
    for number, moment in enumerate((datetime(2026, 3, 2, 15, 59, 59), datetime(2026, 3, 2, 16)), start=1001):
        AuditEntry(
            position=number,
            at=moment.replace(tzinfo=UTC),
            act="logout",
            body=county.body.key,
            object=f"o{number}",
        ).save()
    client = at("audit_administrator")
    rows = client.get("/desk/audit/?first=2026-03-03&last=2026-03-03").context["page"].rows
    assert [row.object for row in rows] == ["o1002"]
    rows = client.get("/desk/audit/?first=2026-03-02&last=2026-03-02").context["page"].rows
    assert [row.object for row in rows] == ["o1001"]
