"""A body's own values over the law's."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from gongkai.rules.law.errors import LocalValueRefused
from gongkai.rules.law.loading import fits
from gongkai.rules.law.model import DatedValue, Kind, Limit, LocalRule, LocalValue, Parameter


def overlay(parameter: Parameter, local: Sequence[LocalValue]) -> tuple[DatedValue, ...]:
    """The law's values with a body's own over them, by date; ``parameter`` is the law's.

    Where a stricter value stops being stricter because the law changes, the law's value holds from then on.
    Raises ``LocalValueRefused``.
    """
    own = sorted(local, key=lambda v: v.from_date)
    for value in own:
        _admit(parameter, value)
    days = sorted({v.effective_from for v in parameter.values} | {v.from_date for v in own})
    return tuple(_in_force(parameter, own, day) for day in days)


def _in_force(parameter: Parameter, own: Sequence[LocalValue], day: date) -> DatedValue:
    law = replace(_law_on(parameter, day), effective_from=day)
    given = [v for v in own if v.from_date <= day]
    if not given:
        return law
    last = given[-1]
    if _is_measured(parameter, last) and not _is_stricter(parameter, last, law):
        return law
    return replace(law, value=last.value, local_source=last.source)


def _law_on(parameter: Parameter, day: date) -> DatedValue:
    return parameter.values[bisect_right(parameter.values, day, key=lambda v: v.effective_from) - 1]


def _admit(parameter: Parameter, local: LocalValue) -> None:
    key = parameter.key
    if parameter.local is LocalRule.FIXED:
        raise LocalValueRefused(key, "fixed", "a body cannot set this")
    if local.kind not in ("stricter", "setting"):
        raise LocalValueRefused(key, "not_allowed", f"no such kind of local value: {local.kind!r}")
    if not local.source.strip():
        raise LocalValueRefused(key, "no_source", "a local value needs the instrument that sets it")
    if not fits(parameter, local.value):
        raise LocalValueRefused(key, "not_allowed", f"{local.value!r} is no {parameter.kind.value}")
    first = parameter.values[0].effective_from
    if local.from_date < first:
        raise LocalValueRefused(
            key, "not_in_force", f"the law knows this from {first}, not {local.from_date}"
        )
    law = _law_on(parameter, local.from_date)
    if _is_measured(parameter, local) and not _is_stricter(parameter, local, law):
        raise LocalValueRefused(
            key, "not_stricter", f"{local.value!r} is not stricter than {law.value!r}, which the law sets"
        )


def _is_measured(parameter: Parameter, local: LocalValue) -> bool:
    return parameter.local is LocalRule.STRICTER or local.kind == "stricter"


def _is_stricter(parameter: Parameter, local: LocalValue, law: DatedValue) -> bool:
    minimum = parameter.limit is Limit.MINIMUM
    mine, theirs = local.value, law.value
    if parameter.kind is Kind.MONTH_DAY and isinstance(mine, str) and isinstance(theirs, str):
        return mine > theirs if minimum else mine < theirs
    if not isinstance(mine, int):
        return False
    if theirs is None:
        return True
    if not isinstance(theirs, int):
        return False
    # A period of nothing is no period.
    return mine > theirs if minimum else 0 < mine < theirs
