"""Any text is checked without failing, and places are given in the text as printed."""

from __future__ import annotations

import re
from dataclasses import replace
from time import perf_counter
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.annual.check.narrative import narrative_checks
from gongkai.annual.check.narrative.glossary import concept_name, concepts
from gongkai.annual.check.narrative.sentences import read_sentences
from gongkai.annual.form import builtin_forms
from gongkai.annual.model import Report

WORDS = st.sampled_from(
    re.split(
        "/",
        "收到/受理/办理/办结/政府信息公开申请/依申请公开/其中/予以公开/自然人/行政复议/行政诉讼/维持/"
        "未发生/均/制发/规范性文件/废止/占/其次/再次/同比增长/较上年增加/下降/合计/共/分别为/"
        "行政事业性收费/万元/元/件/条/%/120/5/1,312/十五/余/2023年/〔2021〕30号/,/、/。/:/(/)/縣/(jù)/|/\n",
    )
)


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS, max_size=40), st.sampled_from(builtin_forms()))
def test_any_order_of_the_usual_words_is_checked_without_failing(words: list[str], form) -> None:
    text = "".join(words)
    report = Report(form, MappingProxyType({}), year=2023, sections=MappingProxyType({"1": text}))
    findings, matches = narrative_checks(report, replace(report, year=2022))
    for match in matches:
        assert 0 <= match.span.start < match.span.end <= len(text)
    # A report without a single cell printed cannot contradict its text; only the text can.
    assert all(f.code >= "AR-N-031" for f in findings)


@given(st.text(alphabet="縣市(jù)收到申請，、。,. \n12３件|（一）", max_size=80))
def test_every_character_of_a_sentence_knows_where_it_stood(text: str) -> None:
    for sentence in read_sentences("1", text):
        assert len(sentence.origin) == len(sentence.text)
        assert list(sentence.origin) == sorted(sentence.origin)
        assert all(0 <= i < len(text) for i in sentence.origin)
        assert "".join(p.text for p in sentence.pieces) in sentence.text or len(sentence.pieces) > 1


@pytest.mark.parametrize(
    "text",
    [
        "收到申请" + "1" * 20000 + "件",
        "其中" * 20000,
        "(" * 50000,
        "1," * 50000,
        "占5%," * 20000,
        "办理3件、" * 10000,
        "行政复议" * 20000,
        "市" * 50000 + "局",
    ],
    ids=lambda text: text[:5],
)
def test_text_without_an_end_is_checked_in_bounded_time(text: str) -> None:
    form = builtin_forms()[-1]
    report = Report(form, MappingProxyType({}), year=2023, sections=MappingProxyType({"1": text}))
    start = perf_counter()
    narrative_checks(report, None)
    assert perf_counter() - start < 20


def test_lines_of_a_table_are_no_sentences() -> None:
    assert read_sentences("3", "一、本年新收政府信息公开申请数量 | 120 | 2 |\n") == ()


def test_every_concept_has_a_name_in_both_languages() -> None:
    for concept in concepts():
        names = concept_name(concept)
        assert names["zh"]
        assert names["en"]
