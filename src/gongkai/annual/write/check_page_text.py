"""The narrative of a check report as published, its matched figures marked, and the table of matches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from gongkai.annual.check.narrative.glossary import concept_name, concepts
from gongkai.annual.check.result import FigureMatch
from gongkai.annual.findings import Severity, Verdict
from gongkai.annual.write.check_page_marks import NO_MARK, MarkKind, Numbered, View, label_of
from gongkai.annual.write.check_page_sums import full_label, tidy
from gongkai.annual.write.check_page_tables import cell_id, clipped, mark, table_name
from gongkai.annual.write.check_page_words import LINE, safe, visible
from gongkai.annual.write.content import plain

PREFACE = "0"
_SUBHEADING = 40
"""A line of so few characters before a marked paragraph is taken for its heading and stays in sight."""
_SHOWN_TERMS = 4
_SHORT = 8


@dataclass(frozen=True, slots=True)
class _Figures:
    """Figures whose stretches of text overlap; ``numbers`` are their numbers in the table of matches."""

    start: int
    end: int
    numbers: tuple[int, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A stretch of the text that a finding is about."""

    start: int
    end: int
    numbered: Numbered
    quiet: bool
    """True where a figure stands there already, whose own mark leads to the finding."""


def text_panel(view: View) -> Iterator[str]:
    """The report's sections beside the figures that were set against something."""
    if not view.report.sections:
        return
    words, matches = view.words, _ordered(view)
    yield '<section class="panel" aria-labelledby="h-n">'
    yield f'<div class="panel__h"><h2 id="h-n">{safe(words("text"))}</h2>{_tally(view, matches)}</div>'
    yield f'<div class="panel__b{" pair" if matches else ""}"><div class="narr">'
    for key in _sections(view):
        yield from _section(view, key, matches)
    yield "</div>"
    if matches:
        yield from _matches(view, matches)
    yield "</div></section>"


def _ordered(view: View) -> list[FigureMatch]:
    order = {key: i for i, key in enumerate(_sections(view))}
    seen = [f for f in view.result.figures if f.span.section in order]
    return sorted(seen, key=lambda f: (order[f.span.section], f.span.start, f.span.end))


def _sections(view: View) -> list[str]:
    known = [PREFACE, *(s.id for s in view.form.sections)]
    held = [key for key in view.report.sections if view.report.sections[key].strip()]
    return [k for k in known if k in held] + [k for k in held if k not in known]


def _tally(view: View, matches: list[FigureMatch]) -> str:
    words = view.words
    if not matches:
        return f'<p class="small quiet">{safe(words("no_figures"))}</p>'
    counts: dict[str, int] = {}
    for match in matches:
        label = _outcome(view, match)[1]
        counts[label] = counts.get(label, 0) + 1
    parts = words("and").join(f"{label} {n}" for label, n in counts.items())
    return f'<p class="small quiet">{safe(words("figures_checked", n=len(matches), parts=parts))}</p>'


def _heading(view: View, key: str) -> str:
    if key == PREFACE:
        return view.words("preface")
    labels = {s.id: s.label for s in view.form.sections}
    return view.report.section_labels.get(key) or labels.get(key, key)


def _section(view: View, key: str, matches: list[FigureMatch]) -> Iterator[str]:
    text = view.report.sections[key]
    figures = _clusters(view, key, matches)
    stretches = _snapped(_stretches(view, key, matches), figures)
    tag = "zh-Hant" if view.traditional else "zh-CN"
    own = f' lang="{tag}"' if key != PREFACE else ""
    yield f"<h3{own}>{safe(_heading(view, key))}</h3>"
    yield f'<div lang="{tag}">'
    lines = [(m.start() + _lead(m[0]), m.end()) for m in LINE.finditer(text) if m[0].strip()]
    marked = [any(a < m.end and m.start < b for m in (*figures, *stretches)) for a, b in lines]
    folded: list[str] = []
    placed: set[int] = set()
    for i, (start, end) in enumerate(lines):
        heads = i + 1 < len(lines) and marked[i + 1] and end - start < _SUBHEADING
        if not marked[i] and not heads:
            folded.append(f"<p>{safe(text[start:end])}</p>")
            continue
        yield from _fold(view, folded)
        folded = []
        if marked[i]:
            yield f"<p>{''.join(_pieces(view, text, (start, end), (figures, stretches), placed))}</p>"
        else:
            yield f"<h4>{safe(text[start:end])}</h4>"
    yield from _fold(view, folded)
    yield "</div>"


