"""Replies that did not stand: by cause, outcome and year, against the acts that were entered."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.platform.boards.conftest import numbers, scope_of, shown
from tests.platform.boards.office import hide
from tests.platform.conftest import Place
from tests.platform.lists.conftest import acted, registered

from gongkai.platform.cases.boards.boards import Board, behind, board
from gongkai.platform.cases.boards.scope import read_scope
from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.cases.services.acting import Step, perform_acts
from gongkai.platform.cases.services.losses import measure_done, sign_review
from gongkai.platform.ledger.selectors import history

CAME, ANSWERED, SUED = date(2025, 9, 1), date(2025, 9, 15), date(2025, 10, 9)
DAY = date(2026, 3, 3)


def answer(place: Place, case: CaseSummary, outcome: str) -> None:
    """Sign and hand out a reply."""
    payload = {"outcome": outcome, "number": f"公复〔2025〕{case.pk[-4:]}号", "method": "counter"}
    acted(place, case, "reply.issued", ANSWERED, "approver", **payload)
    acted(place, case, "reply.delivered", ANSWERED, method="counter")


def sued(
    place: Place, kind: str, decided: date, *, outcome: str = "denied_internal", result: str = "corrected",
    answered: bool = True,
) -> CaseSummary:  # fmt: skip
    """A case that went to a court or to the authority, and how that ended."""
    case = registered(place, CAME)
    if answered:
        answer(place, case, outcome)
    filed = {"remedy": f"remedy-{case.pk}", "kind": kind, "reached_on": SUED.isoformat()}
    stage = {} if kind == "reconsideration" else {"instance": "first"}
    steps = [
        Step("remedy.filed", SUED, {**filed, **stage}),
        Step("remedy.decided", decided, {"remedy": filed["remedy"], "result": result, **stage}),
    ]
    case.refresh_from_db()
    return perform_acts(
        body=place.body, stream=case.stream, steps=steps, expected_seq=case.last_seq,
        actor=place.actor("handler", decided),
    ).summary  # fmt: skip


def revoked(place: Place, by: str, on: date, outcome: str = "granted") -> CaseSummary:
    """A case whose reply was revoked without a proceeding in the records."""
    case = registered(place, CAME)
    answer(place, case, outcome)
    return acted(place, case, "reply.revoked", on, "approver", by=by)


def reviewed(
    place: Place, case: CaseSummary, loss: str, cause: str, due: date, *, done: bool = False
) -> None:
    review = sign_review(
        body=place.body, stream=case.stream, loss=loss, cause=cause, went_wrong="没有核对",
        measure="两人核对", responsible=place.seats["handler"].key, due_on=due, expected_version=0,
        actor=place.actor("handler", DAY),
    )  # fmt: skip
    if done:
        measure_done(
            body=place.body, stream=case.stream, loss=loss, on=DAY, expected_version=review.version,
            actor=place.actor("handler", DAY),
        )  # fmt: skip


@pytest.fixture
def lost(county: Place, department: Place) -> dict[str, CaseSummary]:
    """Five losses in two years, three with a review; and what is none."""
    found = {
        "authority": sued(county, "reconsideration", date(2025, 12, 1)),
        "court": sued(county, "litigation_direct", date(2026, 1, 20), outcome="granted"),
        "silent": sued(county, "reconsideration", date(2026, 2, 2), answered=False),
        "revoked": revoked(county, "court", date(2026, 2, 10)),
        "below": sued(department, "reconsideration", date(2026, 1, 5)),
        "upheld": sued(county, "reconsideration", date(2026, 1, 6), result="upheld"),
        "self": revoked(county, "self", date(2026, 1, 7)),
    }
    reviewed(county, found["authority"], f"remedy-{found['authority'].pk}", "procedure", date(2026, 4, 1))
    reviewed(county, found["court"], f"remedy-{found['court'].pk}", "procedure", date(2026, 3, 2))
    reviewed(county, found["revoked"], "reply-1", "wrong_basis", date(2026, 3, 1), done=True)
    return found


def row(found: Board, table: str, key: str) -> tuple[object, ...]:
    """All, by the authority, by a court; no review, measure open, overdue, done."""
    names = ("all", "reconsideration", "litigation", "missing", "open", "overdue", "done")
    return tuple(numbers(found, table)[key][name] for name in names)


BOTH = {"from": "2025-01-01", "to": "2026-12-31"}


def test_losses_are_counted_by_cause_outcome_and_year(county: Place, lost: dict[str, CaseSummary]) -> None:
    found = shown("revocations", county, **BOTH)
    assert row(found, "causes", "total") == (4, 2, 2, 1, 1, 1, 1)
    assert row(found, "causes", "procedure") == (2, 1, 1, 0, 1, 1, 0)
    assert row(found, "causes", "wrong_basis") == (1, 0, 1, 0, 0, 0, 1)
    assert row(found, "causes", "none") == (1, 1, 0, 1, 0, 0, 0)
    assert row(found, "causes", "beyond_time") == (0,) * 7
    assert {key: value["all"] for key, value in numbers(found, "outcomes").items()} == {
        "granted": 2, "denied_internal": 1, "none": 1, "total": 4,
    }  # fmt: skip
    assert {key: value["all"] for key, value in numbers(found, "years").items()} == {
        "2025": 1, "2026": 3, "total": 4,
    }  # fmt: skip
    assert numbers(shown("revocations", county, year="2025"), "causes")["total"]["all"] == 1
    assert numbers(shown("revocations", county, part="m02"), "causes")["total"]["all"] == 2
    area = shown("revocations", county, body="all", **BOTH)
    assert numbers(area, "causes")["total"]["all"] == 5


def test_a_loss_whose_day_was_corrected_is_counted_on_the_right_day(
    county: Place, lost: dict[str, CaseSummary]
) -> None:
    case = lost["revoked"]
    case.refresh_from_db()
    events = history(body=county.body.key, stream=case.stream).events
    ended = max(event.seq for event in events if event.kind == "reply.revoked")
    right = (date(2026, 2, 10) - timedelta(days=15)).isoformat()
    acted(
        county, case, "entry.corrected", DAY, "approver", seq=ended,
        replacement={"occurred_on": right, "payload": {"by": "court"}},
    )  # fmt: skip
    assert numbers(shown("revocations", county, part="m02"), "causes")["total"]["all"] == 1
    assert numbers(shown("revocations", county, part="m01"), "causes")["total"]["all"] == 2


def test_every_number_opens_its_losses_and_hides_those_of_sensitive_cases(
    county: Place, lost: dict[str, CaseSummary]
) -> None:
    scope = scope_of(county, body="all", **BOTH)
    for table in board("revocations", scope).tables:
        for one in table.all_rows:
            for cell in one.cells:
                listed = behind("revocations", table.key, one.key, cell.figure.column, scope)
                assert listed.number == listed.shown == len(listed.page(0, 100)) == cell.value
    hide(lost["court"], county.seats["approver"])
    listed = behind("revocations", "causes", "procedure", "all", scope)
    assert (listed.number, listed.shown, listed.hidden) == (2, 1, 1)
    assert [one.stream for one in listed.page(0, 9)] == [lost["authority"].stream]  # type: ignore[union-attr]
    reader = read_scope(county.actor("approver", DAY), BOTH)
    assert behind("revocations", "causes", "procedure", "all", reader).hidden == 0
