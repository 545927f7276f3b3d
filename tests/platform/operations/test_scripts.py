"""The scripts that a newcomer types first say what they take."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def run(*command: str, home: Path | None = None) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("GONGKAI_", "DJANGO_"))}
    if home is not None:
        clean["GONGKAI_HOME"] = str(home)
    return subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, text=True, check=False)


def test_start_tells_how_it_is_used() -> None:
    told = run("script/start", "--help")
    assert told.returncode == 0
    assert "--port" in told.stdout
    assert "script/gongkai" in told.stdout


def test_start_insists_on_a_port_that_is_a_number() -> None:
    for wrong in ([], ["eight"], [""]):
        told = run("script/start", "--port", *wrong)
        assert told.returncode == 2
        assert "--port 8001" in told.stderr


def test_the_command_on_the_demonstration_leads_to_the_start_where_nothing_was_set_up(tmp_path: Path) -> None:
    told = run("script/gongkai", "demo", "day", home=tmp_path / "nothing")
    assert told.returncode == 2
    assert "请先运行 script/start" in told.stderr
    assert not (tmp_path / "nothing").exists()