def _lead(line: str) -> int:
    return len(line) - len(line.lstrip())


def _fold(view: View, folded: list[str]) -> Iterator[str]:
    if folded:
        label = safe(view.words("folded", n=len(folded)))
        yield f'<details><summary lang="{view.words.tag}">{label}</summary>{"".join(folded)}</details>'


def _clusters(view: View, key: str, matches: list[FigureMatch]) -> list[_Figures]:
    text = view.report.sections[key]
    clusters: list[_Figures] = []
    for number, match in enumerate(matches, start=1):
        seen = visible(text, match.span.start, match.span.end) if match.span.section == key else None
        if seen is None:
            continue
        start, end = seen
        kind = _MARKS[_outcome(view, match)[0]]
        last = clusters[-1] if clusters else None
        if last is not None and start < last.end:
            worst = max(last.kind, kind, key=_GRAVITY.index)
            clusters[-1] = _Figures(last.start, max(last.end, end), (*last.numbers, number), worst)
        else:
            clusters.append(_Figures(start, end, (number,), kind))
    return clusters


_MARKS = {"tick": "bd", "half": "bd bd--q", "void": "bd bd--v", "x": "bd bd--x"}
_GRAVITY = ("bd", "bd bd--v", "bd bd--q", "bd bd--x")


def _stretches(view: View, key: str, matches: list[FigureMatch]) -> list[_Stretch]:
    figures = {m.span for m in matches}
    return [
        _Stretch(span.start, span.end, numbered, span in figures)
        for numbered in view.findings
        for span in numbered.finding.spans
        if span.section == key and visible(view.report.sections[key], span.start, span.end) is not None
    ]


def _snapped(stretches: list[_Stretch], figures: list[_Figures]) -> list[_Stretch]:
    """A stretch that begins or ends within a marked figure takes in the whole of it."""
    snapped: list[_Stretch] = []
    for one in stretches:
        start = next((f.start for f in figures if f.start < one.start < f.end), one.start)
        end = next((f.end for f in figures if f.start < one.end < f.end), one.end)
        snapped.append(_Stretch(start, end, one.numbered, one.quiet))
    return snapped


def _pieces(
    view: View,
    text: str,
    line: tuple[int, int],
    marks: tuple[list[_Figures], list[_Stretch]],
    placed: set[int],
) -> Iterator[str]:
    """One line of the text, cut where a mark begins or ends; ``placed`` are findings that have an anchor."""
    start, end = line
    figures, stretches = marks
    edges = {e for m in (*figures, *stretches) for e in (m.start, m.end) if start < e < end}
    cuts = [start, *sorted(edges), end]
    for a, b in pairwise(cuts):
        around = [s for s in stretches if s.start <= a and b <= s.end]
        figure = next((f for f in figures if f.start <= a and b <= f.end), None)
        piece = _figure(text[a:b], figure, a) if figure is not None else safe(text[a:b])
        for one in around:
            if one.numbered.number not in placed:
                placed.add(one.numbered.number)
                yield f'<span class="at" id="s{one.numbered.number}"></span>'
        loud = [s for s in around if not s.quiet]
        yield f'<mark class="said">{piece}</mark>' if loud else piece
        for one in loud:
            if one.end == b:
                number = one.numbered.number
                label = safe(label_of(one.numbered, view.words))
                yield f'<a class="no" lang="{view.words.tag}" href="#f{number}">{label}</a>'


def _figure(text: str, figure: _Figures, at: int) -> str:
    numbers = "、".join(str(n) for n in figure.numbers)
    own = f' id="g{figure.numbers[0]}"' if at == figure.start else ""
    # The number stays on the line of a figure that is short.
    kind = f"{figure.kind} bd--s" if len(text) <= _SHORT else figure.kind
    return f'<a class="{kind}"{own} href="#n{figure.numbers[0]}">{safe(text)}<sup>{numbers}</sup></a>'


