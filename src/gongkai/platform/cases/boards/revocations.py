"""Replies that did not stand in a period: by cause, by the reply's outcome, by year, with their reviews."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gongkai.platform.cases.boards.catalogue import figures
from gongkai.platform.cases.boards.scope import Scope
from gongkai.platform.cases.boards.tables import LOSSES, Row, Table, cells, total_of
from gongkai.platform.cases.losses import causes, lost_in
from gongkai.platform.cases.models import CaseSummary, LossReview
from gongkai.platform.cases.selectors.filters import OUTCOMES
from gongkai.platform.ledger.selectors import history, streams_with
from gongkai.rules.cases.fold import fold
from gongkai.rules.cases.state import CaseState
from gongkai.rules.vocabulary import RemedyKind, RevokedBy

NONE = "none"
"""Key of a row: no review yet, or no reply at all."""
RECONSIDERATION, LITIGATION = "reconsideration", "litigation"
_KINDS = ("remedy.decided", "reply.revoked")
_CHUNK = 500
_FIGURES = figures("losses")


@dataclass(frozen=True, slots=True)
class Lost:
    """A reply that did not stand, as it is counted."""

    body: str
    stream: str
    key: str
    on: date
    kind: str
    """``RECONSIDERATION`` or ``LITIGATION``: who found so."""
    outcome: str
    """Of the reply; blank where the case was lost for want of one."""
    cause: str
    """Of the newest review; blank without one."""
    state: str
    """``missing``, ``open``, ``overdue``, ``done``."""

    @property
    def columns(self) -> frozenset[str]:
        """The columns in which it is counted."""
        return frozenset({"all", self.kind, self.state})


def lost(scope: Scope) -> list[Lost]:
    """All that was lost in the period, sensitive cases too: a number tells of none which it is."""
    return scope.once("lost", lambda: _all_lost(scope))


def _all_lost(scope: Scope) -> list[Lost]:
    bodies, period = [body.key for body in scope.bodies], scope.period
    wanted = set(streams_with(bodies=bodies, kinds=_KINDS, first=period.first, last=period.last))
    # A correction may have moved a day into the period.
    struck = set(streams_with(bodies=bodies, kinds=("entry.corrected",)))
    wanted |= struck & set(streams_with(bodies=bodies, kinds=_KINDS))
    streams, found = sorted(wanted), list[Lost]()
    for at in range(0, len(streams), _CHUNK):
        cases = CaseSummary.objects.filter(scope.mine(), stream__in=streams[at : at + _CHUNK])
        found += _lost(cases, scope)
    return found


def _lost(cases: QuerySet[CaseSummary], scope: Scope) -> list[Lost]:
    known = dict(cases.order_by("stream").values_list("stream", "body_id"))
    rows = LossReview.objects.filter(stream__in=list(known)).order_by("version")
    reviews = {(row.stream, row.loss): row for row in rows}
    found: list[Lost] = []
    for stream, body in known.items():
        state = fold(history(body=body, stream=stream).events)
        for key, on, _words in lost_in(state):
            if not scope.period.first <= on <= scope.period.last:
                continue
            review = reviews.get((stream, key))
            kind, outcome = _about(state, key)
            cause = "" if review is None else review.cause
            found.append(Lost(body, stream, key, on, kind, outcome, cause, _state(review, scope.today)))
    return found


def _about(state: CaseState, key: str) -> tuple[str, str]:
    """Who found that a reply does not stand, and what that reply was."""
    stages = [one for one in state.remedies if one.remedy == key]
    if not stages:
        reply = state.replies[int(key.removeprefix("reply-")) - 1]
        return LITIGATION if reply.revoked_by == RevokedBy.COURT.value else RECONSIDERATION, reply.outcome
    filed = min(one.filed_on for one in stages)
    before = [one for one in state.replies if one.issued_on <= filed]
    kind = RECONSIDERATION if stages[-1].kind is RemedyKind.RECONSIDERATION else LITIGATION
    return kind, before[-1].outcome if before else ""


def _state(review: LossReview | None, today: date) -> str:
    if review is None:
        return "missing"
    if review.done_on is not None:
        return "done"
    return "overdue" if review.due_on < today else "open"


@dataclass(frozen=True, slots=True)
class LostTable(Table):
    """A table with what each of its rows counts."""

    held: Mapping[str, list[Lost]] = field(default_factory=dict[str, list[Lost]])

    def lost(self, row: Row, column: str) -> list[Lost]:
        """What a number counts."""
        return [one for one in self.held[row.key] if column in one.columns]


def by_cause(scope: Scope) -> LostTable:
    """By the cause that the review names."""
    labels = [*causes().items(), ("", _("没有复盘，原因未定"))]
    return _table("causes", _("按原因"), _("原因"), labels, lost(scope), lambda one: one.cause)


def by_outcome(scope: Scope) -> LostTable:
    """By what the reply had been; only outcomes of which there are some."""
    found = lost(scope)
    known = {one.outcome for one in found}
    labels = [(key, str(label)) for key, label in OUTCOMES.items() if key in known]
    if "" in known:
        labels.append(("", _("没有答复（告不作为）")))
    return _table("outcomes", _("按原答复的结果"), _("原答复"), labels, found, lambda one: one.outcome)


def by_year(scope: Scope) -> LostTable:
    """By the years of the period."""
    labels = [(str(year), str(year)) for year in scope.period.years]
    return _table("years", _("按年"), _("年份"), labels, lost(scope), lambda one: str(one.on.year))


def _table(
    key: str, title: str, head: str, labels: Sequence[tuple[str, str]], found: Sequence[Lost],
    part_of: Callable[[Lost], str],
) -> LostTable:  # fmt: skip
    rows: list[Row] = []
    held: dict[str, list[Lost]] = {}
    counted: list[dict[str, int]] = []
    for part, label in labels:
        mine = [one for one in found if part_of(one) == part]
        values = {one.column: sum(one.column in each.columns for each in mine) for one in _FIGURES}
        counted.append(values)
        rows.append(Row(part or NONE, label, cells(_FIGURES, values)))
        held[part or NONE] = mine
    total = total_of(_FIGURES, counted, {})
    held[total.key] = list(found)
    empty = _("这段时间没有被撤销、被纠正的答复")
    return LostTable(key, title, LOSSES, head, _FIGURES, tuple(rows), total, (), empty, held)
