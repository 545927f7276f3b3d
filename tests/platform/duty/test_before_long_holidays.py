"""Three long holidays: what was due in them and after, who is on duty, who signed; on paper the same."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, timedelta

import openpyxl
import pdfplumber
import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser
from tests.platform.conftest import TODAY, Place
from tests.platform.duty.conftest import SignsIn, came_in, colleague, set_day, sits
from tests.platform.letters.conftest import Case

from gongkai.platform.cases.duty.calendar import holiday_on, holidays
from gongkai.platform.cases.duty.holidays import HolidayList, holiday_list, roster_digest
from gongkai.platform.cases.duty.orders import register_order
from gongkai.platform.cases.duty.roster import Entry, ListChanged, NotOfTheBody, set_roster, sign_list
from gongkai.platform.cases.models import CaseSummary, HolidaySignature, RosterDay
from gongkai.platform.cases.services.acting import Step
from gongkai.platform.cases.services.tasks import give_tasks
from gongkai.platform.cases.services.units import register_unit
from gongkai.platform.core.bases import basis_for
from gongkai.platform.core.permissions import NotPermitted
from gongkai.platform.core.services.absences import enter_absence

pytestmark = pytest.mark.one_database  # what it asks of a database is tested on both elsewhere

DAY = timedelta(days=1)
PAGE = "/desk/duty/holidays/"


@dataclass(frozen=True)
class Festival:
    """A holiday as its notice has it, and a case that falls due after it, counted by hand."""

    name: str
    first: date
    last: date
    worked: tuple[date, ...]
    came: date
    due: date
    """20 working days after ``came``."""
    when: str
    through: date
    """The third working day after."""
    too_early: date
    """Came in so early that it is due on the last working day before."""

    @property
    def eve(self) -> date:
        return self.first - DAY


# By hand: 2024-02-18 is a made-up Sunday and the first working day after; 2024-10-08 a Tuesday; 2025-02-05 a
# Wednesday, and the made-up 2025-01-26 lies before the holiday.
FESTIVALS = [
    Festival(
        "春节", date(2024, 2, 10), date(2024, 2, 17), (date(2024, 2, 4), date(2024, 2, 18)),
        date(2024, 1, 18), date(2024, 2, 20), "节后第 3 个工作日", date(2024, 2, 20), date(2024, 1, 15),
    ),
    Festival(
        "国庆节", date(2024, 10, 1), date(2024, 10, 7), (date(2024, 9, 29), date(2024, 10, 12)),
        date(2024, 9, 3), date(2024, 10, 8), "节后第 1 个工作日", date(2024, 10, 10), date(2024, 9, 2),
    ),
    Festival(
        "春节", date(2025, 1, 28), date(2025, 2, 4), (date(2025, 1, 26), date(2025, 2, 8)),
        date(2025, 1, 3), date(2025, 2, 7), "节后第 3 个工作日", date(2025, 2, 7), date(2024, 12, 27),
    ),
]  # fmt: skip


def listed(place: Place, festival: Festival, day: date, role: str = "approver") -> HolidayList:
    basis = basis_for(place.body)
    holiday = holiday_on(basis.calendar, festival.first)
    assert holiday is not None
    return holiday_list(body=place.body, holiday=holiday, basis=basis, actor=place.actor(role, day))


@pytest.fixture(params=FESTIVALS, ids=[f"{one.name} {one.first.year}" for one in FESTIVALS])
def festival(request: pytest.FixtureRequest) -> Festival:
    return request.param


def fill(place: Place, festival: Festival) -> dict[str, Case]:
    """One case for each kind of date; the answer to each stands in ``expected``."""
    handler, by = place.seats["handler"], festival.eve - 3 * DAY
    cases = {name: came_in(place, festival.came, handler=handler) for name in ("reply", "correction", "task")}
    cases["early"] = came_in(place, festival.too_early, handler=handler)
    asked = festival.came + DAY
    cases["correction"].do(
        Step("correction.requested", asked, {"respond_by": (festival.first + DAY).isoformat()}), day=asked
    )
    unit = register_unit(body=place.body, name="法制科", of=None, phone="", actor=place.actor("approver", by))
    give_tasks(
        body=place.body, stream=cases["task"].stream, units=[unit], kind="handle", wanted="请提供合同",
        due_on=festival.first + DAY, expected_seq=cases["task"].seq, actor=place.actor("handler", by),
    )  # fmt: skip
    register_order(
        body=place.body, issuer_name="某市人民政府", number="市督〔1〕号", text="请按期办结", received_on=by,
        due_on=festival.last, numbers=[], actor=place.actor("handler", by),
    )  # fmt: skip
    return cases


def number(case: Case) -> str:
    return CaseSummary.objects.get(stream=case.stream).number


def after_rest(festival: Festival) -> date:
    """The first working day after, to which a date that was set into the holiday runs on."""
    return {2: date(2024, 2, 18), 10: date(2024, 10, 8), 1: date(2025, 2, 5)}[festival.first.month]


def expected(place: Place, festival: Festival, cases: dict[str, Case]) -> list[tuple[date, str, str, str]]:
    reply = (festival.due, festival.when, "答复期限")
    inside = (festival.first + DAY, "假期内", "内部交办：转办", number(cases["task"]))
    return sorted(
        [
            (*reply, number(cases["reply"])),
            (*reply, number(cases["task"])),
            (after_rest(festival), "节后第 1 个工作日", "申请人补正的期限", number(cases["correction"])),
            inside,
            (festival.last, "假期内", "督办件", "市督〔1〕号"),
        ]
    )


def said(found: HolidayList) -> list[tuple[date, str, str, str]]:
    return sorted((row.due, row.when, row.what, row.number) for row in found.rows)


def test_what_falls_due_in_a_long_holiday_and_in_the_three_working_days_after(
    county: Place, festival: Festival
) -> None:
    cases = fill(county, festival)
    found = listed(county, festival, festival.eve)
    assert (found.holiday.last, found.holiday.name) == (festival.last, festival.name)
    assert found.holiday.worked == festival.worked and found.through == festival.through
    assert said(found) == expected(county, festival, cases)
    assert {row.person for row in found.rows if row.what == "答复期限"} == {"云公handler"}


def test_the_list_can_be_looked_up_later_as_it_was(county: Place, festival: Festival) -> None:
    cases = fill(county, festival)
    before = listed(county, festival, festival.eve)
    later = festival.last + 200 * DAY
    cases["correction"].do(Step("correction.received", festival.due), day=festival.due)
    came_in(county, festival.last + DAY, handler=county.seats["handler"])
    assert listed(county, festival, later).rows == before.rows
    assert listed(county, festival, later).digest == before.digest


def test_the_page_the_spreadsheet_and_the_paper_hold_the_same_rows(
    county: Place, festival: Festival, signs_in: SignsIn
) -> None:
    fill(county, festival)
    enter_absence(
        seat=county.seats["handler"], deputy=county.seats["receiving_clerk"], first=festival.first,
        last=festival.through, actor=sits(county.seats["handler"], festival.eve),
    )  # fmt: skip
    set_day(festival.eve)
    client, at = signs_in(county.seats["approver"]), f"?on={festival.first.isoformat()}"
    data = {
        f"seat-duty-{festival.first}": county.seats["handler"].key,
        f"phone-duty-{festival.first}": "0000-1",
    }
    data["seen"] = roster_digest(listed(county, festival, festival.eve).roster)
    assert client.post(PAGE + at, {**data, "step": "roster"}).status_code == 302
    found = listed(county, festival, festival.eve)
    due = [[str(value or "") for value in row.values] for row in found.rows]
    assert {row[7] for row in due if row[2] == "答复期限"} == {"云公receiving_clerk"}
    page = LexborHTMLParser(client.get(PAGE + at).content)
    rows = [
        [squeezed(cell.text()) for cell in row.css("td, th")] for row in page.css("table.due-list tbody tr")
    ]
    assert rows
    wanted = [[squeezed(cell) for cell in row] for row in due]
    assert rows == wanted
    sheet = client.get(f"{PAGE}list.xlsx{at}")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(sheet.streaming_content)))  # type: ignore[attr-defined]
    lines = [["" if cell is None else str(cell)[:40] for cell in line] for line in book.active.values]  # type: ignore[union-attr]
    start = next(n for n, line in enumerate(lines) if line[0] == "到期日")
    sheet_rows = [[squeezed(cell.removesuffix(" 00:00:00")) for cell in line] for line in lines[start + 1 :]]
    assert sheet_rows == wanted
    on_paper, roster = tables_of(client.get(f"{PAGE}list.pdf{at}").content)
    assert on_paper == wanted
    assert len(roster) == 2 * len(found.holiday.days)
    assert roster[1] == [festival.first.isoformat(), "值班", "云公handler", "0000-1"]


def squeezed(text: str) -> str:
    return "".join(text.split())


def tables_of(pdf: bytes) -> list[list[list[str]]]:
    """The tables of a printed list, without their headings; one that runs over pages is put together."""
    found: dict[tuple[str, ...], list[list[str]]] = {}
    with pdfplumber.open(io.BytesIO(pdf)) as paper:
        for page in paper.pages:
            for table in page.extract_tables():
                head, *rows = [[squeezed(cell or "") for cell in row] for row in table]
                found.setdefault(tuple(head), []).extend(rows)
    return list(found.values())


def test_an_ordinary_weekend_is_no_long_holiday_and_a_local_one_may_be(county: Place) -> None:
    calendar = basis_for(county.body).calendar
    named = [(one.first, one.name) for one in holidays(calendar, date(2024, 1, 1), date(2024, 12, 31))]
    assert [day for day, _name in named] == [
        date(2023, 12, 30), date(2024, 2, 10), date(2024, 4, 4), date(2024, 5, 1), date(2024, 6, 8),
        date(2024, 9, 15), date(2024, 10, 1),
    ]  # fmt: skip
    assert holiday_on(calendar, date(2024, 3, 2)) is None
    local = calendar.with_local(days_off=[date(2024, 3, 4)], source="条例", name_zh="三月街")
    found = holiday_on(local, date(2024, 3, 2))
    assert found is not None and (found.first, found.last, found.name) == (
        date(2024, 3, 2), date(2024, 3, 4), "三月街",
    )  # fmt: skip


def test_how_far_after_the_holiday_it_looks_is_a_setting(county: Place, signs_in: SignsIn) -> None:
    festival = FESTIVALS[1]
    came_in(
        county, date(2024, 9, 10), handler=county.seats["handler"]
    )  # due 2024-10-14, 6th working day after
    assert listed(county, festival, festival.eve).rows == ()
    set_day(festival.eve)
    client = signs_in(county.seats["approver"])
    for wrong in ("0", "11", "x", ""):
        refused = client.post(PAGE, {"step": "setting", "days": wrong})
        assert refused.status_code == 422
    assert client.post(PAGE, {"step": "setting", "days": "6"}).status_code == 302
    (row,) = listed(county, festival, festival.eve).rows
    assert (row.due, row.when) == (date(2024, 10, 14), "节后第 6 个工作日")


def test_who_signed_and_that_the_list_changed_since(county: Place, signs_in: SignsIn) -> None:
    festival = FESTIVALS[0]
    fill(county, festival)
    day = festival.eve - 2 * DAY
    set_day(day)
    client, at = signs_in(county.seats["approver"]), f"{PAGE}?on={festival.first}"
    seen = listed(county, festival, day).digest
    assert client.post(at, {"step": "sign", "seen": "other"}).status_code == 409
    assert not HolidaySignature.objects.exists()
    assert client.post(at, {"step": "sign", "seen": seen}).status_code == 302
    (signed,) = HolidaySignature.objects.all()
    assert (signed.rows, signed.signed_by, signed.signed_on) == (5, county.seats["approver"], day)
    assert "签收以后清单有变化" not in client.get(at).content.decode()
    came_in(county, date(2024, 1, 17), handler=county.seats["handler"])  # entered late: due 2024-02-19
    page = client.get(at).content.decode()
    assert "签收以后清单有变化" in page
    basis = basis_for(county.body)
    holiday = holiday_on(basis.calendar, festival.first)
    assert holiday is not None
    for role in ("handler", "receiving_clerk", "supervisor", "report_author"):
        with pytest.raises(NotPermitted):
            sign_list(
                body=county.body, holiday=holiday, basis=basis, seen=seen, actor=county.actor(role, day)
            )


def test_a_roster_is_refused_where_it_is_stale_or_names_somebody_from_elsewhere(
    county: Place, department: Place
) -> None:
    basis = basis_for(county.body)
    holiday = holiday_on(basis.calendar, date(2024, 10, 1))
    assert holiday is not None
    actor, day = county.actor("approver", date(2024, 9, 27)), holiday.first
    seen = roster_digest(listed(county, FESTIVALS[1], date(2024, 9, 27)).roster)
    own, other = county.seats["handler"], department.seats["handler"]

    def put(seat: str, on: date = day, digest: str = seen) -> None:
        entries = {(on, "duty"): Entry(seat, " 0000-1 ")}
        set_roster(body=county.body, holiday=holiday, entries=entries, seen=digest, actor=actor)

    with pytest.raises(NotOfTheBody) as strangers:
        put(other.key)
    assert strangers.value.days == (day,)
    with pytest.raises(ValueError, match="no day"):
        put(own.key, on=holiday.last + DAY)
    put(own.key)
    assert [(row.day, row.phone) for row in RosterDay.objects.all()] == [(day, "0000-1")]
    with pytest.raises(ListChanged):
        put(own.key)
    enter_absence(
        seat=own, deputy=colleague(county, "替", "handler"), first=day, last=day, actor=sits(own, day)
    )
    (away,) = [one for one in listed(county, FESTIVALS[1], day).roster if one.seat is not None]
    assert away.away


def test_a_day_that_belongs_to_no_holiday_leads_nowhere(county: Place, signs_in: SignsIn) -> None:
    client: Client = signs_in(county.seats["handler"])
    for on in ("2026-03-04", "x", "9999-12-31", "2026-02-30"):
        assert client.get(f"{PAGE}?on={on}").status_code == 404
    assert date(2026, 3, 3) == TODAY
    assert "清明节假期节前清单" in client.get(PAGE).content.decode()
