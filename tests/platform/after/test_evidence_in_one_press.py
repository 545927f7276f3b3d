"""The evidence for a proceeding: chosen, numbered, with its list, in one press."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

import pytest
from docx import Document
from selectolax.lexbor import LexborHTMLParser
from tests.platform.after.conftest import Case, Desk, answer, members, sue
from tests.platform.conftest import Place

from gongkai.platform.cases.evidence.pieces import pages_of, pieces_of
from gongkai.platform.cases.models import EvidenceBundle
from gongkai.platform.cases.services.archiving import MadeMeanwhile
from gongkai.platform.cases.services.evidence import Chosen, NoSuchPiece, make_bundle
from gongkai.platform.core.files import open_file
from gongkai.platform.core.models import AuditEntry, PrivateRecord
from gongkai.platform.core.permissions import NotPermitted

pytestmark = pytest.mark.one_database
DAY = date(2026, 3, 12)


@pytest.fixture
def sued(case: Case) -> Case:
    """A case with papers, a reply and a suit."""
    case.paper("application", "申请表.pdf")
    case.paper("proof", "邮寄凭证.pdf")
    answer(case)
    sue(case)
    return case


def form(page: str) -> dict[str, str]:
    """All inputs of the form as a browser sends them."""
    sent: dict[str, str] = {}
    for one in LexborHTMLParser(page).css("main form input"):
        name, ticked = one.attributes.get("name") or "", "checked" in one.attributes
        if one.attributes.get("type") != "checkbox" or ticked:
            sent[name] = one.attributes.get("value") or "on"
    return sent


def test_one_press_gives_the_list_and_the_papers_in_order(sued: Case, desk: Desk) -> None:
    handler = desk.of("handler", DAY)
    url = f"/desk/cases/{sued.stream}/evidence/remedy-1/"
    page = handler.get(url).content.decode()
    assert "行政诉讼证据材料" in page and page.count("checked") == 3
    done = handler.post(url, form(page), follow=True).content.decode()
    assert "共 3 份证据" in done
    answered = handler.get(f"/desk/cases/{sued.stream}/bundles/1/")
    held = members(answered.content)
    assert sorted(held) == [
        "00-evidence-list.docx", "00-evidence-list.pdf", "SHA256SUMS", "evidence/01-paper.pdf",
        "evidence/02-letter.pdf", "evidence/03-paper.pdf", "manifest.json",
    ]  # fmt: skip
    document = Document(io.BytesIO(held["00-evidence-list.docx"]))
    cells = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert [row[0] for row in cells] == ["序号", "1", "2", "3"]
    assert cells[2][1].startswith("政府信息公开申请答复书（云公复〔2026〕") and cells[2][4] == "1"
    assert "作出答复的时间" in cells[2][3]
    assert any("云州市中级人民法院" in one.text for one in document.paragraphs)
    assert json.loads(held["manifest.json"])["files"][0]["name"] == "申请表.pdf"
    assert AuditEntry.objects.filter(act="bundle.made", object=sued.stream).count() == 1
    assert AuditEntry.objects.filter(act="bundle.read", object=sued.stream).count() == 1


def test_what_was_chosen_stands_in_the_form_the_next_time(sued: Case, desk: Desk) -> None:
    handler = desk.of("handler", DAY)
    url = f"/desk/cases/{sued.stream}/evidence/remedy-1/"
    sent = form(handler.get(url).content.decode())
    papers = [name.partition("-")[2] for name in sent if name.startswith("take-paper")]
    del sent[f"take-{papers[1]}"]
    sent[f"number-{papers[0]}"], sent[f"proves-{papers[0]}"] = "9", "申请在前"
    handler.post(url, sent)
    page = handler.get(url).content.decode()
    again = form(page)
    assert f"take-{papers[1]}" not in again and again[f"proves-{papers[0]}"] == "申请在前"
    assert again[f"number-{papers[0]}"] == "2"  # numbered through
    assert "申请在前" not in str(PrivateRecord.objects.values_list("token", flat=True))


def test_mistakes_in_the_form_are_named_and_nothing_is_lost(sued: Case, desk: Desk) -> None:
    handler = desk.of("handler", DAY)
    url = f"/desk/cases/{sued.stream}/evidence/remedy-1/"
    sent = form(handler.get(url).content.decode())
    numbers = [name for name in sent if name.startswith("number-")]
    twice = handler.post(url, {**sent, numbers[1]: "1"})
    assert twice.status_code == 422 and "重复" in twice.content.decode()
    none = handler.post(url, {k: v for k, v in sent.items() if not k.startswith("take-")})
    assert none.status_code == 422 and "请至少选一份" in none.content.decode()
    names = [name for name in sent if name.startswith("name-")]
    nameless = handler.post(url, {**sent, names[0]: " ", names[1]: "改过的名称"}).content.decode()
    assert "请写证据名称" in nameless and "改过的名称" in nameless
    assert EvidenceBundle.objects.count() == 0
    handler.post(url, sent)
    stale = handler.post(url, sent)
    assert stale.status_code == 409 and EvidenceBundle.objects.count() == 1
    assert handler.get(f"/desk/cases/{sued.stream}/evidence/remedy-9/").status_code == 404


def test_only_what_the_case_has_and_the_actor_may_open_goes_in(sued: Case, county: Place) -> None:
    actor = county.actor("handler", DAY)
    there = pieces_of(body=county.body, stream=sued.stream, actor=actor)
    where: dict[str, Any] = {
        "body": county.body,
        "stream": sued.stream,
        "remedy": "remedy-1",
        "expected_version": 0,
    }
    with pytest.raises(NoSuchPiece):
        make_bundle(**where, chosen=[Chosen("paper:of-another", "别案的", "", "")], actor=actor)
    one = Chosen(there[0].key, "申请表", "", "")
    with pytest.raises(NotPermitted):
        make_bundle(**where, chosen=[one], actor=county.actor("report_author", DAY))
    assert pieces_of(body=county.body, stream=sued.stream, actor=county.actor("supervisor", DAY)) == ()
    made = make_bundle(**where, chosen=[one], actor=actor)
    assert made.pieces == 1
    with pytest.raises(MadeMeanwhile):
        make_bundle(**where, chosen=[one], actor=actor)


def test_pages_are_counted_where_they_can_be_told(sued: Case, county: Place) -> None:
    letter = next(
        piece
        for piece in pieces_of(body=county.body, stream=sued.stream, actor=county.actor("handler", DAY))
        if piece.key.startswith("letter:")
    )
    assert pages_of(open_file(letter.file), "application/pdf") == 1
    assert pages_of(b"%PDF-1.4 not really", "application/pdf") is None
    assert pages_of(b"", "image/png") == 1 and pages_of(b"", "text/plain") is None
