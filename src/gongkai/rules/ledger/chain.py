"""A chain of lines against its hashes: sound lines at speed, and a name for what befell the others.

What a damage is called is told from the neighbours, for a line names the hash of the line before:

- *changed*: the line's own hash does not fit its content, or the line after it names another hash;
- *removed*: a sound line that names another line before it than stands there, and its position leaves a gap;
- *inserted*: further down stands the line that really follows the line before;
- *reordered*: so it does, and what stands in its way is itself a link of the chain from further down;
- *malformed*: no entry in its canonical form, to the byte; *torn tail*: the beginning of one at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

from gongkai.rules.ledger import errors
from gongkai.rules.ledger.entry import hashed_content, parse_entry
from gongkai.rules.ledger.files import is_torn
from gongkai.rules.ledger.hashing import ALGORITHMS, TAG_ENTRY, TAG_ROOT, chain_hash
from gongkai.rules.ledger.roots import parse_root

MOST_DAMAGES = 20
"""So many are told of one file; after that only that there are more."""


@dataclass(frozen=True, slots=True)
class Damage:
    """One thing wrong with a file: ``line`` from 1, the header's line included; ``position`` in the chain."""

    code: str
    file: str
    line: int
    position: int | None = None
    values: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    def message(self, language: str = "zh") -> str:
        """The damage as a sentence; ``ValueError`` for a language without texts."""
        slots = {"file": self.file, "line": self.line, "position": self.position, **self.values}
        return errors.describe(self.code, slots, language=language)


@dataclass(slots=True)
class State:
    """What the lines before have led to; where a verification of the lines after it starts."""

    prev_hash: str
    position: int = 0
    recorded_at: str = ""
    seqs: dict[str, int] = field(default_factory=dict[str, int])
    adrift: bool = False
    """After a damage: numbers of streams are taken as they come, once each."""


@dataclass(slots=True)
class Fact:
    """What a line says of itself. Not frozen, as one is made for every line."""

    ok: bool
    prev: str = ""
    hash: str = ""
    sound: bool = False
    """The hash fits the content."""
    position: int | None = None
    stream: str = ""
    seq: int = 0
    recorded_at: str = ""
    detail: str = ""


class Rule(Protocol):
    """How the lines of a kind of chain are read."""

    prev_key: bytes
    hash_key: bytes

    def fact(self, content: bytes) -> Fact: ...


class EntryRule:
    """Entries of a body."""

    prev_key = b',"prev_hash":"'
    hash_key = b',"hash":"'

    def __init__(self, algorithm: str) -> None:
        self._digest = chain_hash(algorithm, TAG_ENTRY)

    def fact(self, content: bytes) -> Fact:
        """Of a line without its newline; a line that is no entry has ``ok`` false."""
        try:
            members = parse_entry(content)
        except ValueError as error:
            return Fact(ok=False, detail=str(error))
        return Fact(
            True,
            members["prev_hash"],
            members["hash"],
            self._digest(members["prev_hash"], hashed_content(content)) == members["hash"],
            members["position"],
            members["stream"],
            members["seq"],
            members["recorded_at"],
        )


class RootRule:
    """Daily roots."""

    prev_key = b',"prev_root":"'
    hash_key = b',"root":"'

    def __init__(self) -> None:
        self._digests = {algorithm: chain_hash(algorithm, TAG_ROOT) for algorithm in ALGORITHMS}

    def fact(self, content: bytes) -> Fact:
        """Of a line without its newline; a line that is no root has ``ok`` false."""
        try:
            root = parse_root(content)
        except ValueError as error:
            return Fact(ok=False, detail=str(error))
        sound = root.computed() == root.root
        return Fact(True, root.prev_root, root.root, sound, recorded_at=root.date.isoformat())


@dataclass(slots=True)
class _Line:
    number: int
    raw: bytes


