"""Whatever is changed in a package, or taken out of it, ``gongkai archive verify`` names it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.platform.after.conftest import Case, answer, archive, members

from gongkai.cli import program
from gongkai.platform.cases.archive.contents import make_package
from gongkai.platform.cases.archive.packing import LEDGER, MANIFEST, pack
from gongkai.platform.cases.archive.verifying import NotAPackage, verify_package
from gongkai.platform.ledger.exchange import export_ledger

pytestmark = pytest.mark.one_database  # what it asks of a database is tested on both elsewhere

DAY = date(2026, 7, 1)
Members = dict[str, bytes]


@pytest.fixture
def package(case: Case) -> bytes:
    """The package of an answered and archived case."""
    answer(case)
    archive(case, DAY)
    actor = case.place.actor("handler", DAY)
    return make_package(body=case.place.body, stream=case.stream, actor=actor).content


def plain(held: Members) -> bytes:
    """A ZIP of members as they are, the list of hashes not made anew."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, content in held.items():
            file.writestr(name, content)
    return out.getvalue()


def anew(held: Members) -> bytes:
    """A ZIP whose list of hashes fits what was changed."""
    return pack({name: content for name, content in held.items() if name != "SHA256SUMS"})


def lines(held: Members) -> list[bytes]:
    return held[LEDGER].splitlines(keepends=True)


def _page(held: Members) -> bytes:
    held["index.html"] += b"<p>more</p>"
    return plain(held)


def _letter_gone(held: Members) -> bytes:
    del held["letters/01-reply-needs-creation.pdf"]
    return plain(held)


def _added(held: Members) -> bytes:
    held["papers/99-other.pdf"] = b"%PDF"
    return plain(held)


def _letter_forged(held: Members) -> bytes:
    held["letters/01-reply-needs-creation.pdf"] = b"%PDF forged"
    return anew(held)


def _entry_forged(held: Members) -> bytes:
    held[LEDGER] = held[LEDGER].replace(b"2026-02-20", b"2026-02-19", 1)
    return anew(held)


def _entry_gone(held: Members) -> bytes:
    kept = lines(held)
    held[LEDGER] = b"".join([*kept[:3], *kept[4:]])
    return anew(held)


def _last_entry_gone(held: Members) -> bytes:
    held[LEDGER] = b"".join(lines(held)[:-1])
    return anew(held)


def _swapped(held: Members) -> bytes:
    first, second, third, *rest = lines(held)
    held[LEDGER] = b"".join([first, third, second, *rest])
    return anew(held)


FORGED: tuple[tuple[Callable[[Members], bytes], str], ...] = (
    (_page, "changed"), (_letter_gone, "missing"), (_added, "unlisted"), (_letter_forged, "manifest_file"),
    (_entry_forged, "entry_changed"), (_entry_gone, "entry_gap"), (_last_entry_gone, "entries_number"),
    (_swapped, "entry_order"),
)  # fmt: skip


@pytest.mark.parametrize(("forge", "code"), FORGED, ids=[code for _forge, code in FORGED])
def test_it_is_named(package: bytes, tmp_path: Path, forge: Callable[[Members], bytes], code: str) -> None:
    path = tmp_path / "package.zip"
    path.write_bytes(package)
    assert verify_package(path).ok
    path.write_bytes(forge(members(package)))
    found = verify_package(path)
    assert code in [fault.code for fault in found.faults]


def test_what_is_none_is_no_package(tmp_path: Path) -> None:
    path = tmp_path / "package.zip"
    for content in (b"no zip at all", plain({"readme.txt": b"hello"})):
        path.write_bytes(content)
        with pytest.raises(NotAPackage):
            verify_package(path)
    told = CliRunner().invoke(program, ["archive", "verify", str(path)])
    assert told.exit_code == 2 and "不是案件的归档包" in told.output


def test_names_that_lead_out_of_the_folder_are_told(package: bytes, tmp_path: Path) -> None:
    path = tmp_path / "package.zip"
    path.write_bytes(plain({**members(package), "../evil.txt": b"x"}))
    assert "name" in [fault.code for fault in verify_package(path).faults]


def test_the_whole_ledger_tells_what_the_package_alone_cannot(
    case: Case, package: bytes, tmp_path: Path
) -> None:
    (ledger,) = export_ledger(directory=tmp_path / "ledger", body=case.place.body.key)
    path = tmp_path / "package.zip"
    path.write_bytes(package)
    run = CliRunner()
    good = run.invoke(program, ["archive", "verify", str(path), "--ledger", str(ledger)])
    assert (
        good.exit_code == 0 and "没有发现问题" in good.output and f"{case.seq} 条记录在给出的" in good.output
    )
    alone = run.invoke(program, ["archive", "verify", str(path)])
    assert "只凭归档包不能证明" in alone.output
    kept = ledger.read_bytes().splitlines(keepends=True)
    ledger.write_bytes(b"".join(kept[:-1]))
    bad = run.invoke(program, ["archive", "verify", str(path), "--ledger", str(ledger), "--json"])
    assert bad.exit_code == 1
    told = json.loads(bad.output)
    assert told["ok"] is False and told["faults"][0]["code"] == "not_in_ledger"
    assert told["manifest_sha256"] and MANIFEST in members(package)
