"""The counting package from changed source, imported under a name of its own; the checkout stays as it is."""

from __future__ import annotations

import importlib
import itertools
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import yaml

import gongkai.rules.counting

PACKAGE = "gongkai.rules.counting"
SOURCE = Path(gongkai.rules.counting.__file__).parent
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Mutation:
    """``old`` stands once in ``file`` and becomes ``new``; ``breaks`` says which rule is then broken."""

    id: str
    file: str
    old: str
    new: str
    breaks: str


class NoSuchText(ValueError):
    """The text to change does not stand in the file exactly once."""


def read_mutations() -> list[Mutation]:
    """The mutations of ``mutations.yaml``, numbered in their order within each file."""
    entries = yaml.safe_load((Path(__file__).parent / "mutations.yaml").read_text(encoding="utf-8"))
    return [
        Mutation(f"{file}-{at}", file, one["old"], one["new"], one["breaks"])
        for file, ones in entries.items()
        for at, one in enumerate(ones, 1)
    ]


@contextmanager
def counting_with(mutation: Mutation | None, folder: Path) -> Generator[ModuleType]:
    """The package with that change (``None``: without any), written into ``folder`` and imported from there.

    Raises ``NoSuchText`` where the source has moved on and the mutation must be written anew.
    """
    name = f"counting_changed_{next(_numbers)}"
    package = folder / name
    package.mkdir()
    for path in sorted(SOURCE.iterdir()):
        if path.suffix not in (".py", ".yaml"):
            continue
        text = path.read_text(encoding="utf-8")
        if mutation is not None and path.name == mutation.file:
            if (found := text.count(mutation.old)) != 1:
                raise NoSuchText(
                    f"{mutation.id}: the old text stands {found} times in {PACKAGE}/{mutation.file}; "
                    f"write the mutation anew ({mutation.breaks}):\n{mutation.old}"
                )
            text = text.replace(mutation.old, mutation.new)
        (package / path.name).write_text(text.replace(PACKAGE, name), encoding="utf-8")
    sys.path.insert(0, str(folder))
    try:
        importlib.invalidate_caches()
        yield importlib.import_module(name)
    finally:
        sys.path.remove(str(folder))
        for module in [m for m in sys.modules if m == name or m.startswith(f"{name}.")]:
            del sys.modules[module]
