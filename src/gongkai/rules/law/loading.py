"""Parameter files to ``Parameter``: every key checked, so that a mistake in a file is found on loading."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from importlib import resources
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any, cast

import yaml

from gongkai.rules.law.errors import LawError
from gongkai.rules.law.model import (
    Bracket,
    DatedValue,
    Instrument,
    Kind,
    Limit,
    LocalRule,
    Mark,
    NotModelled,
    Parameter,
    Unit,
    Value,
)
from gongkai.rules.yaml_files import load_yaml

_KEYS = frozenset(
    (
        *("key", "label_zh", "kind", "unit", "local", "limit", "nullable", "choices", "values"),
        *("checked_on", "note", "not_modelled"),
    )
)
_PACKAGE = "gongkai.rules.law"


def read_instruments() -> dict[str, Instrument]:
    """The instruments shipped with the package, by key. Raises ``LawError``."""
    data = _mapping(resources.files(_PACKAGE) / "instruments.yaml")
    try:
        return {
            key: Instrument(
                key=key,
                title_zh=str(entry["title_zh"]),
                short_zh=str(entry["short_zh"]),
                number=None if entry["number"] is None else str(entry["number"]),
                in_force_from=entry["in_force_from"],
                mark=Mark(entry["mark"]),
            )
            for key, entry in data.items()
        }
    except (KeyError, ValueError, TypeError) as error:
        raise LawError(f"instruments.yaml: {error}") from error


def read_not_modelled() -> tuple[NotModelled, ...]:
    """What of the Regulation is not carried out here at all, by article. Raises ``LawError``."""
    data = _mapping(resources.files(_PACKAGE) / "not_modelled.yaml")
    try:
        return tuple(
            NotModelled(_article(e["article"]) or "", str(e["part"]), str(e["reason"]), str(instrument))
            for instrument, entries in data.items()
            for e in entries
        )
    except (KeyError, ValueError, TypeError) as error:
        raise LawError(f"not_modelled.yaml: {error}") from error


def read_parameters(instruments: dict[str, Instrument]) -> dict[str, Parameter]:
    """The parameters shipped with the package, by key in order of topic and name. Raises ``LawError``."""
    found: dict[str, Parameter] = {}
    topics = sorted(
        (f for f in (resources.files(_PACKAGE) / "parameters").iterdir() if f.is_dir()), key=lambda f: f.name
    )
    for topic in topics:
        for file in sorted((f for f in topic.iterdir() if f.name.endswith(".yaml")), key=lambda f: f.name):
            parameter = parse_parameter(_mapping(file), topic=topic.name, name=file.name)
            if f"{parameter.key}.yaml" != file.name or parameter.key in found:
                raise LawError(f"{file.name}: a file has the name of its key, and keys are unique")
            for value in parameter.values:
                if value.instrument not in instruments:
                    raise LawError(f"{file.name}: no instrument {value.instrument!r}")
            found[parameter.key] = parameter
    return found


def parse_parameter(data: dict[str, Any], *, topic: str, name: str) -> Parameter:
    """A parameter from the mapping of its file; ``name`` is used in messages. Raises ``LawError``."""
    unknown = set(data) - _KEYS
    if unknown:
        raise LawError(f"{name}: unknown keys {sorted(unknown)}")
    try:
        kind, unit = Kind(data["kind"]), Unit(data["unit"])
        limit = data.get("limit")
        note = data.get("note")
        values = tuple(_dated(day, entry, kind, unit) for day, entry in sorted(data["values"].items()))
        parameter = Parameter(
            key=str(data["key"]),
            topic=topic,
            label_zh=str(data["label_zh"]),
            kind=kind,
            unit=unit,
            local=LocalRule(data["local"]),
            limit=None if limit is None else Limit(limit),
            nullable=bool(data.get("nullable", False)),
            choices=MappingProxyType({str(k): str(v) for k, v in data.get("choices", {}).items()}),
            values=values,
            checked_on=data["checked_on"],
            note=None if note is None else str(note),
            not_modelled=tuple(
                # The article is one of the instrument that the parameter's latest value comes from.
                NotModelled(
                    _article(e["article"]) or "", str(e["part"]), str(e["reason"]), values[-1].instrument
                )
                for e in data["not_modelled"]
            ),
        )
    except KeyError as error:
        raise LawError(f"{name}: missing key {error}") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise LawError(f"{name}: {error}") from error
    _hold_together(parameter, name)
    return parameter


def _hold_together(parameter: Parameter, name: str) -> None:
    if not parameter.values:
        raise LawError(f"{name}: a parameter needs a value")
    if (parameter.kind is Kind.CHOICE) != bool(parameter.choices):
        raise LawError(f"{name}: choices belong to a choice, and a choice has them")
    if parameter.local is LocalRule.STRICTER and parameter.limit is None:
        raise LawError(f"{name}: what may only be stricter says whether it is a maximum or a minimum")
    for dated in parameter.values:
        if not fits(parameter, dated.value):
            raise LawError(f"{name}: {dated.effective_from}: {dated.value!r} is no {parameter.kind.value}")


def fits(parameter: Parameter, value: Value) -> bool:
    """Whether a value is of the parameter's kind; by type, never by truth."""
    match parameter.kind:
        case Kind.PERIOD | Kind.NUMBER:
            if value is None:
                return parameter.nullable
            return isinstance(value, int) and not isinstance(value, bool) and value >= 0
        case Kind.SWITCH:
            return isinstance(value, bool)
        case Kind.CHOICE:
            return isinstance(value, str) and value in parameter.choices
        case Kind.LIST:
            return isinstance(value, tuple) and all(isinstance(item, str) for item in value)
        case Kind.MONTH_DAY:
            return isinstance(value, str) and _is_month_day(value)
        case Kind.SCHEDULE:
            return isinstance(value, tuple) and _is_schedule(value)


