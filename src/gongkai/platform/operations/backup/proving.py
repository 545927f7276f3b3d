"""Run as a program: is the restored copy in this home whole? Prints one line of JSON.

``{"proved": {…}}`` with numbers of what was verified, or ``{"problem": "…"}`` in Chinese.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import django


def main() -> int:
    """Bring the copy to this version, erase again who was erased, verify all of it."""
    django.setup()
    from gongkai.platform.operations.backup.proof import NotWhole, prove

    expected: dict[str, Any] = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    try:
        answer: dict[str, Any] = {"proved": prove(expected["facts"])}
    except NotWhole as error:
        answer = {"problem": str(error)}
    sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    return 1 if "problem" in answer else 0


if __name__ == "__main__":
    sys.exit(main())
