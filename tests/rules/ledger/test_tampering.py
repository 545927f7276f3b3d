"""Whatever befalls the lines of a ledger is found, and named with its line and its kind."""

from __future__ import annotations

import json
import random
from datetime import date
from pathlib import Path

import pytest
from tests.rules.ledger.make import ledger, lines_of

from gongkai.rules.ledger import (
    Damage,
    LedgerError,
    State,
    canonical,
    file_name,
    parse_anchor,
    parse_entry,
    repair,
    verify,
    verify_lines,
    write_root,
)
from gongkai.rules.ledger import errors as codes
from gongkai.rules.ledger.chain import EntryRule, Fact, Scan
from gongkai.rules.ledger.entry import hashed_content
from gongkai.rules.ledger.hashing import SM3, TAG_ENTRY, chain_hash

MANY = 10_000
HASH = chain_hash(SM3, TAG_ENTRY)


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    return lines_of(ledger(tmp_path_factory.mktemp("short"), 5).path)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    return lines_of(ledger(tmp_path_factory.mktemp("many"), MANY).path)


def named(damages: tuple[Damage, ...]) -> list[tuple[str, int]]:
    assert all(damage.message("zh") and damage.message("en") for damage in damages)
    return [(damage.code, damage.line) for damage in damages]


def changed(line: bytes) -> bytes:
    return line.replace(b'"channel":"counter"', b'"channel":"postbox"')


def resealed(line: bytes, **other: object) -> bytes:
    """A forged line: other members, and its own hash computed to fit."""
    members = parse_entry(line[:-1]) | other
    draft = canonical(members)
    members["hash"] = HASH(str(members["prev_hash"]), hashed_content(draft))
    return canonical(members) + b"\n"


def forged(line: bytes) -> bytes:
    return resealed(line, actor="somebody")


# -- every byte ------------------------------------------------------------------------------------------


def test_a_sound_ledger_has_no_damage(short: list[bytes], many: list[bytes]) -> None:
    assert verify_lines(short) == ()
    assert verify_lines(many) == ()


def test_every_byte_of_a_short_ledger_matters(short: list[bytes]) -> None:
    data = b"".join(short)
    starts = [0]
    for line in short:
        starts.append(starts[-1] + len(line))
    chance = random.Random(1)  # noqa: S311
    for at, byte in enumerate(data):
        line = next(n for n, start in enumerate(starts[1:], start=1) if at < start)
        others = {byte ^ 1, byte ^ 0x20, 0, 0x0A, 0x20, 0x0D, chance.randrange(256)} - {byte}
        for other in others:
            broken = data[:at] + bytes([other]) + data[at + 1 :]
            damages = verify_lines(split(broken))
            assert damages, (at, byte, other)
            assert damages[0].line == line, (at, byte, other, damages)
            expected = {codes.HEADER_CHANGED} if line == 1 else {codes.CHANGED, codes.MALFORMED}
            assert damages[0].code in expected, (at, byte, other, damages)
            if (line, other) != (1, 0x0A):  # a header in two lines leaves a second one that is no entry
                assert len(damages) == 1, (at, byte, other, damages)


