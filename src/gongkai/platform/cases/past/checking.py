"""From a stored spreadsheet to its cases: sheets and headings as set, rows, acts. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.cases.past.judging import (
    Around,
    Judged,
    PastCase,
    judge_case,
    planned,
    problems_among,
    problems_of,
)
from gongkai.platform.cases.past.mapping import EXPLAINED, Chosen, Heading, chosen, heading_row
from gongkai.platform.cases.past.preview import Preview
from gongkai.platform.cases.past.rows import Problem, read_rows
from gongkai.platform.cases.past.workbook import Sheet, letters_of
from gongkai.platform.cases.services.desk import handlers_of
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.bases import basis_for
from gongkai.platform.core.models import Body, Seat

_LOOKED_UP_TOGETHER = 400


@dataclass(frozen=True, slots=True)
class Planned:
    """A book as it is set to be read: its cases, the rows that are none, and where each field stands."""

    cases: tuple[PastCase, ...]
    skipped: tuple[tuple[int, int, str], ...]
    columns: Mapping[int, Mapping[str, Heading]]
    """By the place of the sheet, the column of each field."""

    def letters(self, sheet: int, field: str) -> str:
        """The letters of a field's column in a sheet; empty where it has none."""
        heading = self.columns[sheet].get(field)
        return "" if heading is None else letters_of(heading.column)


@dataclass(frozen=True, slots=True)
class Found:
    """What the check found of one case."""

    case: PastCase
    judged: Judged | None
    problems: tuple[Problem, ...]


def sheets_set(sheets: Sequence[Sheet]) -> list[dict[str, Any]]:
    """How the sheets are read unless the officer says otherwise: those with headings that we know."""
    found: list[dict[str, Any]] = []
    for sheet in sheets:
        row = heading_row(sheet)
        used = row is not None and not sheet.hidden and sheet.name != EXPLAINED
        found.append({"name": sheet.name, "heading": row or 1, "chosen": used, "rows": len(sheet.rows)})
    return found


def chosen_sheets(sheets: Sequence[Sheet], settings: Sequence[Mapping[str, Any]]) -> list[Chosen]:
    """The sheets that are brought in, with their headings."""
    return [
        chosen(place, sheet, int(setting["heading"]))
        for place, (sheet, setting) in enumerate(zip(sheets, settings, strict=True), 1)
        if setting["chosen"]
    ]


def plan(
    sheets: Sequence[Chosen], mapping: Mapping[str, str], *, key: str, actor: str, today: date
) -> Planned:
    """The cases of the chosen sheets. The same file, mapping and key always give the same."""
    read = read_rows(sheets, mapping, today=today)
    return Planned(
        cases=tuple(planned(read.rows, key=key, actor=actor)),
        skipped=tuple(read.skipped),
        columns={one.place: one.columns(mapping) for one in sheets},
    )


def around(body: Body, actor: Actor) -> Around:
    """What the rows are judged beside."""
    return Around(
        basis=basis_for(body, known_on=actor.present.known_on),
        today=actor.today,
        actor=actor.key,
        handlers=frozenset(handlers_by_name(body)),
        taken=lambda numbers: numbers_taken(body, numbers),
    )


def handlers_by_name(body: Body) -> dict[str, str]:
    """The open seats that handle cases by the person's name; a name that two bear names nobody."""
    keys = [one.key for one in handlers_of(body)]
    found: dict[str, str] = {}
    twice: set[str] = set()
    for key, name in Seat.objects.filter(key__in=keys).values_list("key", "person__name"):
        if name in found:
            twice.add(name)
        found[name] = key
    return {name: key for name, key in found.items() if name not in twice}


def numbers_taken(body: Body, numbers: Sequence[str], *, but: Iterable[str] = ()) -> frozenset[str]:
    """Those of the numbers that cases of the body bear already; ``but``: cases that do not matter."""
    found: set[str] = set()
    ours = set(but)
    for at in range(0, len(numbers), _LOOKED_UP_TOGETHER):
        rows = CaseSummary.objects.filter(body=body, number__in=numbers[at : at + _LOOKED_UP_TOGETHER])
        found |= {number for number, stream in rows.values_list("number", "stream") if stream not in ours}
    return frozenset(found)


def findings(book: Planned, beside: Around, preview: Preview) -> Iterator[Found]:
    """Each case with all that is wrong with it; lawful ones are counted in ``preview``."""
    among = problems_among(book.cases, beside)
    for place, case in enumerate(book.cases):
        judged = judge_case(case, beside.basis, beside.actor) if case.acts else None
        problems = (*problems_of(case, judged, beside), *among.get(place, ()))
        if judged is not None and not judged.problems:
            preview.add(judged.state, beside.today)
        yield Found(case, judged, problems)
