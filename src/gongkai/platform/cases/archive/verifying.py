"""Whether a package is what was packed, and its entries are what was entered. Needs no database, no Django.

What a package alone shows: every file has the hash that the list gives; each entry of the ledger fits its
own hash and names the hash before it; entries that stood next to each other are linked; the case's numbers
have no gap. What it cannot show: that nobody computed all of it anew, and that nothing was entered later. For
that compare the hash of the manifest with the one that the office kept, or the entries with its whole ledger.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from gongkai.platform.cases.archive.packing import LEDGER, MANIFEST, SUMS, is_member
from gongkai.rules.ledger import LedgerError, parse_header
from gongkai.rules.ledger.chain import EntryRule, Fact

MOST_PROBLEMS = 20
_CHUNK = 1 << 20


class NotAPackage(ValueError):
    """A file that is no archive package at all: ``why`` is a code, see ``Problem``."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: a public code, the member it is in, and what belongs to it."""

    code: str
    member: str = ""
    line: int | None = None


@dataclass(slots=True)
class Verified:
    """What was found in a package."""

    faults: list[Fault] = field(default_factory=list[Fault])
    files: int = 0
    entries: int = 0
    linked: int = 0
    """Entries whose neighbour before them is in the package, too, so that the link itself was seen."""
    case: str = ""
    body: str = ""
    manifest_sha256: str = ""
    in_ledger: int | None = None
    """Entries that stand in the whole ledger in their place; ``None``: it was not given."""

    @property
    def ok(self) -> bool:
        """Nothing is wrong."""
        return not self.faults


def verify_package(path: Path, *, ledger: Path | None = None) -> Verified:
    """Verify a package; with ``ledger`` (an exported file of the body) also that its entries stand there.

    Raises ``NotAPackage`` and ``OSError``.
    """
    found = Verified()
    try:
        with zipfile.ZipFile(path) as file:
            _verify(file, found, ledger)
    except zipfile.BadZipFile as bad:
        raise NotAPackage("no_zip") from bad
    del found.faults[MOST_PROBLEMS:]
    return found


def _verify(file: zipfile.ZipFile, found: Verified, ledger: Path | None) -> None:
    names = file.namelist()
    if SUMS not in names or MANIFEST not in names or LEDGER not in names:
        raise NotAPackage("members_missing")
    for name in names:
        if not is_member(name):
            found.faults.append(Fault("name", name))
    if len(set(names)) != len(names):
        found.faults.append(Fault("twice"))
    hashes = {name: _digest(file, name) for name in dict.fromkeys(names)}
    torn = [name for name in (SUMS, MANIFEST, LEDGER) if hashes[name] is None]
    if torn:  # nothing can be compared with what cannot be unpacked
        found.faults += [Fault("changed", name) for name in torn]
        return
    _check_sums(file.read(SUMS), hashes, found)
    found.manifest_sha256 = hashes[MANIFEST] or ""
    manifest = _manifest(file.read(MANIFEST))
    if manifest is None:
        found.faults.append(Fault("manifest", MANIFEST))
    else:
        found.case, found.body = str(manifest.get("number", "")), str(manifest.get("body_name", ""))
        _check_manifest(manifest, hashes, found)
    lines = file.read(LEDGER).split(b"\n")
    _check_entries(lines, manifest or {}, found)
    if ledger is not None:
        _compare(lines[1:-1], ledger, found)


def _digest(file: zipfile.ZipFile, name: str) -> str | None:
    """The hash of a member; ``None`` where it cannot be unpacked."""
    state = hashlib.sha256()
    try:
        with file.open(name) as member:
            while part := member.read(_CHUNK):
                state.update(part)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError):
        return None
    return state.hexdigest()


def _check_sums(raw: bytes, hashes: Mapping[str, str | None], found: Verified) -> None:
    listed: dict[str, str] = {}
    for number, line in enumerate(raw.decode(errors="replace").splitlines(), 1):
        value, gap, name = line.partition("  ")
        if not gap or len(value) != 64 or name in listed:
            found.faults.append(Fault("sums_line", SUMS, number))
            continue
        listed[name] = value
    for name, value in listed.items():
        if name not in hashes:
            found.faults.append(Fault("missing", name))
        elif hashes[name] != value:
            found.faults.append(Fault("changed", name))
    found.faults += [Fault("unlisted", name) for name in hashes if name not in listed and name != SUMS]
    found.files = len(listed)


def _manifest(raw: bytes) -> dict[str, Any] | None:
    try:
        value: object = json.loads(raw)
    except ValueError:
        return None
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


def _check_manifest(manifest: Mapping[str, Any], hashes: Mapping[str, str | None], found: Verified) -> None:
    """The files that it names are there, and no others."""
    files: object = manifest.get("files")
    rows = cast("list[Any]", files) if isinstance(files, list) else []
    named: set[str] = set()
    for row in rows:
        one = cast("dict[str, Any]", row) if isinstance(row, dict) else {}
        path = str(one.get("path", ""))
        named.add(path)
        if hashes.get(path) != one.get("sha256"):
            found.faults.append(Fault("manifest_file", path))
    found.faults += [Fault("unnamed", name) for name in hashes if "/" in name and name not in named]


def _check_entries(lines: list[bytes], manifest: Mapping[str, Any], found: Verified) -> None:
    try:
        header = parse_header(lines[0])
    except LedgerError:
        found.faults.append(Fault("ledger_header", LEDGER, 1))
        return
    if not lines or lines[-1] != b"":
        found.faults.append(Fault("ledger_torn", LEDGER, len(lines)))
    rule, before, at, number = EntryRule(header.algorithm), header.hash, 0, 0
    for line, raw in enumerate(lines[1:-1], 2):
        fact = rule.fact(raw)
        number += 1
        found.entries += 1
        for code in _faults_of(fact, number, at, before, str(manifest.get("stream", ""))):
            found.faults.append(Fault(code, LEDGER, line))
        if fact.ok and fact.position is not None:
            found.linked += fact.position == at + 1 and fact.prev == before
            before, at, number = fact.hash, fact.position, fact.seq
    if found.entries != manifest.get("entries"):
        found.faults.append(Fault("entries_number", LEDGER))


def _faults_of(fact: Fact, number: int, at: int, before: str, stream: str) -> Iterator[str]:
    if not fact.ok or fact.position is None:
        yield "entry_malformed"
        return
    if not fact.sound:
        yield "entry_changed"
    if fact.stream != stream:
        yield "entry_of_another_case"
    if fact.seq != number:
        yield "entry_gap"
    if fact.position <= at:
        yield "entry_order"
    elif fact.position == at + 1 and fact.prev != before:
        yield "entry_link"


def _compare(entries: list[bytes], ledger: Path, found: Verified) -> None:
    """Each entry stands in the whole ledger to the byte; ``gongkai ledger verify`` verifies that one."""
    wanted = set(entries)
    with ledger.open("rb") as file:
        there = {line.rstrip(b"\n") for line in file if line.rstrip(b"\n") in wanted}
    found.in_ledger = len(there)
    found.faults += [
        Fault("not_in_ledger", LEDGER, line) for line, raw in enumerate(entries, 2) if raw not in there
    ]
