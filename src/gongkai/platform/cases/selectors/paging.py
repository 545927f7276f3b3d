"""Pages of long lists by key, not by number: the hundredth page costs what the first one does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from django.db.models import F, Model, Q, QuerySet

T = TypeVar("T", bound=Model)
SEPARATOR = "~"


@dataclass(frozen=True, slots=True)
class Order:
    """By which column a list is ordered, and ``stream`` within equal values. No value of it is null."""

    column: str
    descending: bool = False
    is_date: bool = True


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A page: its rows, and the places before and behind it (empty where there is nothing)."""

    rows: Sequence[T]
    before: str = ""
    after: str = ""


def page_of(rows: QuerySet[T], order: Order, size: int, *, after: str = "", before: str = "") -> Page[T]:
    """The page behind ``after`` or before ``before``; the first one where they are not understood."""
    backwards = bool(before) and _place(before, order) is not None
    place = _place(before if backwards else after, order)
    wanted = rows
    # Read against the order where one goes back, and turned round again.
    descending = order.descending != backwards
    if place is not None:
        wanted = wanted.filter(_behind(order.column, place, descending, stream_down=backwards))
    column = F(order.column)
    stream = F("stream")
    wanted = wanted.order_by(
        column.desc() if descending else column.asc(), stream.desc() if backwards else stream.asc()
    )
    found = list(wanted[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    if not found:
        return Page(())
    first, last = _name(found[0], order), _name(found[-1], order)
    if backwards:
        return Page(found, before=first if more else "", after=last)
    return Page(found, before=first if place is not None else "", after=last if more else "")


def _behind(column: str, place: tuple[Any, str], descending: bool, *, stream_down: bool) -> Q:
    value, stream = place
    further = Q(**{f"{column}__{'lt' if descending else 'gt'}": value})
    # The bound on the column alone lets the index be entered at the right place.
    bound = Q(**{f"{column}__{'lte' if descending else 'gte'}": value})
    return bound & (further | Q(**{column: value, f"stream__{'lt' if stream_down else 'gt'}": stream}))


def _name(row: Any, order: Order) -> str:
    value = getattr(row, order.column)
    return f"{value.isoformat() if order.is_date else value}{SEPARATOR}{row.stream}"


def _place(text: str, order: Order) -> tuple[Any, str] | None:
    value, separator, stream = text.partition(SEPARATOR)
    if not separator:
        return None
    if not order.is_date:
        return value, stream
    try:
        return date.fromisoformat(value), stream
    except ValueError:
        return None
