"""After a body's rule or holiday changed, the dates in the lists are worked out anew by the worker.

The case page always works with the basis of the moment; only the rows of the lists hold dates.
"""

from __future__ import annotations

from django_tasks import task

from gongkai.platform.cases.duty.moving import Cause
from gongkai.platform.cases.verifying import rebuild_projections
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body
from gongkai.platform.core.present import present
from gongkai.platform.core.signals import basis_changed

SYSTEM = "basis"
"""The actor of the work."""


@task()
def work_out_anew(body: str, cause: list[str] | None = None) -> dict[str, int]:
    """Rebuild the rows of a body and of those below; doing it twice changes nothing more.

    ``cause``: kind, reference and title of what changed, written beside each date that moves.
    """
    actor = Actor(present(), system=SYSTEM)
    why = None if cause is None else Cause(*cause)
    path = Body.objects.values_list("path", flat=True).get(key=body)
    written = 0
    for one in Body.objects.filter(path__startswith=path).exclude(level="office"):
        written += rebuild_projections(one.key, actor=actor, cause=why).written
    return {"written": written}


def order(sender: object, body: Body, **told: object) -> None:
    """Receive ``core.signals.basis_changed``: the order is a row of the same transaction."""
    if "ref" in told:
        cause = [str(told["kind"]), str(told["ref"]), str(told["title"])]
        work_out_anew.enqueue(body.key, cause=cause)
    else:
        work_out_anew.enqueue(body.key)


def connect() -> None:
    """Called once, when the app is ready."""
    basis_changed.connect(order, dispatch_uid="cases")
