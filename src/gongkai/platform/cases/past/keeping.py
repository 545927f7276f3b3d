"""The stored spreadsheet: opened for reading, and its findings kept outside the tables as personal data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from gongkai.platform.cases.models import PastFinding, PastImport, PastLevel
from gongkai.platform.cases.past.checking import Planned, chosen_sheets, plan
from gongkai.platform.cases.past.rows import Problem
from gongkai.platform.cases.past.workbook import Sheet, read_book
from gongkai.platform.core import private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.files import delete_files, open_file
from gongkai.platform.core.models import PrivateRecord

FOUND = "past.found"
"""Kind of the private records with what stood in faulty cells."""


class FileGone(LookupError):
    """The spreadsheet was brought in or deleted: there is nothing to read any more."""


def sheets_of(past: PastImport) -> list[Sheet]:
    """The sheets of the stored file. Raises ``FileGone``, ``FileDamaged``."""
    if past.file is None:
        raise FileGone(past.key)
    return read_book(open_file(past.file))


def book_of(past: PastImport, *, actor: Actor, today: date | None = None) -> Planned:
    """The cases of a stored spreadsheet as it is set to be read. Raises ``FileGone``, ``FileDamaged``."""
    sheets = chosen_sheets(sheets_of(past), past.sheets)
    return plan(sheets, past.mapping, key=past.key, actor=actor.key, today=today or actor.today)


def keep_problems(
    past: PastImport, book: Planned, sheet: int, row: int, problems: Sequence[Problem], actor: Actor
) -> None:
    """Keep what is wrong in a row: places and codes in the table, words and what was found encrypted."""
    texts = [[one.message, one.mend, one.found] for one in problems]
    kept = private.keep(body=past.body, stream=past.key, kind=FOUND, fields={"texts": texts}, actor=actor)
    PastFinding.objects.bulk_create(
        PastFinding(
            past=past, sheet=sheet, row=row, column=book.letters(sheet, one.field), field=one.field,
            level=PastLevel.ERROR if one.error else PastLevel.WARNING, code=one.code, ref=kept.ref,
            place=place,
        )
        for place, one in enumerate(problems)
    )  # fmt: skip


def forget_findings(past: PastImport) -> None:
    """Delete what was found."""
    past.findings.all().delete()  # type: ignore[attr-defined]
    PrivateRecord.objects.filter(stream=past.key, kind=FOUND).delete()


def forget_file(past: PastImport) -> None:
    """Delete the stored spreadsheet; the blob goes once the transaction is through."""
    if past.file is not None:
        file, past.file = past.file, None
        past.save(update_fields=["file"])
        delete_files([file])
