"""Counting: a year of acts as the annual report (``gongkai.annual.model.Report``), each cell explained.

The one package of the rules that knows the report form. The rules are data (``rules.yaml``); how acts
become numbers stands in ``docs/explanation/algorithms/counting.md``.
"""

from gongkai.rules.counting.count import count
from gongkai.rules.counting.result import Count, CountNote, EventId, FeeFigures, LateAct
from gongkai.rules.counting.settings import CountingRule, CountingRules, LocalRule, default_rules
from gongkai.rules.counting.years import SealedYear

__all__ = [
    "Count",
    "CountNote",
    "CountingRule",
    "CountingRules",
    "EventId",
    "FeeFigures",
    "LateAct",
    "LocalRule",
    "SealedYear",
    "count",
    "default_rules",
]
