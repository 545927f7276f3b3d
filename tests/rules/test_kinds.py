"""The registry of kinds refuses what it does not know, and names what is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from gongkai.rules.kinds import KINDS, UnlawfulShape, check, shape_texts

RECEIVED = {"channel": "counter", "applicant_kind": "natural_person"}


@pytest.mark.parametrize(
    ("kind", "payload", "key", "problem"),
    [
        ("request.recieved", RECEIVED, "", "unknown_kind"),
        ("request.received", {**RECEIVED, "name": "x"}, "name", "unknown_key"),
        ("request.received", {"channel": "counter"}, "applicant_kind", "missing"),
        ("request.received", {**RECEIVED, "channel": "pigeon"}, "channel", "not_a_choice"),
        ("opening.case", {"received_on": "2026-2-9", "applicant_kind": "other"}, "received_on", "not_a_date"),
        ("extension.told", {"working_days": "20"}, "working_days", "not_a_whole_number"),
        ("extension.told", {"working_days": True}, "working_days", "not_a_whole_number"),
        ("extension.told", {"working_days": -1}, "working_days", "negative"),
        ("fee.notified", {"amount": 100}, "amount", "not_an_amount"),
        ("fee.notified", {"amount": "NaN"}, "amount", "not_an_amount"),
        ("third_party.answered", {"consent": "yes"}, "consent", "not_a_truth_value"),
        ("third_party.consulted", {"party": ""}, "party", "not_a_text"),
        ("reply.issued", {"outcome": "granted", "parts": {}}, "parts", "not_a_list"),
        ("reply.issued", {"outcome": "granted", "parts": [{"disclosed": 1}]}, "parts", "not_a_truth_value"),
        ("entry.corrected", {"seq": 1, "replacement": []}, "replacement", "not_an_object"),
        (
            "correction.requested",
            {"respond_by": "2026-03-01", "working_days": 10},
            "working_days",
            "both_given",
        ),
    ],
)
def test_a_payload_that_does_not_fit_is_named(
    kind: str, payload: dict[str, Any], key: str, problem: str
) -> None:
    with pytest.raises(UnlawfulShape) as error:
        check(kind, payload)
    assert (error.value.key, error.value.problem) == (key, problem)


def test_names_of_persons_cannot_slip_into_a_ledger() -> None:
    with pytest.raises(UnlawfulShape, match="not_a_reference"):
        check("third_party.consulted", {"party": "云溪食品有限公司"})
    check("third_party.consulted", {"party": "云溪食品有限公司"}, strict=False)


def test_numbers_of_documents_are_not_taken_for_names() -> None:
    check("request.registered", {"number": "云公开〔2026〕第12号"})


def test_a_newer_schema_is_not_written_by_this_code() -> None:
    with pytest.raises(UnlawfulShape, match="unknown_kind"):
        check("case.archived", {}, schema=99)


def test_every_kind_has_a_chinese_name() -> None:
    assert all(kind.label_zh for kind in KINDS.values())
    assert len({kind.label_zh for kind in KINDS.values()}) == len(KINDS)


def test_every_problem_says_itself_in_both_languages() -> None:
    for problem, texts in shape_texts().items():
        assert set(texts) == {"zh", "en"}
        for language in texts:
            assert "{" not in UnlawfulShape("case.archived", "key", problem, ["a"]).text(language)


@pytest.mark.parametrize(
    "text", ["2026-W11-1", "20260301", "2026-3-1", "２０２６-03-01", "2026-02-30", 20260301]
)
def test_a_day_is_written_in_one_way_only(text: object) -> None:
    with pytest.raises(UnlawfulShape, match="not_a_date"):
        check("delay.set", {"due_on": text})


def test_only_charges_may_be_negative_for_refunds() -> None:
    check("charges.collected", {"amount": "-5.00"})
    with pytest.raises(UnlawfulShape, match="negative"):
        check("fee.notified", {"amount": "-5.00"})
