"""``Actor``: who does something, in which seat, from where, at which moment. Every service takes one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from gongkai.platform.core.models import Body, Seat
from gongkai.platform.core.permissions import (
    TABLE,
    Act,
    NotPermitted,
    Relation,
    can,
    can_standing_in,
    relation,
)
from gongkai.platform.core.present import Present
from gongkai.platform.core.standing_in import responsible_for, stood_in_for


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

    _standing: dict[str, tuple[Seat, ...]] = field(
        default_factory=dict[str, tuple[Seat, ...]], init=False, compare=False, repr=False
    )
    _for: set[str] = field(default_factory=set[str], init=False, compare=False, repr=False)

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

    @property
    def stands_in_for(self) -> tuple[Seat, ...]:
        """The seats that are absent today and for which this one stands in; looked up once."""
        if self.seat is None:
            return ()
        if "seats" not in self._standing:
            self._standing["seats"] = stood_in_for(self.seat, self.today)
        return self._standing["seats"]

    def may(self, act: Act, body: Body) -> bool:
        """Whether this actor may do ``act`` for ``body``, in the own seat or standing in for another."""
        return bool(self.system) or can(self.seat, act, body) or bool(self._deputised(act, body))

    def may_to(self, act: Act, to: Relation) -> bool:
        """Whether this actor may do ``act`` for bodies that stand so to its own; for conditions in SQL."""
        if self.system:
            return True
        if self.seat is None:
            return False
        own = not TABLE[act].get(to, frozenset()).isdisjoint(self.seat.roles)
        return own or any(can_standing_in(absent, act, to) for absent in self.stands_in_for)

    def require(self, act: Act, body: Body) -> None:
        """Raise ``NotPermitted`` where it may not; what only a deputy may is noted for the audit."""
        if self.system or can(self.seat, act, body):
            return
        deputised = self._deputised(act, body)
        if not deputised:
            raise NotPermitted(act, self.seat, body)
        self._for.update(absent.key for absent in deputised)

    def acts_for(self, thing: str = "") -> tuple[str, ...]:
        """For whom something is done: seats without which it was not allowed, or that answer for ``thing``.

        Empty for who stands in for nobody.
        """
        if not self._for and not self.stands_in_for:
            return ()
        away = {absent.key for absent in self.stands_in_for}
        return tuple(sorted(self._for | (away & responsible_for(thing))))

    def _deputised(self, act: Act, body: Body) -> tuple[Seat, ...]:
        return tuple(
            absent
            for absent in self.stands_in_for
            if can_standing_in(absent, act, relation(absent.body, body))
        )
