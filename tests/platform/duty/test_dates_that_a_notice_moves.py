"""A notice that moves a working day: what moved, who signed, who was told, nothing lost and nothing twice."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta

import openpyxl
import pytest
from django_tasks_db.models import DBTaskResult
from selectolax.lexbor import LexborHTMLParser
from tests.platform.conftest import Place
from tests.platform.duty.conftest import SignsIn, came_in, set_day, sits
from tests.platform.duty.test_before_long_holidays import squeezed, tables_of
from tests.platform.letters.conftest import RECEIVED, Case

from gongkai.platform.cases.due import refresh_after_a_notice, refresh_provisional
from gongkai.platform.cases.duty.moved import (
    NothingToSign,
    ToldAlready,
    changes_of,
    dates_of,
    mark_told,
    moved_rows,
    sign_dates,
)
from gongkai.platform.cases.models import BasisChange, CaseSummary, MovedDate
from gongkai.platform.cases.moving_basis import work_out_anew
from gongkai.platform.cases.services.acting import DatedInFuture, Step, perform_acts
from gongkai.platform.cases.verifying import rebuild_projections, verify_projections
from gongkai.platform.core import private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.bases import Basis, basis_for
from gongkai.platform.core.models import AuditEntry
from gongkai.platform.core.permissions import NotPermitted
from gongkai.platform.core.present import Present
from gongkai.platform.core.services import bodies
from gongkai.platform.demonstration.days import _reach
from gongkai.platform.ledger.selectors import history

DAY = timedelta(days=1)
NOVEMBER, DECEMBER = date(2025, 11, 28), date(2025, 12, 1)
NOTICE_2026 = "国务院办公厅关于2026年部分节假日安排的通知"


def job(place: Place, day: date) -> Actor:
    present = place.actor("handler", day).present
    return Actor(Present(present.today, present.moment, present.today), system="tick")


def extended(place: Place, days: int) -> Case:
    """Received on 28 November 2025, before the notice of 2026; 20 working days end on 26 December."""
    case = came_in(place, NOVEMBER, handler=place.seats["handler"])
    case.do(
        Step("extension.told", NOVEMBER, {"working_days": days, "approved_by": "x"}),
        role="approver",
        day=NOVEMBER,
    )
    return case


def due(case: Case) -> date | None:
    return CaseSummary.objects.get(stream=case.stream).reply_due_on


@pytest.fixture
def before(county: Place) -> dict[str, Case]:
    """Cases as they stood before the notice of 2026: by hand, 24 working days end on 2 January, a Friday."""
    set_day(NOVEMBER)
    found = {"moves": extended(county, 4), "stays": extended(county, 3), "later": extended(county, 20)}
    # In November the calendar ends with what is known; rows are worked out by it.
    rebuild_projections(county.body.key, actor=job(county, NOVEMBER))
    assert due(found["moves"]) == date(2026, 1, 2)
    MovedDate.objects.all().delete()
    BasisChange.objects.all().delete()
    return found


def moves() -> list[tuple[str, str, date | None, date | None]]:
    rows = MovedDate.objects.order_by("pk").values_list("stream", "clock", "before", "after")
    return list(rows)


def test_the_notice_of_the_next_year_moves_what_lies_in_it(county: Place, before: dict[str, Case]) -> None:
    """2026-01-02 became a day off and Sunday the 4th is worked for it (the shipped notice)."""
    assert refresh_after_a_notice(job(county, DECEMBER))["bodies"] == 1
    moved = before["moves"].stream
    assert moves() == [(moved, "reply_due_on", date(2026, 1, 2), date(2026, 1, 4))]
    (change,) = changes_of(county.body.pk, county.actor("approver", DECEMBER))
    assert (change.change.title, change.dates, change.unsigned, change.untold) == (NOTICE_2026, 1, 1, 1)
    assert refresh_after_a_notice(job(county, DECEMBER)) == {"bodies": 0, "moved": 0}
    refresh_provisional(job(county, DECEMBER))
    rebuild_projections(county.body.key, actor=job(county, DECEMBER))
    assert len(moves()) == 1, "worked out again nothing is there twice"
    assert verify_projections(county.body.key, known_on=DECEMBER).ok


def test_the_demonstration_finds_it_on_the_day_the_notice_becomes_known(
    county: Place, before: dict[str, Case]
) -> None:
    _reach(DECEMBER)
    assert [row[2:] for row in moves()] == [(date(2026, 1, 2), date(2026, 1, 4))]
    assert BasisChange.objects.get().title == NOTICE_2026


def test_the_daily_work_for_provisional_dates_finds_it_too(county: Place, before: dict[str, Case]) -> None:
    assert refresh_provisional(job(county, DECEMBER))["moved"] >= 1
    assert [row[2:] for row in moves()] == [(date(2026, 1, 2), date(2026, 1, 4))]
    assert BasisChange.objects.get().title == NOTICE_2026
    refresh_after_a_notice(job(county, DECEMBER))
    assert len(moves()) == 1


def test_an_act_on_the_case_before_the_daily_work_does_not_cover_what_moved(
    county: Place, before: dict[str, Case]
) -> None:
    set_day(DECEMBER)
    handler = county.actor("handler", DECEMBER)
    known = Actor(Present(DECEMBER, handler.present.moment, DECEMBER), handler.seat)
    noted = Step("note.added", DECEMBER, {"kind": "other"}, {"text": "已联系"})
    case = before["moves"]
    perform_acts(body=county.body, stream=case.stream, steps=[noted], expected_seq=case.seq, actor=known)
    assert [row[2:] for row in moves()] == [(date(2026, 1, 2), date(2026, 1, 4))]
    refresh_after_a_notice(job(county, DECEMBER))
    assert len(moves()) == 1


def test_a_notice_amended_within_its_year_moves_dates_that_were_not_provisional(
    county: Place, case: Case
) -> None:
    """As on 2020-01-26: the holiday is made longer when it has begun; a made-up calendar as an argument."""
    other = came_in(county, date(2026, 2, 10), handler=county.seats["handler"])
    on = date(2026, 2, 20)
    rebuild_projections(county.body.key, actor=Actor(county.actor("handler", on).present, system="x"))
    usual = basis_for(county.body)
    longer = "国务院办公厅关于延长2026年春节假期的通知"
    notice = usual.calendar.notice(2026)
    assert notice is not None
    festivals = tuple(
        replace(one, last=date(2026, 2, 25)) if one.name == "春节" else one for one in notice.festivals
    )
    amended = replace(notice, festivals=festivals, amended_by=((longer, None, "M"),))
    basis = Basis(usual.law, usual.calendar.with_notices([amended]))
    assert (due(case), due(other)) == (date(2026, 3, 13), date(2026, 3, 16))
    actor = Actor(county.actor("handler", on).present, system="tick")
    rebuild_projections(county.body.key, actor=actor, basis=basis)
    # Two days fewer to work: 2026-02-24 and 02-25.
    assert (due(case), due(other)) == (date(2026, 3, 17), date(2026, 3, 18))
    found = {(stream, after) for stream, clock, _b, after in moves() if clock == "reply_due_on"}
    assert {(case.stream, date(2026, 3, 17)), (other.stream, date(2026, 3, 18))} <= found
    (change,) = BasisChange.objects.all()
    assert change.title == f"{NOTICE_2026}（经《{longer}》调整）"
    noted = len(moves())
    rebuild_projections(county.body.key, actor=actor, basis=basis)
    assert BasisChange.objects.count() == 1
    assert len(moves()) == noted


def work_off() -> None:
    """What the worker does with what was ordered."""
    for task in DBTaskResult.objects.filter(task_path=work_out_anew.module_path):
        asked = task.args_kwargs
        work_out_anew.call(*asked["args"], **asked["kwargs"])
    DBTaskResult.objects.all().delete()


def test_a_local_holiday_and_a_local_rule_are_told_apart(
    county: Place, case: Case, department: Place, foreign: Place
) -> None:
    below = came_in(department, RECEIVED)
    came_in(foreign, RECEIVED)
    system, day = county.actor("system_administrator"), date(2026, 3, 11)
    holiday = bodies.add_local_holiday(
        body=county.body, name="火把节", first=day, last=day, source="条例", actor=system
    )
    work_off()
    told = f"本地假日：火把节（{day}至{day}，条例）"
    rule = "答复期限：15（规定，自2026-01-01起）"
    first = [(one.stream, date(2026, 3, 13), date(2026, 3, 16), told) for one in (case, below)]
    second = [(one.stream, date(2026, 3, 16), date(2026, 3, 6), rule) for one in (case, below)]
    assert sorted(by_cause()) == sorted(first)
    bodies.set_local_rule(
        body=county.body,
        key="reply_period",
        value=15,
        from_date=date(2026, 1, 1),
        source="规定",
        actor=system,
    )
    work_off()
    work_off()
    assert sorted(by_cause()) == sorted([*first, *second])
    bodies.remove_local_holiday(holiday=holiday, actor=system)
    work_off()
    assert len(by_cause()) == 4, "the 15th working day lies before it"


def by_cause() -> list[tuple[str, date | None, date | None, str]]:
    rows = MovedDate.objects.filter(clock="reply_due_on")
    return list(rows.values_list("stream", "before", "after", "change__title"))


def test_the_office_signs_and_who_was_told_a_date_is_told_again(
    county: Place, before: dict[str, Case], signs_in: SignsIn
) -> None:
    set_day(DECEMBER)
    refresh_after_a_notice(job(county, DECEMBER))
    change, moved = BasisChange.objects.get(), before["moves"]
    approver, handler = signs_in(county.seats["approver"]), signs_in(county.seats["handler"])
    listed = approver.get("/desk/duty/moved/").content.decode()
    assert NOTICE_2026 in listed
    at = f"/desk/duty/moved/{change.key}/"
    page = approver.get(at).content.decode()
    number = CaseSummary.objects.get(stream=moved.stream).number
    assert all(word in page for word in ("2026-01-02", "2026-01-04", number, "推后", "该再告知"))
    through = LexborHTMLParser(page).css_first("input[name=through]")
    assert through is not None
    assert handler.post(at, {"through": through.attributes["value"]}).status_code == 403
    assert approver.post(at, {"through": through.attributes["value"]}).status_code == 302
    again = approver.post(at, {"through": through.attributes["value"]}, follow=True).content.decode()
    assert "没有等待签收的日期" in again
    row = MovedDate.objects.get()
    assert (row.signed_by, row.signed_on) == (county.seats["approver"], DECEMBER)
    tell = f"{at}{moved.stream}/"
    assert approver.post(tell, {}).status_code == 403
    for wrong in ({"how": "phone", "on": "2025-12-01", "words": " "}, {"how": "x"}, {"on": "2025-12-02"}):
        sent = {"how": "phone", "on": "2025-12-01", "words": "已打电话", **wrong}
        assert handler.post(tell, sent).status_code == 422
    assert MovedDate.objects.get().told_on is None
    sent = {"how": "phone", "on": "2025-12-01", "words": "已打电话，对方知道了"}
    for _twice in range(2):
        assert handler.post(tell, sent).status_code == 302
    row.refresh_from_db()
    assert (row.told_how, row.told_on, row.told_by) == ("phone", DECEMBER, county.seats["handler"])
    notes = [
        one for one in history(body=county.body.key, stream=moved.stream).events if one.kind == "note.added"
    ]
    (note,) = notes
    text = private.read_many([note.payload["ref"]])[note.payload["ref"]]["text"]
    assert note.payload["kind"] == "call" and "2026-01-02 改为 2026-01-04" in text and "对方知道了" in text
    assert "已打电话" not in AuditEntry.objects.filter(act="duty.moved_told").get().detail
    (change_row,) = changes_of(county.body.pk, county.actor("approver", DECEMBER))
    assert (change_row.unsigned, change_row.untold) == (0, 0)
    assert "已打电话" not in approver.get(at).content.decode()
    case_page = handler.get(f"/desk/cases/{moved.stream}/").content.decode()
    assert NOTICE_2026 in case_page


def test_page_spreadsheet_and_paper_of_moved_dates_are_the_same(
    county: Place, before: dict[str, Case], signs_in: SignsIn
) -> None:
    set_day(DECEMBER)
    refresh_after_a_notice(job(county, DECEMBER))
    change = BasisChange.objects.get()
    at = f"/desk/duty/moved/{change.key}/"
    client = signs_in(county.seats["approver"])
    rows = moved_rows(dates_of(change, county.actor("approver", DECEMBER)))
    wanted = [[squeezed(str(value or "")) for value in row.values] for row in rows]
    (on_paper,) = tables_of(client.get(f"{at}list.pdf").content)
    assert on_paper == wanted
    sheet = client.get(f"{at}list.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(sheet.streaming_content)))  # type: ignore[attr-defined]
    lines = [["" if cell is None else str(cell) for cell in line] for line in book.active.values]  # type: ignore[union-attr]
    start = next(n for n, line in enumerate(lines) if line[0] == "编号")
    assert [
        [squeezed(one.removesuffix(" 00:00:00")) for one in line] for line in lines[start + 1 :]
    ] == wanted
    table = LexborHTMLParser(client.get(at).content).css("table.moved tbody tr")
    assert len(table) == len(wanted)
    for shown, row in zip(table, rows, strict=True):
        text = squeezed(shown.text())
        assert row.number in text and str(row.before) in text and str(row.after) in text


def test_who_may_not_sign_or_tell_leaves_no_trace(
    county: Place, foreign: Place, before: dict[str, Case]
) -> None:
    refresh_after_a_notice(job(county, DECEMBER))
    change, stream = BasisChange.objects.get(), before["moves"].stream
    told = {"how": "phone", "on": DECEMBER, "words": "已告知"}
    through = MovedDate.objects.get().pk
    for seat in (county.seats["handler"], county.seats["supervisor"], foreign.seats["approver"]):
        with pytest.raises(NotPermitted):
            sign_dates(change=change, through=through, actor=sits(seat, DECEMBER))
    for seat in (county.seats["approver"], county.seats["supervisor"], foreign.seats["handler"]):
        with pytest.raises(NotPermitted):
            mark_told(change=change, stream=stream, actor=sits(seat, DECEMBER), **told)  # type: ignore[arg-type]
    handler = county.actor("handler", DECEMBER)
    with pytest.raises(NothingToSign):
        sign_dates(change=change, through=through - 1, actor=county.actor("approver", DECEMBER))
    with pytest.raises(DatedInFuture):
        mark_told(change=change, stream=stream, how="phone", on=DECEMBER + DAY, words="x", actor=handler)
    with pytest.raises(ToldAlready):
        mark_told(change=change, stream=before["stays"].stream, actor=handler, **told)  # type: ignore[arg-type]
    row = MovedDate.objects.get()
    assert (row.signed_on, row.told_on) == (None, None)
