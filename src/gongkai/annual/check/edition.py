"""Edition and year: the tables against the year, the preface's notice, period and signature."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from gongkai.annual.check.bodies import due_day
from gongkai.annual.check.registry import CheckContext, check
from gongkai.annual.findings import Finding, Span, finding
from gongkai.annual.form import Form
from gongkai.annual.model import Report
from gongkai.annual.numerals import YEAR

NOT_IN_FORCE = "AR-E-001"
OTHER_NOTICE = "AR-E-002"
PERIOD_YEAR = "AR-E-003"
PERIOD_PARTIAL = "AR-E-004"
PERIOD_DAMAGED = "AR-E-005"
SIGNED_YEAR = "AR-E-006"
TITLE_WITHOUT_YEAR = "AR-E-007"
SIGNED_LATE = "AR-E-008"

PREFACE = "0"

_PERIOD = re.compile(r"[统統][计計]期限[^。；;\n]{0,80}")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_DATE = re.compile(r"(?:(?<!\d)((?:19|20)\d\d)\s*年\s*)?(?<!\d)(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_NUMBER_IN_NOTICE = re.compile(r"[\[\]()【】〔〕﹝﹞〈〉<>]")


@check(
    "edition",
    NOT_IN_FORCE,
    OTHER_NOTICE,
    PERIOD_YEAR,
    PERIOD_PARTIAL,
    PERIOD_DAMAGED,
    SIGNED_YEAR,
    TITLE_WITHOUT_YEAR,
    SIGNED_LATE,
)
def edition(context: CheckContext) -> Iterator[Finding]:
    """The edition is told from the tables; year and preface are held against it."""
    report = context.report
    yield from _in_force(report, context.forms)
    yield from _notice(report, context.forms)
    yield from _period(report)
    yield from _dates(report)
    yield from _late(report)


def _in_force(report: Report, forms: tuple[Form, ...]) -> Iterator[Finding]:
    if report.year is None or report.form.in_force(report.year):
        return
    due = next((f for f in forms if f.in_force(report.year)), None)
    if due is not None:
        yield finding(
            NOT_IN_FORCE,
            expected=due.edition,
            found=report.form.edition,
            values={
                "year": report.year,
                "due_zh": due.label["zh"],
                "due_en": due.label["en"],
                "used_zh": report.form.label["zh"],
                "used_en": report.form.label["en"],
            },
        )


def notice_number(text: str) -> str:
    """A document number with one kind of bracket and no spaces, so that two printings compare alike."""
    folded = unicodedata.normalize("NFKC", text).replace("號", "号").replace("國辦公開辦", "国办公开办")
    folded = re.sub(r"\s+", "", folded)
    return _NUMBER_IN_NOTICE.sub("|", folded)


def _notice(report: Report, forms: tuple[Form, ...]) -> Iterator[Finding]:
    if report.notice is None:
        return
    cited = notice_number(report.notice)
    own = report.form.instrument.get("number")
    if own is None or notice_number(str(own)) == cited:
        return
    for form in forms:
        number = form.instrument.get("number")
        if number is not None and notice_number(str(number)) == cited:
            yield finding(
                OTHER_NOTICE,
                expected=str(own),
                found=report.notice,
                spans=_spans_of(report, report.notice),
                values={"used_zh": report.form.label["zh"], "used_en": report.form.label["en"]},
            )
            return


def _spans_of(report: Report, words: str) -> tuple[Span, ...]:
    at = report.sections.get(PREFACE, "").find(words)
    return () if at < 0 else (Span(PREFACE, at, at + len(words)),)


def title_year(title: str | None) -> int | None:
    """The one year that a title states, or ``None`` if it states none or several."""
    years = {int(y) for y in _YEAR.findall(unicodedata.normalize("NFKC", title or ""))}
    return years.pop() if len(years) == 1 else None


def _period(report: Report) -> Iterator[Finding]:
    text = report.sections.get(PREFACE, "")
    sentence = _PERIOD.search(text)
    spans = () if sentence is None else (Span(PREFACE, sentence.start(), sentence.end()),)
    if report.period is None:
        if sentence is not None and re.search(r"\d", sentence[0]) and _two_dates(sentence[0]) is None:
            yield finding(PERIOD_DAMAGED, found=sentence[0], spans=spans, values={"text": sentence[0]})
        return
    first, last = report.period
    year = title_year(report.title) or report.year
    if year is None:
        return
    values = {"first": first, "last": last, "year": year}
    if {first[:4], last[:4]} != {str(year)}:
        yield finding(PERIOD_YEAR, expected=year, found=f"{first}/{last}", spans=spans, values=values)
    elif first[5:] != "01-01" or last[5:] != "12-31":
        yield finding(PERIOD_PARTIAL, found=f"{first}/{last}", spans=spans, values=values)


def _two_dates(sentence: str) -> tuple[str, str] | None:
    """First and last day in a sentence (the second may lack its year); ``None`` if not two whole dates."""
    dates = list(_DATE.finditer(unicodedata.normalize("NFKC", sentence)))
    if len(dates) != 2 or dates[0][1] is None:
        return None
    year = dates[0][1]
    one, two = ((d[1] or year, int(d[2]), int(d[3])) for d in dates)
    if not all(1 <= month <= 12 and 1 <= day <= 31 for _, month, day in (one, two)):
        return None
    return f"{one[0]}-{one[1]:02}-{one[2]:02}", f"{two[0]}-{two[1]:02}-{two[2]:02}"


def _dates(report: Report) -> Iterator[Finding]:
    signed = report.signed[1]
    if signed is not None and report.year is not None and signed[:4] != str(report.year + 1):
        yield finding(
            SIGNED_YEAR,
            expected=report.year + 1,
            found=signed,
            values={"year": report.year, "signed": signed},
        )
    if report.title is not None and not _YEAR.search(unicodedata.normalize("NFKC", report.title)):
        chinese = re.search(YEAR, report.title)
        if chinese is None:
            yield finding(TITLE_WITHOUT_YEAR, found=report.title, values={"heading": report.title})


def _late(report: Report) -> Iterator[Finding]:
    """Signed in the right year and after the day on which it had to be public."""
    signed = report.signed[1]
    day = due_day(report.body) if report.body is not None else None
    if signed is None or day is None or report.year is None or signed[:4] != str(report.year + 1):
        return
    if signed[5:] > day:
        month, last = (int(part) for part in day.split("-"))
        yield finding(
            SIGNED_LATE,
            expected=f"{report.year + 1}-{day}",
            found=signed,
            values={"body": report.body, "month": month, "day": last},
        )