def split(data: bytes) -> list[bytes]:
    """Lines as a file gives them: only a newline ends one."""
    parts = data.split(b"\n")
    return [part + b"\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def test_a_byte_more_or_less_is_found(short: list[bytes]) -> None:
    data = b"".join(short)
    for at in range(len(data) - 1):
        assert verify_lines(split(data[:at] + data[at + 1 :])), at
        for more in (b" ", b"\n", b"x"):
            assert verify_lines(split(data[:at] + more + data[at:])), (at, more)


# -- every line of ten thousand --------------------------------------------------------------------------


class Stretches:
    """The lines around a line, and the state in which a verification of the whole would come to them."""

    def __init__(self, lines: list[bytes]) -> None:
        self.lines = lines
        self._members = [parse_entry(line[:-1]) for line in lines[1:]]
        self.header = self._members[0]["prev_hash"]

    def check(self, around: int, lines: list[bytes]) -> list[tuple[str, int]]:
        """Verify ``lines``, which stand for those from the third before index ``around`` on."""
        first = max(1, around - 3)
        before = self._members[: first - 1]
        hash_before = before[-1]["hash"] if before else self.header
        recorded = before[-1]["recorded_at"] if before else ""
        seqs = {m["stream"]: m["seq"] for m in before[-4:]}
        state = State(hash_before, first - 1, recorded, seqs)
        return named(verify_lines(lines, state=state, algorithm=SM3, first_line=first + 1))

    def around(self, index: int) -> tuple[list[bytes], int]:
        first = max(1, index - 3)
        return self.lines[first : index + 5], index - first


@pytest.fixture(scope="module")
def stretches(many: list[bytes]) -> Stretches:
    return Stretches(many)


def test_stretches_of_a_sound_ledger_are_sound(stretches: Stretches) -> None:
    for index in range(1, MANY, 97):
        lines, _at = stretches.around(index)
        assert stretches.check(index, lines) == []


def test_every_changed_line_is_named(stretches: Stretches) -> None:
    for index in range(1, MANY + 1):
        lines, at = stretches.around(index)
        lines[at] = changed(lines[at])
        assert stretches.check(index, lines) == [(codes.CHANGED, index + 1)]


def test_every_changed_line_with_its_own_hash_computed_anew_is_named(stretches: Stretches) -> None:
    for index in range(1, MANY):  # behind the last line nothing tells; an anchor does
        lines, at = stretches.around(index)
        lines[at] = forged(lines[at])
        assert stretches.check(index, lines) == [(codes.CHANGED, index + 1)]


def test_every_dropped_line_is_named(stretches: Stretches) -> None:
    for index in range(1, MANY):  # dropping the last is a cut tail
        lines, at = stretches.around(index)
        del lines[at]
        assert stretches.check(index, lines) == [(codes.REMOVED, index + 1)]


def test_every_line_inserted_before_another_is_named(stretches: Stretches) -> None:
    makes = (forged, changed, lambda _line: b"{}\n", lambda _line: b"\n")
    for index in range(1, MANY + 1):  # before every line one of them, before every seventh each
        for make in makes if index % 7 == 0 else makes[index % 4 :][:1]:
            lines, at = stretches.around(index)
            lines.insert(at, make(lines[at]))
            assert stretches.check(index, lines) == [(codes.INSERTED, index + 1)], make


def test_every_copy_of_a_line_is_named(stretches: Stretches) -> None:
    for index in range(2, MANY, 7):
        lines, at = stretches.around(index)
        lines.insert(at, lines[at - 1])
        assert stretches.check(index, lines) == [(codes.INSERTED, index + 1)]


def test_every_line_swapped_with_its_neighbour_is_named(stretches: Stretches) -> None:
    for index in range(1, MANY):
        lines, at = stretches.around(index)
        lines[at], lines[at + 1] = lines[at + 1], lines[at]
        assert stretches.check(index, lines) == [(codes.REORDERED, index + 1)]


class Remembering(EntryRule):
    """What a line says of itself, asked once: two hundred ledgers differ in a line or two."""

    def __init__(self) -> None:
        super().__init__(SM3)
        self._known: dict[bytes, Fact] = {}

    def fact(self, content: bytes) -> Fact:
        if content not in self._known:
            self._known[content] = super().fact(content)
        return self._known[content]


def samples(lines: list[bytes], index: int, other: int) -> list[tuple[list[bytes], str, int]]:
    before, line, after, rest = lines[:index], lines[index], lines[index + 1], lines[index + 2 :]
    far = list(lines)
    far[index], far[other] = far[other], far[index]
    return [
        ([*before, changed(line), after, *rest], codes.CHANGED, index + 1),
        ([*before, after, *rest], codes.REMOVED, index + 1),
        ([*before, forged(line), line, after, *rest], codes.INSERTED, index + 1),
        ([*before, after, line, *rest], codes.REORDERED, index + 1),
        (far, codes.REORDERED, min(index, other) + 1),
    ]


def test_whole_verifications_say_the_same(many: list[bytes], stretches: Stretches) -> None:
    chance = random.Random(2)  # noqa: S311
    rule = Remembering()
    for turn in range(40):
        index = chance.randrange(1, MANY - 4)
        other = chance.randrange(index + 2, MANY + 1)
        for lines, code, line in samples(many, index, other):
            scan = Scan(rule, State(stretches.header), file="", line=2).run(lines[1:])
            assert named(tuple(scan.damages)) == [(code, line)]
            if turn % 20 == 0:
                assert named(verify_lines(lines)) == [(code, line)]


def test_lines_moved_far_are_named(many: list[bytes]) -> None:
    lines = many[:400]
    moved = lines.pop(100)
    assert named(verify_lines([*lines[:300], moved, *lines[300:]])) == [(codes.REORDERED, 101)]
    assert named(verify_lines([*lines[:50], moved, *lines[50:]])) == [(codes.REORDERED, 51)]
    assert named(verify_lines([*many[:50], many[200], *many[50:400]])) == [(codes.INSERTED, 51)]
    assert named(verify_lines([*many[:50], many[20], *many[50:400]])) == [(codes.INSERTED, 51)]


def test_several_damages_are_each_named(many: list[bytes]) -> None:
    lines = many[:500]
    lines[400], lines[401] = lines[401], lines[400]
    del lines[300]
    lines[200] = changed(lines[200])
    lines.insert(100, forged(lines[100]))
    assert named(verify_lines(lines)) == [
        (codes.INSERTED, 101),
        (codes.CHANGED, 202),
        (codes.REMOVED, 302),
        (codes.REORDERED, 401),
    ]


def test_after_twenty_damages_only_that_there_are_more(many: list[bytes]) -> None:
    lines = [changed(line) if n and n % 10 == 0 else line for n, line in enumerate(many[:500])]
    damages = named(verify_lines(lines))
    assert len(damages) == 21
    assert damages[-1] == (codes.MORE, 211)


# -- rules that the hashes do not carry ------------------------------------------------------------------


def computed_anew(lines: list[bytes], index: int, **other: object) -> list[bytes]:
    """What somebody who can write the file can do: change an entry and compute the rest anew."""
    result = lines[:index]
    previous = parse_entry(lines[index][:-1])["prev_hash"]
    for n, line in enumerate(lines[index:], start=index):
        result.append(resealed(line, prev_hash=previous, **(other if n == index else {})))
        previous = parse_entry(result[-1][:-1])["hash"]
    return result


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"position": 9}, codes.NUMBERING),
        ({"seq": 9}, codes.NUMBERING),
        ({"recorded_at": "2026-02-12T01:29:59Z"}, codes.CLOCK_BACKWARDS),
    ],
)
def test_numbers_have_no_gap_and_time_runs_forward(
    short: list[bytes], other: dict[str, object], code: str
) -> None:
    damages = named(verify_lines(computed_anew(short, 3, **other)))
    assert damages[0] == (code, 4)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda m: m | {"payload": {"amount": 1.5}},
        lambda m: m | {"payload": {"amount": 2**60}},
        lambda m: m | {"payload": {"name": "e\u0301"}},
        lambda m: m | {"payload": []},
        lambda m: m | {"extra": 1},
        lambda m: m | {"position": True},
        lambda m: m | {"occurred_on": "2026-02-30"},
        lambda m: m | {"occurred_on": "20260212"},
        lambda m: m | {"recorded_at": "2026-02-12T01:30:00+00:00"},
        lambda m: m | {"recorded_at": "2026-02-12T01:30:00.000Z"},
        lambda m: m | {"kind": ""},
    ],
)
def test_a_line_with_a_fitting_hash_and_no_canonical_form_is_malformed(short: list[bytes], spoil) -> None:
    members = spoil(parse_entry(short[5][:-1]))
    text = json.dumps(members, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    members["hash"] = HASH(members["prev_hash"], hashed_content(text))
    text = json.dumps(members, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert named(verify_lines([*short[:5], text + b"\n"])) == [(codes.MALFORMED, 6)]


# -- headers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"algorithm":"sm3"', b'"algorithm":"sha256"'),
        (b"cn-110101", b"cn-110102"),
        (b'"format":1', b'"format":2'),
        (b'"format":1', b'"format":true'),
        (b'"ledger":', b'"Ledger":'),
    ],
)
def test_a_changed_header_is_one_damage(short: list[bytes], old: bytes, new: bytes) -> None:
    assert named(verify_lines([short[0].replace(old, new), *short[1:]])) == [(codes.HEADER_CHANGED, 1)]


