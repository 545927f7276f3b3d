"""Every setting that a case uses and nobody has read in its instrument changes something that can be seen.

Marks M (from memory) and V2 (second-hand) are what a legal office has to confirm; a setting that changes
nothing would be confirmed for nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.rules.scenario import read_events, words

import gongkai.rules.cases
import gongkai.rules.letters
from gongkai.rules.cases.clocks import Deadlines, deadlines
from gongkai.rules.cases.decide import Judged, judge
from gongkai.rules.law import Law, LocalRule, LocalValue, LocalValueRefused, Mark, load_law
from gongkai.rules.letters.remedies import ReplyBody, remedy_paragraph
from gongkai.rules.workdays import load_calendar

CALENDAR = load_calendar()
RECEIVED = "2026-03-02 收到申请"
Look = Callable[[Judged, Deadlines, Law], Any]


@dataclass(frozen=True)
class Setting:
    """A setting, its other value, a case, and what is seen under the law's value and under the other."""

    key: str
    value: Any
    look: Look
    before: Any
    after: Any
    lines: list[str] = field(default_factory=list)
    as_of: date = date(2026, 6, 30)


def due(clock: str) -> Look:
    return lambda _judged, shown, _law: shown[clock].due_on


def state(clock: str) -> Look:
    return lambda _judged, shown, _law: shown[clock].state.value


def shown(clock: str) -> Look:
    return lambda _judged, found, _law: found.get(clock) is not None


def refused(judged: Judged, _shown: Deadlines, _law: Law) -> list[str]:
    return [found.refusal.code for found in judged.refusals]


def road(judged: Judged, _shown: Deadlines, law: Law) -> str:
    reply = judged.state.replies[-1]
    return remedy_paragraph(reply.outcome, reply.issued_on, ReplyBody(**words()["body"]), law).road.value


ASKED = [RECEIVED, "2026-03-04 征求第三方意见", "2026-03-13 第三方答复"]
SENT = [RECEIVED, "2026-03-30 作出答复 方式=电子方式", "2026-03-30 发出答复", "2026-04-01 答复送达"]
SUED = "2026-04-10 提起复议或诉讼 案号=案一"
ANSWERED = [RECEIVED, "2026-03-03 作出答复", "2026-03-03 答复送达"]
CORRECTED = [RECEIVED, "2026-03-05 告知补正", "2026-03-16 收到补正"]

UNTOLD = [RECEIVED, "2026-03-10 作出答复 告知救济=否", "2026-03-10 答复送达"]

