"""The bytes that are hashed, typed by hand: they are fixed for schema 1."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.ledger.make import START

from gongkai.rules.event import Event
from gongkai.rules.ledger import (
    ALGORITHMS,
    Header,
    LedgerError,
    NotCanonical,
    canonical,
    catalogue,
    commitment,
    create,
    describe,
    file_name,
    normalised,
    parse_anchor,
    parse_entry,
    read_ledger,
    seal,
    verify,
)
from gongkai.rules.ledger.canonical import parsed_exactly
from gongkai.rules.ledger.hashing import new_state

ROOT = Path(__file__).resolve().parents[3]
GOLDEN = Path(__file__).parent / "golden"

EVENT = Event(
    "correction.requested",
    date(2026, 2, 12),
    {"working_days": 15, "b": [True, None, '甲\n"乙"\\'], "amount": Decimal("12.30"), "a": {}},
    "case-1",
    seq=3,
    position=17,
    recorded_at=datetime(2026, 2, 12, 9, 30, tzinfo=timezone(timedelta(hours=8))),
    actor="seat-17",
)
ZEROS = "0" * 64
HASHED = (
    '{"actor":"seat-17","kind":"correction.requested","occurred_on":"2026-02-12",'
    '"payload":{"a":{},"amount":"12.30","b":[true,null,"甲\\n\\"乙\\"\\\\"],"working_days":15},'
    '"position":17,"recorded_at":"2026-02-12T01:30:00Z","schema":1,"seq":3,"stream":"case-1"}'
).encode()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"b": 1, "a": [1, "x", None, True, False]}, b'{"a":[1,"x",null,true,false],"b":1}'),
        (
            {"": {}, "é": 1, "z": 2, "\U00020000": 3, "\uffee": 4},
            '{"":{},"z":2,"é":1,"\uffee":4,"\U00020000":3}'.encode(),
        ),
        ("e\u0301", b'"\xc3\xa9"'),
        ("\x00\x08\t\n\x0b\x0c\r\x1f\x7f/\u2028", b'"\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f\x7f/\xe2\x80\xa8"'),
        (2**53 - 1, b"9007199254740991"),
        (-(2**53) + 1, b"-9007199254740991"),
        (Decimal("1E+2"), b'"100"'),
        (Decimal("0.10"), b'"0.10"'),
        (date(987, 1, 2), b'"0987-01-02"'),
        (datetime(2026, 1, 1, 7, tzinfo=timezone(timedelta(hours=8))), b'"2025-12-31T23:00:00Z"'),
        ((1, 2), b"[1,2]"),
    ],
)
def test_canonical_bytes(value: object, expected: bytes) -> None:
    assert canonical(value) == expected


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (1.0, "LG-E-001"),
        ({"a": [float("nan")]}, "LG-E-001"),
        (Decimal("NaN"), "LG-E-001"),
        (b"bytes", "LG-E-001"),
        ({1, 2}, "LG-E-001"),
        (2**53, "LG-E-002"),
        (-(2**53), "LG-E-002"),
        ("\ud800", "LG-E-003"),
        ({"\udfff": 1}, "LG-E-003"),
        ({1: 2}, "LG-E-004"),
        ({"é": 1, "e\u0301": 2}, "LG-E-004"),
        (datetime(2026, 1, 1), "LG-E-005"),
        (datetime(2026, 1, 1, microsecond=1, tzinfo=UTC), "LG-E-005"),
    ],
)
def test_what_has_no_canonical_form_is_refused(value: object, code: str) -> None:
    with pytest.raises(NotCanonical) as caught:
        canonical(value)
    assert caught.value.code == code


def test_values_nested_without_end_are_refused() -> None:
    deep: list[Any] = []
    for _level in range(100_000):
        deep = [deep]
    with pytest.raises(NotCanonical):
        canonical(deep)
    with pytest.raises(ValueError, match="deep"):
        parsed_exactly(b"[" * 100_000 + b"]" * 100_000)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_line_is_what_was_typed_by_hand(algorithm: str) -> None:
    entry, line = seal(EVENT, ZEROS, algorithm=algorithm)
    by_hand = hashlib.new(algorithm, b"gongkai:ledger:entry:1\0" + bytes(32) + HASHED).hexdigest()
    assert entry.hash == by_hand
    expected = HASHED.replace(b',"kind"', b',"hash":"%s","kind"' % by_hand.encode())
    expected = expected.replace(b',"recorded_at"', b',"prev_hash":"%s","recorded_at"' % ZEROS.encode())
    assert line == expected + b"\n"


def test_the_header_is_what_was_typed_by_hand() -> None:
    raw = b'{"algorithm":"sm3","body":"cn-110101","format":1,"ledger":"gongkai","schema":1}'
    header = Header("cn-110101")
    assert header.content() == raw
    assert header.hash == hashlib.new("sm3", b"gongkai:ledger:header:1\0" + raw).hexdigest()


@pytest.mark.parametrize("name", ["schema-1-sm3.jsonl", "schema-1-sha256.jsonl"])
def test_the_golden_file_reads_and_writes_as_ever(name: str, tmp_path: Path) -> None:
    golden = GOLDEN / name
    found = verify(golden)
    assert found.ok
    assert found.entries == 4
    entries = list(read_ledger(golden))
    made = create(tmp_path, "cn-110101", algorithm=golden.stem.split("-")[-1])
    made.append(
        [e.event for e in entries], expected_seq={"case-1": 0, "cn-110101": 0}, check=lambda *_a: None
    )
    assert made.path.read_bytes() == golden.read_bytes()


def test_sm3_gives_the_values_of_its_standard() -> None:
    vectors = {
        b"abc": "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
        b"abcd" * 16: "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732",
        b"": "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b",
    }
    for builtin in (True, False):
        for data, expected in vectors.items():
            state = new_state("sm3", builtin=builtin)
            state.update(data)
            assert state.copy().hexdigest() == expected
            assert state.hexdigest() == expected
    with pytest.raises(LedgerError, match="LG-E-006"):
        new_state("md5")


def test_a_commitment_depends_on_text_salt_and_their_border() -> None:
    salt = bytes(range(16))
    by_hand = hashlib.new(
        "sm3", b"gongkai:ledger:commitment:1\0" + b"\0" * 7 + b"\x10" + salt + "张三".encode()
    )
    assert commitment("张三", salt) == "sm3:" + by_hand.hexdigest()
    assert commitment("e\u0301", salt) == commitment("é", salt)
    assert commitment("b", salt + b"a") != commitment("ab", salt)
    assert commitment("张三", salt, algorithm="sha256").startswith("sha256:")
    with pytest.raises(LedgerError, match="LG-E-024"):
        commitment("张三", b"short")
    with pytest.raises(NotCanonical, match="LG-E-003"):
        commitment("\ud800", salt)


# -- any value -------------------------------------------------------------------------------------------

_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | _texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_texts, inner, max_size=4),
    max_leaves=12,
)


@st.composite
def payloads(draw: st.DrawFn) -> dict[str, Any]:
    value = draw(st.dictionaries(_texts, _values, max_size=5))
    try:
        return normalised(value)
    except NotCanonical:  # two keys that are the same in NFC
        return {}


@given(payloads())
def test_canonical_bytes_are_read_back_exactly(value: dict[str, Any]) -> None:
    raw = canonical(value)
    assert parsed_exactly(raw) == value
    assert json.loads(raw) == value
    assert canonical(json.loads(raw)) == raw


@given(payloads(), _texts, _texts.filter(bool), st.dates())
def test_an_event_comes_back_from_its_line(
    payload: dict[str, Any], actor: str, stream: str, day: date
) -> None:
    event = Event("note.added", day, payload, stream, 1, 1, START, actor)
    entry, line = seal(event, ZEROS)
    members = parse_entry(line[:-1])
    assert members["payload"] == payload
    assert entry.hash == members["hash"]
    again, same = seal(entry.event, ZEROS)
    assert (again, same) == (entry, line)


@given(st.lists(payloads(), min_size=1, max_size=5))
def test_a_ledger_comes_back_from_its_file(
    tmp_path_factory: pytest.TempPathFactory, found: list[Any]
) -> None:
    directory = tmp_path_factory.mktemp("ledger")
    made = create(directory, "龙江县")
    events = [Event("note.added", date(2026, 1, 1), payload, "case-1") for payload in found]
    entries = made.append(events, expected_seq={"case-1": 0}, check=lambda *_a: None, recorded_at=START)
    assert tuple(read_ledger(directory)) == entries
    assert verify(directory).ok
    shutil.rmtree(directory)


# -- names and texts -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("cn-110101", "cn-110101.jsonl"),
        ("A", "=41.jsonl"),
        ("roots", "=72oots.jsonl"),
        ("con.x", "=63on.x.jsonl"),
        (".hidden", "=2ehidden.jsonl"),
        ("../x", "=2e.=2fx.jsonl"),
        ("县", "=e5=8e=bf.jsonl"),
        ("a=b", "a=3db.jsonl"),
    ],
)
def test_a_body_has_a_safe_file_name(body: str, name: str) -> None:
    assert file_name(body) == name


@given(st.text(max_size=100), st.text(max_size=100))
def test_file_names_are_short_safe_and_distinct(first: str, second: str) -> None:
    try:
        names = [file_name(first), file_name(second)]
    except LedgerError as error:
        assert error.code == "LG-E-020"
        return
    assert all(len(name) <= 126 and name.isascii() and "/" not in name for name in names)
    assert all(name == name.lower() for name in names)
    assert (names[0] == names[1]) == (first == second)


def test_every_code_has_texts_in_both_languages_and_is_documented() -> None:
    page = (ROOT / "docs" / "reference" / "ledger-format.md").read_text(encoding="utf-8")
    for code, entry in catalogue().items():
        for texts in (entry.title, entry.message, entry.mend):
            assert set(texts) == {"zh", "en"}
        assert describe(code, {}, language="en")
        assert f"`{code}`" in page
        assert entry.title["zh"] in page
    with pytest.raises(ValueError, match="language"):
        describe("LG-D-001", {}, language="fr")


def test_every_code_that_is_used_stands_in_the_catalogue() -> None:
    folder = ROOT / "src" / "gongkai" / "rules" / "ledger"
    used = {c for f in folder.glob("*.py") for c in re.findall(r"\"(LG-[EDV]-\d{3})\"", f.read_text())}
    assert used == set(catalogue())


def test_the_example_of_the_format_page_is_the_golden_file_and_verifies(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "reference" / "ledger-format.md").read_text(encoding="utf-8")
    example, root = re.findall(r"^```json\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    golden = (GOLDEN / "schema-1-sm3.jsonl").read_text(encoding="utf-8").split("\n")
    assert example == "\n".join(golden[:3]) + "\n"
    assert page.count(example) == 2
    assert page.count(root.strip()) == 2
    (tmp_path / "cn-110101.jsonl").write_text(example, encoding="utf-8", newline="\n")
    (tmp_path / "roots.jsonl").write_text(root, encoding="utf-8", newline="\n")
    found = verify(tmp_path, parse_anchor(root))
    assert (found.ok, found.entries, found.roots) == (True, 2, 1)
    assert f"`{commitment('张三', bytes(range(16)))}`" in page
