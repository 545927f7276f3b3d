"""A sensitive case appears to none but its readers: behind every route, for every role and relation.

Routes are those of the permission matrix, and every route has a row there: what is added later is asked,
too, without being named here.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from tests.platform.matrix.table import ROWS, Row, named
from tests.platform.matrix.things import APPLICANT, WORDS
from tests.platform.sensitive.everywhere import Hidden, make_hidden

from gongkai.platform.core.models import Seat

pytestmark = pytest.mark.one_database

FRAGMENT = "电梯更新项目"
"""Of the words of the sensitive cases; a page shows what was searched for, so that it is not the whole."""


@pytest.fixture(scope="module")
def hidden(migrated_database: None, django_db_blocker: Any) -> Generator[Hidden]:
    """One transaction for all, undone in the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_hidden()
        transaction.set_rollback(True)


def _data(row: Row, hidden: Hidden, seat: Seat) -> dict[str, str]:
    thing = hidden.things.get(row.about or "")
    known = {"$seat": seat.pk, **({} if thing is None else thing.data)}
    return {name: known.get(value, value) for name, value in row.data.items()}


def _leaking(hidden: Hidden, row: Row, query: str = "", *, every: bool = False) -> list[str]:
    thing = hidden.things[row.about] if row.about is not None else None
    # Of a thing that is no case's (a spreadsheet of past ones) only that it names none of the sensitive ones.
    secrets = hidden.everything if row.about in hidden.secrets else hidden.names_of_cases
    address = row.address(thing) + query
    wrong: list[str] = []
    of_case = row.about is None or row.about in hidden.secrets
    for who, seat in hidden.every_seat() if every else hidden.seats():
        if (query and who not in WIDE) or (not of_case and who != "own"):
            continue
        if row.about is None and who == "elsewhere":
            continue  # lists of another body
        for method in row.methods:
            if method == "POST" and (query or not of_case or who != "own"):
                continue
            answer = hidden.ask(seat, method, address, _data(row, hidden, seat) if method == "POST" else None)
            if answer.status >= 500:
                wrong.append(f"{method} {who}: {answer.status}")
            wrong += [f"{method} {who}: {answer.status} tells {one}" for one in answer.tells(secrets)]
    return wrong


ABOUT = [row for row in ROWS if row.about is not None]
GENERAL = [row for row in ROWS if row.about is None]
WIDE = ("own", "above")
"""Who asks once more for all years and the whole area."""
BY_SCOPE = {"desk:cases", "desk:cases_export", "desk:work_list", "desk:work_list_export", "desk:audit"}
"""What is narrowed in SQL by role: asked by each of them, too."""


@pytest.mark.parametrize("row", ABOUT, ids=[named(row) for row in ABOUT])
def test_what_is_behind_an_address_is_told_to_readers_alone(row: Row, hidden: Hidden) -> None:
    """Pages, files and forms of a sensitive case: as for one that there is not.

    Forms are sent by those who could be let in at all; who may send what is the permission matrix's.
    """
    wrong = _leaking(hidden, row)
    assert not wrong, "\n".join(wrong[:20])


@pytest.mark.parametrize("row", GENERAL, ids=[named(row) for row in GENERAL])
def test_no_list_export_board_or_audit_view_tells_of_it(row: Row, hidden: Hidden) -> None:
    wrong = _leaking(hidden, row, every=row.route in BY_SCOPE)
    if "GET" in row.methods:
        wrong += _leaking(hidden, row, "?year=all&scope=area")
    assert not wrong, "\n".join(wrong[:20])


@pytest.mark.parametrize("question", [FRAGMENT, "2", "2026-2", "2号", APPLICANT.name, APPLICANT.phone])
def test_no_search_finds_it(question: str, hidden: Hidden) -> None:
    secrets = tuple(one for one in hidden.everything if one not in question)
    wrong: list[str] = []
    for who, seat in hidden.seats():
        for page in ("work_list", "cases") if who != "elsewhere" else ():
            answer = hidden.ask(
                seat, "POST", reverse("desk:find"), {"q": question, "page": page, "year": "all"}, follow=True
            )
            wrong += [f"{page} {who} tells {one}" for one in answer.tells(secrets)]
    assert not wrong, "\n".join(wrong[:20])


def test_no_likely_repeat_is_shown_of_it(hidden: Hidden) -> None:
    typed = {
        "items": "0", "item-0-description": WORDS, "kind": "natural_person", "name": APPLICANT.name,
        "phone": APPLICANT.phone, "identity_number": APPLICANT.identity_number,
    }  # fmt: skip
    clerk = hidden.places.own.seats["receiving_clerk"]
    answer = hidden.ask(clerk, "POST", reverse("desk:repeats"), typed)
    streams = tuple(one for one in hidden.everything if one.startswith("case-") or "〔" in one)
    assert answer.status == 200
    assert streams
    assert not answer.tells(streams)
    reader = hidden.reader(hidden.places.own.body)
    assert hidden.ask(reader, "POST", reverse("desk:repeats"), typed).tells(streams)


def test_the_audit_is_not_found_by_its_name_either(hidden: Hidden) -> None:
    administrator = hidden.places.own.seats["audit_administrator"]
    stream = hidden.things["case"].address["stream"]
    answer = hidden.ask(administrator, "GET", reverse("desk:audit"), {"object": stream})
    assert answer.status == 200
    assert "<tbody>" not in answer.words
    there = hidden.ask(administrator, "GET", reverse("desk:audit"), {"act": "case.registered"})
    assert "（敏感案件，不显示）" in there.words
    ordinary = hidden.open_case.stream
    assert ordinary in hidden.ask(administrator, "GET", reverse("desk:audit"), {"object": ordinary}).words


def test_the_chain_of_the_audit_is_whole_all_the_same(hidden: Hidden) -> None:
    administrator = hidden.places.own.seats["audit_administrator"]
    assert hidden.ask(administrator, "POST", reverse("desk:audit_verify")).status == 200


def test_its_readers_see_it_and_everybody_sees_the_others(hidden: Hidden) -> None:
    reader, case = hidden.reader(hidden.places.own.body), hidden.things["case"].address["stream"]
    for page in ("work_list", "cases"):
        assert case in hidden.ask(reader, "GET", reverse(f"desk:{page}"), {"group": "later"}).words
        for role in ("receiving_clerk", "handler", "approver", "supervisor"):
            seat = hidden.places.own.seats[role]
            assert hidden.open_case.stream in hidden.ask(seat, "GET", reverse(f"desk:{page}")).words
    assert hidden.ask(reader, "GET", reverse("desk:case", args=[case])).status == 200
    assert hidden.ask(
        reader, "POST", reverse("desk:find"), {"q": FRAGMENT, "page": "cases"}, follow=True
    ).tells([case])


def test_the_figures_count_it_and_say_how_many_are_not_listed(hidden: Hidden) -> None:
    place, thing = hidden.places.own, hidden.things["cell"]
    page = reverse("desk:figure_cases", kwargs=dict(thing.address))
    of_handler = hidden.ask(place.seats["handler"], "GET", page)
    of_reader = hidden.ask(hidden.reader(place.body), "GET", page)
    assert "不在您的阅读范围" in of_handler.words
    assert "不在您的阅读范围" not in of_reader.words
    heading = of_reader.words.split("<h1>")[1].split("</h1>")[0]
    assert heading == of_handler.words.split("<h1>")[1].split("</h1>")[0]
