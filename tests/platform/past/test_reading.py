"""What offices' spreadsheets look like: days, headings over headings, merged cells, hostile files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import xlsxwriter
from tests.platform.conftest import TODAY

from gongkai.platform.cases.past.checking import chosen_sheets, sheets_set
from gongkai.platform.cases.past.days import day_of
from gongkai.platform.cases.past.mapping import proposed
from gongkai.platform.cases.past.rows import Read, read_rows
from gongkai.platform.cases.past.words import outcome_of
from gongkai.platform.cases.past.workbook import BookRefused, Value, read_book

DAY = date(2024, 3, 5)


@pytest.mark.parametrize(
    "written",
    [
        DAY, 45356, 45356.75, 20240305, "2024-03-05", "2024/3/5", "2024.3.5", "2024. 3. 5", "20240305",
        "2024年3月5日", "2024年03月05号", "２０２４年３月５日", "二〇二四年三月五日", "2024-03-05 10:30:00",
        "2024-03-05T02:30:00Z", "2024年3月5日 上午9:30", "2024年3月5日（星期二）", "2024、3、5",
    ],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(written: Value) -> None:
    assert day_of(written) == DAY


@pytest.mark.parametrize(
    ("written", "trouble"),
    [
        ("3/5/2024", "day_ambiguous"), ("03-05-2024", "day_ambiguous"), ("24.3.5", "day_ambiguous"),
        ("24年3月5日", "day_ambiguous"), ("2024年3月", "day_incomplete"), ("2024.3", "day_incomplete"),
        ("3月5日", "day_incomplete"), ("2024-2-30", "day_does_not_exist"),
        ("2024-13-01", "day_does_not_exist"),
        ("1924-03-05", "day_before_all"), ("已送达", "day_unreadable"), (5, "day_unreadable"),
        ("2024-03-05、2024-03-09", "day_unreadable"),
    ],
)  # fmt: skip
def test_a_day_that_could_be_another_is_not_guessed(written: Value, trouble: str) -> None:
    assert day_of(written) == trouble


def test_december_and_tens_in_chinese_signs() -> None:
    assert day_of("二〇二四年十二月三十一日") == date(2024, 12, 31)
    assert day_of("二〇二四年十月二十日") == date(2024, 10, 20)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("（一）予以公开", ("granted", "")), ("8.属于行政查询事项", ("denied_inquiry", "")),
        ("信息不存在", ("unavailable_not_held", "not_held")), ("撤回", ("withdrawn", "")),
        ("部分公开（区分处理的，只计这一情形，不计其他情形）", ("partial", "")),
        ("不予公开", None), ("已答复", None),
    ],
)  # fmt: skip
def test_an_outcome_is_read_by_the_official_label_or_not_at_all(written: str, read: Any) -> None:
    assert outcome_of(written) == read


def workbook(fill: Callable[[Any, Any], None], **options: Any) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, options) as book:
        fill(book, book.add_worksheet("2023年"))
    return file.getvalue()


def read(content: bytes) -> tuple[Read, dict[str, str]]:
    sheets = read_book(content)
    chosen = chosen_sheets(sheets, sheets_set(sheets))
    mapping = proposed([heading for one in chosen for heading in one.headings], {})
    return read_rows(chosen, mapping, today=TODAY), mapping


def two_storeys(book: Any, sheet: Any) -> None:
    sheet.merge_range("A1:H1", "2023年度依申请公开台账")
    for column, heading in enumerate(("编号", "申请人", "申请人类别", "申请方式", "申请内容", "收到日期")):
        sheet.merge_range(1, column, 2, column, heading)
    sheet.merge_range("G2:H2", "补正")
    sheet.write_row("G3", ["告知日期", "收到日期"])
    sheet.write_row("A4", ["1号", "演示一", "自然人", "网上", "甲", "2023.5.4", "2023.5.8", "2023.5.12"])
    sheet.write_row("A5", ["2号", None, "自然人", "网上", "乙", "2023.5.4"])
    sheet.merge_range("B4:B5", "演示一")
    sheet.write_row("A7", ["合 计", None, None, None, "2件"])
    sheet.write_row("A8", ["注：以上为依申请公开台账，含网上申请的全部案件，未含咨询"])


def test_headings_over_headings_and_merged_cells_are_read_together() -> None:
    found, mapping = read(workbook(two_storeys))
    assert mapping["补正告知日期"] == "correction_asked"
    assert mapping["补正收到日期"] == "correction_received"
    first, second = found.rows
    assert first.day("correction_received") == date(2023, 5, 12)
    assert (second.text("name"), second.text("number")) == ("演示一", "2号")
    assert [(row, why) for _sheet, row, why in found.skipped] == [(7, "合计"), (8, "表下的说明")]


def test_several_sheets_are_read_one_after_the_other() -> None:
    def fill(book: Any, sheet: Any) -> None:
        for one in (sheet, book.add_worksheet("2024年"), book.add_worksheet("代码表")):
            if one.get_name() == "代码表":
                one.write_row("A1", ["甲", "乙"])
                continue
            one.write_row("A1", ["登记编号", "姓名", "申请人类型", "渠道", "标题", "收到日"])
            one.write_row("A2", [f"{one.get_name()[:4]}-1", "演示", "公民", "窗口", "甲", "2024-1-8"])

    found, _mapping = read(workbook(fill))
    assert [(row.sheet, row.text("number")) for row in found.rows] == [(1, "2023-1"), (2, "2024-1")]


def test_days_of_the_old_macintosh_are_days() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_datetime("A1", DAY, book.add_format({"num_format": "yyyy/m/d"}))

    (sheet,) = read_book(workbook(fill, date_1904=True))
    assert sheet.rows[1][1] == DAY


def changed(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The file with one of its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            data = old.read(part.filename)
            new.writestr(part.filename, change(data) if part.filename == name else data)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("part", "change", "code"),
    [
        (SHEET, lambda _data: b"<" + b"a" * 90 * 2**20, "too_large"),
        (SHEET, lambda data: b'<!DOCTYPE a [<!ENTITY b "c">]>' + data, "entities"),
        (SHEET, lambda data: data[:-20], "damaged"),
        (SHEET, lambda _d: b"<s><d>" + b"<row><c><v>1</v></c></row>" * 20_001 + b"</d></s>", "too_many_rows"),
        ("xl/workbook.xml", lambda data: data.replace(b"<sheet ", b"<other "), "no_sheet"),
    ],
    ids=["bomb", "entities", "cut", "rows", "empty"],
)
def test_a_hostile_file_is_refused_before_it_costs_anything(
    part: str, change: Callable[[bytes], bytes], code: str
) -> None:
    with pytest.raises(BookRefused) as refused:
        read_book(changed(workbook(two_storeys), part, change))
    assert refused.value.code == code


def test_a_merged_range_over_the_whole_sheet_costs_no_more_than_its_rows() -> None:
    content = changed(
        workbook(two_storeys), SHEET, lambda data: data.replace(b'ref="B4:B5"', b'ref="B4:XFD1048576"')
    )
    (sheet,) = read_book(content)
    assert max(sheet.rows) == 8
