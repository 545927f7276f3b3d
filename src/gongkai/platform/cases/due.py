"""What cases ask to be done every day: rows whose dates hang on what was not known yet."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.db.models import Q
from django.forms.models import model_to_dict

from gongkai.platform.cases.duty.moving import Move, calendar_is_new, moves_of, note_moves
from gongkai.platform.cases.duty.tomorrow import warnings
from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.cases.projection import project
from gongkai.platform.cases.services.past import forget_abandoned
from gongkai.platform.cases.services.reminding import remind_by_itself
from gongkai.platform.cases.services.sensitive import let_nobody_be_locked_out, lift_what_ended
from gongkai.platform.cases.verifying import rebuild_projections
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.bases import basis_for
from gongkai.platform.core.due import duty
from gongkai.platform.core.models import Body, BodyLevel
from gongkai.platform.ledger.selectors import history
from gongkai.platform.ledger.services import lock

_CHUNK = 100
_DATES = ("reply_due_on", "notice_due_on", "waits_until", "next_due_on", "provisional")


@duty("cases.duty")
def warn_of_tomorrow(actor: Actor) -> Mapping[str, int]:
    """Count what begins tomorrow and what wants somebody's eye; the page of the duty lists it by itself."""
    found = {"absences": 0, "holidays": 0, "uncovered": 0, "orders_overdue": 0}
    for body in Body.objects.filter(valid_until__isnull=True).exclude(level=BodyLevel.OFFICE):
        told = warnings(body, actor)
        found["absences"] += len(told.absences)
        found["holidays"] += told.holiday is not None
        found["uncovered"] += len(told.uncovered)
        found["orders_overdue"] += told.orders_overdue
    return found


@duty("cases.calendar")
def refresh_after_a_notice(actor: Actor) -> Mapping[str, int]:
    """Work all open cases out anew where a holiday notice came in, or was amended, since it was last done.

    Dates need not have been provisional for that: a notice can be changed within its year.
    """
    bodies = cases = 0
    for body in Body.objects.filter(key__in=CaseSummary.objects.filter(open=True).values("body")):
        calendar = basis_for(body, known_on=actor.present.known_on).calendar
        if calendar_is_new(body, calendar):
            bodies += 1
            cases += rebuild_projections(body.key, actor=actor).written
    return {"bodies": bodies, "moved": cases}


@duty("cases.provisional")
def refresh_provisional(actor: Actor) -> Mapping[str, int]:
    """Work open cases out anew whose dates are provisional, or lie beyond the years of the calendar.

    A holiday notice that came in with a new version moves them. A chunk of cases is one transaction.
    """
    looked_at = moved = 0
    unsure = CaseSummary.objects.filter(Q(provisional=True) | Q(next_due_on__isnull=True), open=True)
    for body in Body.objects.filter(key__in=unsure.values("body")):
        basis, last = basis_for(body, known_on=actor.present.known_on), ""
        while streams := list(
            unsure.filter(body=body, stream__gt=last)
            .order_by("stream")
            .values_list("stream", flat=True)[:_CHUNK]
        ):
            with transaction.atomic():
                lock(body=body.key)
                moves: list[Move] = []
                for row in CaseSummary.objects.filter(stream__in=streams):
                    before = [getattr(row, name) for name in _DATES]
                    after = project(body.key, history(body=body.key, stream=row.stream).events, basis)
                    moved += before != [getattr(after, name) for name in _DATES]
                    moves += moves_of(row, model_to_dict(after))
                note_moves(body=body, moves=moves, basis=basis, actor=actor)
            looked_at, last = looked_at + len(streams), streams[-1]
    return {"looked_at": looked_at, "moved": moved}


@duty("cases.tasks")
def remind_units(actor: Actor) -> Mapping[str, int]:
    """Remind units of tasks that are near their inner due date, and of those that are past it: once each."""
    return remind_by_itself(actor)


@duty("cases.past")
def forget_past_uploads(actor: Actor) -> Mapping[str, int]:
    """Delete spreadsheets of past cases that nobody brought in for weeks: they hold personal data."""
    return {"deleted": forget_abandoned(actor=actor)}


@duty("cases.sensitive")
def see_to_sensitive_cases(actor: Actor) -> Mapping[str, int]:
    """Lift the flags whose last day is over; where every approver left, let the others read."""
    return {"lifted": lift_what_ended(actor=actor), "opened": let_nobody_be_locked_out(actor=actor)}
