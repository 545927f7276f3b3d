"""A reply revoked by a court, handled anew in the time ordered: dates, the new reply, Tables 3 and 4.

Counting: a case handled anew after a revocation is neither new nor a second outcome, the first outcome stands
in its year; the suit is one case of Table 4 (``docs``: counting).
"""

from __future__ import annotations

from datetime import date

import pytest
from tests.platform.after.conftest import ANSWERED, DECIDED, Case, Desk, answer, decide, later, sue

from gongkai.platform.cases.models import CaseSummary, OutgoingLetter
from gongkai.platform.cases.selectors.filters import WorkFilters
from gongkai.platform.cases.selectors.work_list import work_list
from gongkai.platform.core import private
from gongkai.platform.ledger.selectors import history
from gongkai.platform.reporting.selectors import running_figures

pytestmark = pytest.mark.one_database
GOT = later(DECIDED, 3)
ORDERED = date(2026, 6, 4)  # 15 working days after the judgment came in on 14 May


def figures(case: Case, day: date) -> dict[str, object]:
    found = running_figures(
        body=case.place.body, year=2026, area=False, actor=case.place.actor("report_author", day)
    )
    cells = {c.path: c.value for t in found.tables for row in (*t.head, *t.rows) for c in row if c.path}
    return {path: value for path, value in cells.items() if value and not path.startswith("documents")}


def due(case: Case) -> tuple[str, date | None]:
    row = CaseSummary.objects.get(stream=case.stream)
    return row.phase, row.next_due_on


def test_from_the_judgment_to_the_new_reply_and_its_figures(case: Case, desk: Desk) -> None:
    answer(case)
    sue(case)
    pending = figures(case, DECIDED)
    assert pending["litigation_direct.pending"] == 1
    decide(case)
    before = figures(case, DECIDED)
    assert before["litigation_direct.corrected"] == 1 and "litigation_direct.pending" not in before
    assert before["requests.unavailable_needs_creation.total"] == 1

    # The approver enters the revocation; until handling anew is entered the case owes a date all the same.
    approver, handler = desk.of("approver", GOT), desk.of("handler", GOT)
    base = f"/desk/cases/{case.stream}/"
    page = approver.get(base).content.decode()
    assert f"{base}acts/reply.revoked/" in page.partition("不常用的")[0]
    data = {
        "occurred_on": GOT.isoformat(),
        "by": "court",
        "reason": "检索不充分",
        "expected_seq": str(case.seq),
    }
    revoked = approver.post(f"{base}acts/reply.revoked/", {**data, "step": "perform"}, follow=True)
    assert "请承办人登记“重新办理”" in revoked.content.decode()
    assert due(case) == ("revoked", date(2026, 6, 11))
    assert "登记重新办理" in handler.get("/desk/").content.decode()
    late = work_list(case.place.actor("handler", date(2026, 6, 12)), WorkFilters())
    assert [group.key for group in late.groups] == ["overdue"]

    # Handling anew with the time that was ordered.
    page = handler.get(base).content.decode()
    assert f"{base}acts/rehandling.started/" in page.partition("不常用的")[0]
    data = {
        "occurred_on": GOT.isoformat(),
        "working_days": "15",
        "reason": "判决第二项",
        "expected_seq": str(case.seq),
    }
    handler.post(f"{base}acts/rehandling.started/", {**data, "step": "perform"})
    assert due(case) == ("rehandling", ORDERED)

    # The new reply names what it takes the place of, tells the remedies, and goes out in time.
    answer(case, "other_other", on=later(GOT, 10))
    issued = [
        e for e in history(body=case.place.body.key, stream=case.stream).events if e.kind == "reply.issued"
    ]
    first, second = issued
    assert second.payload["supersedes"] == first.payload["number"]
    letter = OutgoingLetter.objects.get(stream=case.stream, number=second.payload["number"])
    text = str(private.read_many([letter.text])[letter.text])
    assert f"本机关于2026年2月{ANSWERED.day}日作出的答复（{first.payload['number']}）已由法院判决撤销" in text
    assert "申请行政复议" in text and "提起行政诉讼" in text
    assert due(case) == ("delivered", None)

    after = figures(case, later(GOT, 11))
    for cell in ("requests.new.total", "requests.unavailable_needs_creation.total", "requests.total.total"):
        assert (after[cell], before[cell]) == (1, 1), cell
    assert "requests.other_other.total" not in after
    assert after == before
    shown = desk.of("report_author", later(GOT, 11)).get(f"/desk/figures/{case.place.body.key}/2026/")
    assert shown.status_code == 200