def _is_month_day(value: str) -> bool:
    try:
        date.fromisoformat(f"2000-{value}")
    except ValueError:
        return False
    return len(value) == 5


def _is_schedule(value: tuple[str | Bracket, ...]) -> bool:
    """Brackets without a gap from the first unit on; only the last is open."""
    following = 1
    for place, bracket in enumerate(value):
        if not isinstance(bracket, Bracket) or bracket.first != following:
            return False
        if bracket.last is None:
            return place == len(value) - 1
        if bracket.last < bracket.first:
            return False
        following = bracket.last + 1
    return False


def _dated(day: object, entry: dict[str, Any], kind: Kind, unit: Unit) -> DatedValue:
    if type(day) is not date:
        raise TypeError(f"values are keyed by date, not {day!r}")
    unknown = set(entry) - {"value", "unit", "reference", "mark", "until"}
    if unknown:
        raise TypeError(f"{day}: unknown keys {sorted(unknown)}")
    return DatedValue(
        effective_from=day,
        value=_value(entry["value"], kind),
        unit=Unit(entry["unit"]) if "unit" in entry else unit,
        instrument=str(entry["reference"]["instrument"]),
        article=_article(entry["reference"]["article"]),
        mark=Mark(entry["mark"]),
        until=entry.get("until"),
    )


def _value(raw: Any, kind: Kind) -> Value:
    if kind is Kind.SCHEDULE:
        return tuple(
            Bracket(
                first=b["first"],
                last=b["last"],
                rate=Decimal(b["rate"]),
                every=b.get("every"),
                increase=Decimal(b["increase"]) if "increase" in b else None,
            )
            for b in raw
        )
    if kind is Kind.LIST:
        return tuple(str(item) for item in raw)
    return cast("Value", raw)


def _article(raw: object) -> str | None:
    if raw is None:
        return None
    if isinstance(raw, list):
        return ",".join(str(part) for part in cast("list[object]", raw))
    return str(raw)


def _mapping(file: Traversable) -> dict[str, Any]:
    try:
        data: Any = load_yaml(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, ValueError) as error:
        raise LawError(f"{file.name}: not YAML: {error}") from error
    if not isinstance(data, dict):
        raise LawError(f"{file.name}: a mapping is expected")
    return cast("dict[str, Any]", data)
