"""Verification of a ledger: lines against the chain, roots against the heads, all against an anchor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain as joined
from pathlib import Path
from types import MappingProxyType

from gongkai.rules.ledger import errors
from gongkai.rules.ledger.chain import Damage, EntryRule, RootRule, Scan, State
from gongkai.rules.ledger.entry import Header, parse_header
from gongkai.rules.ledger.errors import LedgerError, Unreadable
from gongkai.rules.ledger.files import ROOTS, body_files, completed, file_name, lines_within
from gongkai.rules.ledger.hashing import ALGORITHMS, header_hash
from gongkai.rules.ledger.reading import read_header
from gongkai.rules.ledger.roots import NO_ROOT, Anchor, Head, Root, parse_root


@dataclass(frozen=True, slots=True)
class Verification:
    """What a verification found.

    ``cannot_exclude`` are codes of the catalogue: what may have happened without leaving a trace.
    ``heads`` are the heads of the chains whose file is undamaged: an anchor for the next time.
    """

    damages: tuple[Damage, ...]
    cannot_exclude: tuple[str, ...]
    bodies: tuple[str, ...]
    entries: int
    heads: MappingProxyType[str, Head]
    roots: int = 0

    @property
    def ok(self) -> bool:
        """True where no damage was found."""
        return not self.damages


@dataclass(frozen=True, slots=True)
class _Checked:
    body: str | None
    damages: list[Damage]
    heads: dict[int, str]
    last: Head
    recorded_at: str


@dataclass(frozen=True, slots=True)
class _CheckedRoots:
    damages: list[Damage]
    found: list[tuple[int, Root]]


@dataclass(frozen=True, slots=True)
class _Claim:
    """A head that the anchor or a root gives."""

    body: str
    head: Head
    by: str


def verify_lines(
    lines: Iterable[bytes],
    *,
    file: str = "",
    algorithm: str | None = None,
    state: State | None = None,
    first_line: int = 2,
) -> tuple[Damage, ...]:
    """The damages of lines in memory, each with its newline.

    - Without ``state`` the first line is the header.
    - With ``state`` (and ``algorithm``) the lines are those that follow it, numbered from ``first_line``:
      a stretch of a longer ledger. ``state`` is moved on to the last line.
    """
    if state is None:
        return tuple(_check(iter(lines), file, None, frozenset()).damages)
    rule = EntryRule(algorithm or ALGORITHMS[0])
    scan = Scan(rule, state, file=file, line=first_line, first_is_genesis=first_line == 2)
    return tuple(scan.run(lines).damages)


def verify(path: Path, anchor: Anchor | None = None) -> Verification:
    """Verify a directory, or one body's file.

    - Each file: the header, the canonical form of every line to the byte, the hash chain, gapless
      positions and numbers of streams, times that never run backwards.
    - ``roots.jsonl``: its own chain, and its heads against the entries.
    - With an anchor: its heads against the entries, and its root against ``roots.jsonl``. Without one a
      cut tail and a chain computed anew leave no trace, and ``cannot_exclude`` says so.

    Damages come in the order of files and lines. Raises ``Unreadable`` ``LG-E-023`` where there is no
    ledger, ``LG-E-009`` for one of a newer format, ``OSError`` as it comes; damage is never an exception.
    """
    directory = path if path.is_dir() else None
    files = [path] if directory is None else body_files(path)
    if directory is not None and not files and not (path / ROOTS).is_file():
        raise Unreadable("LG-E-023", path=path.name, body="")
    checked_roots = _roots_of(directory)
    claims = _claims(checked_roots.found, anchor)
    if directory is None:
        chains = [_chain_of(file, _own_name(file, claims), named=False) for file in files]
    else:
        chains = [_chain_of(file, file.name, named=True) for file in files]
    return _judge(chains, checked_roots, claims, anchor, whole=directory is not None)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a keeper of chains notes beside a chain of its last entry; ``recorded_at`` as in a line."""

    head: Head
    recorded_at: str


@dataclass(frozen=True, slots=True)
class Chain:
    """One body's chain, wherever it is kept."""

    file: str
    """How damages call it."""
    name: str
    """What its file is called in a directory (``file_name``)."""
    lines: Callable[[], Iterable[bytes]]
    """Gives the header and the entries, each with its newline."""
    named: bool = True
    """The header must be that of the body which ``name`` gives."""
    unfinished: Callable[[], Damage | None] = lambda: None
    kept: Callable[[], Kept | None] | None = None
    """Gives the keeper's own note (``None``: it is missing); asked once the lines have been read."""


