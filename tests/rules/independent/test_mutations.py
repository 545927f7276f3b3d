"""Would the comparison with SQL notice a mistake? Each mutation is one; none may pass unnoticed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from tests.rules.independent.compare import Difference, differences, sample
from tests.rules.independent.mutated import Mutation, NoSuchText, counting_with, read_mutations

MUTATIONS = read_mutations()
SEEDS = range(50)


def _noticed(package: ModuleType) -> Iterator[Difference]:
    for seed in SEEDS:
        for sealing in (False, True):
            yield from differences(sample(seed, sealing=sealing), package.count, package.SealedYear)


def test_unchanged_source_passes(tmp_path: Path) -> None:
    with counting_with(None, tmp_path) as package:
        assert package.__name__ != "gongkai.rules.counting"
        assert list(_noticed(package)) == []


def test_there_are_enough_mutations_and_none_twice() -> None:
    assert len(MUTATIONS) >= 50
    assert len({(m.file, m.old, m.new) for m in MUTATIONS}) == len(MUTATIONS)
    assert all(m.old != m.new and m.breaks for m in MUTATIONS)


def test_a_mutation_of_text_that_is_gone_says_so(tmp_path: Path) -> None:
    gone = Mutation("count.py-0", "count.py", "no such text", "x", "nothing")
    with pytest.raises(NoSuchText, match="stands 0 times"), counting_with(gone, tmp_path):
        pass


@pytest.mark.parametrize("mutation", MUTATIONS, ids=[m.id for m in MUTATIONS])
def test_it_is_noticed(mutation: Mutation, tmp_path: Path) -> None:
    with counting_with(mutation, tmp_path) as package:
        found = next(_noticed(package), None)
    assert found is not None, f"not noticed: {mutation.breaks}\n- {mutation.old}\n+ {mutation.new}"
