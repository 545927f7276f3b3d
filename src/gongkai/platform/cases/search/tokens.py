"""The tokeniser: every two neighbouring signs are a token, the last of a run stands alone.

A word is then found as a phrase, wherever it stands in a run, without a dictionary: 土地 in 国土地形 as well
as in 土地征收. The same function cuts the text and the question. Runs end at spaces, punctuation, symbols, so
that nothing is found across them. Width, case and compatibility forms do not matter (NFKC, case folding).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

BREAK = "¦"
"""Token between two runs: no phrase matches across it, for no question contains it."""
PASSAGE = 256
"""Tokens of one passage. PostgreSQL keeps at most 256 positions of a token, so none is ever lost."""
LONGEST = 64
"""Signs of the longest word that can be asked for; passages overlap by as many."""


def runs(text: str) -> Iterator[str]:
    """The runs of letters, ideographs, digits and their marks, in one form."""
    run: list[str] = []
    for sign in unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()):
        if unicodedata.category(sign)[0] in "LNM":
            run.append(sign)
        elif run:
            yield "".join(run)
            run.clear()
    if run:
        yield "".join(run)


def grams(run: str) -> list[str]:
    """Bigrams of a run, and its last sign alone; as many tokens as signs."""
    return [run[place : place + 2] for place in range(len(run))]


def tokens(texts: Sequence[str]) -> list[str]:
    """The tokens of texts, run after run."""
    found: list[str] = []
    for text in texts:
        for run in runs(text):
            if found:
                found.append(BREAK)
            found += grams(run)
    return found


def passages(all_tokens: Sequence[str]) -> list[Sequence[str]]:
    """Tokens in passages that overlap, so that every word of ``LONGEST`` signs is whole in one of them."""
    step = PASSAGE - LONGEST
    return (
        [all_tokens[start : start + PASSAGE] for start in range(0, max(len(all_tokens) - LONGEST, 1), step)]
        if all_tokens
        else []
    )


def phrases(question: str) -> list[list[str]]:
    """The words of a question, each as the tokens of a phrase; a word of one sign is one token to begin with.

    A word that is too long is cut into overlapping ones.
    """
    found: list[list[str]] = []
    for run in dict.fromkeys(runs(question)):
        if len(run) == 1:
            found.append([run])
        for start in range(0, len(run) - 1, LONGEST - 1):
            part = grams(run[start : start + LONGEST])[:-1]
            if part:
                found.append(part)
    return found