def verify_chains(
    chains: Iterable[Chain],
    root_lines: Iterable[bytes],
    anchor: Anchor | None = None,
    *,
    whole: bool = True,
) -> Verification:
    """Verify chains that lie elsewhere than in files, such as in a database, as ``verify`` does files.

    ``whole=False``: there are further bodies that are not looked at, so none is missed. Raises
    ``Unreadable`` ``LG-E-009`` for a newer format.
    """
    checked_roots = _check_roots(root_lines)
    return _judge(chains, checked_roots, _claims(checked_roots.found, anchor), anchor, whole=whole)


def _chain_of(file: Path, name: str, *, named: bool) -> Chain:
    size, unfinished = completed(file)
    return Chain(
        file.name,
        name,
        lambda: lines_within(file, size),
        named,
        lambda: _unfinished(file, size) if unfinished else None,
    )


def _judge(
    chains: Iterable[Chain],
    checked_roots: _CheckedRoots,
    claims: dict[str, list[_Claim]],
    anchor: Anchor | None,
    *,
    whole: bool,
) -> Verification:
    found, root_damages = checked_roots.found, checked_roots.damages
    damages: list[Damage] = []
    heads: dict[str, Head] = {}
    names: list[str] = []
    seen: set[str] = set()
    entries = 0
    for chain in chains:
        claimed = claims.pop(chain.name, [])
        wanted = frozenset(c.head.position for c in claimed)
        checked = _check(chain.lines(), chain.file, chain.name if chain.named else None, wanted)
        own = [*checked.damages, *_contradictions(chain.file, checked, claimed)]
        if (unfinished := chain.unfinished()) is not None:
            own.append(unfinished)
        if chain.kept is not None:
            own += _head_damages(chain.file, checked, chain.kept())
        entries += checked.last.position
        names.append(checked.body or chain.file)
        seen.add(chain.name)
        if checked.body is not None and not own:
            heads[checked.body] = checked.last
        damages += own
    if whole:
        for name, claimed in claims.items():
            values = MappingProxyType({"body": claimed[0].body, "by": claimed[0].by})
            damages.append(Damage(errors.FILE_MISSING, name, 0, None, values))
        root_damages += _root_missing(found, anchor)
    caveats = _cannot_exclude(anchor, seen if whole else set())
    return Verification(
        (*damages, *root_damages), caveats, tuple(names), entries, MappingProxyType(heads), len(found)
    )


def _head_damages(file: str, checked: _Checked, kept: Kept | None) -> list[Damage]:
    """Where the note of the last entry is not that of the last line."""
    last = checked.last
    if kept == Kept(last, checked.recorded_at):
        return []
    expected = None if kept is None else kept.head.position
    if expected is not None and expected > last.position:
        values = {"by": "head", "expected": expected, "found": last.position}
        return [Damage(errors.TRUNCATED, file, last.position + 1, last.position, MappingProxyType(values))]
    values = {"expected": "-" if expected is None else expected, "found": last.position}
    return [Damage(errors.HEAD_DIFFERS, file, last.position + 1, last.position, MappingProxyType(values))]


def _own_name(file: Path, claims: dict[str, list[_Claim]]) -> str:
    """The name that a file given by itself would have in a directory: it may have been renamed."""
    try:
        return file_name(read_header(file).body)
    except LedgerError:
        return next(iter(claims)) if len(claims) == 1 else file.name


def _check(lines: Iterable[bytes], file: str, expected: str | None, wanted: frozenset[int]) -> _Checked:
    """The header, then the chain; ``expected`` is the name that the header's body must give."""
    iterator = iter(lines)
    first = next(iterator, b"")
    second = next(iterator, None)
    header, detail = None, ""
    if not first.endswith(b"\n"):
        detail = "no whole line"
    try:
        header = parse_header(first.removesuffix(b"\n"))
        if expected is not None and file_name(header.body) != expected:
            detail = f"body {header.body}"
    except LedgerError as error:
        if error.code == "LG-E-009" and _names(second, first):
            raise
        detail = str(error)
    rest: Iterable[bytes] = iterator
    if second is not None:
        rest = joined([second], iterator)
        header, detail = _told_by(second, header, detail)
    damages: list[Damage] = []
    if detail or header is None:
        damages.append(Damage(errors.HEADER_CHANGED, file, 1, None, MappingProxyType({"detail": detail})))
    state, algorithm = _start(header, second, changed=bool(damages))
    scan = Scan(EntryRule(algorithm), state, file=file, line=2, wanted=wanted).run(rest)
    heads = dict(scan.heads)
    if header is not None and not damages:
        heads[0] = header.hash
    body = header.body if header is not None else None
    last = Head(scan.state.position, scan.state.prev_hash)
    return _Checked(body, [*damages, *scan.damages], heads, last, scan.state.recorded_at)


