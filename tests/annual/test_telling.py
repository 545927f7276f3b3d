"""A relation's place is what its cells have in common, and a cell's name what tells it from the others."""

from __future__ import annotations

from gongkai.annual.form import builtin_forms
from gongkai.annual.telling import Shared, standing, told_apart


def test_every_relation_stands_somewhere_and_its_cells_are_told_apart_on_each_side() -> None:
    for form in builtin_forms():
        for relation in form.relations:
            place = standing(form, relation.cells)
            assert place.name, relation.instance
            for side in (relation.left, relation.right):
                names = [told_apart(form, path, relation.cells) for path in side]
                assert len(set(names)) == len(names), (relation.instance, names)


def test_the_place_is_the_column_the_row_or_the_headings_that_the_cells_share() -> None:
    form = builtin_forms()[-1]
    specs = list(form.cells.values())
    one = next(s for s in specs if s.grid == "requests")
    column = [s.path for s in specs if s.grid == one.grid and s.column.key == one.column.key][:3]
    row = [s.path for s in specs if s.grid == one.grid and s.block == one.block and s.row.key == one.row.key]
    assert standing(form, column).shared is Shared.COLUMN
    assert standing(form, column).name.endswith(one.column.labels[-1])
    assert standing(form, row).shared is Shared.ROW
    assert standing(form, row).name == one.row.labels[-1]
    assert told_apart(form, row[0], row) == one.column.labels[-1]
    assert told_apart(form, column[0], column) == one.row.labels[-1]
    nothing = [specs[0].path, specs[-1].path]
    assert standing(form, nothing).name == specs[0].label
