"""Checking a spreadsheet that nobody uploaded: what a command says of a file, and nothing is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gongkai.platform.cases.models import PastHeading
from gongkai.platform.cases.past.checking import (
    Planned,
    around,
    chosen_sheets,
    findings,
    plan,
    sheets_set,
)
from gongkai.platform.cases.past.fields import BY_KEY, compared
from gongkai.platform.cases.past.mapping import Heading, doubled, missing, proposed
from gongkai.platform.cases.past.preview import Preview
from gongkai.platform.cases.past.workbook import read_book
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body


@dataclass(frozen=True, slots=True)
class FileProblem:
    """What is wrong at a cell of a file, in words."""

    sheet: str
    cell: str
    row: int
    column: str
    heading: str
    error: bool
    code: str
    found: str
    message: str
    mend: str


@dataclass(frozen=True, slots=True)
class FileCheck:
    """What a file holds: its cases and acts, what is wrong, or which columns it lacks or gives twice."""

    cases: int
    acts: int
    problems: tuple[FileProblem, ...]
    lack: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()

    @property
    def errors(self) -> int:
        """How many errors there are."""
        return sum(1 for one in self.problems if one.error)


def check_file(*, body: Body, content: bytes, told: Mapping[str, str], actor: Actor) -> FileCheck:
    """Check a file for a body; ``told`` has the fields of headings. Raises ``BookRefused``.

    Reads the columns as the office set them the last time, and else as the headings say.
    """
    sheets = read_book(content)
    used = chosen_sheets(sheets, sheets_set(sheets))
    headings: dict[str, Heading] = {}
    for one in used:
        for heading in one.headings:
            headings.setdefault(heading.key, heading)
    kept = dict(PastHeading.objects.filter(body=body).values_list("heading", "field"))
    mapping = proposed(list(headings.values()), {**kept, **told})
    lack, twice = missing(used, mapping), doubled(used, mapping)
    if lack or twice or not used:
        names = (tuple(BY_KEY[key].heading for key in keys) for keys in (lack, twice))
        return FileCheck(0, 0, (), *names)
    book = plan(used, mapping, key="past-check", actor=actor.key, today=actor.today)
    problems = tuple(_problems(book, body, actor, [sheet.name for sheet in sheets]))
    return FileCheck(len(book.cases), sum(len(case.acts) for case in book.cases), problems)


def _problems(book: Planned, body: Body, actor: Actor, names: Sequence[str]) -> Iterator[FileProblem]:
    for one in findings(book, around(body, actor), Preview()):
        place, row = one.case.row.sheet, one.case.row.row
        for problem in one.problems:
            column = book.letters(place, problem.field)
            yield FileProblem(
                sheet=names[place - 1], cell=f"{column}{row}", row=row, column=column,
                heading=BY_KEY[problem.field].heading, error=problem.error, code=problem.code,
                found=problem.found, message=problem.message, mend=problem.mend,
            )  # fmt: skip


def told_mapping(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Headings with the names of our columns, as the mapping has them; ``KeyError`` for an unknown name."""
    by_name = {compared(field.heading): key for key, field in BY_KEY.items()}
    return {compared(heading): by_name[compared(name)] if name else "" for heading, name in pairs}
