"""Area reports: own level and whole area side by side."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.rules.counting.book import Book

from gongkai.annual.check import check
from gongkai.annual.findings import Verdict
from gongkai.rules.counting import default_rules
from gongkai.rules.counting.area import Body, Level, UnlawfulTree, count_area
from gongkai.rules.counting.count import count

RULES = default_rules()
TREE = [
    Body("county", None, Level.GOVERNMENT),
    Body("office", "county", Level.OFFICE),
    Body("health", "county", Level.DEPARTMENT),
    Body("customs", "county", Level.DEPARTMENT, reports_upward=True),
    Body("town", "county", Level.GOVERNMENT),
    Body("town-office", "town", Level.OFFICE, ledger="town"),
    Body("closed", "county", Level.DEPARTMENT, valid_to=date(2024, 6, 30)),
    Body("opened", "county", Level.DEPARTMENT, valid_from=date(2024, 7, 1)),
]


def counted(name: str, new: int, yuan: str = "0", year: int = 2024):
    book = Book()
    for number in range(new):
        book.receive(f"c{number}", f"{year}-03-01")
    book.enter("body", "charges.collected", f"{year}-03-01", amount=yuan)
    return count(book.events, body=name, year=year)


def area(bodies=TREE, **counts):
    return count_area(
        bodies,
        {name: counted(name, *new) for name, new in counts.items()},
        root="county",
        year=2024,
        rules=RULES,
    )


def test_own_level_is_government_and_office_and_the_area_adds_all_below():
    found = area(county=(1,), office=(2,), health=(4,), town=(8,), customs=(16,), opened=(32,), closed=(64,))
    assert found.own.report.value("requests.new.total") == 3
    assert found.area.report.value("requests.new.total") == 47
    assert found.own_bodies == ("county", "office")
    assert found.reporting_upward == ("customs",)
    assert (found.own.report.scope, found.area.report.scope) == ("own", "area")
    assert found.missing == ()


def test_bodies_that_share_a_ledger_are_counted_once():
    shared = [replace(b, ledger="county") if b.id == "office" else b for b in TREE]
    found = area(shared, county=(5,))
    assert found.own.report.value("requests.new.total") == 5


def test_missing_bodies_are_listed_and_not_taken_as_0():
    assert area(county=(1,), office=(2,)).missing == ("health", "town", "opened", "town-office")


def test_a_changed_set_of_bodies_is_told():
    found = area(county=(1,))
    assert (found.joined, found.left) == (("opened",), ("closed",))


def test_amounts_are_added_in_yuan_and_rounded_once():
    found = area(county=(0, "49"), office=(0, "49"), health=(0, "49"))
    assert found.own.report.value("proactive.fees_wan_yuan") == Decimal("0.01")
    assert found.area.report.value("proactive.fees_wan_yuan") == Decimal("0.01")


def test_a_stock_blank_for_some_is_the_sum_of_the_others_and_told():
    book = Book()
    book.enter("body", "opening.documents", "2023-12-31", **{"kind": "normative"}, in_force=7)
    counts = {"county": count(book.events, body="county", year=2024), "office": counted("office", 1)}
    found = count_area(TREE, counts, root="county", year=2024, rules=RULES)
    assert found.own.report.value("proactive.normative_valid") == 7
    assert found.own.report.value("proactive.regulations_valid") is None
    told = {n.values["cell"]: n.values["bodies"] for n in found.own.notes if n.code == "CT-N-022"}
    assert told == {"proactive.normative_valid": "office"}


def test_relations_hold_and_every_entry_names_its_body():
    found = area(county=(1,), health=(4,))
    assert all(r.verdict is Verdict.HOLDS for r in check(found.area.report).relations)
    assert {one.body for one in found.area.provenance["requests.new.total"]} == {"county", "health"}


@pytest.mark.parametrize(
    "bodies",
    [
        [*TREE, TREE[1]],
        [Body("county", "town", Level.GOVERNMENT), Body("town", "county", Level.GOVERNMENT)],
        TREE[1:],
    ],
)
def test_what_is_no_tree_is_refused(bodies):
    with pytest.raises(UnlawfulTree):
        area(bodies, county=(1,))


def test_counts_of_another_year_are_refused():
    with pytest.raises(ValueError, match="2023"):
        count_area(TREE, {"county": counted("county", 1, "0", 2023)}, root="county", year=2024, rules=RULES)