def _outcome(view: View, match: FigureMatch) -> tuple[str, str]:
    """Shape and word of a match."""
    words = view.words
    match match.verdict:
        case Verdict.HOLDS:
            broken = any(view.marks.get(p, NO_MARK).kind is MarkKind.BAD for p in match.cells)
            return "tick", words("agrees_with_printed" if broken else "agrees")
        case Verdict.FAILS:
            # Proved wrong, or only unlikely: the finding's severity says which.
            sure = match.finding is None or match.finding.severity is Severity.ERROR
            return ("x" if sure else "half"), words("disagrees")
        case Verdict.HOLDS_IF_BLANK_IS_ZERO:
            return "half", words("agrees_if_zero")
        case Verdict.CANNOT_TELL:
            return "void", words("not_checked")


def _matches(view: View, matches: list[FigureMatch]) -> Iterator[str]:
    words = view.words
    name = safe(words("matches"))
    yield f'<div class="scroll" tabindex="0" role="region" aria-label="{name}">'
    caption = safe(words("matches_caption"))
    yield f'<table class="tbl small tbl--stack"><caption class="vh">{caption}</caption>'
    heads = "".join(f'<th scope="col">{safe(words(k))}</th>' for k in ("no", "figure", "against", "outcome"))
    yield f"<thead><tr>{heads}</tr></thead><tbody>"
    clusters = [c for key in _sections(view) for c in _clusters(view, key, matches)]
    place = {number: c.numbers[0] for c in clusters for number in c.numbers}
    for number, match in enumerate(matches, start=1):
        kind, word = _outcome(view, match)
        label = f'<a href="#g{place[number]}">{number}</a>' if number in place else str(number)
        raised = _raised(view, match)
        link = ""
        if raised is not None:
            see = safe(label_of(raised, words))
            link = f'<a class="see" href="#f{raised.number}">{see}</a>'
        yield f'<tr id="n{number}"><th scope="row">{label}</th><td>{_said(view, match)}</td>'
        yield f"<td>{_set_against(view, match)}</td><td>{mark(kind, word)}{link}</td></tr>"
    yield "</tbody></table></div>"


def _raised(view: View, match: FigureMatch) -> Numbered | None:
    """The finding that was raised for the figure, if any."""
    return next((n for n in view.findings if n.finding == match.finding), None)


def _said(view: View, match: FigureMatch) -> str:
    text = view.report.sections.get(match.span.section, "")[match.span.start : match.span.end]
    printed = clipped(text) if text.strip() else f"{plain(match.figure)}{match.unit}"
    known = match.concept in concepts()
    name = concept_name(match.concept)[view.words.language] if known else ""
    return f'<b lang="zh">{safe(printed)}</b>' + (f'<small class="sub">{safe(name)}</small>' if name else "")


def _set_against(view: View, match: FigureMatch) -> str:
    """The cells with their numbers, or the figure that was worked out."""
    if not match.cells:
        if match.against is None:
            raised = _raised(view, match)
            if raised is None:
                return safe(view.words("nothing_against"))
            return safe(view.words("see_finding", see=label_of(raised, view.words)))
        key = "would_be" if match.verdict is Verdict.CANNOT_TELL else "worked_out"
        return safe(view.words(key, n=tidy(match.against)))
    numbers = sorted({view.form.grid(view.form.spec(p).grid).number for p in match.cells})
    table = view.words("and").join(table_name(n, view.words) for n in numbers)
    terms: list[str] = []
    for path in match.cells[:_SHOWN_TERMS]:
        value = view.report.value(path)
        figure = view.words("blank") if value is None else plain(value)
        label = safe(full_label(view.form, path))
        linked = safe(figure)
        if path in view.anchors:
            linked = f'<a class="to" href="#{safe(cell_id(path))}">{linked}</a>'
        terms.append(f'<span lang="zh-CN">{label}</span> {linked}')
    if len(match.cells) > _SHOWN_TERMS:
        terms.append(safe(view.words("more_cells", n=len(match.cells))))
    total = f" = {safe(tidy(match.against))}" if len(match.cells) > 1 and match.against is not None else ""
    return f'<span class="quiet">{safe(table)}</span> {" + ".join(terms)}{total}'
