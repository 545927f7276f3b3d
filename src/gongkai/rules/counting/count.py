"""``count``: a body's year of acts as its annual report, with the entries behind each cell."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import chain, islice
from types import MappingProxyType

from gongkai.annual.form import Form, form_for_edition
from gongkai.annual.model import Cell, CellState, Number, Report, Scope
from gongkai.rules.counting.acts import Act, acts, count_acts
from gongkai.rules.counting.lean import numbered, sort_events
from gongkai.rules.counting.remedies import BLOCKS, RESULTS, Step, count_remedies, steps
from gongkai.rules.counting.requests import COLUMNS, Placed, count_requests, places
from gongkai.rules.counting.result import Count, FeeFigures, Provenance
from gongkai.rules.counting.settings import CountingRules, default_rules, rows_of
from gongkai.rules.counting.tally import Tally
from gongkai.rules.counting.years import Late, SealedYear, seals_for
from gongkai.rules.event import Event


def count(
    events: Iterable[Event],
    *,
    body: str,
    year: int,
    form: str = "2021",
    rules: CountingRules | None = None,
    scope: str = "own",
    sealed: Sequence[SealedYear] = (),
    late: Late | None = None,
    without_power: Collection[str] = (),
) -> Count:
    """The report of ``year`` from the entries of one body's ledger.

    - ``events``: all of them, in the order in which they were entered (numbered here where they are not
      yet); kinds that are not needed may be left out (``gongkai.rules.counting.lean.NEEDED``);
    - ``sealed``: years whose report is closed. A sealed year is counted from what was known at its
      sealing; with ``late="corrected_version"`` from all that is known, for a corrected report (``None``:
      as the rule ``reporting_year`` is set);
    - ``without_power``: rows of Table 2 (``regulations``, ``normative``) that the body has no power to
      fill; they are 0 and not blank;
    - returns a ``Count``; every number of a cell is the number of its entries, or the sum of what they
      counted, and all relations of the form hold.

    Raises ``UnknownEdition``, ``SealsOutOfOrder``, ``ValueError`` for an unknown scope. Source:
    counting.md and ``docs/explanation/algorithms/counting.md``.
    """
    rules = default_rules() if rules is None else rules
    policy = policy_of(rules, late)
    seals, head = seals_for(sealed, year, policy)
    entries = iter(events)
    first = list(islice(entries, 1))
    entries = chain(first, entries)
    # A ledger numbers its entries; a file without chain may not.
    found = sort_events(numbered(entries) if first and first[0].position == 0 else entries, head)
    tally = Tally(body, year, form_for_edition(form), rules, seals)
    tally.corrections(found)
    if policy == "corrected_version" and any(s.year == year for s in sealed):
        tally.mattered.add("reporting_year")
    return assemble(
        tally,
        found_cases=places(found, seals),
        found_remedies=steps(found, seals),
        found_acts=acts(found, seals),
        scope=scope,
        sealed=sealed,
        without_power=without_power,
    )


def policy_of(rules: CountingRules, late: Late | None) -> Late:
    """What becomes of acts entered after the sealing: as asked for, else as the rules say."""
    if late is not None:
        return late
    corrected = rules.choice("reporting_year") == "corrected_version"
    return "corrected_version" if corrected else "first_open_year"


def assemble(
    tally: Tally,
    *,
    found_cases: Iterable[Placed],
    found_remedies: Iterable[tuple[list[Step], list[Event]]],
    found_acts: Iterable[tuple[str, list[Act]]],
    scope: str,
    sealed: Sequence[SealedYear],
    without_power: Collection[str],
) -> Count:
    """Fill the tables and put the count together; shared with the slow reference."""
    count_requests(tally, found_cases)
    count_remedies(tally, found_remedies)
    fees = count_acts(tally, found_acts, frozenset(without_power))
    provenance = Provenance(
        {p: ids for p, ids in tally.leaves.items() if p in tally.form.cells},
        parts_of(tally.form, tally.rules),
    )
    values: dict[str, Number | None] = {
        path: len(ids) for path, ids in tally.leaves.items() if path in tally.form.cells
    }
    values.update(tally.numbers)
    report = report_of(
        tally.form,
        values,
        parts_of(tally.form, tally.rules),
        body=tally.body,
        year=tally.year,
        scope=scope,
        fees=fees,
    )
    _compare_published(tally, report, sealed)
    late = tuple(sorted(tally.late, key=lambda one: one.event))
    return Count(
        body=tally.body,
        year=tally.year,
        report=report,
        provenance=provenance,
        notes=tuple(sorted(tally.notes, key=lambda note: (note.code, str(note.values)))),
        rules_that_mattered=tuple(r for r in tally.rules.rules if r in tally.mattered),
        late=late,
        fees=fees,
        rules=tally.rules,
        exact=MappingProxyType(dict(tally.exact)),
    )


def parts_of(form: Form, rules: CountingRules) -> dict[str, tuple[str, ...]]:
    """Each total of the form with the cells, none of them totals, that it adds."""
    leaves = rows_of(form, rules).leaves
    parts: dict[str, tuple[str, ...]] = {}
    for row in ("new", "carried_in", *leaves, "carried_out"):
        parts[f"requests.{row}.total"] = tuple(f"requests.{row}.{column}" for column in COLUMNS)
    for column in COLUMNS:
        parts[f"requests.total.{column}"] = tuple(f"requests.{row}.{column}" for row in leaves)
    parts["requests.total.total"] = tuple(f"requests.{row}.{c}" for row in leaves for c in COLUMNS)
    for block in BLOCKS:
        parts[f"{block}.total"] = tuple(f"{block}.{result}" for result in (*RESULTS, "pending"))
    return parts


def report_of(
    form: Form,
    values: Mapping[str, Number | None],
    parts: Mapping[str, tuple[str, ...]],
    *,
    body: str,
    year: int,
    scope: str,
    fees: FeeFigures,
) -> Report:
    """The report with those values and the totals that follow from them."""
    numbers = dict(values)
    for total, added in parts.items():
        known = [number for path in added if (number := values.get(path)) is not None]
        numbers[total] = sum(known, start=0)
    cells: dict[str, Cell] = {}
    for path in form.cells:
        number = numbers.get(path)
        cells[path] = (
            Cell(CellState.BLANK, None, "") if number is None else Cell(CellState.VALUE, number, str(number))
        )
    return Report(
        form=form,
        cells=MappingProxyType(cells),
        source="ledger",
        body=body,
        scope=Scope(scope),
        year=year,
        sections=MappingProxyType({"6": fee_text(year, fees)}),
    )


def fee_text(year: int, fees: FeeFigures) -> str:
    """Section six on the information processing fee: 国办函〔2020〕109号; none is stated as none."""
    if fees.notices == 0 and fees.payments == 0:
        return f"{year}年，本机关未发出信息处理费收费通知，未收取信息处理费。"
    return (
        f"{year}年，本机关发出信息处理费收费通知{fees.notices}件，总金额{_plain(fees.notified)}元；"
        f"实际收取{fees.payments}件，总金额{_plain(fees.paid)}元。"
    )


def _plain(amount: Decimal) -> str:
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _compare_published(tally: Tally, report: Report, sealed: Sequence[SealedYear]) -> None:
    """Explain where last year's published report, or this year's sealed one, says otherwise."""
    for seal in sealed:
        published = seal.report
        if published is None:
            continue
        if seal.year == tally.year - 1 and "requests.carried_out.total" in published.form.cells:
            for column in (*COLUMNS, "total"):
                theirs = published.value(f"requests.carried_out.{column}")
                ours = report.value(f"requests.carried_in.{column}")
                if theirs != ours:
                    tally.note("CT-N-007", column=column, found=ours, published=_say(theirs))
                    tally.mattered.add("carried_by_column")
        elif seal.year == tally.year and published.form.edition == tally.form.edition:
            for path in tally.form.cells:
                theirs, ours = published.value(path), report.value(path)
                if theirs != ours:
                    tally.note("CT-N-008", cell=path, found=_say(ours), published=_say(theirs))


def _say(number: Number | None) -> str:
    return "-" if number is None else str(number)
