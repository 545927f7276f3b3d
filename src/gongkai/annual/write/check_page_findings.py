"""The findings of a check report: each relation written out, what it means and what to do."""

from __future__ import annotations

from collections.abc import Iterator

from gongkai.annual.findings import Severity, Verdict, describe, entry_of
from gongkai.annual.form import Relation
from gongkai.annual.relations import evaluate, resolve
from gongkai.annual.write.check_page_marks import Numbered, View, label_of, printed_sum, relation_of
from gongkai.annual.write.check_page_sums import (
    difference,
    full_label,
    others_that_hold,
    place_of,
    short_form,
    written_out,
)
from gongkai.annual.write.check_page_tables import cell_id, mark
from gongkai.annual.write.check_page_verdict import relations_line, verdict_of
from gongkai.annual.write.check_page_words import safe, visible
from gongkai.annual.write.content import plain

GROUP_FROM = 4
"""Findings of one code, from so many on, stand under one heading."""
GROUP_SUMS_FROM = 6
"""The same for failing sums, which are worth a heading of their own as long as they are few."""
_SHOWN_CELLS = 3
_SHOWN_OTHERS = 2
SHAPES = {Severity.ERROR: "over", Severity.WARNING: "half", Severity.NOTE: "void"}
_EDGES = {Severity.ERROR: "", Severity.WARNING: " find--warn", Severity.NOTE: " find--info"}


def findings_panel(view: View) -> Iterator[str]:
    """Every finding in the result's order; a report without any is told what was looked at."""
    words = view.words
    yield '<section class="panel card--top" aria-labelledby="h-f">'
    yield f'<div class="panel__h"><h2 id="h-f">{safe(words("findings"))}</h2>{_counts(view)}</div>'
    yield '<div class="panel__b">'
    if not any(n.finding.severity is not Severity.NOTE for n in view.findings):
        yield from _calm(view)
    for group in _groups(view):
        yield from _grouped(view, group) if len(group) > 1 else _finding(view, group[0])
    yield "</div></section>"


def _groups(view: View) -> list[list[Numbered]]:
    """Findings of one code, where there are many, together at the place of the first; others alone."""
    alike: dict[tuple[str, Severity], list[Numbered]] = {}
    for numbered in view.findings:
        alike.setdefault((numbered.finding.code, numbered.finding.severity), []).append(numbered)
    groups: list[list[Numbered]] = []
    for numbered in view.findings:
        same = alike[(numbered.finding.code, numbered.finding.severity)]
        enough = GROUP_FROM if relation_of(view.form, numbered.finding) is None else GROUP_SUMS_FROM
        if len(same) < enough:
            groups.append([numbered])
        elif numbered is same[0]:
            groups.append(same)
    return groups


def _counts(view: View) -> str:
    if not view.findings:
        return ""
    parts = [
        safe(view.words(f"count_{severity.value}", n=view.result.count(severity)))
        for severity in Severity
        if view.result.count(severity)
    ]
    return f'<p class="small quiet">{safe(view.words("and")).join(parts)}</p>'


def _calm(view: View) -> Iterator[str]:
    """No error and no warning: said first, with what this stands on, or what could not be checked."""
    words = view.words
    kind, verdict = verdict_of(view)
    agreed = sum(1 for f in view.result.figures if f.verdict is Verdict.HOLDS)
    yield f'<div class="find find--{"ok" if kind == "tick" else "warn"}">'
    yield f"<h3>{mark(kind, verdict)}</h3>"
    yield '<ul class="did">'
    if view.result.relations:
        yield f"<li>{safe(relations_line(view))}</li>"
    if agreed:
        yield f"<li>{safe(words('figures_agree', n=agreed))}</li>"
    if all(section.id in view.report.sections for section in view.form.sections):
        yield f"<li>{safe(words('sections_there', n=len(view.form.sections)))}</li>"
    yield f"</ul><p class='small quiet'>{safe(words('no_proof'))}</p></div>"


def _finding(view: View, numbered: Numbered) -> Iterator[str]:
    found = numbered.finding
    relation = relation_of(view.form, found)
    yield f'<article class="find{_EDGES[found.severity]}" id="f{numbered.number}" tabindex="-1">'
    yield f"<h3>{mark(SHAPES[found.severity], _title(view, numbered, relation))}{_code(view, numbered)}</h3>"
    if relation is not None:
        if found.severity is not Severity.ERROR:
            yield f"<p>{safe(_sentence(view, numbered))}</p>"
        yield written_out(view, relation)
        yield f'<p class="small">{safe(_rule(view, relation))}</p>'
        yield from _beside(view, relation)
    else:
        yield f"<p>{safe(_sentence(view, numbered))}</p>"
        yield from _ways(view, numbered)
    yield from _advice(view, numbered)
    yield "</article>"


