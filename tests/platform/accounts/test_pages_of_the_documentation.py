"""The tables of the documentation are those of the code. Written anew with ``GONGKAI_WRITE_DOCS=1``."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gongkai.platform.core.audit import ACTS
from gongkai.platform.core.models import Role
from gongkai.platform.core.permissions import TABLE, Act, Relation

DOCS = Path(__file__).resolve().parents[3] / "docs"


def table_of_permissions() -> str:
    lines = ["| act | own | subordinate |", "|---|---|---|"]
    for act in Act:
        cells = [
            "、".join(str(role.label) for role in Role if role in TABLE[act].get(which, frozenset())) or "—"
            for which in (Relation.OWN, Relation.SUBORDINATE)
        ]
        lines.append(f"| `{act.value}` | {cells[0]} | {cells[1]} |")
    return "\n".join(lines)


def table_of_acts() -> str:
    lines = ["| 种类 act | 说的是 |", "|---|---|"]
    return "\n".join([*lines, *(f"| `{act}` | {label} |" for act, label in sorted(ACTS.items()))])


PAGES = {
    "explanation/permissions.md": ("table", table_of_permissions),
    "reference/audit.md": ("acts", table_of_acts),
}


@pytest.mark.parametrize("page", PAGES)
def test_the_page_has_the_table_of_the_code(page: str) -> None:
    name, make = PAGES[page]
    path = DOCS / page
    text, begin, end = path.read_text(encoding="utf-8"), f"<!-- {name} -->\n", f"\n<!-- end of {name} -->"
    before, _mark, rest = text.partition(begin)
    assert _mark, f"{page} has no mark {begin.strip()}"
    after = rest.partition(end)[2] if end in rest else rest
    wanted = f"{before}{begin}\n{make()}\n{end}{after if after.startswith(chr(10)) else chr(10) + after}"
    if os.environ.get("GONGKAI_WRITE_DOCS"):
        path.write_text(wanted, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == wanted, f"{page} is not up to date"


def test_no_role_may_look_up_or_elsewhere() -> None:
    """The page says that nobody does."""
    for relations in TABLE.values():
        assert not set(relations) & {Relation.SUPERIOR, Relation.FOREIGN}


def test_the_three_administrators_see_no_case() -> None:
    """The page says so."""
    for act, relations in TABLE.items():
        if act.value.startswith(("case.", "figures.", "template.")):
            roles = set().union(*relations.values())
            assert not roles & {"system_administrator", "security_administrator", "audit_administrator"}
