"""Pages of the parameters of the law and of the holiday notices."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby

from gongkai.rules.law import (
    Bracket,
    DatedValue,
    Instrument,
    Law,
    NotModelled,
    Parameter,
    article_zh,
    load_law,
)
from gongkai.rules.workdays import FestivalDays, Notice, shipped_notices

TOPICS = {
    "request": ("申请与答复", "Requests and replies"),
    "fees": ("信息处理费", "The processing fee"),
    "remedies": ("行政复议与行政诉讼", "Remedies"),
    "disclosure": ("主动公开", "Disclosure"),
    "report": ("年度报告", "The annual report"),
    "participation": ("公众参与与规范性文件", "Participation and normative documents"),
    "media": ("网站与新媒体", "Sites and new media"),
}


def parameters(generated: str) -> Iterator[str]:
    """The page of all parameters of the law, of what is decided by hand, and of the instruments."""
    law = load_law()
    yield from ("# 法律参数 · Parameters of the law", "", generated, "")
    yield "每个参数的值按生效日期列出。标记：V 读过条文；V2 见于转述或适用它的页面；M 凭记忆，须核实；"
    yield "D 本软件自定。"
    yield "本单位可设：`stricter` 只能更严；`setting` 可以另定；`fixed` 不能改。"
    yield ""
    yield "Values by the day they take effect. Marks: V read in the instrument; V2 read in a page that"
    yield "reports or applies it; M from memory, to be confirmed; D our own decision. What a body may set:"
    yield "`stricter` only something stricter; `setting` another value; `fixed` nothing."
    topics = list(TOPICS)
    everything = sorted(map(law.parameter, law.keys()), key=lambda p: topics.index(p.topic))
    for topic, members in groupby(everything, key=lambda p: p.topic):
        yield from ("", f"## {' · '.join(TOPICS[topic])}", "")
        yield "| 参数 Parameter | 自 From | 值 Value | 依据 Source | 标记 Mark | 可设 May set |"
        yield "|---|---|---|---|---|---|"
        noted: list[Parameter] = []
        for parameter in members:
            yield from (_value_row(law, parameter, value) for value in parameter.values)
            if parameter.note is not None or parameter.choices:
                noted.append(parameter)
        for parameter in noted:
            choices = "；".join(f"`{key}` {label}" for key, label in parameter.choices.items())
            note = "".join(part for part in (choices, "。" if choices else "", parameter.note or ""))
            yield from ("", f"- `{parameter.key}`：{note}")
    yield from ("", "## 由人判断的 · Decided by hand", "")
    yield "这些条款的内容本软件不代为判断。"
    yield "What this software does not carry out."
    yield from ("", "| 条款 Article | 内容 Part | 理由 Reason |", "|---|---|---|")
    order = list(law.instruments())
    for entry in sorted(law.not_modelled(), key=lambda e: (order.index(e.instrument), _number(e))):
        title = law.instruments()[entry.instrument].short_zh
        yield f"| 《{title}》{article_zh(entry.article)} | {entry.part} | {entry.reason} |"
    yield from (
        "",
        "## 文件 · Instruments",
        "",
        "| 文件 | 文号 | 施行 In force | 标记 Mark |",
        "|---|---|---|---|",
    )
    yield from (_instrument_row(instrument) for instrument in law.instruments().values())


def _number(entry: NotModelled) -> list[int]:
    return [int(part) if part else 0 for part in entry.article.split(".")]


def _value_row(law: Law, parameter: Parameter, dated: DatedValue) -> str:
    name = f"{parameter.label_zh} `{parameter.key}`"
    source = law.cite(parameter.key, on=dated.effective_from)
    value = _value_text(dated)
    local = parameter.local.value
    return f"| {name} | {dated.effective_from} | {value} | {source} | {dated.mark.value} | `{local}` |"


def _value_text(dated: DatedValue) -> str:
    match dated.value:
        case None:
            return "—"
        case tuple():
            return "<br>".join(_item_text(item) for item in dated.value) or "（无）"
        case bool():
            return "是 yes" if dated.value else "否 no"
        case int():
            return f"{dated.value} {dated.unit.value}"
        case _text:
            return f"`{dated.value}`"


def _item_text(item: str | Bracket) -> str:
    if isinstance(item, str):
        return f"`{item}`"
    last = "…" if item.last is None else item.last
    growing = "" if item.every is None else f"，每 {item.every} 加 {item.increase}"
    return f"{item.first}–{last}：{item.rate} yuan{growing}"


def _instrument_row(instrument: Instrument) -> str:
    since = instrument.in_force_from if instrument.in_force_from is not None else "—"
    return f"| {instrument.title_zh} | {instrument.number or '—'} | {since} | {instrument.mark.value} |"


def holidays(generated: str) -> Iterator[str]:
    """The page of the shipped holiday notices, newest first."""
    notices = shipped_notices()
    yield from ("# 放假通知 · Holiday notices", "", generated, "")
    yield "由 `src/gongkai/rules/workdays/notices/` 下的文件生成；怎样加入新的通知，"
    yield "见[做法](../how-to/holiday-notice.md)。标记说明标题和文号的来源：V 读过通知；V2 见于转述；"
    yield "M 凭记忆。"
    yield ""
    yield "Made from the files in `src/gongkai/rules/workdays/notices/`. Marks tell where title and number"
    yield "come from: V the notice was read; V2 reported; M from memory. How working days are counted:"
    yield "[working days](../explanation/algorithms/working-days.md)."
    for notice in reversed(notices):
        yield from ("", f"## {notice.year}", "")
        yield f"{notice.title}（{_numbered(notice.number)}，{notice.mark}）"
        yield from (f"；{title}（{_numbered(number)}，{mark}）" for title, number, mark in notice.amended_by)
        if notice.note is not None:
            yield from ("", notice.note)
        yield from ("", "| 节日 | 放假 Days off | 调休上班 Worked |", "|---|---|---|")
        yield from (_festival_row(notice, festival) for festival in notice.festivals)


def _numbered(number: str | None) -> str:
    return number if number is not None else "文号未收录"


def _festival_row(notice: Notice, festival: FestivalDays) -> str:
    def short(day: date) -> str:
        return day.strftime("%m-%d") if day.year == notice.year else str(day)

    span = short(festival.first)
    if festival.last != festival.first:
        span += f" – {short(festival.last)}"
    return f"| {festival.name} | {span} | {'、'.join(short(day) for day in festival.worked)} |"
