"""Text on a terminal: Chinese takes two columns, and a line is never wider than asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.commands import terminal

WORDS = st.text(alphabet="公开申请，。（）abc 12-", max_size=80)


def test_a_chinese_character_is_two_columns_wide() -> None:
    assert terminal.width("公开abc") == 7


def test_a_combining_mark_takes_no_column() -> None:
    assert terminal.width("e\u0301") == 1


def test_what_is_cut_is_shown_as_an_ellipsis() -> None:
    assert terminal.shorten("行政规范性文件", 7) == "行政规…"


def test_what_fits_is_not_cut() -> None:
    assert terminal.shorten("规章", 4) == "规章"


@given(WORDS, st.integers(min_value=1, max_value=30))
def test_a_shortened_text_never_takes_more_than_its_limit(text: str, limit: int) -> None:
    assert terminal.width(terminal.shorten(text, limit)) <= max(limit, 1)


@given(WORDS, st.integers(min_value=20, max_value=60))
def test_wrapping_loses_nothing_but_spaces(text: str, limit: int) -> None:
    assert "".join("".join(terminal.wrap(text, limit)).split()) == "".join(text.split())


@given(st.text(alphabet="公开申请ab", max_size=80), st.integers(min_value=10, max_value=60))
def test_a_wrapped_line_fits(text: str, limit: int) -> None:
    words = [run for run in text.replace("公", " ").replace("开", " ").split() if run.isascii()]
    longest = max((len(word) for word in words), default=0)
    assert all(terminal.width(line) <= max(limit, longest) for line in terminal.wrap(text, limit))


def test_a_line_does_not_begin_with_a_closing_mark() -> None:
    lines = terminal.wrap("公开申请，公开申请。", 8)
    assert not any(line[0] in "，。" for line in lines)


def test_columns_of_a_table_stand_under_each_other() -> None:
    lines = terminal.table(["行", "总计"], [["规章", "3"], ["行政规范性文件", "1234"]], align="lr")
    assert {terminal.width(line) for line in lines} == {terminal.width("行政规范性文件") + 2 + 4}
    assert lines[2].endswith("   3")


def test_the_first_column_is_shortened_to_fit_the_terminal() -> None:
    lines = terminal.table(["行", "总计"], [["行政规范性文件" * 4, "1234"]], align="lr", limit=40)
    assert max(terminal.width(line) for line in lines) <= 40
    assert lines[-1].endswith("1234")


def test_nothing_is_cut_or_broken_on_its_way_to_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    text = "行政规范性文件" * 200
    assert terminal.wrap(text, terminal.columns()) == [text]


def test_the_width_may_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "72")
    assert terminal.columns() == 72
