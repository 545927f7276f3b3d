"""Running figures: Tables 3 and 4 of a year counted from the ledger, each number with the acts behind it.

Nothing is stored: a count is a function of the ledger, kept in memory by body, year, form and ledger head.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db.models import Max, Min, QuerySet
from django.utils.translation import gettext as _

from gongkai.annual.form import Form, UnknownEdition, form_for_year
from gongkai.annual.model import Number
from gongkai.platform.cases.selectors.scope import sees_below, unreadable_among
from gongkai.platform.cases.showing.timeline import SUB_KINDS
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body, BodyLevel
from gongkai.platform.core.permissions import Act, NotPermitted
from gongkai.platform.ledger.models import LedgerEvent, LedgerHead
from gongkai.platform.ledger.selectors import events_of
from gongkai.platform.reporting.tables import FigureTable, remedies_table, requests_table, words_of
from gongkai.rules.counting import Count, CountNote, count, default_rules
from gongkai.rules.counting import area as areas
from gongkai.rules.counting.explain import explain
from gongkai.rules.counting.lean import NEEDED
from gongkai.rules.kinds import KINDS

OF_TABLE_2 = frozenset(
    {"CT-N-005", "CT-N-015", "CT-N-016", "CT-N-017", "CT-N-018", "CT-N-019", "CT-N-021", "CT-N-022",
     "CT-N-024", "CT-N-026"}
)  # fmt: skip
"""Notes that tell of Table 2, which the page of figures does not show."""
_KEPT = 256


class NoFigures(LookupError):
    """There is no form for the year, or no such cell: ``what``."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


@dataclass(frozen=True, slots=True)
class LateEntry:
    """An act that was entered after its year was closed, in words."""

    stream: str
    kind: str
    legal_year: int
    counted_in: int


@dataclass(frozen=True, slots=True)
class Part:
    """A body of an area with its main numbers."""

    body: Body
    level: str
    received: int
    finished: int
    carried_out: int


