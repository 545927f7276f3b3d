"""Table 3: which year, which row, which column."""

from __future__ import annotations

from dataclasses import replace

from tests.rules.counting.book import Book, codes, numbers

from gongkai.rules.counting import LocalRule, count, default_rules
from gongkai.rules.vocabulary import Outcome


def requests(book: Book, year: int, **settings):
    return {
        p.removeprefix("requests."): v for p, v in numbers(book.count(year, **settings), "requests.").items()
    }


def test_a_request_counts_in_the_year_of_its_receipt_and_its_result_in_that_of_the_reply():
    book = Book()
    book.receive("a", "2023-12-31", "business")
    book.reply("a", "2024-01-01", "partial")
    assert requests(book, 2023) == {"new.business": 1, "carried_out.business": 1}
    assert requests(book, 2024) == {"carried_in.business": 1, "partial.business": 1, "total.business": 1}
    assert requests(book, 2025) == {}


def test_undecided_on_31_december_is_carried_each_such_year():
    book = Book()
    book.receive("a", "2022-06-01")
    for year in (2023, 2024):
        assert requests(book, year) == {"carried_in.natural_person": 1, "carried_out.natural_person": 1}


def test_a_reply_issued_in_one_year_and_dispatched_in_the_next_counts_when_issued_and_is_noted():
    book = Book()
    book.receive("a", "2023-12-01")
    book.reply("a", "2023-12-31")
    book.enter("a", "reply.dispatched", "2024-01-02")
    assert requests(book, 2023)["total.natural_person"] == 1
    assert "CT-N-002" in codes(book.count(2023))
    assert "CT-N-002" not in codes(book.count(2024))


def test_submitted_and_not_confirmed_at_the_end_of_the_year_counts_next_year_and_is_listed():
    book = Book()
    book.enter("a", "request.submitted", "2023-12-31", channel="email")
    book.enter("a", "request.received", "2024-01-02", channel="email", applicant_kind="research")
    assert requests(book, 2023) == {}
    (note,) = (n for n in book.count(2023).notes if n.code == "CT-N-001")
    assert [one.stream for one in note.events] == ["a"]
    assert requests(book, 2024)["new.research"] == 1


def test_awaiting_a_correction_on_31_december_is_carried_out():
    book = Book()
    book.receive("a", "2023-12-20")
    book.enter("a", "correction.requested", "2023-12-25", working_days=15)
    book.enter("a", "correction.received", "2024-01-05")
    assert requests(book, 2023)["carried_out.natural_person"] == 1
    assert "CT-N-023" in codes(book.count(2023))
    assert "CT-N-023" not in codes(book.count(2024))


def test_a_case_open_before_the_ledger_is_carried_in_or_new_by_its_receipt():
    book = Book()
    for stream, received in (("a", "2023-11-30"), ("b", "2024-01-10")):
        book.enter(stream, "opening.case", "2024-02-01", received_on=received, applicant_kind="legal_service")
    assert requests(book, 2024) == {
        "new.legal_service": 1,
        "carried_in.legal_service": 1,
        "carried_out.legal_service": 2,
    }


def test_cases_count_after_splitting_and_letters_are_told_beside():
    book = Book()
    book.receive("a", "2024-03-01")
    book.enter(
        "b",
        "case.split",
        "2024-03-02",
        **{"from": "a", "received_on": "2024-03-01"},
        applicant_kind="natural_person",
    )
    assert requests(book, 2024)["new.natural_person"] == 2
    (note,) = (n for n in book.count(2024).notes if n.code == "CT-N-004")
    assert (note.values["letters"], note.values["cases"]) == (1, 2)


def test_every_outcome_has_its_row_and_in_2019_three_share_one():
    for outcome in Outcome:
        book = Book()
        book.receive("a", "2024-03-01")
        book.reply("a", "2024-03-02", outcome)
        assert requests(book, 2024)[f"{outcome}.natural_person"] == 1
        row = "other" if outcome.startswith("other_") else str(outcome)
        assert requests(book, 2024, form="2019")[f"{row}.natural_person"] == 1


def test_a_whole_withdrawal_ends_the_case_and_that_of_an_item_does_not():
    book = Book()
    book.receive("a", "2024-03-01")
    book.enter("a", "request.withdrawn", "2024-03-02", scope="item")
    assert requests(book, 2024)["carried_out.natural_person"] == 1
    book.enter("a", "request.withdrawn", "2024-03-03", scope="whole")
    assert requests(book, 2024)["other_other.natural_person"] == 1


def test_handled_anew_is_neither_new_nor_a_second_result():
    book = Book()
    book.receive("a", "2023-05-01")
    book.reply("a", "2023-05-20", "denied_process")
    book.enter("a", "reply.revoked", "2024-02-01", by="court")
    book.enter("a", "rehandling.started", "2024-02-01", working_days=20)
    book.reply("a", "2024-02-20", "granted", supersedes="1")
    assert requests(book, 2023)["denied_process.natural_person"] == 1
    assert requests(book, 2024) == {}
    assert "CT-N-003" in codes(book.count(2024))
    assert "rehandled" in book.count(2024).rules_that_mattered


def test_a_sub_kind_is_told_and_moves_its_row_where_a_body_has_a_source():
    book = Book()
    book.receive("a", "2024-03-01")
    book.reply("a", "2024-03-02", "granted", sub_kind="already_public")
    assert requests(book, 2024)["granted.natural_person"] == 1
    assert "already_public" in book.count(2024).rules_that_mattered
    local = default_rules().with_local(LocalRule("already_public", "other_other", "某省填报说明"))
    assert requests(book, 2024, rules=local)["other_other.natural_person"] == 1
    assert requests(book, 2024, rules=local, form="2019")["other.natural_person"] == 1


def test_an_outcome_without_receipt_is_listed_and_not_counted():
    book = Book()
    book.reply("a", "2024-03-02")
    assert requests(book, 2024) == {}
    assert "CT-N-009" in codes(book.count(2024))


def test_an_outcome_of_a_newer_vocabulary_is_counted_as_other_and_told():
    book = Book()
    book.receive("a", "2024-03-01")
    book.reply("a", "2024-03-02")
    payload = {"outcome": "quite_new"}
    book.events[-1] = type(book.events[-1])("reply.issued", book.events[-1].occurred_on, payload, "a", 2, 2)
    assert requests(book, 2024)["other_other.natural_person"] == 1
    assert "CT-N-011" in codes(book.count(2024))


def test_entries_without_numbers_are_numbered_in_their_order():
    book = Book()
    book.receive("a", "2024-03-01")
    seq = book.reply("a", "2024-03-02", "partial")
    book.enter("a", "entry.corrected", "2024-03-03", seq=seq, replacement={"payload": {"outcome": "granted"}})
    loose = [replace(event, position=0, seq=0) for event in book.events]
    assert count(loose, body="yunxi", year=2024) == book.count(2024)


def test_a_reply_in_another_bodys_name_counts_at_the_body_of_the_ledger_and_is_told():
    book = Book()
    book.receive("a", "2024-03-01")
    book.reply("a", "2024-03-02", reply_body="elsewhere")
    assert requests(book, 2024)["granted.natural_person"] == 1
    assert "CT-N-025" in codes(book.count(2024))
