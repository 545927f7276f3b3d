"""The pages of past cases without a browser: what is refused is said, what is sent twice happens once."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.platform.conftest import TODAY, Place
from tests.platform.past.conftest import checked
from tests.platform.past.sheets import FAULTS, Row, book, lives

from gongkai.platform.cases import past_jobs
from gongkai.platform.cases.models import CaseSummary, PastFinding, PastHeading, PastImport, PastState
from gongkai.platform.cases.past.workbook import read_book
from gongkai.platform.cases.selectors.past import headings_seen
from gongkai.platform.core.models import AuditEntry, DemonstrationDay, StoredFile

pytestmark = pytest.mark.one_database


@pytest.fixture(autouse=True)
def today(db: None) -> None:
    DemonstrationDay.objects.update_or_create(id=1, defaults={"day": TODAY})


def client(place: Place, role: str) -> Client:
    one = Client()
    one.force_login(place.seats[role].person, backend="django.contrib.auth.backends.ModelBackend")
    return one


def upload(one: Client, content: bytes, name: str = "台账.xlsx") -> Any:
    return one.post("/desk/past/", {"file": SimpleUploadedFile(name, content)}, follow=True)


def text_of(response: Any) -> str:
    return response.content.decode()


def faulty(*places: int) -> list[Row]:
    rows = lives(6)
    for place in places:
        rows[place] = {**rows[place], **FAULTS[7].change}
    return rows


def test_a_needed_column_without_heading_is_asked_for_and_remembered(county: Place) -> None:
    clerk = client(county, "receiving_clerk")
    page = upload(clerk, book(lives(3), headings={"number": "流水", "remarks": "张三"}))
    past = PastImport.objects.get()
    where = f"/desk/past/{past.key}/"
    assert "流水" in text_of(page)
    seen = {"step": "mapping", "seen": headings_seen(past)}
    refused = clerk.post(where, seen)
    assert refused.status_code == 422
    assert "没有对应的列：编号" in text_of(refused)
    place = list(past.mapping).index("流水")
    taken = clerk.post(where, {**seen, f"h-{place}": "number"}, follow=True)
    assert "正在" in text_of(taken)
    assert PastHeading.objects.get(body=county.body, heading="流水").field == "number"
    assert not PastHeading.objects.filter(heading="张三").exists()
    upload(clerk, book(lives(4), headings={"number": "流水"}))
    assert PastImport.objects.exclude(key=past.key).get().mapping["流水"] == "number"


def test_a_second_upload_of_the_same_file_leads_to_the_first(county: Place) -> None:
    clerk, content = client(county, "receiving_clerk"), book(lives(3))
    upload(clerk, content)
    again = upload(clerk, content, "另一个名字.xlsx")
    assert "这个文件上传过了" in text_of(again)
    assert PastImport.objects.count() == 1
    assert StoredFile.objects.filter(stream__startswith="past-").count() == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "旧格式（.xls）"),
        ("编号,申请人".encode(), "这不是 .xlsx 表格"),
        (b"PK\x03\x04broken", "文件坏了"),
        (b"", "这不是 .xlsx 表格"),
    ],
)
def test_what_is_no_workbook_is_refused_with_the_mend(county: Place, content: bytes, said: str) -> None:
    page = upload(client(county, "receiving_clerk"), content)
    assert page.status_code == 422
    assert said in text_of(page)
    assert not PastImport.objects.exists()


def test_errors_are_filtered_and_marked_in_a_copy_that_can_be_uploaded_again(county: Place) -> None:
    past = checked(county, book(faulty(2, 4), title="台账"))
    clerk, where = client(county, "receiving_clerk"), f"/desk/past/{past.key}/findings"
    page = text_of(clerk.get(f"{where}/?level=error&field=applicant_kind"))
    assert "D6" in page
    assert "媒体" in page
    assert "没有这样的错误" in text_of(clerk.get(f"{where}/?level=error&field=number"))
    answer: Any = clerk.get(f"{where}.xlsx")
    copy = b"".join(answer.streaming_content)
    cases, listed = read_book(copy)
    assert cases.rows[6][4] == "媒体"
    assert {row.get(2) for row in listed.rows.values()} >= {"D6", "D8"}
    again = checked(county, copy)
    assert (again.cases, again.errors) == (6, 2)
    read = AuditEntry.objects.filter(act="past.read", object=past.key)
    assert read.filter(detail__contains="marked").count() == 1


def test_who_clears_the_errors_is_not_who_brings_in(county: Place) -> None:
    past = checked(county, book(lives(4)))
    where = f"/desk/past/{past.key}/"
    clerk, head = client(county, "receiving_clerk"), client(county, "approver")
    assert clerk.post(where, {"step": "import"}).status_code == 403
    head.post(where, {"step": "import"})
    head.post(where, {"step": "import"})
    past_jobs.enter.call(past.key)
    past_jobs.enter.call(past.key)
    assert CaseSummary.objects.count() == 4
    done = text_of(head.get(where))
    assert "4 件已于" in done
    late = head.post(where, {"step": "discard"}, follow=True)
    assert "情况刚刚变了" in text_of(late)


def test_what_is_deleted_leaves_neither_file_nor_finding(county: Place) -> None:
    past = checked(county, book(faulty(1)))
    clerk = client(county, "receiving_clerk")
    page = clerk.post(f"/desk/past/{past.key}/", {"step": "discard"}, follow=True)
    assert "没有导入任何案件" in text_of(page)
    assert not PastImport.objects.exists()
    assert not PastFinding.objects.exists()
    assert not StoredFile.objects.filter(stream=past.key).exists()
    assert clerk.get(f"/desk/past/{past.key}/").status_code == 404


def test_a_check_broken_off_is_ordered_again(county: Place) -> None:
    past = checked(county, book(lives(2)))
    PastImport.objects.filter(key=past.key).update(state=PastState.CHECKING)
    clerk, where = client(county, "receiving_clerk"), f"/desk/past/{past.key}/"
    assert "重新检查" in text_of(clerk.get(where))
    clerk.post(where, {"step": "check"})
    past_jobs.check.call(past.key)
    past.refresh_from_db()
    assert past.state == PastState.READY


def test_the_template_is_read_as_it_is(county: Place) -> None:
    answer: Any = client(county, "receiving_clerk").get("/desk/past/template.xlsx")
    template = read_book(b"".join(answer.streaming_content))
    past = checked(county, book(lives(2)))
    assert template[0].name == "案件"
    assert template[0].rows[1][1] == "编号"
    assert past.state == PastState.READY


def test_sheets_and_headings_are_chosen_by_hand(county: Place) -> None:
    clerk = client(county, "receiving_clerk")
    upload(clerk, book(lives(2), title="台账"))
    past = PastImport.objects.get()
    where = f"/desk/past/{past.key}/"
    refused = clerk.post(where, {"step": "sheets"})
    assert "至少选一张工作表" in text_of(refused)
    clerk.post(where, {"step": "sheets", "sheet-1": "on", "row-1": "1"})
    past.refresh_from_db()
    assert list(past.mapping) == ["台账"]
    clerk.post(where, {"step": "sheets", "sheet-1": "on", "row-1": "3"})
    past.refresh_from_db()
    assert past.mapping["编号"] == "number"
