"""What the ledger asks to be done every day: its root."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError

from gongkai.platform.core.actor import Actor
from gongkai.platform.core.due import duty
from gongkai.platform.ledger.models import LedgerHead, LedgerRoot
from gongkai.platform.ledger.services import write_root
from gongkai.rules.ledger import LedgerError


@duty("ledger.root")
def write_todays_root(actor: Actor) -> Mapping[str, int]:
    """The root of the day, once; none where there is one of that day or, as the day was set back, a later."""
    if not LedgerHead.objects.exists() or _written(actor):
        return {"roots": 0}
    try:
        write_root(actor.today)
    except (IntegrityError, LedgerError):
        if not _written(actor):
            raise
        return {"roots": 0}  # another worker was faster
    return {"roots": 1}


def _written(actor: Actor) -> bool:
    return LedgerRoot.objects.filter(day__gte=actor.today).exists()
