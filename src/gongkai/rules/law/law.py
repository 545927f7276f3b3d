"""The law on a day: values by key and date, with their citations, and a body's own values over them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from types import MappingProxyType

from gongkai.rules.law.cite import citation_zh
from gongkai.rules.law.errors import NoRuleInForce, UnknownParameter
from gongkai.rules.law.loading import read_instruments, read_not_modelled, read_parameters
from gongkai.rules.law.local import overlay
from gongkai.rules.law.model import Instrument, LocalValue, NotModelled, Parameter, Rule, Value


class Law:
    """Parameters by key. Never changes; ``with_local`` gives a new one.

    Before the first value of a parameter, and after one that has ended, a question raises ``NoRuleInForce``.
    """

    __slots__ = ("_instruments", "_locals", "_lookup", "_not_modelled", "_parameters", "_statute")

    def __init__(
        self,
        parameters: Mapping[str, Parameter],
        instruments: Mapping[str, Instrument],
        not_modelled: Iterable[NotModelled] = (),
        local: Iterable[LocalValue] = (),
        *,
        statute: Mapping[str, Parameter] | None = None,
    ) -> None:
        self._parameters = MappingProxyType(dict(parameters))
        # Without anybody's own values: what is stricter is measured against this.
        self._statute = self._parameters if statute is None else statute
        self._instruments = MappingProxyType(dict(instruments))
        self._not_modelled = tuple(not_modelled)
        self._locals = tuple(local)
        # Dates apart from values: one bisection a question.
        self._lookup = {
            key: (
                tuple(v.effective_from for v in parameter.values),
                tuple(v.value for v in parameter.values),
                tuple(v.until for v in parameter.values)
                if any(v.until is not None for v in parameter.values)
                else None,
            )
            for key, parameter in self._parameters.items()
        }

    def value(self, key: str, *, on: date) -> Value:
        """The value in force on a day: a number, a word, a truth value, ``None`` for no limit, or brackets.

        Raises ``UnknownParameter``, and ``NoRuleInForce`` before the first date.
        """
        found = self._lookup.get(key)
        if found is None:
            raise UnknownParameter(key)
        dates, values, until = found
        place = bisect_right(dates, on) - 1
        if place < 0:
            raise NoRuleInForce(key, on, dates[0])
        if until is not None and (end := until[place]) is not None and on > end:
            raise NoRuleInForce(key, on, None)
        return values[place]

    def number(self, key: str, *, on: date) -> int:
        """As ``value``, for a value that is a number on that day; ``TypeError`` where it is not."""
        value = self.value(key, on=on)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        raise TypeError(f"{key} is not a number on {on}: {value!r}")

    def switch(self, key: str, *, on: date) -> bool:
        """As ``value``, for a switch; ``TypeError`` for another kind."""
        value = self.value(key, on=on)
        if isinstance(value, bool):
            return value
        raise TypeError(f"{key} is not a switch: {value!r}")

    def choice(self, key: str, *, on: date) -> str:
        """As ``value``, for a choice or a day of the year; ``TypeError`` for another kind."""
        value = self.value(key, on=on)
        if isinstance(value, str):
            return value
        raise TypeError(f"{key} is not a choice: {value!r}")

    def outcomes(self, key: str, *, on: date) -> frozenset[str]:
        """As ``value``, for a list of outcomes; ``TypeError`` for another kind."""
        value = self.value(key, on=on)
        if isinstance(value, tuple):
            return frozenset(item for item in value if isinstance(item, str))
        raise TypeError(f"{key} is not a list: {value!r}")

    def rule(self, key: str, *, on: date) -> Rule:
        """The value in force on a day with its unit and where it comes from. Raises as ``value`` does."""
        self.value(key, on=on)  # the same refusals
        parameter = self._parameters[key]
        dated = parameter.values[bisect_right(self._lookup[key][0], on) - 1]
        return Rule(
            key=key,
            value=dated.value,
            unit=dated.unit,
            effective_from=dated.effective_from,
            instrument=self._instruments[dated.instrument],
            article=dated.article,
            mark=dated.mark,
            local_source=dated.local_source,
            label_zh=parameter.label_zh,
        )

    def cite(self, key: str, *, on: date) -> str:
        """Where the rule in force on a day stands: ``《政府信息公开条例》第三十三条``.

        A body's own value is cited after the article that it stays within. Raises as ``value`` does.
        """
        rule = self.rule(key, on=on)
        text = citation_zh(rule.instrument.short_zh, rule.article)
        return text if rule.local_source is None else f"{text}、{rule.local_source}"

    def keys(self) -> tuple[str, ...]:
        """The keys of all parameters, by topic and name."""
        return tuple(self._parameters)

    def parameter(self, key: str) -> Parameter:
        """A parameter with all its values, choices and what is not modelled. Raises ``UnknownParameter``."""
        try:
            return self._parameters[key]
        except KeyError:
            raise UnknownParameter(key) from None

    def instruments(self) -> Mapping[str, Instrument]:
        """The instruments that the parameters name, by key."""
        return self._instruments

    def not_modelled(self) -> tuple[NotModelled, ...]:
        """Everything that officers decide by hand: by instrument, then beside each parameter."""
        beside = tuple(entry for p in self._parameters.values() for entry in p.not_modelled)
        return self._not_modelled + beside

    @property
    def local(self) -> tuple[LocalValue, ...]:
        """The body's own values, as they were given."""
        return self._locals

    def with_local(self, values: Iterable[LocalValue]) -> Law:
        """A new law with a body's own values over this one.

        - A period that the law limits takes only a stricter value, from ``from_date`` on and as long as it
          stays stricter than the law's own later values.
        - A setting takes any value of its kind. What is a right of others takes none.

        Raises ``UnknownParameter``, and ``LocalValueRefused`` (a ``ValueError``) with key and reason.
        """
        given = (*self._locals, *values)
        by_key: dict[str, list[LocalValue]] = {}
        for local in given:
            if local.key not in self._statute:
                raise UnknownParameter(local.key)
            by_key.setdefault(local.key, []).append(local)
        parameters = dict(self._statute)
        for key, own in by_key.items():
            parameters[key] = replace(self._statute[key], values=overlay(self._statute[key], own))
        return Law(parameters, self._instruments, self._not_modelled, given, statute=self._statute)


@cache
def load_law() -> Law:
    """The law shipped with the package; built once. Raises ``LawError`` if a file does not hold together."""
    instruments = read_instruments()
    return Law(read_parameters(instruments), instruments, read_not_modelled())
