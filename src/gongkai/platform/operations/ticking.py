"""Carrying out what is due (``core.due``)."""

from __future__ import annotations

import logging

from gongkai.platform.core.actor import Actor
from gongkai.platform.core.due import duties

logger = logging.getLogger(__name__)


class DutiesFailed(RuntimeError):
    """Some duties could not be carried out; the others were: ``failed`` names, ``done`` results."""

    def __init__(self, failed: list[str], done: dict[str, dict[str, int]]) -> None:
        super().__init__(", ".join(failed))
        self.failed, self.done = failed, done


def carry_out(actor: Actor) -> dict[str, dict[str, int]]:
    """All duties, one after the other; what each did.

    One that fails does not keep the others from being done. Raises ``DutiesFailed`` in the end.
    """
    done: dict[str, dict[str, int]] = {}
    failed: list[str] = []
    for name, duty in duties().items():
        try:
            done[name] = dict(duty(actor))
        except Exception:
            logger.exception("duty %s failed", name)
            failed.append(name)
    if failed:
        raise DutiesFailed(failed, done)
    return done
