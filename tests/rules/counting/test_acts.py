"""Table 2 and section six: documents, decisions, charges, procurement, the processing fee."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.rules.counting.book import Book, codes

from gongkai.rules.counting import LocalRule, default_rules


def opened(in_force: int = 10, on: str = "2022-12-31") -> Book:
    book = Book()
    book.enter("body", "opening.documents", on, **{"kind": "normative"}, in_force=in_force, on=on)
    return book


def document(book: Book, act: str, on: str, ref: str, kind: str = "normative"):
    book.enter("body", f"document.{act}", on, **{"kind": kind}, ref=ref)


def row(book: Book, year: int, prefix: str = "normative", **settings):
    report = book.count(year, **settings).report
    return tuple(report.value(f"proactive.{prefix}_{column}") for column in ("made", "repealed", "valid"))


def test_documents_count_by_the_day_of_the_act_and_in_force_is_the_stock_of_31_december():
    book = opened()
    document(book, "issued", "2023-03-01", "d1")
    document(book, "issued", "2024-03-01", "d2")
    document(book, "repealed", "2024-04-01", "d1")
    document(book, "repealed", "2024-05-01", "from-before")
    assert row(book, 2022) == (0, 0, 10)
    assert row(book, 2023) == (1, 0, 11)
    assert row(book, 2024) == (1, 2, 10)
    assert row(book, 2025) == (0, 0, 10)


def test_lapsed_counts_with_repealed_and_is_told_beside():
    book = opened()
    document(book, "lapsed", "2024-04-01", "old")
    assert row(book, 2024) == (0, 1, 9)
    assert "CT-N-005" in codes(book.count(2024))
    local = default_rules().with_local(LocalRule("lapsed_documents", "stock_only", "某省填报说明"))
    assert row(book, 2024, rules=local) == (0, 0, 9)


def test_a_document_that_lapsed_and_is_repealed_later_ended_once():
    book = opened()
    document(book, "lapsed", "2023-04-01", "old")
    document(book, "repealed", "2024-04-01", "old")
    assert row(book, 2023) == (0, 1, 9)
    assert row(book, 2024) == (0, 0, 9)
    assert "CT-N-017" in codes(book.count(2024))


def test_revised_and_issued_anew_is_one_made_and_one_repealed():
    book = opened()
    document(book, "amended", "2024-04-01", "old")
    assert row(book, 2024) == (1, 1, 10)
    assert "revised_documents" in book.count(2024).rules_that_mattered


def test_an_unknown_stock_is_blank_and_0_only_without_the_power():
    book = opened()
    assert row(book, 2024, "regulations") == (0, 0, None)
    assert row(book, 2024, "regulations", without_power={"regulations"}) == (0, 0, 0)
    assert "CT-N-016" in codes(book.count(2024))
    assert row(Book(), 2024) == (0, 0, None)


def test_a_later_stocktaking_takes_the_place_of_an_earlier_one():
    book = opened()
    document(book, "issued", "2023-03-01", "d1")
    book.enter(
        "body", "opening.documents", "2024-01-02", **{"kind": "normative"}, in_force=7, on="2023-12-31"
    )
    document(book, "repealed", "2024-03-01", "d1")
    assert row(book, 2023) == (1, 0, 7)
    assert row(book, 2024) == (0, 1, 6)


def test_decisions_are_summed_and_nothing_recorded_is_told():
    book = Book()
    for on, number in (("2024-03-31", 120), ("2024-12-31", 8), ("2025-01-01", 5)):
        book.enter("body", "decisions.counted", on, **{"kind": "licensing", "count": number})
    counted = book.count(2024)
    assert counted.report.value("proactive.licensing") == 128
    assert len(counted.provenance["proactive.licensing"]) == 2
    assert counted.report.value("proactive.coercion") == 0
    told = {n.values["cell"] for n in counted.notes if n.code == "CT-N-018"}
    assert told == {"proactive.punishment", "proactive.coercion", "proactive.fees_wan_yuan"}


def test_charges_are_rounded_once_and_net_of_refunds():
    book = Book()
    for amount in ("49.99", "49.99", "-50.00", "0.02"):
        book.enter("body", "charges.collected", "2024-03-31", amount=amount)
    counted = book.count(2024)
    assert counted.report.value("proactive.fees_wan_yuan") == Decimal("0.01")
    assert counted.exact["proactive.fees_wan_yuan"] == Decimal("50.00")
    exact = default_rules().with_local(LocalRule("charges_places", "6", "财政口径"))
    assert str(book.count(2024, rules=exact).report.value("proactive.fees_wan_yuan")) == "0.005000"


def test_the_form_of_2019_takes_last_year_from_the_ledger_or_stays_blank():
    book = Book()
    book.enter("body", "decisions.counted", "2019-06-30", **{"kind": "licensing", "count": 30})
    book.enter("body", "decisions.counted", "2020-06-30", **{"kind": "licensing", "count": 25})
    book.enter("body", "procurement.counted", "2020-06-30", items=2, amount="1000.50")
    book.enter("body", "procurement.counted", "2020-07-30", items=1, amount="251000")
    document(book, "issued", "2020-03-01", "d1")
    report = book.count(2020, form="2019").report
    value = {
        p.removeprefix("proactive."): report.value(p) for p in report.form.cells if p.startswith("proactive.")
    }
    assert (value["licensing_previous"], value["licensing_change"], value["licensing_decisions"]) == (
        30,
        -5,
        25,
    )
    assert (value["punishment_previous"], value["punishment_change"]) == (None, None)
    assert (value["procurement_items"], value["procurement_amount_yuan"]) == (3, Decimal("252000.50"))
    assert (value["normative_made"], value["normative_published"], value["normative_total"]) == (
        1,
        None,
        None,
    )
    assert (value["fees_previous"], value["fees_change"]) == (None, None)


def test_section_six_tells_the_notices_and_what_was_paid():
    book = Book()
    book.receive("a", "2024-01-02")
    book.enter("a", "fee.notified", "2024-01-05", amount="300")
    book.enter("a", "fee.paid", "2024-01-09")
    book.receive("b", "2024-01-02")
    book.enter("b", "fee.notified", "2024-12-30", amount="200.50")
    book.enter("b", "fee.paid", "2025-01-09", amount="200.50")
    fees = book.count(2024).fees
    assert (fees.notices, fees.notified, fees.payments, fees.paid) == (2, Decimal("500.50"), 1, Decimal(300))
    assert book.count(2024).report.sections["6"] == (
        "2024年，本机关发出信息处理费收费通知2件，总金额500.5元；实际收取1件，总金额300元。"
    )
    assert "未发出" in book.count(2023).report.sections["6"]


@pytest.mark.parametrize("year", [2023, 2024])
def test_a_stock_is_the_opening_number_with_its_entries(year):
    book = opened()
    document(book, "issued", "2023-03-01", "d1")
    document(book, "repealed", "2024-05-01", "from-before")
    ids = book.count(year).provenance["proactive.normative_valid"]
    assert [one.position for one in ids] == ([1, 2] if year == 2023 else [1, 2, 3])
