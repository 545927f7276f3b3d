"""JSON out and in again is the same report; what does not fit is refused with its place."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal

import jsonschema
import pytest
from hypothesis import given, settings
from tests.annual.write.reports import FORMS, report, reports

from gongkai.annual.findings import describe, finding
from gongkai.annual.form import form_for_edition
from gongkai.annual.model import CellState, Place, Remnant, Report
from gongkai.annual.read.errors import ReadError
from gongkai.annual.read.exchange import reports_from_json
from gongkai.annual.write.exchange import dumps, report_object, to_json
from gongkai.annual.write.schema import ColumnKind, columns, json_schema

FORM = form_for_edition("2021")


@given(reports())
@settings(max_examples=40, deadline=None)
def test_a_report_comes_back_equal(printed: Report) -> None:
    (back,) = reports_from_json(to_json(printed), forms=FORMS)
    assert {p: back.cell(p) for p in printed.form.cells} == {p: printed.cell(p) for p in printed.form.cells}
    assert (back.sections, back.title, back.signed) == (printed.sections, printed.title, printed.signed)


@given(reports())
@settings(max_examples=20, deadline=None)
def test_every_written_report_satisfies_the_schema(printed: Report) -> None:
    schema = json_schema(printed.form)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(json.loads(to_json(printed)))


def test_what_reading_noticed_comes_back() -> None:
    found = finding(
        "AR-R-001", cells=("requests.new.total",), values={"row": "新收", "seen": 6, "raw": "1 2"}
    )
    torn = Remnant(("requests.new.total",), ("1", "2"), Place(page=1, line=7))
    printed = report(FORM, reading=(found,), remnants=(torn,), period=("2021-01-01", "2021-12-31"))
    (back,) = reports_from_json(to_json(printed))
    assert back == printed
    assert json.loads(to_json(printed))["findings"][0]["message"] == describe(found)


def test_amounts_keep_their_digits() -> None:
    printed = report(FORM).with_values({"proactive.fees_wan_yuan": Decimal("21273.890")})
    text = to_json(printed).decode()
    assert '"fees_wan_yuan": 21273.890' in text
    assert str(reports_from_json(text.encode())[0].value("proactive.fees_wan_yuan")) == "21273.890"


def test_a_blank_is_null_and_a_zero_is_zero() -> None:
    printed = report(FORM).with_values({"requests.new.total": None, "requests.new.other": 0})
    row = json.loads(to_json(printed))["tables"]["requests"]["new"]
    assert (row["total"], row["other"]) == (None, 0)


def test_tables_alone_are_enough() -> None:
    shape = {"schema_version": 1, "form": "2021", "tables": {"reconsideration": {"upheld": 2, "other": None}}}
    (back,) = reports_from_json(json.dumps(shape).encode())
    states = [back.cell(f"reconsideration.{k}").state for k in ("upheld", "other", "total")]
    assert states == [CellState.VALUE, CellState.BLANK, CellState.MISSING]


def test_arrays_and_lines_hold_several_reports() -> None:
    one = dumps(report_object(report(FORM)))
    assert len(reports_from_json(f"[{one}, {one}]".encode())) == 2
    assert len(reports_from_json(f"{one}\n{one}\n\n{one}\n".encode())) == 3


def changed(**parts: object) -> bytes:
    # Without "cells": what it says of a cell would contradict the changed tables first.
    bare = {key: value for key, value in report_object(report(FORM)).items() if key != "cells"}
    return dumps({**bare, **parts}).encode()


@pytest.mark.parametrize(
    ("data", "code", "where"),
    [
        (b'{"schema_version": 1,', "AR-X-040", "line 1, character 22"),
        (b"\xff\xfe", "AR-X-040", "byte 0"),
        (b'{"schema_version": NaN}', "AR-X-040", "$"),
        (b"[" * 200_000, "AR-X-040", "$"),
        (b"9" * 5_000, "AR-X-040", "$"),
        (b"[1]", "AR-X-041", "[0]"),
        (changed(schema_version=2), "AR-X-044", "$"),
        (changed(form="1999"), "AR-X-042", "$.form"),
        (changed(year="2021"), "AR-X-041", "$.year"),
        (changed(tables={"requests": {"new": {"totl": 1}}}), "AR-X-045", "$.tables.requests.new.totl"),
        (changed(tables={"requests": {"new": {"total": "1"}}}), "AR-X-041", "$.tables.requests.new.total"),
        (changed(tables={"requests": {"new": {"total": True}}}), "AR-X-041", "$.tables.requests.new.total"),
        (changed(tables={"requests": {"new": {"total": -1}}}), "AR-X-041", "$.tables.requests.new.total"),
        (
            changed(tables={"reconsideration": {"other": Decimal("1.5")}}),
            "AR-X-041",
            "$.tables.reconsideration.other",
        ),
        (changed(cells={"requests.new.total": {"state": "blank"}}), "AR-X-043", "$.cells.requests.new.total"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_with_its_place(data: bytes, code: str, where: str) -> None:
    with pytest.raises(ReadError) as refused:
        reports_from_json(data)
    told = refused.value.values["where"]
    assert (refused.value.code, told["en"] if isinstance(told, Mapping) else told) == (code, where)
    chinese = describe(finding(code, values=refused.value.values))
    assert not re.search(r"[A-Za-z]{4,} [a-z]", chinese.replace(where, "")), chinese


def test_numbers_that_are_not_finite_are_not_written() -> None:
    with pytest.raises(ValueError, match="no JSON number"):
        dumps({"a": Decimal("NaN")})


def test_the_columns_are_the_forms_cells() -> None:
    named = dict(columns(FORM))
    assert set(FORM.cells) | set(FORM.alternates) <= set(named)
    assert named["proactive.fees_wan_yuan"] is ColumnKind.DECIMAL
    assert named["requests.new.total"] is ColumnKind.INTEGER
