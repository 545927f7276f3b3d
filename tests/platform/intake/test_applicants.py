"""Who the applicant is: masked in lists, found exactly, joined over letters, corrected without a trace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.platform.conftest import Place
from tests.platform.intake.conftest import APPLICANT, ITEM

from gongkai.platform.cases.applicants import applicant_label, applicant_of, streams_with
from gongkai.platform.cases.intake import advice_on, is_resident_number
from gongkai.platform.cases.models import CaseText
from gongkai.platform.cases.search.index import matching
from gongkai.platform.cases.services.registration import Registered, describe_case
from gongkai.platform.core.models import AuditEntry, PrivateRecord, Subject
from gongkai.platform.core.permissions import NotPermitted

Come = Callable[..., Registered]


@pytest.mark.parametrize(
    ("kind", "name", "label"),
    [
        ("natural_person", "陈知微", "陈*"),
        ("natural_person", "陈某", "陈*"),
        ("natural_person", " 欧阳 知微 ", "欧阳*"),
        ("natural_person", "欧阳知微", "欧阳*"),
        ("natural_person", "欧阳", "欧*"),
        ("natural_person", "阳上官", "阳*"),
        ("natural_person", "Jane Doe", "J*"),
        ("natural_person", "阿卜杜拉·买买提", "阿*"),
        ("natural_person", "", ""),
        ("business", "云溪县 清河电梯有限公司", "云溪县 清河电梯有限公司"),
        ("other", "清河社区业主委员会", "清河社区业主委员会"),
    ],
)
def test_a_person_is_masked_and_an_organisation_is_not(kind: str, name: str, label: str) -> None:
    assert applicant_label(kind, name) == label


@given(st.text(max_size=40))
def test_a_label_tells_neither_the_given_name_nor_its_length(name: str) -> None:
    label = applicant_label("natural_person", name)
    assert len(label) <= 3
    assert label.endswith("*") if name.strip() else label == ""


def test_all_letters_of_a_person_belong_to_one_subject(come_in: Come) -> None:
    first, second = come_in(), come_in()
    assert first.letter.subject == second.letter.subject
    other = come_in(applicant=replace(APPLICANT, identity_number="110101199003070099", phone=""))
    assert other.letter.subject != first.letter.subject
    namesake = come_in(applicant=replace(APPLICANT, identity_number="", phone="13900000000"))
    assert namesake.letter.subject != first.letter.subject


def test_a_person_without_number_is_joined_by_name_and_telephone(come_in: Come) -> None:
    bare = replace(APPLICANT, identity_number="", identity_type="")
    first = come_in(applicant=bare)
    assert come_in(applicant=bare).letter.subject == first.letter.subject
    assert come_in(applicant=APPLICANT).letter.subject == first.letter.subject


def test_the_same_person_at_two_bodies_is_two_subjects(come_in: Come, foreign: Place) -> None:
    assert come_in().letter.subject != come_in(body=foreign.body, place=foreign).letter.subject
    assert Subject.objects.count() == 2


@pytest.mark.parametrize("value", ["陈知微", " 陈 知微", "110101199003070011", "１３８００００１２３４"])
def test_a_person_is_found_by_an_exact_value_in_any_width(county: Place, come_in: Come, value: str) -> None:
    stream = come_in().summaries[0].stream
    assert streams_with(body=county.body, value=value) == {stream}


@pytest.mark.parametrize("value", ["陈知", "138", "清河路", "", "*"])
def test_a_part_of_a_value_finds_nobody(county: Place, come_in: Come, value: str) -> None:
    come_in()
    assert streams_with(body=county.body, value=value) == set()


def test_corrected_details_replace_the_former_ones(county: Place, come_in: Come) -> None:
    stream = come_in().summaries[0].stream
    former = CaseText.objects.get(stream=stream).details
    describe_case(
        body=county.body, stream=stream, actor=county.actor("handler"), title="电梯",
        description="电梯合同全文",
        applicant=replace(APPLICANT, phone="13911112222"),
    )  # fmt: skip
    assert not PrivateRecord.objects.filter(ref=former).exists()
    found = applicant_of(stream)
    assert found is not None and found.phone == "13911112222"
    assert streams_with(body=county.body, value="13800001234") == set()
    assert matching("全文", bodies=None, most=9) == [stream] and matching("清河", bodies=None, most=9) == []
    assert AuditEntry.objects.filter(act="case.described", object=stream).count() == 1


def test_details_shared_with_another_case_of_the_letter_stay_there(county: Place, come_in: Come) -> None:
    registered = come_in(items=[ITEM, ITEM])
    first, second = (case.stream for case in registered.summaries)
    describe_case(
        body=county.body, stream=first, actor=county.actor("handler"), title="", description="甲",
        applicant=replace(APPLICANT, phone="13911112222"),
    )  # fmt: skip
    assert applicant_of(second) == APPLICANT


def test_another_body_cannot_describe_a_case(county: Place, foreign: Place, come_in: Come) -> None:
    stream = come_in().summaries[0].stream
    for actor in (foreign.actor("handler"), county.actor("supervisor")):
        with pytest.raises(NotPermitted):
            describe_case(body=county.body, stream=stream, actor=actor, title="", description="改")
    assert CaseText.objects.get(stream=stream).description != "改"


def test_what_is_missing_is_told_and_does_not_stand_against_registering() -> None:
    bare = replace(APPLICANT, name="", identity_number="", phone="", address="")
    assert len(advice_on(bare, [replace(ITEM, form_wanted="")], [])) == 4
    assert advice_on(replace(APPLICANT, identity_number="11010519491231002X"), [ITEM], []) == []
    assert advice_on(replace(bare, name="陈", phone="1"), [ITEM], ["identity"]) == []


@pytest.mark.parametrize(
    ("number", "good"),
    [
        ("11010519491231002X", True),
        ("110105194912310021", False),
        ("11010519491231002x", False),
        ("1", False),
    ],
)
def test_the_check_sign_of_a_citizen_number(number: str, good: bool) -> None:
    assert is_resident_number(number) is good
