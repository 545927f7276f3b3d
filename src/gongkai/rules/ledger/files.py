"""Where a ledger lies: one file a body, safe file names, locks, appends whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
import unicodedata
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from gongkai.rules.ledger.canonical import encoded, parsed_exactly
from gongkai.rules.ledger.errors import LedgerError, UnfinishedAppend

try:
    import fcntl
except ImportError:  # not a POSIX system
    fcntl = None

ROOTS = "roots.jsonl"
ENDING = ".jsonl"
PENDING = ".pending"
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_.")
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
_LONGEST = 120
LOCK_SECONDS = 10.0


def file_name(body: str) -> str:
    """The name of the body's file: lower-case letters, digits and ``-_.=``, for every file system.

    - Other characters are written as ``=`` and two hexadecimal digits for each byte of their UTF-8;
      so is the first character where the name would be hidden, a device of Windows, or ``roots``.
    - A name over 120 characters is cut after 80 and gets ``==`` and 32 digits of the id's SHA-256.

    Raises ``LedgerError`` ``LG-E-020`` for an id that is empty, not NFC, or has control characters or
    lone surrogates.
    """
    if not body or not unicodedata.is_normalized("NFC", body):
        raise LedgerError("LG-E-020", body=body)
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in body):
        raise LedgerError("LG-E-020", body=ascii(body))
    parts = [c if c in _PLAIN else _escaped(c) for c in body]
    if body.startswith(".") or body == "roots" or body.partition(".")[0] in _DEVICES:
        parts[0] = _escaped(body[0])
    name = "".join(parts)
    if len(name) > _LONGEST:
        name = f"{name[:80]}=={hashlib.sha256(body.encode()).hexdigest()[:32]}"
    return name + ENDING


def _escaped(character: str) -> str:
    return "".join(f"={byte:02x}" for byte in character.encode())


def body_files(directory: Path) -> list[Path]:
    """The bodies' files of a ledger directory, by name."""
    return sorted(f for f in directory.glob(f"*{ENDING}") if f.name != ROOTS and f.is_file())


# -- locks -----------------------------------------------------------------------------------------------


@contextlib.contextmanager
def locked(
    file: BinaryIO, path: Path, *, shared: bool = False, seconds: float = LOCK_SECONDS
) -> Generator[None]:
    """Hold the file's lock: one writer, or readers.

    Without ``fcntl`` a writer holds a neighbour ``<name>.lock`` that it made, and readers hold nothing.
    Raises ``LedgerError`` ``LG-E-018`` after so many seconds.
    """
    if fcntl is None:
        if shared:
            yield
        else:
            with _neighbour_lock(path, seconds):
                yield
        return
    kind = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB
    for _attempt in _attempts(path, seconds):
        try:
            fcntl.flock(file, kind)
            break
        except BlockingIOError:
            continue
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)


