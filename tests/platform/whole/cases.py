"""What happens in a case before a reply of an outcome may be given, with a real browser or without."""

from __future__ import annotations

from datetime import date
from typing import Any, Protocol

from gongkai.rules.vocabulary import Outcome

DAY = date(2026, 2, 9)


class AnyOffice(Protocol):
    """People who do acts on days that go forward."""

    def on(self, day: date) -> None:
        """It is that day."""

    def later(self, days: int) -> None:
        """So many days go by."""

    def act(
        self, stream: str, act: str, role: str = "handler", *, letter: bool = False, **answers: Any
    ) -> None:
        """Do an act on a case."""


def prepare(office: AnyOffice, stream: str, outcome: Outcome) -> None:
    """What must have happened before such a reply, in a case that was received on ``DAY``."""
    match outcome:
        case Outcome.OTHER_NO_CORRECTION:
            office.act(stream, "correction.requested", points="写明名称", respond_by="2026-02-13")
            office.on(date(2026, 2, 25))
            office.act(stream, "correction.lapsed")
        case Outcome.UNAVAILABLE_STILL_UNCLEAR:
            office.act(stream, "correction.requested", points="写明名称", respond_by="2026-02-28")
            office.on(date(2026, 2, 25))
            office.act(stream, "correction.received", content="还是那些")
        case Outcome.OTHER_UNPAID:
            office.act(
                stream, "fee.notified", schedule="fee_per_page", pages="400", reason="数量过多",
                how_to_pay="转账",
            )  # fmt: skip
            office.later(1)
            office.act(stream, "fee.delivered", method="post")
            office.on(date(2026, 4, 10))
            office.act(stream, "fee.lapsed")
        case Outcome.REJECTED_EXCESSIVE:
            office.act(stream, "reasons.requested", facts="本月已有 30 件", respond_by="2026-02-13")
            office.on(date(2026, 2, 25))
            office.act(stream, "reasons.lapsed")
        case _:
            pass
