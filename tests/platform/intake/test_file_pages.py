"""Papers on their pages: added, opened safely, erased; never to who may not."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.platform.conftest import TODAY, Place
from tests.platform.intake.conftest import Come, SignIn
from tests.platform.private.conftest import PDF

from gongkai.platform.cases.models import CaseFile, CaseText
from gongkai.platform.cases.services.acting import Step, perform_acts
from gongkai.platform.cases.services.papers import NewPaper
from gongkai.platform.core.files import blob_path
from gongkai.platform.core.models import AuditEntry, Erasure

pytestmark = pytest.mark.one_database  # pages; what they call is tested on both


def scan(name: str, content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "text/html")


def with_paper(come_in: Come, kind: str = "identity", name: str = "陈知微“身份证”;x.pdf") -> tuple[str, str]:
    registered = come_in(papers=[NewPaper(kind=kind, name=name, content=PDF)])
    return registered.summaries[0].stream, CaseFile.objects.get().file_id


def test_a_file_is_opened_with_its_name_and_nothing_that_could_run(at_desk: Client, come_in: Come) -> None:
    _stream, ref = with_paper(come_in)
    response = at_desk.get(f"/desk/files/{ref}/")
    assert (response.status_code, response.content) == (200, PDF)
    assert response["Content-Type"] == "application/pdf"
    disposition = response["Content-Disposition"]
    assert disposition.startswith("inline; ") and disposition.isascii() and "\n" not in disposition
    assert "filename*=UTF-8''%E9%99%88%E7%9F%A5%E5%BE%AE" in disposition and disposition.count('"') == 2
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"] and response["Cache-Control"] == "no-store"
    assert at_desk.get(f"/desk/files/{ref}/?save")["Content-Disposition"].startswith("attachment; ")
    assert AuditEntry.objects.filter(act="file.read", object=ref).count() == 2


def test_text_is_saved_and_not_shown(at_desk: Client, come_in: Come) -> None:
    registered = come_in(papers=[NewPaper(kind="other", name="说明.html", content="看<b>这里".encode())])
    assert registered.summaries
    response = at_desk.get(f"/desk/files/{CaseFile.objects.get().file_id}/")
    assert response["Content-Disposition"].startswith("attachment; ")
    assert response["Content-Type"].startswith("text/plain")
    assert "%E8%AF%B4%E6%98%8E.html.txt" in response["Content-Disposition"]


@pytest.mark.parametrize("role", ["supervisor", "report_author", "editor", "system_administrator"])
def test_a_paper_that_names_people_is_not_there_for_others(
    county: Place, come_in: Come, sign_in: SignIn, role: str
) -> None:
    _stream, ref = with_paper(come_in)
    response = sign_in(county, role).get(f"/desk/files/{ref}/")
    assert response.status_code == 404 and "陈知微" not in response.content.decode()


def test_a_damaged_file_says_so(at_desk: Client, come_in: Come) -> None:
    _stream, ref = with_paper(come_in)
    path = blob_path(CaseFile.objects.get().file.sha256)
    path.write_bytes(path.read_bytes()[:-1])
    response = at_desk.get(f"/desk/files/{ref}/")
    assert response.status_code == 500 and "缺失或者被改动过" in response.content.decode()


def test_the_case_page_lists_its_papers_and_those_of_its_letter(at_desk: Client, come_in: Come) -> None:
    stream, ref = with_paper(come_in)
    at_desk.post(f"/desk/cases/{stream}/papers/", {"kind": "original", "files": [scan("合同.pdf")]})
    page = at_desk.get(f"/desk/cases/{stream}/").content.decode()
    assert ref in page and "随来件" in page and "合同.pdf" in page and "加遮盖件" in page


def test_papers_are_added_several_at_once(at_desk: Client, come_in: Come) -> None:
    stream = come_in().summaries[0].stream
    url = f"/desk/cases/{stream}/papers/"
    assert at_desk.get(url).status_code == 200
    done = at_desk.post(url, {"kind": "search_record", "files": [scan("一.pdf"), scan("二.pdf")]})
    assert done.status_code == 302 and CaseFile.objects.filter(stream=stream).count() == 2


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"kind": "original"}, "请选择要加入的文件"),
        ({"kind": "redacted", "files": [("甲.pdf", PDF)]}, "请选择文件的类别"),
        ({"kind": "other", "files": [("甲.html", b"<html></html>")]}, "类型不能收"),
        ({"kind": "other", "files": [("好.pdf", PDF), ("空.pdf", b"")]}, "空文件"),
    ],
)
def test_what_cannot_be_added_is_told_and_nothing_is_added(
    at_desk: Client, come_in: Come, given: dict[str, Any], word: str
) -> None:
    stream = come_in().summaries[0].stream
    files = [scan(name, content) for name, content in given.get("files", [])]
    response = at_desk.post(f"/desk/cases/{stream}/papers/", {**given, "files": files})
    assert response.status_code == 422 and word in response.content.decode()
    assert not CaseFile.objects.exists()


def test_a_redacted_copy_is_put_beside_its_original(at_desk: Client, come_in: Come) -> None:
    stream = come_in().summaries[0].stream
    url = f"/desk/cases/{stream}/papers/"
    at_desk.post(url, {"kind": "original", "files": [scan("合同.pdf")]})
    original = CaseFile.objects.get()
    assert "合同.pdf" in at_desk.get(f"{url}?original={original.file_id}").content.decode()
    at_desk.post(url, {"original": original.file_id, "files": [scan("合同（遮盖）.pdf")]})
    copy = CaseFile.objects.get(kind="redacted")
    assert copy.redacts == original
    page = at_desk.get(f"/desk/cases/{stream}/").content.decode()
    assert f'href="/desk/files/{copy.file_id}/?save"><b>下载遮盖件' in page
    assert f'href="/desk/files/{original.file_id}/?save">下载未遮盖的原件' in page
    assert at_desk.get(f"{url}?original={copy.file_id}").status_code == 404
    assert at_desk.get(f"{url}?original=file-nowhere").status_code == 404


def test_of_several_copies_all_are_put_or_none(at_desk: Client, come_in: Come) -> None:
    url = f"/desk/cases/{come_in().summaries[0].stream}/papers/"
    at_desk.post(url, {"kind": "original", "files": [scan("合同.pdf")]})
    original = CaseFile.objects.get()
    files = [scan("遮盖一.pdf"), scan("遮盖二.exe", b"MZ\0\0")]
    refused = at_desk.post(url, {"original": original.file_id, "files": files})
    assert refused.status_code == 422 and "遮盖二" in refused.content.decode()
    assert "文件请重新选择" in refused.content.decode(), "a browser keeps no files"
    assert list(CaseFile.objects.all()) == [original]


def test_who_does_not_handle_adds_nothing(
    county: Place, foreign: Place, come_in: Come, sign_in: SignIn
) -> None:
    stream = come_in().summaries[0].stream
    given = {"kind": "other", "files": [scan("甲.pdf")]}
    for place, role, status in ((county, "approver", 403), (foreign, "handler", 404)):
        assert sign_in(place, role).post(f"/desk/cases/{stream}/papers/", given).status_code == status
    assert not CaseFile.objects.exists()


def withdraw(county: Place, stream: str) -> None:
    perform_acts(
        body=county.body, stream=stream, steps=[Step("request.withdrawn", TODAY, {"scope": "whole"})],
        expected_seq=2, actor=county.actor("handler"),
    )  # fmt: skip


def test_the_approver_erases_by_typing_the_number(county: Place, come_in: Come, sign_in: SignIn) -> None:
    stream, _ref = with_paper(come_in)
    client, url = sign_in(county, "approver"), f"/desk/cases/{stream}/erase/"
    assert "现在不能删除" in client.get(url).content.decode()
    withdraw(county, stream)
    page = client.get(url).content.decode()
    assert "云公申〔2026〕1号" in page and "第四十七条" in page and "陈知微" not in page
    wrong = client.post(url, {"number": "云公申〔2026〕2号"})
    assert wrong.status_code == 422 and not Erasure.objects.exists()
    done = client.post(url, {"number": " 云公申〔2026〕1号 "})
    assert done["Location"] == f"/desk/cases/{stream}/" and Erasure.objects.count() == 1
    assert CaseText.objects.get(stream=stream).description == "" and not CaseFile.objects.exists()
    after = client.get(done["Location"]).content.decode()
    assert "已经删除" in after and "清河" not in after
    assert client.get(url).status_code == 404


def test_only_the_approver_reaches_the_erasure(
    county: Place, foreign: Place, come_in: Come, sign_in: SignIn
) -> None:
    stream, _ref = with_paper(come_in)
    withdraw(county, stream)
    for place, role, status in (
        (county, "handler", 403), (county, "receiving_clerk", 403), (foreign, "approver", 404),
    ):  # fmt: skip
        client = sign_in(place, role)
        assert (
            client.post(f"/desk/cases/{stream}/erase/", {"number": "云公申〔2026〕1号"}).status_code == status
        )
    assert not Erasure.objects.exists()
