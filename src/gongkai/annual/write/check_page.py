"""A check report as one HTML page: what was read, what is wrong, where, and what could mend it.

No script and nothing loaded from elsewhere: the page can be mailed, filed and printed. Report text is
quoted as published, never converted, never corrected.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib import resources

from gongkai.annual.check.result import CheckResult
from gongkai.annual.findings import Severity
from gongkai.annual.model import CellState, Report
from gongkai.annual.read.html_tags import CHECK_PAGE
from gongkai.annual.repair import Localisation
from gongkai.annual.write.check_page_findings import SHAPES, findings_panel
from gongkai.annual.write.check_page_marks import View, missing_grids, view_of
from gongkai.annual.write.check_page_repairs import has_repairs, repairs_panel
from gongkai.annual.write.check_page_tables import mark, table_name, table_panels
from gongkai.annual.write.check_page_text import text_panel
from gongkai.annual.write.check_page_verdict import relations_line, verdict_of
from gongkai.annual.write.check_page_words import is_traditional, safe
from gongkai.annual.write.content import title_of

_FEW_FINDINGS = 3

# 公 in a square, as on the other pages.
_SEAL_PATH = (
    "M2 2h44v44H2zM5 5v38h38V5zM18.5 9.5l4.6 1.9C20.8 17 17 22 11.6 25.6L8.4 21.8C13 18.7 16.5 14.5 18.5 "
    "9.5zM29.5 9.5c2 5 5.5 9.2 10.1 12.3l-3.2 3.8C31 22 27.2 17 24.9 11.4zM19.6 21.2l5 1.7c-1.7 4.3-3.8 "
    "8.1-6 11.3l10.6-.9c-1.2-1.9-2.5-3.7-3.9-5.4l4-2.4c3.6 4.3 6.4 8.7 8.2 12.7l-4.5 2.3c-.5-1.1-1-2.2"
    "-1.6-3.3l-19.7 1.7-.5-4.8c3.2-3.6 6.1-8 8.4-12.9z"
)
_SEAL = (
    '<svg class="seal" viewBox="0 0 48 48" aria-hidden="true" focusable="false">'
    f'<path fill-rule="evenodd" d="{_SEAL_PATH}"/></svg>'
)


def check_page(result: CheckResult, localisation: Localisation | None, *, language: str = "zh") -> str:
    """The check report as a whole HTML page.

    - takes a checked report, its smallest repairs (``None`` where they were not asked for), and ``zh`` or
      ``en`` for the page's own words; the report's text stays in its language;
    - the same arguments give the same page; nothing of the report is changed.

    Raises ``ValueError`` for another language.
    """
    traditional = is_traditional("".join([result.report.title or "", *result.report.sections.values()]))
    view = view_of(result, localisation, language, traditional=traditional)
    return "\n".join([*_head(view), "<body>", *_body(view), "</body>", "</html>", ""])


@cache
def style() -> str:
    """The page's style sheet."""
    return (resources.files("gongkai.annual.write") / "check_page.css").read_text(encoding="utf-8")


def _head(view: View) -> Iterator[str]:
    title = view.words("page_title", verdict=verdict_of(view)[1], title=_title(view))
    yield "<!DOCTYPE html>"
    yield f'<html lang="{view.words.tag}" data-gongkai="check-page">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    # By this the reader of reports knows that the page is no report, though it shows one.
    yield f'<meta name="generator" content="{CHECK_PAGE}">'
    yield f"<title>{safe(title)}</title>"
    yield f"<style>\n{style()}</style>"
    yield "</head>"


def _title(view: View) -> str:
    report = view.report
    known = report.title or report.body or report.year is not None
    return title_of(report) if known else view.words("untitled")


def _body(view: View) -> Iterator[str]:
    words = view.words
    yield f'<a class="skip" href="#main">{safe(words("skip"))}</a>'
    yield '<header class="bar"><div class="wrap">'
    yield f'<p class="bar__name">{_SEAL}{safe(words("program"))}</p>'
    yield from _jump(view)
    yield f'<div class="modes" role="group" aria-label="{safe(words("display"))}">'
    yield f'<label><input type="checkbox" id="m-lg"> {safe(words("large"))}</label>'
    yield f'<label><input type="checkbox" id="m-hc"> {safe(words("contrast"))}</label></div>'
    yield "</div></header>"
    yield '<main id="main" tabindex="-1">'
    tag = "zh-Hant" if view.traditional else "zh-CN"
    yield f'<div class="head"><div class="wrap"><h1 lang="{tag}">{safe(_title(view))}</h1>'
    yield from _facts(view)
    yield '</div></div><div class="wrap">'
    shape, stay = _shape(view)
    yield f'<div class="rep{shape}"><div class="stack{stay}">'
    yield from findings_panel(view)
    yield from repairs_panel(view)
    yield '</div><div class="stack">'
    yield from table_panels(view)
    yield "</div></div>"
    yield from text_panel(view)
    yield "</div></main>"
    yield from _foot(view)


