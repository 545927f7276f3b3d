"""The families of checks, by name, and what each is given.

A family is a function ``(CheckContext) -> Iterator[Finding]`` under ``@check``. It declares the codes it
may raise; besides these a family may raise the ids of the form's relations, which are the form's data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from gongkai.annual.findings import Finding
from gongkai.annual.form import Form, builtin_forms
from gongkai.annual.model import Report
from gongkai.annual.relations import Evaluation, evaluate_all


@dataclass(frozen=True, slots=True)
class CheckContext:
    """What every family sees: the report, last year's report if given, the relations already evaluated."""

    report: Report
    last_year: Report | None
    evaluations: tuple[Evaluation, ...]
    forms: tuple[Form, ...]
    """The editions known: the built-in ones, and the report's own if it is an added one."""

    @classmethod
    def of(cls, report: Report, last_year: Report | None = None) -> CheckContext:
        """The context of one report."""
        forms = builtin_forms()
        known = forms if any(f.edition == report.form.edition for f in forms) else (*forms, report.form)
        return cls(report, last_year, evaluate_all(report), known)


Family = Callable[[CheckContext], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Registered:
    """A family with the codes it declares."""

    name: str
    codes: tuple[str, ...]
    run: Family


_families: dict[str, Registered] = {}


def check(name: str, *codes: str) -> Callable[[Family], Family]:
    """Register a family under that name with the codes it may raise; ``ValueError`` for a name twice."""

    def register(run: Family) -> Family:
        if name in _families:
            raise ValueError(f"check family {name} stands twice")
        _families[name] = Registered(name, codes, run)
        return run

    return register


def families() -> Mapping[str, Registered]:
    """Every family registered so far, in the order of registration."""
    return MappingProxyType(_families)
