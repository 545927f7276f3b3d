"""Compare two reports, of two years or of two bodies: tables cell by cell, text sentence by sentence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from gongkai.annual.findings import Span
from gongkai.annual.model import MISSING, Cell, Number, Report
from gongkai.annual.relations import YearlyEvaluation, evaluate_yearly


class ChangeKind(StrEnum):
    """How the second report differs from the first."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class CellDifference:
    """A cell that the two reports fill differently.

    ``difference`` is second less first where both hold numbers; else the states tell what differs.
    """

    path: str
    label: str
    first: Cell
    second: Cell
    difference: Number | None


@dataclass(frozen=True, slots=True)
class TextDifference:
    """Sentences that stand in one report only, or in another wording; the spans point into its section."""

    section: str
    kind: ChangeKind
    first: str
    second: str
    first_span: Span | None
    second_span: Span | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """All differences of two reports, in the printed order of the first."""

    first: Report
    second: Report
    cells: tuple[CellDifference, ...]
    compared: int
    """How many cells both forms have."""
    only_first: tuple[str, ...]
    """Cells that only the first report's form has (empty where both use one edition)."""
    only_second: tuple[str, ...]
    texts: tuple[TextDifference, ...]
    sections_only_first: tuple[str, ...]
    sections_only_second: tuple[str, ...]
    yearly: tuple[YearlyEvaluation, ...]
    """The relations between two years, earlier to later; empty unless the years follow on each other."""

    @property
    def same_edition(self) -> bool:
        return self.first.form.edition == self.second.form.edition

    @property
    def same_tables(self) -> bool:
        """True where both fill one edition alike, cell for cell."""
        return self.same_edition and not self.cells


def compare(first: Report, second: Report) -> Comparison:
    """Set two reports against each other.

    - cells by path, so that reports of two editions are compared where both have the cell;
    - texts by sentence within each section; differences of width, spaces and punctuation do not count;
    - where one report's year follows the other's, the form's relations between years, whichever is first.

    Raises nothing; neither report is changed.
    """
    here, there = _paths(first), _paths(second)
    both = [p for p in here if p in there]
    numbers = [s.id for s in first.form.sections] + [s.id for s in second.form.sections]
    sections = list(dict.fromkeys(["0", *numbers, *first.sections, *second.sections]))
    shared = [s for s in sections if s in first.sections and s in second.sections]
    return Comparison(
        first=first,
        second=second,
        cells=tuple(d for d in (_cell(first, second, p) for p in both) if d is not None),
        compared=len(both),
        only_first=tuple(p for p in here if p not in there),
        only_second=tuple(p for p in there if p not in here),
        texts=tuple(d for s in shared for d in _texts(s, first.sections[s], second.sections[s])),
        sections_only_first=tuple(s for s in sections if s in first.sections and s not in second.sections),
        sections_only_second=tuple(s for s in sections if s in second.sections and s not in first.sections),
        yearly=_yearly(first, second),
    )


def _paths(report: Report) -> dict[str, None]:
    """Cells of the form in printed order, then the alternates that were printed."""
    printed = [p for p in report.form.alternates if p in report.cells]
    return dict.fromkeys([*report.form.cells, *printed])


def _cell(first: Report, second: Report, path: str) -> CellDifference | None:
    one, other = _at(first, path), _at(second, path)
    if one.value is not None and other.value is not None:
        if one.value == other.value:
            return None
        return CellDifference(path, first.form.spec(path).label, one, other, other.value - one.value)
    if one.state is other.state and _same_words(one.raw, other.raw):
        return None
    return CellDifference(path, first.form.spec(path).label, one, other, None)


def _at(report: Report, path: str) -> Cell:
    return report.cells.get(path, MISSING)


def _same_words(one: str | None, other: str | None) -> bool:
    return _key(one or "") == _key(other or "")


_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]?")
_NOT_TEXT = re.compile(r"[\W_]+")


def _key(text: str) -> str:
    """What counts in a sentence: letters, characters and figures, in one width."""
    # Signs and points between figures count: 62.7 is not 627, -35 is not 35.
    folded = unicodedata.normalize("NFKC", text)
    return _NOT_TEXT.sub(lambda m: "." if m[0] == "." else ("-" if m[0] == "-" else ""), folded)


def _sentences(text: str) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    for match in _SENTENCE.finditer(text):
        key = _key(match[0]).strip(".-")
        if key:
            lead = len(match[0]) - len(match[0].lstrip())
            found.append((match.start() + lead, match.start() + len(match[0].rstrip()), key))
    return found


def _texts(section: str, first: str, second: str) -> Iterator[TextDifference]:
    one, other = _sentences(first), _sentences(second)
    matcher = SequenceMatcher(None, [k for _, _, k in one], [k for _, _, k in other], autojunk=False)
    kinds = {"replace": ChangeKind.CHANGED, "delete": ChangeKind.REMOVED, "insert": ChangeKind.ADDED}
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            continue
        before, after = _stretch(section, one[i1:i2]), _stretch(section, other[j1:j2])
        yield TextDifference(
            section,
            kinds[tag],
            "" if before is None else first[before.start : before.end],
            "" if after is None else second[after.start : after.end],
            before,
            after,
        )


def _stretch(section: str, sentences: list[tuple[int, int, str]]) -> Span | None:
    return Span(section, sentences[0][0], sentences[-1][1]) if sentences else None


def _yearly(first: Report, second: Report) -> tuple[YearlyEvaluation, ...]:
    if first.year is None or second.year is None or abs(first.year - second.year) != 1:
        return ()
    last, this = (first, second) if first.year < second.year else (second, first)
    found = (evaluate_yearly(this, last, relation) for relation in this.form.yearly)
    return tuple(e for e in found if e is not None)
