"""Relations written out in figures for a check report: what adds up to what, and what was printed."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from gongkai.annual.findings import Verdict
from gongkai.annual.form import Form, Relation
from gongkai.annual.model import Number
from gongkai.annual.relations import Evaluation, Side, evaluate
from gongkai.annual.telling import Shared, standing, told_apart
from gongkai.annual.write.check_page_marks import View, printed_sum
from gongkai.annual.write.check_page_tables import cell_id
from gongkai.annual.write.check_page_words import Words, safe
from gongkai.annual.write.content import plain

FEW_TERMS = 3
"""Up to so many terms a side is written with its zeros and with the names of its cells."""
_DIGITS = 2
"""Decimals of a computed figure."""


def written_out(view: View, relation: Relation) -> str:
    """The relation as lines of figures: the parts and their sum, and what stands against them."""
    done = evaluate(view.report, relation)
    total = printed_sum(done.terms)
    if total is None:
        sides = ((done.terms.left, done.left), (done.terms.right, done.right))
        lines = "".join(f'<span class="side">{_side_line(view, paths, side)}</span>' for paths, side in sides)
        known = [safe(plain(side.known)) for side in (done.left, done.right)]
        apart = f'<b class="x">{" ≠ ".join(known)}</b>' if done.left.known != done.right.known else ""
        return f'<p class="eq">{lines}{apart}</p>'
    parts, side = _parts(done, total)
    printed = view.report.value(total)
    name = safe(told_apart(view.form, total, done.terms.cells))
    name = f'<span lang="zh-CN">{name}</span>'
    if printed is None:
        said = view.words.html("total_without_number", cell=name)
        return f'<p class="eq">{_sum(view, parts, side)}<br>{said}</p>'
    figure = f'<b class="x">{_link(view, total, plain(printed))}</b>'
    said = view.words.html("total_printed", cell=name, n=figure, sum=safe(plain(side.known)))
    return f'<p class="eq">{_sum(view, parts, side)}<br>{said}</p>'


def short_form(view: View, relation: Relation) -> str:
    """A relation that holds, on one line: ``84 + 2 = 86 + 0``."""
    done = evaluate(view.report, relation)
    total = printed_sum(done.terms)
    if total is None:
        return f"{_terms(view, done.terms.left)} = {_terms(view, done.terms.right)}"
    parts, _ = _parts(done, total)
    return f"{_terms(view, parts)} = {_link(view, total, _number(view, total))}"


def difference(view: View, relation: Relation) -> Number | None:
    """How far the two sides are apart; ``None`` where a cell holds no number."""
    done = evaluate(view.report, relation)
    if not (done.left.complete and done.right.complete):
        return None
    return abs(done.left.known - done.right.known)


def others_that_hold(view: View, relation: Relation) -> tuple[Relation, ...]:
    """The other relations in which the printed sum of this one takes part and that hold."""
    total = printed_sum(evaluate(view.report, relation).terms)
    if total is None:
        return ()
    verdicts = {r.relation.instance: r.verdict for r in view.result.relations}
    return tuple(
        r
        for r in view.form.relations_of(total)
        if r.instance != relation.instance and verdicts.get(r.instance) is Verdict.HOLDS
    )


def place_of(form: Form, cells: Iterable[str], words: Words) -> str:
    """Where a relation stands, in the words of the page."""
    place = standing(form, cells)
    match place.shared:
        case Shared.COLUMN:
            return words("in_column", name=place.name)
        case Shared.ROW:
            return words("in_row", name=place.name)
        case Shared.HEADING:
            return " · ".join(place.labels[1:] or place.labels)
        case Shared.NOTHING:
            return place.name


def full_label(form: Form, path: str) -> str:
    """The cell in words, with the headings above its column where the table has no row labels."""
    spec = form.spec(path)
    return spec.label if spec.row.labels else " · ".join(spec.column.labels)


def tidy(number: Number) -> str:
    """The number in digits; a computed one with at most two decimals."""
    if isinstance(number, Decimal) and number != number.quantize(Decimal(1).scaleb(-_DIGITS)):
        return plain(round(number, _DIGITS))
    return plain(number)


def _parts(done: Evaluation, total: str) -> tuple[tuple[str, ...], Side]:
    return (done.terms.right, done.right) if done.terms.left == (total,) else (done.terms.left, done.left)


def _side_line(view: View, paths: tuple[str, ...], side: Side) -> str:
    line = _sum(view, paths, side)
    if len(paths) > FEW_TERMS:
        return line
    names = " + ".join(safe(told_apart(view.form, p, paths)) for p in paths)
    return f'{line}<small class="terms" lang="zh-CN">{names}</small>'


def _sum(view: View, paths: tuple[str, ...], side: Side) -> str:
    """The terms and their sum; of a long sum what has no number is counted behind it."""
    if len(paths) == 1:
        return f"<b>{_terms(view, paths)}</b>"
    line = f"{_terms(view, paths)} = <b>{safe(plain(side.known))}</b>"
    if len(paths) <= FEW_TERMS:
        return line
    gaps = [
        safe(view.words(key, n=count))
        for key, count in (("and_blank", side.blank), ("and_unread", side.unknown))
        if count
    ]
    return f'{line} <span class="gaps">{"".join(gaps)}</span>' if gaps else line


def _terms(view: View, paths: tuple[str, ...]) -> str:
    held = list(paths)
    if len(paths) > FEW_TERMS:  # a long sum is read without its zeros and without what has no number
        held = [p for p in paths if view.report.value(p) is not None]
        held = [p for p in held if view.report.value(p) != 0] or held[:1]
    return " + ".join(_link(view, p, _number(view, p)) for p in held) if held else "—"


def _number(view: View, path: str) -> str:
    value = view.report.value(path)
    if value is None:
        return view.words(view.report.cell(path).state.value)
    return f"({plain(value)})" if value < 0 else plain(value)


def _link(view: View, path: str, text: str) -> str:
    """A figure that leads to its cell; its name is shown where the pointer rests."""
    if path not in view.anchors:
        return safe(text)
    name = safe(full_label(view.form, path))
    return f'<a class="to" href="#{safe(cell_id(path))}" title="{name}">{safe(text)}</a>'
