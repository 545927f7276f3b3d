"""An act on a case goes through the rules into the ledger, or leaves nothing."""

from __future__ import annotations

from datetime import date

import pytest
from tests.platform.conftest import ActorOn, Place

from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.cases.services.acting import (
    ActRefused,
    DatedInFuture,
    SomebodyWasFaster,
    Step,
    perform_act,
    perform_acts,
)
from gongkai.platform.core.models import AuditEntry
from gongkai.platform.core.permissions import NotPermitted
from gongkai.platform.ledger.models import LedgerEvent

INTAKE = [
    Step("request.received", date(2026, 2, 9), {"channel": "counter", "applicant_kind": "natural_person"}),
    Step("request.registered", date(2026, 2, 9), {"number": "云公申〔2026〕1号"}),
]


def received(county: Place) -> str:
    perform_acts(
        body=county.body, stream="case-1", steps=INTAKE, expected_seq=0, actor=county.actor("receiving_clerk")
    )
    return "case-1"


def test_a_received_request_has_its_due_date_in_the_list(county: Place) -> None:
    received(county)
    row = CaseSummary.objects.get(stream="case-1")
    assert (row.number, row.reply_due_on, row.phase, row.open) == (
        "云公申〔2026〕1号", date(2026, 3, 13), "handling", True,
    )  # fmt: skip


def test_a_refused_act_leaves_no_trace_but_the_audit(county: Place, actor_on: ActorOn) -> None:
    stream = received(county)
    before = LedgerEvent.objects.count()
    with pytest.raises(ActRefused) as refused:
        perform_act(
            body=county.body, stream=stream, kind="extension.told", occurred_on=date(2026, 3, 16),
            expected_seq=2,
            actor=actor_on("approver", date(2026, 3, 16)), payload={"working_days": 20, "approved_by": "x"},
        )  # fmt: skip
    assert "三十三" in refused.value.refusal.article
    assert LedgerEvent.objects.count() == before
    assert CaseSummary.objects.get(stream=stream).last_seq == 2
    assert AuditEntry.objects.filter(act="case.act_refused", success=False, object=stream).count() == 1


def test_a_stale_writer_is_told_and_writes_nothing(county: Place) -> None:
    stream = received(county)
    with pytest.raises(SomebodyWasFaster) as stale:
        perform_act(
            body=county.body, stream=stream, kind="note.added", occurred_on=date(2026, 3, 1), expected_seq=1,
            actor=county.actor("handler"), payload={"kind": "call"},
        )  # fmt: skip
    assert (stale.value.expected, stale.value.found) == (1, 2)


def test_nothing_is_dated_after_today(county: Place) -> None:
    stream = received(county)
    with pytest.raises(DatedInFuture):
        perform_act(
            body=county.body, stream=stream, kind="note.added", occurred_on=date(2026, 3, 4), expected_seq=2,
            actor=county.actor("handler"), payload={"kind": "call"},
        )  # fmt: skip


def test_only_the_body_s_own_clerk_registers(county: Place, department: Place, foreign: Place) -> None:
    for somebody in (county.actor("handler"), department.actor("receiving_clerk"), foreign.actor("approver")):
        with pytest.raises(NotPermitted):
            perform_acts(body=county.body, stream="case-1", steps=INTAKE, expected_seq=0, actor=somebody)
    assert not LedgerEvent.objects.exists()


def test_free_text_stays_out_of_the_ledger(county: Place) -> None:
    stream = received(county)
    done = perform_act(
        body=county.body, stream=stream, kind="note.added", occurred_on=date(2026, 3, 1), expected_seq=2,
        actor=county.actor("handler"), payload={"kind": "call"}, texts={"text": "陈先生来电"},
    )  # fmt: skip
    payload = done.new[0].payload
    assert set(payload) == {"kind", "ref", "commitment"}
    assert "陈" not in LedgerEvent.objects.get(stream=stream, seq=3).payload
