"""Making and handing out the package of a case for the archive (归档包), version by version."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from gongkai.platform.cases.archive.contents import Made, make_package, package_name
from gongkai.platform.cases.archive.rights import may_make, may_read_kept
from gongkai.platform.cases.case_view import NoSuchCase
from gongkai.platform.cases.models import ArchivePackage, CaseSummary, CaseText
from gongkai.platform.cases.readers import require_reader
from gongkai.platform.core import audit
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.files import open_file, store_file
from gongkai.platform.core.identifiers import opaque
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act, NotPermitted
from gongkai.platform.ledger.selectors import history
from gongkai.platform.ledger.services import lock


class MadeMeanwhile(RuntimeError):
    """Somebody made a version, or acted on the case, since the page was shown."""


class NothingChanged(RuntimeError):
    """It would be, to the byte, the version that is there: ``version``."""

    def __init__(self, version: int) -> None:
        super().__init__(str(version))
        self.version = version


class NoSuchPackage(LookupError):
    """There is no such package, its file was erased, or the actor may not know of it."""


def archive_case(*, body: Body, stream: str, expected_version: int, actor: Actor) -> ArchivePackage:
    """Make the package of a case as it is today and keep it.

    ``expected_version``: the newest version that the actor saw, 0 for none. What is in it is what the actor
    may read. Raises ``NotPermitted``, ``NoSuchCase``, ``MadeMeanwhile``, ``NothingChanged``, ``FileDamaged``.
    """
    if not may_make(actor, body):
        raise NotPermitted(Act.CASE_ACT, actor.seat, body)
    made = make_package(body=body, stream=stream, actor=actor)
    with transaction.atomic():
        lock(body=body.key)
        newest = ArchivePackage.objects.filter(stream=stream).order_by("-version").first()
        version = 0 if newest is None else newest.version
        if version != expected_version or history(body=body.key, stream=stream).seq != made.last_seq:
            raise MadeMeanwhile(stream)
        if newest is not None and newest.sha256 == made.sha256 and newest.file_id is not None:
            raise NothingChanged(newest.version)
        return _keep(body, stream, version + 1, made, actor)


def _keep(body: Body, stream: str, version: int, made: Made, actor: Actor) -> ArchivePackage:
    text = CaseText.objects.filter(stream=stream).select_related("subject").first()
    stored = store_file(
        body=body, stream=stream, content=made.content, name=package_name(made.number, version), actor=actor,
        subject=None if text is None else text.subject, made_here=True,
    )  # fmt: skip
    kept = ArchivePackage.objects.create(
        key=opaque("package"), body=body, stream=stream, version=version, last_seq=made.last_seq,
        made_on=actor.today, made_at=actor.present.moment, made_by=actor.seat, sha256=made.sha256,
        manifest_sha256=made.manifest_sha256, size=len(made.content), file=stored,
    )  # fmt: skip
    audit.record(
        "archive.made", actor=actor, body=body, object=stream,
        detail={"version": version, "files": made.files, "identity": made.with_identity},
    )  # fmt: skip
    return kept


@dataclass(frozen=True, slots=True)
class PackageFile:
    """A package to be handed out."""

    name: str
    content: bytes


def kept_package(*, body: Body, stream: str, version: int, actor: Actor) -> PackageFile:
    """A version that was kept, for whom ``may_read_kept``. Audited.

    Raises ``NotPermitted``, ``NoSuchPackage``, ``FileDamaged``.
    """
    require_reader(actor, stream)
    row = ArchivePackage.objects.filter(body=body, stream=stream, version=version)
    found = row.select_related("file").first()
    if not actor.may(Act.CASE_SEE, body) or found is None or found.file is None:
        raise NoSuchPackage(stream)
    if not may_read_kept(body=body, stream=stream, actor=actor):
        raise NotPermitted(Act.CASE_IDENTITY, actor.seat, body)
    content = open_file(found.file)
    audit.record("archive.read", actor=actor, body=body, object=stream, detail={"version": version})
    return PackageFile(package_name(_number(stream), version), content)


def package_for(*, body: Body, stream: str, actor: Actor) -> PackageFile:
    """A package made now for the actor's own rights and not kept. Audited.

    Raises ``NotPermitted``, ``NoSuchCase``, ``FileDamaged``.
    """
    if not actor.may(Act.CASE_SEE, body):
        raise NoSuchCase(stream)
    actor.require(Act.CASE_EXPORT, body)
    made = make_package(body=body, stream=stream, actor=actor)
    audit.record(
        "archive.read", actor=actor, body=body, object=stream,
        detail={"files": made.files, "identity": made.with_identity},
    )  # fmt: skip
    return PackageFile(package_name(made.number, None), made.content)


def _number(stream: str) -> str:
    return CaseSummary.objects.filter(stream=stream).values_list("number", flat=True).first() or ""
