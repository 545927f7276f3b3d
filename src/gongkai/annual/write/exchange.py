"""A report in the JSON exchange shape (``report-form``), numbers without loss.

Read back by ``gongkai.annual.read.exchange``; described by ``gongkai.annual.write.schema``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, cast

from gongkai.annual.findings import Finding, catalogue, describe
from gongkai.annual.model import Cell, Place, Remnant, Report, tables_of
from gongkai.annual.repair import Localisation

SCHEMA_VERSION = 1

_PLACE = ("page", "table", "row", "column", "line")


def to_json(
    report: Report,
    *,
    findings: Iterable[Finding] | None = None,
    localisation: Localisation | None = None,
    indent: int | None = 1,
) -> bytes:
    """The report as JSON, UTF-8, ending in a line break; ``indent`` ``None`` gives one line.

    ``findings`` are those of a check; without them the findings made while reading are written.
    """
    shape = report_object(report, findings=findings, localisation=localisation)
    return (dumps(shape, indent=indent) + "\n").encode("utf-8")


def report_object(
    report: Report,
    *,
    findings: Iterable[Finding] | None = None,
    localisation: Localisation | None = None,
) -> dict[str, object]:
    """The report as plain dictionaries, lists, strings, ``int`` and ``Decimal``."""
    shape: dict[str, object] = {
        "schema_version": SCHEMA_VERSION,
        "source": report.source,
        "body": report.body,
        "scope": report.scope.value,
        "title": report.title,
        "year": report.year,
        "form": report.form.edition,
        "notice": report.notice,
        "period": None if report.period is None else list(report.period),
        "contact": {
            "address": report.contact.address,
            "phone": report.contact.phone,
            "postcode": report.contact.postcode,
            "website": report.contact.website,
        },
        "signed": {"name": report.signed[0], "date": report.signed[1]},
        "tables": tables_of(report),
        "cells": {path: _cell(report.cell(path)) for path in tables_paths(report)},
        "sections": dict(report.sections),
        "section_labels": dict(report.section_labels),
        "remnants": [_remnant(remnant) for remnant in report.remnants],
        "reading": [finding_object(found) for found in report.reading],
        "findings": [finding_object(found) for found in (report.reading if findings is None else findings)],
    }
    if localisation is not None:
        shape["repairs"] = _repairs(localisation)
    return shape


def tables_paths(report: Report) -> list[str]:
    """Paths of the form's cells and of the alternate cells that were printed, in printed order."""
    return [*report.form.cells, *(path for path in report.form.alternates if path in report.cells)]


def finding_object(found: Finding) -> dict[str, object]:
    """One finding with its Chinese message."""
    return {
        "code": found.code,
        "severity": found.severity.value,
        "verdict": found.verdict.value,
        "cells": list(found.cells),
        "expected": found.expected,
        "found": found.found,
        "relation": found.relation,
        "spans": [{"section": s.section, "start": s.start, "end": s.end} for s in found.spans],
        "values": {name: _plain(value) for name, value in found.values.items()},
        "message": describe(found) if found.code in catalogue() else found.code,
    }


def dumps(value: object, *, indent: int | None = None) -> str:
    """JSON text of dictionaries, lists, strings, ``int``, ``Decimal``, ``bool`` and ``None``.

    The standard encoder would turn a ``Decimal`` into a binary fraction; this one writes its digits.
    Raises ``TypeError`` for any other type and ``ValueError`` for a number that is not finite.
    """
    return "".join(_encode(value, indent, 0))


def _encode(value: object, indent: int | None, level: int) -> Iterable[str]:
    match value:
        case None | bool() | int() | str():
            yield json.dumps(value, ensure_ascii=False)
        case Decimal():
            if not value.is_finite():
                raise ValueError(f"{value} is no JSON number")
            yield format(value, "f")
        case dict():
            items = cast("dict[str, object]", value)
            heads = [f"{json.dumps(key, ensure_ascii=False)}: " for key in items]
            yield from _members("{}", heads, items.values(), indent, level)
        case list():
            entries = cast("list[object]", value)
            yield from _members("[]", ["" for _ in entries], entries, indent, level)
        case _:
            raise TypeError(f"{type(value).__name__} has no JSON form")


def _members(
    brackets: str, heads: list[str], values: Iterable[object], indent: int | None, level: int
) -> Iterable[str]:
    if not heads:
        yield brackets
        return
    # Small things stand in one line also where the whole is indented: a cell, a place, a row.
    parts = [
        head + "".join(_encode(value, indent, level + 1)) for head, value in zip(heads, values, strict=True)
    ]
    flat = ", ".join(parts)
    if indent is None or ("\n" not in flat and len(flat) <= 100 and level > 0):
        yield brackets[0] + flat + brackets[1]
        return
    pad = "\n" + " " * indent * (level + 1)
    yield brackets[0] + pad + f",{pad}".join(parts) + "\n" + " " * indent * level + brackets[1]


def _cell(cell: Cell) -> dict[str, object]:
    shape: dict[str, object] = {"state": cell.state.value}
    if cell.raw is not None:
        shape["raw"] = cell.raw
    if cell.place is not None:
        shape["place"] = _place(cell.place)
    return shape


def _place(place: Place) -> dict[str, object]:
    return {
        name: number for name in _PLACE if (number := cast("int | None", getattr(place, name))) is not None
    }


def _remnant(remnant: Remnant) -> dict[str, object]:
    return {
        "cells": list(remnant.cells),
        "values": list(remnant.values),
        "place": None if remnant.place is None else _place(remnant.place),
    }


def _repairs(localisation: Localisation) -> dict[str, object]:
    return {
        "cells": localisation.cells,
        "ambiguous": localisation.ambiguous,
        "complete": localisation.complete,
        "proposals": [
            [{"cell": c.path, "found": c.found, "proposed": c.proposed} for c in repair.changes]
            for repair in localisation.repairs
        ],
    }


def _plain(value: object) -> object:
    """A value of a message as JSON: sequences as lists, what has no JSON form as its text."""
    match value:
        case None | bool() | int() | str() | Decimal():
            return value
        case list() | tuple():
            return [_plain(item) for item in cast("Iterable[object]", value)]
        case Mapping():
            return {str(k): _plain(v) for k, v in cast("Mapping[Any, object]", value).items()}
        case _:
            return str(value)
