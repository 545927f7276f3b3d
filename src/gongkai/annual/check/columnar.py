"""The relations of a form on many reports at once, as column expressions over a corpus file.

The expressions are built from the same ``Form.relations`` as the check of one report and give the same
verdicts. A frame has one column a cell, named by its path (null where there is no number), the edition in
``form``, and in ``cell_states`` a JSON object that names the state of each cell without a number; a null
whose state is not named counts as missing.

Needs the extra ``corpus`` (polars).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from gongkai.annual.findings import Verdict
from gongkai.annual.form import Form, Relation, ValueType
from gongkai.annual.model import CellState
from gongkai.annual.relations import BLANK_STATES, alternate_groups

STATES = "cell_states"
EDITION = "form"
VERDICTS = pl.Enum([v.value for v in Verdict])
_HERE_WITHOUT_NUMBER = (CellState.BLANK, CellState.NOT_APPLICABLE, CellState.UNREADABLE)
_STATES = "\x00states"
_BLANK = "\x00blank"
_MISSING = "\x00missing"


def verdicts(
    frame: pl.DataFrame | pl.LazyFrame, form: Form, *, keys: Iterable[str] = ("source",)
) -> pl.DataFrame:
    """Verdicts of every relation for the reports of that edition.

    Takes a frame of a corpus file, the edition, and the columns to keep; returns one row a report of the
    edition, in the frame's order, with one column a relation instance (``AR-T3-002:natural_person``) that
    holds a ``Verdict`` value. A cell's column that the frame lacks counts as missing in every report.
    Raises polars' ``ColumnNotFoundError`` if a key or the edition's column is not there, its
    ``ComputeError`` if the states are not JSON.
    """
    # Many small chunks, as concatenating frames leaves them, cost more than the arithmetic.
    lazy = frame.rechunk().lazy() if isinstance(frame, pl.DataFrame) else frame
    names = lazy.collect_schema().names()
    rows = lazy.filter(pl.col(EDITION) == form.edition)
    paths = [*dict.fromkeys(p for r in form.relations for p in r.cells), *form.alternates]
    absent = [pl.lit(None, dtype=pl.Int64).alias(p) for p in paths if p not in names]
    states = pl.col(STATES) if STATES in names else pl.lit("{}")
    # One pass over the JSON, however many cells there are.
    decoded = states.str.json_decode(pl.Struct(dict.fromkeys(paths, pl.String))).alias(_STATES)
    prepared = rows.with_columns(*absent, decoded).with_columns(_state_columns(form, paths))
    verdict_columns = [_verdict(form, relation).alias(relation.instance) for relation in form.relations]
    return prepared.select(*keys, *verdict_columns).collect()


def _state_columns(form: Form, paths: Iterable[str]) -> list[pl.Expr]:
    """For each cell whether it is blank, and for those with alternates whether it is missing."""

    def named(path: str, which: Iterable[CellState]) -> pl.Expr:
        state = pl.col(_STATES).struct.field(path)
        return pl.col(path).is_null() & state.is_in([s.value for s in which]).fill_null(False)

    columns: list[pl.Expr] = []
    replaced = {m for r in form.relations for members in alternate_groups(form, r).values() for m in members}
    for path in paths:
        columns.append(named(path, BLANK_STATES).alias(path + _BLANK))
        if path in replaced or path in form.alternates:
            here = pl.col(path).is_not_null() | named(path, _HERE_WITHOUT_NUMBER)
            columns.append((~here).alias(path + _MISSING))
    return columns


@dataclass(frozen=True, slots=True)
class _Term:
    """One cell of a side as expressions; a cell that an alternate replaces counts 0 and is not open."""

    value: pl.Expr
    blank: pl.Expr
    unknown: pl.Expr
    signed: bool


def _verdict(form: Form, relation: Relation) -> pl.Expr:
    swaps = _swaps(form, relation)
    left, right = _terms(form, relation.left, swaps), _terms(form, relation.right, swaps)
    left_sum, right_sum = (pl.sum_horizontal(t.value for t in side) for side in (left, right))
    left_open, right_open = _any(left, "open"), _any(right, "open")
    unknown = _any(left, "unknown") | _any(right, "unknown")
    equal = left_sum == right_sum
    left_exceeds = ~right_open & ~_any(left, "signed") & (left_sum > right_sum)
    right_exceeds = ~left_open & ~_any(right, "signed") & (right_sum > left_sum)
    return (
        pl.when(~left_open & ~right_open & equal)
        .then(pl.lit(Verdict.HOLDS.value, dtype=VERDICTS))
        .when((~left_open & ~right_open) | left_exceeds | right_exceeds)
        .then(pl.lit(Verdict.FAILS.value, dtype=VERDICTS))
        .when(~unknown & equal)
        .then(pl.lit(Verdict.HOLDS_IF_BLANK_IS_ZERO.value, dtype=VERDICTS))
        .otherwise(pl.lit(Verdict.CANNOT_TELL.value, dtype=VERDICTS))
    )


def _any(terms: list[_Term], what: str) -> pl.Expr:
    match what:
        case "open":
            flags = [t.blank | t.unknown for t in terms]
        case "unknown":
            flags = [t.unknown for t in terms]
        case _:
            flags = [t.blank | t.unknown for t in terms if t.signed]
    return pl.any_horizontal(flags) if flags else pl.lit(False)


def _swaps(form: Form, relation: Relation) -> Mapping[str, tuple[str, pl.Expr]]:
    """For each cell that an alternate may replace: that alternate, and whether it does in a report."""
    found: dict[str, tuple[str, pl.Expr]] = {}
    for alternate, members in alternate_groups(form, relation).items():
        used = pl.all_horizontal(~pl.col(alternate + _MISSING), *(pl.col(m + _MISSING) for m in members))
        found.update(dict.fromkeys(members, (alternate, used)))
    return found


def _terms(form: Form, paths: Iterable[str], swaps: Mapping[str, tuple[str, pl.Expr]]) -> list[_Term]:
    terms: list[_Term] = []
    seen: set[str] = set()
    for path in paths:
        own = _plain(form, path)
        if path not in swaps:
            terms.append(own)
            continue
        alternate, used = swaps[path]
        terms.append(_where(own, ~used))
        if alternate not in seen:
            seen.add(alternate)
            terms.append(_where(_plain(form, alternate), used))
    return terms


def _plain(form: Form, path: str) -> _Term:
    value, blank = pl.col(path), pl.col(path + _BLANK)
    return _Term(
        value.fill_null(0), blank, value.is_null() & ~blank, form.spec(path).type is ValueType.SIGNED
    )


def _where(term: _Term, used: pl.Expr) -> _Term:
    return _Term(
        pl.when(used).then(term.value).otherwise(0), term.blank & used, term.unknown & used, term.signed
    )
