#!/usr/bin/env python3
"""Fill an empty home with invented cases, fast, to measure the platform and to tune its queries.

bench/platform/fill.py --cases 100000 --home DIR [--open 2000] [--bodies 10] [--seed 1]

- Some hundreds of lives are made first: every act of each is judged by ``gongkai.rules`` and its list row
  is worked out by the code that the platform itself uses.
- Cases are stamped from them: own stream, number, applicant and words. What depends on none of these
  (dates, clocks) is copied. All entries are then chained by day of recording, as an office enters them.
- Rows are written past the services, for these do some hundred acts a second; one entry in a thousand is
  compared with what the ledger's own ``seal`` makes of it, and ``gongkai verify`` holds afterwards.

Half of the cases are the county's, the rest its departments'. PostgreSQL is used where GONGKAI_DATABASE
names one. Log-ins of the county: ``clerk``, ``handler``, ``approver``, ``supervisor``; the password is
``bench-password-1``.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", type=int, required=True)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--open", type=int, default=2000, help="cases that are not over (at most a fifth)")
    parser.add_argument("--bodies", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    prepare(arguments.home)
    from bench.platform.stamping import fill

    start = time.perf_counter()
    told = fill(arguments.cases, arguments.open, arguments.bodies, arguments.seed)
    sys.stdout.write(f"{told} in {time.perf_counter() - start:.0f} s\n")
    return 0


def prepare(home: Path) -> None:
    """Point the platform at ``home``, make its keys, migrate; refuses where there are cases already."""
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]
    os.environ["GONGKAI_HOME"] = str(home)
    os.environ.setdefault("GONGKAI_PROFILE", "demonstration")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.platform.settings")
    from gongkai.platform.core.keys import create_keys, keys_path

    if not keys_path(home.absolute()).exists():
        create_keys(keys_path(home.absolute()))
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from gongkai.platform.cases.models import CaseSummary

    if CaseSummary.objects.exists():
        raise SystemExit("there are cases already; give an empty home and database")


if __name__ == "__main__":
    sys.exit(main())
