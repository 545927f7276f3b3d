"""What the tests of the check page share: reports with a fault, and what a page says and marks."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType

from selectolax.lexbor import LexborHTMLParser, LexborNode
from tests.annual.check.support import clean_report, number

from gongkai.annual.check import check
from gongkai.annual.check.result import CheckResult, FigureMatch
from gongkai.annual.findings import Span, Verdict
from gongkai.annual.form import Form, builtin_forms
from gongkai.annual.model import Cell, Report
from gongkai.annual.repair import Localisation
from gongkai.annual.write.check_page import check_page

FORMS = builtin_forms()
NONE = Localisation((), 0, ambiguous=False, complete=True)
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&amp;\x00\x1b"


def form_of(edition: str) -> Form:
    return next(f for f in FORMS if f.edition == edition)


def parsed(page: str) -> LexborHTMLParser:
    return LexborHTMLParser(page)


def first(tree: LexborHTMLParser | LexborNode, selector: str) -> LexborNode:
    found = tree.css_first(selector)
    assert found is not None, selector
    return found


def page_for(report: Report, localisation: Localisation | None = NONE, **rest) -> LexborHTMLParser:
    return parsed(check_page(check(report), localisation, **rest))


def marked(tree: LexborHTMLParser, kind: str) -> set[str]:
    return {str(n.attributes["id"])[2:] for n in tree.css(f"td.{kind}")}


def text_of(tree: LexborHTMLParser, selector: str) -> str:
    return "".join("".join(n.text() for n in tree.css(selector)).split())


def broken_total(form: Form) -> Report:
    """One natural person counted once too often: the column's results no longer add up to its total."""
    report = clean_report(form)
    path, row = "requests.granted.natural_person", "requests.granted.total"
    return report.with_values({path: number(report, path) + 1, row: number(report, row) + 1})


def with_cells(report: Report, **states: Cell) -> Report:
    cells = {**report.cells, **{k.replace("__", "."): v for k, v in states.items()}}
    return replace(report, cells=MappingProxyType(cells))


def matched(report: Report, key: str, *quoted: tuple[str, Verdict]) -> CheckResult:
    text = report.sections[key]
    figures = tuple(
        FigureMatch(
            Span(key, text.index(words), text.index(words) + len(words)),
            7,
            "件",
            "requests_received",
            ("requests.new.total",),
            7,
            verdict,
        )
        for words, verdict in quoted
    )
    return replace(check(report), figures=figures)


def holds_together(page: str) -> None:
    """Well-formed enough to rely on: unique ids, every reference resolves, headings without gaps."""
    tree = parsed(page)
    ids = [str(n.attributes["id"]) for n in tree.css("[id]")]
    assert len(ids) == len(set(ids))
    known = set(ids)
    for name in ("headers", "aria-labelledby", "aria-describedby", "for"):
        for node in tree.css(f"[{name}]"):
            assert set(str(node.attributes[name]).split()) <= known, node.html
    for link in tree.css("a[href]"):
        target = str(link.attributes["href"])
        assert target.startswith("#") and target[1:] in known, link.html
    levels = [int((n.tag or "h9")[1]) for n in tree.css("h1, h2, h3, h4, h5, h6")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))
    assert len(tree.css("main")) == 1 and len(tree.css("header")) == 1 and len(tree.css("nav")) == 1
    assert all(n.attributes.get("aria-label") for n in tree.css("nav, [role=region], [role=group]"))
    assert not tree.css("script, link, img, iframe, object, [onerror], [onload], [style]")
