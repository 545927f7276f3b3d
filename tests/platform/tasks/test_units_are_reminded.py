"""The daily work reminds units before the inner due date and when it is over; once each, and once only."""

from __future__ import annotations

from datetime import date

from tests.platform.conftest import Place
from tests.platform.letters.conftest import Case
from tests.platform.tasks.conftest import Units

from gongkai.platform.cases.due import remind_units
from gongkai.platform.cases.models import CaseTask, TaskReminder
from gongkai.platform.cases.services.tasks import Answer, answer_task, give_tasks
from gongkai.platform.cases.services.units import set_inner_period
from gongkai.platform.cases.task_rules import inner_due, inner_period
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.bases import basis_for
from gongkai.platform.core.models import AuditEntry


def given(case: Case, units: Units) -> list[CaseTask]:
    give_tasks(
        body=case.place.body, stream=case.stream, units=[units.water, units.housing], kind="handle",
        wanted="请提供", due_on=date(2026, 3, 10), expected_seq=case.seq, actor=case.place.actor("handler"),
    )  # fmt: skip
    return list(CaseTask.objects.order_by("seq"))


def tick(place: Place, day: date) -> dict[str, int]:
    present = place.actor("handler", day).present
    return dict(remind_units(Actor(present, system="tick")))


def test_a_unit_is_reminded_before_the_day_and_after_it_once_each(
    case: Case, units: Units, county: Place
) -> None:
    water, housing = given(case, units)
    assert tick(county, date(2026, 3, 5)) == {"before": 0, "late": 0}
    assert tick(county, date(2026, 3, 6)) == {"before": 2, "late": 0}
    assert tick(county, date(2026, 3, 6)) == {"before": 0, "late": 0}
    answer = Answer(result="已提供")
    answer_task(task=housing, answer=answer, actor=county.actor("handler", date(2026, 3, 9)))
    assert tick(county, date(2026, 3, 10)) == {"before": 0, "late": 0}
    assert tick(county, date(2026, 3, 11)) == {"before": 0, "late": 1}
    assert tick(county, date(2026, 3, 20)) == {"before": 0, "late": 0}
    kinds = list(TaskReminder.objects.filter(task=water).values_list("kind", flat=True))
    assert kinds == ["before", "late"]
    assert AuditEntry.objects.filter(act="task.reminded").count() == 3


def test_the_inner_period_is_a_dated_setting(county: Place) -> None:
    body, head = county.body, county.actor("approver")
    calendar = basis_for(body, known_on=None).calendar
    assert inner_due(body, date(2026, 3, 3), calendar) == date(2026, 3, 10)
    set_inner_period(body=body, working_days=3, warn_days=0, from_date=date(2026, 3, 9), actor=head)
    assert inner_due(body, date(2026, 3, 6), calendar) == date(2026, 3, 13)
    assert inner_due(body, date(2026, 3, 9), calendar) == date(2026, 3, 12)
    assert inner_period(body, date(2026, 3, 9)).own and not inner_period(body, date(2026, 3, 8)).own
