"""The package of a case opens in an empty folder, verifies, and holds what its reader may see and no more."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from tests.platform.after.comparing import files_held, files_offered, left_out, text_of, words
from tests.platform.after.conftest import (
    ANSWERED,
    DECIDED,
    Case,
    Desk,
    answer,
    archive,
    decide,
    later,
    members,
    sue,
)
from tests.platform.conftest import TODAY, Place
from tests.platform.letters.conftest import APPLICANT, ITEM, RECEIVED

from gongkai.platform.cases.archive.contents import make_package
from gongkai.platform.cases.archive.verifying import verify_package
from gongkai.platform.cases.case_view import NoSuchCase
from gongkai.platform.cases.services.acting import Step
from gongkai.platform.cases.services.extensions import propose_extension
from gongkai.platform.cases.services.papers import NewPaper, add_redacted_copies
from gongkai.platform.cases.services.registration import register_letter
from gongkai.platform.core.models import AuditEntry

pytestmark = pytest.mark.one_database
DAY = date(2026, 7, 1)
SECRETS = (APPLICANT.name, APPLICANT.phone, APPLICANT.identity_number, "2026-YK-015")


def answered_with_papers(case: Case) -> None:
    """The usual case, with papers of every kind of right."""
    case.paper("application", f"{APPLICANT.name}的申请表.pdf")
    original = case.paper("original", "县中医院设计方案.pdf")
    copy = NewPaper(kind="redacted", name="设计方案（遮盖件）.pdf", content=b"%PDF-1.4 redacted")
    add_redacted_copies(
        body=case.place.body, original=original, papers=[copy], actor=case.place.actor("handler")
    )
    answer(case)
    archive(case, DAY)


def revoked_and_handled_anew(case: Case) -> None:
    """A case that a court sent back."""
    answer(case)
    sue(case)
    decide(case)
    case.do(
        Step("reply.revoked", DECIDED, {"by": "court"}, {"reason": "检索不充分"}),
        role="approver",
        day=DECIDED,
    )
    case.do(Step("rehandling.started", DECIDED, {"working_days": 15}, {"reason": "判决第二项"}), day=DECIDED)


def mended(case: Case) -> None:
    """Entries that were struck out and replaced, a correction and a consultation."""
    case.do(
        Step("correction.requested", TODAY, {"respond_by": "2026-03-20"}, {"points": "请写明项目名称"}),
        Step("entry.corrected", TODAY, {"seq": 3}, {"reason": "录错"}),
        Step("third_party.consulted", TODAY, {"party": "party-1"}, {"name": "云溪建筑公司"}),
        role="receiving_clerk",
    )  # fmt: skip


def proposed(case: Case) -> None:
    """A case in hand, with an extension proposed."""
    propose_extension(
        body=case.place.body, stream=case.stream, working_days=15, reason="需要查阅历年档案",
        expected_seq=case.seq, actor=case.place.actor("handler"),
    )  # fmt: skip


def drafted(case: Case) -> None:
    """A case whose reply waits for the approver."""
    case.submit()


KINDS = (answered_with_papers, revoked_and_handled_anew, mended, proposed, drafted)


@pytest.mark.parametrize("story", KINDS, ids=lambda story: story.__name__)
def test_it_holds_all_that_the_case_page_shows_its_reader(
    case: Case, desk: Desk, story: Callable[[Case], None]
) -> None:
    story(case)
    handler = desk.of("handler", DAY)
    page = handler.post(f"/desk/cases/{case.stream}/identity/").content.decode()
    answered = handler.get(f"/desk/cases/{case.stream}/archive/copy/")
    held = members(answered.content)
    assert left_out(page, held["index.html"].decode()) == []
    assert files_held(held["manifest.json"]) == files_offered(page)
    author = desk.of("report_author", DAY)
    page = author.get(f"/desk/cases/{case.stream}/").content.decode()
    held = members(author.get(f"/desk/cases/{case.stream}/archive/copy/").content)
    assert left_out(page, held["index.html"].decode()) == []
    assert files_held(held["manifest.json"]) == files_offered(page)


def test_who_may_not_read_the_identity_gets_a_package_without_it(case: Case, desk: Desk) -> None:
    answered_with_papers(case)
    author = desk.of("report_author", DAY)
    held = members(author.get(f"/desk/cases/{case.stream}/archive/copy/").content)
    whole = b"".join(held.values()).decode(errors="replace")
    for secret in SECRETS:
        assert secret not in whole
    kinds = sorted(name.partition("-")[2] for name in held if name.startswith("papers/"))
    assert kinds == ["original.pdf", "redacted.pdf"]
    assert "无权查看" in held["index.html"].decode() and "无权查看" in held["README.txt"].decode()
    assert words(ITEM.description) in text_of(held["index.html"].decode())
    read = AuditEntry.objects.filter(object=case.stream, act="case.identity_read", seat=author_key(case))
    assert not read.exists()
    made = AuditEntry.objects.get(object=case.stream, act="archive.read")
    assert json.loads(made.detail) == {"files": 2, "identity": False}


def author_key(case: Case) -> str:
    return case.place.seats["report_author"].key


def test_who_watches_from_above_gets_no_paper_and_no_letter(
    case: Case, county: Place, department: Place
) -> None:
    registered = register_letter(
        body=department.body, actor=department.actor("receiving_clerk", RECEIVED), channel="counter",
        came_on=RECEIVED, applicant=APPLICANT, items=[ITEM],
    )  # fmt: skip
    below = Case(department, registered.summaries[0].stream)
    answered_with_papers(below)
    made = make_package(body=department.body, stream=below.stream, actor=county.actor("supervisor", DAY))
    held = members(made.content)
    assert not [name for name in held if "/" in name]
    assert APPLICANT.name not in b"".join(held.values()).decode(errors="replace")
    with pytest.raises(NoSuchCase):
        make_package(body=county.body, stream=case.stream, actor=department.actor("supervisor", DAY))


def test_it_verifies_with_the_plain_tool_and_with_ours(case: Case, tmp_path: Path) -> None:
    answered_with_papers(case)
    actor = case.place.actor("handler", DAY)
    made = make_package(body=case.place.body, stream=case.stream, actor=actor)
    held = members(made.content)
    for name, content in held.items():
        path = tmp_path / "open" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    checked = subprocess.run(
        ["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=tmp_path / "open", capture_output=True, check=False
    )
    assert checked.returncode == 0 and len(checked.stdout.splitlines()) == len(held) - 1
    (tmp_path / "package.zip").write_bytes(made.content)
    found = verify_package(tmp_path / "package.zip")
    assert found.ok and (found.files, found.entries) == (len(held) - 1, case.seq)
    assert found.manifest_sha256 == made.manifest_sha256 and found.case == made.number
    assert all(name.isascii() for name in held)
    index = held["index.html"].decode()
    assert "/desk/" not in index and "http" not in index.replace("http-equiv", "") and "<script" not in index
    assert f"{APPLICANT.name}的申请表.pdf" in held["manifest.json"].decode()


def test_the_same_case_on_the_same_day_gives_the_same_bytes(case: Case) -> None:
    answered_with_papers(case)
    one, two = (
        make_package(body=case.place.body, stream=case.stream, actor=case.place.actor("handler", DAY))
        for _time in range(2)
    )
    assert one.content == two.content
    case.do(
        Step("note.added", later(ANSWERED, 200), {"kind": "call"}, {"text": "来电"}), day=later(ANSWERED, 200)
    )
    after = make_package(
        body=case.place.body, stream=case.stream, actor=case.place.actor("handler", later(ANSWERED, 200))
    )
    assert after.sha256 != one.sha256
