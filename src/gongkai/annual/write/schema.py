"""Schemas derived from a form: JSON Schema (draft 2020-12) of the exchange shape, and columns for tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from gongkai.annual.findings import Severity, Verdict
from gongkai.annual.form import CellSpec, Form, ValueType
from gongkai.annual.model import CellState, Scope
from gongkai.annual.write.exchange import SCHEMA_VERSION

Schema = dict[str, object]


class ColumnKind(StrEnum):
    """Type of a column in a columnar file."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"


META_COLUMNS: tuple[tuple[str, ColumnKind], ...] = (
    ("source", ColumnKind.TEXT),
    ("body", ColumnKind.TEXT),
    ("scope", ColumnKind.TEXT),
    ("title", ColumnKind.TEXT),
    ("year", ColumnKind.INTEGER),
    ("form", ColumnKind.TEXT),
)
"""What stands before the cells in a columnar file."""


@dataclass(frozen=True, slots=True)
class _Leaf:
    spec: CellSpec
    required: bool


def columns(form: Form, *, alternates: bool = True) -> tuple[tuple[str, ColumnKind], ...]:
    """Name and type of each column of a columnar file: ``META_COLUMNS``, then one for each cell.

    A cell's column is named by its path; amounts of money are decimal, everything else is integer.
    ``alternates`` adds the cells of rows that stand for several others.
    """
    specs = [*form.cells.values(), *(form.alternates.values() if alternates else ())]
    return (*META_COLUMNS, *((spec.path, _column_kind(spec.type)) for spec in specs))


def all_columns(forms: Iterable[Form]) -> tuple[tuple[str, ColumnKind], ...]:
    """The columns of several editions together, each once, in the order of first appearance."""
    return tuple(dict.fromkeys(column for form in forms for column in columns(form)))


def json_schema(form: Form) -> Schema:
    """JSON Schema (draft 2020-12) of one report of that edition in the exchange shape."""
    cell_paths = [*form.cells, *form.alternates]
    text = {"type": ["string", "null"]}
    properties: Schema = {
        "schema_version": {"const": SCHEMA_VERSION},
        "source": {"type": "string"},
        "body": text,
        "scope": {"enum": list(Scope)},
        "title": text,
        "year": {"type": ["integer", "null"]},
        "form": {"const": form.edition},
        "notice": text,
        "period": {"type": ["array", "null"], "items": _date(), "minItems": 2, "maxItems": 2},
        "contact": _closed(dict.fromkeys(("address", "phone", "postcode", "website"), text)),
        "signed": _closed({"name": text, "date": text}),
        "tables": _tables(form),
        "cells": _closed({path: {"$ref": "#/$defs/cell"} for path in cell_paths}),
        "sections": _sections(form),
        "section_labels": _sections(form),
        "remnants": {"type": "array", "items": {"$ref": "#/$defs/remnant"}},
        "reading": {"type": "array", "items": {"$ref": "#/$defs/finding"}},
        "findings": {"type": "array", "items": {"$ref": "#/$defs/finding"}},
        "repairs": {"$ref": "#/$defs/repairs"},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:gongkai:annual-report:{SCHEMA_VERSION}:{form.edition}",
        "title": form.label["zh"],
        "type": "object",
        "properties": properties,
        "required": ["schema_version", "form", "tables"],
        "$defs": _definitions(cell_paths),
    }


def _column_kind(kind: ValueType) -> ColumnKind:
    return ColumnKind.DECIMAL if kind in (ValueType.WAN_YUAN, ValueType.YUAN) else ColumnKind.INTEGER


def _closed(properties: Schema, required: Iterable[str] = ()) -> Schema:
    shape: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    wanted = list(required)
    return {**shape, "required": wanted} if wanted else shape


def _date() -> Schema:
    return {"type": "string", "format": "date"}


def _sections(form: Form) -> Schema:
    ids = ["0", *(section.id for section in form.sections)]
    return _closed({number: {"type": "string"} for number in ids})


def _tables(form: Form) -> Schema:
    """Tables → rows → columns, or tables → rows where a table has one column."""
    leaves = [_Leaf(spec, True) for spec in form.cells.values()]
    leaves += [_Leaf(spec, False) for spec in form.alternates.values()]
    tables: dict[str, dict[str, dict[str, _Leaf]]] = {}
    for leaf in leaves:
        table, row, *column = leaf.spec.path.split(".")
        tables.setdefault(table, {}).setdefault(row, {})[".".join(column)] = leaf
    return _closed(
        {
            table: _closed(
                {row: _row(cells) for row, cells in rows.items()},
                (row for row, cells in rows.items() if any(leaf.required for leaf in cells.values())),
            )
            for table, rows in tables.items()
        },
        tables,
    )


def _row(cells: dict[str, _Leaf]) -> Schema:
    if list(cells) == [""]:
        return _number(cells[""].spec)
    return _closed({column: _number(leaf.spec) for column, leaf in cells.items()}, cells)


def _number(spec: CellSpec) -> Schema:
    title = {"title": spec.label}
    match spec.type:
        case ValueType.COUNT:
            return {**title, "type": ["integer", "null"], "minimum": 0}
        case ValueType.SIGNED:
            return {**title, "type": ["integer", "null"]}
        case ValueType.WAN_YUAN | ValueType.YUAN:
            return {**title, "type": ["number", "null"]}


def _definitions(cell_paths: list[str]) -> Schema:
    path: Schema = {"enum": cell_paths}
    paths: Schema = {"type": "array", "items": path}
    position: Schema = {"type": "integer", "minimum": 1}
    outcome: Schema = {"type": ["number", "string", "null"]}
    place = _closed(dict.fromkeys(("page", "table", "row", "column", "line"), position))
    change = _closed(
        {"cell": path, "found": {"type": ["number", "null"]}, "proposed": {"type": "number"}},
        ("cell", "found", "proposed"),
    )
    index: Schema = {"type": "integer", "minimum": 0}
    return {
        "cell": _closed(
            {"state": {"enum": list(CellState)}, "raw": {"type": "string"}, "place": place}, ("state",)
        ),
        "remnant": _closed(
            {
                "cells": paths,
                "values": {"type": "array", "items": {"type": "string"}},
                "place": {"anyOf": [place, {"type": "null"}]},
            },
            ("cells", "values"),
        ),
        "finding": _closed(
            {
                "code": {"type": "string", "pattern": "^AR-"},
                "severity": {"enum": list(Severity)},
                "verdict": {"enum": list(Verdict)},
                "cells": paths,
                "expected": outcome,
                "found": outcome,
                "relation": {"type": ["string", "null"]},
                "spans": {
                    "type": "array",
                    "items": _closed({"section": {"type": "string"}, "start": index, "end": index}),
                },
                "values": {"type": "object"},
                "message": {"type": "string"},
            },
            ("code", "severity", "verdict", "cells"),
        ),
        "repairs": _closed(
            {
                "cells": index,
                "ambiguous": {"type": "boolean"},
                "complete": {"type": "boolean"},
                "proposals": {"type": "array", "items": {"type": "array", "items": change}},
            },
            ("cells", "ambiguous", "complete", "proposals"),
        ),
    }