def test_a_missing_header_and_an_empty_file_are_named(short: list[bytes]) -> None:
    assert named(verify_lines(short[1:]))[0] == (codes.HEADER_CHANGED, 1)
    assert named(verify_lines([])) == [(codes.HEADER_CHANGED, 1)]


def test_a_renamed_file_is_named(tmp_path: Path) -> None:
    made = ledger(tmp_path, 4)
    made.path.rename(tmp_path / file_name("cn-2"))
    assert [(d.code, d.line) for d in verify(tmp_path).damages] == [(codes.HEADER_CHANGED, 1)]


# -- cut tails, chains computed anew, anchors ------------------------------------------------------------


def test_a_cut_tail_is_found_with_an_anchor_only(tmp_path: Path) -> None:
    made = ledger(tmp_path, 9)
    head = verify(made.path).heads["cn-110101"]
    anchor = parse_anchor(f"cn-110101:{head.position}:{head.hash}")
    made.path.write_bytes(b"".join(lines_of(made.path)[:-3]))
    without = verify(tmp_path)
    assert without.ok
    assert codes.CANNOT_EXCLUDE_CUT in without.cannot_exclude
    found = verify(tmp_path, anchor)
    assert named(found.damages) == [(codes.TRUNCATED, 7)]
    assert codes.CANNOT_EXCLUDE_CUT not in found.cannot_exclude
    assert named(verify(made.path, anchor).damages) == [(codes.TRUNCATED, 7)]


