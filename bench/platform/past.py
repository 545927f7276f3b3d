#!/usr/bin/env python3
"""Bring in an office's past from a spreadsheet of 5,000 cases with 200 planted faults, with figures.

bench/platform/past.py --home DIR [--cases 5000] [--faults 200] [--kill]

The sheet is checked, every planted fault must be named by row, column and code; a mended one is checked and
brought in by the worker in a process of its own; with --kill the worker is killed after a third and started
again. At the end the running figures are compared with a plain count of the rows. PostgreSQL is used where
GONGKAI_DATABASE names one.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--cases", type=int, default=5000)
    parser.add_argument("--faults", type=int, default=200)
    parser.add_argument("--kill", action="store_true")
    arguments = parser.parse_args()
    arguments.home.mkdir(parents=True, exist_ok=True)
    from bench.platform.fill import prepare

    prepare(arguments.home)
    run(arguments.cases, arguments.faults, kill=arguments.kill)
    return 0


def run(count: int, faults: int, *, kill: bool) -> None:
    """Check a faulty sheet, then bring in a mended one."""
    from tests.platform.conftest import TODAY, make_body
    from tests.platform.past.sheets import book, lives, planted

    from gongkai.platform.cases.models import PastFinding
    from gongkai.platform.cases.services.past import order_import
    from gongkai.platform.core.models import DemonstrationDay

    DemonstrationDay.objects.update_or_create(id=1, defaults={"day": TODAY})
    county = make_body("云溪县人民政府", "云公", "county")
    rows = lives(count)
    wrong = [*rows]
    expected = {place + 4: (one.column, one.code) for place, one in planted(wrong, faults).items()}
    start = time.perf_counter()
    past = checked(county, book(wrong, title="台账", total=True))
    say(f"checked {past.cases} cases in {time.perf_counter() - start:.1f} s: {past.errors} errors")
    errors = PastFinding.objects.filter(past=past, level="error")
    if {one.row: (one.field, one.code) for one in errors} != expected or past.errors != faults:
        raise SystemExit("the errors found are not those planted")
    start = time.perf_counter()
    past = checked(county, book(rows, title="台账", total=True))
    say(f"checked the mended sheet in {time.perf_counter() - start:.1f} s: {past.errors} errors")
    order_import(past=past, actor=county.actor("approver"))
    start = time.perf_counter()
    if kill:
        kill_after(past.key, count // 3)
    worker("--once").wait()
    taken = time.perf_counter() - start
    past.refresh_from_db()
    say(
        f"{past.state}: {past.done} cases, {past.acts} acts in {taken:.0f} s ({past.acts / taken:.0f} acts/s)"
    )
    compare(county, rows, TODAY.year)


def checked(county: Any, content: bytes) -> Any:
    """A sheet as the services check it."""
    from tests.platform.past.conftest import checked

    return checked(county, content)


def kill_after(key: str, cases: int) -> None:
    """Start the worker, and kill it once so many cases are in."""
    from gongkai.platform.cases.models import PastImport

    process = worker()
    while PastImport.objects.get(key=key).done < cases:
        time.sleep(0.2)
    process.kill()
    process.wait()
    say(f"killed after {PastImport.objects.get(key=key).done} cases")


def worker(*arguments: str) -> subprocess.Popen[bytes]:
    """A worker in a process of its own."""
    code = "from gongkai.cli import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", code, "worker", *arguments], env=dict(os.environ), cwd=ROOT
    )


def compare(county: Any, rows: list[dict[str, Any]], year: int) -> None:
    """The running figures against a plain count."""
    from tests.platform.past.counted import figures_of
    from tests.platform.past.sheets import plainly

    if figures_of(county, range(2021, year + 1)) != plainly(rows, year):
        raise SystemExit("the figures are not a plain count of the rows")
    say("the running figures are a plain count of the rows")


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
