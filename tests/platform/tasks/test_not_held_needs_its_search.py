""" "Not held" is neither submitted nor approved without the record of a search that found nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.platform.conftest import TODAY, Place
from tests.platform.letters.conftest import Case, content_for
from tests.platform.letters.pages import log_in
from tests.platform.tasks.conftest import Units, give

from gongkai.platform.cases.erasure import erase_applicant
from gongkai.platform.cases.models import CaseFile, SearchRecord
from gongkai.platform.cases.services.acting import Step
from gongkai.platform.cases.services.drafts import DraftIncomplete, approve_draft, submit_draft
from gongkai.platform.cases.services.tasks import Search, record_search
from gongkai.platform.core.models import AuditEntry, PrivateRecord
from gongkai.platform.core.permissions import NotPermitted

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("usual")]
SAID: dict[str, Any] = {
    "where": "县档案馆、住建局档案室", "how": "全文检索和翻阅目录", "terms": "中医院 迁建 合同",
    "by_whom": "住建局 何建", "result": "均无此合同",
}  # fmt: skip


def search(**given: Any) -> Search:
    said: dict[str, Any] = {"on": TODAY, "found": "nothing", **SAID, **given}
    return Search(**said)


def test_not_held_reaches_approval_only_with_its_search(case: Case, clients: dict[str, Client]) -> None:
    handler, url = clients["handler"], f"/desk/cases/{case.stream}/search/"
    case.save(content_for("unavailable_not_held", "not_held"))
    review = f"/desk/cases/{case.stream}/reply/review/"
    page = handler.get(review).content.decode()
    assert "要先有检索记录" in page and url in page
    assert handler.post(review, {"step": "submit", "version": 1}).status_code == 409
    sent = {"on": TODAY.isoformat(), "found": "nothing", **SAID}
    empty = handler.post(url, {**sent, "where": " "})
    assert empty.status_code == 422 and "均无此合同" in empty.content.decode()
    assert "不能晚于今天" in handler.post(url, {**sent, "on": "2026-03-04"}).content.decode()
    bad = handler.post(url, {**sent, "files": SimpleUploadedFile("a.exe", b"MZ\x00\x00")})
    assert bad.status_code == 422 and SearchRecord.objects.count() == 0
    proof = SimpleUploadedFile("检索截图.pdf", b"%PDF-1.4 proof")
    assert "已登记" in handler.post(url, {**sent, "files": proof}, follow=True).content.decode()
    shown = handler.get(f"/desk/cases/{case.stream}/").content.decode()
    assert "县档案馆、住建局档案室" in shown and "检索截图.pdf" in shown
    assert "已送审批" in handler.post(review, {"step": "submit", "version": 1}, follow=True).content.decode()
    approve_draft(
        body=case.place.body, stream=case.stream, expected_version=1, expected_seq=case.seq,
        actor=case.place.actor("approver"),
    )  # fmt: skip


def test_a_search_that_found_something_is_no_evidence(case: Case, county: Place) -> None:
    case.save(content_for("unavailable_not_held", "not_held"))
    where: dict[str, Any] = {
        "body": county.body, "stream": case.stream, "actor": county.actor("handler"),
    }  # fmt: skip
    record_search(search=search(), **where)
    record_search(search=search(found="something", result="在住建局找到"), **where)
    with pytest.raises(DraftIncomplete, match="与“不存在”不一致"):
        submit_draft(**where, expected_version=1)
    with pytest.raises(ValueError, match="says where"):
        record_search(search=search(how=" "), **where)
    with pytest.raises(ValueError, match="future"):
        record_search(search=search(on=date(2026, 3, 4)), **where)


def test_a_unit_records_its_search_with_its_task_and_sees_no_other(
    case: Case, units: Units, department: Place, housing: Place, county: Place
) -> None:
    task, _other = give(case, units.water, units.housing, kind="search")
    record_search(body=county.body, stream=case.stream, search=search(), actor=county.actor("handler"))
    client, url = log_in(department, "handler"), f"/desk/tasks/{task.key}/"
    assert "均无此合同" not in client.get(url).content.decode()
    sent = {"step": "search", "on": TODAY.isoformat(), "found": "nothing", **SAID, "result": "本局没有"}
    done = client.post(url, {**sent, "files": SimpleUploadedFile("目录.pdf", b"%PDF-1.4 x")}, follow=True)
    text = done.content.decode()
    assert "本局没有" in text and "目录.pdf" in text and "均无此合同" not in text
    paper = CaseFile.objects.get()
    assert client.get(f"/desk/files/{paper.file_id}/").status_code == 200
    assert log_in(housing, "handler").get(f"/desk/files/{paper.file_id}/").status_code == 404
    with pytest.raises(NotPermitted):
        record_search(
            body=county.body, stream=case.stream, search=search(), task=task, actor=housing.actor("handler")
        )  # fmt: skip
    with pytest.raises(NotPermitted):
        record_search(
            body=county.body, stream=case.stream, search=search(), actor=department.actor("handler")
        )  # fmt: skip
    entry = AuditEntry.objects.filter(act="search.recorded").latest("position")
    assert "本局没有" not in entry.detail


def test_records_of_searches_and_opinions_are_erased_with_the_applicant(
    case: Case, units: Units, county: Place, department: Place, clients: dict[str, Client]
) -> None:
    (task,) = give(case, units.water)
    client = log_in(department, "handler")
    client.post(
        f"/desk/tasks/{task.key}/",
        {"step": "answer", "result": "合同见附件", "files": SimpleUploadedFile("合同.pdf", b"%PDF-1.4 y")},
    )
    record_search(body=county.body, stream=case.stream, search=search(), actor=county.actor("handler"))
    case.do(Step("request.withdrawn", TODAY, {"scope": "whole"}))
    erase_applicant(body=county.body, stream=case.stream, actor=county.actor("approver"))
    assert not PrivateRecord.objects.filter(stream=case.stream).exists()
    assert not CaseFile.objects.filter(stream=case.stream).exists()
    page = client.get(f"/desk/tasks/{task.key}/").content.decode()
    assert "合同见附件" not in page and "文字已删除" in page and "已办结" in page
    shown = clients["handler"].get(f"/desk/cases/{case.stream}/").content.decode()
    assert "均无此合同" not in shown and "或者已经删除" in shown
