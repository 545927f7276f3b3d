"""A registered case, two departments that are units of the county, and what an office usually asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from django.test import Client
from tests.platform.conftest import Place, make_body
from tests.platform.letters.conftest import Case, case
from tests.platform.letters.pages import log_in

from gongkai.platform.cases.models import CaseTask, OutcomeNeed, Unit
from gongkai.platform.cases.services.tasks import give_tasks
from gongkai.platform.cases.services.units import register_unit
from gongkai.platform.core.models import DemonstrationDay

__all__ = ["case"]


@dataclass
class Units:
    """The units of the county: two departments with people of their own, and an office without."""

    water: Unit
    housing: Unit
    legal: Unit


@pytest.fixture
def housing(county: Place) -> Place:
    """A second department of the county."""
    return make_body("云溪县住房和城乡建设局", "云建公", "department", county.body)


@pytest.fixture
def units(county: Place, department: Place, housing: Place) -> Units:
    """The register."""

    def one(name: str, place: Place | None) -> Unit:
        return register_unit(
            body=county.body, name=name, of=None if place is None else place.body, phone="",
            actor=county.actor("approver"),
        )  # fmt: skip

    return Units(one("水利局", department), one("住建局", housing), one("法制科", None))


@pytest.fixture
def usual(county: Place) -> None:
    """The county asks for what is shipped."""
    OutcomeNeed.objects.filter(body=county.body).delete()


@pytest.fixture
def clients(county: Place) -> dict[str, Client]:
    """Handler and approver of the county, logged in on ``TODAY``."""
    return {role: log_in(county, role) for role in ("handler", "approver", "supervisor")}


def give(
    case: Case,
    *units: Unit,
    kind: str = "handle",
    wanted: str = "请提供合同及附件",
    due_on: date | None = None,
) -> list[CaseTask]:
    """Give a task from the case as its handler."""
    give_tasks(
        body=case.place.body, stream=case.stream, units=units, kind=kind, wanted=wanted, due_on=due_on,
        expected_seq=case.seq, actor=case.place.actor("handler"),
    )  # fmt: skip
    return list(CaseTask.objects.filter(stream=case.stream).order_by("-seq")[: len(units)][::-1])


def on(day: object) -> None:
    """The demonstration's day."""
    DemonstrationDay.objects.update_or_create(id=1, defaults={"day": day})
