"""A restore broken off while files are moved is finished by the next; a refused one leaves all as it was."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from gongkai.platform.operations.swapping import UNFINISHED, finish, move_all


class PowerCut(BaseException):
    """The machine stops."""


def present_and_restored(tmp_path: Path) -> tuple[Path, list[tuple[Path, Path]]]:
    """A home with old files, new ones beside them, and the moves that put these in place."""
    home, staged, aside = tmp_path / "home", tmp_path / "home" / "staged", tmp_path / "home" / "aside"
    staged.mkdir(parents=True)
    for name in ("database", "list"):
        (home / name).write_text(f"old {name}", encoding="utf-8")
        (staged / name).write_text(f"new {name}", encoding="utf-8")
    away = [(home / name, aside / name) for name in ("database", "list")]
    into = [(staged / name, home / name) for name in ("database", "list")]
    return home, [*away, *into]


def contents(home: Path) -> dict[str, str]:
    return {
        str(path.relative_to(home)): path.read_text(encoding="utf-8")
        for path in sorted(home.rglob("*"))
        if path.is_file()
    }


IN_PLACE = {
    "aside/database": "old database",
    "aside/list": "old list",
    "database": "new database",
    "list": "new list",
}


def nothing(_note: Mapping[str, str]) -> None:
    pass


def test_what_was_there_is_aside_and_what_was_restored_is_in_place(tmp_path: Path) -> None:
    home, moves = present_and_restored(tmp_path)
    move_all(home, moves, None, nothing)
    assert contents(home) == IN_PLACE


@pytest.mark.parametrize("done", range(5))
def test_broken_off_after_any_move_it_is_finished_later(tmp_path: Path, done: int) -> None:
    home, moves = present_and_restored(tmp_path)
    (home / UNFINISHED).write_text(
        json.dumps({"databases": None, "moves": [[str(a), str(b)] for a, b in moves]}), encoding="utf-8"
    )
    (home / "aside").mkdir()
    for source, target in moves[:done]:
        source.replace(target)
    assert finish(home, nothing)
    assert contents(home) == IN_PLACE
    assert not finish(home, nothing)


@pytest.mark.parametrize("done", range(1, 5))
def test_what_somebody_put_there_after_the_crash_is_not_taken_for_what_was_restored(
    tmp_path: Path, done: int
) -> None:
    home, moves = present_and_restored(tmp_path)
    (home / UNFINISHED).write_text(
        json.dumps({"databases": None, "moves": [[str(a), str(b)] for a, b in moves]}), encoding="utf-8"
    )
    (home / "aside").mkdir()
    for source, target in moves[:done]:
        source.replace(target)
    if not (home / "database").exists():
        (home / "database").write_text("new and empty", encoding="utf-8")
    assert finish(home, nothing)
    found = contents(home)
    stray = {name: text for name, text in found.items() if "stray" in name}
    assert {name: text for name, text in found.items() if name not in stray} == IN_PLACE
    assert list(stray.values()) == (["new and empty"] if done < 3 else [])


def test_a_log_beside_a_database_made_after_the_crash_does_not_stay_beside_the_restored_one(
    tmp_path: Path,
) -> None:
    home, moves = present_and_restored(tmp_path)
    log = (home / "log", home / "aside" / "log")
    log[0].write_text("old log", encoding="utf-8")
    planned = [*moves[:2], log, *moves[2:]]
    (home / UNFINISHED).write_text(
        json.dumps({"databases": None, "moves": [[str(a), str(b)] for a, b in planned]}), encoding="utf-8"
    )
    (home / "aside").mkdir()
    for source, target in planned[:3]:
        source.replace(target)
    log[0].write_text("log of another", encoding="utf-8")
    assert finish(home, nothing)
    assert not log[0].exists()
    assert log[1].read_text(encoding="utf-8") == "old log"


def test_where_the_server_refuses_to_rename_nothing_was_done(tmp_path: Path) -> None:
    home, moves = present_and_restored(tmp_path)
    before = contents(home)

    def refuse(_note: Mapping[str, str]) -> None:
        raise PermissionError("others are connected")

    with pytest.raises(PermissionError):
        move_all(home, moves, {"staged": "a", "aside": "b"}, refuse)
    assert contents(home) == before


def test_databases_are_renamed_again_after_a_crash_between_them_and_the_files(tmp_path: Path) -> None:
    home, moves = present_and_restored(tmp_path)
    calls: list[str] = []

    def swap(note: Mapping[str, str]) -> None:
        calls.append(note["staged"])
        if len(calls) == 2:  # the one within finish
            raise PowerCut

    with pytest.raises(PowerCut):
        move_all(home, moves, {"staged": "a", "aside": "b"}, swap)
    assert (home / UNFINISHED).exists()
    assert finish(home, swap)
    assert calls == ["a", "a", "a"]
    assert contents(home) == IN_PLACE
