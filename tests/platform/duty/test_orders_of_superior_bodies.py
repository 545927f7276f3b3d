"""Orders of superior bodies: registered, issued to a body below, answered, listed, erased with the person."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from tests.platform.conftest import ROLES, TODAY, Place
from tests.platform.duty.conftest import SignsIn, came_in
from tests.platform.letters.conftest import Case

from gongkai.platform.cases.duty.orders import (
    AnsweredAlready,
    NoSuchCaseHere,
    WrongDay,
    answer_order,
    issue_order,
    order_rows,
    orders,
    register_order,
    visible_orders,
)
from gongkai.platform.cases.erasure import erase_applicant
from gongkai.platform.cases.models import CaseSummary, SuperiorOrder
from gongkai.platform.cases.services.acting import Step
from gongkai.platform.core.models import AuditEntry, PrivateRecord
from gongkai.platform.core.permissions import NotPermitted
from gongkai.platform.core.services.people import Ended

DAY = timedelta(days=1)
TEXT = "请核查陈某某申请的办理情况"
SAID = {"issuer_name": "某省人民政府办公厅", "number": "督〔2026〕3号", "text": TEXT}


def number(case: Case) -> str:
    return CaseSummary.objects.get(stream=case.stream).number


def registered(
    place: Place, *cases: Case, due: date = TODAY + 7 * DAY, role: str = "handler"
) -> SuperiorOrder:
    return register_order(
        body=place.body, received_on=TODAY, due_on=due, numbers=[number(case) for case in cases],
        actor=place.actor(role), **SAID,
    )  # fmt: skip


def marks(place: Place, day: date, **filters: str) -> list[str]:
    actor = place.actor("approver", day)
    return [row.mark for row in order_rows(orders(actor, **filters), actor)]


def test_an_order_is_warned_of_and_answered_with_a_word_and_a_day(county: Place, case: Case) -> None:
    order = registered(county, case)
    days = {TODAY: "running", TODAY + 3 * DAY: "soon", TODAY + 7 * DAY: "today", TODAY + 8 * DAY: "overdue"}
    for day, mark in days.items():
        assert marks(county, day) == [mark]
        assert marks(county, day, state="overdue") == ([mark] if mark == "overdue" else [])
        assert marks(county, day, state="soon") == ([mark] if mark in ("soon", "today") else [])
    handler = county.actor("handler", TODAY + 8 * DAY)
    with pytest.raises(ValueError, match="without a word"):
        answer_order(order=order, result="done", answer=" ", on=TODAY, actor=handler)
    with pytest.raises(ValueError, match="finished"):
        answer_order(order=order, result="finished", answer="已办", on=TODAY, actor=handler)
    for on, why in ((TODAY - DAY, "before"), (TODAY + 9 * DAY, "future")):
        with pytest.raises(WrongDay) as wrong:
            answer_order(order=order, result="done", answer="已办", on=on, actor=handler)
        assert wrong.value.why == why
    answer_order(order=order, result="done", answer="已答复申请人", on=TODAY + 8 * DAY, actor=handler)
    with pytest.raises(AnsweredAlready):
        answer_order(order=order, result="done", answer="再答", on=TODAY + 8 * DAY, actor=handler)
    (row,) = order_rows(orders(handler, state="answered"), handler)
    assert (row.word, row.answer, row.result, row.late) == ("超期办结", "已答复申请人", "已办结", True)
    assert orders(handler, state="open").count() == 0
    assert not any(TEXT in entry.detail or "已答复" in entry.detail for entry in AuditEntry.objects.all())


def test_what_is_not_whole_is_refused(county: Place, department: Place, case: Case) -> None:
    other = came_in(department, TODAY)
    said = {**SAID, "received_on": TODAY, "due_on": TODAY, "numbers": []}
    clerk = county.actor("receiving_clerk")
    with pytest.raises(WrongDay):
        register_order(body=county.body, actor=clerk, **{**said, "received_on": TODAY + DAY})  # type: ignore[arg-type]
    with pytest.raises(WrongDay):
        register_order(body=county.body, actor=clerk, **{**said, "due_on": TODAY - DAY})  # type: ignore[arg-type]
    for field in ("issuer_name", "text"):
        with pytest.raises(ValueError, match="issuer and a text"):
            register_order(body=county.body, actor=clerk, **{**said, field: "  "})  # type: ignore[arg-type]
    with pytest.raises(NoSuchCaseHere) as missing:
        register_order(  # the department's case is another body's
            body=county.body,
            actor=clerk,
            **{**said, "numbers": [number(case), number(other), "9号"]},  # type: ignore[arg-type]
        )
    assert missing.value.numbers == (number(other), "9号")
    assert not SuperiorOrder.objects.exists()
    assert not PrivateRecord.objects.filter(kind="superior.order").exists()


def test_a_supervisor_gives_an_order_to_a_body_below_and_both_see_its_state(
    county: Place, department: Place, foreign: Place, signs_in: SignsIn
) -> None:
    case = came_in(department, date(2026, 2, 9), handler=department.seats["handler"])
    for role in ROLES:
        if role != "supervisor":
            with pytest.raises(NotPermitted):
                issue_order(
                    to=department.body,
                    number="",
                    text=TEXT,
                    due_on=TODAY,
                    numbers=[],
                    actor=county.actor(role),
                )
    supervisor = county.actor("supervisor")
    for wrong in (county, foreign):
        with pytest.raises(NotPermitted):
            issue_order(to=wrong.body, number="", text=TEXT, due_on=TODAY, numbers=[], actor=supervisor)
    above, below = signs_in(county.seats["supervisor"]), signs_in(department.seats["handler"])
    at = f"/desk/duty/orders/issue/{department.body.pk}/"
    assert department.body.name in above.get("/desk/duty/orders/").content.decode()
    sent = {"text": TEXT, "number": "云督1号", "due_on": "2026-03-10", "numbers": number(case)}
    for missing in ("text", "due_on"):
        refused = above.post(at, {**sent, missing: ""})
        assert refused.status_code == 422 and "这一项要填写" in refused.content.decode()
    assert "没有找到这些编号" in above.post(at, {**sent, "numbers": "77号"}).content.decode()
    assert above.post(at, sent).status_code == 302
    order = SuperiorOrder.objects.get()
    assert (order.issuer, order.issuer_name) == (county.body, county.body.name)
    page = f"/desk/duty/orders/{order.pk}/"
    for client in (above, below):
        assert TEXT in client.get("/desk/duty/orders/").content.decode()
        assert TEXT in client.get(page).content.decode()
    assert page in below.get(f"/desk/cases/{case.stream}/").content.decode()
    answer = {"result": "done", "answer": "已按期答复", "on": "2026-03-03"}
    assert above.post(page, answer).status_code in (403, 404)
    assert below.post(page, {**answer, "answer": ""}).status_code == 422
    assert below.post(page, answer).status_code == 302
    assert "已按期答复" in above.get(page).content.decode()
    again = below.post(page, answer, follow=True).content.decode()
    assert "已经有人办结" in again
    outside = signs_in(foreign.seats["supervisor"])
    assert outside.get(page).status_code == 404
    assert TEXT not in outside.get("/desk/duty/orders/").content.decode()


def test_an_order_binds_no_body_that_has_ended(county: Place, department: Place) -> None:
    department.body.valid_until = TODAY
    department.body.save()
    with pytest.raises(Ended):
        issue_order(
            to=department.body,
            number="",
            text=TEXT,
            due_on=TODAY,
            numbers=[],
            actor=county.actor("supervisor"),
        )


def test_the_words_go_with_any_of_the_persons_they_may_speak_of(county: Place) -> None:
    first, second = (came_in(county, date(2026, 2, 9)) for _n in range(2))
    order = registered(county, first, second)
    answer_order(order=order, result="done", answer="已办", on=TODAY, actor=county.actor("handler"))
    for case in (first, second):
        case.do(Step("request.withdrawn", TODAY))
    assert PrivateRecord.objects.filter(kind="superior.order").count() == 2
    erase_applicant(body=county.body, actor=county.actor("approver"), stream=second.stream)
    assert PrivateRecord.objects.filter(kind="superior.order").count() == 0
    actor = county.actor("approver")
    (row,) = order_rows(visible_orders(actor), actor)
    assert (row.text, row.answer, row.result) == (None, None, "已办结")


def test_the_list_exports_what_its_filters_show(county: Place, case: Case, signs_in: SignsIn) -> None:
    registered(county, case)
    client = signs_in(county.seats["handler"])
    for form in ("xlsx", "pdf"):
        answer = client.get(f"/desk/duty/orders/list.{form}?state=open")
        assert answer.status_code == 200
        told = json.loads(AuditEntry.objects.filter(act="duty.list_exported").latest("position").detail)
        assert told == {"rows": 1, "form": form}
    assert client.get("/desk/duty/orders/list.doc").status_code == 404
    assert "没有符合条件的督办件" in client.get("/desk/duty/orders/?state=overdue").content.decode()
