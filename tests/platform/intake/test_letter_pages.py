"""After the letter: numbers, confirmation of receipt, the applicant's receipt, splitting."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from tests.platform.conftest import TODAY, Place
from tests.platform.intake.conftest import ITEM, Come, SignIn

from gongkai.platform.cases.applicants import RequestedItem
from gongkai.platform.cases.intake import unconfirmed_letters
from gongkai.platform.cases.models import CaseSummary, CaseText, OutgoingLetter
from gongkai.platform.core.models import AuditEntry

pytestmark = pytest.mark.one_database  # pages; what they call is tested on both

CONFIRM = {"confirmed_on": "2026-03-03", "confirmation": "confirmed_by_phone", "remark": "本人"}


def seen(registered) -> list[str]:
    return [f"{case.stream}:{case.last_seq}" for case in registered.summaries]


def test_a_letter_that_waits_is_listed_until_it_is_confirmed(at_desk: Client, come_in: Come) -> None:
    registered = come_in(channel="ordinary_post", came_on=date(2026, 3, 2), items=[ITEM, ITEM])
    page = at_desk.get("/desk/register/unconfirmed/").content.decode()
    assert registered.letter.ref in page and "逾期" in page and page.count(ITEM.description) == 2
    url = f"/desk/register/{registered.letter.ref}/confirm/"
    checked = at_desk.post(url, {**CONFIRM, "do": "check", "seen": seen(registered)}).content.decode()
    assert "2026-03-31" in checked and not CaseSummary.objects.exclude(number="").exists()
    done = at_desk.post(url, {**CONFIRM, "do": "confirm", "seen": seen(registered)})
    assert done["Location"] == f"/desk/register/{registered.letter.ref}/"
    assert set(CaseSummary.objects.values_list("received_on", flat=True)) == {TODAY}
    assert "没有等待确认的来件" in at_desk.get("/desk/register/unconfirmed/").content.decode()
    assert at_desk.get(url)["Location"] == done["Location"]


def test_whom_to_telephone_is_one_press_away_and_is_audited(at_desk: Client, come_in: Come) -> None:
    registered = come_in(channel="fax")
    page = at_desk.get(f"/desk/register/{registered.letter.ref}/confirm/").content.decode()
    (stream,) = [case.stream for case in registered.summaries]
    assert f'href="/desk/cases/{stream}/"' in page
    assert f'action="/desk/cases/{stream}/identity/"' in page
    assert "显示联系方式" in page
    shown = at_desk.post(f"/desk/cases/{stream}/identity/").content.decode()
    assert "电话" in shown
    assert AuditEntry.objects.filter(act="case.identity_read", object=stream).exists()


def test_a_confirmation_without_its_way_or_before_the_letter_is_refused(
    at_desk: Client, come_in: Come
) -> None:
    registered = come_in(channel="fax")
    url = f"/desk/register/{registered.letter.ref}/confirm/"
    for given, field in (
        ({**CONFIRM, "confirmation": ""}, "confirmation"),
        ({**CONFIRM, "confirmed_on": "2026-03-02"}, "confirmed_on"),
        ({**CONFIRM, "confirmed_on": "2026-03-04"}, "confirmed_on"),
        ({**CONFIRM, "confirmed_on": "heute"}, "confirmed_on"),
    ):
        page = at_desk.post(url, {**given, "do": "confirm", "seen": seen(registered)}).content.decode()
        assert f'href="#f-{field}"' in page and "本人" in page
    assert CaseSummary.objects.get().received_on is None


def test_a_stale_confirmation_is_told_and_writes_nothing(at_desk: Client, come_in: Come) -> None:
    registered = come_in(channel="fax")
    url = f"/desk/register/{registered.letter.ref}/confirm/"
    stale = [f"{case.stream}:0" for case in registered.summaries]
    page = at_desk.post(url, {**CONFIRM, "do": "confirm", "seen": stale}).content.decode()
    assert "有人办理过" in page and CaseSummary.objects.get().received_on is None


def test_another_body_s_letter_is_not_there(come_in: Come, foreign: Place, sign_in: SignIn) -> None:
    registered = come_in(channel="fax")
    client = sign_in(foreign, "receiving_clerk")
    for path in ("", "confirm/"):
        assert client.get(f"/desk/register/{registered.letter.ref}/{path}").status_code == 404
    url = f"/desk/register/{registered.letter.ref}/receipt/"
    assert client.post(url, {"stream": registered.summaries[0].stream}).status_code == 404


def test_the_receipt_for_the_applicant_is_written_and_opened(
    at_desk: Client, come_in: Come, county: Place
) -> None:
    county.body.working_body, county.body.phone, county.body.address = (
        "政务公开科",
        "0000-5550118",
        "县前街 1 号",
    )
    county.body.save()
    registered = come_in()
    url = f"/desk/register/{registered.letter.ref}/receipt/"
    done = at_desk.post(url, {"stream": registered.summaries[0].stream})
    letter = OutgoingLetter.objects.get()
    assert letter.pdf is not None and done["Location"] == f"/desk/files/{letter.pdf.ref}/"
    opened = at_desk.get(done["Location"])
    assert opened.status_code == 200 and opened.content.startswith(b"%PDF")
    again = at_desk.post(url, {"stream": registered.summaries[0].stream})
    assert again["Location"] == done["Location"], "the one that was written is opened"
    assert OutgoingLetter.objects.count() == 1
    assert at_desk.post(url, {"stream": "case-nowhere"}).status_code == 404


def test_a_request_is_split_off_on_its_page(at_desk: Client, come_in: Come) -> None:
    case = come_in().summaries[0]
    url = f"/desk/cases/{case.stream}/split/"
    assert at_desk.get(url).status_code == 200
    reason = {"reason": "两份合同各有编号，可以分别检索"}
    empty = at_desk.post(url, {"item-0-description": "", "expected_seq": "2", **reason})
    assert empty.status_code == 422 and "请写明要的是什么信息" in empty.content.decode()
    unreasoned = at_desk.post(url, {"item-0-description": "另一项", "expected_seq": "2"})
    assert unreasoned.status_code == 422 and "请写明拆分的理由" in unreasoned.content.decode()
    stale = at_desk.post(url, {"item-0-description": "另一项", "expected_seq": "1", **reason})
    assert stale.status_code == 422 and "有人办理过" in stale.content.decode()
    at_desk.post(url, {"item-0-description": "另一项", "expected_seq": "2", **reason})
    assert sorted(CaseSummary.objects.values_list("number", flat=True)) == [
        "云公申〔2026〕1号", "云公申〔2026〕2号",
    ]  # fmt: skip


def test_only_who_registers_splits(come_in: Come, county: Place, foreign: Place, sign_in: SignIn) -> None:
    case = come_in(items=[RequestedItem(description="一项")]).summaries[0]
    url = f"/desk/cases/{case.stream}/split/"
    assert sign_in(county, "handler").get(url).status_code == 403
    assert sign_in(foreign, "receiving_clerk").get(url).status_code == 404


def test_a_case_without_words_is_not_split_and_the_page_says_why(at_desk: Client, come_in: Come) -> None:
    """Such as one that was taken over from another ledger."""
    case = come_in().summaries[0]
    CaseText.objects.filter(stream=case.stream).delete()
    page = at_desk.post(
        f"/desk/cases/{case.stream}/split/",
        {"item-0-description": "另一项", "expected_seq": "2", "reason": "两项"},
    )
    assert page.status_code == 422 and "补登" in page.content.decode() and "另一项" in page.content.decode()
    assert CaseSummary.objects.count() == 1


def test_a_list_that_is_cut_says_how_many_come_after(come_in: Come, county: Place) -> None:
    for _letter in range(3):
        come_in(channel="fax", items=[ITEM, ITEM])
    actor = county.actor("receiving_clerk")
    cut, whole = (unconfirmed_letters(body=county.body, actor=actor, most=most) for most in (2, 3))
    assert (len(cut.letters), cut.more, len(whole.letters), whole.more) == (2, 1, 3, 0)