def _shape(view: View) -> tuple[str, str]:
    """A report with nothing found needs no column for it; a short column stays in sight."""
    if not view.findings and not has_repairs(view):
        return " rep--one", ""
    return "", " stack--stay" if len(view.findings) <= _FEW_FINDINGS and not has_repairs(view) else ""


def _jump(view: View) -> Iterator[str]:
    """Links to the parts of the page, in its order."""
    words = view.words
    links = [("h-f", words("findings"))]
    if has_repairs(view):
        links.append(("h-r", words("repairs")))
    links += [(f"t-{grid.id}", table_name(grid.number, words)) for grid in view.form.grids]
    if view.report.sections:
        links.append(("h-n", words("text")))
    items = "".join(f'<li><a href="#{safe(anchor)}">{safe(label)}</a></li>' for anchor, label in links)
    yield f'<nav aria-label="{safe(words("this_page"))}"><ul>{items}</ul></nav>'


def _facts(view: View) -> Iterator[str]:
    """The strip of facts: verdict, findings, what was read, the file."""
    words = view.words
    kind, verdict = verdict_of(view)
    yield '<dl class="facts">'
    yield _fact(words("verdict"), mark(kind, verdict), [relations_line(view)])
    yield _fact(words("found"), _by_severity(view), [])
    yield _fact(words("read"), safe(_what_was_read(view)), [_states(view), *_reading_notes(view)])
    name = _file_name(view.report)
    notes = [words("read_only")]
    if view.result.last_year is not None:
        last = _file_name(view.result.last_year) or title_of(view.result.last_year)
        notes.append(words("with_last_year", name=last))
    yield _fact(words("file"), safe(name or words("no_file")), notes)
    yield "</dl>"


def _fact(term: str, answer: str, notes: list[str]) -> str:
    """One fact; ``answer`` is HTML, the notes are text."""
    below = "".join(f"<small>{safe(note)}</small>" for note in notes if note)
    return f"<div><dt>{safe(term)}</dt><dd>{answer}{below}</dd></div>"


def _by_severity(view: View) -> str:
    parts: list[str] = []
    for severity in Severity:
        count = view.result.count(severity)
        if count:
            first = next(n.number for n in view.findings if n.finding.severity is severity)
            label = mark(SHAPES[severity], view.words(f"count_{severity.value}", n=count))
            parts.append(f'<a href="#f{first}">{label}</a>')
    return f'<span class="row">{"".join(parts)}</span>' if parts else safe(view.words("none"))


def _what_was_read(view: View) -> str:
    words, gone = view.words, missing_grids(view.report)
    tables = [table_name(g.number, words) for g in view.form.grids if g.id not in gone]
    return words(
        "read_what",
        form=view.form.label[words.language],
        tables=words("and").join(tables) if tables else words("no_tables"),
        n=len(view.form.cells),
    )


def _states(view: View) -> str:
    words = view.words
    counts = Counter(view.report.cell(path).state for path in view.form.cells)
    if counts[CellState.VALUE] == len(view.form.cells):
        return words("all_read")
    held = [state for state in CellState if counts[state]]
    return words("comma").join(words(f"cells_{state.value}", n=counts[state]) for state in held)


def _reading_notes(view: View) -> list[str]:
    return [view.words("traditional")] if view.traditional else []


def _file_name(report: Report) -> str:
    """The last part of the source, so that no directory of the checker's machine is passed on."""
    source = report.source.strip()
    if re.match(r"https?://", source):
        return source
    return re.split(r"[\\/]", source)[-1]


def _foot(view: View) -> Iterator[str]:
    number = view.form.instrument.get("number")
    yield f'<footer class="foot"><div class="wrap"><p>{safe(view.words("foot"))}</p>'
    if number:
        yield f"<p>{safe(view.words('instrument', number=number))}</p>"
    yield "</div></footer>"
