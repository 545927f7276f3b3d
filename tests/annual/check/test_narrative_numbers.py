"""Figures are read as printed, and what only looks like a figure is not."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.annual.check.narrative.numbers import (
    Bound,
    NumeralKind,
    mask,
    read_numerals,
)


@pytest.mark.parametrize(
    ("text", "value", "unit", "bound"),
    [
        ("公告信息2,408条", 2408, "条", Bound.EXACT),
        ("各类信息36,528条", 36528, "条", Bound.EXACT),
        ("收费251000元", 251000, "元", Bound.EXACT),
        ("金额316.5万元", 3165000, "元", Bound.EXACT),
        ("涉及2.4亿元", 240000000, "元", Bound.EXACT),
        ("收到十五件", 15, "件", Bound.EXACT),
        ("收到三百二十件", 320, "件", Bound.EXACT),
        ("收到两件", 2, "件", Bound.EXACT),
        ("超过15万人次", 150000, "人次", Bound.AT_LEAST),
        ("受理500余个", 500, "个", Bound.AT_LEAST),
        ("达60个以上", 60, "个", Bound.AT_LEAST),
        ("用户数突破500万", 5000000, "", Bound.AT_LEAST),
        ("近300件", 300, "件", Bound.AT_MOST),
        ("约30件", 30, "件", Bound.ABOUT),
        ("30件左右", 30, "件", Bound.ABOUT),
        ("1127万余次", 11270000, "次", Bound.AT_LEAST),
        ("占75%", Decimal(75), "%", Bound.EXACT),
        ("百分之三十", Decimal(30), "%", Bound.EXACT),
        ("百分之12.5", Decimal("12.5"), "%", Bound.EXACT),
        ("提高2.5个百分点", Decimal("2.5"), "个百分点", Bound.EXACT),
    ],
)
def test_a_figure_is_read_with_its_scale_its_counter_and_its_roughness(
    text: str, value: int | Decimal, unit: str, bound: Bound
) -> None:
    (found,) = read_numerals(text)
    assert (found.value, found.unit, found.bound) == (value, unit, bound)


@pytest.mark.parametrize(
    "text",
    [
        "国办公开办函〔2019〕60号",
        "国务院令第711号",
        "第五十条第四项",
        "2021年1月1日起至2021年12月31日止",
        "20251月1日",
        "电话:0571-12345678",
        "电话:5512345,邮编:000000",
        "手机13800000000",
        "12345热线",
        "20个工作日",
        "《规划(2021-2035年)》",
        "2018年-2022年",
        "海报、H5等样式",
        "支持IPV6访问",
        "清溪路3号楼206室",
        "一是加强培训",
        "(一)主动公开",
        "二、依申请公开",
        "1.公开",
        "一件事一次办",
        "一次性告知",
        "第一时间",
        "九届四中、五中全会",
        "https://www.example.cn/col/col900100/index.html",
        "7×24小时",
        "上午9:30",
        "每一件申请",
    ],
)
def test_dates_document_numbers_and_list_marks_are_no_figures(text: str) -> None:
    assert read_numerals(text) == ()


@given(st.integers(0, 10**9))
def test_a_grouped_number_is_one_figure(number: int) -> None:
    (found,) = read_numerals(f"发布信息{number:,}条")
    assert found.value == number
    assert found.kind is NumeralKind.COUNT
    assert found.exact_count


@given(st.text(alphabet="收到申请0123456789,.%万余件条年月日第号(〔〕)一十百千、。 ", max_size=60))
def test_any_text_is_read_without_failing_and_masked_to_its_length(text: str) -> None:
    found = read_numerals(text)
    assert len(mask(text, found)) == len(text)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(text[n.start : n.end] for n in found)
