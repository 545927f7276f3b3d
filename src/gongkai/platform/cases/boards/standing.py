"""Now: what is open, overdue, near its date, paused, by body, by person, by whose turn it is, by unit."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from gongkai.platform.cases.boards.catalogue import figures
from gongkai.platform.cases.boards.scope import Scope, bodies_of, horizons, near
from gongkai.platform.cases.boards.tables import CASES, TASKS, Row, Source, Table, Value, cells, total_of
from gongkai.platform.cases.models import (
    CaseDesk,
    CaseSummary,
    CaseTask,
    DraftState,
    ExtensionProposal,
    ProposalState,
    ReplyDraft,
    Service,
    TaskState,
    Unit,
)
from gongkai.platform.cases.posting.warning import warn_days_of
from gongkai.platform.cases.projection import organ_acts_on, paused_on, running_on
from gongkai.platform.cases.selectors.conditions import handled_by_nobody, waits_for
from gongkai.platform.cases.services.desk import handlers_of
from gongkai.platform.cases.showing.words import WHO
from gongkai.platform.cases.task_rules import inner_period
from gongkai.platform.core.bases import calendars_of
from gongkai.platform.core.models import Absence, Seat
from gongkai.platform.core.standing_in import standing_on
from gongkai.rules.cases.state import Phase

NOBODY = "nobody"
_CASES, _TASKS = figures("cases_now"), figures("tasks_now")


def open_cases(scope: Scope) -> Source:
    """The open cases, each in exactly one of the four columns behind the first."""
    return scope.once("open_cases", lambda: _open_cases(scope))


def _open_cases(scope: Scope) -> Source:
    today = scope.today
    rows = CaseSummary.objects.filter(scope.mine(), open=True)
    bodies = bodies_of(rows.order_by().values_list("body", flat=True).distinct(), scope)
    calendars = calendars_of(bodies, known_on=scope.actor.present.known_on)
    warned = near("next_due_on", today, horizons(today, warn_days_of(bodies), calendars))
    # A case without a date is neither overdue nor near: said outright, for "not unknown" is unknown, too.
    running, dated = running_on(today), Q(next_due_on__isnull=False)
    overdue, soon = dated & running & Q(next_due_on__lt=today), dated & running & warned
    later = Q(next_due_on__isnull=True) | ~(Q(next_due_on__lt=today) | warned)
    columns = {
        "open": Q(),
        "overdue": overdue,
        "near": soon,
        "rest": running & later,
        "paused": paused_on(today),
    }
    held = Subquery(CaseDesk.objects.filter(stream=OuterRef("stream")).values("handler")[:1])
    return Source(rows.annotate(held_by=held), columns, least={"oldest": "received_on"})


def by_body(scope: Scope) -> Table:
    """The open cases of each body; for several bodies."""
    source = open_cases(scope)
    found = {key: values for (key,), values in source.counts(["body_id"])}
    rows = tuple(
        Row(body.key, body.name, cells(_CASES, found[body.key]), where=Q(body=body.key))
        for body in bodies_of(found, scope)
    )
    return Table(
        "bodies", _("案件，按机关"), CASES, _("机关"), _CASES, rows,
        total_of(_CASES, list(found.values()), {}), (source,), _("各机关都没有在办的案件"),
    )  # fmt: skip


def by_person(scope: Scope) -> Table:
    """The open cases of each handler, and those of nobody."""
    source = open_cases(scope)
    found = {key: values for (key,), values in source.counts(["held_by"])}
    nobody = Source(source.rows.filter(held_by__isnull=True), source.columns, source.least)
    seats = {key for key in found if key is not None}
    if not scope.area:
        seats |= {choice.key for choice in handlers_of(scope.bodies[0])}
    people = Seat.objects.filter(pk__in=seats).select_related("person")
    order = {body.key: at for at, body in enumerate(scope.bodies)}
    instead = stood_in_for(scope)
    rows: list[Row] = []
    for seat in sorted(people, key=lambda one: (order.get(one.body_id, 0), one.person.name, one.pk)):
        gone = _("已离开这个岗位") if seat.valid_until is not None else ""
        body = scope.named[seat.body_id].name if scope.area and seat.body_id in scope.named else ""
        sub = "，".join(filter(None, (body, seat.title, gone, instead.get(seat.pk, ""))))
        where = Q(held_by=seat.pk)
        rows.append(Row(seat.pk, seat.person.name, cells(_CASES, found.get(seat.pk, {})), sub, where))
    given_to_nobody = {key: values for (key,), values in nobody.counts(["body_id"])}
    for body in bodies_of(given_to_nobody, scope):
        key, sub = f"{NOBODY}.{body.key}", body.name if scope.area else ""
        where = Q(held_by__isnull=True, body=body.key)
        rows.append(Row(key, _("还没有分办"), cells(_CASES, given_to_nobody[body.key]), sub, where))
    return Table(
        "people", _("案件，按承办人"), CASES, _("承办人"), _CASES, tuple(rows),
        total_of(_CASES, list(found.values()), {}), (source,), _("没有承办人，也没有在办的案件"),
    )  # fmt: skip


def stood_in_for(scope: Scope) -> Mapping[str, str]:
    """Who is away today, in words: who stands in for them, or that nobody does; by key of the seat."""
    day = scope.today
    keys = [body.key for body in scope.bodies]
    away = Absence.objects.filter(body__in=keys, first__lte=day, last__gte=day, cancelled_at__isnull=True)
    by_body: dict[str, list[Absence]] = {}
    for row in away.select_related("seat__person", "seat__body", "deputy__person", "deputy__body").order_by(
        "first", "key"
    ):
        by_body.setdefault(row.seat.body_id, []).append(row)
    found: dict[str, str] = {}
    for rows in by_body.values():
        for one in standing_on(day, rows):
            name = None if one.by is None else one.by.person.name
            said = _("不在岗，没有人代理") if name is None else _("不在岗，%(name)s 代理") % {"name": name}
            found[one.absence.seat_id] = said
    return found


def turns(scope: Scope) -> tuple[tuple[str, str, Q], ...]:
    """Whose turn it is: key, words, condition; each open case is in exactly one."""
    today = scope.today
    ours = organ_acts_on(today)
    unconfirmed = Q(phase__in=[Phase.SUBMITTED.value, Phase.NOT_RECEIVED.value])
    same = {"stream": OuterRef("stream")}
    decided = Q(Exists(ReplyDraft.objects.filter(state=DraftState.SUBMITTED, **same))) | Q(
        Exists(ExtensionProposal.objects.filter(state=ProposalState.PROPOSED, **same))
    )
    under_way, to_send = Q(service=Service.SENT), Q(service__in=[Service.TO_SEND, Service.RETURNED])
    working = ours & ~unconfirmed & Q(service="")
    return (
        ("confirm", _("本机关：待确认收到"), ours & unconfirmed),
        ("assign", _("本机关：待分办"), working & ~decided & handled_by_nobody()),
        ("handler", _("本机关：承办人"), working & ~decided & ~handled_by_nobody()),
        ("approver", _("本机关：审批人"), working & decided),
        ("send", _("本机关：待寄出（含退回的）"), ours & ~unconfirmed & to_send),
        ("sent", _("已寄出，等送达"), ours & ~unconfirmed & under_way),
        *(
            (who, str(WHO[who]), waits_for(who, today))
            for who in ("applicant", "third_party", "co_maker", "agency")
        ),
    )


def by_turn(scope: Scope) -> Table:
    """The open cases by whose turn it is."""
    source = open_cases(scope)
    rows: list[Row] = []
    counted: list[Mapping[str, Value]] = []
    for key, label, where in turns(scope):
        ((_none, values),) = Source(source.rows.filter(where), source.columns, source.least).counts([])
        counted.append(values)
        rows.append(Row(key, label, cells(_CASES, values), where=where))
    return Table(
        "turns",
        _("案件，现在轮到谁"),
        CASES,
        _("轮到谁"),
        _CASES,
        tuple(rows),
        total_of(_CASES, counted, {}),
        (source,),
    )


def open_tasks(scope: Scope) -> Source:
    """The open tasks that the bodies gave, each in exactly one of the three columns behind the first."""
    today = scope.today
    rows = CaseTask.objects.filter(scope.mine(), state=TaskState.OPEN)
    bodies = bodies_of(rows.order_by().values_list("body", flat=True).distinct(), scope)
    calendars = calendars_of(bodies, known_on=scope.actor.present.known_on)
    days = {body.key: inner_period(body, today).warn_days for body in bodies}
    warned = near("due_on", today, horizons(today, days, calendars))
    dated, over = Q(due_on__isnull=False), Q(due_on__lt=today)
    later = Q(due_on__isnull=True) | ~(over | warned)
    columns = {"open": Q(), "overdue": dated & over, "near": dated & warned, "rest": later}
    return Source(rows, columns, least={"oldest": "assigned_on"})


def by_unit(scope: Scope) -> Table:
    """The open tasks of each unit."""
    source, not_for = open_tasks(scope), ("paused",)
    found = {key: values for (key,), values in source.counts(["unit_id"])}
    named = Q(pk__in=found)
    if not scope.area:
        named |= Q(body=scope.bodies[0].key, active=True)
    units = list(Unit.objects.filter(named))
    order = {body.key: at for at, body in enumerate(scope.bodies)}
    units.sort(key=lambda one: (order.get(one.body_id, 0), one.name, one.pk))
    rows = tuple(
        Row(
            str(unit.pk), unit.name, cells(_TASKS, found.get(unit.pk, {}), not_for),
            scope.named[unit.body_id].name if scope.area else "", Q(unit=unit.pk),
        )
        for unit in units
    )  # fmt: skip
    return Table(
        "units", _("交办，按承办单位"), TASKS, _("承办单位"), _TASKS, rows,
        total_of(_TASKS, list(found.values()), {}, not_for), (source,),
        _("没有登记承办单位，也没有办理中的交办"),
    )  # fmt: skip
