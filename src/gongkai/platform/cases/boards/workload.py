"""Workload in a period: received, answered, carried on, by channel and by month."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from gongkai.platform.cases.boards.catalogue import figures
from gongkai.platform.cases.boards.periods import Period
from gongkai.platform.cases.boards.scope import Scope
from gongkai.platform.cases.boards.tables import CASES, TOTAL, Row, Source, Table, Value, cells, total_of
from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.cases.selectors.filters import CHANNELS

_FLOW = figures("flow")
UNKNOWN = "unknown"


def flow(scope: Scope, period: Period) -> tuple[Source, ...]:
    """What came in, what was answered or ended otherwise in a period, and what lay at its two ends.

    One source for each column: each is led by its own index to the rows that it counts. A period that is not
    over is looked at until today; ``carried`` of one that has not begun is what lies there today.
    """
    all_cases = CaseSummary.objects.filter(scope.mine(), received_on__isnull=False)
    span = (period.first, period.last)
    ended = Q(replied_on__isnull=True, open=False)
    counted = {
        "before": _lying(period.first, inclusive=False),
        "received": Q(received_on__range=span),
        "answered": Q(replied_on__range=span),
        "otherwise": ended & Q(ended_on__range=span),
        "carried": _lying(min(period.last, max(scope.today, period.first)), inclusive=True),
    }
    return tuple(Source(all_cases.filter(where), {name: Q()}) for name, where in counted.items())


def _lying(day: date, *, inclusive: bool) -> Q:
    """Cases that lay without a result: at the end of a day, or at its beginning."""
    after = "gt" if inclusive else "gte"
    came = Q(**{f"received_on__{'lte' if inclusive else 'lt'}": day})
    never = Q(replied_on__isnull=True) & (Q(open=True) | Q(**{f"ended_on__{after}": day}))
    return came & (Q(**{f"replied_on__{after}": day}) | never)


def by_channel(scope: Scope) -> Table:
    """What came in and went out by channel."""
    sources = flow(scope, scope.period)
    found: dict[str, dict[str, Value]] = {}
    for source in sources:
        for (channel,), values in source.counts(["channel"]):
            found.setdefault(channel if channel in CHANNELS else "", {}).update(values)
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


def _row(key: str, label: str, scope: Scope, period: Period) -> Row:
    values: dict[str, Value] = {}
    sources = flow(scope, period)
    for source in sources:
        ((_none, counted),) = source.counts([])
        values |= counted
    return Row(key, label, cells(_FLOW, values), sources=sources)
