"""The pages of the boards: what stands on them, what is asked for wrongly, who is led there."""

from __future__ import annotations

import re
from html import unescape

import pytest
from tests.platform.boards.conftest import shown
from tests.platform.boards.office import Office, hide
from tests.platform.conftest import Place
from tests.platform.lists.conftest import LogsIn, logs_in

from gongkai.platform.cases.boards.boards import BOARDS
from gongkai.platform.cases.models import CaseSummary

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("today")]
__all__ = ["logs_in"]


def links(html: str) -> dict[str, str]:
    """The numbers that can be opened: what is said of them, and where they lead."""
    found = re.findall(r'<a href="([^"]+)" aria-label="([^"]+)"', html)
    return {unescape(label): unescape(href) for href, label in found}


@pytest.mark.parametrize("key", list(BOARDS))
def test_a_board_shows_its_numbers_and_under_them_what_each_means(
    one_office: Office, logs_in: LogsIn, key: str
) -> None:
    client = logs_in(one_office.county, "supervisor")
    html = client.get(f"/desk/boards/{key}/?year=2025&body=all").content.decode()
    board = shown(key, one_office.county, year="2025", body="all")
    for figure in board.figures:
        assert figure.definition in html and figure.source in html
    numbers = links(html)
    cells = [(r.label, c) for t in board.tables for r in t.all_rows for c in r.cells if c.opens]
    for label, cell in cells:
        assert f"{label}，{cell.figure.name}：{cell.text}" in numbers
    assert html.count("不适用</span>") == sum(
        not cell.applies for table in board.tables for row in table.all_rows for cell in row.cells
    )
    blanks = sum(
        cell.applies and cell.value is None for t in board.tables for r in t.all_rows for cell in r.cells
    )
    assert html.count(">空白</span>") == blanks


def test_a_number_leads_to_its_cases_and_back_under_the_same_filters(
    one_office: Office, logs_in: LogsIn
) -> None:
    county = one_office.county
    case = CaseSummary.objects.filter(body=county.body, replied_on__year=2025).first()
    assert case is not None
    hide(case, county.seats["approver"])
    client = logs_in(county, "supervisor")
    html = client.get("/desk/boards/punctuality/?year=2025").content.decode()
    ((label, href),) = [(k, v) for k, v in links(html).items() if k.startswith(f"{county.body.name}，答复：")]
    page = client.get(href).content.decode()
    number = int(label.rpartition("：")[2])
    assert f"共 {number} 件。另有 1 件不在您的阅读范围，没有列出。" in page
    assert page.count('<th scope="row">') == number - 1 and case.stream not in page
    assert 'href="/desk/boards/punctuality/?year=2025"' in page
    assert case.stream in logs_in(county, "approver").get(href).content.decode()


def test_long_lists_are_paged(county: Place, logs_in: LogsIn) -> None:
    CaseSummary.objects.bulk_create(
        CaseSummary(
            stream=f"case-{n:03}", body=county.body, phase="handling", waits_for="organ", number=f"{n}号",
            received_on="2026-02-02", last_seq=1, last_position=n + 1,
        ) for n in range(60)
    )  # fmt: skip
    client = logs_in(county, "handler")
    first = client.get("/desk/boards/now/people/open/").content.decode()
    second = client.get("/desk/boards/now/people/open/?page=2").content.decode()
    assert (first.count('<th scope="row">'), second.count('<th scope="row">')) == (50, 10)
    assert "第 1 页，共 2 页" in first and 'rel="prev"' in second
    assert (
        client.get("/desk/boards/now/people/open/?page=99").content.decode().count('<th scope="row">') == 10
    )


def test_an_empty_office_is_told_what_there_is_not(county: Place, logs_in: LogsIn) -> None:
    client = logs_in(county, "handler")
    assert client.get("/desk/boards/", follow=True).redirect_chain == [("/desk/boards/now/", 302)]
    html = client.get("/desk/boards/now/").content.decode()
    assert "没有登记承办单位，也没有办理中的交办。" in html
    assert "没有可以列出的" in client.get("/desk/boards/now/people/open/").content.decode()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("year=26", "年份要写四位数字"), ("from=2026-01-01", "要一起填"),
        ("from=2026-13-01&to=2026-01-01", "日期要写成"), ("from=2026-03-02&to=2026-03-01", "早于"),
        ("part=q9", "没有这个季度"), ("body=body-none", "没有这个机关"),
        ("year=%3Cb%3E", "年份要写四位数字"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "address", ["workload/", "workload.csv", "workload.xlsx", "workload/channels/received/"]
)
def test_what_is_asked_for_wrongly_is_told_with_what_to_do(
    county: Place, logs_in: LogsIn, address: str, query: str, said: str
) -> None:
    answer = logs_in(county, "supervisor").get(f"/desk/boards/{address}?{query}")
    html = answer.content.decode()
    assert answer.status_code == 422 and said in html and "<b>" not in html.partition("errsum")[2][:300]


def test_now_does_not_stumble_over_a_time_that_other_boards_were_asked_for(
    county: Place, logs_in: LogsIn
) -> None:
    assert logs_in(county, "handler").get("/desk/boards/now/?year=26").status_code == 200


def test_what_is_not_there_is_not_found(county: Place, logs_in: LogsIn) -> None:
    client = logs_in(county, "handler")
    for address in (
        "nothing/", "nothing.csv", "now/nothing/open/", "now/people/nothing/", "now/units/paused/",
        "now/people/open/?row=seat-none",
    ):  # fmt: skip
        assert client.get(f"/desk/boards/{address}").status_code == 404, address


def test_bodies_are_chosen_by_who_sees_several(one_office: Office, logs_in: LogsIn) -> None:
    county, department = one_office.county, one_office.department
    html = logs_in(county, "supervisor").get("/desk/boards/now/").content.decode()
    assert department.body.name in html and one_office.foreign.body.name not in html
    for role in ("handler", "report_author"):
        client = logs_in(county, role)
        assert department.body.name not in client.get("/desk/boards/now/").content.decode()
        asked = client.get(f"/desk/boards/now/?body={department.body.key}")
        assert asked.status_code == 422 and department.body.name not in asked.content.decode()
        below = client.get(f"/desk/boards/now/people/open/?body={department.body.key}")
        assert below.status_code == 422


@pytest.mark.parametrize(
    ("role", "there"), [("handler", True), ("report_author", True), ("audit_administrator", False)]
)
def test_the_bar_leads_there_who_may_see_cases(
    county: Place, logs_in: LogsIn, role: str, there: bool
) -> None:
    html = logs_in(county, role).get("/desk/account/").content.decode()
    assert ('href="/desk/boards/"' in html) is there
