"""Print how exactly every shape and damage is read: ``python -m tests.annual.generate --summary``.

``--seeds 5000 5005`` takes seeds that no test has seen; ``--save DIR`` writes the files instead;
``--only WORD`` keeps the classes whose name holds the word.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from .cases import Case, clean_cases, damage_cases, run
from .judge import Verdict


def _line(name: str, verdicts: list[Verdict]) -> str:
    cells = sum(v.cells for v in verdicts)
    exact = sum(v.exact for v in verdicts)
    counts = [sum(len(getattr(v, kind)) for v in verdicts) for kind in ("wrong", "short", "silent", "other")]
    share = f"{100 * exact / cells:6.1f}%" if cells else "      –"
    mark = "  " if not any(counts) else "! "
    return f"{mark}{name:48}{len(verdicts):4}{share}" + "".join(f"{n:8}" for n in counts)


def _summary(classes: dict[str, list[Case]], verbose: bool) -> int:
    out = sys.stdout
    out.write(f"  {'class':48}{'n':>4}{'exact':>7}{'wrong':>8}{'short':>8}{'silent':>8}{'other':>8}\n")
    bad = 0
    for name, cases in classes.items():
        verdicts = [run(c) for c in cases]
        out.write(_line(name, verdicts) + "\n")
        worst = max(verdicts, key=lambda v: len(v.problems))
        bad += bool(worst.problems)
        if verbose and worst.problems:
            out.write(f"  {worst}\n")
        out.flush()
    out.write(f"{len(classes)} classes, {bad} with problems, {sum(map(len, classes.values()))} files\n")
    return 1 if bad else 0


def _save(classes: dict[str, list[Case]], folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    for name, cases in classes.items():
        for case in cases:
            (folder / f"{name}-{case.seed}").write_bytes(case.data(case.draft()))
    return 0


def main() -> int:
    """Run the script; returns its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--summary", action="store_true")
    parser.add_argument("--verbose", action="store_true", help="show the worst file of each class")
    parser.add_argument("--save", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--seeds", type=int, nargs=2, metavar=("FIRST", "LAST"), help="other seeds")
    arguments = parser.parse_args()
    classes = {n: c for n, c in {**clean_cases(), **damage_cases()}.items() if arguments.only in n}
    if arguments.seeds is not None:
        seeds = range(arguments.seeds[0], arguments.seeds[1] + 1)
        classes = {n: [replace(c[0], seed=seed) for seed in seeds] for n, c in classes.items()}
    if arguments.save is not None:
        return _save(classes, arguments.save)
    return _summary(classes, arguments.verbose)


if __name__ == "__main__":
    raise SystemExit(main())
