"""Damages of tables: labels, shape and values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from gongkai.annual.model import Number

from .content import Dice
from .sheet import Draft, Expect, Kind, Printed, Sheet, sheet_of

LABELS = {
    "结果维持": "结果维护",
    "总计": "合计",
    "（七）总计": "（七）合计",
    "行政规范性文件": "规范性文件",
    "商业企业": "商业 企业",
    "科研机构": "科研 机构",
}


def _labels(draft: Draft, change: Callable[[str], str], grid: str | None = None) -> Draft:
    return draft.edit_sheets(
        lambda s: s.edit(lambda c: c if c.kind is Kind.VALUE else replace(c, text=change(c.text))), grid
    )


def _values(draft: Draft, show: Callable[[str, Number | None], str]) -> Draft:
    """A copy whose values are printed by ``show``."""
    return draft.edit_sheets(
        lambda s: s.edit(
            lambda c: (
                c
                if c.path is None or c.path not in draft.values
                else replace(c, text=show(c.path, draft.values[c.path]))
            )
        )
    )


def label_variants(draft: Draft, _dice: Dice) -> Draft:
    """Misspelt and varied labels that real reports print."""
    pieces = {"只计": "只记", "不计": "不记", "信访举报投诉": "信访投诉举报"}

    def change(text: str) -> str:
        text = LABELS.get(text, text)
        for official, seen in pieces.items():
            text = text.replace(official, seen)
        return text

    return _labels(draft, change)


def label_character_missing(draft: Draft, dice: Dice) -> Draft:
    """One character of every long label is missing, never the first three."""

    def change(text: str) -> str:
        if len(text) < 9:
            return text
        at = dice.randint(4, len(text) - 1)
        return text[:at] + text[at + 1 :]

    return _labels(draft, change, "requests")


def definition_in_label(draft: Draft, _dice: Dice) -> Draft:
    """Definitions written into the label cells."""
    notes = {
        "规章": "规章（指本机关依立法权限制定的）",
        "行政规范性文件": "行政规范性文件（本单位制发的，含2 个以上单位联合制发的）",
        "规范性文件": "规范性文件（本单位制发的）",
        "行政复议": "行政复议（因政府信息公开被申请复议）",
        "行政诉讼": "行政诉讼（因政府信息公开被提起诉讼）",
        "2.重复申请": "2.重复申请（同一申请人就相同内容3次以上提出）",
    }
    return _labels(draft, lambda t: notes.get(t, t))


def last_year_named(draft: Draft, _dice: Dice) -> Draft:
    """``上一年项目数量 2019年``."""
    return _labels(draft, lambda t: f"{t} {draft.year - 1}年" if t == "上一年项目数量" else t)


def headers_cut(draft: Draft, _dice: Dice) -> Draft:
    """Heads of Table 4 cut at their line end: ``结果``, ``其他``, ``尚未``."""
    cut = {"结果纠正": "结果", "其他结果": "其他", "尚未审结": "尚未", "结果维持": "结果"}
    return _labels(draft, lambda t: cut.get(t, t), "remedies")


def headers_truncated(draft: Draft, _dice: Dice) -> Draft:
    """Heads of Table 3 with only their first two characters."""
    cut = {"商业企业": "商业", "科研机构": "科研", "社会公益组织": "社会公益", "法律服务机构": "法律服务"}
    return _labels(draft, lambda t: cut.get(t, t), "requests")


def group_label_cut(draft: Draft, _dice: Dice) -> Draft:
    """The group label of the refusals cut in two cells by a page break."""

    def change(sheet: Sheet) -> Sheet:
        cells: list[Printed] = []
        for c in sheet.cells:
            if c.kind is Kind.ROW and c.text == "（三）不予公开":
                upper = c.rows // 2
                cells.append(replace(c, text="（三）不予", rows=upper))
                cells.append(replace(c, text="公开", row=c.row + upper, rows=c.rows - upper))
            else:
                cells.append(c)
        return replace(sheet, cells=tuple(cells))

    return draft.edit_sheets(change, "requests")


def other_row(draft: Draft, _dice: Dice) -> Draft:
    """One row 其他处理 in a table of the 2021 edition; its cells stand for the three rows."""
    form = draft.form
    block = form.grid("requests").blocks[0]
    alternate = block.alternates[0]
    truth: dict[str, Number | None] = {}
    for column in block.columns:
        parts = [block.path(r, column.key) for r in alternate.stands_for]
        truth[block.path(alternate.key, column.key)] = sum(int(draft.values[p] or 0) for p in parts)
        truth.update(dict.fromkeys(parts))
    changed = draft.truth(truth)
    gone = [p for p in truth if p in form.cells]
    sheet = sheet_of(form.grid("requests"), changed.values, alternate=True)
    return changed.edit_sheets(lambda _s: sheet, "requests").owe(Expect.LOOSE, gone)


def _value_columns(sheet: Sheet) -> list[int]:
    return sorted({c.column for c in sheet.cells if c.kind is Kind.VALUE})


def subtotal_column(draft: Draft, _dice: Dice) -> Draft:
    """A column 小计 of the organisations before the total."""

    def change(sheet: Sheet) -> Sheet:
        last = _value_columns(sheet)[-1]
        group = next(c for c in sheet.cells if c.text == "法人或其他组织")
        wide = sheet.shift_columns(last - 1)
        cells = [replace(c, columns=c.columns + 1) if c.text == group.text else c for c in wide.cells]
        for line in sheet.lines():
            row = [c for c in line if c.kind is Kind.VALUE]
            if row:
                parts = sum(int(draft.values[c.path or ""] or 0) for c in row[1:-1])
                cells.append(Printed(str(parts), row[0].row, last, kind=Kind.VALUE))
        cells.append(Printed("小计", group.row + 1, last))
        return replace(wide, cells=tuple(sorted(cells, key=lambda c: (c.row, c.column))))

    return draft.edit_sheets(change, "requests")


def subtotal_column_text(draft: Draft, dice: Dice) -> Draft:
    """The same in a shape that loses spans: eight numbers for seven heads and one 小计."""
    return replace(subtotal_column(draft, dice)).owe(
        Expect.LOOSE, [p for p in draft.form.cells if p.startswith("requests.")]
    )


def empty_row(draft: Draft, _dice: Dice) -> Draft:
    """An empty row within each table."""

    def change(sheet: Sheet) -> Sheet:
        at = next(c.row for c in sheet.cells if c.kind is Kind.VALUE) - (1 if sheet.height < 6 else 0)
        wide = sheet.shift_rows(at)
        gaps = tuple(
            Printed("", at + 1, column)
            for column in range(wide.width)
            if not any(
                c.row <= at + 1 < c.row + c.rows and c.column <= column < c.column + c.columns
                for c in wide.cells
            )
        )
        return replace(wide, cells=tuple(sorted(wide.cells + gaps, key=lambda c: (c.row, c.column))))

    return draft.edit_sheets(change)


def empty_column(draft: Draft, _dice: Dice) -> Draft:
    """An empty column between labels and numbers."""

    def change(sheet: Sheet) -> Sheet:
        first = _value_columns(sheet)[0]
        if first == 0:
            return sheet
        wide = sheet.shift_columns(first - 1)
        gaps = tuple(
            Printed("", row, first)
            for row in range(wide.height)
            if not any(
                c.row <= row < c.row + c.rows and c.column <= first < c.column + c.columns for c in wide.cells
            )
        )
        return replace(wide, cells=tuple(sorted(wide.cells + gaps, key=lambda c: (c.row, c.column))))

    return draft.edit_sheets(change)


def _rows_of(sheet: Sheet) -> list[tuple[Printed, ...]]:
    rows = [tuple(c for c in line if c.kind is Kind.VALUE) for line in sheet.lines()]
    return [r for r in rows if r]


def _drop(
    draft: Draft,
    rows: Callable[[list[tuple[Printed, ...]]], list[tuple[Printed, ...]]],
    dice: Dice,
    expect: Expect,
) -> Draft:
    """Two cells of the chosen rows of Table 3 are gone; those after them move left."""
    owed: list[str] = []

    def change(sheet: Sheet) -> Sheet:
        gone: set[str | None] = set()
        moved: dict[str | None, int] = {}
        for row in rows(_rows_of(sheet)):
            out = dice.sample(range(1, len(row)), 2)
            left = row[0].column
            for index, c in enumerate(row):
                owed.append(c.path or "")
                if index in out:
                    gone.add(c.path)
                else:
                    moved[c.path] = left
                    left += 1
        kept = (c for c in sheet.cells if c.path is None or c.path not in gone)
        return replace(
            sheet, cells=tuple(replace(c, column=moved.get(c.path, c.column)) if c.path else c for c in kept)
        )

    return draft.edit_sheets(change, "requests").owe(expect, owed)


def five_of_seven_once(draft: Draft, dice: Dice) -> Draft:
    """One row of Table 3 prints five numbers for seven."""
    return _drop(draft, lambda rows: [dice.choice(rows[3:-2])], dice, Expect.TORN)


def five_of_seven_on(draft: Draft, dice: Dice) -> Draft:
    """From the first result row on, every row prints five numbers for seven."""
    return _drop(draft, lambda rows: rows[2:], dice, Expect.NONE)


def number_split(draft: Draft, _dice: Dice) -> Draft:
    """One number of Table 3 is printed as two, so that a row has eight for seven."""
    owed: list[str] = []

    def change(sheet: Sheet) -> Sheet:
        for row in _rows_of(sheet):
            whole = next((c for c in row if len(c.text) > 1), None)
            if whole is None:
                continue
            owed.extend(c.path or "" for c in row)
            cells: list[Printed] = []
            for c in sheet.cells:
                if c is whole:
                    cells.append(replace(c, text=c.text[:1]))
                    cells.append(Printed(c.text[1:], c.row, c.column + 1, kind=Kind.VALUE))
                elif c in row and c.column > whole.column:
                    cells.append(replace(c, column=c.column + 1))
                else:
                    cells.append(c)
            return replace(sheet, cells=tuple(cells), width=sheet.width + 1)
        return sheet

    changed = draft.edit_sheets(change, "requests")
    return changed.owe(Expect.TORN, owed)


def sixteen_for_fifteen(draft: Draft, dice: Dice) -> Draft:
    """Table 4 prints sixteen numbers for fifteen: one is there twice."""
    at = dice.randint(0, 13)

    def change(sheet: Sheet) -> Sheet:
        (row,) = _rows_of(sheet)
        cells = [c for c in sheet.cells if c not in row]
        doubled = [*row[: at + 1], replace(row[at], path=None), *row[at + 1 :]]
        cells += [replace(c, column=i) for i, c in enumerate(doubled)]
        return replace(sheet, cells=tuple(cells), width=sheet.width + 1)

    owed = [p for p, s in draft.form.cells.items() if s.grid == "remedies"]
    return draft.edit_sheets(change, "remedies").owe(Expect.TORN, owed)


def page_number(draft: Draft, dice: Dice) -> Draft:
    """A page number on a line of its own between two rows of Table 3."""

    def change(sheet: Sheet) -> Sheet:
        at = next(c.row for c in sheet.cells if c.text.startswith(("6.", "（四）")))
        tall = sheet.shift_rows(at - 1)
        number = Printed(dice.choice(("— 3 —", "- 4 -", "第 3 页 共 6 页")), at, 0, 1, 1, Kind.ROW)
        return replace(tall, cells=tuple(sorted((*tall.cells, number), key=lambda c: (c.row, c.column))))

    return draft.edit_sheets(change, "requests")


def row_dropped(draft: Draft, dice: Dice) -> Draft:
    """One row of Table 3 was never printed."""

    def change(sheet: Sheet) -> Sheet:
        row = dice.choice(_rows_of(sheet)[10:-2])
        key = (row[0].path or "").split(".")[1]
        gone.extend(c.path or "" for c in row)
        label = next(r.labels[-1] for r in draft.form.grid("requests").blocks[0].rows if r.key == key)
        return sheet.edit(lambda c: None if c in row or c.text == label else c)

    gone: list[str] = []
    changed = draft.edit_sheets(change, "requests")
    return changed.truth(dict.fromkeys(gone)).owe(Expect.LOOSE, gone)


def rows_swapped(draft: Draft, _dice: Dice) -> Draft:
    """重复申请 stands before 信访: labels decide, not the order."""

    def change(sheet: Sheet) -> Sheet:
        first = next(c.row for c in sheet.cells if c.text.startswith("2.重复"))
        swap = {first: first + 1, first + 1: first}
        cells = (replace(c, row=swap.get(c.row, c.row)) if c.rows == 1 else c for c in sheet.cells)
        return replace(sheet, cells=tuple(sorted(cells, key=lambda c: (c.row, c.column))))

    return draft.edit_sheets(change, "requests")


def columns_swapped(draft: Draft, _dice: Dice) -> Draft:
    """法律服务机构 stands before 社会公益组织: labels decide, not the order."""

    def change(sheet: Sheet) -> Sheet:
        first = next(c.column for c in sheet.cells if c.text == "社会公益组织")
        swap = {first: first + 1, first + 1: first}
        cells = [
            replace(c, column=swap.get(c.column, c.column)) if c.columns == 1 else c for c in sheet.cells
        ]
        return replace(sheet, cells=tuple(sorted(cells, key=lambda c: (c.row, c.column))))

    return draft.edit_sheets(change, "requests")


def _plain(value: Number | None) -> str:
    return "" if value is None else format(value, "f") if isinstance(value, Decimal) else str(value)


def thousands(draft: Draft, dice: Dice) -> Draft:
    """Thousands commas, of both widths."""
    comma = dice.choice((",", "，"))
    # A cell that the narrative does not speak of.
    spare = next(p for p in draft.values if p.startswith("proactive.punishment"))
    changed = draft.truth({spare: 1204305})
    return _values(changed, lambda _p, v: "" if v is None else f"{v:,}".replace(",", comma))


def marks(draft: Draft, dice: Dice) -> Draft:
    """Marks for nothing in place of some zeros; these cells are blank."""
    marked = {p: dice.choice("/-无—") for p, v in draft.values.items() if v == 0 and dice.random() < 0.3}
    changed = draft.truth(dict.fromkeys(marked))
    return _values(changed, lambda p, v: marked.get(p, _plain(v)))


def blanks(draft: Draft, dice: Dice) -> Draft:
    """Some zeros left empty."""
    empty = [p for p, v in draft.values.items() if v == 0 and dice.random() < 0.15]
    changed = draft.truth(dict.fromkeys(empty))
    return _values(changed, lambda _p, v: _plain(v))


def blank_zeroes(draft: Draft, _dice: Dice) -> Draft:
    """Every zero left empty."""
    changed = draft.truth({p: None for p, v in draft.values.items() if v == 0})
    return _values(changed, lambda _p, v: _plain(v))


def signed(draft: Draft, _dice: Dice) -> Draft:
    """``+20``, ``增10``, ``-35``, ``减5``, and a full-width sign."""
    shown: dict[str, tuple[int, str]] = {
        "proactive.licensing_change": (20, "+20"),
        "proactive.other_services_change": (10, "增10"),
        "proactive.punishment_change": (-35, "-35"),
        "proactive.coercion_change": (-5, "减5"),
        "proactive.fees_change": (-2, "－2"),
    }
    changed = draft.truth({p: v for p, (v, _) in shown.items()})
    return _values(changed, lambda p, v: shown[p][1] if p in shown else _plain(v))


def amounts(draft: Draft, dice: Dice) -> Draft:
    """``493.5万``, ``251000元``, ``1.2亿元``: the printed unit decides the factor."""
    value, text = dice.choice(
        (
            (4935000, "493.5万"),
            (251000, "251000元"),
            (4935000, "493.5万元"),
            (120000000, "1.2亿元"),
            (251000, "251,000.00元"),
        )
    )
    path = "proactive.procurement_amount_yuan"
    return _values(draft.truth({path: value}), lambda p, v: text if p == path else _plain(v))


def counters(draft: Draft, dice: Dice) -> Draft:
    """Counters and notes beside the number: ``12件``, ``22（其中修订16件）``."""
    # A cell that the narrative does not speak of.
    noted = next(p for p in draft.values if p.endswith(("normative_repealed", "normative_published")))
    changed = draft.truth({noted: 22})

    def show(path: str, value: Number | None) -> str:
        if path == noted:
            return "22（其中修订16件）"
        if path.startswith("proactive.licensing") or path.startswith("proactive.punishment"):
            return f"{_plain(value)}{dice.choice('件宗起项')}"
        return _plain(value)

    return _values(changed, show)


def not_a_number(draft: Draft, _dice: Dice) -> Draft:
    """Words where a number belongs: unreadable, and said so."""
    path = "proactive.normative_made"
    changed = draft.truth({path: None}).owe(Expect.NONE, [path])
    return _values(changed, lambda p, v: "详见附件" if p == path else _plain(v))
