"""What the pages of settings show: what each outcome needs today and from when, and the bodies for units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from gongkai.platform.cases.letters.kinds import reply_letter
from gongkai.platform.cases.models import OutcomeNeed
from gongkai.platform.cases.requirements import NEED_WORDS
from gongkai.platform.cases.task_rules import need_for, shipped_need
from gongkai.platform.core.models import Body
from gongkai.rules.vocabulary import SUB_KINDS, Outcome


@dataclass(frozen=True, slots=True)
class NeedRow:
    """An outcome: what it needs today, where that comes from, and what was set for later."""

    label: str
    needs: tuple[str, ...]
    own: bool
    source: str
    from_date: date | None
    later: tuple[tuple[date, tuple[str, ...]], ...]


def outcome_kinds() -> list[tuple[str, str]]:
    """Every outcome with the sub-kinds whose letters differ."""
    found: list[tuple[str, str]] = []
    for outcome in Outcome:
        named = sorted(SUB_KINDS.get(outcome, frozenset()))
        covered = {one for sub in named for one in reply_letter(outcome.value, sub).sub_kinds}
        found += [(outcome.value, sub) for sub in (named if "" in covered else ["", *named])]
    return found


def outcome_choices() -> list[tuple[str, str]]:
    """Every outcome for choosing: value and label."""
    return [(f"{outcome}/{sub}", str(reply_letter(outcome, sub).label)) for outcome, sub in outcome_kinds()]


def needs_table(body: Body, today: date) -> list[NeedRow]:
    """What each outcome needs today."""
    later = list(OutcomeNeed.objects.filter(body=body, from_date__gt=today).order_by("from_date"))
    rows: list[NeedRow] = []
    for outcome, sub in outcome_kinds():
        need = need_for(body, outcome, sub, today)
        coming = tuple(
            (row.from_date, _words(row))
            for row in later
            if row.outcome in ("", outcome) and row.sub_kind in ("", sub)
        )
        own = need != shipped_need(outcome, sub, today)
        label = str(reply_letter(outcome, sub).label)
        rows.append(NeedRow(label, _words(need), own, need.source, need.from_date, coming))
    return rows


def _words(need: object) -> tuple[str, ...]:
    return tuple(str(words) for name, words in NEED_WORDS.items() if getattr(need, name))


def bodies_for_units(body: Body) -> QuerySet[Body]:
    """The bodies that a unit may stand for: those below, and the departments beside it; none that ended."""
    beside = Q(parent=body.parent) if body.parent_id is not None else Q(pk__in=[])
    below = Q(path__startswith=body.path)
    return Body.objects.filter(below | beside, valid_until__isnull=True).exclude(pk=body.pk).order_by("path")
