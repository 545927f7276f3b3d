"""Acts entered after a report was sealed: counted in the first open year, listed, never slipped in."""

from __future__ import annotations

import pytest
from tests.rules.counting.book import Book, codes, numbers

from gongkai.rules.counting import LocalRule, SealedYear, default_rules
from gongkai.rules.counting.years import Seals, SealsOutOfOrder


def test_a_late_receipt_is_new_in_the_first_open_year_and_listed():
    book = Book()
    book.receive("a", "2023-05-01")
    seal = SealedYear(2023, book.head)
    book.receive("b", "2023-12-30", "business")
    book.reply("b", "2024-01-20")
    counted = book.count(2024, sealed=[seal])
    assert numbers(counted, "requests.")["requests.new.business"] == 1
    (late,) = counted.late
    assert (late.event.stream, late.legal_year, late.counted_in) == ("b", 2023, 2024)
    assert late.why == "recorded_after_sealing"
    assert numbers(book.count(2023, sealed=[seal])) == {
        "requests.new.natural_person": 1,
        "requests.carried_out.natural_person": 1,
    }


def test_a_late_reply_counts_in_the_year_that_was_open_when_it_was_entered():
    book = Book()
    book.receive("a", "2022-05-01")
    first = SealedYear(2022, book.head)
    book.reply("a", "2022-06-01", "partial")
    second = SealedYear(2023, book.head)
    seals = [second, first]
    assert numbers(book.count(2022, sealed=seals))["requests.carried_out.natural_person"] == 1
    assert numbers(book.count(2023, sealed=seals))["requests.partial.natural_person"] == 1
    assert numbers(book.count(2024, sealed=seals)) == {}
    assert numbers(book.count(2022))["requests.partial.natural_person"] == 1


def test_a_corrected_version_counts_late_acts_in_their_own_year():
    book = Book()
    book.receive("a", "2023-05-01")
    seal = SealedYear(2023, book.head)
    book.receive("b", "2023-12-30", "business")
    local = default_rules().with_local(LocalRule("reporting_year", "corrected_version", "某省填报说明"))
    for counted in (
        book.count(2023, sealed=[seal], late="corrected_version"),
        book.count(2023, sealed=[seal], rules=local),
    ):
        assert numbers(counted)["requests.new.business"] == 1
        assert counted.late == ()


def test_a_correction_of_a_sealed_outcome_is_listed_and_changes_no_number():
    book = Book()
    book.receive("a", "2023-05-01")
    seq = book.reply("a", "2023-06-01", "granted")
    seal = SealedYear(2023, book.head)
    book.enter("a", "entry.corrected", "2024-03-01", seq=seq, replacement={"payload": {"outcome": "partial"}})
    counted = book.count(2024, sealed=[seal])
    assert numbers(counted, "requests.") == {}
    (late,) = counted.late
    assert (late.kind, late.counted_in, late.why) == ("reply.issued", 2023, "corrected_after_sealing")
    assert numbers(book.count(2023))["requests.partial.natural_person"] == 1
    assert book.count(2025, sealed=[seal]).late == ()


@pytest.mark.parametrize("replacement", [None, {"occurred_on": "2024-01-05"}])
def test_an_outcome_voided_or_moved_after_the_sealing_does_not_count_twice(replacement):
    book = Book()
    book.receive("a", "2023-05-01")
    seq = book.reply("a", "2023-06-01", "granted")
    seal = SealedYear(2023, book.head)
    book.enter("a", "entry.corrected", "2024-03-01", seq=seq, replacement=replacement)
    book.reply("a", "2024-03-02", "partial")
    assert numbers(book.count(2024, sealed=[seal]), "requests.") == {}
    assert [late.why for late in book.count(2024, sealed=[seal]).late] == ["corrected_after_sealing"]


