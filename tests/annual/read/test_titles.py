"""Titles: also those that were too long for their line."""

from __future__ import annotations

import pytest

from gongkai.annual.read import read_bytes
from gongkai.annual.read.outline import wrapped_title

REPORT = """{title}
本报告按照《中华人民共和国政府信息公开条例》编制，所列数据的统计期限为2024年1月1日至2024年12月31日。
一、总体情况
全年公开信息12条。
二、主动公开政府信息情况
规章 | 0 | 0 | 0
行政规范性文件 | 1 | 0 | 4
行政许可 | 20
行政处罚 | 3
行政强制 | 0
行政事业性收费 | 0
三、收到和处理政府信息公开申请情况
一、本年新收政府信息公开申请数量 | 1 | 0 | 0 | 0 | 0 | 0 | 1
四、政府信息公开行政复议、行政诉讼情况
没有。
五、存在的主要问题及改进情况
公开不够及时，已改进。
六、其他需要报告的事项
无。
云溪县人民政府办公室
2025年1月22日
"""


@pytest.mark.parametrize(
    "title",
    [
        "云溪县人民政府2024年政府信息公开工作年\n度报告",
        "云溪县人民政府2024\n年政府信息公开工作年度报告",
        "云溪县人民政府2024年政府信息公开工\n作年度\n报告",
        "云溪县人民政府\n2024年政府信息公开工作年度报告",
        "云溪县人民政府\n2024年政府信息公开工作年\n度报告",
    ],
)
def test_a_title_over_several_lines_is_one_title(title: str) -> None:
    (report,) = read_bytes(REPORT.format(title=title).encode())
    assert report.title == "云溪县人民政府2024年政府信息公开工作年度报告"
    assert report.body == "云溪县人民政府"
    assert report.year == 2024
    assert report.sections["0"].startswith("本报告按照")


@pytest.mark.parametrize(
    "lines",
    [
        ["2025年1月22日", "云溪县政府信息公开工作年", "度报告"],
        ["首页 > 2024", "年政府信息公开工作年度报告"],
        ["发布日期:2025-01-22", "云溪县2024年政府信息公开工作年度报告"],
        ["云溪县2023年政府信息公开", "云溪县2024年政府信息公开工作年度报告"],
        ["2024年，全县公开信息12条。", "政府信息公开工作年度报告"],
        ["云溪县2024年政府信息公开工作年度报告", "本报告"],
        [""],
    ],
)
def test_lines_above_a_title_are_no_part_of_it(lines: list[str]) -> None:
    assert wrapped_title(lines) == 0


def test_two_reports_with_titles_over_two_lines_are_two() -> None:
    first = REPORT.format(title="云溪县人民政府2024年政府信息公开工作年\n度报告")
    second = REPORT.format(title="石桥乡人民政府2024年政府信息公开工作年\n度报告")
    found = read_bytes((first + second).encode())
    assert [r.body for r in found] == ["云溪县人民政府", "石桥乡人民政府"]