SETTINGS = [
    Setting("litigation_not_told_limit", 2, due("litigation_period"), date(2027, 3, 10), date(2028, 3, 10),
            UNTOLD),
    Setting("agency_period", 10, due("reply"), None, date(2026, 4, 14),
            [RECEIVED, "2026-03-04 征求其他机关意见"]),
    Setting("correction_clock_from", "request", due("correction"), date(2026, 3, 30), date(2026, 3, 26),
            [RECEIVED, "2026-03-05 告知补正", "2026-03-09 补正告知送达"]),
    Setting("correction_further_round_period", 8, refused, ["further_round_late"], [],
            [*CORRECTED, "2026-03-26 告知补正"]),
    Setting("correction_response_period", 10, due("correction"), date(2026, 3, 26), date(2026, 3, 19),
            [RECEIVED, "2026-03-05 告知补正"]),
    Setting("electronic_reply_ends_clock", "delivery", state("reply"), "met", "late", SENT),
    Setting("exclusion_counts_answer_day", False, due("reply"), date(2026, 4, 9), date(2026, 4, 8), ASKED),
    Setting("exclusion_counts_sent_day", True, due("reply"), date(2026, 4, 9), date(2026, 4, 10), ASKED),
    Setting("extension_anew_after_restart", False, refused, [], ["extended_already"],
            [RECEIVED, "2026-03-04 告知延期答复", *CORRECTED[1:], "2026-03-20 告知延期答复"]),
    Setting("period_end_on_rest_day", "same_day", due("reconsideration_period"),
            date(2026, 5, 6), date(2026, 5, 2), ANSWERED),
    Setting("reasons_response_period", 5, refused, ["not_lapsed_yet"], [],
            [RECEIVED, "2026-03-04 要求说明理由", "2026-03-12 逾期未说明理由"]),
    Setting("rehandling_period", 10, due("reply"), date(2026, 5, 9), date(2026, 4, 22),
            [*ANSWERED, "2026-04-08 撤销答复", "2026-04-08 重新办理"]),
    Setting("web_auto_confirm", False, shown("confirmation"), False, True,
            ["2026-03-02 申请提交 渠道=互联网渠道"]),
    Setting("fee_clock", "resume", due("reply"), date(2026, 4, 14), date(2026, 4, 9),
            [RECEIVED, "2026-03-05 收费通知", "2026-03-16 缴费"]),
    Setting("fee_payment_period", 10, due("fee"), date(2026, 4, 3), date(2026, 3, 20),
            [RECEIVED, "2026-03-05 收费通知", "2026-03-06 收费通知送达"]),
    Setting("defence_litigation_period", 10, due("defence"), date(2026, 4, 27), date(2026, 4, 20),
            [*ANSWERED, f"{SUED} 事项=未经复议直接起诉 到达机关=2026-04-10"]),
    Setting("defence_reconsideration_period", 7, due("defence"), date(2026, 4, 24), date(2026, 4, 21),
            [*ANSWERED, f"{SUED} 到达机关=2026-04-10"]),
    Setting("reconsideration_first_inquiry", True, road, "either", "reconsideration_first",
            [RECEIVED, "2026-03-03 作出答复 结果=不予公开：行政查询事项"]),
    Setting("reconsideration_first_partial", False, road, "reconsideration_first", "either",
            [RECEIVED, "2026-03-03 作出答复 结果=部分公开"]),
    Setting("reconsideration_first_silence", True, shown("litigation_period"), True, False, [RECEIVED]),
]  # fmt: skip


def _seen(setting: Setting, law: Law) -> Any:
    events, _ = read_events(setting.lines)
    judged = judge(events, law, CALENDAR)
    return setting.look(judged, deadlines(judged.state, law, CALENDAR, setting.as_of), law)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda s: s.key)
def test_a_setting_alone_changes_what_is_seen(setting: Setting) -> None:
    law = load_law()
    first = law.parameter(setting.key).values[0].effective_from
    other = law.with_local([LocalValue(setting.key, setting.value, first, "某县规定")])
    assert _seen(setting, law) == setting.before
    assert _seen(setting, other) == setting.after
    assert setting.before != setting.after


def _unread() -> list[str]:
    """Parameters that a case uses and whose value nobody has read in its instrument."""
    folders = [Path(str(module.__file__)).parent for module in (gongkai.rules.cases, gongkai.rules.letters)]
    source = "".join(path.read_text(encoding="utf-8") for at in folders for path in at.glob("*.py"))
    law = load_law()
    found: list[str] = []
    for parameter in map(law.parameter, law.keys()):
        marks = {value.mark for value in parameter.values}
        if f'"{parameter.key}"' in source and marks & {Mark.MEMORY, Mark.SECOND_HAND}:
            found.append(parameter.key)
    return found


def test_every_unread_setting_of_a_case_is_tried() -> None:
    law = load_law()
    open_to_bodies = {key for key in _unread() if law.parameter(key).local is not LocalRule.FIXED}
    assert open_to_bodies == {setting.key for setting in SETTINGS}


def test_no_setting_of_requests_remedies_or_fees_is_without_effect() -> None:
    law = load_law()
    settings = {
        parameter.key
        for parameter in map(law.parameter, law.keys())
        if parameter.topic in ("request", "remedies", "fees") and parameter.local is LocalRule.SETTING
    }
    assert settings <= {setting.key for setting in SETTINGS}


@pytest.mark.parametrize(
    "key", [key for key in _unread() if load_law().parameter(key).local is LocalRule.FIXED]
)
def test_what_is_a_right_of_others_cannot_be_set(key: str) -> None:
    law = load_law()
    last = law.parameter(key).values[-1]
    with pytest.raises(LocalValueRefused):
        law.with_local([LocalValue(key, last.value, last.effective_from, "某县规定")])
