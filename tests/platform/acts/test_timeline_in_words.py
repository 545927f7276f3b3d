"""What an entry of the timeline says of its payload."""

from __future__ import annotations

import pytest

from gongkai.platform.cases.showing.names import Names
from gongkai.platform.cases.showing.timeline import payload_said


@pytest.mark.parametrize(
    ("kind", "basis", "label", "said"),
    [
        ("fee.notified", "fee_per_case", "计收方式", "按件计收"),
        (
            "reply.issued",
            ["ogi_regulation_2019:16.1", "ogi_regulation_2019:36..3"],
            "依据",
            "《中华人民共和国政府信息公开条例》第十六条第一款、第三十六条第三项",
        ),
        ("reply.issued", ["fee_measures_2020"], "依据", "《政府信息公开信息处理费管理办法》"),
        ("reply.issued", ["a_later_law:7"], "依据", "a_later_law:7"),
    ],
)
def test_a_basis_is_a_schedule_of_fees_or_the_articles_of_a_reply(
    kind: str, basis: object, label: str, said: str
) -> None:
    found = {one.label: one.value for one in payload_said(kind, {"basis": basis}, Names({}), {})}
    assert found == {label: said}


def test_parts_and_stages_are_said_in_words() -> None:
    parts = [
        {"part": "part-1", "disclosed": True},
        {"disclosed": False, "ground": "denied_process"},
        {"part": "annex", "disclosed": False},
    ]
    (said,) = payload_said("reply.issued", {"parts": parts}, Names({}), {})
    assert said.value == "第 1 部分公开；第 2 部分不公开，不予公开：过程性信息；annex 不公开"
    (said,) = payload_said("remedy.decided", {"instance": "first"}, Names({}), {})
    assert (said.label, said.value) == ("审级", "一审")


@pytest.mark.parametrize("kind", ["task.done", "task.returned"])
def test_the_end_of_a_task_says_what_it_was(kind: str) -> None:
    (said,) = payload_said(kind, {"kind": "legal_review"}, Names({}), {})
    assert (said.label, said.value) == ("办什么", "法制审核")
