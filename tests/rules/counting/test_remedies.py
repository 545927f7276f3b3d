"""Table 4: which block, which result, which year."""

from __future__ import annotations

import pytest
from tests.rules.counting.book import Book, codes

from gongkai.rules.counting import LocalRule, SealedYear, default_rules


def filed(book: Book, on: str, block: str = "litigation_direct", remedy: str = "r", **payload):
    book.enter("a", "remedy.filed", on, remedy=remedy, **{"kind": block}, **payload)


def decided(book: Book, on: str, result: str = "upheld", remedy: str = "r", **payload):
    book.enter("a", "remedy.decided", on, remedy=remedy, result=result, **payload)


def remedies(book: Book, year: int, **settings):
    counted = book.count(year, **settings)
    return {
        p: v
        for p in counted.report.form.cells
        if p.startswith(("reconsideration.", "litigation_"))
        and not p.endswith(".total")
        and (v := counted.report.value(p)) != 0
    }


@pytest.mark.parametrize("result", ["upheld", "corrected", "other"])
def test_a_remedy_counts_in_the_year_of_its_decision_and_is_pending_until_then(result):
    book = Book()
    filed(book, "2022-11-01", "reconsideration")
    decided(book, "2024-01-05", result)
    assert remedies(book, 2022) == remedies(book, 2023) == {"reconsideration.pending": 1}
    assert remedies(book, 2024) == {f"reconsideration.{result}": 1}
    assert remedies(book, 2025) == {}


def test_reconsideration_and_then_litigation_are_one_case_in_each_block():
    book = Book()
    filed(book, "2024-01-05", "reconsideration", "r1")
    decided(book, "2024-03-05", "upheld", "r1")
    filed(book, "2024-03-15", "litigation_after_reconsideration", "r2", instance="first")
    decided(book, "2024-08-15", "corrected", "r2", instance="first")
    assert remedies(book, 2024) == {
        "reconsideration.upheld": 1,
        "litigation_after_reconsideration.corrected": 1,
    }


def test_first_and_second_instance_are_one_case_by_the_effective_judgment():
    book = Book()
    filed(book, "2024-01-05", instance="first")
    decided(book, "2024-05-05", "upheld", instance="first")
    filed(book, "2024-05-15", instance="second")
    decided(book, "2024-09-05", "corrected", instance="second")
    assert remedies(book, 2024) == {"litigation_direct.corrected": 1}
    assert book.count(2024).report.value("litigation_direct.total") == 1
    assert "on_appeal" in book.count(2024).rules_that_mattered


def test_on_appeal_on_31_december_is_pending():
    book = Book()
    filed(book, "2023-01-05", instance="first")
    decided(book, "2023-12-05", "upheld", instance="first")
    filed(book, "2023-12-15", instance="second")
    decided(book, "2024-03-05", "upheld")
    assert remedies(book, 2023) == {"litigation_direct.pending": 1}
    assert remedies(book, 2024) == {"litigation_direct.upheld": 1}


def test_an_appeal_of_the_next_year_leaves_the_judgment_of_the_year_before():
    book = Book()
    filed(book, "2023-01-05", instance="first")
    decided(book, "2023-12-25", "upheld", instance="first")
    filed(book, "2024-01-05", instance="second")
    assert remedies(book, 2023) == {"litigation_direct.upheld": 1}
    assert remedies(book, 2024) == {"litigation_direct.pending": 1}


def test_suits_by_third_parties_count_unless_a_body_has_a_source():
    book = Book()
    filed(book, "2024-01-05", by_third_party=True)
    assert remedies(book, 2024) == {"litigation_direct.pending": 1}
    local = default_rules().with_local(LocalRule("third_party_suits", "left_out", "某省填报说明"))
    assert remedies(book, 2024, rules=local) == {}


def test_a_decision_without_a_filing_is_listed():
    book = Book()
    decided(book, "2024-01-05")
    assert remedies(book, 2024) == {}
    assert "CT-N-014" in codes(book.count(2024))


def test_a_decision_entered_after_the_sealing_counts_in_the_first_open_year():
    book = Book()
    filed(book, "2023-01-05", "reconsideration")
    seal = SealedYear(2023, book.head)
    decided(book, "2023-12-20", "corrected")
    counted = book.count(2024, sealed=[seal])
    assert counted.report.value("reconsideration.corrected") == 1
    assert [late.kind for late in counted.late] == ["remedy.decided"]


def test_a_proceeding_about_several_requests_is_one_case():
    book = Book()
    for stream in ("a", "b"):
        book.enter(stream, "remedy.filed", "2024-01-05", remedy="r", **{"kind": "reconsideration"})
    assert remedies(book, 2024) == {"reconsideration.pending": 1}
    for stream in ("a", "b"):
        book.enter(stream, "remedy.decided", "2024-03-05", remedy="r", result="upheld")
    assert remedies(book, 2024) == {"reconsideration.upheld": 1}
