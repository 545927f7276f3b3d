"""Outcomes of Table 3 and every kind of remedy of Table 4, in a real browser.

``GONGKAI_EVERY_OUTCOME=1`` gives all 21 here. Without it come those whose way through the pages differs: the
others differ by a word in one list, and are given over the same pages without a browser
(``whole/test_whole_cases.py``).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from tests.platform.browser.conftest import launched, served
from tests.platform.browser.office import Office
from tests.platform.committed import committed_clone
from tests.platform.conftest import make_body
from tests.platform.whole.cases import DAY, prepare

from gongkai.platform.cases.models import OutgoingLetter
from gongkai.platform.cases.verifying import verify_projections
from gongkai.platform.ledger.verifying import verify_ledger
from gongkai.platform.reporting.selectors import running_figures
from gongkai.rules.vocabulary import Outcome

pytestmark = pytest.mark.browser
ROLES = ("receiving_clerk", "handler", "approver")
Opening = Callable[[], Office]


@pytest.fixture(scope="module")
def opening(
    migrated_database: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Opening]:
    """Open an office of a new body; the browser, its pages and the server are the same for all."""
    home = Path(tmp_path_factory.mktemp("offices")) / "home"
    with (
        launched() as browser,
        django_db_blocker.unblock(),
        committed_clone(home),
        served() as url,
    ):
        context = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
        pages = {role: browser.new_context(**context).new_page() for role in ROLES}
        opened: list[Office] = []

        def opens() -> Office:
            number = len(opened) + 1
            place = make_body(f"云溪第{number}县人民政府", f"云{number}公", "county")
            office = Office(url, place, DAY, pages)
            office.on(DAY)
            opened.append(office)
            return office

        yield opens


@pytest.fixture
def office(opening: Opening, django_db_blocker: Any) -> Generator[Office]:
    """An office of a body of its own; whatever was done there verifies afterwards."""
    with django_db_blocker.unblock():
        office = opening()
        yield office
        body = office.place.body.key
        assert not verify_ledger(body).damages
        assert verify_projections(body, known_on=office.day).ok


def figure(office: Office, cell: str) -> object:
    """A figure of the office's running tables."""
    body, actor = office.place.body, office.place.actor("supervisor", office.day)
    figures = running_figures(body=body, year=office.day.year, area=False, actor=actor)
    return {c.path: c.value for t in figures.tables for row in (*t.head, *t.rows) for c in row}[cell]


LOOKED_AT = (Outcome.PARTIAL, Outcome.OTHER_UNPAID, Outcome.UNAVAILABLE_NOT_HELD, Outcome.REJECTED_EXCESSIVE)


OTHER_WAYS = (
    *LOOKED_AT,
    Outcome.UNAVAILABLE_STILL_UNCLEAR,
    Outcome.OTHER_NO_CORRECTION,
    Outcome.REJECTED_REPEAT,
)
SHOWN = list(Outcome) if os.environ.get("GONGKAI_EVERY_OUTCOME") else list(OTHER_WAYS)


@pytest.mark.parametrize("outcome", SHOWN, ids=lambda one: one.value)
def test_every_result_of_table_3_is_given_served_archived_and_counted(
    office: Office, outcome: Outcome
) -> None:
    office.shots = f"outcome-{outcome.value}" if outcome in LOOKED_AT else ""
    stream = office.register()
    prepare(office, stream, outcome)
    office.give(stream, outcome)
    office.serve(stream)
    office.act(stream, "case.archived", file_number="2026-1")
    row = office.case(stream)
    assert (row.outcome, row.phase, row.open) == (outcome.value, "archived", False)
    assert figure(office, f"requests.{outcome.value}.natural_person") == 1
    assert figure(office, "requests.total.total") == 1
    letter = OutgoingLetter.objects.filter(stream=stream, number__contains="复").get()
    assert letter.docx is not None and letter.pdf is not None


def test_a_withdrawn_case_is_owed_nothing_and_counted(office: Office) -> None:
    office.shots = "withdrawn"
    stream = office.register()
    office.later(2)
    office.act(stream, "request.withdrawn", scope="whole", reason="已经找到")
    office.act(stream, "case.archived", file_number="2026-1")
    assert not office.case(stream).open
    assert figure(office, "requests.other_other.natural_person") == 1


@pytest.mark.parametrize(
    ("kind", "result"),
    [
        ("reconsideration", "upheld"),
        ("litigation_direct", "corrected"),
        ("litigation_after_reconsideration", "other"),
    ],
)
def test_remedies_of_each_kind_are_counted_in_table_4(office: Office, kind: str, result: str) -> None:
    stream = office.register()
    office.give(stream, Outcome.UNAVAILABLE_NOT_HELD)
    office.serve(stream)
    office.shots = f"remedy-{kind}"
    office.later(10)
    if kind == "litigation_after_reconsideration":
        office.act(stream, "remedy.filed", which="new", kind="reconsideration", procedure="ordinary")
        office.later(30)
        office.act(stream, "remedy.decided", result="upheld")
    filed = {"which": "new", "kind": kind, "reached_on": office.day.isoformat()}
    filed |= {"procedure": "simple"} if kind == "reconsideration" else {"instance": "first"}
    office.act(stream, "remedy.filed", letter=False, **filed)
    assert figure(office, f"{kind}.pending") == 1
    office.later(5)
    office.act(stream, "remedy.answered")
    office.later(40)
    office.act(stream, "remedy.decided", result=result)
    assert figure(office, f"{kind}.{result}") == 1
    assert figure(office, f"{kind}.pending") == 0
