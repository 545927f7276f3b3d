"""Workload in a period: received, answered, carried on, by channel and by month."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import DateField, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from gongkai.platform.cases.boards.catalogue import figures
from gongkai.platform.cases.boards.periods import BoardPeriod
from gongkai.platform.cases.boards.scope import Scope
from gongkai.platform.cases.boards.tables import CASES, TOTAL, Row, Source, Table, cells, total_of
from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.cases.selectors.filters import CHANNELS

_FLOW = figures("flow")
UNKNOWN = "unknown"


def flow(scope: Scope, period: BoardPeriod) -> tuple[Source, ...]:
    """What came in, what was answered or ended otherwise in a period, and what lay at its two ends.

    One source for each column: each is led by its own index to the rows that it counts. A period that is not
    over is looked at until today; ``carried`` of one that has not begun is what lies there today.
    """
    every = CaseSummary.objects.filter(scope.mine())
    received = every.filter(received_on__isnull=False)
    span = (period.first, period.last)
    counted = {
        "received": every.filter(received_on__range=span),
        "answered": received.filter(replied_on__range=span),
        "otherwise": received.filter(replied_on__isnull=True, open=False, ended_on__range=span),
    }
    end = min(period.last, max(scope.today, period.first))
    return (
        *(Source(rows, {name: Q()}) for name, rows in counted.items()),
        _lying(every, "before", period.first - timedelta(days=1)),
        _lying(every, "carried", end),
    )


def _lying(cases: QuerySet[CaseSummary], column: str, day: date) -> Source:
    """Cases that lay without a result at the end of a day: without any to this day, or with a later one.

    In three parts, each of few rows by its index; the day of receipt is wrapped so that no database goes
    through everything that was received before.
    """
    rows = cases.annotate(came=Coalesce("received_on", Value(date.max, DateField()))).filter(came__lte=day)
    none = Q(replied_on__isnull=True)
    parts = (Q(replied_on__gt=day), none & Q(open=True), none & Q(open=False, ended_on__gt=day))
    return Source(rows, {column: Q()}, parts=parts)


def by_channel(scope: Scope) -> Table:
    """What came in and went out by channel."""
    sources = flow(scope, scope.period)
    found: dict[str, dict[str, int]] = {}
    for source in sources:
        for (channel,), values in source.counts(["channel"]):
            row = found.setdefault(channel if channel in CHANNELS else "", {})
            row.update({name: row.get(name, 0) + value for name, value in values.items()})
    labels: dict[str, str] = {key: str(label) for key, label in CHANNELS.items()}
    if "" in found:
        labels[""] = _("渠道不明")
    rows = tuple(
        Row(key or UNKNOWN, label, cells(_FLOW, found.get(key, {})), where=Q(channel=key))
        for key, label in labels.items()
    )
    return Table(
        "channels",
        _("按渠道"),
        CASES,
        _("渠道"),
        _FLOW,
        rows,
        total_of(_FLOW, list(found.values()), {}),
        sources,
    )


def by_month(scope: Scope) -> Table:
    """One row a month; its total is the period as a whole, not the sum of what lay at each month's end."""
    months = [one for one in scope.period.months() if one.first <= scope.today]
    rows = tuple(_row(month.label, month.label, scope, month) for month in months)
    total = _row(TOTAL, _("合计"), scope, scope.period)
    return Table("months", _("按月"), CASES, _("月份"), _FLOW, rows, total, (), _("这段时间还没有开始"))


def _row(key: str, label: str, scope: Scope, period: BoardPeriod) -> Row:
    values: dict[str, int] = {}
    sources = flow(scope, period)
    for source in sources:
        for _none, counted in source.counts([]):
            values |= counted
    return Row(key, label, cells(_FLOW, values), sources=sources)
