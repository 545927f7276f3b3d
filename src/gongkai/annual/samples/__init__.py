"""Sample reports of our own writing: invented bodies, true to the form, in every type that is read."""

from __future__ import annotations

from importlib import resources
from importlib.resources.abc import Traversable

_KINDS = (".docx", ".html", ".json", ".pdf", ".txt", ".xlsx")


def sample_paths() -> tuple[Traversable, ...]:
    """The sample reports that the package carries, by name."""
    folder = resources.files("gongkai.annual.samples")
    found = (file for file in folder.iterdir() if file.name.endswith(_KINDS))
    return tuple(sorted(found, key=lambda file: file.name))
