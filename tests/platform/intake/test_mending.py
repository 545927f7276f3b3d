"""A slip of the pen is put right at the desk: with a reason, without a trace of the values in the audit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.test import Client
from tests.platform.conftest import TODAY, Place
from tests.platform.intake.conftest import APPLICANT, ITEM, SignIn
from tests.platform.letters.pages import fields_of

from gongkai.platform.cases.applicants import applicant_of, requested_item_of, streams_with
from gongkai.platform.cases.erasure import erase_applicant, keep_erasure_list, list_path, replay_erasures
from gongkai.platform.cases.models import CaseText, IncomingLetter
from gongkai.platform.cases.search.index import matching
from gongkai.platform.cases.services.acting import Step, perform_acts
from gongkai.platform.cases.services.mending import (
    CannotMend,
    Mended,
    MendedMeanwhile,
    mend_case,
    mendable,
    mendings_of,
)
from gongkai.platform.cases.services.registration import Registered
from gongkai.platform.core.models import AuditEntry, PrivateRecord
from gongkai.platform.core.permissions import NotPermitted
from gongkai.platform.ledger.models import LedgerEvent

Come = Callable[..., Registered]


@pytest.fixture(autouse=True)
def own_list() -> None:
    """Every test begins without a list of erasures."""
    list_path().unlink(missing_ok=True)


def mended(place: Place, stream: str, role: str = "receiving_clerk", **given: Any) -> Mended:
    actor = place.actor(role)
    now = mendable(body=place.body, stream=stream, actor=place.actor("receiving_clerk"))
    usual: dict[str, Any] = {
        "applicant": now.applicant, "item": now.item, "reason": "抄错了", "seen": now.seen,
    }  # fmt: skip
    return mend_case(body=place.body, stream=stream, actor=actor, **{**usual, **given})


def test_details_are_put_right_for_all_cases_of_the_letter(county: Place, come_in: Come) -> None:
    registered = come_in(items=[ITEM, ITEM])
    first, second = (case.stream for case in registered.summaries)
    before = LedgerEvent.objects.count()
    done = mended(county, first, applicant=replace(APPLICANT, name="陈知薇", phone="13911112222"))
    assert (done.changed, done.cases, done.moved) == (("name", "phone"), 2, False)
    for stream in (first, second):
        found = applicant_of(stream)
        assert found is not None and (found.name, found.phone) == ("陈知薇", "13911112222")
    assert streams_with(body=county.body, value="13911112222") == {first, second}
    assert streams_with(body=county.body, value="13800001234") == set()
    assert LedgerEvent.objects.count() == before
    entry = AuditEntry.objects.get(act="case.described")
    assert '"changed":["name","phone"]' in entry.detail
    assert "139" not in entry.detail and "陈" not in entry.detail
    (once,) = mendings_of(first)
    assert (once.changed, once.reason) == (("name", "phone"), "抄错了")


def test_the_former_values_stay_until_the_person_is_erased(county: Place, come_in: Come) -> None:
    case = come_in().summaries[0]
    mended(county, case.stream, applicant=replace(APPLICANT, phone="13911112222"))
    mended(county, case.stream, item=replace(ITEM, description="电梯维修合同"))
    mended(county, case.stream, item=replace(ITEM, description="电梯大修合同"))
    kinds = set(PrivateRecord.objects.values_list("kind", flat=True))
    assert {"applicant.former", "request.former", "case.mended"} <= kinds
    perform_acts(
        body=county.body, stream=case.stream, expected_seq=2, actor=county.actor("handler"),
        steps=[Step("request.withdrawn", TODAY, {"scope": "whole"})],
    )  # fmt: skip
    erase_applicant(body=county.body, stream=case.stream, actor=county.actor("approver"))
    assert not PrivateRecord.objects.exists()
    with pytest.raises(CannotMend) as erased:
        mend_case(
            body=county.body, stream=case.stream, actor=county.actor("receiving_clerk"), applicant=APPLICANT,
            item=ITEM, reason="补登", seen="/",
        )  # fmt: skip
    assert "已经依法删除" in str(erased.value) and not PrivateRecord.objects.exists()


def test_a_request_is_put_right_for_its_own_case_and_found_by_its_new_words(
    county: Place, come_in: Come
) -> None:
    registered = come_in(items=[ITEM, ITEM])
    first, second = (case.stream for case in registered.summaries)
    mended(county, first, item=replace(ITEM, description="清河社区路灯改造项目的招标文件\r\n全文"))
    item = requested_item_of(first)
    assert item is not None and item.description.endswith("文件\n全文") and item.form_wanted == "paper"
    assert matching("路灯", bodies=None, most=9) == [first]
    assert matching("电梯", bodies=None, most=9) == [second]
    assert CaseText.objects.get(stream=first).title.startswith("清河社区路灯")


def test_a_letter_goes_over_to_the_person_whose_details_it_bears(county: Place, come_in: Come) -> None:
    known = come_in()
    typo = come_in(applicant=replace(APPLICANT, identity_number="110101199003070099", phone=""))
    assert typo.letter.subject != known.letter.subject
    assert mended(county, typo.summaries[0].stream, applicant=APPLICANT).moved
    typo.letter.refresh_from_db()
    assert typo.letter.subject == known.letter.subject
    records = PrivateRecord.objects.filter(stream__in=[typo.letter.ref, typo.summaries[0].stream])
    assert {record.subject for record in records} == {known.letter.subject}


def test_a_letter_given_to_the_wrong_person_gets_one_of_its_own(county: Place, come_in: Come) -> None:
    known, wrong = come_in(), come_in()
    other = replace(APPLICANT, name="林望", identity_number="110101198001010033", phone="13700000000")
    assert mended(county, wrong.summaries[0].stream, applicant=other).moved
    wrong.letter.refresh_from_db()
    assert wrong.letter.subject not in (None, known.letter.subject)
    renamed = mended(county, known.summaries[0].stream, applicant=replace(APPLICANT, name="陈之微"))
    assert not renamed.moved


def test_an_older_backup_from_before_a_mending_brings_nobody_back_and_erases_nobody_else(
    county: Place, come_in: Come
) -> None:
    known, wrong = come_in(), come_in()
    kept, gone = known.summaries[0].stream, wrong.summaries[0].stream
    other = replace(APPLICANT, name="林望", identity_number="110101198001010033", phone="13700000000")
    before = list(PrivateRecord.objects.filter(stream__in=[gone, wrong.letter.ref]))
    text = CaseText.objects.get(stream=gone)
    assert mended(county, gone, applicant=other).moved
    perform_acts(
        body=county.body, stream=gone, expected_seq=2, actor=county.actor("handler"),
        steps=[Step("request.withdrawn", TODAY, {"scope": "whole"})],
    )  # fmt: skip
    erase_applicant(body=county.body, stream=gone, actor=county.actor("approver"))
    keep_erasure_list()
    text.save()
    PrivateRecord.objects.bulk_create(before)
    IncomingLetter.objects.filter(ref=wrong.letter.ref).update(subject=known.letter.subject)
    assert replay_erasures(actor=county.actor("approver")) == 1
    assert applicant_of(gone) is None and CaseText.objects.get(stream=gone).description == ""
    assert not PrivateRecord.objects.filter(stream__in=[gone, wrong.letter.ref]).exists()
    assert applicant_of(kept) == APPLICANT and CaseText.objects.get(stream=kept).description


def test_what_counting_depends_on_is_not_changed_here(county: Place, come_in: Come) -> None:
    case = come_in().summaries[0]
    company = replace(APPLICANT, kind="business", name="清河电梯有限公司")
    mended(county, case.stream, applicant=company)
    found = applicant_of(case.stream)
    assert found is not None and found.kind == "natural_person"
    assert CaseText.objects.get(stream=case.stream).applicant_label == "清*"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"reason": " "}, "reason"),
        ({}, ""),
        ({"item": replace(ITEM, description=" ")}, "description"),
        ({"item": replace(ITEM, number="云公申〔2026〕9号")}, ""),
    ],
)
def test_nothing_is_written_without_a_reason_or_a_change(
    county: Place, come_in: Come, given: dict[str, Any], field: str
) -> None:
    stream = come_in().summaries[0].stream
    before = PrivateRecord.objects.count()
    with pytest.raises(CannotMend) as cannot:
        mended(county, stream, **given)
    assert cannot.value.field == field and PrivateRecord.objects.count() == before


def test_only_who_registers_for_this_body_mends(county: Place, foreign: Place, come_in: Come) -> None:
    stream = come_in().summaries[0].stream
    for role in ("handler", "approver", "supervisor"):
        with pytest.raises(NotPermitted):
            mended(county, stream, role=role, applicant=replace(APPLICANT, phone="1"))
    with pytest.raises(CannotMend):
        mendable(body=foreign.body, stream=stream, actor=foreign.actor("receiving_clerk"))
    assert applicant_of(stream) == APPLICANT


def test_somebody_else_s_mending_is_not_overwritten(county: Place, come_in: Come) -> None:
    stream = come_in().summaries[0].stream
    seen = mendable(body=county.body, stream=stream, actor=county.actor("receiving_clerk")).seen
    mended(county, stream, applicant=replace(APPLICANT, phone="1"))
    with pytest.raises(MendedMeanwhile):
        mended(county, stream, applicant=replace(APPLICANT, phone="2"), seen=seen)


def test_the_page_has_what_stands_there_and_leads_to_the_correction_of_the_entry(
    at_desk: Client, come_in: Come
) -> None:
    case = come_in(channel="registered_post", came_on=date(2026, 2, 27)).summaries[0]
    url = f"/desk/cases/{case.stream}/mend/"
    assert url in at_desk.get(f"/desk/cases/{case.stream}/").content.decode()
    page = at_desk.get(url)
    assert f"/desk/cases/{case.stream}/acts/entry.corrected/?entry=1" in page.content.decode()
    assert AuditEntry.objects.filter(act="case.identity_read", object=case.stream).count() == 1
    form = fields_of(page)
    assert form["phone"] == ["13800001234"] and form["item-0-description"] == [ITEM.description]
    unchanged = at_desk.post(url, {**form, "reason": "核对"})
    assert unchanged.status_code == 422 and "没有改动" in unchanged.content.decode()
    unexplained = at_desk.post(url, {**form, "phone": "13911112222"})
    assert unexplained.status_code == 422 and 'href="#f-reason"' in unexplained.content.decode()
    assert "13911112222" in unexplained.content.decode()
    done = at_desk.post(url, {**form, "phone": "13911112222", "reason": "抄错"}, follow=True)
    assert "已更正：电话。" in done.content.decode()
    late = at_desk.post(url, {**form, "phone": "13700000000", "reason": "抄错"})
    assert late.status_code == 409 and "有人改过" in late.content.decode()
    again = fields_of(late)
    assert at_desk.post(url, again).status_code == 302
    assert "抄错" in at_desk.get(url).content.decode()


def test_the_page_is_for_who_registers_and_not_for_erased_persons(
    county: Place, come_in: Come, sign_in: SignIn, at_desk: Client
) -> None:
    case = come_in().summaries[0]
    url = f"/desk/cases/{case.stream}/mend/"
    assert sign_in(county, "handler").get(url).status_code == 403
    perform_acts(
        body=county.body, stream=case.stream, expected_seq=2, actor=county.actor("handler"),
        steps=[Step("request.withdrawn", TODAY, {"scope": "whole"})],
    )  # fmt: skip
    erase_applicant(body=county.body, stream=case.stream, actor=county.actor("approver"))
    assert "已经依法删除" in at_desk.get(url, follow=True).content.decode()
    assert url not in at_desk.get(f"/desk/cases/{case.stream}/").content.decode()
