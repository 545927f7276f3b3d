"""What is split from a sensitive case, taken back, or made of its letter's matters stays with its readers."""

from __future__ import annotations

from typing import Any

import pytest
from tests.platform.conftest import TODAY, Place
from tests.platform.intake.conftest import Come, come_in
from tests.platform.intake.test_merging import merge, split

from gongkai.platform.cases.applicants import RequestedItem
from gongkai.platform.cases.models import CaseText, LetterItem
from gongkai.platform.cases.readers import NoSuchCase, may_read
from gongkai.platform.cases.services.matters import OtherMatter, note_matters
from gongkai.platform.cases.services.merging import CannotMerge, merge_targets
from gongkai.platform.cases.services.people import (
    PersonDetails,
    add_person,
    end_person,
    record_check,
)
from gongkai.platform.cases.services.sensitive import Flagging, flag_case
from gongkai.platform.cases.services.sorting import register_matters
from gongkai.platform.cases.services.together import join_drafts

__all__ = ["come_in"]


def flag(county: Place, stream: str) -> None:
    readers = [county.seats["approver"].pk, county.seats["receiving_clerk"].pk]
    flag_case(
        body=county.body, stream=stream, actor=county.actor("approver"),
        flagging=Flagging(reason="涉及举报人", readers=readers),
    )  # fmt: skip


def test_a_sensitive_case_is_not_taken_back_into_one_that_others_read(county: Place, come_in: Come) -> None:
    first, second = split(county, come_in)
    flag(county, second.stream)
    clerk = county.actor("receiving_clerk")
    assert merge_targets(body=county.body, stream=second.stream, actor=clerk) == ()
    with pytest.raises(CannotMerge):
        merge(county, first, second)
    assert "补充协议" not in CaseText.objects.get(stream=first.stream).description
    flag(county, first.stream)
    assert [one.stream for one in merge_targets(body=county.body, stream=second.stream, actor=clerk)] == [
        first.stream
    ]
    merge(county, first, second)


def test_a_case_made_of_a_matter_of_a_sensitive_letter_is_as_sensitive(county: Place, come_in: Come) -> None:
    done = come_in()
    clerk = county.actor("receiving_clerk")
    matter = OtherMatter(kind="information", text="另要一份名单")
    (item,) = note_matters(body=county.body, letter=done.letter, matters=[matter], actor=clerk)
    flag(county, done.summaries[0].stream)
    new = register_matters(
        body=county.body, letter=done.letter, actor=clerk,
        matters={item.key: RequestedItem(description="另要一份名单")},
    )  # fmt: skip
    assert LetterItem.objects.get().stream == new.summaries[0].stream
    assert not may_read(county.actor("handler"), new.summaries[0].stream)
    assert may_read(clerk, new.summaries[0].stream)


def test_who_is_no_reader_joins_no_drafts_and_notes_nobody(county: Place, come_in: Come) -> None:
    stream = come_in().summaries[0].stream
    flag(county, stream)
    where: dict[str, Any] = {"body": county.body, "stream": stream, "actor": county.actor("handler")}
    with pytest.raises(NoSuchCase):
        join_drafts(**where, streams=[], expected_version=0)
    with pytest.raises(NoSuchCase):
        add_person(**where, role="co_applicant", details=PersonDetails(name="林望"))
    with pytest.raises(NoSuchCase):
        end_person(**where, key="x", ended_on=TODAY)
    with pytest.raises(NoSuchCase):
        record_check(**where, what="identity", result="missing", checked_on=TODAY)
