"""Counting back: does a count give the report that was replayed, cell by cell."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from gongkai.annual.model import Number, Report
from gongkai.replay.target import Difference
from gongkai.rules.counting import CountingRules, LocalRule, default_rules

FEES = "proactive.fees_wan_yuan"


def rules_for(report: Report) -> CountingRules:
    """The counting rules with as many decimals of 万元 as the report prints; the defaults where these do."""
    rules = default_rules()
    value = report.value(FEES) if FEES in report.form.cells else None
    if value is None:
        return rules
    exponent = Decimal(value).normalize().as_tuple().exponent
    needed = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    if needed <= int(rules.choice("charges_places")):
        return rules
    places = [int(choice) for choice in rules["charges_places"].choices if int(choice) >= needed]
    if not places:
        return rules
    return rules.with_local(
        LocalRule("charges_places", str(min(places)), "the decimals that the report prints")
    )


def unlike(target: Report, counted: Report, left_out: Collection[str] = ()) -> tuple[Difference, ...]:
    """Cells in which a count is not the target; empty where the year counts back exactly.

    - ``left_out``: cells of the target that no act can give;
    - cells without a number in the target may hold anything;
    - an alternate row is compared with the sum of the rows it stands for.

    ``published`` of a ``Difference`` is the target's number, ``replayed`` the counted one (-1: none).
    """
    found: list[Difference] = []
    for path, cell in target.cells.items():
        if cell.value is None or path in left_out:
            continue
        number = _counted(target, counted, path)
        if number is None or number != cell.value:
            found.append(Difference(path, cell.value, -1 if number is None else number))
    return tuple(found)


def _counted(target: Report, counted: Report, path: str) -> Number | None:
    form = target.form
    if path in form.cells:
        return counted.value(path)
    spec = form.alternates[path]
    block = form.grid(spec.grid).blocks[spec.block]
    parts = [counted.value(block.path(row, spec.column.key)) for row in spec.row.stands_for]
    known = [part for part in parts if part is not None]
    return sum(known, start=0) if known else None
