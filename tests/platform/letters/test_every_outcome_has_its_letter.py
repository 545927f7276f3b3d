"""Every outcome, sub-kind and act of the list in ``law.md`` 9.2 has a letter whose shipped text holds."""

from __future__ import annotations

import pytest
from tests.platform.letters.conftest import OUTCOMES, filled

from gongkai.platform.cases.letters.facts import cite, sample_values
from gongkai.platform.cases.letters.kinds import (
    BY_KEY,
    LETTERS,
    VARIABLES,
    Recipient,
    Source,
    letter_for_event,
    reply_letter,
)
from gongkai.platform.cases.letters.sheet import blocks_of
from gongkai.platform.cases.letters.texts import fill, problems_of
from gongkai.platform.cases.services.numbers import NUMBER_KINDS
from gongkai.rules.kinds import KINDS
from gongkai.rules.law import load_law
from gongkai.rules.vocabulary import SUB_KINDS, Outcome

DOCUMENT_SET = {
    "application_form", "registration_form", "registration_receipt", "correction_notice", "reasons_notice",
    "delay_notice", "extension_notice", "third_party_consultation", "consultation_told", "disclosure_told",
    "co_maker_consultation", "agency_consultation", "assistance_request", "fee_notice", "withdrawal_told",
    "revocation_notice", "records_corrected", "records_forwarded", "certificate_of_service",
}  # fmt: skip
WITH_A_LETTER = {
    "correction.requested", "reasons.requested", "delay.set", "extension.told",
    "third_party.consulted", "third_party.told", "co_maker.consulted", "agency.consulted", "fee.notified",
}  # fmt: skip


@pytest.mark.parametrize(("outcome", "sub_kind"), OUTCOMES)
def test_every_outcome_and_sub_kind_has_just_one_letter(outcome: str, sub_kind: str) -> None:
    found = [k for k in LETTERS.values() if k.outcome == outcome and sub_kind in k.sub_kinds]
    assert found == [reply_letter(outcome, sub_kind)]
    assert found[0].event == "reply.issued"
    assert found[0].remedies == outcome
    assert found[0].number == "reply"


def test_a_sub_kind_of_another_outcome_has_no_letter() -> None:
    with pytest.raises(ValueError, match="not_held"):
        reply_letter("granted", "not_held")
    with pytest.raises(ValueError, match="nonsense"):
        reply_letter("nonsense")


def test_letters_name_no_outcome_or_sub_kind_that_is_unknown() -> None:
    for kind in LETTERS.values():
        if kind.outcome:
            assert set(kind.sub_kinds) <= SUB_KINDS.get(Outcome(kind.outcome), frozenset()) | {""}


def test_the_document_set_is_complete() -> None:
    assert {key for key, kind in LETTERS.items() if not kind.outcome} == DOCUMENT_SET


def test_every_act_that_must_be_told_brings_its_letter() -> None:
    assert {kind for kind in KINDS if letter_for_event(kind) is not None} == WITH_A_LETTER
    assert all(kind.event in KINDS for kind in LETTERS.values() if kind.event)


@pytest.mark.parametrize("key", LETTERS)
def test_the_shipped_text_is_a_good_template(key: str) -> None:
    kind = LETTERS[key]
    assert problems_of(kind, kind.text) == ()
    assert kind.number in {"", *NUMBER_KINDS}
    assert set(kind.requires) <= set(VARIABLES)
    text = fill(kind, kind.text, sample_values())
    assert blocks_of(text)
    for name in kind.requires:
        first = sample_values()[name].split("\n")[0]
        assert first in text, name
    assert "{{" not in text
    assert "{%" not in text


@pytest.mark.parametrize("key", LETTERS)
def test_every_required_field_is_printed(key: str) -> None:
    kind = LETTERS[key]
    text = fill(kind, kind.text, sample_values())
    for field in kind.fields:
        if field.required and not (kind.to is Recipient.OTHER and field.key == "name"):
            assert field.variable.example in text, field.key
    assert set(filled(kind)) == {field.key for field in kind.fields}
    assert all(field.variable.source is Source.FIELD for field in kind.fields)


@pytest.mark.parametrize("key", LETTERS)
def test_every_article_can_be_cited(key: str) -> None:
    kind = LETTERS[key]
    cited = cite(kind.basis, load_law())
    assert cited.count("《") == len({ref.partition(":")[0] for ref in kind.basis})


def test_articles_are_cited_with_the_instrument_once() -> None:
    refs = ["ogi_regulation_2019:15", "ogi_regulation_2019:36..3", "fee_measures_2020"]
    assert cite(refs, load_law()) == (
        "《中华人民共和国政府信息公开条例》第十五条、第三十六条第三项、《政府信息公开信息处理费管理办法》"
    )
    with pytest.raises(ValueError, match="unknown"):
        cite(["unknown:1"], load_law())


def test_every_variable_has_an_identifier_of_its_own_and_is_used() -> None:
    assert len(BY_KEY) == len(VARIABLES)
    texts = "".join(kind.text for kind in LETTERS.values())
    offered = {"工作机构", "机关邮编", "办公时间", "文书日期", "收件人", "附件清单", "申请人"}
    unused = {name for name in VARIABLES if name not in texts} - offered
    assert unused == set()
