"""The jobs of past cases: checking a spreadsheet, and bringing it in, a stretch at a time."""

from __future__ import annotations

import time

from django_tasks import task

from gongkai.platform.cases.models import PastImport, PastState
from gongkai.platform.cases.past.keeping import FileGone, book_of
from gongkai.platform.cases.services.past_checking import check_past
from gongkai.platform.cases.services.past_entering import Entering
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Seat
from gongkai.platform.core.present import present

SYSTEM = "past"
"""The actor of the work: it may do everything, in the name of who ordered it."""
STRETCH = 45.0
"""Seconds after which a job ends and orders the next, so that the worker can be stopped and do other work."""


def actor_for(seat: Seat | None) -> Actor:
    """The system at work for a seat; the ledger names the seat."""
    return Actor(present(), seat, system=SYSTEM)


@task()
def check(key: str) -> dict[str, int]:
    """Check a spreadsheet; done again it gives the same."""
    past = PastImport.objects.select_related("created_by__person", "created_by__body").filter(key=key).first()
    if past is None:
        return {"cases": 0}
    checked = check_past(key=key, actor=actor_for(past.created_by))
    return {"cases": 0 if checked is None else checked.cases}


@task()
def enter(key: str) -> dict[str, int]:
    """Bring in cases for a stretch of time; what is in already stays as it is."""
    past = (
        PastImport.objects.select_related("body", "file", "ordered_by__person", "ordered_by__body")
        .filter(key=key, state=PastState.IMPORTING)
        .first()
    )
    if past is None:
        return {"done": 0}
    actor = actor_for(past.ordered_by)
    try:
        book = book_of(past, actor=actor)
    except FileGone:
        return {"done": past.done}
    run, until = Entering.begin(past, book, actor), time.monotonic() + STRETCH
    while run.chunk():
        if time.monotonic() > until:
            enter.enqueue(key)
            break
    return {"done": PastImport.objects.values_list("done", flat=True).get(key=key)}
