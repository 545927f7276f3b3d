"""What stands in single cells: blanks, malformed numbers, units, values that cannot well be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from gongkai.annual.check.bodies import may_make_regulations, same_body
from gongkai.annual.check.registry import CheckContext, check
from gongkai.annual.findings import Finding, Verdict, finding
from gongkai.annual.form import CellSpec, ValueType
from gongkai.annual.model import CellState, Number, Report
from gongkai.annual.relations import BLANK_STATES

BLANKS = "AR-V-001"
UNREADABLE = "AR-V-002"
FRACTION = "AR-V-003"
NEGATIVE = "AR-V-004"
UNIT = "AR-V-005"
REGULATIONS = "AR-V-006"
YEAR_AS_COUNT = "AR-V-007"
HUGE = "AR-V-008"
HUGE_AMOUNT = "AR-V-011"
UNIT_LAST_YEAR = "AR-V-012"

HUGE_COUNT = 100_000_000
"""No office counts so many documents, decisions or requests in a year; telephone numbers are longer."""

HUGE_FEES = Decimal(10_000_000)
"""In 万元: a hundred billion yuan, about a quarter of what all local governments charge together."""

# This year's amount against last year's, where only the unit can have changed; trifles may well multiply.
_TEN_THOUSANDFOLD = (Decimal(5_000), Decimal(20_000))
_LEAST_AMOUNT = Decimal(1_000)

# Traditional and simplified forms side by side: the text is matched as it was printed.
_FEES = re.compile(
    r"事[业業]性收[费費][^。；;！!\n]{0,16}?(?P<amount>\d[\d,，]*(?:\.\d+)?)\s*(?P<unit>[万萬亿億]?元)"
)
_UNIT_IN_WAN = {"元": Decimal("0.0001"), "万元": Decimal(1), "亿元": Decimal(10000)}
_DECIMAL = re.compile(r"\d+[.．]\d*[1-9]\d*")
_MINUS = re.compile(r"[-−－]\s*\d[\d,，]*")


@check(
    "values",
    BLANKS,
    UNREADABLE,
    FRACTION,
    NEGATIVE,
    UNIT,
    REGULATIONS,
    YEAR_AS_COUNT,
    HUGE,
    HUGE_AMOUNT,
    UNIT_LAST_YEAR,
)
def values(context: CheckContext) -> Iterator[Finding]:
    """Cells looked at one by one; what reading has already said of a cell is not said again."""
    report = context.report
    told = {path for f in report.reading for path in f.cells} | {p for r in report.remnants for p in r.cells}
    yield from _blanks(report)
    for path in report.cells:
        spec = report.form.spec(path)
        yield from _malformed(report, spec, told)
    yield from _units(context)
    yield from _regulations(report)
    yield from _years_as_counts(context)


def _blanks(report: Report) -> Iterator[Finding]:
    """One note a table, naming its blank cells."""
    for grid in report.form.grids:
        cells = [s for s in report.form.cells.values() if s.grid == grid.id]
        blank = tuple(s.path for s in cells if report.cell(s.path).state in BLANK_STATES)
        if blank:
            shown = "、".join(report.form.spec(p).label for p in blank[:3])
            shown += " …" if len(blank) > 3 else ""
            yield finding(
                BLANKS,
                cells=blank,
                verdict=Verdict.CANNOT_TELL,
                values={"table": grid.title, "count": len(blank), "total": len(cells), "shown": shown},
            )


def _malformed(report: Report, spec: CellSpec, told: set[str]) -> Iterator[Finding]:
    cell = report.cell(spec.path)
    raw = (cell.raw or "").strip()
    values = {"where": spec.label, "raw": raw}
    number = cell.value
    whole = spec.type in (ValueType.COUNT, ValueType.SIGNED)
    fraction = number is not None and number != int(number)
    if whole and (fraction or (cell.state is CellState.UNREADABLE and _DECIMAL.fullmatch(raw))):
        yield finding(FRACTION, cells=(spec.path,), found=raw or str(number), values=values)
        return
    negative = number is not None and number < 0
    if spec.type is not ValueType.SIGNED and (
        negative or (cell.state is CellState.UNREADABLE and _MINUS.fullmatch(raw))
    ):
        yield finding(NEGATIVE, cells=(spec.path,), found=raw or str(number), values=values)
        return
    if cell.state is CellState.UNREADABLE and spec.path not in told:
        yield finding(UNREADABLE, cells=(spec.path,), found=raw, verdict=Verdict.CANNOT_TELL, values=values)
    if whole and number is not None and abs(number) >= HUGE_COUNT:
        yield finding(HUGE, cells=(spec.path,), found=number, values=values)


def _units(context: CheckContext) -> Iterator[Finding]:
    """A charge in the wrong unit: told by the narrative, by last year's report, or by its mere size."""
    report = context.report
    stated = [amount for text in report.sections.values() for amount in _stated_fees(text)]
    for spec in report.form.cells.values():
        if spec.type is not ValueType.WAN_YUAN:
            continue
        printed = report.value(spec.path)
        if printed is None or printed <= 0:
            continue
        # Each says the same of the cell, the surest first.
        told = (
            _against_text(spec, printed, stated)
            or _against_last_year(context, spec, Decimal(printed))
            or _against_size(spec, Decimal(printed))
        )
        if told is not None:
            yield told


