"""Which files are generated: clean ones in every shape, every damage in its shapes, planted errors."""

from __future__ import annotations

from dataclasses import dataclass

from gongkai.annual.read import read_bytes
from gongkai.annual.read.errors import ReadError

from .content import Dice, clean
from .damage import DAMAGES
from .judge import Verdict, judge
from .shapes import SHAPES
from .sheet import Draft

CLEAN_SEEDS = range(1, 9)
DAMAGE_SEEDS = range(101, 104)


@dataclass(frozen=True, slots=True)
class Case:
    """One generated file."""

    shape: str
    seed: int
    damage: str | None = None

    def draft(self) -> Draft:
        """The report as it is printed in the file, with what is owed."""
        if self.damage is None:
            return clean(self.seed, ("2019", "2021")[self.seed % 2])
        damage = DAMAGES[self.damage]
        edition = damage.edition or ("2019", "2021")[self.seed % 2]
        return damage.apply(clean(self.seed, edition), Dice(self.seed))

    def data(self, draft: Draft) -> bytes:
        """The file."""
        data = SHAPES[self.shape].write(draft)
        spoil = DAMAGES[self.damage].spoil if self.damage is not None else None
        return spoil(data) if spoil is not None else data


def clean_cases() -> dict[str, list[Case]]:
    """Undamaged files by shape."""
    return {shape: [Case(shape, seed) for seed in CLEAN_SEEDS] for shape in SHAPES}


def damage_cases() -> dict[str, list[Case]]:
    """Damaged files by damage and shape."""
    return {
        f"{d.name}-{shape}": [Case(shape, seed, d.name) for seed in DAMAGE_SEEDS]
        for d in DAMAGES.values()
        for shape in d.shapes
    }


def run(case: Case) -> Verdict:
    """Write the case's file, read it, and judge the reading."""
    draft = case.draft()
    shape = SHAPES[case.shape]
    try:
        reports = read_bytes(case.data(draft), source=f"{case.shape}-{case.damage}-{case.seed}")
    except ReadError as error:
        verdict = Verdict()
        if not draft.refusable:
            verdict.other.append(f"REFUSED {error}")
        return verdict
    if len(reports) != 1:
        return Verdict(other=[f"{len(reports)} reports for one"])
    return judge(
        draft, reports[0], blanks=shape.blanks, sections=shape.sections, raw=shape.raw, front=shape.front
    )


PINNED = (
    Case("tabs", 2002, "blanks"),
    Case("markdown", 2002, "blanks"),
    Case("pipe", 2011, "all_blank_zeroes"),
)
"""Files that were once read wrong and whose kind the other seeds do not hit."""
