"""The template of past cases, and a copy of an office's sheet in which faulty cells are marked."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import IO, Any, Protocol

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_range_abs

from gongkai.platform.cases.past.days import FIRST
from gongkai.platform.cases.past.fields import FIELDS, NEEDED, Field, Shape
from gongkai.platform.cases.past.mapping import EXPLAINED
from gongkai.platform.cases.past.words import WORDS
from gongkai.platform.cases.past.workbook import Sheet, Value
from gongkai.platform.cases.sheets import demonstration_note

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LAST_ROW = 20_000
_CHOICES_FROM = 6
"""The column of the explanations from which on the words of the choices stand."""
_LIST = "错误清单"
_NO_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_LONGEST_NAME = 31
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": False}


class Marked(Protocol):
    """A finding at a cell."""

    @property
    def row(self) -> int: ...
    @property
    def column(self) -> str: ...
    @property
    def place(self) -> int: ...
    @property
    def error(self) -> bool: ...
    @property
    def message(self) -> str: ...
    @property
    def mend(self) -> str: ...
    @property
    def found(self) -> str: ...
    @property
    def heading(self) -> str: ...
    @property
    def sheet(self) -> str: ...


def write_template(file: IO[bytes]) -> None:
    """An empty sheet with our headings, lists to choose from, and a sheet that explains each column."""
    book = xlsxwriter.Workbook(file, _OPTIONS)
    try:
        sheet = book.add_worksheet(_("案件"))
        explained = book.add_worksheet(EXPLAINED)
        needed = book.add_format({"bold": True, "bottom": 2, "text_wrap": True, "valign": "top"})
        free = book.add_format({"bottom": 1, "text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        text = book.add_format({"num_format": "@"})
        lists = _explain(book, explained)
        for column, field in enumerate(FIELDS):
            style = day if field.shape is Shape.DAY else text if field.shape is Shape.TEXT else None
            sheet.set_column(column, column, field.width, style)
            sheet.write_string(0, column, field.heading, needed if _is_needed(field) else free)
            sheet.data_validation(1, column, _LAST_ROW, column, _validation(field, lists))
        sheet.freeze_panes(1, 1)
        sheet.set_landscape()
        sheet.set_paper(8)
        sheet.repeat_rows(0)
    finally:
        book.close()


def _is_needed(field: Field) -> bool:
    return field.key in (*NEEDED, "description", "received_on")


def _explain(book: Any, sheet: Any) -> Mapping[str, str]:
    """Write what each column is for, and the words of the choices; gives where the words of each stand."""
    bold = book.add_format({"bold": True, "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for column, width in enumerate((18, 8, 12, 60, 4)):
        sheet.set_column(column, column, width)
    notes = (
        _("一行一件申请，写在“案件”表里。可以用本机关自己的表：上传以后把各列与这些栏目对应起来。"),
        _("日期写成 2024-03-05、2024.3.5、2024年3月5日都可以；3/5/2024 不行，月和日分不清。"),
        _("2019-05-15 以前收到的申请作为期初案件导入，只写收到、编号、答复、送达和复议诉讼。"),
        _("有一处错误，就一件也不导入；逾期答复等是事实，如实写，不算错误。"),
    )
    for line, note in enumerate(notes):
        sheet.write_string(line, 0, note)
    top = len(notes) + 1
    for column, heading in enumerate((_("栏目"), _("必填"), _("写什么"), _("说明"))):
        sheet.write_string(top, column, heading, bold)
    shapes = {
        Shape.TEXT: _("文字"), Shape.DAY: _("日期"), Shape.CHOICE: _("选词"), Shape.WHOLE: _("整数"),
        Shape.AMOUNT: _("金额"),
    }  # fmt: skip
    for line, field in enumerate(FIELDS, top + 1):
        sheet.write_string(line, 0, field.heading)
        sheet.write_string(line, 1, _("必填") if _is_needed(field) else "")
        sheet.write_string(line, 2, shapes[field.shape])
        sheet.write_string(line, 3, field.hint, wrapped)
    lists: dict[str, str] = {}
    titles = {field.choices: field.heading for field in reversed(FIELDS) if field.choices}
    for column, (name, title) in enumerate(reversed(titles.items()), _CHOICES_FROM):
        words = list(WORDS[name].labels.values())
        sheet.set_column(column, column, 22)
        sheet.write_string(top, column, _("可写：") + title, bold)
        for line, word in enumerate(words, top + 1):
            sheet.write_string(line, column, word)
        lists[name] = f"='{EXPLAINED}'!{xl_range_abs(top + 1, column, top + len(words), column)}"
    return lists


def _validation(field: Field, lists: Mapping[str, str]) -> dict[str, Any]:
    """What the spreadsheet itself says of what is typed: a warning, for the check decides."""
    shared = {"input_title": field.heading[:32], "input_message": field.hint[:255], "error_type": "warning"}
    match field.shape:
        case Shape.CHOICE:
            return {**shared, "validate": "list", "source": lists[field.choices]}
        case Shape.DAY:
            span = {"minimum": FIRST, "maximum": date(2099, 12, 31)}
            return {**shared, "validate": "date", "criteria": "between", **span}
        case Shape.WHOLE:
            return {**shared, "validate": "integer", "criteria": "between", "minimum": 1, "maximum": 20}
        case Shape.AMOUNT:
            return {**shared, "validate": "decimal", "criteria": ">=", "value": 0}
        case Shape.TEXT:
            return {**shared, "validate": "length", "criteria": "<=", "value": min(field.longest, 32_767)}


def write_marked(file: IO[bytes], sheets: Sequence[tuple[int, Sheet]], findings: Sequence[Marked]) -> int:
    """The sheets as they were read, faulty cells coloured with a note each, and a list of all; how many."""
    book = xlsxwriter.Workbook(file, _OPTIONS)
    try:
        at: dict[tuple[int, int], dict[str, list[Marked]]] = defaultdict(lambda: defaultdict(list))
        for one in findings:
            at[one.place, one.row][one.column or "A"].append(one)
        styles, names = _Styles(book), {_LIST}
        for place, sheet in sheets:
            target = book.add_worksheet(_sheet_name(sheet.name, names))
            for row in sorted({*sheet.rows, *(row for of, row in at if of == place)}):
                _write_row(target, row, sheet.rows.get(row, {}), at.get((place, row), {}), styles)
        _write_list(book.add_worksheet(_LIST), findings, styles)
    finally:
        book.close()
    return len(findings)


def _sheet_name(name: str, taken: set[str]) -> str:
    """The name, as far as a spreadsheet bears it: other programs allow longer ones, and other signs."""
    plain = _NO_NAME.sub("_", name)
    number, ending = 1, ""
    while True:
        kept = plain
        while len((kept + ending).encode("utf-16-le")) > 2 * _LONGEST_NAME:
            kept = kept[:-1]
        found = (kept + ending).strip("'") or "_"
        if found.lower() not in taken:
            taken.add(found.lower())
            return found
        number += 1
        ending = f"~{number}"


class _Styles:
    """The looks of cells."""

    def __init__(self, book: Any) -> None:
        day = {"num_format": "yyyy-mm-dd", "align": "left"}
        error, warning = {"bg_color": "#F8D0CC"}, {"bg_color": "#FBEFC4"}
        self.bold = book.add_format({"bold": True, "bottom": 1})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self._made = {
            (mark, dated, quoted): book.add_format(
                {**look, **(day if dated else {}), **({"quote_prefix": True} if quoted else {})}
            )
            for mark, look in (("", {}), ("error", error), ("warning", warning))
            for dated in (False, True)
            for quoted in (False, True)
        }

    def of(self, mark: str, *, dated: bool, quoted: bool) -> Any:
        return self._made[mark, dated, quoted]


def _write_row(
    target: Any, row: int, cells: Mapping[int, Value], marks: Mapping[str, Sequence[Marked]], styles: _Styles
) -> None:
    marked = {_number(letters): found for letters, found in marks.items()}
    for column in sorted({*cells, *marked}):
        found, value = marked.get(column, ()), cells.get(column)
        mark = "" if not found else "error" if any(one.error for one in found) else "warning"
        quoted = isinstance(value, str) and value.startswith(_FORMULA)
        style = styles.of(mark, dated=isinstance(value, date), quoted=quoted)
        match value:
            case None:
                target.write_blank(row - 1, column - 1, None, style)
            case date():
                target.write_datetime(
                    row - 1, column - 1, datetime(value.year, value.month, value.day), style
                )
            case str():
                target.write_string(row - 1, column - 1, value, style)
            case _:
                target.write_number(row - 1, column - 1, value, style)
        if found:
            said = "\n".join(f"{one.message}。{one.mend}。" for one in found)
            target.write_comment(row - 1, column - 1, said[:1000], {"x_scale": 2, "author": ""})


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _write_list(target: Any, findings: Sequence[Marked], styles: _Styles) -> None:
    line = 0
    if note := demonstration_note():
        target.write_string(0, 0, note)
        line = 1
    headings = (
        (_("工作表"), 16), (_("单元格"), 8), (_("栏目名"), 16), (_("轻重"), 8), (_("写的是"), 24),
        (_("问题"), 40), (_("怎样改"), 50),
    )  # fmt: skip
    for column, (heading, width) in enumerate(headings):
        target.set_column(column, column, width)
        target.write_string(line, column, heading, styles.bold)
    target.freeze_panes(line + 1, 0)
    for at, one in enumerate(findings, line + 1):
        level = _("错误") if one.error else _("提醒")
        texts = (
            one.sheet, f"{one.column}{one.row}", one.heading, level, one.found, one.message, one.mend,
        )  # fmt: skip
        for column, text in enumerate(texts):
            target.write_string(at, column, text, styles.wrapped)