class Scan:
    """One pass over the lines of a chain, from ``state`` on.

    ``line`` is the number of the first line; hashes at the positions in ``wanted`` are kept in ``heads``.
    ``accepted`` is told of every sound line.
    """

    def __init__(
        self,
        rule: Rule,
        state: State,
        *,
        file: str,
        line: int,
        wanted: frozenset[int] = frozenset(),
        first_is_genesis: bool = True,
        accepted: Callable[[int, bytes], None] | None = None,
    ) -> None:
        self.state = state
        self.damages: list[Damage] = []
        self.heads: dict[int, str] = {}
        self._rule, self._file, self._line, self._wanted = rule, file, line, wanted
        self._genesis = first_is_genesis
        self._accepted = accepted
        self._before: tuple[_Line, Fact] | None = None

    def run(self, lines: Iterable[bytes]) -> Scan:
        """Go through the lines, each with its newline. Only after a damage are the rest held in memory."""
        number = self._line
        iterator = iter(lines)
        fact_of, take = self._rule.fact, self._take
        for raw in iterator:
            fact = fact_of(raw[:-1]) if raw[-1:] == b"\n" else None
            if fact is None or self._trouble(fact) is not None:
                rest = [_Line(number, raw)]
                rest += [_Line(n, r) for n, r in enumerate(iterator, start=number + 1)]
                self._settle(rest)
                break
            take(number, raw, fact)
            number += 1
        return self

    # -- sound lines -------------------------------------------------------------------------------------

    def _trouble(self, fact: Fact) -> str | None:
        """What is wrong with the line as the next one."""
        state = self.state
        if not fact.ok:
            return errors.MALFORMED
        if not fact.sound or fact.prev != state.prev_hash:
            return errors.CHANGED
        if fact.position is not None:
            if fact.position != state.position + 1:
                return errors.NUMBERING
            seq = state.seqs.get(fact.stream, 0)
            if fact.seq != seq + 1 and (seq or not state.adrift):
                return errors.NUMBERING
            if fact.recorded_at < state.recorded_at:
                return errors.CLOCK_BACKWARDS
        elif fact.recorded_at <= state.recorded_at:
            return errors.CLOCK_BACKWARDS
        return None

    def _take(self, number: int, raw: bytes, fact: Fact) -> None:
        state = self.state
        state.prev_hash, state.recorded_at = fact.hash, fact.recorded_at
        if fact.position is not None:
            state.position = fact.position
            state.seqs[fact.stream] = fact.seq
            if fact.position in self._wanted:
                self.heads[fact.position] = fact.hash
        self._before = (_Line(number, raw), fact)
        if self._accepted is not None:
            self._accepted(number, raw)

    # -- damaged lines -----------------------------------------------------------------------------------

    def _settle(self, rest: list[_Line]) -> None:
        """Name the damage at the first of these lines, take bearings anew, go on."""
        while rest:
            sound = self._sound_ones(rest)
            if sound == len(rest):
                return
            rest = rest[sound:]
            if len(self.damages) == MOST_DAMAGES:
                self._add(errors.MORE, rest[0].number, None)
                return
            rest = self._name(rest, self._fact(rest[0]))

    def _sound_ones(self, rest: Sequence[_Line]) -> int:
        """Take lines up to the first that is not sound; how many that were."""
        for index, line in enumerate(rest):
            fact = self._fact(line)
            if not line.raw.endswith(b"\n") or self._trouble(fact) is not None:
                return index
            self._take(line.number, line.raw, fact)
        return len(rest)

    def _fact(self, line: _Line) -> Fact:
        return self._rule.fact(line.raw.removesuffix(b"\n"))

    def _name(self, rest: list[_Line], fact: Fact) -> list[_Line]:
        """Report the damage at the first line; return the lines still to go through."""
        first, position = rest[0], self._next_position(fact)
        if not first.raw.endswith(b"\n") and len(rest) == 1:
            whole = fact.ok and self._trouble(fact) is None
            torn = whole or is_torn(first.raw)
            self._add(errors.TORN_TAIL if torn else errors.CHANGED, first.number, position)
            return []
        home = self._follower(rest)
        if home is not None:
            if self._is_link(rest, fact):
                at = rest[home].number
                self._add(errors.REORDERED, first.number, position, other=at)
                return self._in_order(rest)
            last = rest[home - 1].number
            self._add(errors.INSERTED, first.number, position, last=last, count=home)
            self._lose_bearings(self.state.prev_hash, self.state.position)
            return rest[home:]
        if not fact.ok:
            return self._malformed(rest, fact)
        if not fact.sound:
            self._add(errors.CHANGED, first.number, position)
            after = self._fact(rest[1]) if len(rest) > 1 else Fact(ok=False)
            known = fact.hash if not after.ok else after.prev
            self._lose_bearings(known, self.state.position + 1)
            return rest[1:]
        if fact.prev == self.state.prev_hash:
            trouble = self._trouble(fact) or errors.NUMBERING
            self._add(trouble, first.number, fact.position, expected=position, found=fact.position)
        else:
            self._misplaced(first, fact, position)
        self._lose_bearings(fact.prev, (fact.position or 1) - 1)
        return rest

    def _malformed(self, rest: list[_Line], fact: Fact) -> list[_Line]:
        count = 1
        while count < len(rest) and not self._fact(rest[count]).ok and rest[count].raw.endswith(b"\n"):
            count += 1
        last = rest[count - 1].number
        self._add(
            errors.MALFORMED,
            rest[0].number,
            self._next_position(fact),
            last=last,
            count=count,
            detail=fact.detail,
        )
        if count < len(rest):
            after = self._fact(rest[count])
            self._lose_bearings(after.prev, (after.position or 1) - 1)
        return rest[count:]

    def _misplaced(self, line: _Line, fact: Fact, position: int | None) -> None:
        """A sound line that names another line before it, and nothing below follows the line before."""
        if self._before is not None and fact.prev == self._before[1].prev:
            before = self._before[0].number
            self._add(errors.INSERTED, before, self._before[1].position, last=before, count=1)
        elif fact.position is None or position is None:
            self._add(errors.REMOVED, line.number, None, last=None, count=1)
        elif fact.position > position:
            last = fact.position - 1
            self._add(errors.REMOVED, line.number, position, last=last, count=fact.position - position)
        elif fact.position < position:
            self._add(errors.INSERTED, line.number, position, last=line.number, count=1)
        elif self._before is not None:  # the line before was changed and its hash computed anew
            self._add(errors.CHANGED, self._before[0].number, position - 1)
        elif self._genesis:
            self._add(errors.HEADER_CHANGED, 1, None, detail="the first entry names another hash")
        else:
            self._add(errors.CHANGED, line.number, position)

    def _next_position(self, fact: Fact) -> int | None:
        if isinstance(self._rule, RootRule):
            return None
        return self.state.position + 1

    def _lose_bearings(self, prev_hash: str, position: int) -> None:
        self.state = State(prev_hash, position, adrift=True)
        self._before = None
        self._genesis = False

    def _follower(self, rest: Sequence[_Line]) -> int | None:
        """The first line below the first that is sound and really follows the line before."""
        needle = self._rule.prev_key + self.state.prev_hash.encode()
        for index in range(1, len(rest)):
            if needle in rest[index].raw:
                fact = self._fact(rest[index])
                if fact.sound and fact.prev == self.state.prev_hash:
                    return index
        return None

    def _is_link(self, rest: Sequence[_Line], fact: Fact) -> bool:
        """Whether the first line, which stands in the way, belongs further down."""
        if not fact.sound or fact.hash == self.state.prev_hash or fact.prev == self.state.prev_hash:
            return False
        before = self._rule.hash_key + fact.prev.encode()
        after = self._rule.prev_key + fact.hash.encode()
        below = rest[1:]
        if any(line.raw == rest[0].raw for line in below):
            return False
        return any(before in line.raw or after in line.raw for line in below)

    def _in_order(self, rest: list[_Line]) -> list[_Line]:
        """The lines as the chain has them; those it does not reach stay behind in their order."""
        followers: dict[str, int] = {}
        hashes: dict[int, str] = {}
        for index, line in enumerate(rest):
            fact = self._fact(line)
            if fact.sound:
                followers.setdefault(fact.prev, index)
                hashes[index] = fact.hash
        order: list[int] = []
        at = followers.pop(self.state.prev_hash, None)
        while at is not None:
            order.append(at)
            at = followers.pop(hashes[at], None)
        reached = set(order)
        return [rest[i] for i in order] + [line for i, line in enumerate(rest) if i not in reached]

    def _add(self, code: str, line: int, position: int | None, **values: object) -> None:
        self.damages.append(Damage(code, self._file, line, position, MappingProxyType(values)))