def _names(second: bytes | None, first: bytes) -> bool:
    """Whether the first entry names that header: then it is of a newer format, and not changed."""
    raw = first.removesuffix(b"\n")
    return second is None or any(header_hash(a, raw).encode() in second for a in ALGORITHMS)


def _told_by(second: bytes, header: Header | None, detail: str) -> tuple[Header | None, str]:
    """What the first entry says of the header: another algorithm than it names is a change of the header."""
    if header is None or detail:
        return header, detail
    content = second.removesuffix(b"\n")
    if EntryRule(header.algorithm).fact(content).sound:
        return header, detail
    for algorithm in ALGORITHMS:
        if EntryRule(algorithm).fact(content).sound:
            return header, f"the entries are hashed with {algorithm}"
    return header, detail


def _start(header: Header | None, second: bytes | None, *, changed: bool) -> tuple[State, str]:
    """Where the chain starts; behind a changed header, as the first entry has it."""
    if header is not None and not changed:
        return State(header.hash), header.algorithm
    content = (second or b"").removesuffix(b"\n")
    for algorithm in ALGORITHMS:
        fact = EntryRule(algorithm).fact(content)
        if fact.sound and fact.position is not None:
            return State(fact.prev, fact.position - 1, adrift=True), algorithm
    return State(NO_ROOT, adrift=True), header.algorithm if header is not None else ALGORITHMS[0]


def _unfinished(file: Path, size: int) -> Damage:
    """An append whose mark is there still: what was never completed starts behind the others' lines."""
    return Damage(errors.TORN_TAIL, file.name, sum(1 for _line in lines_within(file, size)) + 1)


def _roots_of(directory: Path | None) -> _CheckedRoots:
    """The roots of a directory; none for a file by itself."""
    if directory is None or not (directory / ROOTS).is_file():
        return _CheckedRoots([], [])
    path = directory / ROOTS
    size, unfinished = completed(path)
    checked = _check_roots(lines_within(path, size))
    if unfinished:
        checked.damages.append(_unfinished(path, size))
    return checked


def _check_roots(lines: Iterable[bytes]) -> _CheckedRoots:
    """The damages of the lines of ``roots.jsonl``, and its sound roots with their lines."""
    found: list[tuple[int, Root]] = []

    def keep(number: int, raw: bytes) -> None:
        found.append((number, parse_root(raw.removesuffix(b"\n"))))

    scan = Scan(RootRule(), State(NO_ROOT), file=ROOTS, line=1, accepted=keep).run(lines)
    return _CheckedRoots(list(scan.damages), found)


def _claims(found: Sequence[tuple[int, Root]], anchor: Anchor | None) -> dict[str, list[_Claim]]:
    """Name of the body's file → what the anchor and the roots say of its heads."""
    claims: dict[str, list[_Claim]] = {}
    if anchor is not None:
        for body, head in anchor.heads.items():
            claims.setdefault(file_name(body), []).append(_Claim(body, head, "anchor"))
    for line, root in found:
        for body, head in root.heads.items():
            claims.setdefault(file_name(body), []).append(_Claim(body, head, f"{ROOTS}:{line}"))
    return claims


def _contradictions(file: str, checked: _Checked, claimed: Sequence[_Claim]) -> list[Damage]:
    """Where the chain is shorter or another than what was kept: the first by each witness."""
    told: set[tuple[str, str]] = set()
    damages: list[Damage] = []
    for claim in claimed:
        position, witness = claim.head.position, claim.by.partition(":")[0]
        if position > checked.last.position:
            code = errors.TRUNCATED
        elif checked.heads.get(position, claim.head.hash) != claim.head.hash:
            code = errors.COMPUTED_ANEW
        else:
            continue
        if (code, witness) in told:
            continue
        told.add((code, witness))
        values = {"by": claim.by, "expected": position, "found": checked.last.position}
        line = (checked.last.position if code == errors.TRUNCATED else position) + 1
        damages.append(Damage(code, file, line, position, MappingProxyType(values)))
    return damages


def _root_missing(found: Sequence[tuple[int, Root]], anchor: Anchor | None) -> list[Damage]:
    if anchor is None or anchor.root is None or any(root == anchor.root for _line, root in found):
        return []
    values = MappingProxyType({"date": anchor.root.date.isoformat()})
    return [Damage(errors.ROOT_MISSING, ROOTS, len(found) + 1, None, values)]


def _cannot_exclude(anchor: Anchor | None, files: set[str]) -> tuple[str, ...]:
    if anchor is None:
        return (errors.CANNOT_EXCLUDE_CUT, errors.CANNOT_EXCLUDE_ANEW)
    named = {file_name(body) for body in anchor.heads}
    others = (errors.CANNOT_EXCLUDE_OTHER_BODIES,) if files - named else ()
    return (errors.CANNOT_EXCLUDE_AFTER_ANCHOR, *others)
