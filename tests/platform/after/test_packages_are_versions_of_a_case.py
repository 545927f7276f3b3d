"""Archiving a case makes its package, later acts a further version; an erased person is in none of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.platform.after.conftest import Case, Desk, answer, later, members
from tests.platform.conftest import Place
from tests.platform.letters.conftest import APPLICANT

from gongkai.platform.cases.erasure import erase_applicant
from gongkai.platform.cases.models import ArchivePackage, CaseFile
from gongkai.platform.cases.services.acting import Step
from gongkai.platform.cases.services.archiving import archive_case
from gongkai.platform.core.files import blob_path
from gongkai.platform.core.models import AuditEntry, StoredFile
from gongkai.platform.core.permissions import NotPermitted
from gongkai.platform.ledger.selectors import history

pytestmark = pytest.mark.one_database
DAY = date(2026, 7, 1)


def archive_by_page(case: Case, desk: Desk) -> str:
    handler = desk.of("handler", DAY)
    url = f"/desk/cases/{case.stream}/acts/case.archived/"
    data = {"occurred_on": DAY.isoformat(), "file_number": "2026-YK-015", "expected_seq": str(case.seq)}
    return handler.post(url, {**data, "step": "perform"}, follow=True).content.decode()


def test_the_act_that_archives_makes_the_package(case: Case, desk: Desk) -> None:
    answer(case)
    page = archive_by_page(case, desk)
    assert "归档包第 1 版已做好" in page and "2026-YK-015" in page
    kept = ArchivePackage.objects.get(stream=case.stream)
    assert (kept.version, kept.last_seq, kept.made_on) == (1, case.seq, DAY)
    handler = desk.of("handler", DAY)
    held = members(handler.get(f"/desk/cases/{case.stream}/archive/1/").content)
    assert APPLICANT.name in held["index.html"].decode()
    told = AuditEntry.objects.filter(object=case.stream)
    assert told.filter(act="case.identity_read").count() == 1  # by making it
    assert told.filter(act="archive.made").count() == 1 and told.filter(act="archive.read").count() == 1
    author = desk.of("report_author", DAY)
    assert author.get(f"/desk/cases/{case.stream}/archive/1/").status_code == 403
    assert "按您的权限现做" in author.get(f"/desk/cases/{case.stream}/").content.decode()


def test_later_acts_make_a_further_version_and_nothing_new_makes_none(case: Case, desk: Desk) -> None:
    answer(case)
    archive_by_page(case, desk)
    handler, url = desk.of("handler", DAY), f"/desk/cases/{case.stream}/archive/"
    assert "完全一样" in handler.post(url, {"version": "1"}, follow=True).content.decode()
    case.do(Step("note.added", DAY, {"kind": "call"}, {"text": "来电查询"}), day=DAY)
    assert "不是最新" in handler.get(f"/desk/cases/{case.stream}/").content.decode()
    assert "看过以后需要的再做一次" in handler.post(url, {"version": "0"}, follow=True).content.decode()
    assert "第 2 版已做好" in handler.post(url, {"version": "1"}, follow=True).content.decode()
    versions = ArchivePackage.objects.filter(stream=case.stream)
    assert sorted(versions.values_list("version", flat=True)) == [1, 2]
    assert "不是最新" not in handler.get(f"/desk/cases/{case.stream}/").content.decode()


def test_a_damaged_paper_stops_the_package_and_not_the_act(case: Case, desk: Desk) -> None:
    case.paper("application", "申请表.pdf")
    answer(case)
    damaged = CaseFile.objects.get(stream=case.stream).file
    blob_path(damaged.sha256).write_bytes(b"something else")
    page = archive_by_page(case, desk)
    assert "归档包没有做成" in page and "还没有归档包" in page
    assert history(body=case.place.body.key, stream=case.stream).events[-1].kind == "case.archived"
    assert ArchivePackage.objects.count() == 0


def test_an_erased_person_is_in_no_package_any_more(case: Case, desk: Desk, county: Place) -> None:
    answer(case)
    archive_by_page(case, desk)
    kept = ArchivePackage.objects.get(stream=case.stream)
    assert kept.file is not None
    blob = blob_path(kept.file.sha256)
    erase_applicant(body=county.body, stream=case.stream, actor=county.actor("approver", DAY))
    kept.refresh_from_db()
    assert kept.file is None and not StoredFile.objects.filter(stream=case.stream).exists()
    assert len(kept.manifest_sha256) == 64 and blob.name
    handler = desk.of("handler", later(DAY, 1))
    assert handler.get(f"/desk/cases/{case.stream}/archive/1/").status_code == 404
    page = handler.get(f"/desk/cases/{case.stream}/").content.decode()
    assert "文件已随个人信息删除" in page and "还没有归档包" in page
    handler.post(f"/desk/cases/{case.stream}/archive/", {"version": "1"})
    held = members(handler.get(f"/desk/cases/{case.stream}/archive/2/").content)
    whole = b"".join(held.values()).decode(errors="replace")
    for word in (APPLICANT.name, APPLICANT.phone, "县中医院", "2026-YK-015"):
        assert word not in whole


def test_who_may_not_makes_none(case: Case, county: Place, foreign: Place) -> None:
    where: dict[str, Any] = {"body": county.body, "stream": case.stream, "expected_version": 0}
    for actor in (county.actor("supervisor"), county.actor("report_author"), foreign.actor("handler")):
        with pytest.raises(NotPermitted):
            archive_case(**where, actor=actor)
    assert ArchivePackage.objects.count() == 0
    assert not AuditEntry.objects.filter(act="case.identity_read").exists()
