"""What is wrong with a reading of a generated report, as lines; none means that all that is owed is there."""

from __future__ import annotations

from dataclasses import dataclass, field

from gongkai.annual.check import check
from gongkai.annual.findings import Finding
from gongkai.annual.model import Cell, CellState, Number, Report

from .sheet import Draft, Expect, Kind, Sheets


@dataclass(slots=True)
class Verdict:
    """Outcome of judging one file."""

    cells: int = 0
    exact: int = 0
    wrong: list[str] = field(default_factory=list)
    """Values that are not what was printed: the gravest."""
    short: list[str] = field(default_factory=list)
    """Cells owed exactly that were not read so."""
    silent: list[str] = field(default_factory=list)
    """Cells left open that no finding or remnant names."""
    other: list[str] = field(default_factory=list)
    """Body, year, edition, period, notice, sections."""

    @property
    def problems(self) -> list[str]:
        """All that is wrong, gravest first."""
        return [*self.wrong, *self.short, *self.silent, *self.other]

    def __str__(self) -> str:
        shown = self.problems
        more = f"\n  … and {len(shown) - 12} more" if len(shown) > 12 else ""
        return "\n  ".join(shown[:12]) + more


def same_number(found: Number | None, truth: Number | None) -> bool:
    """Equal as numbers, where nothing equals only nothing."""
    if found is None or truth is None:
        return found is None and truth is None
    return found == truth


def named(report: Report) -> set[str]:
    """Every cell that a finding or a remnant names."""
    found = {p for f in (*report.reading, *check(report).findings) for p in f.cells}
    return found | {p for r in report.remnants for p in r.cells}


def blank_rows(draft: Draft) -> dict[str, list[str]]:
    """Paths of every printed row that holds a blank, by any path of the row."""
    out: dict[str, list[str]] = {}
    for item in draft.items:
        if not isinstance(item, Sheets):
            continue
        for sheet in item.sheets:
            for line in sheet.lines():
                row = [c for c in line if c.kind is Kind.VALUE and c.path]
                if any(not c.text.strip() for c in row):
                    paths = [c.path or "" for c in row]
                    out.update(dict.fromkeys(paths, paths))
    return out


def judge(
    draft: Draft,
    report: Report,
    *,
    blanks: Expect = Expect.EXACT,
    sections: bool = True,
    raw: bool = True,
    front: bool = True,
) -> Verdict:
    """Set a reading against the truth of the draft; ``blanks`` is owed for rows that hold a blank."""
    verdict = Verdict()
    if report.form.edition != draft.form.edition:
        verdict.other.append(f"edition {report.form.edition} for {draft.form.edition}")
        return verdict
    spoken = named(report)
    loosened = blank_rows(draft) if blanks is not Expect.EXACT else {}
    for path, truth in draft.values.items():
        expect = draft.owed(path)
        if expect is Expect.EXACT and path in loosened:
            expect = blanks
        _cell(verdict, path, truth, report.cell(path), expect, path in spoken)
        if raw and report.value(path) is not None and report.cell(path).raw is None:
            verdict.short.append(f"NO RAW TEXT {path}")
    _front(verdict, draft, report, front)
    if sections and draft.narrative:
        _sections(verdict, draft, report)
    return verdict


def _cell(
    verdict: Verdict, path: str, truth: Number | None, cell: Cell, expect: Expect, spoken: bool
) -> None:
    verdict.cells += 1
    shown = f"{path}: printed {truth!r}, read {cell.value!r} ({cell.state}, raw {cell.raw!r})"
    if cell.value is not None and not same_number(cell.value, truth):
        verdict.wrong.append(f"WRONG {shown}")
        return
    if same_number(cell.value, truth):
        verdict.exact += 1
    match expect:
        case Expect.EXACT:
            wanted = CellState.BLANK if truth is None else CellState.VALUE
            if not same_number(cell.value, truth) or cell.state is not wanted:
                verdict.short.append(f"SHORT {shown}")
        case Expect.NONE:
            if cell.value is not None:
                verdict.wrong.append(f"GUESSED {shown}")
            elif not spoken:
                verdict.silent.append(f"SILENT {shown}")
        case Expect.TORN:
            if cell.value is None and truth is not None and not spoken:
                verdict.silent.append(f"SILENT {shown}")
        case Expect.LOOSE:
            pass


def _front(verdict: Verdict, draft: Draft, report: Report, front: bool) -> None:
    if draft.titled:
        if report.year != draft.year:
            verdict.other.append(f"year {report.year} for {draft.year}")
        if report.body != draft.body:
            verdict.other.append(f"body {report.body!r} for {draft.body!r}")
    elif report.year not in (None, draft.year):
        verdict.other.append(f"year {report.year} for {draft.year}")
    if draft.narrative and draft.titled and front:
        if report.notice != draft.notice:
            verdict.other.append(f"notice {report.notice!r} for {draft.notice!r}")
        if report.period != draft.period:
            verdict.other.append(f"period {report.period} for {draft.period}")
    elif report.period not in (None, draft.period):
        verdict.other.append(f"period {report.period} for {draft.period}")


def squeezed(text: str) -> str:
    """Text without white space and without the pipes of a text table."""
    return "".join(c for c in text if not c.isspace())


def _sections(verdict: Verdict, draft: Draft, report: Report) -> None:
    for section in ("1", "5", "6"):
        truth = squeezed(draft.section_text(section))
        found = squeezed(report.sections.get(section, ""))
        if truth and not found.startswith(truth):
            verdict.other.append(f"section {section}: {found[:60]!r} for {truth[:60]!r}")
        if not truth and section in report.sections:
            verdict.other.append(f"section {section} read where there is none")
        if truth and section != "6" and len(found) > len(truth):
            verdict.other.append(f"section {section} runs on: {found[len(truth) : len(truth) + 60]!r}")


def loud(findings: tuple[Finding, ...], *severities: str) -> list[str]:
    """Findings of those severities in short."""
    return [
        f"{f.code} {f.severity} {','.join(f.cells)[:80]} expected {f.expected} found {f.found} "
        f"{dict(f.values)}"
        for f in findings
        if f.severity in severities
    ]
