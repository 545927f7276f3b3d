"""The lists of letters and hand-overs: page by page, and without what a seat may not read."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from tests.platform.conftest import TODAY, Place
from tests.platform.intake.conftest import ITEM, Come, SignIn

from gongkai.platform.cases.letters.referral import referral_letter, referral_text
from gongkai.platform.cases.letters_in import NoSuchLetter, letter_page, referral_view
from gongkai.platform.cases.models import IncomingLetter, LetterItem, Referral
from gongkai.platform.cases.selectors.letters_in import (
    LetterFilters,
    ReferralFilters,
    exported_letters,
    letter_list,
    letters_of,
    pending_matters,
    referral_list,
)
from gongkai.platform.cases.services.matters import OtherMatter
from gongkai.platform.cases.services.merging import merge_targets
from gongkai.platform.cases.services.referrals import Ticket, refer_matters
from gongkai.platform.cases.services.sensitive import Flagging, flag_case
from gongkai.platform.core.models import AuditEntry

PETITION = OtherMatter(kind="petition", text="反映物业公司乱收停车费")


def test_letters_are_paged_both_ways_and_counted(county: Place) -> None:
    rows = [
        IncomingLetter(
            ref=f"letter-{n:016d}", body=county.body, channel="counter",
            came_on=TODAY - timedelta(days=n // 3),
            registered_at=county.actor("handler").present.moment, applicant_label=f"第{n}人",
        )
        for n in range(120)
    ]  # fmt: skip
    IncomingLetter.objects.bulk_create(rows)
    actor = county.actor("handler")
    seen: list[str] = []
    after = ""
    page, found, count = letter_list(actor, LetterFilters())
    assert (len(found), count, page.before) == (50, 120, "")
    while True:
        seen += [row.ref for row in found]
        if not page.after:
            break
        after = page.after
        page, found, _count = letter_list(actor, LetterFilters(), after=after)
    assert seen == [row.ref for row in rows]
    back, earlier, _count = letter_list(actor, LetterFilters(), before=page.before)
    assert [row.ref for row in earlier] == seen[50:100] and back.before and after
    oldest = [row.ref for row in exported_letters(actor, LetterFilters(sort="oldest", year="2026"))]
    assert oldest[0] == rows[117].ref and len(oldest) == 120
    assert letter_list(actor, LetterFilters(year="2025"))[2] == 0


def test_a_letter_with_a_sensitive_case_is_its_readers_alone(county: Place, come_in: Come) -> None:
    ticket = Ticket(counterpart="hotline", number="SX-1", on=TODAY)
    registered = come_in(items=[ITEM, ITEM], others=[PETITION], ticket=ticket)
    first, second = registered.summaries
    clerk, reader = county.actor("receiving_clerk"), county.actor("handler")
    assert [one.stream for one in merge_targets(body=county.body, stream=second.stream, actor=clerk)]
    seats = [county.seats["approver"].pk, county.seats["handler"].pk]
    flag_case(
        body=county.body, stream=first.stream, actor=county.actor("approver"),
        flagging=Flagging(reason="涉及举报人", readers=tuple(seats)),
    )  # fmt: skip
    with pytest.raises(NoSuchLetter):
        letter_page(ref=registered.letter.ref, actor=clerk)
    ticket_key = Referral.objects.get().key
    with pytest.raises(NoSuchLetter):
        referral_view(key=ticket_key, actor=clerk)
    assert letter_list(clerk, LetterFilters(), refs=letters_of(clerk, "陈知微"))[2] == 0
    assert referral_list(clerk, ReferralFilters(ticket="SX-1"))[2] == 0
    assert pending_matters(clerk) == 0 and pending_matters(reader) == 1
    assert not merge_targets(body=county.body, stream=second.stream, actor=clerk)
    assert letter_page(ref=registered.letter.ref, actor=reader).cases
    assert letter_list(reader, LetterFilters(ticket="SX-1"))[2] == 1


def test_matters_of_another_letter_are_not_handed_over_from_this_page(at_desk: Client, come_in: Come) -> None:
    mine = come_in(items=[], others=[PETITION])
    other = come_in(items=[], others=[PETITION])
    key = LetterItem.objects.get(letter=other.letter).key
    given = {"keys": key, "counterpart": "unit", "name": "城管局", "on": TODAY.isoformat()}
    page = at_desk.post(f"/desk/incoming/{mine.letter.ref}/refer/", given)
    assert page.status_code == 422 and "请选择要转办的事项" in page.content.decode()
    assert not Referral.objects.exists()


def test_the_hand_over_letter_names_who_wrote_and_is_audited(county: Place, come_in: Come) -> None:
    alone = come_in(items=[], others=[PETITION])
    made = refer_matters(
        body=county.body, keys=[LetterItem.objects.get().key], counterpart="petition_office",
        name="云溪县信访局", on=TODAY, actor=county.actor("handler"), remarks="请\n依法处理",
    )  # fmt: skip
    view = referral_view(key=made.key, actor=county.actor("handler"))
    writer = {"name": "陈知微", "phone": "13800001234"}
    text = referral_text(view, writer, date(2026, 3, 2), mixed=False)
    assert "陈知微" in text and "1. 信访事项：反映物业公司乱收停车费" in text and "请 依法处理" in text
    assert "另行办理" not in text
    assert "另行办理" in referral_text(view, writer, date(2026, 3, 2), mixed=True)
    _name, content = referral_letter(key=made.key, actor=county.actor("handler"))
    assert content.startswith(b"%PDF")
    assert AuditEntry.objects.filter(act="case.identity_read", object=alone.letter.ref).exists()


def test_who_watches_sees_the_letter_and_not_its_words(come_in: Come, county: Place, sign_in: SignIn) -> None:
    registered = come_in(others=[PETITION])
    page = letter_page(ref=registered.letter.ref, actor=county.actor("report_author"))
    assert page.matters and not page.matters[0].text and page.matters[0].kind_label == "信访事项"
    assert not AuditEntry.objects.filter(act="letter.read").exists()
    letter_page(ref=registered.letter.ref, actor=county.actor("handler"))
    assert AuditEntry.objects.filter(act="letter.read").count() == 1
