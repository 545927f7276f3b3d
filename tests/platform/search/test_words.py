"""Words are found wherever they stand, and nowhere else: as the eye finds them in the text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from tests.platform.conftest import make_body

from gongkai.platform.cases.models import CaseText
from gongkai.platform.cases.search import index_case_text, matching, rebuild, remove
from gongkai.platform.cases.search.tokens import LONGEST, PASSAGE, grams, passages, phrases, runs, tokens
from gongkai.platform.core.models import Body

SIGNS = st.sampled_from("土地征收补偿水利国２A a年b。、（'\"\\*¦𫖮é:&|!<>-")
TEXTS = st.text(SIGNS, max_size=40)
WORDS = st.text(st.sampled_from("土地征收水国2aA年𫖮é"), min_size=1, max_size=5)


def plain(text: str) -> str:
    """The text as it is compared: one form of each sign, everything that is no word a space."""
    return " ".join(runs(text))


def text_of(body: Body, stream: str, description: str, title: str = "") -> CaseText:
    text, _new = CaseText.objects.update_or_create(
        stream=stream, defaults={"body": body, "title": title, "description": description}
    )
    index_case_text(text)
    return text


class TestAgainstTheEye(TestCase):
    """Recall and precision are both 1, on either database, against looking for the word in the text."""

    @settings(max_examples=120, deadline=None)
    @given(texts=st.lists(TEXTS, min_size=1, max_size=6), word=WORDS)
    def test_a_word_is_found_exactly_where_it_stands(self, texts: list[str], word: str) -> None:
        body = make_body("云溪县人民政府", "云公", "county").body
        for place, text in enumerate(texts):
            text_of(body, f"case-{place}", text)
        wanted = {f"case-{place}" for place, text in enumerate(texts) if plain(word) in plain(text)}
        assert set(matching(word, bodies=[body.key], most=100)) == wanted

    @settings(max_examples=40, deadline=None)
    @given(words=st.lists(WORDS, min_size=2, max_size=3), text=TEXTS)
    def test_several_words_must_all_be_there(self, words: list[str], text: str) -> None:
        body = make_body("云溪县人民政府", "云公", "county").body
        text_of(body, "case-0", text)
        there = all(plain(word) in plain(text) for word in words)
        assert matching(" ".join(words), bodies=None, most=10) == (["case-0"] if there else [])

    @settings(max_examples=15, deadline=None)
    @given(before=st.integers(0, 3 * PASSAGE), after=st.integers(0, PASSAGE), size=st.integers(2, LONGEST))
    def test_nothing_is_lost_where_a_long_text_is_cut_into_passages(
        self, before: int, after: int, size: int
    ) -> None:
        body = make_body("云溪县人民政府", "云公", "county").body
        word = "".join(chr(0x5000 + place) for place in range(size))
        text_of(body, "case-0", "水" * before + word + "水" * after)
        assert matching(word, bodies=None, most=10) == ["case-0"]


@given(st.text(max_size=80))
def test_there_are_as_many_tokens_as_signs_and_no_sign_beyond_letters(text: str) -> None:
    for run in runs(text):
        assert len(grams(run)) == len(run)
        assert all(unicodedata.category(sign)[0] in "LNM" for sign in run)


@given(st.lists(st.sampled_from(["土地", "水"]), max_size=4 * PASSAGE))
def test_passages_hold_every_token_and_none_holds_too_many(words: list[str]) -> None:
    cut = passages(words)
    assert all(len(passage) <= PASSAGE for passage in cut)
    assert bool(cut) == bool(words)
    if len(words) > PASSAGE:
        assert list(cut[-1]) == words[len(cut[:-1]) * (PASSAGE - LONGEST) :]


def test_width_and_case_do_not_matter() -> None:
    assert tokens(["ＡＢ１"]) == tokens(["ab1"])


def test_a_question_without_a_letter_asks_for_nothing() -> None:
    assert phrases("。、（）*\"'") == []


def test_words_of_a_long_text_may_stand_in_different_passages(db: None) -> None:
    body = make_body("云溪县人民政府", "云公", "county").body
    text_of(body, "case-0", "征收" + "水" * 2000 + "补偿")
    assert matching("征收 补偿", bodies=None, most=10) == ["case-0"]
    assert matching("征收 补助", bodies=None, most=10) == []


def test_a_word_is_not_found_across_punctuation_or_fields(db: None) -> None:
    body = make_body("云溪县人民政府", "云公", "county").body
    text_of(body, "case-0", "补偿", title="土地。征收")
    assert matching("地征", bodies=None, most=10) == []
    assert matching("收补", bodies=None, most=10) == []
    assert matching("征收 补偿", bodies=None, most=10) == ["case-0"]


def test_a_text_written_anew_is_found_by_its_new_words_alone(db: None) -> None:
    body = make_body("云溪县人民政府", "云公", "county").body
    text_of(body, "case-0", "土地征收")
    text_of(body, "case-0", "水利工程")
    assert matching("征收", bodies=None, most=10) == []
    assert matching("水利", bodies=None, most=10) == ["case-0"]


def test_what_is_removed_is_found_no_more_and_what_is_built_anew_is(db: None) -> None:
    body = make_body("云溪县人民政府", "云公", "county").body
    text_of(body, "case-0", "土地征收")
    text_of(body, "case-1", "土地出让")
    remove("case-0")
    assert matching("土地", bodies=None, most=10) == ["case-1"]
    assert rebuild() == 2
    assert matching("土地", bodies=None, most=10) == ["case-1", "case-0"]


def test_only_cases_of_the_named_bodies_are_found(db: None) -> None:
    county = make_body("云溪县人民政府", "云公", "county").body
    foreign = make_body("青石县人民政府", "青公", "county").body
    text_of(county, "case-0", "土地征收")
    text_of(foreign, "case-1", "土地征收")
    assert matching("土地", bodies=[county.key], most=10) == ["case-0"]
    assert matching("土地", bodies=[], most=10) == []


@pytest.mark.parametrize("question", ["' OR 1=1", '"a" NEAR "b"', "土地*", "a:b & !c", "<->", "\\", "%"])
def test_no_question_breaks_the_database_s_own_language(db: None, question: str) -> None:
    assert matching(question, bodies=None, most=10) == []
