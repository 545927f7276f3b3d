"""From rows of cells to cases: which rows are cases, what stands in each column, what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from gongkai.platform.cases.past.days import FIRST, day_of
from gongkai.platform.cases.past.fields import BY_KEY, MOST_REMEDIES, Field, Shape, compared
from gongkai.platform.cases.past.mapping import Chosen
from gongkai.platform.cases.past.words import WORDS, outcome_of
from gongkai.platform.cases.past.workbook import Value, letters_of, text_of
from gongkai.platform.cases.services.numbers import is_document_number
from gongkai.platform.core.secrecy import marked_text

_TOTAL = re.compile(r"(合|总|小|共)\s*计|累计|本页合计")
_REMARK = re.compile(r"(注|备注|说明|填表|制表|审核|填报|单位负责人|联系人)\s*[人日单]?\w{0,4}\s*[:：]")
_EXACT = 1e15
"""A spreadsheet keeps fifteen digits of a number: of an identity number written as one the last are lost."""
_SHOWN = 80
"""Signs of what was found that a finding quotes."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something at a cell: where, what was found, what is wrong, and the mend (Chinese)."""

    field: str
    code: str
    message: str
    mend: str
    found: str = ""
    error: bool = True


@dataclass(frozen=True, slots=True)
class PastRow:
    """A row that is a case, as read: values by field, and what is wrong with their shape."""

    sheet: int
    row: int
    values: Mapping[str, Any]
    texts: Mapping[str, str]
    """What stood in each column, as a person reads it."""
    problems: tuple[Problem, ...] = ()

    def day(self, key: str) -> date | None:
        """The day in a column, ``None`` where it is blank."""
        return self.values.get(key)

    def text(self, key: str) -> str:
        """The text or choice in a column, ``""`` where it is blank."""
        return str(self.values.get(key) or "")


@dataclass(slots=True)
class Read:
    """What a book holds: its cases, and the rows that are none with the reason."""

    rows: list[PastRow] = field(default_factory=list[PastRow])
    skipped: list[tuple[int, int, str]] = field(default_factory=list[tuple[int, int, str]])


def read_rows(sheets: Sequence[Chosen], mapping: Mapping[str, str], *, today: date) -> Read:
    """The cases of the chosen sheets, in order. Empty rows, totals, notes and repeated headings are none."""
    found = Read()
    for one in sheets:
        columns = one.columns(mapping)
        headings = {heading.column: heading.text for heading in one.headings}
        for row in sorted(row for row in one.sheet.rows if row > one.last):
            cells = one.sheet.rows[row]
            why = _no_case(cells, columns, headings)
            if why is None:
                found.rows.append(_row(one.place, row, cells, columns, today))
            elif why:
                found.skipped.append((one.place, row, why))
    return found


def _no_case(
    cells: Mapping[int, Value], columns: Mapping[str, Any], headings: Mapping[int, str]
) -> str | None:
    """Why a row is no case; empty for an empty one, ``None`` for a case."""
    filled = {column: text for column, value in cells.items() if (text := text_of(value).strip())}
    ours = {one.column for one in columns.values()}
    mapped = [column for column in filled if column in ours]
    if not filled:
        return ""
    first = filled[min(filled)]
    if _TOTAL.fullmatch(first.strip(":： ")):
        return _("合计")
    if all(compared(headings.get(column, "")) == compared(text) for column, text in filled.items()):
        return _("重复的标题")
    number = columns.get("number")
    if len(filled) <= 2 and _REMARK.match(first) and (number is None or len(first) > 20 or len(mapped) < 2):
        return _("表下的说明")
    return None if mapped else _("没有对应的列")


def _row(
    place: int, row: int, cells: Mapping[int, Value], columns: Mapping[str, Any], today: date
) -> PastRow:
    values: dict[str, Any] = {}
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for key, heading in columns.items():
        value = cells.get(heading.column)
        text = text_of(value).strip()
        if value is None or not text:
            continue
        texts[key] = text
        read = _value(BY_KEY[key], value, text, today)
        if isinstance(read, Problem):
            problems.append(read)
        elif key == "outcome":
            values["outcome"], sub_kind = read
            if sub_kind:
                values.setdefault("sub_kind", sub_kind)
        else:
            values[key] = read
    return PastRow(place, row, values, texts, (*problems, *_lacking(values, texts)))


