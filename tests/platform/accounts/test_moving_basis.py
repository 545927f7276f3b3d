"""A body's rule or holiday moves the dates of open cases, its own and those of bodies below."""

from __future__ import annotations

from datetime import date

from django_tasks_db.models import DBTaskResult
from tests.platform.conftest import Place

from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.cases.moving_basis import work_out_anew
from gongkai.platform.cases.services.acting import Step, perform_acts
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.services import bodies

RECEIVED = (
    Step("request.received", date(2026, 2, 9), {"channel": "counter", "applicant_kind": "natural_person"}),
    Step("request.registered", date(2026, 2, 9), {"number": "1号"}),
)


def due(place: Place) -> date | None:
    return CaseSummary.objects.get(body=place.body).reply_due_on


def test_a_new_rule_orders_the_lists_to_be_worked_out_anew(
    county: Place, department: Place, foreign: Place, system: Actor
) -> None:
    for place in (county, department, foreign):
        perform_acts(
            body=place.body, stream=f"case-{place.body.key}", steps=RECEIVED, expected_seq=0,
            actor=place.actor("receiving_clerk"),
        )  # fmt: skip
    assert {due(place) for place in (county, department, foreign)} == {date(2026, 3, 13)}
    bodies.set_local_rule(
        body=county.body, key="reply_period", value=15, from_date=date(2026, 1, 1), source="x", actor=system
    )
    ordered = DBTaskResult.objects.get(task_path=work_out_anew.module_path)
    assert ordered.args_kwargs["args"] == [county.body.key]
    assert work_out_anew.call(county.body.key) == {"written": 2}
    assert [due(place) for place in (county, department, foreign)] == [
        date(2026, 3, 6), date(2026, 3, 6), date(2026, 3, 13),
    ]  # fmt: skip
    assert work_out_anew.call(county.body.key) == {"written": 0}


def test_a_local_day_off_moves_a_date_that_it_lies_before(county: Place, system: Actor) -> None:
    perform_acts(
        body=county.body, stream="case-1", steps=RECEIVED, expected_seq=0,
        actor=county.actor("receiving_clerk"),
    )  # fmt: skip
    day = date(2026, 3, 11)
    bodies.add_local_holiday(body=county.body, name="节", first=day, last=day, source="x", actor=system)
    work_out_anew.call(county.body.key)
    assert due(county) == date(2026, 3, 16)
