"""A template names variables and asks whether they are there; everything else is refused, with its line."""

from __future__ import annotations

import pytest

from gongkai.platform.cases.letters.facts import sample_values
from gongkai.platform.cases.letters.kinds import LETTERS
from gongkai.platform.cases.letters.sheet import blocks_of
from gongkai.platform.cases.letters.texts import (
    LONGEST,
    TemplateRefused,
    ValuesMissing,
    fill,
    guarded,
    problems_of,
)

EXTENSION = LETTERS["extension_notice"]
GOOD = "因{{ 理由 }}，延长{{ 延长工作日 }}个工作日。"
ESCAPES = [
    "{{ 理由.__class__.__mro__ }}", "{{ 理由['__class__'] }}", "{{ ''.join(理由) }}", "{{ 理由() }}",
    "{{ 理由|attr('__class__') }}", "{{ 理由|upper }}", "{{ self._TemplateReference__context }}",
    "{{ cycler.__init__.__globals__ }}", "{{ lipsum() }}", "{% for x in 理由 %}{{ x }}{% endfor %}",
    "{% for i in range(10**9) %}x{% endfor %}", "{{ '理由' * 100000000 }}", "{{ 1 }}", "{{ 理由 ~ 理由 }}",
    "{% set 理由 = '改' %}", "{% include 'x' %}", "{% import 'os' as 系统 %}", "{% extends 'x' %}",
    "{% macro 宏() %}{% endmacro %}", "{% call 理由() %}{% endcall %}", "{% filter upper %}x{% endfilter %}",
    "{% block 块 %}{% endblock %}", "{% with 乙 = 理由 %}{% endwith %}", "{{ 理由 is defined }}",
    "{{ 理由 if 理由 }}", "{{ [理由] }}", "{{ {'a': 理由} }}", "{{ 理由 in 事实 }}",
    "{% raw %}{% endraw %}{{ 1 }}",
    "{{ 理由 < 事实 }}", "{% autoescape false %}{% endautoescape %}",
]  # fmt: skip


@pytest.mark.parametrize("escape", ESCAPES)
def test_what_reaches_beyond_variables_and_conditions_is_refused(escape: str) -> None:
    text = f"{GOOD}\n{escape}"
    found = [problem for problem in problems_of(EXTENSION, text) if problem.code in ("forbidden", "syntax")]
    assert found
    assert all(problem.line in (None, 2) for problem in found)
    with pytest.raises(TemplateRefused):
        fill(EXTENSION, text, sample_values())


def test_conditions_are_allowed() -> None:
    asked = (
        "{% if 联系电话 and not 机关地址 %}甲{% elif 称谓 == '您' or 称谓 != '你' %}乙{% else %}丙{% endif %}"
    )
    text = GOOD + asked
    assert problems_of(EXTENSION, text) == ()
    assert fill(EXTENSION, text, sample_values()).endswith("乙")


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("  \n ", "empty", None),
        ("字" * (LONGEST + 1), "too_long", None),
        (GOOD + "\n第二行 {{ 没有的 }}", "unknown_variable", 2),
        (GOOD + "\n\n{% if 理由 %}", "syntax", 3),
        (GOOD + "\n{{ 理由", "syntax", 2),
        ("因{{ 理由 }}，延长二十个工作日。", "missing_variable", None),
        (GOOD + "{{ 检索情况 }}", "foreign_variable", None),
    ],
)
def test_a_mistake_is_named_with_its_line(text: str, code: str, line: int | None) -> None:
    found = problems_of(EXTENSION, text)
    assert (code, line) in {(problem.code, problem.line) for problem in found}
    assert all(problem.message.endswith("。") or "：" in problem.message for problem in found)


def test_a_value_that_would_be_printed_but_is_not_there_is_named() -> None:
    values = {**sample_values(), "理由": "", "联系电话": ""}
    with pytest.raises(ValuesMissing) as missing:
        fill(EXTENSION, GOOD + "{{ 联系电话 }}", values)
    assert missing.value.names == ("理由", "联系电话")


def test_a_value_asked_for_in_a_condition_may_be_missing() -> None:
    values = {**sample_values(), "联系电话": ""}
    assert "电话" not in fill(EXTENSION, GOOD + "{% if 联系电话 %}电话{{ 联系电话 }}{% endif %}", values)


def test_a_value_is_neither_a_template_nor_a_mark() -> None:
    values = {**sample_values(), "理由": "---\n# 标题\n| 甲 | 乙 |\n{{ 联系电话 }}{% if 1 %}"}
    text = fill(EXTENSION, "{{ 理由 }}\n延长{{ 延长工作日 }}个工作日。", values)
    assert [block.kind for block in blocks_of(text)] == ["paragraph"] * 5
    assert blocks_of(text)[3].text == "{{ 联系电话 }}{% if 1 %}"


def test_a_value_of_several_lines_stays_in_its_cell() -> None:
    text = f"| 内容 | {guarded('第一行|' + chr(10) + '| 第二行 |')} |\n| 末行 | 乙 |"
    (form,) = blocks_of(text)
    assert form.rows == (("内容", "第一行|\n| 第二行 |"), ("末行", "乙"))


@pytest.mark.parametrize(
    "deep",
    [
        "{% if 理由 %}" * 120 + "x" + "{% endif %}" * 120,
        "{% if " + " and ".join(["理由"] * 2500) + " %}x{% endif %}",
        "{% if " + "not " * 4000 + "理由 %}x{% endif %}",
    ],
)
def test_conditions_too_deep_to_be_filled_are_refused_when_they_are_saved(deep: str) -> None:
    (problem,) = problems_of(EXTENSION, f"{GOOD}\n{deep}")
    assert problem.code == "syntax" and "太深" in problem.message


def test_conditions_as_deep_as_somebody_writes_them_are_filled() -> None:
    chain = " or ".join(["理由"] * 9)
    nested = "{% if 理由 %}" * 8 + "内" + "{% endif %}" * 8
    made = fill(EXTENSION, f"{GOOD}\n{nested}{{% if {chain} %}}外{{% endif %}}", sample_values())
    assert "内外" in made
