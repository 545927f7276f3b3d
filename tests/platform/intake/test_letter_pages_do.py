"""What is done from a letter's page: split, take back, answer together, add a matter, keep a ticket."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from tests.platform.conftest import TODAY, Place
from tests.platform.intake.conftest import ITEM, Come, SignIn
from tests.platform.letters.conftest import Case, content_for

from gongkai.platform.cases.applicants import RequestedItem
from gongkai.platform.cases.at_hand import effects_together
from gongkai.platform.cases.models import CaseSummary, LetterItem, Referral, ReplyDraft
from gongkai.platform.cases.services.acting import Step

pytestmark = pytest.mark.one_database

FOUR = [ITEM, *(RequestedItem(description=f"第 {n} 份检查报告") for n in (2, 3, 4))]


def test_several_requests_are_split_off_at_once(at_desk: Client, come_in: Come) -> None:
    case = come_in().summaries[0]
    url = f"/desk/cases/{case.stream}/split/"
    typed = {"items": ["0", "1"], "item-0-description": "甲", "item-1-description": "乙", "expected_seq": "2"}
    more = at_desk.post(url, {**typed, "do": "more"}).content.decode()
    assert more.count('name="items"') == 3 and "错误" not in more and "甲" in more
    less = at_desk.post(url, {**typed, "do": "less-0"}).content.decode()
    assert less.count('name="items"') == 1 and "乙" in less
    at_desk.post(url, {**typed, "do": "split", "reason": "两份文件"})
    assert CaseSummary.objects.count() == 3
    again = at_desk.post(url, {**typed, "do": "split", "reason": "两份文件"})
    assert again.status_code == 422 and CaseSummary.objects.count() == 3


def test_a_wrong_split_is_taken_back_on_its_page(at_desk: Client, come_in: Come) -> None:
    first, second = come_in(items=FOUR[:2]).summaries
    url = f"/desk/cases/{second.stream}/merge/"
    assert first.number in at_desk.get(url).content.decode()
    given = {"into": first.stream, "reason": "是一份文件", "expected_seq": "2", "seen": f"{first.stream}:2"}
    for wrong, said in (
        ({"reason": ""}, "请写明为什么"), ({"into": "case-x"}, "请从列出的"),
        ({"expected_seq": "1"}, "有人办理过"),
    ):  # fmt: skip
        page = at_desk.post(url, {**given, **wrong})
        assert page.status_code == 422 and said in page.content.decode()
    assert at_desk.post(url, given)["Location"] == f"/desk/cases/{first.stream}/"
    gone = at_desk.get(f"/desk/cases/{second.stream}/").content.decode()
    assert "已更正为作废" in gone and first.number in gone
    assert "不能并回" in at_desk.get(url).content.decode()
    assert "不能并回" in at_desk.get(f"/desk/cases/{first.stream}/merge/").content.decode()
    letter = at_desk.get(f"/desk/incoming/{first.letter}/").content.decode()
    assert f"{second.number} 拆分有误，已并回" in letter


def test_cases_of_a_letter_are_answered_together_from_its_page(
    at_desk: Client, come_in: Come, county: Place, sign_in: SignIn
) -> None:
    registered = come_in(items=FOUR)
    streams = [case.stream for case in registered.summaries]
    url = f"/desk/incoming/{registered.letter.ref}/together/"
    one = at_desk.post(url, {"with": streams[:1]}, follow=True).content.decode()
    assert "至少选两件" in one
    undrafted = at_desk.post(url, {"with": streams})
    assert undrafted["Location"] == f"/desk/cases/{streams[0]}/reply/"
    Case(county, streams[1]).save(content_for("granted"))
    joined = at_desk.post(url, {"with": streams})
    assert joined["Location"] == f"/desk/cases/{streams[1]}/reply/review/"
    assert len({draft.together for draft in ReplyDraft.objects.all()}) == 1
    elsewhere = at_desk.post(url, {"with": ["case-nowhere", streams[0]]}, follow=True).content.decode()
    assert "至少选两件" in elsewhere
    assert sign_in(county, "approver").post(url, {"with": streams}).status_code == 403


def test_the_preview_tells_of_each_case_and_which_keeps_the_document_back(
    at_desk: Client, come_in: Come, county: Place
) -> None:
    registered = come_in(items=FOUR[:2])
    first, second = (Case(county, case.stream) for case in registered.summaries)
    first.save(content_for("granted"))
    second.save(content_for("granted"))
    at_desk.post(f"/desk/incoming/{registered.letter.ref}/together/", {"with": [first.stream, second.stream]})
    both = effects_together(body=county.body, stream=first.stream, actor=county.actor("approver"))
    assert len(both) == 2 and all(one.lines and not one.refused for one in both)
    second.do(Step("request.withdrawn", TODAY, {"scope": "whole"}))
    fine, refused = effects_together(
        body=county.body, stream=first.stream, actor=county.actor("approver")
    )  # fmt: skip
    assert (fine.number, refused.number) == ("云公申〔2026〕1号", "云公申〔2026〕2号")
    assert fine.lines and not fine.refused
    assert refused.refused and not refused.lines


def test_a_matter_sent_twice_is_noted_once(at_desk: Client, come_in: Come) -> None:
    registered = come_in()
    url = f"/desk/incoming/{registered.letter.ref}/matters/"
    key = re.search(r'name="key" value="([^"]+)"', at_desk.get(url).content.decode())
    assert key is not None
    empty = at_desk.post(url, {"key": key[1], "kind": "", "text": ""})
    assert empty.status_code == 422 and "请选择一项" in empty.content.decode()
    given = {"key": key[1], "kind": "complaint", "text": "举报有人占用消防通道"}
    for _press in range(2):
        assert at_desk.post(url, given)["Location"] == f"/desk/incoming/{registered.letter.ref}/"
    assert LetterItem.objects.get().n == 2
    own = f"{url}{key[1]}/"
    assert at_desk.get(f"{url}matter-nowhere/").status_code == 404
    assert at_desk.post(own, {"step": "sort", "kind": "information"})["Location"] == own
    assert "要立案答复" in at_desk.get(own).content.decode()


def test_a_ticket_is_noted_later_and_told_when_it_comes_again(at_desk: Client, come_in: Come) -> None:
    registered = come_in()
    url = f"/desk/incoming/{registered.letter.ref}/ticket/"
    assert at_desk.post(url, {"counterpart": "hotline", "number": "", "on": "x"}).status_code == 422
    given = {"counterpart": "hotline", "number": "2026-77", "on": TODAY.isoformat()}
    for _press in range(2):
        assert at_desk.post(url, given).status_code == 302
    assert Referral.objects.count() == 1
    form = {
        "channel": "counter", "came_on": TODAY.isoformat(), "kind": "natural_person", "name": "周明",
        "items": ["0"], "item-0-description": "另一件", "do": "check", "ticket_from": "hotline",
        "ticket_number": "2026-77",
    }  # fmt: skip
    checked = at_desk.post("/desk/register/", form).content.decode()
    assert "这个工单号登记过" in checked and registered.letter.ref in checked
    lone = at_desk.post("/desk/register/", {**form, "ticket_from": ""}).content.decode()
    assert "请选择由谁转来" in lone
