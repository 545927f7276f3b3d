"""Reading imports of past cases: for who may prepare them in their own body, and nobody else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, QuerySet

from gongkai.platform.cases.models import PastFinding, PastImport, PastLevel, PastState
from gongkai.platform.cases.past.checking import chosen_sheets
from gongkai.platform.cases.past.fields import BY_KEY, FIELDS
from gongkai.platform.cases.past.keeping import sheets_of
from gongkai.platform.cases.past.preview import KINDS, PreviewYear, years_of
from gongkai.platform.cases.past.workbook import text_of
from gongkai.platform.core import audit, private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.files import name_of
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act

SHOWN = 50
"""Findings, or imports, of a page."""
STILL = timedelta(minutes=3)
"""After so long without a step an import may be ordered to go on: its worker may be dead."""
_SAMPLES = 2


class NoSuchImport(LookupError):
    """There is none of that key in a body for which the actor may prepare one."""


def may_prepare(actor: Actor, body: Body) -> bool:
    """Whether the actor may upload and check a spreadsheet of the body's past cases."""
    return actor.may(Act.CASE_REGISTER, body) or actor.may(Act.CASE_APPROVE, body)


def find_past(*, key: str, actor: Actor) -> PastImport:
    """An import. Raises ``NoSuchImport``."""
    rows = PastImport.objects.select_related("body", "file", "created_by__person", "ordered_by__person")
    found = rows.filter(key=key).first()
    if found is None or not may_prepare(actor, found.body):
        raise NoSuchImport(key)
    return found


def imports_of(*, body: Body, page: int) -> tuple[list[PastImport], bool]:
    """The imports of a body, newest first, and whether there are more."""
    rows = PastImport.objects.filter(body=body).select_related("file", "created_by__person")
    some = list(rows[page * SHOWN : (page + 1) * SHOWN + 1])
    return some[:SHOWN], len(some) > SHOWN


def file_name(past: PastImport) -> str:
    """What the file was called; empty once it is gone."""
    return "" if past.file is None else name_of(past.file)


def may_go_on(past: PastImport, actor: Actor) -> bool:
    """Whether the page offers to have the import go on: it stopped, or nothing has moved for a while."""
    if past.state == PastState.STOPPED:
        return True
    last = past.moved_at or past.started_at
    return past.state == PastState.IMPORTING and last is not None and actor.present.moment - last > STILL


def headings_seen(past: PastImport) -> str:
    """What the form of the columns must carry: its fields are numbered by these headings in this order."""
    return hashlib.sha256("\n".join(past.mapping).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class HeadingRow:
    """A heading of the spreadsheet on the page that maps it: samples of what stands below, and the field."""

    place: int
    key: str
    text: str
    where: str
    samples: tuple[str, ...]
    field: str


def headings_of(past: PastImport, *, actor: Actor) -> list[HeadingRow]:
    """The headings with samples; that somebody saw them is in the audit. Raises ``FileGone``."""
    seen: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    samples: dict[str, list[str]] = {}
    for one in chosen_sheets(sheets_of(past), past.sheets):
        below = [row for row in sorted(one.sheet.rows) if row > one.last][:20]
        for heading in one.headings:
            names.setdefault(heading.key, heading.text)
            if heading.letters not in (places := seen.setdefault(heading.key, [])):
                places.append(heading.letters)
            found = samples.setdefault(heading.key, [])
            for row in below:
                text: str = text_of(one.sheet.rows[row].get(heading.column))
                if text and text not in found and len(found) < _SAMPLES:
                    found.append(text if len(text) <= 24 else text[:23] + "…")
    audit.record("past.read", actor=actor, body=past.body, object=past.key, detail={"what": "headings"})
    return [
        HeadingRow(place, key, names[key], "、".join(seen.get(key, ())), tuple(samples.get(key, ())), field)
        for place, (key, field) in enumerate(past.mapping.items())
        if key in names
    ]


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding in words."""

    sheet: str
    row: int
    column: str
    heading: str
    error: bool
    message: str
    mend: str
    found: str
    place: int
    """Of the sheet, from 1."""

    @property
    def cell(self) -> str:
        """As spreadsheets name it: ``D17``."""
        return f"{self.column}{self.row}"


@dataclass(frozen=True, slots=True)
class FindingFilter:
    """What of the findings is shown; blank: all."""

    level: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Findings:
    """A page of findings."""

    rows: tuple[FindingRow, ...]
    total: int
    page: int
    more: bool
    fields: tuple[tuple[str, str, int], ...]
    """Columns with findings: field, heading, how many."""


def _filtered(past: PastImport, asked: FindingFilter) -> QuerySet[PastFinding]:
    rows = PastFinding.objects.filter(past=past)
    if asked.level in PastLevel.values:
        rows = rows.filter(level=asked.level)
    if asked.field in BY_KEY:
        rows = rows.filter(field=asked.field)
    return rows


def findings_page(past: PastImport, asked: FindingFilter, *, page: int, actor: Actor) -> Findings:
    """A page of what the check found. That somebody saw it is in the audit."""
    rows = _filtered(past, asked)
    some = list(rows[page * SHOWN : (page + 1) * SHOWN])
    total = rows.count()
    by_field = dict(
        PastFinding.objects.filter(past=past).order_by().values_list("field").annotate(number=Count("id"))
    )
    audit.record("past.read", actor=actor, body=past.body, object=past.key, detail={"what": "findings"})
    return Findings(
        rows=tuple(_in_words(past, some)),
        total=total,
        page=page,
        more=total > (page + 1) * SHOWN,
        fields=tuple((f.key, f.heading, by_field[f.key]) for f in FIELDS if f.key in by_field),
    )


def all_findings(past: PastImport) -> list[FindingRow]:
    """Everything that was kept of what the check found, in the order of the rows."""
    return list(_in_words(past, list(PastFinding.objects.filter(past=past))))


def _in_words(past: PastImport, some: Sequence[PastFinding]) -> Iterator[FindingRow]:
    texts = private.read_many({one.ref for one in some})
    names = [str(sheet["name"]) for sheet in past.sheets]
    for one in some:
        message, mend, found = texts[one.ref]["texts"][one.place]
        yield FindingRow(
            sheet=names[one.sheet - 1], row=one.row, column=one.column, heading=BY_KEY[one.field].heading,
            error=one.level == PastLevel.ERROR, message=message, mend=mend, found=found, place=one.sheet,
        )  # fmt: skip


def preview_of(past: PastImport) -> list[PreviewYear]:
    """What Table 3 will say of the cases, by year."""
    return years_of(past.preview)


def kind_labels() -> list[str]:
    """The columns of the preview."""
    return [kind.label_zh for kind in KINDS]


def field_choices() -> list[tuple[str, Any]]:
    """The fields that a heading may stand for."""
    return [(field.key, field.heading) for field in FIELDS]


def field_names(keys: Sequence[str]) -> str:
    """Headings of fields, for a sentence."""
    return "、".join(BY_KEY[key].heading for key in keys)
