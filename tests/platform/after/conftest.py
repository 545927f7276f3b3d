"""A case that went all the way to a court and back, and what its tests share."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.test import Client
from tests.platform.acts.conftest import SignIn as SignIn
from tests.platform.acts.conftest import set_day as set_day
from tests.platform.acts.conftest import sign_in as sign_in
from tests.platform.conftest import Place
from tests.platform.letters.conftest import Case as Case
from tests.platform.letters.conftest import case as case
from tests.platform.letters.conftest import content_for

from gongkai.platform.cases.services.acting import Step
from gongkai.platform.cases.services.drafts import approve_draft
from gongkai.platform.ledger.selectors import history

ANSWERED, SUED, REACHED, DECIDED = (
    date(2026, 2, 20), date(2026, 3, 2), date(2026, 3, 9), date(2026, 5, 11),
)  # fmt: skip
NUMBER_OF_DECISION = "（2026）云01行初8号"


def answer(case: Case, outcome: str = "unavailable_needs_creation", *, on: date = ANSWERED) -> None:
    """Draft, submit, approve, send and deliver a reply, as people do."""
    draft = case.submit(content_for(outcome))
    approve_draft(
        body=case.place.body, stream=case.stream, expected_version=draft.version, expected_seq=case.seq,
        actor=case.place.actor("approver", on),
    )  # fmt: skip
    case.do(
        Step("reply.dispatched", on, {"method": "post"}),
        Step("reply.delivered", on, {"method": "post"}),
        day=on,
    )


def sue(case: Case, kind: str = "litigation_direct") -> str:
    """A suit that reached the organ; its name."""
    payload = {"remedy": "remedy-1", "kind": kind, "reached_on": REACHED.isoformat()}
    if kind != "reconsideration":
        payload["instance"] = "first"
    case.do(Step("remedy.filed", SUED, payload, {"authority": "云州市中级人民法院"}), day=REACHED)
    return "remedy-1"


def decide(case: Case, result: str = "corrected", on: date = DECIDED) -> None:
    """The judgment."""
    case.do(
        Step("remedy.decided", on, {"remedy": "remedy-1", "instance": "first", "result": result},
             {"decision_number": NUMBER_OF_DECISION}),
        day=on,
    )  # fmt: skip


def archive(case: Case, on: date) -> None:
    """Archive a case under a file number."""
    case.do(Step("case.archived", on, {}, {"file_number": "2026-YK-015"}), day=on)


def members(content: bytes) -> dict[str, bytes]:
    """What a ZIP holds."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}


def seq(case: Case) -> int:
    """The number of the case's last entry."""
    return history(body=case.place.body.key, stream=case.stream).seq


@dataclass(frozen=True)
class Desk:
    """The people of the county at their desks, on a day."""

    place: Place
    sign_in: SignIn

    def of(self, role: str, day: date) -> Client:
        """Somebody logged in, on a day."""
        set_day(day)
        return self.sign_in(self.place, role)


@pytest.fixture
def desk(county: Place, sign_in: SignIn) -> Desk:
    """The county's desk."""
    return Desk(county, sign_in)


def later(day: date, days: int) -> date:
    """Some days on."""
    return day + timedelta(days=days)
