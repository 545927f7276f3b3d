"""Likely repeats: the same applicant by exact values, similar words by their likeness."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from tests.platform.conftest import Place
from tests.platform.intake.conftest import APPLICANT, ITEM

from gongkai.platform.cases.applicants import ApplicantDetails, RequestedItem
from gongkai.platform.cases.repeats import Repeat, likely_repeats
from gongkai.platform.cases.services.registration import Registered
from gongkai.platform.core.permissions import NotPermitted

Come = Callable[..., Registered]
STRANGER = ApplicantDetails(kind="natural_person", name="周至", phone="13877770002")
ROAD = RequestedItem(description="县道 308 线 2024 年养护工程的招标文件和中标通知书")


def repeats(county: Place, **given: Any) -> list[Repeat]:
    usual: dict[str, Any] = {"applicant": STRANGER, "descriptions": [ITEM.description]}
    return likely_repeats(body=county.body, actor=county.actor("receiving_clerk"), **{**usual, **given})


def test_the_same_applicant_s_cases_are_shown_before_a_word_is_typed(county: Place, come_in: Come) -> None:
    mine = come_in().summaries[0].stream
    come_in(applicant=STRANGER)
    (found,) = repeats(county, applicant=replace(APPLICANT, phone=""), descriptions=[""])
    assert (found.stream, found.label, found.likeness) == (mine, "陈*", 0)
    assert str(found.same_applicant) == "证件号码相同"


@pytest.mark.parametrize(
    "words",
    [
        "2025 年清河社区电梯更新项目的施工合同",
        "请公开 2025年清河社区电梯更新项目施工合同。",
        "本人因生活需要，申请公开政府信息：2025 年清河社区电梯更新项目的施工合同，谢谢",
    ],
)
def test_other_wording_of_the_same_request_is_found_of_any_applicant(
    county: Place, come_in: Come, words: str
) -> None:
    stream = come_in().summaries[0].stream
    come_in(items=[ROAD])
    assert [one.stream for one in repeats(county, descriptions=[words])] == [stream]


def test_another_request_of_a_stranger_is_no_repeat(county: Place, come_in: Come) -> None:
    come_in()
    assert repeats(county, descriptions=[ROAD.description]) == []
    assert repeats(county, descriptions=["请公开政府信息"]) == []


def test_the_same_applicant_with_the_same_words_comes_first(county: Place, come_in: Come) -> None:
    come_in(applicant=STRANGER)
    mine = come_in().summaries[0].stream
    found = repeats(county, applicant=APPLICANT)
    assert [one.stream == mine for one in found] == [True, False]
    assert found[0].likeness == 100


def test_another_request_of_the_same_applicant_is_left_out_once_words_are_there(
    county: Place, come_in: Come
) -> None:
    come_in(items=[ROAD])
    assert repeats(county, applicant=APPLICANT) == []


def test_another_body_s_cases_are_never_shown(county: Place, come_in: Come, foreign: Place) -> None:
    come_in(body=foreign.body, place=foreign)
    assert repeats(county, applicant=APPLICANT) == []


def test_only_who_registers_may_ask(county: Place) -> None:
    with pytest.raises(NotPermitted):
        likely_repeats(body=county.body, actor=county.actor("handler"), applicant=APPLICANT, descriptions=[])


def test_no_more_than_a_handful_is_shown(county: Place, come_in: Come) -> None:
    for _each in range(12):
        come_in()
    assert len(repeats(county)) == 8
    assert len(repeats(county, descriptions=[ITEM.description], most=3)) == 3
