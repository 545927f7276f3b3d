"""Checking a spreadsheet of past cases: a job that looks at every row and keeps what is wrong."""

from __future__ import annotations

from django.db import transaction

from gongkai.platform.cases.models import PastImport, PastState
from gongkai.platform.cases.past.checking import around, findings
from gongkai.platform.cases.past.keeping import FileGone, book_of, forget_findings, keep_problems
from gongkai.platform.cases.past.preview import Preview
from gongkai.platform.core import audit
from gongkai.platform.core.actor import Actor

MOST_KEPT = 3_000
"""Findings that are kept; the numbers of errors and warnings are those of all."""
_TOLD_EVERY = 200


def check_past(*, key: str, actor: Actor) -> PastImport | None:
    """Look at every row of a spreadsheet that waits for it; gives the import, ``None`` where none waits.

    Broken off, it begins anew. The result stands at once or not at all. Raises ``FileDamaged``.
    """
    past = PastImport.objects.select_related("body", "file").filter(key=key).first()
    if past is None or past.state != PastState.CHECKING:
        return None
    read_as = (past.sheets, past.mapping)
    try:
        book = book_of(past, actor=actor)
    except FileGone:
        return None
    beside, preview = around(past.body, actor), Preview()
    errors = warnings = acts = 0
    faulty = []
    for number, one in enumerate(findings(book, beside, preview), 1):
        wrong = sum(1 for problem in one.problems if problem.error)
        errors, warnings = errors + wrong, warnings + len(one.problems) - wrong
        acts += len(one.case.acts)
        if one.problems:
            faulty.append(one)
        if number % _TOLD_EVERY == 0:
            PastImport.objects.filter(key=key, state=PastState.CHECKING).update(checked=number)
    with transaction.atomic():
        past = PastImport.objects.select_for_update().select_related("body").filter(key=key).first()
        if past is None or (past.state, past.sheets, past.mapping) != (PastState.CHECKING, *read_as):
            return None  # deleted, checked by somebody else, or set to be read otherwise meanwhile
        forget_findings(past)
        left = MOST_KEPT
        # What must be mended comes before what is only worth knowing, where not all can be kept.
        for errors_first in (True, False):
            for one in faulty:
                some = [problem for problem in one.problems if problem.error is errors_first][:left]
                if some:
                    keep_problems(past, book, one.case.row.sheet, one.case.row.row, some, actor)
                    left -= len(some)
        past.cases, past.acts, past.checked = len(book.cases), acts, len(book.cases)
        past.skipped = [list(one) for one in book.skipped[:500]]
        past.errors, past.warnings, past.preview = errors, warnings, preview.stored()
        past.state = PastState.FAULTY if errors or not book.cases else PastState.READY
        past.checked_at = actor.present.moment
        past.save()
        audit.record(
            "past.checked", actor=actor, body=past.body, object=key,
            detail={"cases": past.cases, "errors": errors, "warnings": warnings},
        )  # fmt: skip
    return past
