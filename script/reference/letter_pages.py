"""The page of the letters of an office and of the variables of their templates."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from gongkai.platform.cases.letters.kinds import LETTERS, SOURCES, VARIABLES, LetterKind
from gongkai.platform.cases.letters.numbering import NUMBER_KINDS


def letters(generated: str) -> Iterator[str]:
    """Every letter with its number, act, fields and required variables; then every variable."""
    if not settings.configured:  # the words of sources are marked for translation; here they stand as written
        settings.configure(USE_I18N=False)
    yield from ("# 文书和变量 · Letters and their variables", "", generated, "")
    yield "文书的正文由本机关修改，写法见[文书](../how-to/letters.md)。软件自带的正文是自拟的，"
    yield "正式使用前由法制机构确认。"
    yield ""
    yield "An office edits the texts: see the [guide](../how-to/letters.md). `{{ name }}` prints a variable."
    yield "Keys are public and never given to another letter."
    yield from ("", "## 文书 · Letters", "")
    heads = (
        "键 Key", "文书 Letter", "编号 Number", "事项 Act", "办理时填写 Fields（* 必填 required）",
        "必须保留 Kept",
    )  # fmt: skip
    yield f"| {' | '.join(heads)} |"
    yield "|---|---|---|---|---|---|"
    for key, kind in LETTERS.items():
        yield _letter(key, kind)
    yield from ("", "## 编号 · Numbers", "", "形如 `云公复〔2026〕3号`：机关代字、类别、年份、序号。", "")
    yield from ("| 键 Key | 类别 Sign | 用于 For |", "|---|---|---|")
    for key, number in NUMBER_KINDS.items():
        yield f"| `{key}` | {number.sign} | {number.label_zh} |"
    yield from ("", "## 变量 · Variables", "")
    yield "| 写法 In templates | 标识符 Identifier | 内容 What it is | 例 Example | 来自 From |"
    yield "|---|---|---|---|---|"
    for name, variable in VARIABLES.items():
        example = variable.example.replace("|", "\\|")
        source = str(SOURCES[variable.source])
        yield f"| `{{{{ {name} }}}}` | `{variable.key}` | {variable.about} | {example} | {source} |"


def _letter(key: str, kind: LetterKind) -> str:
    fields = "、".join(f"{one.variable.name}{'*' if one.required else ''}" for one in kind.fields)
    number = NUMBER_KINDS[kind.number].sign if kind.number else ""
    act = f"`{kind.event}`" if kind.event else ""
    if kind.outcome:
        subs = "、".join(f"`{sub}`" for sub in kind.sub_kinds if sub)
        act += f"：`{kind.outcome}`" + (f"（{subs}）" if subs else "")
    return f"| `{key}` | {kind.label} | {number} | {act} | {fields} | {'、'.join(kind.requires)} |"
