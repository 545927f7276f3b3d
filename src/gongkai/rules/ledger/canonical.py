"""Canonical bytes: the one way in which a value is written, so that its hash means something.

JSON in UTF-8 with keys sorted by code point, no spaces, strings in NFC with the fewest escapes. There
are strings, whole numbers of at most 53 bits, true, false, null, lists and objects. Decimals and dates
are written as strings; floats, and whole numbers beyond ±(2**53 - 1), are refused: no reader in another
language would see the same number. Moments are UTC with whole seconds and a ``Z``.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NoReturn, cast

from gongkai.rules.ledger.errors import NotCanonical

LARGEST = 2**53 - 1

_encoder = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, allow_nan=False, sort_keys=True, separators=(",", ":")
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)


def canonical(value: object) -> bytes:
    """The canonical bytes of a value, without a newline; raises ``NotCanonical`` as ``normalised`` does."""
    return encoded(normalised(value))


def normalised(value: object, where: str = "") -> Any:
    """A copy of the value made only of what a ledger line can hold.

    Strings become NFC; ``Decimal`` a string with its digits, ``date`` an ISO string, ``datetime`` as
    ``moment_text`` writes it; tuples lists. Raises ``NotCanonical`` (``where`` is the path of the value):
    ``LG-E-001`` for floats and other types, ``LG-E-002`` for whole numbers too large, ``LG-E-003`` for
    lone surrogates, ``LG-E-004`` for keys that are no strings or become the same, ``LG-E-005`` for
    moments without a zone or with fractions of a second.
    """
    try:
        return _normalised(value, where)
    except RecursionError:
        raise NotCanonical("LG-E-001", where=where or "-", type="too deep") from None


def _normalised(value: object, where: str) -> Any:
    match value:
        case None | bool():
            return value
        case str():
            return _string(value, where)
        case int():
            if not -LARGEST <= value <= LARGEST:
                raise NotCanonical("LG-E-002", where=where or "-", found=value)
            return int(value)
        case Decimal() if value.is_finite():
            return format(value, "f")
        case datetime():
            return moment_text(value)
        case date():
            return value.isoformat()
        case Mapping():
            return _object(cast("Mapping[object, object]", value), where)
        case list() | tuple():
            items = cast("list[object]", value)
            return [_normalised(item, f"{where}[{index}]") for index, item in enumerate(items)]
        case _:
            raise NotCanonical("LG-E-001", where=where or "-", type=type(value).__name__)


def _string(value: str, where: str) -> str:
    text = unicodedata.normalize("NFC", str.__str__(value))
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise NotCanonical("LG-E-003", where=where or "-") from None
    return text


def _object(value: Mapping[object, object], where: str) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, item in value.items():
        if not isinstance(key, str):
            raise NotCanonical("LG-E-004", where=where or "-", key=repr(key))
        name = _string(key, where)
        if name in result:
            raise NotCanonical("LG-E-004", where=where or "-", key=name)
        result[name] = _normalised(item, f"{where}.{name}" if where else name)
    return result


def encoded(value: Any) -> bytes:
    """The bytes of a value that is normalised already; nothing is checked."""
    return _encoder.encode(value).encode()


def moment_text(value: datetime) -> str:
    """``2026-02-12T01:30:00Z``.

    Raises ``NotCanonical`` ``LG-E-005`` for a moment without a zone or with fractions of a second.
    """
    if value.utcoffset() is None or value.microsecond:
        raise NotCanonical("LG-E-005", found=value.isoformat())
    return value.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def is_moment(text: str) -> bool:
    """True for a moment as ``moment_text`` writes it, with a day and a time that exist."""
    return _MOMENT.fullmatch(text) is not None and _parses(datetime, text)


def is_date(text: str) -> bool:
    """True for an ISO date that exists."""
    return _DATE.fullmatch(text) is not None and _parses(date, text)


def _parses(kind: type[date], text: str) -> bool:
    try:
        kind.fromisoformat(text)
    except ValueError:
        return False
    return True


def _no_float(text: str) -> NoReturn:
    raise ValueError(f"a ledger holds no such number: {text}")


def _fitting(text: str) -> int:
    number = int(text)
    if not -LARGEST <= number <= LARGEST:
        raise ValueError(f"a whole number is too large: {text[:40]}")
    return number


_strict = json.JSONDecoder(parse_float=_no_float, parse_int=_fitting, parse_constant=_no_float).decode
_encode = _encoder.encode


def parsed_exactly(raw: bytes) -> Any:
    """The value of bytes that are its canonical form, to the byte.

    Raises ``ValueError`` for everything else: no JSON, another spelling of the same value, floats,
    whole numbers too large, strings that are not NFC, keys that stand twice.
    """
    text = raw.decode()  # UnicodeDecodeError is a ValueError
    try:
        value = _strict(text)
        again = _encode(value)
    except RecursionError:
        raise ValueError("nested too deep") from None
    if again != text:
        raise ValueError("not the canonical form")
    if not raw.isascii() and not unicodedata.is_normalized("NFC", text):
        raise ValueError("not NFC")
    return value
