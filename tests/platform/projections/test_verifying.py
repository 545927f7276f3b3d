"""Rows are compared with the ledger, and written anew from it, case by case."""

from __future__ import annotations

from datetime import date

from tests.platform.conftest import Place
from tests.platform.ledger.acts import execute, without_triggers
from tests.platform.ledger.appending import ACTOR, NOTE, intake

from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.cases.services.acting import Step, perform_acts
from gongkai.platform.cases.verifying import (
    CHUNK,
    Wrong,
    moved_dates,
    rebuild_projections,
    verify_projections,
)
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import AuditEntry, LocalHoliday, LocalRule
from gongkai.platform.core.present import Present
from gongkai.platform.ledger.services import append
from gongkai.rules.event import Event

ASKED = Step("third_party.consulted", date(2026, 3, 2), {"party": "party-1"})
DELIVERED = Step("third_party.delivered", date(2026, 3, 2), {"party": "party-1"})


def register(place: Place, count: int, *more: Step) -> None:
    for number in range(count):
        perform_acts(
            body=place.body, stream=f"case-{place.body.key}-{number:03d}",
            steps=[*intake(str(number)), *more], expected_seq=0, actor=ACTOR,
        )  # fmt: skip


def test_rows_that_the_acts_wrote_are_those_of_the_ledger(county: Place, department: Place) -> None:
    register(county, 4, NOTE)
    register(department, 2, ASKED, DELIVERED)
    found = verify_projections()
    assert (found.ok, found.cases) == (True, 6)
    assert verify_projections(department.body.key).cases == 2


def test_several_chunks_are_looked_at_whole(county: Place) -> None:
    register(county, CHUNK + 3)
    told: list[int] = []
    assert verify_projections(progress=told.append).cases == CHUNK + 3
    assert told == [CHUNK, 3]
    CaseSummary.objects.update(phase="replied")
    found = verify_projections()
    assert (found.wrong, len(found.differences)) == (CHUNK + 3, 100)


def test_acts_outside_cases_are_no_cases(county: Place) -> None:
    key = county.body.key
    append(
        body=key,
        events=[Event("enquiry.answered", date(2026, 3, 2), {"channel": "counter"}, key)],
        expected_seq={key: 0},
        recorded_at=ACTOR.present.moment,
    )
    found = verify_projections()
    assert (found.ok, found.cases) == (True, 0)


def test_a_changed_a_missing_and_a_surplus_row_are_found_and_mended(county: Place) -> None:
    register(county, 3)
    before = list(CaseSummary.objects.order_by("stream").values())
    key = county.body.key
    CaseSummary.objects.filter(stream=f"case-{key}-000").update(reply_due_on=date(2030, 1, 1), open=False)
    CaseSummary.objects.filter(stream=f"case-{key}-001").delete()
    CaseSummary.objects.create(
        stream="case-x", body=county.body, phase="handling", last_seq=1, last_position=1
    )
    found = verify_projections()
    assert [(d.stream, d.wrong) for d in found.differences] == [
        (f"case-{key}-000", Wrong.DIFFERS), (f"case-{key}-001", Wrong.MISSING), ("case-x", Wrong.SURPLUS),
    ]  # fmt: skip
    assert found.differences[0].columns == {
        "reply_due_on": (date(2030, 1, 1), date(2026, 3, 30)), "open": (False, True),
    }  # fmt: skip
    done = rebuild_projections(actor=ACTOR)
    assert (done.cases, done.written, done.removed) == (3, 2, 1)
    assert list(CaseSummary.objects.order_by("stream").values()) == before
    assert verify_projections().ok
    entry = AuditEntry.objects.get(act="case.projected")
    assert (entry.body, entry.detail) == (key, '{"removed":1,"written":2}')


def test_a_rebuild_of_what_is_right_writes_nothing(county: Place) -> None:
    register(county, 2)
    done = rebuild_projections(actor=ACTOR)
    assert (done.written, done.removed, done.moved) == (0, 0, ())
    assert not AuditEntry.objects.filter(act="case.projected").exists()


def test_a_damaged_entry_is_named_and_its_row_left(county: Place) -> None:
    register(county, 2)
    without_triggers()
    execute("UPDATE ledger_ledgerevent SET payload = '{' WHERE position = 1")
    assert [d.wrong for d in verify_projections().differences] == [Wrong.UNREADABLE]
    execute("UPDATE ledger_ledgerevent SET payload = '{}' WHERE position = 1")
    assert [d.wrong for d in verify_projections().differences] == [Wrong.UNREADABLE]
    done = rebuild_projections(actor=ACTOR)
    assert done.unreadable == (f"case-{county.body.key}-000",)
    assert CaseSummary.objects.count() == 2


def test_a_local_holiday_moves_dates_which_are_listed_and_then_rebuilt(county: Place) -> None:
    register(county, 1)
    LocalHoliday.objects.create(
        body=county.body, name="县庆", first=date(2026, 3, 16), last=date(2026, 3, 17), source="x"
    )
    moved = list(moved_dates())
    assert [(m.column, m.before, m.after) for m in moved] == [
        ("reply_due_on", date(2026, 3, 30), date(2026, 4, 1))
    ]
    assert moved[0].number == "云公申〔2026〕0号"
    assert not verify_projections().ok
    assert rebuild_projections(actor=ACTOR).moved == tuple(moved)
    assert CaseSummary.objects.get().reply_due_on == date(2026, 4, 1)
    assert list(moved_dates()) == []
    assert verify_projections().ok


def test_a_local_rule_moves_dates(county: Place) -> None:
    register(county, 1)
    LocalRule.objects.create(
        body=county.body,
        key="reply_period",
        value=15,
        kind="stricter",
        from_date=date(2026, 1, 1),
        source="x",
    )
    assert [(m.column, m.after) for m in moved_dates()] == [("reply_due_on", date(2026, 3, 23))]


def test_a_holiday_notice_that_becomes_known_moves_dates(county: Place) -> None:
    early = date(2025, 11, 20)
    actor = Actor(Present(date(2025, 12, 29), ACTOR.present.moment, early), system="tests")
    received = Step(
        "request.received", date(2025, 12, 29), {"channel": "counter", "applicant_kind": "natural_person"}
    )
    extended = Step("extension.told", date(2025, 12, 29), {"working_days": 15, "approved_by": "seat-1"})
    perform_acts(body=county.body, stream="case-1", steps=[received, extended], expected_seq=0, actor=actor)
    assert CaseSummary.objects.get().provisional
    assert verify_projections(known_on=early).ok
    moved = list(moved_dates(known_on=date(2025, 12, 30)))
    assert "reply_due_on" in {m.column for m in moved}
    later = Actor(Present(date(2025, 12, 30), ACTOR.present.moment, date(2025, 12, 30)), system="tests")
    rebuild_projections(actor=later)
    assert not CaseSummary.objects.get().provisional