@dataclass(frozen=True, slots=True)
class Area:
    """How an area is put together by the tree of 31 December; names of bodies."""

    parts: tuple[Part, ...]
    missing: tuple[str, ...]
    reporting_upward: tuple[str, ...]
    joined: tuple[str, ...]
    left: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a body and year, or of its whole area."""

    body: Body
    year: int
    area: bool
    edition: str
    running: bool
    """The year is not over."""
    tables: tuple[FigureTable, ...]
    notes: tuple[str, ...]
    """What must be known beside the numbers of Tables 3 and 4."""
    rules: tuple[tuple[str, str], ...]
    """Counting rules that mattered: what each says, and on what it rests."""
    late: tuple[LateEntry, ...]
    """Acts that were entered after the year was closed."""
    fee_notices: int
    fee_notified: str
    fee_payments: int
    fee_paid: str
    bodies: tuple[Body, ...]
    """Whose ledgers are added up."""
    parts: Area | None
    """Of an area: its bodies."""
    entries: int
    """How many ledger entries were counted from."""


@dataclass(frozen=True, slots=True)
class FigureCases:
    """What is behind a number: its label, the number, and the cases by body."""

    label: str
    value: Number | None
    streams: tuple[str, ...]
    relations: tuple[str, ...]


def years_with_figures(*, body: Body, actor: Actor) -> tuple[int, ...]:
    """The years in which the ledger of the body has acts, and the present one, newest first."""
    span = LedgerEvent.objects.filter(body=body.key).aggregate(
        first=Min("occurred_on"), last=Max("occurred_on")
    )
    first, last = span["first"], span["last"]
    newest = max(actor.today.year, last.year if isinstance(last, date) else 0)
    oldest = first.year if isinstance(first, date) else newest
    return tuple(year for year in range(newest, oldest - 1, -1) if _form(year) is not None)


def _form(year: int) -> Form | None:
    if year > date.max.year:
        return None
    try:
        return form_for_year(year)
    except UnknownEdition:
        return None


def running_figures(*, body: Body, year: int, area: bool, actor: Actor) -> Figures:
    """Tables 3 and 4 of ``year`` as the ledger has them now.

    - ``area``: the whole area of a government by the tree of 31 December, instead of the body alone; for
      those who may see the figures of the bodies below.

    Raises ``NotPermitted``; ``NoFigures`` for a year without a form. Source: counting.md.
    """
    _require(actor, body, area)
    counted, bodies, parts = _counted(body, year, area)
    report = counted.report
    words = words_of(report.form)
    closed = unreadable_among(actor, {one.event.stream for one in counted.late})
    return Figures(
        body=body,
        year=year,
        area=area,
        edition=report.form.edition,
        running=actor.today <= date(year, 12, 31),
        tables=(requests_table(report), remedies_table(report)),
        notes=tuple(note_said(note, words) for note in counted.notes if note.code not in OF_TABLE_2),
        rules=tuple(
            (rule.label_zh, rule.local_source or rule.source)
            for rule in (counted.rules[key] for key in counted.rules_that_mattered)
        ),
        late=tuple(
            LateEntry(
                "" if one.event.stream in closed else one.event.stream,
                KINDS[one.kind].label_zh,
                one.legal_year,
                one.counted_in,
            )
            for one in counted.late
        ),
        fee_notices=counted.fees.notices,
        fee_notified=str(counted.fees.notified),
        fee_payments=counted.fees.payments,
        fee_paid=str(counted.fees.paid),
        bodies=bodies,
        parts=parts,
        entries=sum(head.position for head in LedgerHead.objects.filter(body__in=[b.key for b in bodies])),
    )


def note_said(note: CountNote, words: Mapping[str, str]) -> str:
    """A note with its keys in words: rows as the form calls them, kinds of replies as the desk does."""
    values = {
        name: SUB_KINDS.get(str(value), value) if name == "sub_kind" else words.get(str(value), value)
        for name, value in note.values.items()
    }
    return CountNote(note.code, values).text()


def may_see_area(actor: Actor, body: Body) -> bool:
    """Whether the seat may see the figures of the bodies below ``body``, and there are some."""
    return (
        sees_below(actor, Act.FIGURES_SEE)
        and actor.may(Act.FIGURES_SEE, body)
        and _below(body).exclude(key=body.key).exists()
    )


def _below(body: Body) -> QuerySet[Body]:
    return Body.objects.filter(path__startswith=body.path).exclude(level=BodyLevel.OFFICE).order_by("path")


def _require(actor: Actor, body: Body, area: bool) -> None:
    actor.require(Act.FIGURES_SEE, body)
    if area and not sees_below(actor, Act.FIGURES_SEE):
        raise NotPermitted(Act.FIGURES_SEE, actor.seat, body)


def streams_behind(*, body: Body, year: int, area: bool, cell: str, actor: Actor) -> FigureCases:
    """The cases that a number counts: exactly as many as it says, for every cell of Table 3.

    Raises ``NotPermitted``; ``NoFigures`` for a cell that the form does not have.
    """
    _require(actor, body, area)
    counted, _bodies, _parts = _counted(body, year, area)
    if cell not in counted.report.form.cells:
        raise NoFigures(cell)
    told = explain(counted, cell)
    return FigureCases(
        label=told.label,
        value=told.value,
        streams=told.streams,
        relations=tuple(f"{one.left} = {one.right}" for one in told.relations),
    )


def _counted(body: Body, year: int, area: bool) -> tuple[Count, tuple[Body, ...], Area | None]:
    if _form(year) is None:
        raise NoFigures(str(year))
    if not area:
        return _count_of(body.key, year), (body,), None
    tree = list(_below(body))
    heads = set(LedgerHead.objects.filter(body__in=[b.key for b in tree]).values_list("body", flat=True))
    counts = {b.key: _count_of(b.key, year) for b in tree if b.key in heads}
    members = [_member(b, body) for b in tree]
    added = areas.count_area(members, counts, root=body.key, year=year, rules=default_rules())
    kept = set(added.area_bodies)
    return added.area, tuple(b for b in tree if b.key in kept), _parts(added, tree, counts)


def _parts(added: areas.AreaCount, tree: Sequence[Body], counts: Mapping[str, Count]) -> Area:
    by_key = {body.key: body for body in tree}

    def names(keys: Sequence[str]) -> tuple[str, ...]:
        return tuple(by_key[key].name for key in keys)

    def part(key: str) -> Part:
        body, report = by_key[key], counts[key].report
        level = _("本级") if key in added.own_bodies else str(BodyLevel(body.level).label)
        numbers = [report.value(f"requests.{row}.total") for row in ("new", "total", "carried_out")]
        return Part(body, level, *(0 if number is None else int(number) for number in numbers))

    return Area(
        parts=tuple(part(key) for key in added.area_bodies if key in counts),
        missing=names(added.missing),
        reporting_upward=names(added.reporting_upward),
        joined=names(added.joined),
        left=names(added.left),
    )


def _member(body: Body, root: Body) -> areas.Body:
    is_department = body.level == BodyLevel.DEPARTMENT
    return areas.Body(
        id=body.key,
        parent=None if body.key == root.key else body.parent_id,
        level=areas.Level.DEPARTMENT if is_department else areas.Level.GOVERNMENT,
        name=body.name,
        valid_from=body.valid_from,
        valid_to=body.valid_until,
        reports_upward=body.vertical,
    )


def _count_of(body: str, year: int) -> Count:
    head = LedgerHead.objects.filter(body=body).values_list("position", "hash").first()
    position, digest = head if head is not None else (0, "")
    return _count_at(body, year, form_for_year(year).edition, position, digest)


@lru_cache(maxsize=_KEPT)
def _count_at(body: str, year: int, edition: str, _position: int, _hash: str) -> Count:
    """The count of a ledger at its head: the head names everything that it was counted from."""
    return count(events_of(body=body, kinds=sorted(NEEDED)), body=body, year=year, form=edition)
