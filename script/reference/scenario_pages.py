"""The page that leads from each article to the scenarios that test it, and to what is decided by hand."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from gongkai.rules.law import NotModelled, load_law

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # the scenarios are among the tests
from tests.rules.scenario import Scenario, read_scenarios

REGULATION = "ogi_regulation_2019"
LAST_ARTICLE = 56
_ARTICLE = re.compile(r"条例第(\d+)条\Z")
FOLDER = "../../tests/rules/scenarios"


def articles(generated: str) -> Iterator[str]:
    """The page of articles: for each what scenarios test of it and what the software leaves to people."""
    scenarios = read_scenarios()
    by_hand = load_law().not_modelled()
    tested: dict[str, list[Scenario]] = {}
    for scenario in scenarios:
        for article in scenario.articles:
            tested.setdefault(article, []).append(scenario)
    yield from ("# 条文与情形 · Articles and scenarios", "", generated, "")
    yield f"每一条文由哪些情形检验，哪些内容由人判断。共{len(scenarios)}个情形，写成可以逐条审阅的中文："
    yield "事件、日期、应有的结果。本页不是法律意见；发现情形写错，就是发现软件错了。"
    yield ""
    yield f"Which scenarios test each article, and what of it is decided by hand: {len(scenarios)} scenarios,"
    yield "written for a lawyer to review. Not legal advice."
    yield from ("", "## 政府信息公开条例 · The Regulation", "")
    yield "| 条 Article | 情形 Scenarios | 由人判断 Decided by hand |"
    yield "|---|---|---|"
    for number in range(1, LAST_ARTICLE + 1):
        count = len(tested.get(f"条例第{number}条", []))
        parts = "；".join(entry.part for entry in _of_article(by_hand, number))
        if count or parts:
            link = f"[{count}](#条例第{number}条)" if count else ""
            yield f"| {number} | {link} | {parts} |"
    untouched = [
        str(number)
        for number in range(1, LAST_ARTICLE + 1)
        if f"条例第{number}条" not in tested and not _of_article(by_hand, number)
    ]
    yield ""
    yield f"既没有情形、也没有列为由人判断的条：{'、'.join(untouched)}。这些条不涉及案件的期限与处理结果。"
    yield "Articles with neither, listed above, concern no deadline and no outcome of a case."
    for article in sorted(tested, key=_order):
        yield from ("", f"### {article}", "")
        for scenario in tested[article]:
            yield f"- {scenario.name}（[{scenario.topic}]({FOLDER}/{scenario.file}.yaml)）"
    yield from ("", "## 由人判断的其他内容 · Other matters decided by hand", "")
    yield "| 依据 Instrument | 条 Article | 内容 Part | 理由 Reason |"
    yield "|---|---|---|---|"
    instruments = load_law().instruments()
    for entry in by_hand:
        if entry.instrument != REGULATION:
            title = instruments[entry.instrument].short_zh
            yield f"| {title} | {entry.article} | {entry.part} | {entry.reason} |"


def _of_article(entries: tuple[NotModelled, ...], number: int) -> list[NotModelled]:
    return [
        entry
        for entry in entries
        if entry.instrument == REGULATION and re.match(r"\d+", entry.article or "")
        and int(entry.article.split(".")[0]) == number
    ]  # fmt: skip


def _order(article: str) -> tuple[int, int, str]:
    """The Regulation by number, then everything else by name."""
    found = _ARTICLE.match(article)
    return (0, int(found[1]), "") if found else (1, 0, article)
