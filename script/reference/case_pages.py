"""The generated pages on cases: kinds of events with their payloads, and codes of refusals."""

from __future__ import annotations

from collections.abc import Iterator

from gongkai.rules import vocabulary
from gongkai.rules.kinds import BODY_KINDS, CASE_KINDS, KINDS, Kind
from gongkai.rules.refusal import refusals

LISTS = (
    vocabulary.Channel,
    vocabulary.ApplicantKind,
    vocabulary.Method,
    vocabulary.Outcome,
    vocabulary.RemedyKind,
    vocabulary.RemedyResult,
    vocabulary.Instance,
    vocabulary.Procedure,
    vocabulary.RevokedBy,
    vocabulary.TaskKind,
    vocabulary.NoteKind,
    vocabulary.Scope,
    vocabulary.DocumentKind,
    vocabulary.DecisionKind,
)
EVERYWHERE = ("ref", "commitment", "facts")


def events(generated: str) -> Iterator[str]:
    """The page of kinds: keys that must and may stand in a payload, and the closed lists."""
    yield from ("# 事项 · Events", "", generated, "")
    yield "台账、接口和 `gongkai clock` 用同一套事项。日期写作 `2026-03-01`，金额写作文字（单位：元）。"
    yield "每种事项还可以有 `ref`（指向可删除的个人信息或正文）、`commitment`（其加盐哈希）、"
    yield "`facts`（办理时查得的其他案件情况）。"
    yield ""
    yield "The ledger, the API and `gongkai clock` share these kinds. Dates are ISO, amounts are strings in"
    yield "yuan. Every kind may also carry `ref` (to the erasable store), `commitment` (its salted hash) and"
    yield "`facts` (what was known of other cases)."
    yield "How acts lead to dates: [deadlines](../explanation/algorithms/deadlines.md)."
    for title, names in (("案件 · Of a case", CASE_KINDS), ("机关自身 · Of the body", BODY_KINDS)):
        yield from ("", f"## {title}", "")
        yield "| 种类 Kind | 名称 Name | 必有 Required | 可有 Optional |"
        yield "|---|---|---|---|"
        for kind in KINDS.values():
            if kind.name in names:
                yield _row(kind)
    yield from ("", "## 取值 · Closed lists")
    for values in LISTS:
        yield from ("", f"### {values.__name__}", "", "| 值 Value | 名称 Name |", "|---|---|")
        for member in values:
            yield f"| `{member.value}` | {member.label_zh} |"
    yield from ("", "### sub_kind", "", "| 结果 Outcome | 情形 Sub-kinds |", "|---|---|")
    for outcome, names in vocabulary.SUB_KINDS.items():
        yield f"| `{outcome.value}` | {_keys(sorted(names))} |"


def _row(kind: Kind) -> str:
    optional = [key for key in kind.optional if key not in EVERYWHERE]
    text = _keys(optional)
    if kind.exclusive is not None:
        text += f"（{kind.exclusive[0]}、{kind.exclusive[1]} 只取其一 at most one）"
    return f"| `{kind.name}` | {kind.label_zh} | {_keys(list(kind.required))} | {text} |"


def _keys(names: list[str]) -> str:
    return " ".join(f"`{name}`" for name in names) or "—"


def refusal_codes(generated: str) -> Iterator[str]:
    """The page of refusals: what stands against the act, the sentence, what may be entered instead."""
    yield from ("# 不予受理的理由 · Refusals", "", generated, "")
    yield "事项不合规定时，程序不修改、不猜测，只说明理由。代码公开，一经使用不改变含义。"
    yield "Where an act is not lawful the reason is given and nothing changes. Codes are public and never"
    yield "reused."
    yield from ("", "| 代码 Code | 依据 Against it | 理由 Reason | 可改为 Instead |", "|---|---|---|---|")
    for entry in refusals().values():
        reason = f"{entry.message['zh']}<br>{entry.message['en']}"
        yield f"| `{entry.code}` | {entry.article} | {reason} | {_keys(list(entry.instead))} |"
