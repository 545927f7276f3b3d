"""Why a cell says what it says: the relations that it stands in, and the entries behind it."""

from __future__ import annotations

from dataclasses import dataclass

from gongkai.annual.findings import Verdict
from gongkai.annual.form import Relation
from gongkai.annual.model import Number
from gongkai.annual.relations import evaluate
from gongkai.rules.counting.result import Count, EventId


@dataclass(frozen=True, slots=True)
class Explained:
    """A relation of the form that contains the cell, with both sums."""

    relation: Relation
    verdict: Verdict
    left: Number
    right: Number


@dataclass(frozen=True, slots=True)
class Explanation:
    """One cell: its label and number, the relations it stands in, the entries that make it up."""

    cell: str
    label: str
    value: Number | None
    relations: tuple[Explained, ...]
    events: tuple[EventId, ...]
    streams: tuple[str, ...]
    """The streams of the entries, each once, in the order of their first entry."""


def explain(count: Count, cell: str) -> Explanation:
    """Explain a cell of a counted report by its path, e.g. ``requests.granted.total``.

    Raises ``KeyError`` for a path that the form does not have. A blank cell has no entries.
    """
    report = count.report
    spec = report.form.spec(cell)
    events = count.provenance.get(cell, ())
    told = [evaluate(report, relation) for relation in report.form.relations_of(cell)]
    return Explanation(
        cell=cell,
        label=spec.label,
        value=report.value(cell),
        relations=tuple(Explained(t.relation, t.verdict, t.left.known, t.right.known) for t in told),
        events=events,
        streams=tuple(dict.fromkeys(event.stream for event in events)),
    )
