"""Which road a letter tells of follows outcome, date and body; what is not set is named."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.platform.cases.letters.kinds import LETTERS, reply_letter
from gongkai.platform.cases.letters.remedies import remedy_text
from gongkai.platform.core.models import Body
from gongkai.rules.law import LocalValue, load_law
from gongkai.rules.letters.remedies import NoAuthority
from gongkai.rules.vocabulary import Outcome

BEFORE, SINCE = date(2023, 12, 31), date(2024, 1, 1)
FIRST = {
    "denied_state_secret", "denied_law_forbids", "denied_three_securities", "denied_third_party",
    "denied_internal", "denied_process", "denied_enforcement_file", "partial",
}  # fmt: skip


def county(**given: object) -> Body:
    usual = {"reconsideration_authority": "云州市人民政府", "court": "云州市中级人民法院", "level": "county"}
    return Body(name="云溪县人民政府", **{**usual, **given})


@pytest.mark.parametrize("outcome", [outcome.value for outcome in Outcome])
def test_refusals_go_to_reconsideration_first_since_2024_and_nothing_else_does(outcome: str) -> None:
    text = remedy_text(reply_letter(outcome), county(), SINCE, load_law())
    assert "六十日" in text
    assert "云州市人民政府" in text
    if outcome in FIRST:
        assert "应当" in text
        assert "先向云州市人民政府申请行政复议" in text
        assert "十五日内依法向人民法院" in text
        assert "六个月" not in text
    else:
        assert "可以" in text
        assert "六个月内直接向云州市中级人民法院提起行政诉讼" in text
        assert "先向" not in text


@pytest.mark.parametrize("outcome", [outcome.value for outcome in Outcome])
def test_before_2024_the_court_was_open_for_every_outcome(outcome: str) -> None:
    text = remedy_text(reply_letter(outcome), county(), BEFORE, load_law())
    assert "六个月内直接向云州市中级人民法院" in text


def test_a_partial_reply_speaks_of_the_refused_part() -> None:
    assert "中不予公开的部分不服" in remedy_text(reply_letter("partial"), county(), SINCE, load_law())


def test_a_legal_office_chooses_for_partial_replies() -> None:
    chosen = LocalValue(
        key="reconsideration_first_partial", value=False, from_date=SINCE, source="法制机构", kind="setting"
    )
    law = load_law().with_local([chosen])
    text = remedy_text(reply_letter("partial"), county(), SINCE, law)
    assert "直接向云州市中级人民法院" in text
    assert "部分不服" not in text


def test_the_paragraph_names_the_paper_it_stands_in() -> None:
    assert "本答复书" in remedy_text(reply_letter("granted"), county(), SINCE, load_law())
    assert "本告知书" in remedy_text(LETTERS["disclosure_told"], county(), SINCE, load_law())
    assert "本告知书" in remedy_text(LETTERS["records_corrected"], county(), SINCE, load_law())


@pytest.mark.parametrize(
    ("body", "outcome", "missing"),
    [
        (county(reconsideration_authority=""), "granted", "government"),
        (county(court=""), "granted", "court"),
        (county(vertical=True), "denied_internal", "upper_department"),
    ],
)
def test_a_setting_that_is_missing_is_named(body: Body, outcome: str, missing: str) -> None:
    with pytest.raises(NoAuthority) as error:
        remedy_text(reply_letter(outcome), body, SINCE, load_law())
    assert error.value.missing == missing


def test_a_refusal_needs_no_court_by_name() -> None:
    assert "人民法院" in remedy_text(reply_letter("denied_process"), county(court=""), SINCE, load_law())


def test_a_vertical_body_names_its_upper_department() -> None:
    body = county(vertical=True, upper_department="云州市税务局", level="department")
    assert "云州市税务局" in remedy_text(reply_letter("granted"), body, SINCE, load_law())
