"""A case that was split off wrongly is taken back: struck out, not counted, its number never used again."""

from __future__ import annotations

from typing import Any

import pytest
from tests.platform.conftest import TODAY, Place
from tests.platform.intake.conftest import ITEM, Come

from gongkai.platform.cases.applicants import RequestedItem, requested_item_of
from gongkai.platform.cases.models import CaseFile, CaseMerge, CaseSummary, CaseText
from gongkai.platform.cases.selectors.case_list import case_list
from gongkai.platform.cases.selectors.filters import CaseFilters
from gongkai.platform.cases.selectors.rows import case_rows
from gongkai.platform.cases.services.acting import ActRefused, SomebodyWasFaster, Step, perform_acts
from gongkai.platform.cases.services.merging import CannotMerge, merge_case, merge_targets
from gongkai.platform.cases.services.papers import NewPaper, add_papers
from gongkai.platform.cases.services.registration import split_case
from gongkai.platform.cases.verifying import verify_projections
from gongkai.platform.core.permissions import NotPermitted
from gongkai.platform.ledger.models import LedgerEvent
from gongkai.platform.ledger.selectors import history
from gongkai.platform.reporting.selectors import streams_behind

SECOND = RequestedItem(description="同一合同的补充协议")


def merge(county: Place, first: CaseSummary, second: CaseSummary, **given: Any) -> CaseMerge:
    rows = CaseSummary.objects.in_bulk([first.stream, second.stream])
    usual: dict[str, Any] = {
        "body": county.body, "stream": second.stream, "into": first.stream, "reason": "是同一份合同的附件",
        "actor": county.actor("receiving_clerk"),
        "seen": {stream: row.last_seq for stream, row in rows.items()},
    }  # fmt: skip
    return merge_case(**{**usual, **given})


def split(county: Place, come_in: Come) -> tuple[CaseSummary, CaseSummary]:
    first = come_in().summaries[0]
    (second,) = split_case(
        body=county.body, stream=first.stream, actor=county.actor("receiving_clerk"), expected_seq=2,
        items=[SECOND], reason="误以为另有一份合同",
    )  # fmt: skip
    return first, second


def test_the_split_off_case_is_struck_out_and_its_request_goes_back(county: Place, come_in: Come) -> None:
    first, second = split(county, come_in)
    new = NewPaper(kind="other", name="补充协议.txt", content="协议".encode())
    add_papers(body=county.body, stream=second.stream, papers=[new], actor=county.actor("handler"))
    done = merge(county, first, second)
    assert (done.into, done.number) == (first.stream, "云公申〔2026〕2号")
    gone, kept = CaseSummary.objects.get(pk=second.stream), CaseSummary.objects.get(pk=first.stream)
    assert (gone.open, gone.received_on, gone.number) == (False, None, "")
    clerk = county.actor("receiving_clerk")
    assert [row.phase for row in case_rows([gone], clerk)] == ["已并回"]
    assert not case_list(clerk, CaseFilters(state="waiting")).rows
    assert (kept.number, kept.reply_due_on) == (first.number, first.reply_due_on)
    item = requested_item_of(first.stream)
    assert (
        item is not None and ITEM.description in item.description and SECOND.description in item.description
    )
    assert SECOND.description in CaseText.objects.get(stream=first.stream).description
    assert CaseFile.objects.get().stream == first.stream
    last = history(body=county.body.key, stream=first.stream).events[-1]
    assert last.kind == "note.added"
    assert verify_projections(county.body.key).ok


def test_its_number_is_never_given_again(county: Place, come_in: Come) -> None:
    first, second = split(county, come_in)
    merge(county, first, second)
    assert come_in().summaries[0].number == "云公申〔2026〕3号"
    with pytest.raises(ActRefused) as refused:
        come_in(items=[RequestedItem(description="又一项", number="云公申〔2026〕2号")])
    assert refused.value.refusal.code == "number_in_use"


def test_the_figures_count_one_case(county: Place, come_in: Come) -> None:
    first, second = split(county, come_in)
    assert new_cases(county) == 2
    merge(county, first, second)
    assert new_cases(county) == 1


def new_cases(county: Place) -> int:
    behind = streams_behind(
        body=county.body, year=TODAY.year, area=False, cell="requests.new.total",
        actor=county.actor("approver"),
    )  # fmt: skip
    return len(behind.streams)


@pytest.mark.parametrize(
    ("step", "word"),
    [
        (Step("correction.requested", TODAY, {"working_days": 15}, {"points": "补正"}), "补正"),
        (Step("extension.told", TODAY, {"working_days": 20, "approved_by": "seat-x"}), "延"),
    ],
)
def test_what_happened_in_a_case_cannot_be_made_not_to_have(
    county: Place, come_in: Come, step: Step, word: str
) -> None:
    first, second = split(county, come_in)
    role = "approver" if step.kind == "extension.told" else "handler"
    perform_acts(
        body=county.body, stream=second.stream, steps=[step], expected_seq=2, actor=county.actor(role)
    )
    before = LedgerEvent.objects.count()
    with pytest.raises(CannotMerge) as cannot:
        merge(county, first, second)
    assert word in str(cannot.value.message) and "一并答复" in str(cannot.value.message)
    assert LedgerEvent.objects.count() == before and not CaseMerge.objects.exists()


def test_the_letter_s_own_case_is_not_taken_back(county: Place, come_in: Come) -> None:
    first, second = split(county, come_in)
    with pytest.raises(CannotMerge) as cannot:
        merge(county, second, first)
    assert "第一件" in str(cannot.value.message)


def test_nothing_goes_back_into_an_answered_case_or_another_letter_s(county: Place, come_in: Come) -> None:
    first, second = split(county, come_in)
    other = come_in().summaries[0]
    with pytest.raises(CannotMerge):
        merge(county, other, second)
    reply = Step(
        "reply.issued", TODAY, {"outcome": "granted", "method": "counter", "number": "云公复〔2026〕1号"}
    )
    perform_acts(
        body=county.body, stream=first.stream, steps=[reply], expected_seq=3, actor=county.actor("approver")
    )
    assert not merge_targets(body=county.body, stream=second.stream, actor=county.actor("receiving_clerk"))
    with pytest.raises(CannotMerge):
        merge(county, first, second)


def test_a_reason_a_fresh_page_and_the_permission_are_needed(county: Place, come_in: Come) -> None:
    first, second = split(county, come_in)
    before = LedgerEvent.objects.count()
    with pytest.raises(CannotMerge):
        merge(county, first, second, reason=" ")
    with pytest.raises(SomebodyWasFaster):
        merge(county, first, second, seen={first.stream: 2, second.stream: 2})
    with pytest.raises(NotPermitted):
        merge(county, first, second, actor=county.actor("handler"))
    assert LedgerEvent.objects.count() == before
    assert CaseSummary.objects.get(pk=second.stream).open
