"""The catalogue of refusals and the code that refuses hold each other."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest

from gongkai.rules import kinds
from gongkai.rules.refusal import refusals, refuse

RULES = Path(str(resources.files("gongkai.rules")))
USED = {
    code
    for file in RULES.rglob("*.py")
    for code in re.findall(r'refuse\(\s*"(\w+)"', file.read_text(encoding="utf-8"))
}


def test_every_code_that_is_used_has_its_texts() -> None:
    assert set(refusals()) >= USED


def test_no_text_waits_for_a_code_that_nothing_uses() -> None:
    assert set(refusals()) <= USED


@pytest.mark.parametrize("code", sorted(refusals()))
def test_what_may_be_done_instead_is_a_registered_kind(code: str) -> None:
    entry = refusals()[code]
    assert set(entry.instead) <= set(kinds.KINDS)
    assert entry.article
    assert set(entry.message) == {"zh", "en"}


def test_a_code_outside_the_catalogue_is_a_fault_of_ours() -> None:
    with pytest.raises(KeyError):
        refuse("no_such_code")


def test_an_article_that_depends_on_the_act_goes_before_the_catalogue() -> None:
    assert refuse("not_delivered").article == "《政府信息公开条例》第三十二条"
    assert refuse("not_delivered", article="《政府信息公开条例》第三十四条").article.endswith("第三十四条")
