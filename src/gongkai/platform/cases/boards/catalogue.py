"""What the boards show, as data: each column with its name, its definition and its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

import yaml

UNITS = ("件", "项", "%", "天", "日")


@dataclass(frozen=True, slots=True)
class Figure:
    """A column of a board. ``mark``: a mark of the style sheet, where it has one."""

    id: str
    name: str
    unit: str
    definition: str
    source: str
    mark: str = ""

    @property
    def column(self) -> str:
        """Its name within its table."""
        return self.id.partition(".")[2]


@cache
def catalogue() -> Mapping[str, Figure]:
    """All figures by ``id``, in their order; raises ``ValueError`` for a file that is not as it should be."""
    text = (resources.files("gongkai.platform.cases.boards") / "figures.yaml").read_text(encoding="utf-8")
    entries: Any = yaml.safe_load(text)
    found: dict[str, Figure] = {}
    for entry in entries:
        figure = Figure(**entry)
        if figure.id in found or figure.unit not in UNITS or not (figure.definition and figure.source):
            raise ValueError(f"figures.yaml: {entry}")
        found[figure.id] = figure
    return MappingProxyType(found)


def figures(group: str) -> tuple[Figure, ...]:
    """The figures of a table, in their order."""
    return tuple(one for key, one in catalogue().items() if key.partition(".")[0] == group)
