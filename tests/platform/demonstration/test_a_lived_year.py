"""The demonstration's year: the desk on six days, the published figures in the end, nothing amiss below."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.urls import reverse
from tests.platform.demonstration.conftest import (
    MADE_UP_SATURDAY,
    ROOT,
    SIX_DAYS,
    Lived,
    actor_of,
    body_named,
    present_on,
    undone,
)

from gongkai.platform.cases.applicants import applicant_of
from gongkai.platform.cases.letter_list import letter_file
from gongkai.platform.cases.models import (
    CaseFile,
    CaseSummary,
    CaseText,
    IncomingLetter,
    OutgoingLetter,
    SearchRecord,
    Unit,
)
from gongkai.platform.cases.receipt import ReceiptBasis
from gongkai.platform.cases.services.acting import Step, perform_acts
from gongkai.platform.cases.services.letters import demonstration_mark
from gongkai.platform.cases.verifying import verify_projections
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.bases import known_calendar
from gongkai.platform.core.files import open_file
from gongkai.platform.core.models import AuditEntry, Body, DemonstrationDay, Seat
from gongkai.platform.core.permissions import NotPermitted
from gongkai.platform.core.private import read_many
from gongkai.platform.demonstration.bodies import PASSWORD, demo_bodies
from gongkai.platform.demonstration.days import GoesBack, dropped_acts, set_day
from gongkai.platform.demonstration.models import PublishedReport, ScriptedAct, ScriptState
from gongkai.platform.demonstration.published import HENGSHAN, PINGYANG, SHUANGYASHAN, report_of
from gongkai.platform.demonstration.rebuilding import drop_tables
from gongkai.platform.ledger.models import LedgerEvent
from gongkai.platform.ledger.selectors import history
from gongkai.platform.ledger.verifying import verify_ledger
from gongkai.platform.reporting.selectors import running_figures, streams_behind

pytestmark = [pytest.mark.xdist_group("lived"), pytest.mark.one_database]
"""One process lives the year for all of them; two would live it twice. On PostgreSQL, where it takes longer
than all else together, by hand: ``script/postgresql start DIR``, then pytest on this file."""
LAST = SIX_DAYS[-1]
AUTHORS = {ROOT: "author", "平阳县人民政府": "pingyang-author", "衡山县人民政府": "hengshan-author"}


def shown(name: str, year: int, *, area: bool = False) -> dict[str, Any]:
    """What the page of the running figures shows: the number at every path."""
    author = actor_of(AUTHORS[name], LAST)
    figures = running_figures(body=body_named(name), year=year, area=area, actor=author)
    cells = [cell for table in figures.tables for row in table.rows for cell in row]
    return {cell.path: cell.value for cell in cells if cell.path}


def printed(name: str) -> dict[str, Any]:
    """Tables 3 and 4 of a published report."""
    report = report_of(name)
    return {path: report.value(path) for path in report.form.cells if not path.startswith("proactive.")}


def test_it_is_loaded_once(lived: Lived) -> None:
    assert not lived.loaded_twice
    assert set(Body.objects.values_list("name", flat=True)) == {body.name for body in demo_bodies()}
    assert PublishedReport.objects.count() == 5


@pytest.mark.parametrize("day", SIX_DAYS)
def test_the_desk_has_overdue_due_paused_and_provisional_cases_on_any_day(lived: Lived, day: date) -> None:
    own, area = lived.clerk[day], lived.supervisor[day]
    assert own["overdue"] > 0
    assert own["paused"] > 0
    assert own["provisional"] > 0
    assert own["today"] + own["week"] + own["later"] > 0
    assert area["due_within_a_week"] > 0


def test_one_of_the_six_days_is_a_made_up_saturday() -> None:
    assert MADE_UP_SATURDAY.weekday() == 5
    assert known_calendar(MADE_UP_SATURDAY).is_workday(MADE_UP_SATURDAY)


@pytest.mark.parametrize(("name", "published"), [("平阳县人民政府", PINGYANG), ("衡山县人民政府", HENGSHAN)])
def test_a_county_s_figures_are_the_published_ones(lived: Lived, name: str, published: str) -> None:
    assert shown(name, report_of(published).year or 0) == printed(published)


def test_the_city_s_area_is_the_published_one_and_46_requests_are_its_own(lived: Lived) -> None:
    assert shown(ROOT, 2024, area=True) == printed(SHUANGYASHAN)
    assert shown(ROOT, 2024)["requests.new.total"] == 46
    author = actor_of("author", LAST)
    departments = Body.objects.filter(parent=body_named(ROOT), level="department")
    assert (
        sum(
            len(
                streams_behind(body=b, year=2024, area=False, cell="requests.new.total", actor=author).streams
            )
            for b in departments
        )
        == 123
    )


@pytest.mark.parametrize(
    ("name", "year", "area"),
    [(ROOT, 2024, True), ("平阳县人民政府", 2021, False), ("衡山县人民政府", 2023, False)],
)
def test_every_number_of_table_3_opens_exactly_its_cases(
    lived: Lived, name: str, year: int, area: bool
) -> None:
    author, body = actor_of(AUTHORS[name], LAST), body_named(name)
    below = set(Body.objects.filter(path__startswith=body.path).values_list("key", flat=True))
    for path, value in shown(name, year, area=area).items():
        if path.startswith("requests."):
            found = streams_behind(body=body, year=year, area=area, cell=path, actor=author)
            assert len(set(found.streams)) == len(found.streams) == value
            cases = CaseSummary.objects.filter(stream__in=found.streams)
            assert cases.count() == value
            assert set(cases.values_list("body", flat=True)) <= below


def test_nothing_of_the_script_was_refused(lived: Lived) -> None:
    assert dropped_acts() == []
    assert not ScriptedAct.objects.filter(on__lte=LAST).exists()
    assert not AuditEntry.objects.filter(act="case.act_refused").exists()


def test_ledgers_verify(lived: Lived) -> None:
    found = verify_ledger()
    assert found.damages == ()


def test_the_rows_of_the_lists_are_what_the_entries_give(lived: Lived) -> None:
    found = verify_projections(known_on=LAST)
    assert found.ok, found.differences
    assert found.cases == CaseSummary.objects.count()


def test_acts_are_of_seats_of_their_body_and_never_of_strangers(lived: Lived) -> None:
    for body in Body.objects.all():
        seats = set(Seat.objects.filter(body=body).values_list("key", flat=True)) | {"demonstration"}
        acts = LedgerEvent.objects.filter(body=body.key)
        answers = acts.filter(kind__in=["task.done", "task.returned"])
        actors = set(acts.exclude(pk__in=answers).values_list("actor", flat=True).distinct())
        assert actors <= seats
        # A department answers the task that it was given; nobody else enters anything in another's ledger.
        units = Unit.objects.filter(body=body, of__isnull=False).values("of")
        seats |= set(Seat.objects.filter(body__in=units).values_list("key", flat=True))
        assert set(answers.values_list("actor", flat=True).distinct()) <= seats
    assert SearchRecord.objects.count() == 1


def test_some_acts_were_entered_late_with_their_legal_dates(lived: Lived) -> None:
    replies = LedgerEvent.objects.filter(kind="reply.issued", body=body_named(ROOT).key)
    late = [
        r for r in replies if (r.recorded_at.date() - r.occurred_on).days > 7 and r.occurred_on.year == 2024
    ]
    assert late


def test_applicants_are_invented_and_their_details_encrypted(lived: Lived) -> None:
    text = CaseText.objects.filter(applicant_label__endswith="*").first()
    assert text is not None
    found = applicant_of(text.stream)
    assert found is not None
    assert found.phone.startswith("000-")
    assert found.identity_number.startswith("演示")
    assert CaseText.objects.count() == CaseSummary.objects.count()


def test_every_case_came_in_a_letter_whose_receipt_was_fixed(lived: Lived) -> None:
    assert not CaseText.objects.filter(letter=None).exists()
    for event in LedgerEvent.objects.filter(kind="request.received"):
        payload = json.loads(event.payload)
        letter = IncomingLetter.objects.get(ref=payload["letter"])
        assert payload["how"] in ReceiptBasis.values
        assert letter.channel == payload["channel"]
        assert letter.came_on <= event.occurred_on
    registered = AuditEntry.objects.filter(act="case.registered")
    assert registered.count() == CaseSummary.objects.count()


def test_requests_of_one_letter_are_of_one_applicant(lived: Lived) -> None:
    shared = IncomingLetter.objects.annotate(cases=Count("texts")).filter(cases__gt=1)
    assert shared.exists()
    for letter in shared:
        texts = CaseText.objects.filter(letter=letter).order_by("unit")
        assert [text.unit for text in texts] == list(range(1, len(texts) + 1))
        assert {text.subject for text in texts} == {letter.subject}


def test_the_newest_letters_are_written_with_their_files_and_the_mark(lived: Lived) -> None:
    written = OutgoingLetter.objects.filter(body=body_named(ROOT))
    assert written.filter(kind__startswith="reply_").exists()
    for letter in OutgoingLetter.objects.select_related("docx", "pdf"):
        assert letter.docx is not None
        assert letter.pdf is not None
        assert open_file(letter.pdf).startswith(b"%PDF")
        kept = read_many([letter.text])[letter.text]
        assert kept["sheet"]["mark"] == demonstration_mark()
        assert CaseFile.objects.filter(stream=CaseText.objects.get(stream=letter.stream).letter_id).exists()
    assert OutgoingLetter.objects.count() == AuditEntry.objects.filter(act="letter.issued").count()


def test_a_letter_that_cannot_be_written_does_not_stop_the_day(lived: Lived) -> None:
    with undone():
        Body.objects.update(reconsideration_authority="")
        replies = OutgoingLetter.objects.filter(kind__startswith="reply_")
        before = replies.count()
        waiting = ScriptedAct.objects.filter(state=ScriptState.WAITING, kind="reply.issued")
        assert waiting.exists()
        done = set_day(day=date(2025, 4, 30), actor=Actor(present_on(LAST), system="test"))
        assert done.arrived
        assert replies.count() == before


def test_no_more_letters_are_written_than_asked_for(lived: Lived) -> None:
    with undone():
        before = OutgoingLetter.objects.count()
        set_day(day=date(2025, 4, 30), actor=Actor(present_on(LAST), system="test"), letters=1)
        assert OutgoingLetter.objects.count() == before + 1


def test_who_may_not_know_the_applicant_opens_no_letter(lived: Lived) -> None:
    letter = OutgoingLetter.objects.filter(body=body_named(ROOT)).first()
    assert letter is not None
    address = reverse("desk:letter_file", args=[letter.stream, letter.key, "pdf"])
    assert Client().get(address).status_code == 302
    with undone():
        with pytest.raises(NotPermitted):
            letter_file(stream=letter.stream, key=letter.key, form="pdf", actor=actor_of("supervisor", LAST))
        reads = AuditEntry.objects.filter(act="file.read").count()
        got = letter_file(stream=letter.stream, key=letter.key, form="pdf", actor=actor_of("handler", LAST))
        assert got.content.startswith(b"%PDF")
        assert AuditEntry.objects.filter(act="file.read").count() == reads + 1


def test_numbers_go_on_behind_those_of_the_script(lived: Lived) -> None:
    from gongkai.platform.cases.services.numbers import next_number, parse_number

    body = body_named("衡山县人民政府")
    used = [
        parsed.number
        for number in CaseSummary.objects.filter(body=body).values_list("number", flat=True)
        if (parsed := parse_number(body, number)) is not None and parsed.year == 2023
    ]
    with undone():
        given = parse_number(body, next_number(body=body, year=2023, kind="request"))
    assert given is not None
    assert given.number == max(used) + 1


def test_the_day_goes_forward_only(lived: Lived) -> None:
    with pytest.raises(GoesBack):
        set_day(day=LAST - timedelta(days=1), actor=Actor(present_on(LAST), system="test"))
    assert DemonstrationDay.objects.get().day == LAST


def test_going_on_plays_what_the_script_has_after_the_year(lived: Lived) -> None:
    waiting = ScriptedAct.objects.filter(state=ScriptState.WAITING).count()
    assert waiting > 0
    with undone():
        done = set_day(day=date(2025, 4, 30), actor=Actor(present_on(LAST), system="test"))
        assert (done.performed, done.day, done.arrived) == (waiting, date(2025, 4, 30), True)
        assert dropped_acts() == []


def test_where_somebody_acted_otherwise_the_rest_of_the_case_s_script_is_dropped_and_listed(
    lived: Lived,
) -> None:
    act = ScriptedAct.objects.filter(kind="reply.issued", state=ScriptState.WAITING).first()
    assert act is not None
    with undone():
        body = act.body
        seen = history(body=body.key, stream=act.stream).seq
        replies = [e for e in history(body=body.key, stream=act.stream).events if e.kind == act.kind]
        payload = {
            "outcome": "granted", "sub_kind": "provided", "number": "双公复〔2024〕900号",
            "supersedes": replies[-1].payload["number"],
        }  # fmt: skip
        reply = Step("reply.issued", LAST, payload)
        perform_acts(
            body=body, stream=act.stream, steps=[reply], expected_seq=seen, actor=actor_of("approver", LAST)
        )
        set_day(day=date(2025, 4, 30), actor=Actor(present_on(LAST), system="test"))
        dropped = dropped_acts()
        assert {one.stream for one in dropped} == {act.stream}
        assert all(one.why for one in dropped)


def test_every_page_says_that_it_is_a_demonstration(lived: Lived) -> None:
    client = Client()
    page = client.get("/demonstration/")
    html = page.content.decode()
    assert page.status_code == 200
    assert "演示：数据为虚构" in html
    assert PASSWORD in html
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert client.get("/robots.txt").content == b"User-agent: *\nDisallow: /\n"
    assert "演示：数据为虚构" in client.get("/login/").content.decode()


def test_somebody_who_is_not_logged_in_cannot_set_the_day(lived: Lived) -> None:
    answer = Client().post("/demonstration/", {"day": "2025-01-05"})
    assert answer.status_code == 302
    assert DemonstrationDay.objects.get().day == LAST


def logged_in(username: str) -> Client:
    client = Client()
    client.force_login(
        actor_of(username, LAST).seat.person, backend="django.contrib.auth.backends.ModelBackend"  # type: ignore[union-attr]
    )  # fmt: skip
    return client


def test_the_clerk_sets_the_day_on_the_page(lived: Lived) -> None:
    with undone():
        client = logged_in("clerk")
        answer = client.post("/demonstration/", {"day": "2025-01-03"}, follow=True)
        assert answer.status_code == 200
        assert "今天是 2025-01-03" in answer.content.decode()
        assert AuditEntry.objects.filter(act="demonstration.day_set", person__gt="").exists()


@pytest.mark.parametrize("day", ["2024-12-30", "2023-01-01", "2026-02-01", "昨天", ""])
def test_a_day_that_cannot_be_is_told_beside_the_field(lived: Lived, day: str) -> None:
    answer = logged_in("clerk").post("/demonstration/", {"day": day})
    assert answer.status_code == 422
    assert "错误：" in answer.content.decode()
    assert DemonstrationDay.objects.get().day == LAST


def test_published_reports_are_shown_with_what_the_check_finds(lived: Lived) -> None:
    client = logged_in("audit")
    for published in PublishedReport.objects.all():
        answer = client.get(f"/demonstration/reports/{published.body_id}/{published.year}/")
        assert answer.status_code == 200
        html = answer.content.decode()
        expected = "AR-T3-004" if published.body.name.endswith("独城镇人民政府") else published.body.name
        assert expected in html
    assert client.get("/demonstration/reports/body-unknown/2024/").status_code == 404


def test_every_table_is_dropped_and_can_be_made_again(lived: Lived) -> None:
    """The last test here: nothing is left of the lived year."""
    drop_tables()
    assert connection.introspection.table_names() == []
    call_command("migrate", verbosity=0)
    assert not Body.objects.exists()
    assert LedgerEvent.objects.count() == 0