def _value(field: Field, value: Value, text: str, today: date) -> Any:
    """What stands in a cell, or what is wrong with it."""
    if re.fullmatch(r"#(REF!|VALUE!|DIV/0!|NAME\?|N/A|NULL!|NUM!)", text):
        return _wrong(field, "formula", _("公式出错"), _("改成要写的内容本身"), text)
    if (mark := marked_text(text)) is not None:  # not quoted: it must not stand here at all
        message = _("开头有密级标志（%(grade)s）") % {"grade": mark.grade}
        return _wrong(field, "secret_mark", message, _("去掉涉密内容；涉密的在案件里只登记涉密登记指引"))
    match field.shape:
        case Shape.DAY:
            return _day(field, value, text, today)
        case Shape.CHOICE:
            return _choice(field, text)
        case Shape.WHOLE:
            return _whole(field, text)
        case Shape.AMOUNT:
            return _amount(field, text)
        case Shape.TEXT:
            return _text(field, value, text)


def _wrong(field: Field, code: str, message: str, mend: str, found: str = "") -> Problem:
    quoted = found if len(found) <= _SHOWN else found[: _SHOWN - 1] + "…"
    return Problem(field.key, code, message, mend, quoted)


def _day(field: Field, value: Value, text: str, today: date) -> date | Problem:
    day = day_of(value)
    if isinstance(day, date):
        if day > today:
            return _wrong(field, "day_to_come", _("日期在今天以后"), _("核对年月日；没有发生的事空着"), text)
        return day
    told = {
        "day_ambiguous": (_("日期有两种读法"), _("写成 2024-03-05 或者 2024年3月5日")),
        "day_incomplete": (_("日期不全"), _("把年、月、日写全，如 2024-03-05")),
        "day_does_not_exist": (_("没有这一天"), _("核对年月日")),
        "day_before_all": (
            _("日期早于 %(day)s（政府信息公开条例开始施行）") % {"day": FIRST.isoformat()}, _("核对年份"),
        ),
        "day_unreadable": (_("这不是日期"), _("只写日期，如 2024-03-05；没有的空着，文字写到备注")),
    }  # fmt: skip
    return _wrong(field, day, *told[day], text)


def _choice(field: Field, text: str) -> Any:
    if field.key == "outcome":
        read: Any = outcome_of(text)
    else:
        read = WORDS[field.choices].read(text)
    if read is not None:
        return read
    labels = list(WORDS[field.choices].labels.values())
    if field.key == "outcome":
        mend = _(
            "写年报表三的办理结果，如“予以公开”“部分公开”“不予公开：国家秘密”；全部写法见模板的“填写说明”"
        )
    else:
        mend = _("写这些之一：%(words)s") % {"words": "、".join(labels)}
    return _wrong(field, "unknown_word", _("不能确定是哪一种"), mend, text)


def _whole(field: Field, text: str) -> int | Problem:
    plain = re.sub(r"(个?工作日|天|日)\Z", "", text).strip()
    if not plain.isascii() or not plain.isdecimal() or len(plain) > 4:
        return _wrong(field, "no_whole_number", _("不是整数"), _("只写数字，如 20"), text)
    return int(plain)


def _amount(field: Field, text: str) -> str | Problem:
    plain = re.sub(r"[,，\s¥￥元]", "", text)
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or amount < 0 or amount >= 10**9 or amount != amount.quantize(Decimal("0.01")):
        return _wrong(field, "no_amount", _("不是金额"), _("只写元数，如 120 或者 120.50"), text)
    return f"{amount:.2f}"


