"""``Actor``: who does something, in which seat, from where, at which moment. Every service takes one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gongkai.platform.core.models import Body, Seat
from gongkai.platform.core.permissions import Act, NotPermitted, can
from gongkai.platform.core.present import Present


@dataclass(frozen=True, slots=True)
class Actor:
    """A person in a seat, or a named job of the system (``system``), at a moment."""

    present: Present
    seat: Seat | None = None
    system: str = ""
    """Name of a job, such as ``demonstration``; it may do everything and is told apart in the audit."""
    address: str = ""
    logged_in: str = ""
    """Key of who is logged in; it stands for the person where there is no seat."""

    @property
    def key(self) -> str:
        """What the ledger keeps as ``actor``."""
        return self.seat.key if self.seat is not None else self.system

    @property
    def person(self) -> str:
        """The person's key, empty for a job."""
        return self.seat.person_id if self.seat is not None else self.logged_in

    @property
    def today(self) -> date:
        """The legal day."""
        return self.present.today

    def may(self, act: Act, body: Body) -> bool:
        """Whether this actor may do ``act`` for ``body``."""
        return bool(self.system) or can(self.seat, act, body)

    def require(self, act: Act, body: Body) -> None:
        """Raise ``NotPermitted`` where it may not."""
        if not self.may(act, body):
            raise NotPermitted(act, self.seat, body)