def test_a_chain_computed_anew_is_found_with_an_anchor_only(tmp_path: Path) -> None:
    made = ledger(tmp_path, 9)
    head = verify(made.path).heads["cn-110101"]
    anchor = parse_anchor(f"cn-110101:{head.position}:{head.hash}")
    made.path.write_bytes(b"".join(computed_anew(lines_of(made.path), 3, actor="somebody")))
    without = verify(tmp_path)
    assert without.ok
    assert codes.CANNOT_EXCLUDE_ANEW in without.cannot_exclude
    assert named(verify(tmp_path, anchor).damages) == [(codes.COMPUTED_ANEW, 10)]


def test_roots_beside_the_files_tell_too_unless_they_were_changed_as_well(tmp_path: Path) -> None:
    made = ledger(tmp_path, 9)
    ledger(tmp_path, 3, body="龙江县教育局")
    root = write_root(tmp_path, date(2026, 2, 13))
    anchor = parse_anchor(root.content().decode())
    assert verify(tmp_path, anchor).ok
    whole = lines_of(made.path)
    made.path.write_bytes(b"".join(whole[:-3]))
    assert named(verify(tmp_path).damages) == [(codes.TRUNCATED, 7)]
    (tmp_path / "roots.jsonl").unlink()
    assert verify(tmp_path).ok
    assert [d.code for d in verify(tmp_path, anchor).damages] == [codes.TRUNCATED, codes.ROOT_MISSING]
    made.path.unlink()
    assert [d.code for d in verify(tmp_path, anchor).damages] == [codes.FILE_MISSING, codes.ROOT_MISSING]


def test_every_byte_of_the_roots_matters(tmp_path: Path) -> None:
    made = ledger(tmp_path, 3)
    for day in (13, 14, 15):
        write_root(tmp_path, date(2026, 2, day))
    assert verify(tmp_path).ok
    assert verify(tmp_path).roots == 3
    path = tmp_path / "roots.jsonl"
    data = path.read_bytes()
    for at in range(0, len(data)):
        path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        line = data[:at].count(b"\n") + 1
        damages = verify(tmp_path).damages
        assert damages, at
        assert (damages[0].file, damages[0].line) == ("roots.jsonl", line), (at, damages)
    lines = data.splitlines(keepends=True)
    for kept, code, line in (
        ([lines[0], lines[2]], codes.REMOVED, 2),
        (lines[1:], codes.REMOVED, 1),
        ([lines[1], lines[0], lines[2]], codes.REORDERED, 1),
        ([lines[0], lines[0], lines[1]], codes.INSERTED, 2),
        ([*lines[:2], lines[2][:50]], codes.TORN_TAIL, 3),
    ):
        path.write_bytes(b"".join(kept))
        assert named(verify(tmp_path).damages) == [(code, line)]
    assert made.path.exists()


@pytest.mark.parametrize("text", ["", "cn:1", "cn:x:" + "0" * 64, "cn:1:abc", "{}", '{"root":1}'])
def test_an_anchor_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(LedgerError) as caught:
        parse_anchor(text)
    assert caught.value.code == "LG-E-021"


# -- torn tails ------------------------------------------------------------------------------------------


def test_a_last_line_torn_anywhere_is_named_and_repaired(tmp_path: Path) -> None:
    made = ledger(tmp_path, 4)
    lines = lines_of(made.path)
    for at in range(1, len(lines[-1])):
        made.path.write_bytes(b"".join(lines[:-1]) + lines[-1][:at])
        assert named(verify(tmp_path).damages) == [(codes.TORN_TAIL, 5)], at
        done = repair(made.path)
        if at == len(lines[-1]) - 1:  # only the newline was missing: nothing complete is cut
            assert (done.cut, done.completed) == (0, True)
            assert lines_of(made.path) == lines
        else:
            assert (done.cut, done.completed) == (at, False)
            assert lines_of(made.path) == lines[:-1]
        assert verify(tmp_path).ok


def test_a_sound_or_a_damaged_file_is_never_cut(tmp_path: Path) -> None:
    made = ledger(tmp_path, 4)
    data = made.path.read_bytes()
    for other in (data, data[:-1] + b"x", data[:-30] + b"x" + data[-29:]):
        made.path.write_bytes(other)
        with pytest.raises(LedgerError) as caught:
            repair(made.path)
        assert caught.value.code == "LG-E-019"
        assert made.path.read_bytes() == other
