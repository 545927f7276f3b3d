"""What the desk shows of the packages of a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gongkai.platform.cases.archive.rights import may_make, may_read_kept
from gongkai.platform.cases.models import ArchivePackage, CaseSummary
from gongkai.platform.core import private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.permissions import Act
from gongkai.platform.ledger.selectors import history
from gongkai.rules.cases.fold import fold


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version in the list."""

    version: int
    made_on: date
    by: str
    """Empty: a job of the system."""
    size: int
    manifest_sha256: str
    erased: bool
    """The file was erased with the person."""


@dataclass(frozen=True, slots=True)
class ArchiveView:
    """The packages of a case, the newest first."""

    versions: tuple[VersionRow, ...]
    archived_on: date | None
    file_number: str
    """档号, as it was entered with the act; empty where none was, or the actor may not read texts."""
    behind: bool
    """There are acts that the newest version does not hold."""
    may_make: bool
    may_read: bool
    may_copy: bool

    @property
    def newest(self) -> int:
        """The number of the newest version, 0 for none."""
        return self.versions[0].version if self.versions else 0

    @property
    def missing(self) -> bool:
        """The case is archived, and its package was not made or was erased."""
        return self.archived_on is not None and (not self.versions or self.versions[0].erased)


def archive_of(*, case: CaseSummary, actor: Actor) -> ArchiveView | None:
    """The packages of a case; ``None`` for whom may not see it."""
    body = case.body
    if not actor.may(Act.CASE_SEE, body):
        return None
    rows = ArchivePackage.objects.filter(body=body, stream=case.stream).select_related("made_by__person")
    versions = tuple(
        VersionRow(
            one.version, one.made_on, one.made_by.person.name if one.made_by is not None else "", one.size,
            one.manifest_sha256, one.file_id is None,
        )
        for one in rows.order_by("-version")
    )  # fmt: skip
    newest = rows.order_by("-version").values_list("last_seq", flat=True).first()
    archived_on, file_number = _archived(case, actor)
    return ArchiveView(
        versions=versions,
        archived_on=archived_on,
        file_number=file_number,
        behind=newest is not None and newest < case.last_seq,
        may_make=may_make(actor, body),
        may_read=bool(versions) and may_read_kept(body=body, stream=case.stream, actor=actor),
        may_copy=actor.may(Act.CASE_EXPORT, body),
    )


def _archived(case: CaseSummary, actor: Actor) -> tuple[date | None, str]:
    """When the case was archived, and under which file number."""
    state = fold(history(body=case.body_id, stream=case.stream).events)
    if state.archived_on is None:
        return None, ""
    refs = [
        str(event.payload["ref"]) for event in state.events
        if event.kind == "case.archived" and event.payload.get("ref")
    ]  # fmt: skip
    if not refs or not actor.may(Act.CASE_IDENTITY, case.body):
        return state.archived_on, ""
    return state.archived_on, str(private.read_many(refs[-1:]).get(refs[-1], {}).get("file_number", ""))
