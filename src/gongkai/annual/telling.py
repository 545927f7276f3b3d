"""What a relation's place and cells are called, in findings and on pages alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto

from gongkai.annual.form import Form


class Shared(Enum):
    """What the cells of a relation have in common."""

    COLUMN = auto()
    ROW = auto()
    HEADING = auto()
    """The outer headings of their columns."""
    NOTHING = auto()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a relation stands: what its cells share, and the labels of that, the outermost first."""

    shared: Shared
    labels: tuple[str, ...]

    @property
    def name(self) -> str:
        """The place in the form's own words, e.g. ``自然人``; a column's outermost heading is left out."""
        labels = self.labels
        if self.shared is Shared.COLUMN and len(labels) > 1:
            labels = labels[1:]
        return " · ".join(labels)


def standing(form: Form, cells: Iterable[str]) -> Standing:
    """Where a relation stands: the column or the row that its cells share, else the headings above all.

    Where they have nothing in common it is the first cell.
    """
    specs = [form.spec(path) for path in cells]
    if len({s.column.key for s in specs}) == 1:
        return Standing(Shared.COLUMN, specs[0].column.labels)
    if len({s.row.key for s in specs}) == 1 and specs[0].row.labels:
        return Standing(Shared.ROW, specs[0].row.labels[-1:])
    common: list[str] = []
    for labels in zip(*(s.column.labels for s in specs), strict=False):
        if len(set(labels)) > 1:
            break
        common.append(labels[0])
    return Standing(Shared.HEADING, tuple(common)) if common else Standing(Shared.NOTHING, (specs[0].label,))


def told_apart(form: Form, path: str, beside: Iterable[str]) -> str:
    """What tells a cell from those beside it: its row where they share a column, its column in a row."""
    spec = form.spec(path)
    others = [form.spec(p) for p in beside]
    if spec.row.labels and len({s.column.key for s in others}) == 1:
        return spec.row.labels[-1]
    if len({s.row.key for s in others}) == 1:
        return spec.column.labels[-1]
    return spec.label