def _grouped(view: View, group: list[Numbered]) -> Iterator[str]:
    first = group[0].finding
    title = view.words("times", title=_title(view, group[0], None), n=len(group))
    yield f'<article class="find{_EDGES[first.severity]}">'
    code = f'<span class="code">{safe(first.code)}</span>'
    yield f"<h3>{mark(SHAPES[first.severity], title)}{code}</h3>"
    yield '<ul class="many">'
    for numbered in group:
        relation = relation_of(view.form, numbered.finding)
        said = _sentence(view, numbered) if relation is None else _title(view, numbered, relation)
        name = safe(label_of(numbered, view.words))
        yield f'<li id="f{numbered.number}" tabindex="-1"><b class="code">{name}</b> {safe(said)}'
        if relation is None:
            yield from _ways(view, numbered)
        else:
            yield written_out(view, relation)
        yield "</li>"
    yield "</ul>"
    yield from _advice(view, group[0])
    yield "</article>"


def _code(view: View, numbered: Numbered) -> str:
    found = numbered.finding
    name = safe(label_of(numbered, view.words))
    return f'<span class="code">{name} · {safe(found.code)}</span>'


def _title(view: View, numbered: Numbered, relation: Relation | None) -> str:
    found, words = numbered.finding, view.words
    if relation is None:
        return entry_of(found).title[words.language]
    where = place_of(view.form, resolve(view.report, relation).cells, words)
    apart = difference(view, relation)
    if found.severity is not Severity.ERROR:
        # What has a relation and is no error fails only if its blanks are 0.
        known = evaluate(view.report, relation)
        return words("apart_if_zero", where=where, n=plain(abs(known.left.known - known.right.known)))
    return where if apart is None else words("apart", where=where, n=apart)


def _rule(view: View, relation: Relation) -> str:
    return view.words("rule", title=relation.title[view.words.language])


def _sentence(view: View, numbered: Numbered) -> str:
    return describe(numbered.finding, language=view.words.language)


def _beside(view: View, relation: Relation) -> Iterator[str]:
    """What else speaks for or against the printed sum: relations that hold, and the smallest repairs."""
    total = printed_sum(resolve(view.report, relation))
    if total is None:
        return
    holding = others_that_hold(view, relation)[:_SHOWN_OTHERS]
    likely = _likely(view, total)
    if not holding and not likely:
        return
    yield '<div class="beside">'
    if holding:
        yield f"<p>{mark('tick', view.words('also_holds', n=len(holding)))}</p>"
        yield f'<p class="eq">{"<br>".join(short_form(view, r) for r in holding)}</p>'
    if likely:
        yield f'<p class="small">{safe(likely)}</p>'
    yield "</div>"


def _likely(view: View, total: str) -> str:
    """What the complete list of smallest repairs says of the printed sum."""
    where = view.localisation
    if where is None or not where.repairs or not where.complete:
        return ""
    touching = sum(1 for r in where.repairs if any(c.path == total for c in r.changes))
    if touching == 0:
        return view.words("likely_part")
    return view.words("likely_total") if touching == len(where.repairs) else ""


def _ways(view: View, numbered: Numbered) -> Iterator[str]:
    """Links to where the finding is seen: cells of the tables, and the text."""
    found = numbered.finding
    named = [p for p in found.cells if p in view.anchors or p in view.torn]
    cells, by_row = _places(view, named)
    links = [
        f'<a lang="zh-CN" href="#{safe(cell_id(p))}">{safe(_cell_name(view, p, by_row=by_row))}</a>'
        for p in cells[:_SHOWN_CELLS]
    ]
    if len(cells) > _SHOWN_CELLS:
        key = "more_rows" if by_row else "more_cells"
        links.append(safe(view.words(key, n=len(named), rows=len(cells))))
    sections = view.report.sections
    if any(visible(sections.get(s.section, ""), s.start, s.end) is not None for s in found.spans):
        links.append(f'<a href="#s{numbered.number}">{safe(view.words("see_text"))}</a>')
    if links:
        yield f'<p class="small ways">{safe(view.words("see"))}{safe(view.words("comma")).join(links)}</p>'


def _places(view: View, named: list[str]) -> tuple[list[str], bool]:
    """The cells to lead to, and whether each stands for its row: where rows are meant, or are torn."""
    rows: dict[tuple[str, int, str], str] = {}
    for path in named:
        spec = view.form.spec(path)
        # A torn row is one place on the page, that of its first cell.
        place = view.torn[path].cells[0] if path in view.torn else path
        rows.setdefault((spec.grid, spec.block, spec.row.key), place)
    torn = bool(named) and all(p in view.torn for p in named)
    labelled = all(view.form.spec(p).row.labels for p in rows.values())
    if torn or (labelled and len(named) > _SHOWN_CELLS and len(rows) * 2 < len(named)):
        return list(rows.values()), True
    return list(dict.fromkeys(view.torn[p].cells[0] if p in view.torn else p for p in named)), False


def _cell_name(view: View, path: str, *, by_row: bool) -> str:
    """The cell in words; of a torn row, which is one cell on the page, and of whole rows the row."""
    labels = view.form.spec(path).row.labels
    return labels[-1] if (by_row or path in view.torn) and labels else full_label(view.form, path)


def _advice(view: View, numbered: Numbered) -> Iterator[str]:
    entry, language = entry_of(numbered.finding), view.words.language
    yield f'<details class="advice"><summary>{safe(view.words("what_to_do"))}</summary>'
    yield f'<p class="small">{safe(entry.why[language])}</p><p class="small">{safe(entry.mend[language])}</p>'
    yield "</details>"
