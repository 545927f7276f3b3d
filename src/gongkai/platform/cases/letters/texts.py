"""Texts of letters: a small, closed part of Jinja2 in which an office may write.

Allowed are text, ``{{ 变量 }}`` and ``{% if 变量 %}…{% elif 变量 %}…{% else %}…{% endif %}``, with ``==``,
``!=``, ``and``, ``or``, ``not``. Everything else (attributes, calls, filters, loops, assignments, includes)
is refused by the syntax tree when the text is saved, and again when it is filled: a template can neither
reach Python nor run for ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from django.utils.translation import gettext as _
from jinja2 import TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from gongkai.platform.cases.letters.kinds import VARIABLES, LetterKind

MARKS = ("#", "|", "---")
"""What has a meaning at the beginning of a line; in a value it is made to have none."""
GUARD = "\u2060"
"""Word joiner: shown as nothing, and keeps a value's line from being read as a mark."""
LONGEST = 20_000
"""Characters of a template."""
DEEPEST = 24
"""Levels of its syntax tree. Python compiles 100 nested conditions at most, and recurses along chains."""

_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.If, nodes.Compare,
    nodes.Operand, nodes.And, nodes.Or, nodes.Not,
)  # fmt: skip
_COMPARISONS = frozenset({"eq", "ne"})


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a template: a public ``code``, the ``line``, and what was found (Chinese)."""

    code: str
    line: int | None
    message: str


class TemplateRefused(ValueError):
    """A text that cannot be saved or filled: its ``problems``."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("；".join(problem.message for problem in problems))
        self.problems = problems


class ValuesMissing(ValueError):
    """The letter says something that is not there: ``names`` of variables, as templates write them."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__("、".join(names))
        self.names = names


class Blank:
    """A value that is not there: false in a condition, noted where it would be printed."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __bool__(self) -> bool:
        return False


class _Environment(ImmutableSandboxedEnvironment):
    """No attribute, no item, no call is safe, whatever the syntax tree let through."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return False

    def is_safe_callable(self, obj: Any) -> bool:
        return False

    def getitem(self, obj: Any, argument: Any) -> NoReturn:
        raise TypeError("templates read no items")


def _environment() -> _Environment:
    environment = _Environment(autoescape=False, keep_trailing_newline=False)
    environment.globals.clear()
    environment.filters.clear()
    environment.tests.clear()
    return environment


def problems_of(kind: LetterKind, text: str) -> tuple[Problem, ...]:
    """Everything that keeps ``text`` from being the template of ``kind``; empty: it is good."""
    if not text.strip():
        return (Problem("empty", None, _("正文是空的。")),)
    if len(text) > LONGEST:
        return (Problem("too_long", None, _("正文超过 %d 字。") % LONGEST),)
    try:
        tree = _environment().parse(text)
    except TemplateSyntaxError as error:
        said = {"line": error.lineno, "why": _plainly(error)}
        return (Problem("syntax", error.lineno, _("第 %(line)s 行写法不对：%(why)s") % said),)
    except RecursionError:
        return (_too_deep(),)
    if _depth(tree) > DEEPEST:
        return (_too_deep(),)
    found = list(_forbidden(tree))
    used: set[str] = set()
    for node in tree.find_all(nodes.Name):
        if node.name in VARIABLES:
            used.add(node.name)
        else:
            said = {"line": node.lineno, "name": node.name}
            message = _("第 %(line)s 行：没有“%(name)s”这个变量。") % said
            found.append(Problem("unknown_variable", node.lineno, message))
    found += [
        Problem(
            "missing_variable",
            None,
            _("缺少必须写明的“%(name)s”：请在正文里保留 {{ %(name)s }}。") % {"name": name},
        )
        for name in kind.requires
        if name not in used
    ]
    allowed_fields = {field.variable.name for field in kind.fields}
    found += [
        Problem("foreign_variable", None, _("“%s”不在这种文书的填写项之内。") % name)
        for name in sorted(used)
        if VARIABLES[name].source == "field" and name not in allowed_fields
    ]
    return tuple(found)


def _too_deep() -> Problem:
    return Problem("syntax", None, _("条件套得太深，或者一个条件里连得太多，请分开写。"))


def _depth(tree: nodes.Template) -> int:
    deepest, stack = 0, list[tuple[int, nodes.Node]]([(1, tree)])
    while stack and deepest <= DEEPEST:
        depth, node = stack.pop()
        deepest = max(deepest, depth)
        stack.extend((depth + 1, child) for child in node.iter_child_nodes())
    return deepest


def _plainly(error: TemplateSyntaxError) -> str:
    message = error.message or ""
    if "end of template" in message or "Unexpected end" in message:
        return _("有没有写完的 {{ 或者 {% if %}")
    if "Unknown tag" in message or "unknown tag" in message:
        return _("只能用 {{ 变量 }} 和 {% if 变量 %}…{% endif %}")
    return _("请对照写法检查大括号和百分号")


def _forbidden(tree: nodes.Template) -> list[Problem]:
    found: list[Problem] = []
    stack: list[nodes.Node] = [tree]
    while stack:
        node = stack.pop()
        fine = isinstance(node, _ALLOWED)
        if isinstance(node, nodes.Operand):
            fine = node.op in _COMPARISONS
        elif isinstance(node, nodes.Const):
            fine = isinstance(node.value, str)
        elif isinstance(node, nodes.Name):
            fine = node.ctx == "load"
        if not fine:
            line = getattr(node, "lineno", None)
            found.append(
                Problem(
                    "forbidden",
                    line,
                    _("第 {line} 行：只能用 {{{{ 变量 }}}} 和 {{% if 变量 %}}…{{% endif %}}。").format(
                        line=line
                    ),
                )
            )
            continue
        stack.extend(node.iter_child_nodes())
    return found


def fill(kind: LetterKind, text: str, values: Mapping[str, str]) -> str:
    """The text with its values; ``values`` by the names of ``VARIABLES``, blank ones left out or empty.

    Raises ``TemplateRefused`` and, for values that would be printed but are not there, ``ValuesMissing``.
    """
    problems = problems_of(kind, text)
    if problems:
        raise TemplateRefused(problems)
    missing: dict[str, None] = {}

    def finalize(value: Any) -> str:
        if isinstance(value, Blank):
            missing.setdefault(value.name)
            return ""
        return str(value)

    environment = _environment()
    environment.finalize = finalize
    given = {name: guarded(values[name]) if values.get(name) else Blank(name) for name in VARIABLES}
    made = environment.from_string(text).render(given)
    if missing:
        raise ValuesMissing(tuple(missing))
    return "\n".join(line.rstrip() for line in made.splitlines() if line.strip())


def guarded(value: str) -> str:
    """A value whose lines mean nothing to the layout, however they begin."""
    lines = (line.strip() for line in value.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    kept = (GUARD + line if line.startswith(MARKS) else line for line in lines if line)
    return "\n".join(line + GUARD if line.endswith("|") else line for line in kept)