def _text(field: Field, value: Value, text: str) -> str | Problem:
    if isinstance(value, float) and abs(value) >= _EXACT:
        return _wrong(
            field, "rounded", _("表格软件当作数字存，后几位已经丢失"),
            _("把这一格设成文本格式，再按原件填写全部数字"), text,
        )  # fmt: skip
    if len(text) > field.longest:
        return _wrong(
            field, "too_long", _("太长：%(n)d 字") % {"n": len(text)},
            _("最多 %(most)d 字") % {"most": field.longest}, text,
        )  # fmt: skip
    if field.key in ("number", "reply_number"):
        text = re.sub(r"\s+", "", text).replace("﹝", "〔").replace("﹞", "〕")
        if not is_document_number(text):
            mend = _("只用汉字、字母、数字和〔〕()-_./:#，最多 60 字")
            return _wrong(field, "no_number", _("编号里有不能用的符号"), mend, text)
    return text


def _lacking(values: Mapping[str, Any], texts: Mapping[str, str]) -> Iterator[Problem]:
    """What must be there beside what is there; a cell that is filled wrongly is told already."""

    told: set[str] = set()

    def lacks(key: str, because: str = "") -> Iterator[Problem]:
        if key not in texts and key not in values and key not in told:
            told.add(key)
            name = BY_KEY[key].heading
            message = _("空着：%(because)s") % {"because": because} if because else _("空着")
            yield _wrong(BY_KEY[key], f"missing_{key}", message, _("填写“%(name)s”") % {"name": name})

    yield from lacks("channel")
    yield from lacks("applicant_kind")
    yield from lacks("name")
    if "title" not in texts:
        yield from lacks("description")
    if "came_on" not in texts:
        yield from lacks("received_on")
    if "received_on" in texts or values.get("channel") in ("counter", "registered_post", "oral", "superior"):
        yield from lacks("number", _("收到的申请都有编号"))
    for key, needs in _TOGETHER:
        if key in texts:
            yield from lacks(needs, _("“%(name)s”写了") % {"name": BY_KEY[key].heading})
    yield from _outcome_and_day(values, texts, lacks)


_TOGETHER: tuple[tuple[str, str], ...] = (
    ("correction_received", "correction_asked"),
    ("correction_lapsed", "correction_asked"),
    ("third_party_delivered", "third_party_asked"),
    ("third_party_answered", "third_party_asked"),
    ("third_party_answered", "third_party_consent"),
    ("third_party_lapsed", "third_party_asked"),
    ("third_party_told", "third_party_answered"),
    ("reasons_received", "reasons_asked"),
    ("reasons_received", "reasons_reasonable"),
    ("reasons_lapsed", "reasons_asked"),
    ("extension_told", "extension_days"),
    ("extension_days", "extension_told"),
    ("fee_notified", "fee_amount"),
    ("fee_delivered", "fee_notified"),
    ("fee_paid", "fee_notified"),
    ("fee_lapsed", "fee_notified"),
    ("dispatched", "reply_on"),
    ("delivered", "reply_on"),
    ("dispatched", "method"),
    ("delivered", "method"),
    ("reply_on", "outcome"),
    *(
        (f"remedy_{n}_{given}", f"remedy_{n}_{needs}")
        for n in range(1, MOST_REMEDIES + 1)
        for given, needs in (
            ("kind", "filed"), ("filed", "kind"), ("decided", "filed"), ("decided", "result"),
            ("result", "decided"),
        )
    ),
)  # fmt: skip
"""With the first column goes the second."""


def _outcome_and_day(values: Mapping[str, Any], texts: Mapping[str, str], lacks: Any) -> Iterator[Problem]:
    outcome = values.get("outcome")
    if outcome == "withdrawn":
        yield from lacks("withdrawn", _("办理结果是撤回"))
        if "reply_on" in texts and "withdrawn" in texts:
            yield _wrong(
                BY_KEY["reply_on"], "reply_and_withdrawal", _("撤回的申请没有答复"),
                _("撤回的只写撤回日；先答复、后来才说不要的，写答复结果，撤回日空着"), texts["reply_on"],
            )  # fmt: skip
    elif outcome is not None:
        yield from lacks("reply_on", _("写了办理结果"))


def place_said(row: int, column: int | None) -> str:
    """Where a cell is, as spreadsheets say it: ``D17``."""
    return f"{letters_of(column) if column else ''}{row}"