@contextlib.contextmanager
def _neighbour_lock(path: Path, seconds: float) -> Generator[None]:
    mark = path.with_name(path.name + ".lock")
    for _attempt in _attempts(mark, seconds):
        try:
            os.close(os.open(mark, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            break
        except FileExistsError:
            continue
    try:
        yield
    finally:
        mark.unlink()


def _attempts(path: Path, seconds: float) -> Iterator[None]:
    end = time.monotonic() + seconds
    while True:
        yield
        if time.monotonic() > end:
            raise LedgerError("LG-E-018", file=path.name)
        time.sleep(0.01)


# -- appends ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pending:
    """An append in progress, or one that was never completed: from which byte to which."""

    start: int
    end: int


def pending_of(path: Path) -> Pending | None:
    """The mark of an append that has begun and not ended, if there is one.

    A mark that is itself torn was not yet followed by any writing: it stands for nothing.
    """
    try:
        value = parsed_exactly(_mark(path).read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    match value:
        case {"start": int(start), "end": int(end)}:
            return Pending(start, end)
        case _:
            return None


def _mark(path: Path) -> Path:
    return path.with_name(path.name + PENDING)


def write_whole(file: BinaryIO, path: Path, data: bytes) -> None:
    """Append the lines so that after a crash either all stand or it can be told that they do not.

    The caller holds the lock. A mark beside the file says from where to where is being written; it goes
    when everything is on the disk.
    """
    start = file.seek(0, os.SEEK_END)
    mark = _mark(path)
    with mark.open("wb") as note:
        note.write(encoded({"start": start, "end": start + len(data)}))
        note.flush()
        os.fsync(note.fileno())
    sync_directory(path.parent)
    file.write(data)
    file.flush()
    os.fsync(file.fileno())
    mark.unlink()
    sync_directory(path.parent)


def sync_directory(directory: Path) -> None:
    """Bring names onto the disk, where the system can."""
    try:
        descriptor = os.open(directory, os.O_RDONLY)
    except OSError:  # Windows opens no directories
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def create_file(path: Path, data: bytes) -> None:
    """A new file with that content, on the disk; raises ``LedgerError`` ``LG-E-017`` where there is one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise LedgerError("LG-E-017", file=path.name) from None
    sync_directory(path.parent)


def completed(path: Path) -> tuple[int, bool]:
    """The bytes of the file that belong to completed appends, and whether one was never completed.

    Waits for an append in progress, so that this is a moment between two appends.
    """
    with path.open("rb") as file, locked(file, path, shared=True):
        size = file.seek(0, os.SEEK_END)
        pending = pending_of(path)
        return (size, False) if pending is None else (min(size, pending.start), True)


def lines_within(path: Path, size: int) -> Iterator[bytes]:
    """The lines of so many bytes, each with its newline."""
    with path.open("rb") as file:
        for raw in file:
            size -= len(raw)
            if size < 0:
                return
            yield raw


def refuse_unfinished(file: BinaryIO, path: Path) -> None:
    """Raise ``UnfinishedAppend`` ``LG-E-012`` where the last append was never completed."""
    size = file.seek(0, os.SEEK_END)
    if pending_of(path) is not None:
        raise UnfinishedAppend("LG-E-012", file=path.name)
    if size:
        file.seek(size - 1)
        if file.read(1) != b"\n":
            raise UnfinishedAppend("LG-E-012", file=path.name)


@dataclass(frozen=True, slots=True)
class Repair:
    """What ``repair`` did: bytes cut off, or an append found complete and only its mark taken away."""

    file: str
    cut: int
    completed: bool


def repair(path: Path) -> Repair:
    """Settle an append that never returned.

    - Everything that it wrote is there to the last byte: the append stands, the mark goes.
    - Otherwise what it wrote is cut off, back to the last completed append.
    - Without a mark (a copied file) a last line without newline is cut if it is no whole value of JSON; a
      canonical one gets its newline. Something complete is never cut.

    Raises ``LedgerError`` ``LG-E-019`` where nothing is torn, or the tail is damaged and not torn.
    """
    with path.open("r+b") as file, locked(file, path):
        size = file.seek(0, os.SEEK_END)
        pending = pending_of(path)
        mark, completed = _mark(path), False
        if pending is None:
            start = _torn_from(file, size)
            if start is None and _lacks_newline(file, size):
                file.seek(size)
                file.write(b"\n")
                size, completed = size + 1, True
                start = size
            elif start is None and mark.exists():  # a mark torn itself: nothing was written after it
                mark.unlink()
                return Repair(path.name, 0, completed=False)
            elif start is None:
                raise LedgerError("LG-E-019", file=path.name)
        elif not pending.start <= size <= pending.end:
            raise LedgerError("LG-E-019", file=path.name)
        else:
            completed = pending.start < size == pending.end and _whole(file, pending)
            start = size if completed else pending.start
        file.truncate(start)
        file.flush()
        os.fsync(file.fileno())
        mark.unlink(missing_ok=True)
        sync_directory(path.parent)
        return Repair(path.name, size - start, completed=completed)


def _whole(file: BinaryIO, pending: Pending) -> bool:
    """True where every line that the append was to write can be read (a crash may leave zeros)."""
    file.seek(pending.start)
    data = file.read(pending.end - pending.start)
    if not data.endswith(b"\n"):
        return False
    try:
        for line in data[:-1].split(b"\n"):
            parsed_exactly(line)
    except ValueError:
        return False
    return True


def _torn_from(file: BinaryIO, size: int) -> int | None:
    """Where the last line starts if it is torn."""
    tail = _tail(file, size)
    return size - len(tail) if is_torn(tail) else None


def _lacks_newline(file: BinaryIO, size: int) -> bool:
    """Whether the last line is canonical and only its newline was not written."""
    try:
        parsed_exactly(_tail(file, size))
    except ValueError:
        return False
    return True


def _tail(file: BinaryIO, size: int) -> bytes:
    """What stands behind the last newline."""
    data = b""
    at = size
    while at > 0 and b"\n" not in data:
        step = min(at, 65536)
        at -= step
        file.seek(at)
        data = file.read(step) + data
    return data[data.rfind(b"\n") + 1 :]


def is_torn(tail: bytes) -> bool:
    """True for the beginning of a line that broke off: text without newline that is no whole value."""
    if not tail or tail.endswith(b"\n"):
        return False
    return not _begins_whole(tail)


def _begins_whole(tail: bytes) -> bool:
    try:
        json.JSONDecoder().raw_decode(tail.decode(errors="replace"))
    except ValueError:
        return False
    return True
