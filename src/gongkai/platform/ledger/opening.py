"""A body that is created gets its ledger in the same transaction; ``core`` knows none and sends a signal."""

from __future__ import annotations

from gongkai.platform.core.models import Body
from gongkai.platform.core.signals import body_created
from gongkai.platform.ledger.services import open_ledger


def open_for(sender: object, body: Body, **_more: object) -> None:
    """Receive ``core.signals.body_created``."""
    open_ledger(body=body.key)


def connect() -> None:
    """Called once, when the app is ready."""
    body_created.connect(open_for, dispatch_uid="ledger")
