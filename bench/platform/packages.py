#!/usr/bin/env python3
"""Every case of a demonstration as a package for the archive, held to its case page, with figures.

bench/platform/packages.py --home DIR

For each case, for a handler and for a report author: the package is unpacked into an empty folder, checked
with ``sha256sum -c`` and with our own verification, and compared with what the case page shows that reader.
Ends with 1 where anything is missing, or too much.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--home", type=Path, required=True)
    arguments = parser.parse_args()
    os.environ["GONGKAI_PROFILE"], os.environ["GONGKAI_HOME"] = "demonstration", str(arguments.home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "gongkai.platform.settings"
    import django

    django.setup()
    from tests.platform.after.every_case import hold_all

    lines, ok = hold_all()
    sys.stdout.write("\n".join(lines) + "\n")
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
