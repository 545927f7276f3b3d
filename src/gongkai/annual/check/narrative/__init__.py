"""The narrative against the tables and against itself.

Every figure that can be set against a cell, another figure or arithmetic becomes a ``FigureMatch``, also
when it agrees; what contradicts becomes a ``Finding`` (``AR-N-…``) with its place in the text as printed.
Precision counts before recall: words of scope, 其中 parts and rough figures are never called errors.
"""

from __future__ import annotations

from collections.abc import Iterable

from gongkai.annual.check.narrative.all_of_them import all_matches
from gongkai.annual.check.narrative.breakdowns import breakdown_matches
from gongkai.annual.check.narrative.channels import channel_matches
from gongkai.annual.check.narrative.growth import growth_matches
from gongkai.annual.check.narrative.matching import Narrative
from gongkai.annual.check.narrative.named_shares import named_share_matches
from gongkai.annual.check.narrative.placeholders import placeholders
from gongkai.annual.check.narrative.proactive import proactive_matches
from gongkai.annual.check.narrative.remedies import remedy_matches
from gongkai.annual.check.narrative.remedy_rates import remedy_rate_matches
from gongkai.annual.check.narrative.requests import none_received, request_matches, table_scopes
from gongkai.annual.check.narrative.shares import rank_matches, share_matches
from gongkai.annual.check.narrative.shares_of_requests import shares_of_requests
from gongkai.annual.check.result import FigureMatch
from gongkai.annual.findings import Finding
from gongkai.annual.model import Report

__all__ = ["narrative_checks"]


def narrative_checks(
    report: Report, last_year: Report | None = None
) -> tuple[list[Finding], list[FigureMatch]]:
    """Check what the sections say against the tables, and against last year's report where given.

    Takes a report as read; returns the findings and every figure that was compared, both in the order of
    the text. Never raises for what a text says. Source of the rules: ``figures`` section 2,
    ``report-failures`` (Arithmetic and agreement).
    """
    narrative = Narrative.of(report, last_year)
    scopes = table_scopes(narrative)
    tables = _once((*request_matches(narrative, scopes), *none_received(narrative)))
    matches = _once(
        (
            *tables,
            *all_matches(narrative, tables),
            *remedy_matches(narrative, scopes),
            *remedy_rate_matches(narrative),
            *proactive_matches(narrative),
            *breakdown_matches(narrative),
            *channel_matches(narrative),
            *named_share_matches(narrative, tables),
            *shares_of_requests(narrative),
            *share_matches(narrative),
            *growth_matches(narrative, tables),
            *rank_matches(narrative),
        )
    )
    ordered = sorted(matches, key=lambda m: (m.span.section, m.span.start, m.span.end))
    return [m.finding for m in ordered if m.finding is not None] + [*placeholders(report)], ordered


def _once(matches: Iterable[FigureMatch]) -> tuple[FigureMatch, ...]:
    """Matches without those of one figure and one concept that two rules found."""
    seen: dict[tuple[str, int, int, str], FigureMatch] = {}
    for match in matches:
        seen.setdefault((match.span.section, match.span.start, match.span.end, match.concept), match)
    return tuple(seen.values())
