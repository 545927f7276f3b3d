"""The counting rules as data, and which row of a form an outcome belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

import yaml

from gongkai.annual.form import Form
from gongkai.rules.vocabulary import SUB_KINDS, Outcome


class UnknownCountingRule(KeyError):
    """No counting rule of that id; the message lists those there are."""


class UnlawfulSetting(ValueError):
    """A counting rule set to what is none of its choices, or set without a source."""


@dataclass(frozen=True, slots=True)
class CountingRule:
    """One rule: what it says, how it is set, how sure its default is, and on what it rests."""

    id: str
    label_zh: str
    default: str
    choices: tuple[str, ...]
    sure: str
    """A percentage, or ``V``: read in the instrument itself."""
    source: str
    applied: str
    """``count``: carried out by the count; ``entry``: decided when the act is entered."""
    choice: str
    local_source: str | None = None
    """On what a body rests that sets the rule itself; ``None`` where the default stands."""


@dataclass(frozen=True, slots=True)
class LocalRule:
    """A rule that a body sets otherwise, with its source."""

    id: str
    choice: str
    source: str


@dataclass(frozen=True, slots=True)
class CountingRules:
    """All counting rules by id; ``rules["stock"].choice`` is what holds."""

    rules: Mapping[str, CountingRule]

    def __getitem__(self, rule: str) -> CountingRule:
        """The rule of that id; raises ``UnknownCountingRule``."""
        try:
            return self.rules[rule]
        except KeyError:
            raise UnknownCountingRule(f"{rule}; known: {', '.join(self.rules)}") from None

    def choice(self, rule: str) -> str:
        """How the rule is set; raises ``UnknownCountingRule``."""
        return self[rule].choice

    def with_local(self, *local: LocalRule) -> CountingRules:
        """A copy in which a body's own settings hold.

        Raises ``UnknownCountingRule`` for an unknown id, ``UnlawfulSetting`` for a choice that the rule
        does not have and for a setting without a source. Source: counting.md, first paragraph.
        """
        rules = dict(self.rules)
        for one in local:
            rule = self[one.id]
            if one.choice not in rule.choices:
                raise UnlawfulSetting(f"{one.id}: {one.choice!r} is none of {', '.join(rule.choices)}")
            if not one.source.strip():
                raise UnlawfulSetting(f"{one.id}: a body's own setting needs a source")
            rules[one.id] = replace(rule, choice=one.choice, local_source=one.source)
        return CountingRules(MappingProxyType(rules))


def _data(name: str) -> dict[str, Any]:
    return yaml.safe_load((resources.files("gongkai.rules.counting") / name).read_text(encoding="utf-8"))


@cache
def default_rules() -> CountingRules:
    """The rules as shipped (``rules.yaml``), each at its default."""
    rules: dict[str, CountingRule] = {}
    for entry in _data("rules.yaml")["rules"]:
        if entry["id"] in rules or entry["default"] not in entry["choices"]:
            raise ValueError(f"rules.yaml: {entry['id']} stands twice or its default is no choice")
        rules[entry["id"]] = CountingRule(
            id=entry["id"],
            label_zh=entry["label_zh"],
            default=entry["default"],
            choices=tuple(entry["choices"]),
            sure=str(entry["sure"]),
            source=entry["source"],
            applied=entry["applied"],
            choice=entry["default"],
        )
    return CountingRules(MappingProxyType(rules))


@dataclass(frozen=True, slots=True)
class Rows:
    """Which row of a form's Table 3 each (outcome, sub-kind) belongs to, and which rule decided it."""

    leaves: tuple[str, ...]
    """The rows of results in the form's order."""
    by_outcome: Mapping[tuple[str, str | None], str]
    withdrawn: str
    fallback: str
    """Where an outcome of a newer vocabulary is put, with a note."""

    def row(self, outcome: str, sub_kind: str | None) -> str | None:
        """The row, or ``None`` for an outcome that this vocabulary does not know."""
        found = self.by_outcome.get((outcome, sub_kind))
        return self.by_outcome.get((outcome, None)) if found is None else found


@cache
def moved_sub_kinds() -> frozenset[str]:
    """Sub-kinds whose row is decided by the rule of the same name."""
    return frozenset(_data("rows.yaml")["sub_kinds"])


@cache
def _moves(edition: str) -> Mapping[str, str]:
    # A new edition without an entry here keeps an outcome's own name.
    return MappingProxyType(dict(_data("rows.yaml")["forms"].get(edition, {})))


def rows_of(form: Form, rules: CountingRules) -> Rows:
    """The rows of that form under those rules.

    Raises ``ValueError`` where the form lacks a row that an outcome maps to.
    """
    moves = _moves(form.edition)
    table = [row.key for row in form.grid("requests").blocks[0].rows]

    def form_row(outcome: str) -> str:
        row = moves.get(outcome, outcome)
        if row not in table:
            raise ValueError(f"form {form.edition} has no row {row!r} for outcome {outcome!r}")
        return row

    by_outcome: dict[tuple[str, str | None], str] = {(str(o), None): form_row(o) for o in Outcome}
    for outcome, names in SUB_KINDS.items():
        for name in names & moved_sub_kinds():
            by_outcome[str(outcome), name] = form_row(rules.choice(name))
    results = set(by_outcome.values())
    return Rows(
        leaves=tuple(row for row in table if row in results),
        by_outcome=MappingProxyType(by_outcome),
        withdrawn=form_row(rules.choice("withdrawn")),
        fallback=form_row(Outcome.OTHER_OTHER),
    )
