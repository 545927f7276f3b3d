"""A process is killed (kill -9) in the middle: nothing acknowledged is lost, nothing is there by half."""

from __future__ import annotations

from collections import Counter
from subprocess import Popen

from tests.platform.committed import CommittedDatabase
from tests.platform.conftest import Place, make_body
from tests.platform.ledger.appending import ACTOR, ACTS_A_CASE, NOTE, intake

from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.cases.services.acting import perform_acts
from gongkai.platform.cases.verifying import verify_projections
from gongkai.platform.core.audit_chain import verify_audit
from gongkai.platform.core.models import AuditEntry
from gongkai.platform.ledger.models import LedgerEvent
from gongkai.platform.ledger.verifying import verify_ledger

APPENDS = 1000
KILLED_AFTER = (1, 137, 300, 2)
MODULE = "tests.platform.ledger.appending"


def acknowledged(process: Popen[str], most: int | None = None) -> list[tuple[str, int]]:
    """What a process said was certain, until it ended or said so much."""
    assert process.stdout is not None
    found: list[tuple[str, int]] = []
    for line in process.stdout:
        stream, _space, seq = line.strip().partition(" ")
        found.append((stream, int(seq)))
        if len(found) == most:
            break
    return found


def everything_is_whole(place: Place) -> None:
    """The chain, the lists and the audit agree."""
    key = place.body.key
    verified = verify_ledger(key)
    assert verified.ok, verified.damages
    projected = verify_projections(key)
    assert projected.ok, projected.differences
    assert verify_audit().ok
    events = LedgerEvent.objects.filter(body=key).count()
    assert AuditEntry.objects.filter(act="case.act", body=key).count() == events
    assert CaseSummary.objects.filter(body=key).count() == projected.cases


def test_killed_four_times_during_a_thousand_appends(committed_database: CommittedDatabase) -> None:
    place = make_body("云溪县人民政府", "云公", "county")
    key = place.body.key
    certain: list[tuple[str, int]] = []
    for most in KILLED_AFTER:
        process = committed_database.start(MODULE, "acts", key, "k", str(APPENDS))
        said = acknowledged(process, most)
        process.kill()
        said += acknowledged(process)  # what had been said before the kill reached it
        process.wait()
        certain += said
        there = set(LedgerEvent.objects.filter(body=key).values_list("stream", "seq"))
        assert set(certain) <= there
        # At most the one act that was committed and not yet acknowledged is there beyond.
        by_stream = Counter(stream for stream, _seq in there)
        assert all(count >= 2 for count in by_stream.values()), "receipt and number come together"
        everything_is_whole(place)
    last = committed_database.start(MODULE, "acts", key, "k", str(APPENDS))
    certain += acknowledged(last)
    assert last.wait() == 0
    assert LedgerEvent.objects.filter(body=key).count() == APPENDS
    assert APPENDS % ACTS_A_CASE == 0
    everything_is_whole(place)


def test_who_dies_inside_a_transaction_leaves_nothing_and_holds_up_nobody(
    committed_database: CommittedDatabase,
) -> None:
    place = make_body("云溪县人民政府", "云公", "county")
    process = committed_database.start(MODULE, "hold", place.body.key)
    assert acknowledged(process, 1) == [("case-held", 1)]
    assert not LedgerEvent.objects.exists()  # not committed: nobody sees it
    process.kill()
    process.wait()
    perform_acts(body=place.body, stream="case-1", steps=[*intake("1"), NOTE], expected_seq=0, actor=ACTOR)
    assert list(LedgerEvent.objects.values_list("stream", "position")) == [("case-1", n) for n in (1, 2, 3)]
    everything_is_whole(place)
