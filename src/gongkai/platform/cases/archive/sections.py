"""What a case has beside its acts, as tables for the package; each topic gives its own, in this order.

A source takes the body, the case's stream and who reads, and gives a section, or ``None`` where the case has
nothing of the kind or the reader may not know of it: the rights are the source's to ask for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body


@dataclass(frozen=True, slots=True)
class Section:
    """A table with its heading."""

    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Source = Callable[[Body, str, Actor], Section | None]

SOURCES: tuple[Source, ...] = ()


def sections_of(*, body: Body, stream: str, actor: Actor) -> tuple[Section, ...]:
    """The sections of a case for a reader."""
    found = (source(body, stream, actor) for source in SOURCES)
    return tuple(section for section in found if section is not None and section.rows)
