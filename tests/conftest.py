"""Fixtures that more than one test package needs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

REPORTS_VARIABLE = "GONGKAI_REPORTS"


def reports_directory() -> Path:
    """Return where the real reports are looked for; relative paths start at the checkout."""
    return ROOT / os.environ.get(REPORTS_VARIABLE, "../shared/reports")


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the top of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def real_reports() -> dict[str, Path]:
    """Return the real reports, which are not ours to publish, by number: `"000"` → path.

    They lie outside the repository; where they are absent the test is skipped.
    """
    directory = reports_directory()
    found = {path.name.split("_", 1)[0]: path for path in sorted(directory.glob("[0-9][0-9][0-9]_*"))}
    if not found:
        pytest.skip(f"no real reports in {directory} (set {REPORTS_VARIABLE} to their directory)")
    return found


def made_once(factory: pytest.TempPathFactory, name: str) -> None:
    """Fail where a costly fixture, whose tests are one ``xdist_group``, is made by a second process.

    A runner that groups nothing says nothing: the run is only slower by a minute or two.
    """
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    try:
        (shared / f"made-{name}").touch(exist_ok=False)
    except FileExistsError:
        pytest.fail(f"{name}: made twice in one run; is --dist loadgroup heard?")
