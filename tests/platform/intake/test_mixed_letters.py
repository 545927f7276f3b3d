"""A letter of several matters, item by item: requests become cases, the rest is handed over or answered."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from tests.platform.conftest import TODAY, Place
from tests.platform.intake.conftest import APPLICANT, ITEM, Come, SignIn, typed

from gongkai.platform.cases.applicants import RequestedItem
from gongkai.platform.cases.erasure import CannotErase, erase_applicant
from gongkai.platform.cases.models import (
    CaseSummary,
    CaseText,
    IncomingLetter,
    LetterItem,
    NumberSequence,
    Referral,
)
from gongkai.platform.cases.services.acting import ActRefused, Step, perform_acts
from gongkai.platform.cases.services.matters import (
    BadMatter,
    OtherMatter,
    SettledAlready,
    note_matters,
    settle_matter,
    sort_matter,
)
from gongkai.platform.cases.services.referrals import BadReferral, Ticket, follow_up, refer_matters
from gongkai.platform.cases.services.sorting import register_matters
from gongkai.platform.cases.verifying import verify_projections
from gongkai.platform.core.models import AuditEntry, PrivateRecord
from gongkai.platform.core.permissions import NotPermitted
from gongkai.platform.ledger.models import LedgerEvent
from gongkai.platform.reporting.selectors import streams_behind

PETITION = OtherMatter(kind="petition", text="反映物业公司乱收停车费，请求查处")
QUESTION = OtherMatter(kind="consultation", text="请问电梯更新补贴怎样申请")
HIDDEN = OtherMatter(kind="information", text="2025 年电梯检验报告")


def counted(county: Place) -> int:
    actor = county.actor("approver")
    behind = streams_behind(
        body=county.body, year=TODAY.year, area=False, cell="requests.new.total", actor=actor
    )
    return len(behind.streams)


def key_of(kind: str) -> str:
    return LetterItem.objects.get(kind=kind).key


def refer(county: Place, *keys: str, **given: Any) -> Referral:
    usual: dict[str, Any] = {
        "body": county.body, "keys": keys, "counterpart": "petition_office", "name": "云溪县信访局",
        "on": TODAY, "actor": county.actor("handler"),
    }  # fmt: skip
    return refer_matters(**{**usual, **given})


@pytest.mark.one_database
def test_a_mixed_letter_goes_through_the_pages(at_desk: Client, county: Place, sign_in: SignIn) -> None:
    """Two requests, a petition, a consultation: two cases, one hand-over with its letter, one answered."""
    form = typed(items=["0", "1", "2", "3"]) | {
        "item-1-description": PETITION.text, "item-1-sort": "petition",
        "item-2-description": "监理单位的资质证书", "item-2-sort": "information",
        "item-3-description": QUESTION.text, "item-3-sort": "consultation",
        "ticket_from": "hotline", "ticket_number": "YX 20260303-0077",
    }  # fmt: skip
    check = at_desk.post("/desk/register/", form).content.decode()
    assert "2 件申请" in check and "其他事项，不立案" in check and "YX 20260303-0077" in check
    assert not IncomingLetter.objects.exists()
    done = at_desk.post("/desk/register/", {**form, "do": "register"})
    letter = IncomingLetter.objects.get()
    assert done["Location"] == f"/desk/register/{letter.ref}/"
    assert list(CaseText.objects.order_by("unit").values_list("unit", flat=True)) == [1, 3]
    assert list(LetterItem.objects.values_list("n", "kind")) == [(2, "petition"), (4, "consultation")]
    page = at_desk.get(f"/desk/incoming/{letter.ref}/").content.decode()
    for said in ("云公申〔2026〕1号", "云公申〔2026〕2号", "反映物业公司", "YX20260303-0077", "待处理"):
        assert said in page
    # The petition goes to the petition office, with a letter that names who wrote.
    address = f"/desk/incoming/{letter.ref}/refer/"
    assert "反映物业公司" in at_desk.get(address).content.decode()
    bad = at_desk.post(address, {"keys": key_of("petition"), "counterpart": "", "on": "x"})
    assert bad.status_code == 422 and "请选择一项" in bad.content.decode()
    given = {"keys": key_of("petition"), "counterpart": "petition_office", "name": "云溪县信访局",
             "on": TODAY.isoformat(), "remarks": "请依法处理"}  # fmt: skip
    went = at_desk.post(address, given)
    referral = Referral.objects.get(direction="out")
    assert went["Location"] == f"/desk/referrals/{referral.key}/"
    printed = at_desk.get(f"{went['Location']}letter/")
    assert printed["Content-Type"] == "application/pdf" and printed.content.startswith(b"%PDF")
    again = at_desk.post(address, given)
    assert again.status_code == 302 and Referral.objects.filter(direction="out").count() == 1
    back = {"number": "XF-2026-15", "answered_on": TODAY.isoformat(), "answer": "已责令退还"}
    at_desk.post(went["Location"], back)
    assert "已责令退还" in at_desk.get(went["Location"]).content.decode()
    # The consultation is answered on the spot.
    own = f"/desk/incoming/{letter.ref}/matters/{key_of('consultation')}/"
    unsaid = at_desk.post(own, {"step": "settle", "state": "answered", "how": ""})
    assert unsaid.status_code == 422
    at_desk.post(own, {"step": "settle", "state": "answered", "how": "电话告知补贴政策网址"})
    page = at_desk.get(f"/desk/incoming/{letter.ref}/").content.decode()
    assert "电话告知补贴政策网址" in page and "待处理" not in page
    assert counted(county) == 2 and verify_projections(county.body.key).ok
    # The ticket is on the case's page, and finds it.
    stream = CaseText.objects.get(unit=1).stream
    assert "YX20260303-0077" in at_desk.get(f"/desk/cases/{stream}/").content.decode()
    found = at_desk.post("/desk/find/", {"page": "cases", "q": "YX20260303-0077"}, follow=True)
    assert "云公申〔2026〕1号" in found.content.decode()
    assert (
        "反映物业公司"
        not in sign_in(county, "supervisor").get(f"/desk/incoming/{letter.ref}/").content.decode()
    )


def test_a_letter_of_petitions_alone_is_no_case_and_no_number(county: Place, come_in: Come) -> None:
    come_in()
    figures, entries = counted(county), LedgerEvent.objects.count()
    numbers = list(NumberSequence.objects.values_list("kind", "last"))
    registered = come_in(items=[], others=[PETITION, QUESTION])
    assert registered.summaries == () and CaseSummary.objects.count() == 1
    assert (counted(county), LedgerEvent.objects.count()) == (figures, entries)
    assert list(NumberSequence.objects.values_list("kind", "last")) == numbers
    assert registered.letter.applicant_label == "陈*"
    assert AuditEntry.objects.filter(act="letter.noted", object=registered.letter.ref).exists()


def test_a_matter_that_turns_out_to_be_a_request_becomes_a_case(county: Place, come_in: Come) -> None:
    clerk = county.actor("receiving_clerk", date(2026, 3, 6))
    registered = come_in(items=[], others=[PETITION])
    key = key_of("petition")
    item = {key: RequestedItem(description="停车收费的批准文件")}
    with pytest.raises(BadMatter):
        register_matters(body=county.body, letter=registered.letter, matters=item, actor=clerk)
    sort_matter(body=county.body, key=key, kind="information", actor=clerk)
    done = register_matters(body=county.body, letter=registered.letter, matters=item, actor=clerk)
    assert (done.summaries[0].received_on, done.summaries[0].number) == (TODAY, "云公申〔2026〕1号")
    assert done.summaries[0].letter == registered.letter.ref
    with pytest.raises(SettledAlready):
        register_matters(body=county.body, letter=registered.letter, matters=item, actor=clerk)
    assert CaseSummary.objects.count() == 1 and verify_projections(county.body.key).ok


def test_a_request_beside_cases_takes_over_their_receipt(county: Place, come_in: Come) -> None:
    registered = come_in(channel="fax", confirmed_on=None, others=[HIDDEN])
    item = {key_of("information"): RequestedItem(description=HIDDEN.text)}
    done = register_matters(
        body=county.body, letter=registered.letter, matters=item, actor=county.actor("receiving_clerk")
    )
    assert [case.phase for case in done.summaries] == ["submitted"]
    second = come_in(channel="registered_post", came_on=date(2026, 2, 27), others=[HIDDEN])
    wanted = LetterItem.objects.get(letter=second.letter)
    done = register_matters(
        body=county.body, letter=second.letter, actor=county.actor("receiving_clerk"),
        matters={wanted.key: RequestedItem(description=HIDDEN.text)},
    )  # fmt: skip
    assert done.summaries[0].received_on == date(2026, 2, 27)
    assert done.summaries[0].reply_due_on == second.summaries[0].reply_due_on


def test_nothing_noted_after_a_reply_becomes_a_case_of_the_letter(county: Place, come_in: Come) -> None:
    registered = come_in(others=[HIDDEN])
    stream = registered.summaries[0].stream
    reply = Step("reply.issued", TODAY, {"outcome": "granted", "method": "counter", "number": "1号"})
    perform_acts(
        body=county.body, stream=stream, steps=[reply], expected_seq=2, actor=county.actor("approver")
    )
    later = county.actor("receiving_clerk", date(2026, 3, 4))
    (late,) = note_matters(body=county.body, letter=registered.letter, matters=[HIDDEN], actor=later)
    item = RequestedItem(description=HIDDEN.text)
    with pytest.raises(ActRefused) as refused:
        register_matters(body=county.body, letter=registered.letter, matters={late.key: item}, actor=later)
    assert refused.value.refusal.code == "split_after_reply"
    early = LetterItem.objects.get(n=2).key
    register_matters(body=county.body, letter=registered.letter, matters={early: item}, actor=later)
    assert CaseSummary.objects.count() == 2


def test_a_request_is_neither_handed_over_nor_filed(county: Place, come_in: Come) -> None:
    come_in(others=[HIDDEN])
    key = key_of("information")
    with pytest.raises(BadReferral) as bad:
        refer(county, key)
    assert "第三十六条" in str(bad.value.message)
    with pytest.raises(BadMatter):
        settle_matter(body=county.body, key=key, state="filed", how="已答复", actor=county.actor("handler"))
    assert not Referral.objects.exists() and LetterItem.objects.get().state == "pending"


@pytest.mark.parametrize(
    "given", [{"on": date(2026, 3, 4)}, {"on": date(2026, 3, 2)}, {"name": " "}, {"number": "a\x00<b>"}]
)
def test_a_hand_over_needs_its_words_and_its_day(county: Place, come_in: Come, given: Any) -> None:
    come_in(others=[PETITION])
    with pytest.raises(BadReferral):
        refer(county, key_of("petition"), **given)
    assert not Referral.objects.exists() and LetterItem.objects.get().state == "pending"


def test_what_came_back_is_written_once(county: Place, come_in: Come) -> None:
    come_in(others=[PETITION])
    made = refer(county, key_of("petition"))
    where: dict[str, Any] = {"body": county.body, "key": made.key, "actor": county.actor("handler")}
    early: list[dict[str, Any]] = [
        {"answered_on": TODAY}, {"answered_on": date(2026, 3, 9), "answer": "好"}, {"answer": "好"}, {},
    ]  # fmt: skip
    for wrong in early:
        with pytest.raises(BadReferral):
            follow_up(**where, **wrong)
    follow_up(**where, number="XF-1", answered_on=TODAY, answer="已办结")
    again: list[dict[str, Any]] = [{"number": "XF-2"}, {"answered_on": TODAY, "answer": "又一次"}]
    for wrong in again:
        with pytest.raises(BadReferral):
            follow_up(**where, **wrong)
    where["actor"] = county.actor("approver")
    with pytest.raises(NotPermitted):
        follow_up(**where, number="XF-1")
    assert Referral.objects.get().number == "XF-1"


def test_a_ticket_is_kept_with_its_letter(county: Place, come_in: Come) -> None:
    ticket = Ticket(counterpart="hotline", number=" 2026 0303 77 ", on=TODAY)
    registered = come_in(ticket=ticket)
    assert Referral.objects.get(letter=registered.letter, direction="in").number == "2026030377"
    with pytest.raises(BadReferral):
        come_in(ticket=Ticket(counterpart="hotline", number="", on=TODAY))
    assert IncomingLetter.objects.count() == 1, "all or nothing"


def test_erasing_a_person_takes_matters_and_hand_overs_along(county: Place, come_in: Come) -> None:
    registered = come_in(items=[], others=[PETITION, QUESTION])
    subject, approver = registered.letter.subject, county.actor("approver")
    assert subject is not None
    refer(county, key_of("petition"))
    with pytest.raises(CannotErase):
        erase_applicant(body=county.body, subject=subject, actor=approver)
    settle_matter(
        body=county.body, key=key_of("consultation"), state="answered", how="电话答复",
        actor=county.actor("handler"),
    )  # fmt: skip
    erase_applicant(body=county.body, subject=subject, actor=approver)
    assert not PrivateRecord.objects.filter(stream=registered.letter.ref).exists()
    letter = IncomingLetter.objects.get()
    assert (letter.applicant_label, letter.details) == ("", "")
    with pytest.raises(BadMatter):
        note_matters(
            body=county.body, letter=letter, matters=[PETITION], actor=county.actor("receiving_clerk")
        )
    assert not PrivateRecord.objects.filter(stream=registered.letter.ref).exists(), "nothing comes back"
    with pytest.raises(CannotErase):
        erase_applicant(body=county.body, subject=subject, actor=approver)


@pytest.mark.one_database
def test_the_letters_list_finds_and_exports(
    at_desk: Client, come_in: Come, county: Place, foreign: Place, sign_in: SignIn
) -> None:
    first = come_in(items=[ITEM], others=[PETITION])
    second = come_in(
        items=[],
        others=[QUESTION],
        channel="fax",
        ticket=Ticket(counterpart="hotline", number="77", on=TODAY),
    )
    shown = at_desk.get("/desk/incoming/").content.decode()
    assert first.letter.ref in shown and second.letter.ref in shown
    for query, there in (
        ("kind=petition", first), ("kind=consultation", second), ("kind=information", first),
        ("channel=fax", second), ("ticket=77", second), ("state=caseless", second),
    ):  # fmt: skip
        page = at_desk.get(f"/desk/incoming/?{query}").content.decode()
        other = second if there is first else first
        assert there.letter.ref in page and other.letter.ref not in page, query
    assert "没有“x”这一项" in at_desk.get("/desk/incoming/?kind=x").content.decode()
    found = at_desk.post("/desk/incoming/find/", {"q": APPLICANT.name}, follow=True)
    assert first.letter.ref in found.content.decode()
    assert APPLICANT.name not in str(found.redirect_chain)
    refer(county, key_of("petition"), number="XF-3")
    listed = at_desk.get("/desk/referrals/?ticket=XF-3").content.decode()
    assert "XF-3" in listed and "已过 0 天" in listed
    for address in ("/desk/incoming.xlsx", "/desk/referrals.xlsx"):
        sheet: Any = at_desk.get(address)
        assert b"".join(sheet.streaming_content).startswith(b"PK")
    elsewhere = sign_in(foreign, "receiving_clerk")
    assert first.letter.ref not in elsewhere.get("/desk/incoming/").content.decode()
    assert elsewhere.get(f"/desk/incoming/{first.letter.ref}/").status_code == 404


@pytest.mark.one_database
def test_requests_of_a_letter_become_cases_on_its_page(at_desk: Client, come_in: Come) -> None:
    registered = come_in(items=[], others=[HIDDEN, PETITION], channel="fax")
    address = f"/desk/incoming/{registered.letter.ref}/cases/"
    page = at_desk.get(address).content.decode()
    assert HIDDEN.text in page and "confirmed_on" in page and PETITION.text not in page
    none = at_desk.post(address, {"item-1-description": HIDDEN.text})
    assert none.status_code == 422 and "请勾选要立案的申请" in none.content.decode()
    given = {"matter": key_of("information"), "item-1-description": HIDDEN.text,
             "confirmed_on": TODAY.isoformat(), "confirmation": "confirmed_by_phone"}  # fmt: skip
    early = at_desk.post(address, {**given, "confirmed_on": "2026-03-01"})
    assert early.status_code == 422 and "不能早于来件" in early.content.decode()
    assert at_desk.post(address, given)["Location"] == f"/desk/incoming/{registered.letter.ref}/"
    assert CaseSummary.objects.get().received_on == TODAY
    again = at_desk.post(address, given, follow=True)
    assert "没有等待立案的申请" in again.content.decode() and CaseSummary.objects.count() == 1


@pytest.mark.one_database
def test_the_writer_of_a_letter_without_cases_is_erased_by_hand(
    at_desk: Client, come_in: Come, county: Place, sign_in: SignIn
) -> None:
    registered = come_in(items=[], others=[PETITION])
    address = f"/desk/incoming/{registered.letter.ref}/erase/"
    approver = sign_in(county, "approver")
    waiting = approver.post(address, {"number": TODAY.isoformat()})
    assert waiting.status_code == 422 and "没有处理的事项" in waiting.content.decode()
    assert "1 项信访" in at_desk.get("/desk/").content.decode()
    refer(county, key_of("petition"))
    assert "1 项信访" not in at_desk.get("/desk/").content.decode()
    wrong = approver.post(address, {"number": "2026-01-01"})
    assert wrong.status_code == 422 and "不一致" in wrong.content.decode()
    assert approver.post(address, {"number": TODAY.isoformat()}).status_code == 302
    page = approver.get(f"/desk/incoming/{registered.letter.ref}/").content.decode()
    assert "个人信息已经删除" in page and PETITION.text not in page and "陈*" not in page
    referral = Referral.objects.get().key
    gone = approver.get(f"/desk/referrals/{referral}/letter/", follow=True).content.decode()
    assert "不能再打印转办函" in gone
    assert approver.get(address).status_code == 404


@pytest.mark.one_database
@pytest.mark.parametrize("address", ["/desk/incoming/", "/desk/referrals/"])
def test_a_year_that_there_never_was_is_said_and_left_out(at_desk: Client, address: str) -> None:
    page = at_desk.get(address, {"year": "0000"})
    assert page.status_code == 200
    assert "年份" in page.content.decode() and "0000" in page.content.decode()