def _against_text(spec: CellSpec, printed: Number, stated: list[tuple[Decimal, str]]) -> Finding | None:
    in_wan = [amount * _UNIT_IN_WAN[unit] for amount, unit in stated]
    if any(amount == printed for amount in in_wan):
        return None
    for (amount, unit), wan in zip(stated, in_wan, strict=True):
        # 10,000 times too large: the cell repeats an amount in yuan; too small: divided twice.
        if wan != 0 and Decimal(printed) in (wan * 10000, wan / 10000):
            return finding(
                UNIT,
                cells=(spec.path,),
                expected=wan,
                found=printed,
                values={"where": spec.label, "stated": f"{amount}{unit}"},
            )
    return None


def _against_last_year(context: CheckContext, spec: CellSpec, printed: Decimal) -> Finding | None:
    """About ten thousand times last year's amount, or its ten thousandth part."""
    this, last = context.report, context.last_year
    if last is None or spec.path not in last.form.cells or last.form.cells[spec.path].type is not spec.type:
        return None
    if this.body is not None and last.body is not None and not same_body(this.body, last.body):
        return None
    if this.year is not None and last.year is not None and last.year != this.year - 1:
        return None
    before = last.value(spec.path)
    if before is None or before <= 0:
        return None
    larger, smaller = max(printed, Decimal(before)), min(printed, Decimal(before))
    low, high = _TEN_THOUSANDFOLD
    if larger < _LEAST_AMOUNT or not low <= larger / smaller <= high:
        return None
    return finding(
        UNIT_LAST_YEAR,
        cells=(spec.path,),
        found=printed,
        values={"where": spec.label, "last": str(before), "factor": f"{larger / smaller:.0f}"},
    )


def _against_size(spec: CellSpec, printed: Decimal) -> Finding | None:
    if printed < HUGE_FEES:
        return None
    values = {"where": spec.label, "wan": f"{(printed / 10000).normalize():f}"}
    return finding(HUGE_AMOUNT, cells=(spec.path,), found=printed, values=values)


def _stated_fees(text: str) -> Iterator[tuple[Decimal, str]]:
    for match in _FEES.finditer(text):
        try:
            amount = Decimal(re.sub("[,，]", "", match["amount"]))
        except InvalidOperation:
            continue
        yield amount, match["unit"].replace("萬", "万").replace("億", "亿")


def _regulations(report: Report) -> Iterator[Finding]:
    """Regulations made by a body that has no power to make them (Legislation Law, articles 91 and 93)."""
    if report.body is None or may_make_regulations(report.body) is not False:
        return
    for spec in report.form.cells.values():
        made = any(k in label for label in spec.column.labels for k in ("制发", "制作"))
        if made and spec.row.labels[-1:] == ("规章",):
            printed = report.value(spec.path)
            if printed is not None and printed > 0:
                yield finding(
                    REGULATIONS,
                    cells=(spec.path,),
                    expected=0,
                    found=printed,
                    values={
                        "body": report.body,
                        "where": " · ".join((spec.row.labels[-1], spec.column.labels[-1])),
                    },
                )


def _years_as_counts(context: CheckContext) -> Iterator[Finding]:
    """A year in place of a count: the report's or a neighbour, and every relation of the cell fails."""
    report = context.report
    if report.year is None:
        return
    years = {report.year - 1, report.year, report.year + 1}
    for path, spec in report.form.cells.items():
        printed = report.value(path)
        if spec.type is not ValueType.COUNT or printed not in years:
            continue
        mine = [e.verdict for e in context.evaluations if path in e.terms.cells]
        if mine and all(v is Verdict.FAILS for v in mine):
            yield finding(YEAR_AS_COUNT, cells=(path,), found=printed, values={"where": spec.label})
