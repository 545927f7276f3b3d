"""Tables printed in ways that invite a wrong number: each cell is right, or it is not read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest

from gongkai.annual.form import Form, form_for_edition
from gongkai.annual.model import Report
from gongkai.annual.read import read_bytes

FORM: Form = form_for_edition("2021")
ROWS = FORM.grid("requests").blocks[0].rows
COLUMNS = FORM.grid("requests").blocks[0].columns
APPLICANTS = [c.key for c in COLUMNS if not c.total]
OUTCOMES = [r.key for r in ROWS if r.key not in ("new", "carried_in", "total", "carried_out")]
KINDS = ("upheld", "corrected", "other", "pending")
BLOCKS = ("reconsideration", "litigation_direct", "litigation_after_reconsideration")
Truth = dict[str, int]


class Dice:
    """The same numbers for the same seed on every machine and version."""

    def __init__(self, seed: int) -> None:
        self._at = seed * 7919 + 17

    def roll(self, low: int, high: int) -> int:
        self._at = (self._at * 1103515245 + 12345) % 2**31
        return low + (self._at >> 8) % (high - low + 1)


def truth(seed: int) -> Truth:
    """Consistent tables in which nearly every number differs from its neighbours."""
    dice = Dice(seed)
    cells: Truth = {}
    for column in APPLICANTS:
        for row in OUTCOMES:
            cells[f"requests.{row}.{column}"] = dice.roll(1, 40)
        done = sum(cells[f"requests.{row}.{column}"] for row in OUTCOMES)
        out = dice.roll(1, 9)
        carried = dice.roll(1, 9)
        cells |= {f"requests.total.{column}": done, f"requests.carried_out.{column}": out}
        cells |= {f"requests.carried_in.{column}": carried, f"requests.new.{column}": done + out - carried}
    for row in ROWS:
        cells[f"requests.{row.key}.total"] = sum(cells[f"requests.{row.key}.{c}"] for c in APPLICANTS)
    for block in BLOCKS:
        for kind in KINDS:
            cells[f"{block}.{kind}"] = dice.roll(1, 30)
        cells[f"{block}.total"] = sum(cells[f"{block}.{k}"] for k in KINDS)
    return cells


def row_of(cells: Truth, row: str) -> list[int]:
    return [cells[f"requests.{row}.{c.key}"] for c in COLUMNS]


HEADS = [c.labels[-1] for c in COLUMNS]
Order = Sequence[int]
PLAIN: Order = range(len(COLUMNS))


def request_lines(
    cells: Truth, order: Order = PLAIN, *, heads: Sequence[str] | None = None
) -> list[list[str]]:
    lines = [["项目", *(heads if heads is not None else [HEADS[i] for i in order])]]
    for row in ROWS:
        values = row_of(cells, row.key)
        lines.append([row.labels[-1], *(str(values[i]) for i in order)])
    return lines


def html(lines: Sequence[Sequence[str]]) -> str:
    return (
        "<table>"
        + "".join("<tr>" + "".join(f"<td>{c}</td>" for c in r) + "</tr>" for r in lines)
        + "</table>"
    )


def pipes(lines: Sequence[Sequence[str]]) -> str:
    return "\n".join(" | ".join(r) for r in lines)


def page(*tables: str, mark: str = "<p>{}</p>") -> bytes:
    """A report with these tables in section three."""
    before = (
        "云溪县2023年政府信息公开工作年度报告",
        "一、总体情况",
        "2023年，云溪县公开工作平稳。",
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
    )
    after = ("五、存在的主要问题及改进情况", "改进解读。", "六、其他需要报告的事项", "无。")
    parts = [mark.format(t) for t in before] + list(tables) + [mark.format(t) for t in after]
    return "\n".join(parts).encode()


def read(data: bytes) -> Report:
    (report,) = read_bytes(data)
    return report


def wrong(report: Report, cells: Truth) -> dict[str, object]:
    return {p: report.value(p) for p, v in cells.items() if report.value(p) not in (None, v)}


def exact(report: Report, cells: Truth) -> int:
    return sum(1 for p, v in cells.items() if report.value(p) == v)


def requests_only(cells: Truth) -> Truth:
    return {p: v for p, v in cells.items() if p.startswith("requests.")}


ORDERS: Mapping[str, Order] = {
    "total first": (6, 0, 1, 2, 3, 4, 5),
    "organisations first": (1, 2, 3, 4, 5, 0, 6),
    "two organisations swapped": (0, 2, 1, 3, 4, 5, 6),
    "all turned round": (6, 5, 4, 3, 2, 1, 0),
}


@pytest.mark.parametrize("name", ORDERS)
@pytest.mark.parametrize("shape", [html, pipes])
def test_columns_in_another_order_are_known_by_their_headings(
    name: str, shape: Callable[[Sequence[Sequence[str]]], str]
) -> None:
    cells = requests_only(truth(7))
    mark = "<p>{}</p>" if shape is html else "{}"
    report = read(page(shape(request_lines(cells, ORDERS[name])), mark=mark))
    assert wrong(report, cells) == {}
    assert exact(report, cells) == len(cells)


def test_headings_that_cannot_be_told_are_not_read_by_position() -> None:
    cells = requests_only(truth(8))
    heads = ["商业企业", "个人", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
    order = (1, 0, 2, 3, 4, 5, 6)
    report = read(page(html(request_lines(cells, order, heads=heads))))
    assert wrong(report, cells) == {}
    assert {f.code for f in report.reading} & {"AR-R-003", "AR-R-007", "AR-R-002", "AR-R-008"}


def test_headings_in_a_table_of_their_own_count_for_the_table_below() -> None:
    cells = requests_only(truth(9))
    lines = request_lines(cells, (0, 2, 1, 3, 4, 5, 6))
    report = read(page(html(lines[:1]), html(lines[1:])))
    assert wrong(report, cells) == {}


@pytest.mark.parametrize("shape", [html, pipes])
def test_a_table_of_another_year_beside_this_years_is_not_taken_for_it(
    shape: Callable[[Sequence[Sequence[str]]], str],
) -> None:
    now, before = requests_only(truth(10)), requests_only(truth(11))
    mark = "<p>{}</p>" if shape is html else "{}"
    report = read(page(shape(request_lines(before)), shape(request_lines(now)), mark=mark))
    assert wrong(report, now) == {}
    assert "AR-R-011" in {f.code for f in report.reading}


def test_a_row_printed_twice_with_other_numbers_is_not_read() -> None:
    cells = requests_only(truth(12))
    lines = request_lines(cells)
    twice = [*lines[:-1], [lines[-1][0], "999", *lines[-1][2:]], lines[-1]]
    report = read(page(html(twice)))
    assert wrong(report, cells) == {}
    assert report.value("requests.carried_out.natural_person") is None


@pytest.mark.parametrize(
    "label", ["小计", "五、其他事项", "上年同期收到数量", "上年新收政府信息公开申请数量", "备注"]
)
def test_another_row_in_the_place_of_one_of_the_form_is_not_taken_for_it(label: str) -> None:
    cells = requests_only(truth(13))
    lines = request_lines(cells)
    lines[1] = [label, "501", "502", "503", "504", "505", "506", "3021"]
    report = read(page(html(lines)))
    assert all(report.value(f"requests.new.{c.key}") is None for c in COLUMNS)


def test_one_number_over_two_rows_belongs_to_neither() -> None:
    cells = requests_only(truth(14))
    text = html(request_lines(cells))
    first, second = row_of(cells, "rejected_petition")[-1], row_of(cells, "rejected_repeat")[-1]
    start = text.index("2.重复申请")
    text = text[:start].replace(
        f"<td>{first}</td></tr><tr><td>", f"<td rowspan=2>{first + second}</td></tr><tr><td>"
    ) + text[start:].replace(f"<td>{second}</td></tr>", "</tr>", 1)
    assert "rowspan" in text
    report = read(page(text))
    assert wrong(report, cells) == {}


@pytest.mark.parametrize("printed", ["{}<sup>1</sup>", "<del>999</del>{}", "<s>99</s>{}", "{}①", "{}*"])
def test_a_note_or_a_struck_number_is_no_part_of_the_number(printed: str) -> None:
    cells = requests_only(truth(15))
    value = cells["requests.partial.natural_person"]
    lines = request_lines(cells)
    lines[4][1] = printed.format(value)
    assert wrong(read(page(html(lines))), cells) == {}


@pytest.mark.parametrize("word", ["待定", "15l", "二十二", "详见附件说明材料", "22件左右", "？"])
@pytest.mark.parametrize("column", [1, 4, 7])
@pytest.mark.parametrize("shape", [html, pipes])
def test_a_word_in_the_place_of_a_number_costs_that_cell_alone(
    word: str, column: int, shape: Callable[[Sequence[Sequence[str]]], str]
) -> None:
    cells = requests_only(truth(16))
    lines = request_lines(cells)
    lines[5][column] = word
    mark = "<p>{}</p>" if shape is html else "{}"
    report = read(page(shape(lines), mark=mark))
    assert wrong(report, cells) == {}
    assert exact(report, cells) >= len(cells) - len(COLUMNS)
    path = f"requests.{ROWS[4].key}.{COLUMNS[column - 1].key}"
    assert report.cell(path).state == "unreadable"


def remedies(cells: Truth, order: Sequence[str], kinds: Sequence[str]) -> str:
    names = {
        "reconsideration": "行政复议",
        "litigation_direct": "未经复议直接起诉",
        "litigation_after_reconsideration": "复议后起诉",
    }
    labels = {"upheld": "结果维持", "corrected": "结果纠正", "other": "其他结果", "pending": "尚未审结"}
    labels |= {"total": "总计"}
    top = "".join(f"<td colspan=5>{names[b]}</td>" for b in order)
    heads = "".join(f"<td>{labels[k]}</td>" for _ in order for k in kinds)
    values = "".join(f"<td>{cells[f'{b}.{k}']}</td>" for b in order for k in kinds)
    return f"<table><tr>{top}</tr><tr>{heads}</tr><tr>{values}</tr></table>"


ALL = (*KINDS, "total")


@pytest.mark.parametrize("order", [BLOCKS, BLOCKS[::-1], (BLOCKS[1], BLOCKS[2], BLOCKS[0])])
@pytest.mark.parametrize(
    "kinds", [ALL, ("total", *KINDS), ("corrected", "upheld", "other", "pending", "total")]
)
def test_table_four_is_read_by_its_headings_in_whatever_order(
    order: Sequence[str], kinds: Sequence[str]
) -> None:
    cells = truth(17)
    four = "<p>四、政府信息公开行政复议、行政诉讼情况</p>" + remedies(cells, order, kinds)
    report = read(page(html(request_lines(cells)), four))
    assert wrong(report, cells) == {}
    assert exact(report, cells) == len(cells)


def test_two_reports_are_two_though_the_first_has_lost_table_three() -> None:
    cells = requests_only(truth(18))
    first = page(mark="{}").decode().replace("工作平稳。", "工作平稳。" + "公开内容逐项审核后发布。" * 15)
    second = page(pipes(request_lines(cells)), mark="{}").decode().replace("2023", "2022")
    reports = read_bytes(f"{first}\n{second}".encode())
    assert [r.year for r in reports] == [2023, 2022]
    assert wrong(reports[1], cells) == {}
    assert all(reports[0].value(p) is None for p in cells)
