"""Results and articles say what they are about; approval says what it does; a preview invents nothing."""

from __future__ import annotations

from typing import Any

from tests.platform.letters.conftest import Case, content_for
from tests.platform.letters.pages import fields_of, log_in, send

from gongkai.platform.cases.drafting import ARTICLES
from gongkai.platform.cases.letters.kinds import LETTERS, SUBJECTS, VARIABLES
from gongkai.platform.cases.models import OutgoingLetter
from gongkai.platform.ledger.selectors import history


def path(case: Case, more: str = "") -> str:
    return f"/desk/cases/{case.stream}/reply/{more}"


def page_of(response: Any) -> str:
    return response.content.decode()


def test_every_result_and_article_has_its_sentence() -> None:
    assert set(ARTICLES) == set(SUBJECTS)
    replies = {kind.label: kind.about for kind in LETTERS.values() if kind.outcome}
    assert all(replies.values())
    assert len(set(replies.values())) == len(replies)


def test_results_and_articles_are_shown_with_their_sentences(case: Case) -> None:
    handler = log_in(case.place, "handler")
    page = page_of(handler.get(path(case)))
    for kind in LETTERS.values():
        assert not kind.outcome or kind.about in page
    page = page_of(handler.get(path(case, "?result=denied_internal/")))
    for about in SUBJECTS.values():
        assert about in page


def test_approval_says_what_it_does(case: Case) -> None:
    case.submit()
    page = page_of(log_in(case.place, "approver").get(path(case, "review/")))
    assert "今天批准的话：" in page
    assert "状态由“办理中”变为“已答复，未送达”" in page


def test_a_back_dated_reply_is_issued_only_knowingly(case: Case) -> None:
    case.submit()
    approver = log_in(case.place, "approver")
    answers = {"step": "approve", "occurred_on": "2026-02-27"}
    asked = send(approver, path(case, "review/"), answers)
    assert asked.status_code == 422
    assert "比今天（2026-03-03）早 4 天" in page_of(asked)
    assert not OutgoingLetter.objects.exists()
    approver.post(path(case, "review/"), {**fields_of(asked), **answers, "backdated": "on"})
    assert OutgoingLetter.objects.count() == 1
    last = history(body=case.place.body.key, stream=case.stream).events[-1]
    assert last.occurred_on.isoformat() == "2026-02-27"


def test_a_preview_with_a_real_case_invents_nothing(case: Case) -> None:
    """Of a case that was never corrected nor charged, with nothing filled in yet."""
    approver = log_in(case.place, "approver")
    number = page_of(approver.get(f"/desk/cases/{case.stream}/")).split("<title>")[1].split(" - ")[0].strip()
    for key in ("fee_notice", "reply_denied_internal"):
        address = f"/desk/templates/{key}/"
        text = fields_of(approver.get(address))["text"][0]
        letter = page_of(send(approver, address, {"text": text, "number": number, "step": "preview"}))
        letter = letter.split('<article class="letter"')[1].split("</article>")[0]
        assert "陈知微：" in letter
        assert "〔理由〕" in letter
        assert "补正后的申请" not in letter
        assert "（编号待定）" in letter
        for name in ("理由", "文书编号", "补正日期", "收费金额", "缴费方式"):
            assert VARIABLES[name].example not in letter


def test_a_draft_of_every_kind_of_article_still_cites_the_number_alone(case: Case) -> None:
    draft = case.save(content_for("denied_internal"))
    page = page_of(log_in(case.place, "handler").get(path(case, "review/")))
    assert draft.basis == ["ogi_regulation_2019:16.1", "ogi_regulation_2019:36..3"]
    assert "第十六条第一款、第三十六条第三项的规定" in page
