"""The ledger of the database as files that anybody can verify, and files back into an empty database.

The format is that of ``gongkai.rules.ledger`` (``docs/reference/ledger-format.md``), to the byte.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from itertools import chain as joined
from itertools import islice
from pathlib import Path

from django.db import transaction

from gongkai.platform.core.snapshots import snapshot
from gongkai.platform.ledger.lines import any_text, entry_lines, header_line, root_lines
from gongkai.platform.ledger.models import LedgerEvent, LedgerHead, LedgerRoot
from gongkai.platform.ledger.services import row_of, row_of_root
from gongkai.platform.ledger.verifying import bodies_with_a_ledger
from gongkai.rules import kinds
from gongkai.rules.event import Event
from gongkai.rules.ledger import (
    ROOTS,
    LedgerError,
    Unreadable,
    Verification,
    body_path,
    file_name,
    read_header,
    read_ledger,
    roots,
    verify,
)

_BATCH = 500


class DamagedLedger(ValueError):
    """A file that was to be imported is damaged: ``found`` says how."""

    def __init__(self, path: Path, found: Verification) -> None:
        super().__init__(f"{path}: {len(found.damages)} damages, first: {found.damages[0].message('en')}")
        self.path, self.found = path, found


class LedgerNotEmpty(ValueError):
    """There are entries of that body, or roots, in the database already: nothing is merged."""

    def __init__(self, body: str) -> None:
        super().__init__(f"{body or ROOTS}: there are entries already")
        self.body = body


def export_ledger(*, directory: Path, body: str | None = None) -> tuple[Path, ...]:
    """Write the ledger of one body, or of all with ``roots.jsonl``, as files; return them.

    All or none, of one moment, and never over a file that is there. Nothing is verified: a damaged ledger
    gives damaged files. Raises ``LedgerError`` ``LG-E-017`` for a file that exists, ``Unreadable``
    ``LG-E-023`` where there is no ledger, ``OSError`` as it comes.
    """
    directory.mkdir(parents=True, exist_ok=True)
    parts: list[tuple[Path, Path]] = []
    try:
        with snapshot(), any_text():
            keys = bodies_with_a_ledger()
            wanted = keys if body is None else [key for key in keys if key == body]
            if not wanted:
                raise Unreadable("LG-E-023", path=directory.name, body=body or "")
            for key in wanted:
                head = LedgerHead.objects.filter(body=key).first()
                lines = joined([header_line(key, head)], entry_lines(key))
                _write(directory / file_name(key), lines, parts)
            if body is None and LedgerRoot.objects.exists():
                _write(directory / ROOTS, root_lines(), parts)
    except BaseException:
        for part, _path in parts:
            part.unlink(missing_ok=True)
        raise
    for part, path in parts:
        part.replace(path)
    return tuple(path for _part, path in parts)


def _write(path: Path, lines: Iterable[bytes], parts: list[tuple[Path, Path]]) -> None:
    if path.exists():
        raise LedgerError("LG-E-017", file=path.name)
    part = path.with_name(f"{path.name}.part")
    parts.append((part, path))
    with part.open("wb") as file:
        for line in lines:
            file.write(line)
        file.flush()
        os.fsync(file.fileno())


def import_ledger(path: Path) -> Verification:
    """Take a ledger file, or a directory of them with its roots, into the database: all or nothing.

    It is verified first, and after it was read once more against what was verified. The bodies must have no
    entries yet. Entries of kinds known here must have a registered shape; those of a newer schema are kept.
    What is projected from the ledger must be rebuilt by the caller.

    Raises ``DamagedLedger``, ``LedgerNotEmpty``, ``kinds.UnlawfulShape``, ``LedgerError``, ``OSError``.
    """
    found = verify(path)
    if not found.ok:
        raise DamagedLedger(path, found)
    with transaction.atomic():
        for file in body_path(path, None):
            _import_body(file, found)
        if path.is_dir():
            _import_roots(path)
    return found


def _import_body(file: Path, found: Verification) -> None:
    header = read_header(file)
    LedgerHead.objects.get_or_create(
        body=header.body, defaults={"algorithm": header.algorithm, "hash": header.hash}
    )
    head = LedgerHead.objects.select_for_update().get(body=header.body)
    if head.position or LedgerEvent.objects.filter(body=header.body).exists():
        raise LedgerNotEmpty(header.body)
    head.algorithm, head.hash = header.algorithm, header.hash
    entries = read_ledger(file)
    while batch := list(islice(entries, _BATCH)):
        for entry in batch:
            _check(entry.event)
        LedgerEvent.objects.bulk_create([row_of(header.body, entry) for entry in batch])
        last = batch[-1]
        head.position, head.hash, head.recorded_at = last.event.position, last.hash, last.event.recorded_at
    verified = found.heads[header.body]
    if (head.position, head.hash) != (verified.position, verified.hash):
        raise Unreadable("LG-E-011", file=file.name, line=head.position + 1, position=head.position)
    head.save()


def _check(event: Event) -> None:
    if event.kind in kinds.KINDS and event.schema <= kinds.SCHEMA:
        kinds.check(event.kind, event.payload, event.schema)


def _import_roots(directory: Path) -> None:
    found = roots(directory)
    if found and LedgerRoot.objects.exists():
        raise LedgerNotEmpty("")
    LedgerRoot.objects.bulk_create([row_of_root(root) for root in found], batch_size=_BATCH)
