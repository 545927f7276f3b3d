"""``gongkai setup`` makes what is missing, says so, and finds nothing to do the second time."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from tests.platform.committed import ROOT
from tests.platform.operations.conftest import GONGKAI, Installation, Office


def setup(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environ = {
        **os.environ,
        "GONGKAI_HOME": str(home),
        "GONGKAI_DATABASE": "",
        "GONGKAI_PROFILE": "demonstration",
    }
    environ.pop("GONGKAI_KEYS", None)
    return subprocess.run(
        [sys.executable, "-c", GONGKAI, "setup", *arguments], env=environ, cwd=ROOT, capture_output=True,
        text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_second_run_changes_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = setup(home, "--new")
    assert first.returncode == 0, first.stderr
    assert first.stdout.count("已") >= 4
    keys = (home / "keys.json").read_bytes()
    second = setup(home)
    assert second.returncode == 0, second.stderr
    assert "密钥文件" in second.stdout
    assert "本来就有" in second.stdout
    assert "结构已是最新" in second.stdout
    assert (home / "keys.json").read_bytes() == keys


def test_only_the_owner_can_read_what_is_in_the_home(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    assert setup(home, "--new").returncode == 0
    assert [mode(path) for path in (home, home / "keys.json", home / "gongkai.sqlite3")] == [
        0o700,
        0o600,
        0o600,
    ]


def test_a_keyring_is_not_made_unasked(tmp_path: Path) -> None:
    done = setup(tmp_path / "home")
    assert done.returncode == 2
    assert "--new" in done.stderr
    assert not (tmp_path / "home" / "keys.json").exists()


def test_no_new_keyring_where_there_are_data_of_a_lost_one(
    installation: Installation, office: Office
) -> None:
    (installation.home / "keys.json").unlink()
    done = installation.run("setup", "--new")
    assert done.returncode == 2
    assert "放回去" in done.stderr
    assert not (installation.home / "keys.json").exists()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("GONGKAI_PROFILE", "demo", "GONGKAI_PROFILE"),
        ("GONGKAI_PORT", "http", "GONGKAI_PORT"),
        ("GONGKAI_DATABASE", "mysql://x/y", "postgresql://"),
        ("GONGKAI_DATABASE", "postgresql://u:secret@db:port/y", "postgresql://"),
        ("GONGKAI_DATABASE", "postgresql://u:secret@[::1/y", "postgresql://"),
        ("GONGKAI_LOG", "loud", "warning"),
    ],
)
def test_a_variable_that_cannot_be_used_is_named(
    installation: Installation, name: str, value: str, said: str
) -> None:
    done = installation.here("setup", **{name: value})
    assert done.exit_code == 2
    assert said in done.stderr
    assert "secret" not in done.stderr


def test_a_server_that_is_away_is_told_in_a_sentence(installation: Installation) -> None:
    away = "postgresql://nobody@/none?host=/nowhere"
    done = installation.run("tick", GONGKAI_DATABASE=away)
    assert done.returncode == 2
    assert "连不上数据库" in done.stderr
    assert "Traceback" not in done.stderr
    done = installation.run("health", GONGKAI_DATABASE=away)
    assert done.returncode == 1
    assert "连不上数据库" in done.stdout
