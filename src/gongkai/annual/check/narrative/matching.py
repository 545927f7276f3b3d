"""What the families share: the report's sentences, and how a comparison becomes a match and a finding."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from gongkai.annual.check.narrative.against import Choice, Stance, judge
from gongkai.annual.check.narrative.glossary import concept_name
from gongkai.annual.check.narrative.numbers import Numeral
from gongkai.annual.check.narrative.scope import Setting, same_scope
from gongkai.annual.check.narrative.sentences import Sentence, read_sentences
from gongkai.annual.check.result import FigureMatch
from gongkai.annual.findings import Finding, Severity, Span, Verdict, finding
from gongkai.annual.model import Number, Report

# Where a report tells of its work; two to four hold the tables, with a sentence beside them at most.
_TOLD = ("1", "2", "3", "4", "5", "6")


@dataclass(frozen=True, slots=True)
class Narrative:
    """A report with its sentences, in order."""

    report: Report
    last_year: Report | None
    sentences: tuple[Sentence, ...]

    @classmethod
    def of(cls, report: Report, last_year: Report | None) -> Narrative:
        """Read every section's sentences."""
        found = [
            s for key in _TOLD if key in report.sections for s in read_sentences(key, report.sections[key])
        ]
        return cls(report, last_year, tuple(found))

    def paragraphs(self) -> Iterable[tuple[Sentence, ...]]:
        """Sentences by the paragraph they stand in."""
        group: list[Sentence] = []
        for sentence in self.sentences:
            if group and (group[-1].section, group[-1].paragraph) != (sentence.section, sentence.paragraph):
                yield tuple(group)
                group = []
            group.append(sentence)
        if group:
            yield tuple(group)


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure of a sentence, what it counts, and the code to raise if the table says otherwise."""

    sentence: Sentence
    numeral: Numeral
    concept: str
    code: str
    readings: tuple[Choice, ...]
    setting: Setting
    certain: bool = True
    """False if a disagreement could have an innocent cause: then it is a warning."""
    word: str | None = None
    """The form's own word for what is counted, where it is narrower than the concept."""


def settle(report: Report, claim: Claim, scopes: frozenset[str] = frozenset()) -> FigureMatch:
    """Compare a claim with its readings; a disagreement carries its finding.

    ``scopes`` are words of scope known to mean just what the tables count: a figure under one of them is
    held to the table, though never as an error.
    """
    if same_scope(claim.setting.word, scopes) and claim.setting.stance in (Stance.PART, Stance.WHOLE):
        claim = replace(claim, setting=replace(claim.setting, stance=Stance.EQUAL))
    numeral = claim.numeral
    verdict, reading = judge(numeral, claim.setting.stance, claim.readings)
    span = claim.sentence.span_of(numeral)
    raised: Finding | None = None
    if verdict is Verdict.FAILS and reading is not None:
        sure = claim.certain and not claim.setting.scoped and numeral.exact_count
        code = claim.code
        if claim.setting.stance is Stance.PART:
            code = "AR-N-004"
        raised = finding(
            code,
            severity=Severity.ERROR if sure else Severity.WARNING,
            cells=tuple(dict.fromkeys(p for r in claim.readings for p in r.cells)),
            expected=reading.value,
            found=numeral.value,
            spans=(span,),
            values=_values(report, claim, reading),
        )
    return FigureMatch(
        span=span,
        figure=numeral.value,
        unit=numeral.unit,
        concept=claim.concept,
        cells=reading.cells if reading is not None else (),
        against=reading.value if reading is not None else None,
        verdict=verdict,
        finding=raised,
    )


def quote(sentence: Sentence, start: int, end: int, *, before: int = 30) -> str:
    """The words around a place, cut at the nearest mark of punctuation: for messages only."""
    first = max(start - before, 0)
    for i in range(start - 1, first - 1, -1):
        if sentence.text[i] in ",:(":
            return sentence.text[i + 1 : end]
    return ("…" if first > 0 else "") + sentence.text[first:end]


def quiet(
    span: Span,
    figure: Number,
    unit: str,
    concept: str,
    against: Number | Decimal | None,
    verdict: Verdict,
    raised: Finding | None = None,
) -> FigureMatch:
    """A match within the narrative, where no cell takes part."""
    return FigureMatch(span, figure, unit, concept, (), against, verdict, raised)


def _values(report: Report, claim: Claim, reading: Choice) -> dict[str, object]:
    name = concept_name(claim.concept)
    numbers = {report.form.grid(report.form.spec(p).grid).number for r in claim.readings for p in r.cells}
    others = [r.value for r in claim.readings[1:] if r.value is not None and r.value != reading.value]
    also = [str(v) for v in dict.fromkeys(others)]
    return {
        "quote": quote(claim.sentence, claim.numeral.start, claim.numeral.end),
        "concept_zh": claim.word or name["zh"],
        "concept_en": name["en"] if claim.word is None else f"{name['en']} ({claim.word})",
        "table": "、".join(str(n) for n in sorted(numbers)),
        "printed": claim.sentence.text[claim.numeral.start : claim.numeral.end],
        "also_zh": f"（换一种口径是 {'、'.join(also)}，也对不上）" if also else "",
        "also_en": f" ({', '.join(also)} if counted otherwise)" if also else "",
    }