def test_a_reply_moved_back_into_a_sealed_year_counts_in_the_open_one():
    book = Book()
    book.receive("a", "2023-12-01")
    seq = book.reply("a", "2024-01-03", "granted")
    seal = SealedYear(2023, book.head)
    book.enter("a", "entry.corrected", "2024-03-01", seq=seq, replacement={"occurred_on": "2023-12-29"})
    counted = book.count(2024, sealed=[seal])
    assert numbers(counted)["requests.granted.natural_person"] == 1
    assert [late.why for late in counted.late] == ["recorded_after_sealing"]


def test_a_receipt_voided_after_the_sealing_stays_carried_until_an_act_ends_it():
    book = Book()
    seq = book.receive("a", "2023-12-01", "business")
    seal = SealedYear(2023, book.head)
    book.enter("a", "entry.corrected", "2024-03-01", seq=seq, replacement=None)
    counted = book.count(2024, sealed=[seal])
    assert numbers(counted) == {"requests.carried_in.business": 1, "requests.carried_out.business": 1}
    assert "CT-N-013" in codes(counted)
    book.enter("a", "request.withdrawn", "2024-03-02")
    assert numbers(book.count(2024, sealed=[seal]))["requests.other_other.business"] == 1


def test_a_column_corrected_after_the_sealing_stays():
    book = Book()
    seq = book.receive("a", "2023-12-01", "business")
    seal = SealedYear(2023, book.head)
    payload = {"channel": "counter", "applicant_kind": "other"}
    book.enter("a", "entry.corrected", "2024-03-01", seq=seq, replacement={"payload": payload})
    book.reply("a", "2024-03-02")
    counted = numbers(book.count(2024, sealed=[seal]))
    assert counted["requests.carried_in.business"] == counted["requests.granted.business"] == 1


def test_a_report_from_before_the_ledger_closes_nothing_for_opening_cases():
    book = Book()
    published = Book()
    for stream in ("x", "y"):
        published.receive(stream, "2023-12-01")
    seal = SealedYear(2023, 0, report=published.count(2023).report)
    book.enter("a", "opening.case", "2024-01-02", received_on="2023-12-01", applicant_kind="natural_person")
    counted = book.count(2024, sealed=[seal])
    assert numbers(counted)["requests.carried_in.natural_person"] == 1
    assert counted.late == ()
    differing = [n for n in counted.notes if n.code == "CT-N-007"]
    assert [(n.values["column"], n.values["found"], n.values["published"]) for n in differing] == [
        ("natural_person", 1, "2"),
        ("total", 1, "2"),
    ]


def test_a_batch_corrected_after_the_sealing_is_listed_and_not_added():
    book = Book()
    seq = book.enter("body", "decisions.counted", "2023-06-30", **{"kind": "licensing", "count": 10})
    seal = SealedYear(2023, book.head)
    new = {"payload": {"kind": "licensing", "count": 12}}
    book.enter("body", "entry.corrected", "2024-02-01", seq=seq, replacement=new)
    assert book.count(2024, sealed=[seal]).report.value("proactive.licensing") == 0
    assert [late.kind for late in book.count(2024, sealed=[seal]).late] == ["decisions.counted"]
    assert book.count(2023, sealed=[seal]).report.value("proactive.licensing") == 10
    assert book.count(2023, sealed=[seal], late="corrected_version").report.value("proactive.licensing") == 12


def test_a_sealed_report_that_says_otherwise_is_explained():
    book = Book()
    book.receive("a", "2023-05-01")
    report = book.count(2023).report.with_values({"requests.new.natural_person": 2})
    counted = book.count(2023, sealed=[SealedYear(2023, book.head, report=report)])
    (note,) = (n for n in counted.notes if n.code == "CT-N-008")
    assert note.values["cell"] == "requests.new.natural_person"
    assert "1" in note.text("zh") and "2" in note.text("en")


def test_seals_need_an_order():
    with pytest.raises(SealsOutOfOrder):
        Seals([SealedYear(2022, 9), SealedYear(2023, 8)])
    with pytest.raises(SealsOutOfOrder):
        Seals([SealedYear(2022, 9), SealedYear(2022, 9)])
