"""The page of the boards: what each of their figures counts, and from what."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from gongkai.platform.cases.boards.catalogue import catalogue

GROUPS = {
    "cases_now": ("现在：案件", "Now: open cases, by body, handler, and whose turn it is"),
    "tasks_now": ("现在：交办", "Now: open tasks, by unit"),
    "tasks_due": ("按期：交办", "Punctuality: tasks, by unit"),
    "cases_answered": ("按期：案件", "Punctuality: answered cases, by body"),
    "flow": ("收与办", "Workload, by channel and month"),
    "losses": ("撤销与纠正", "Replies that did not stand, by cause, outcome and year"),
}


def boards(generated: str) -> Iterator[str]:
    """Every figure with its unit, definition and source."""
    yield from ("# 看板的各项 · Figures of the boards", "", generated, "")
    yield "看板怎样用，见[看板](../how-to/boards.md)。页面和导出的文件里写的定义，就是这里的定义。"
    yield "0 是数过、没有；空白是没有可算的；“—”是不适用。"
    yield ""
    yield "How to use them: see the [guide](../how-to/boards.md). Pages and files show these definitions."
    yield "Ids are public and never given to another figure. 0 is counted, a blank is nothing to tell from,"
    yield "— does not apply."
    for group, entries in groupby(catalogue().values(), key=lambda one: one.id.partition(".")[0]):
        chinese, english = GROUPS[group]
        yield from ("", f"## {chinese} · {english}", "")
        yield "| 键 Id | 项目 Figure | 单位 Unit | 定义 Definition | 来源 Source |"
        yield "|---|---|---|---|---|"
        for one in entries:
            yield f"| `{one.id}` | {one.name} | {one.unit} | {one.definition} | {one.source} |"
