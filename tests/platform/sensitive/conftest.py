"""What the tests of sensitive cases share: a case, two more approvers, and how it is flagged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from django.test import Client
from tests.platform.conftest import TODAY, Place
from tests.platform.letters.conftest import Case, case, content_for

from gongkai.platform.cases.models import CaseSummary, ReplyDraft, SensitiveFlag
from gongkai.platform.cases.services.sensitive import Flagging, flag_case
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import DemonstrationDay, Person, Seat, SeatRole

__all__ = ["case", "content_for"]


@dataclass
class Office:
    """The county's office with three approvers, of whom two are made here."""

    place: Place
    case: Case
    second: Seat
    third: Seat

    def actor(self, seat: Seat, day: date = TODAY) -> Actor:
        """Somebody in this seat."""
        return replace(self.place.actor("handler", day), seat=seat)

    def approvers(self, number: int) -> list[Seat]:
        """So many approvers."""
        return [self.place.seats["approver"], self.second, self.third][:number]

    def flag(
        self, *, role: str = "approver", levels: int = 0, readers: list[Seat] | None = None, **more: Any
    ) -> SensitiveFlag:
        """Flag the case; without readers named, with as many approvers as it takes and the handler."""
        usual = [*self.approvers(levels + 1), self.place.seats["handler"]]
        chosen = [seat.pk for seat in (usual if readers is None else readers)]
        said: dict[str, Any] = {"reason": "涉及举报人", "readers": chosen, "levels": levels, **more}
        return flag_case(
            body=self.place.body, stream=self.case.stream, actor=self.place.actor(role),
            flagging=replace(Flagging(reason="", readers=()), **said),
        )  # fmt: skip

    def summary(self) -> CaseSummary:
        """The case's row."""
        return CaseSummary.objects.get(stream=self.case.stream)

    def draft(self) -> ReplyDraft:
        """The newest draft."""
        return ReplyDraft.objects.filter(stream=self.case.stream).latest("version")

    def client(self, seat: Seat) -> Client:
        """A browser in which this seat is logged in."""
        DemonstrationDay.objects.update_or_create(id=1, defaults={"day": TODAY})
        found = Client()
        found.force_login(seat.person, backend="django.contrib.auth.backends.ModelBackend")
        return found


def approver(place: Place, name: str) -> Seat:
    """One more approver."""
    person = Person.objects.create(username=f"{place.body.pk}-{name}", name=name, body=place.body)
    seat = Seat.objects.create(person=person, body=place.body)
    SeatRole.objects.create(seat=seat, role="approver")
    return seat


@pytest.fixture
def office(county: Place, case: Case) -> Office:
    """A case and three people who may approve."""
    return Office(county, case, approver(county, "周正清"), approver(county, "吴思远"))
