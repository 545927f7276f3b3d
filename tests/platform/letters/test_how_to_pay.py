"""How a fee is paid is a setting of the body: in the form at first, in the letter unless more was said."""

from __future__ import annotations

import pytest
from tests.platform.conftest import TODAY, Place
from tests.platform.letters.conftest import Case
from tests.platform.letters.pages import log_in

from gongkai.platform.cases.services.acting import Step
from gongkai.platform.cases.services.letters import LetterIncomplete, perform_with_letter
from gongkai.platform.core import private
from gongkai.platform.core.services.bodies import change_body

WINDOW = "持本通知到县财政局非税收入窗口缴纳"
FEE = Step("fee.notified", TODAY, {"amount": "100.00", "basis": "fee_per_case"}, {"reason": "当月第十一件"})


def set_way(county: Place) -> None:
    actor = county.actor("system_administrator")
    change_body(body=county.body, fields={"how_to_pay": WINDOW}, actor=actor)


def write(case: Case, **texts: str) -> str:
    step = Step(FEE.kind, FEE.occurred_on, FEE.payload, {**FEE.texts, **texts})
    _done, letter = perform_with_letter(
        body=case.place.body, stream=case.stream, step=step, expected_seq=case.seq,
        actor=case.place.actor("handler"),
    )  # fmt: skip
    assert letter is not None
    return str(private.read_many([letter.text])[letter.text]["text"])


def test_the_setting_stands_in_the_form_and_in_the_letter(case: Case, county: Place) -> None:
    set_way(county)
    page = log_in(county, "handler").get(f"/desk/cases/{case.stream}/acts/fee.notified/")
    assert WINDOW in page.content.decode()
    assert WINDOW in write(case)


def test_what_is_said_with_the_act_goes_before_the_setting(case: Case, county: Place) -> None:
    set_way(county)
    text = write(case, how_to_pay="扫描背面的缴款码")
    assert "缴款码" in text and WINDOW not in text


def test_without_either_the_letter_is_not_written(case: Case) -> None:
    with pytest.raises(LetterIncomplete):
        write(case)
