"""When a case is overdue, due, paused, or waits for somebody: conditions over the list rows, for a day.

They hold for open cases; whoever uses them filters by ``open`` first, so that closed ones are not looked at.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q

from gongkai.platform.cases.models import (
    CaseDesk,
    DraftMove,
    DraftState,
    DraftStep,
    ExtensionProposal,
    ProposalState,
    ReplyDraft,
    SensitiveFlag,
    Service,
)
from gongkai.platform.cases.projection import organ_acts_on, paused_on, running_on
from gongkai.platform.cases.sensitive.levels import signed_by
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Role, Seat
from gongkai.rules.cases.state import Phase

_UNCONFIRMED = (Phase.SUBMITTED.value, Phase.NOT_RECEIVED.value)


def end_of_week(today: date) -> date:
    """The Sunday of the week, so that a made-up Saturday still belongs to it."""
    return today + timedelta(days=6 - today.weekday())


def group_conditions(today: date) -> dict[str, Q]:
    """The groups of the work list; each open case is in exactly one.

    A pause that has ended by itself (art. 33: a consultation is excluded to its last day) is none any more,
    though nobody has entered anything: the case stands by the date that is due after it.

    A case whose correction can be asked for today for the last time (art. 30) is among those due today, for
    tomorrow that way is closed; on the days before, it stands by its reply's date.

    A reply that is signed and not sent is a group of its own, and so is one that is on its way.
    """
    running, last = running_on(today), end_of_week(today)
    notice = Q(notice_due_on=today)
    overdue = running & Q(next_due_on__lt=today)
    unsent = Q(service__in=[Service.TO_SEND, Service.RETURNED])
    groups = {
        "today": running & (Q(next_due_on=today) | (notice & Q(next_due_on__gt=today))),
        "week": running & Q(next_due_on__gt=today, next_due_on__lte=last) & ~_is(notice),
        "later": running & Q(next_due_on__gt=last) & ~_is(notice),
        "paused": paused_on(today),
        "undated": running & Q(next_due_on__isnull=True),
    }
    # What is overdue stays so although it is signed; all other cases with a reply stand by its service.
    late = Q(next_due_on__isnull=False) & overdue
    return {
        "overdue": overdue,
        "unsent": unsent & ~late,
        **{key: condition & Q(service="") for key, condition in groups.items()},
        "sent": Q(service=Service.SENT) & ~late,
    }


def waits_for(who: str, today: date) -> Q:
    """Cases in which somebody is the next to act on a day; once what was awaited has run out, the organ."""
    if who == "organ":
        return organ_acts_on(today)
    return Q(waits_for=who) & (Q(waits_until__isnull=True) | Q(waits_until__gte=today))


def reply_clock_runs(today: date) -> Q:
    """Cases whose reply clock has a due date on a day."""
    return Q(reply_due_on__isnull=False) | Q(paused_through__lt=today, due_after_pause__isnull=False)


def _is(condition: Q) -> Q:
    """``condition``, never unknown: a case without a date does not fulfil it."""
    return condition & Q(notice_due_on__isnull=False)


def notice_conditions(today: date) -> dict[str, Q]:
    """The same groups by the last day for asking for a correction; once over, it is no clock any more."""
    last = end_of_week(today)
    return {
        "today": Q(notice_due_on=today),
        "week": Q(notice_due_on__gt=today, notice_due_on__lte=last),
        "later": Q(notice_due_on__gt=last),
    }


def handled_by(seat: str) -> Q:
    """Cases of one handler."""
    return Q(Exists(CaseDesk.objects.filter(stream=OuterRef("stream"), handler=seat)))


def handled_by_nobody() -> Q:
    """Cases that were given to nobody yet."""
    return ~Q(Exists(CaseDesk.objects.filter(stream=OuterRef("stream"), handler__isnull=False)))


def _submitted(but_by: Seat | None = None) -> Q:
    """Cases whose draft waits for approval; ``but_by``: not where this person wrote, submitted, signed it."""
    drafts = ReplyDraft.objects.filter(stream=OuterRef("stream"), state=DraftState.SUBMITTED)
    if but_by is not None:
        moves = (DraftMove.SAVED, DraftMove.SUBMITTED)
        own = DraftStep.objects.filter(draft=OuterRef("pk"), move__in=moves, seat__person=but_by.person_id)
        drafts = drafts.filter(~Exists(own), ~signed_by(but_by)).exclude(author=but_by)
    return Q(Exists(drafts))


def _proposed() -> Q:
    return Q(
        Exists(ExtensionProposal.objects.filter(stream=OuterRef("stream"), state=ProposalState.PROPOSED))
    )


def _flag_unconfirmed() -> Q:
    flags = SensitiveFlag.objects.filter(lifted_at__isnull=True, confirmed_at__isnull=True)
    return Q(Exists(flags.filter(stream=OuterRef("stream")).order_by()))


def waits_for_me(actor: Actor) -> Q:
    """Cases in which this seat is the next to act, by its roles, or one that is away and it stands in for.

    - the receiving clerk: receipts to be confirmed, cases given to nobody;
    - who handles a case: while the organ is to act and no draft is with the approver;
    - the approver: drafts of others, extensions and sensitive flags that are proposed. A deputy is no other
      of their own.
    """
    seat = actor.seat
    wanted = Q(pk__in=[])
    if seat is None:
        return wanted
    for one in (seat, *actor.stands_in_for):
        wanted |= _waits_for(one, seat, actor.today)
    return Q(body=seat.body_id) & wanted


def _waits_for(seat: Seat, by: Seat, today: date) -> Q:
    wanted = Q(pk__in=[])
    ours = organ_acts_on(today) & ~Q(phase__in=_UNCONFIRMED) & ~_submitted()
    if Role.RECEIVING_CLERK in seat.roles:
        wanted |= Q(phase__in=_UNCONFIRMED) | (ours & handled_by_nobody())
    if not {Role.RECEIVING_CLERK, Role.HANDLER}.isdisjoint(seat.roles):
        wanted |= ours & handled_by(seat.key)
    if Role.APPROVER in seat.roles:
        wanted |= _submitted(but_by=by) | _proposed() | _flag_unconfirmed()
    return wanted
