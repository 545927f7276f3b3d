"""The JSON exchange shape (``report-form``) → reports; what does not fit is refused with its place."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar, cast

from gongkai.annual.findings import Finding, Severity, Span, Verdict, catalogue
from gongkai.annual.form import Form, UnknownEdition, ValueType, builtin_forms, form_for_edition
from gongkai.annual.model import MISSING, Cell, CellState, Contact, Number, Place, Remnant, Report, Scope
from gongkai.annual.read.errors import ReadError, Unsupported
from gongkai.annual.read.exchange_words import syntax, words

SCHEMA_VERSION = 1

_LARGEST = Decimal(10) ** 18
_DEEPEST_EXPONENT = 30
_HOLDS_NUMBER = (CellState.VALUE, CellState.ENTERED)

_Enum = TypeVar("_Enum", bound=StrEnum)
_Item = TypeVar("_Item")


def reports_from_json(data: bytes, *, forms: Sequence[Form] | None = None) -> tuple[Report, ...]:
    """The reports of a JSON file: one object, an array of objects, or one object a line.

    ``forms`` are the known editions (the shipped ones unless given). Raises ``ReadError`` with a code
    ``AR-X-040`` to ``AR-X-045``; ``values['where']`` names the place.
    """
    known = tuple(forms) if forms is not None else builtin_forms()
    return tuple(_report(node, known) for node in _objects(data))


@dataclass(frozen=True, slots=True)
class _Node:
    """A JSON value and where it stands."""

    value: object
    where: str

    def wrong(self, expected: str, **slots: object) -> ReadError:
        return ReadError(
            "AR-X-041", where=_where(self.where), expected=words(expected, **slots), found=_shown(self.value)
        )

    def has(self, key: str) -> bool:
        return key in self.mapping()

    def mapping(self) -> dict[str, object]:
        if not isinstance(self.value, dict):
            raise self.wrong("object")
        return cast("dict[str, object]", self.value)

    def at(self, key: str) -> _Node:
        """The entry of that key; an absent one is null."""
        return _Node(self.mapping().get(key), f"{self.where}.{key}")

    def entries(self) -> Iterator[tuple[str, _Node]]:
        for key in () if self.value is None else self.mapping():
            yield key, self.at(key)

    def items(self) -> Iterator[_Node]:
        if self.value is None:
            return
        if not isinstance(self.value, list):
            raise self.wrong("array")
        for index, value in enumerate(cast("list[object]", self.value)):
            yield _Node(value, f"{self.where}[{index}]")

    def optional(self, read: Callable[[_Node], _Item]) -> _Item | None:
        return None if self.value is None else read(self)

    def text(self) -> str:
        if not isinstance(self.value, str):
            raise self.wrong("string")
        return self.value

    def whole(self) -> int:
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            raise self.wrong("integer")
        return self.value

    def member(self, kind: type[_Enum], default: _Enum) -> _Enum:
        if self.value is None:
            return default
        try:
            return kind(self.text())
        except ValueError as error:
            raise self.wrong("one of", choices=" | ".join(kind)) from error

    def number(self) -> Number:
        value = self.value
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise self.wrong("number")
        tiny = isinstance(value, Decimal) and abs(value.adjusted()) > _DEEPEST_EXPONENT and value != 0
        if abs(value) >= _LARGEST or tiny:
            raise self.wrong("smaller", limit=f"{_LARGEST:e}")
        return value


def _where(where: str) -> object:
    """A place for people: ``line 3`` and ``2:5`` in words, a path as it is."""
    line = re.fullmatch(r"line (\d+)(.*)", where)
    if line is not None:
        return MappingProxyType({"zh": f"第 {line[1]} 行{line[2]}", "en": where})
    return where


def _shown(value: object) -> object:
    match value:
        case None:
            return words("null")
        case dict():
            return words("object")
        case list():
            return words("array")
        case _:
            text = json.dumps(value, ensure_ascii=False, default=str)
            return text if len(text) <= 60 else f"{text[:57]}…"


def _objects(data: bytes) -> Iterator[_Node]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unsupported(
            "AR-X-040", where=words("byte", n=error.start), reason=words("not UTF-8")
        ) from error
    try:
        whole = _parse(text)
    except json.JSONDecodeError as error:
        if error.msg != "Extra data":
            raise _broken(error, 0) from error
        yield from _lines(text)
        return
    if isinstance(whole, list):
        for index, value in enumerate(cast("list[object]", whole)):
            yield _Node(value, f"[{index}]")
    else:
        yield _Node(whole, "$")


def _lines(text: str) -> Iterator[_Node]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield _Node(_parse(line), f"line {number}")
            except json.JSONDecodeError as error:
                raise _broken(error, number - 1) from error


def _broken(error: json.JSONDecodeError, above: int) -> ReadError:
    return Unsupported(
        "AR-X-040",
        where=words("line and column", line=above + error.lineno, column=error.colno),
        reason=syntax(error.msg),
    )


def _parse(text: str) -> object:
    def refuse(name: str) -> object:
        raise Unsupported("AR-X-040", where="$", reason=words("constant", name=name))

    try:
        return json.loads(text, parse_float=Decimal, parse_constant=refuse)
    except RecursionError as error:
        raise Unsupported("AR-X-040", where="$", reason=words("deep")) from error
    except json.JSONDecodeError:
        raise
    except ValueError as error:  # a whole number of more digits than Python converts
        raise Unsupported("AR-X-040", where="$", reason=words("long")) from error


def _report(node: _Node, forms: Sequence[Form]) -> Report:
    version = node.at("schema_version")
    if version.value != SCHEMA_VERSION or isinstance(version.value, bool):
        raise ReadError(
            "AR-X-044", where=_where(node.where), expected=SCHEMA_VERSION, found=_shown(version.value)
        )
    edition = node.at("form")
    try:
        form = form_for_edition(edition.text(), forms)
    except UnknownEdition as error:
        known = "、".join(error.known)
        raise ReadError("AR-X-042", where=_where(edition.where), edition=error.wanted, known=known) from error
    signed = node.at("signed")
    return Report(
        form=form,
        cells=MappingProxyType(_cells(node, form)),
        source=node.at("source").optional(_Node.text) or "",
        body=node.at("body").optional(_Node.text),
        scope=node.at("scope").member(Scope, Scope.UNKNOWN),
        title=node.at("title").optional(_Node.text),
        year=node.at("year").optional(_Node.whole),
        sections=_texts(node.at("sections")),
        section_labels=_texts(node.at("section_labels")),
        notice=node.at("notice").optional(_Node.text),
        period=node.at("period").optional(_period),
        contact=node.at("contact").optional(_contact) or Contact(),
        signed=(
            (None, None)
            if signed.value is None
            else (signed.at("name").optional(_Node.text), signed.at("date").optional(_Node.text))
        ),
        remnants=tuple(_remnant(entry, form) for entry in node.at("remnants").items()),
        reading=tuple(_finding(entry, form) for entry in node.at("reading").items()),
    )


def _texts(node: _Node) -> Mapping[str, str]:
    return MappingProxyType({key: entry.text() for key, entry in node.entries()})


def _period(node: _Node) -> tuple[str, str]:
    days = [entry.text() for entry in node.items()]
    if len(days) != 2:
        raise node.wrong("pair")
    return days[0], days[1]


def _contact(node: _Node) -> Contact:
    def part(key: str) -> str | None:
        return node.at(key).optional(_Node.text)

    return Contact(part("address"), part("phone"), part("postcode"), part("website"))


def _cells(node: _Node, form: Form) -> dict[str, Cell]:
    printed = dict(_table_entries(node.at("tables")))
    stated = dict(node.at("cells").entries())
    for path, entry in (*printed.items(), *stated.items()):
        if path not in form.cells and path not in form.alternates:
            raise ReadError("AR-X-045", where=_where(entry.where), edition=form.edition)
    paths = [*form.cells, *(p for p in form.alternates if p in printed or p in stated)]
    return {path: _cell(path, printed.get(path), stated.get(path), form) for path in paths}


def _table_entries(tables: _Node) -> Iterator[tuple[str, _Node]]:
    for table, rows in tables.entries():
        for row, entry in rows.entries():
            if isinstance(entry.value, dict):
                for column, cell in entry.entries():
                    yield f"{table}.{row}.{column}", cell
            else:
                yield f"{table}.{row}", entry


def _cell(path: str, printed: _Node | None, stated: _Node | None, form: Form) -> Cell:
    value = None if printed is None else printed.optional(_Node.number)
    if value is not None and printed is not None:
        value = _typed(value, form.spec(path).type, printed)
    if stated is None:
        if printed is None:
            return MISSING
        return Cell(CellState.BLANK) if value is None else Cell(CellState.VALUE, value)
    state = stated.at("state").member(CellState, CellState.BLANK if value is None else CellState.VALUE)
    if (value is not None) != (state in _HOLDS_NUMBER):
        shown = _shown(None if printed is None else printed.value)
        raise ReadError("AR-X-043", where=_where(stated.where), state=state.value, found=shown)
    return Cell(state, value, stated.at("raw").optional(_Node.text), stated.at("place").optional(_place))


def _typed(value: Number, kind: ValueType, node: _Node) -> Number:
    if kind in (ValueType.WAN_YUAN, ValueType.YUAN):
        return Decimal(value)
    if value != int(value):
        raise node.wrong("integer")
    if kind is ValueType.COUNT and value < 0:
        raise node.wrong("count")
    return int(value)


def _place(node: _Node) -> Place:
    def number(key: str) -> int | None:
        return node.at(key).optional(_Node.whole)

    return Place(number("page"), number("table"), number("row"), number("column"), number("line"))


def _paths(node: _Node, form: Form) -> tuple[str, ...]:
    paths: list[str] = []
    for entry in node.items():
        path = entry.text()
        if path not in form.cells and path not in form.alternates:
            raise ReadError("AR-X-045", where=_where(entry.where), edition=form.edition)
        paths.append(path)
    return tuple(paths)


def _remnant(node: _Node, form: Form) -> Remnant:
    return Remnant(
        _paths(node.at("cells"), form),
        tuple(entry.text() for entry in node.at("values").items()),
        node.at("place").optional(_place),
    )


def _finding(node: _Node, form: Form) -> Finding:
    code = node.at("code").text()
    if code not in catalogue():
        raise node.at("code").wrong("code")
    return Finding(
        code=code,
        severity=node.at("severity").member(Severity, catalogue()[code].severity),
        cells=_paths(node.at("cells"), form),
        expected=_outcome(node.at("expected")),
        found=_outcome(node.at("found")),
        verdict=node.at("verdict").member(Verdict, Verdict.FAILS),
        relation=node.at("relation").optional(_Node.text),
        spans=tuple(
            Span(s.at("section").text(), s.at("start").whole(), s.at("end").whole())
            for s in node.at("spans").items()
        ),
        values=MappingProxyType({key: _thawed(entry.value) for key, entry in node.at("values").entries()}),
    )


def _outcome(node: _Node) -> int | Decimal | str | None:
    return node.value if isinstance(node.value, str) else node.optional(_Node.number)


def _thawed(value: object) -> object:
    return tuple(map(_thawed, cast("list[object]", value))) if isinstance(value, list) else value
