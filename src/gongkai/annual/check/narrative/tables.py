"""Which cells the words of a narrative may mean, taken from the form's own rows and columns."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from gongkai.annual.check.narrative.against import Choice, choices
from gongkai.annual.form import Column, Form, Row
from gongkai.annual.model import Report

REQUESTS = "requests"
_TOTAL = "total"
# Steps that any request may go through, whatever its result (补正后受理): these name a row only with more.
_STEPS = frozenset({"第三方", "补正后"})
# What frames a label and is left out in running text.
_FRAME = re.compile(
    r"^(?:属于|申请人|本机关|要求(?:提供|行政机关)?|无正当理由|危及|保护|三类|四类)|"
    r"(?:类?申请|相关政府信息|政府信息)$"
)
_MARKS = re.compile(
    r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\)|（[一二三四五六七八九十]+）|\d+\.)|"
    r"[（(].*[）)]$"
)


@dataclass(frozen=True, slots=True)
class Named:
    """A word of the form and the keys of the rows or columns that it names."""

    word: str
    keys: tuple[str, ...]
    whole: bool
    """True for a group heading, False for a single row below one."""


def request_cell(row: str, column: str = _TOTAL) -> str:
    """Path of a cell of Table 3."""
    return f"{REQUESTS}.{row}.{column}"


def _bare(label: str) -> str:
    text = label
    while (shorter := _MARKS.sub("", text)) != text:
        text = shorter
    return text


def _rows(form: Form) -> tuple[Row, ...]:
    """Rows of Table 3; none where an added edition has no such table."""
    return next((g.blocks[0].rows for g in form.grids if g.id == REQUESTS), ())


def _columns(form: Form) -> tuple[Column, ...]:
    return next((g.blocks[0].columns for g in form.grids if g.id == REQUESTS), ())


def outcomes(form: Form) -> tuple[Named, ...]:
    """Result groups of Table 3 (予以公开 … 其他处理) and their single rows, longest word first.

    A group is every row below the same second heading; rows of one heading only (总计, 新收) are none.
    """
    groups: dict[str, list[str]] = {}
    named: list[Named] = []
    for row in _rows(form):
        if row.total or len(row.labels) < 2:
            continue
        groups.setdefault(_bare(row.labels[1]), []).append(row.key)
        if len(row.labels) > 2:
            named.extend(Named(word, (row.key,), whole=False) for word in _row_words(row))
    named.extend(Named(word, tuple(keys), whole=True) for word, keys in groups.items())
    return tuple(sorted(named, key=lambda n: -len(n.word)))


def _row_words(row: Row) -> tuple[str, ...]:
    """What running text calls a single result: its label, the label without its frame, its keywords."""
    words = [k for k in row.keywords if len(k) > 2 and k not in _STEPS and not k[0].isdigit()]
    label = _bare(row.labels[-1])
    if len(label) > 3:
        words.append(label)
        for part in re.split('[、“”"]', label):
            stem = part
            while len(shorter := _FRAME.sub("", stem)) > 3 and shorter != stem:
                stem = shorter
            # A part that only tells what happens then (行政机关不再处理…) stands in several rows.
            if len(stem) > 3 and "不再处理" not in stem:
                words.append(stem)
    return tuple(dict.fromkeys(words))


def outcome_words(form: Form) -> re.Pattern[str] | None:
    """Every word of a result, with two keywords of one row that a few words part (补正后…仍不明确).

    ``None`` if the form has no results.
    """
    named = outcomes(form)
    if not named:
        return None
    pairs = [
        f"{re.escape(first)}[^,#]{{0,8}}{re.escape(then)}"
        for row in _rows(form)
        for first in row.keywords
        for then in row.keywords
        if len(row.labels) > 2 and first != then and first not in then and then not in first
    ]
    return re.compile("|".join((*pairs, *(re.escape(n.word) for n in named))))


def applicants(form: Form) -> tuple[Named, ...]:
    """Kinds of applicant (columns of Table 3 and their groups); a column called 其他 alone is none."""
    groups: dict[str, list[str]] = {}
    named: list[Named] = []
    for column in _columns(form):
        if column.total:
            continue
        if len(column.labels) >= 3:
            groups.setdefault(column.labels[1], []).append(column.key)
        word = column.labels[-1] if column.labels else ""
        if len(word) > 2:
            named.append(Named(word, (column.key,), whole=False))
    named.extend(Named(word, tuple(keys), whole=True) for word, keys in groups.items())
    return tuple(sorted(named, key=lambda n: -len(n.word)))


def outcome_rows(form: Form) -> tuple[str, ...]:
    """Keys of every result row of Table 3."""
    return tuple(key for n in outcomes(form) if n.whole for key in n.keys)


def request_readings(report: Report, concept: str) -> tuple[Choice, ...]:
    """Admissible readings of a figure of requests, the likeliest first.

    收到 may mean new or new plus carried in; 办理 may mean closed or all that was on the table; what is
    answered, unlike what is closed, may leave out what ended without an answer.
    """
    new, carried = request_cell("new"), request_cell("carried_in")
    total, left = request_cell("total"), request_cell("carried_out")
    match concept:
        case "requests_new":
            return choices(report, [new])
        case "requests_received":
            return choices(report, [new], [new, carried])
        case "requests_handled" | "requests":
            known = choices(report, [total], [new], [new, carried])
            return known + _of_this_year(report, new, left)
        case "requests_closed":
            known = choices(report, [total], [new], [new, carried])
            return known + _of_this_year(report, new, left)
        case "requests_answered":
            known = choices(report, [total], [new], [new, carried], *_without_other(report.form))
            return known + _of_this_year(report, new, left)
        case "requests_carried_in":
            return choices(report, [carried])
        case "requests_carried_out":
            return choices(report, [left])
        case _:
            return ()


def _of_this_year(report: Report, new: str, left: str) -> tuple[Choice, ...]:
    """What was closed of this year's own requests: new less carried out."""
    if new not in report.form.cells or left not in report.form.cells:
        return ()
    received, open_still = report.value(new), report.value(left)
    if received is None or open_still is None or open_still > received:
        return ()
    return (Choice((new, left), received - open_still, blanks=False, open=False),)


def _without_other(form: Form) -> Iterable[tuple[str, ...]]:
    """Results less the last group (其他处理), which ends without an answer."""
    groups = [n for n in outcomes(form) if n.whole]
    rows = [r for r in _rows(form) if not r.total and len(r.labels) > 1]
    last = next((g for g in groups if rows and rows[-1].key in g.keys), None)
    if last is not None:
        yield tuple(request_cell(r.key) for r in rows if r.key not in last.keys)


def remedy_cells(form: Form, kinds: Iterable[str], result: str) -> tuple[str, ...]:
    """Cells of Table 4 for those blocks and that result, as far as the form has them."""
    return tuple(p for kind in kinds if (p := f"{kind}.{result}") in form.cells)
