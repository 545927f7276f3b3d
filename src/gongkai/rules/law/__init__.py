"""The law as dated data: ``load_law().value("reply_period", on=day)``.

One file a parameter under ``parameters/<topic>/``: values by effective date with instrument, article and a
mark of how well each is known, and beside them what this software does not carry out. All of them are printed
in ``docs/reference/law-parameters.md``.
"""

from gongkai.rules.law.cite import article_zh, citation_zh
from gongkai.rules.law.errors import LawError, LocalValueRefused, NoRuleInForce, UnknownParameter
from gongkai.rules.law.law import Law, load_law
from gongkai.rules.law.model import (
    Bracket,
    DatedValue,
    Instrument,
    Kind,
    Limit,
    LocalRule,
    LocalValue,
    Mark,
    NotModelled,
    Parameter,
    Rule,
    Unit,
    Value,
)

__all__ = [
    "Bracket",
    "DatedValue",
    "Instrument",
    "Kind",
    "Law",
    "LawError",
    "Limit",
    "LocalRule",
    "LocalValue",
    "LocalValueRefused",
    "Mark",
    "NoRuleInForce",
    "NotModelled",
    "Parameter",
    "Rule",
    "Unit",
    "UnknownParameter",
    "Value",
    "article_zh",
    "citation_zh",
    "load_law",
]
