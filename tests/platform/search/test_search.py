"""The one field of the lists: numbers in any writing, applicants exactly, words of the application."""

from __future__ import annotations

import pytest
from tests.platform.conftest import Place
from tests.platform.search.conftest import Registers

from gongkai.platform.cases.models import CaseText
from gongkai.platform.cases.search import search
from gongkai.platform.cases.search.search import How
from gongkai.platform.core.models import AuditEntry


@pytest.mark.parametrize(
    "question",
    ["云公申〔2026〕1号", "云公申(2026)1号", "云公申［2026］1号", " 云公申〔2026〕 1 号 ",
     "〔2026〕1号", "2026-1", "2026 1", "2026年第1号", "1号", "第1号", "1", "１"],
)  # fmt: skip
def test_a_number_is_found_however_it_is_written(county: Place, registers: Registers, question: str) -> None:
    first = registers(county, "县城供水管网改造档案")
    registers(county, "清河社区电梯更新资料")
    found = search(county.actor("handler"), question)
    assert found.streams[:1] == (first.stream,)
    assert How.NUMBER in found.by


def test_words_find_titles_descriptions_and_organisations(county: Place, registers: Registers) -> None:
    water = registers(county, "2010—2020 年县城供水管网改造档案", name="云岭水务研究所", kind="research")
    registers(county, "清河社区电梯更新资料")
    actor = county.actor("handler")
    for question in ("供水管网", "供水 档案", "2020 年", "云岭水务", "水务"):
        assert search(actor, question).streams == (water.stream,), question
    assert search(actor, "供水电梯").streams == ()
    assert search(actor, "   ").streams == ()


@pytest.mark.parametrize("question", ["陈云溪", "陈 云溪", "演示110101", "000-1234"])
def test_an_applicant_is_found_exactly_and_the_search_is_audited(
    county: Place, registers: Registers, question: str
) -> None:
    case = registers(county, "清河社区电梯更新资料")
    found = search(county.actor("handler"), question)
    assert (found.streams, found.by) == ((case.stream,), (How.APPLICANT,))
    entry = AuditEntry.objects.get(act="case.applicant_searched")
    assert "陈" not in entry.detail and "110101" not in entry.detail


def test_part_of_a_name_or_number_finds_no_applicant(county: Place, registers: Registers) -> None:
    registers(county, "清河社区电梯更新资料")
    for question in ("云溪", "演示11010", "1234"):
        assert search(county.actor("handler"), question).streams == ()


def test_who_may_not_know_the_applicant_does_not_find_by_one(county: Place, registers: Registers) -> None:
    registers(county, "清河社区电梯更新资料")
    for role in ("supervisor", "report_author"):
        assert search(county.actor(role), "陈云溪").streams == ()
        assert len(search(county.actor(role), "电梯").streams) == 1
    assert not AuditEntry.objects.filter(act="case.applicant_searched").exists()


def test_nobody_finds_cases_of_others(
    county: Place, department: Place, foreign: Place, registers: Registers
) -> None:
    ours = registers(county, "清河社区电梯更新资料")
    below = registers(department, "清河社区电梯更新资料")
    registers(foreign, "清河社区电梯更新资料")
    assert search(county.actor("handler"), "电梯").streams == (ours.stream,)
    assert set(search(county.actor("supervisor"), "电梯").streams) == {ours.stream, below.stream}
    assert search(department.actor("handler"), "电梯").streams == (below.stream,)
    assert search(county.actor("audit_administrator"), "电梯").streams == ()
    assert search(county.actor("handler"), "云水公申〔2026〕1号").streams == ()


def test_an_erased_text_is_not_found(county: Place, registers: Registers) -> None:
    case = registers(county, "清河社区电梯更新资料")
    from gongkai.platform.cases.search import remove

    remove(case.stream)
    CaseText.objects.filter(stream=case.stream).update(title="", description="")
    assert search(county.actor("handler"), "电梯").streams == ()
