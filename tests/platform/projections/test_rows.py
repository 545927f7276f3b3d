"""The row of a case is a function of events and basis, and says on every later day what the clocks say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.platform.conftest import Place
from tests.platform.projections.histories import BASIS, history, recorded

from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.cases.projection import (
    on_a_day,
    organ_acts_on,
    paused_on,
    running_on,
    summary_fields,
    work_out,
)
from gongkai.platform.core.bases import Basis
from gongkai.rules.cases.clock import ClockState
from gongkai.rules.event import Event
from gongkai.rules.workdays import WorkCalendar

PERSON = "natural_person"


def row(*acts: tuple[str, str] | tuple[str, str, dict[str, Any]], basis: Basis = BASIS) -> CaseSummary:
    """The row after acts (kind, day, payload), each entered on its day."""
    events = [
        Event(
            act[0], date.fromisoformat(act[1]), act[2] if len(act) == 3 else {}, "case-1", seq, seq,
            recorded(date.fromisoformat(act[1])),
        )
        for seq, act in enumerate(acts, 1)
    ]  # fmt: skip
    return CaseSummary(stream="case-1", **summary_fields("body-a", events, basis))


def received(day: str = "2026-03-02") -> tuple[str, str, dict[str, Any]]:
    return ("request.received", day, {"channel": "counter", "applicant_kind": PERSON})


def day(text: str) -> date:
    return date.fromisoformat(text)


CONSULTED = ("third_party.consulted", "2026-03-04", {"party": "party-1"})
DELIVERED = ("third_party.delivered", "2026-03-09", {"party": "party-1"})
ISSUED = ("reply.issued", "2026-03-20", {"outcome": "granted", "method": "post"})


def test_a_received_request_is_due_in_twenty_working_days() -> None:
    case = row(received())
    assert (case.phase, case.open, case.reply_due_on, case.next_due_on, case.notice_due_on) == (
        "handling", True, day("2026-03-30"), day("2026-03-30"), day("2026-03-11"),
    )  # fmt: skip
    assert (case.waits_for, case.paused, case.answered_late) == ("organ", False, None)


def test_a_submission_to_be_confirmed_is_open_and_has_no_due_date() -> None:
    case = row(("request.submitted", "2026-03-02", {"channel": "fax"}))
    assert (case.phase, case.open, case.reply_due_on, case.received_on, case.submitted_on) == (
        "submitted", True, None, None, day("2026-03-02"),
    )  # fmt: skip


def test_a_consultation_that_was_not_delivered_pauses_without_an_end() -> None:
    case = row(received(), CONSULTED)
    assert (case.paused, case.waits_for, case.waits_until) == (True, "third_party", None)
    assert (case.paused_through, case.due_after_pause, case.next_due_on) == (None, None, None)
    assert on_a_day(case, day("2027-03-01")).paused


def test_a_pause_for_a_consultation_ends_by_itself_after_its_last_day() -> None:
    case = row(received(), CONSULTED, DELIVERED)
    assert (case.paused, case.reply_due_on, case.waits_until) == (True, None, day("2026-03-30"))
    assert (case.paused_through, case.due_after_pause) == (day("2026-03-30"), day("2026-04-24"))
    assert case.next_due_on == day("2026-04-24")
    last, after = on_a_day(case, day("2026-03-30")), on_a_day(case, day("2026-03-31"))
    assert (last.paused, last.reply_due_on, last.waits_for) == (True, None, "third_party")
    assert (after.paused, after.reply_due_on, after.waits_for) == (False, day("2026-04-24"), "organ")


def test_of_two_consultations_the_later_end_tells() -> None:
    second = ("co_maker.consulted", "2026-03-16", {"body": "body-2"})
    told = ("co_maker.delivered", "2026-03-18", {"body": "body-2"})
    case = row(received(), CONSULTED, DELIVERED, second, told)
    assert (case.waits_for, case.waits_until, case.paused_through) == (
        "co_maker", day("2026-04-09"), day("2026-04-09"),
    )  # fmt: skip
    open_ended = row(received(), CONSULTED, DELIVERED, second)
    assert (open_ended.waits_for, open_ended.waits_until, open_ended.paused_through) == (
        "co_maker", None, None,
    )  # fmt: skip


def test_another_organ_is_waited_for_though_it_has_no_clock() -> None:
    asked = ("agency.consulted", "2026-03-04", {"body": "body-2"})
    case = row(received(), asked)
    assert (case.paused, case.waits_for, case.waits_until) == (True, "agency", None)
    both = row(received(), asked, CONSULTED, DELIVERED)
    assert (both.waits_for, both.waits_until, both.paused_through) == ("agency", None, None)


def test_a_correction_pauses_until_it_comes_or_its_lapse_is_entered() -> None:
    asked = ("correction.requested", "2026-03-04", {"working_days": 15})
    case = row(received(), asked)
    assert (case.phase, case.paused, case.waits_for, case.waits_until) == (
        "awaiting_correction", True, "applicant", day("2026-03-25"),
    )  # fmt: skip
    assert (case.paused_through, case.next_due_on) == (None, day("2026-03-25"))
    over = on_a_day(case, day("2026-03-26"))
    assert (over.paused, over.waits_for) == (True, "organ")
    lapsed = row(received(), asked, ("correction.lapsed", "2026-03-26"))
    assert (lapsed.open, lapsed.paused, lapsed.waits_for, lapsed.reply_due_on) == (True, False, "organ", None)
    back = row(received(), asked, ("correction.received", "2026-03-20"))
    assert (back.reply_due_on, back.notice_due_on) == (day("2026-04-20"), day("2026-03-31"))


def test_an_extension_counts_while_its_period_runs_and_falls_away_with_a_restart() -> None:
    told = ("extension.told", "2026-03-05", {"working_days": 20, "approved_by": "seat-1"})
    assert row(received(), told).extended
    notice = ("fee.notified", "2026-03-09", {"amount": "20"})
    paid = ("fee.paid", "2026-03-12", {"amount": "20"})
    restarted = row(received(), told, notice, ("fee.delivered", "2026-03-10"), paid)
    assert restarted.reply_due_on == day("2026-04-10")
    assert not restarted.extended


def test_a_reply_that_was_not_dispatched_is_still_due() -> None:
    case = row(received(), ISSUED)
    assert (case.phase, case.open, case.reply_due_on, case.answered_late) == (
        "replied", True, day("2026-03-30"), None,
    )  # fmt: skip
    assert (case.outcome, case.replied_on) == ("granted", day("2026-03-20"))


def test_a_dispatched_reply_is_open_until_it_is_delivered() -> None:
    case = row(received(), ISSUED, ("reply.dispatched", "2026-03-23"))
    assert (case.phase, case.open, case.reply_due_on, case.answered_late, case.waits_for) == (
        "replied", True, None, False, "organ",
    )  # fmt: skip
    late = row(received(), ISSUED, ("reply.dispatched", "2026-03-31"))
    assert late.answered_late is True


SENT = ("reply.dispatched", "2026-03-23")
SIGNED = ("reply.delivered", "2026-03-26")
FILED = ("remedy.filed", "2026-04-20", {"remedy": "remedy-1", "kind": "reconsideration"})


def test_a_delivered_reply_ends_a_case_and_what_comes_later_does_not_move_its_end() -> None:
    ended = row(received(), ISSUED, SENT, SIGNED)
    assert (ended.phase, ended.open, ended.ended_on, ended.waits_for) == (
        "delivered", False, day("2026-03-26"), "",
    )  # fmt: skip
    sued = row(received(), ISSUED, SENT, SIGNED, FILED)
    assert (sued.open, sued.ended_on) == (False, day("2026-03-26"))
    archived = row(received(), ISSUED, SENT, SIGNED, FILED, ("case.archived", "2026-12-01"))
    assert (archived.phase, archived.open, archived.ended_on) == ("archived", False, day("2026-03-26"))
    assert archived.outcome == "granted"


def test_handling_anew_opens_an_archived_case_again_without_outcome() -> None:
    revoked = ("reply.revoked", "2026-06-01", {"by": "reconsideration"})
    anew = ("rehandling.started", "2026-06-02", {"working_days": 10})
    told = row(received(), ISSUED, SENT, SIGNED, ("case.archived", "2026-04-01"), revoked)
    assert (told.phase, told.open, told.outcome) == ("revoked", True, "")
    assert told.next_due_on == day("2026-06-30")
    case = row(received(), ISSUED, SENT, SIGNED, ("case.archived", "2026-04-01"), revoked, anew)
    assert (case.phase, case.open, case.ended_on, case.outcome, case.replied_on) == (
        "rehandling", True, None, "", None,
    )  # fmt: skip
    assert case.reply_due_on == day("2026-06-16")


def test_a_withdrawn_case_owes_nothing() -> None:
    case = row(received(), CONSULTED, ("request.withdrawn", "2026-03-10"), ("case.archived", "2026-05-01"))
    assert (case.open, case.ended_on, case.paused, case.next_due_on, case.waits_for) == (
        False, day("2026-03-10"), False, None, "",
    )  # fmt: skip


def test_a_case_from_before_the_ledger_is_open_with_an_unknown_clock() -> None:
    opening = ("opening.case", "2026-03-02", {"received_on": "2018-11-01", "applicant_kind": PERSON})
    case = row(opening)
    assert (case.open, case.received_on, case.reply_due_on, case.paused, case.waits_for) == (
        True, day("2018-11-01"), None, False, "organ",
    )  # fmt: skip


def test_a_case_that_was_struck_out_whole_is_not_open() -> None:
    case = row(received(), ("entry.corrected", "2026-03-03", {"seq": 1, "reason": "mistake-1"}))
    assert (case.phase, case.open, case.ended_on) == ("not_received", False, day("2026-03-03"))


def test_a_voided_entry_gives_no_letter() -> None:
    payload = {"channel": "counter", "applicant_kind": PERSON, "letter": "letter-1"}
    entry = ("request.received", "2026-03-02", payload)
    assert row(entry).letter == "letter-1"
    replaced = {"occurred_on": "2026-03-02", "payload": {**payload, "letter": "letter-2"}}
    mended = ("entry.corrected", "2026-03-03", {"seq": 1, "reason": "x", "replacement": replaced})
    assert row(entry, mended).letter == "letter-2"


def test_a_case_split_from_a_letter_names_it_and_one_split_from_a_case_none() -> None:
    copied = {"unit": 2, "received_on": "2026-03-02", "channel": "counter", "applicant_kind": PERSON}
    assert row(("case.split", "2026-03-03", {"from": "letter-1", **copied})).letter == "letter-1"
    assert row(("case.split", "2026-03-03", {"from": "case-1", **copied})).letter == ""


def test_a_date_that_the_calendar_cannot_tell_is_provisional() -> None:
    short = Basis(BASIS.law, WorkCalendar([n for n in BASIS.calendar.notices if n.year <= 2025]))
    case = row(received("2025-12-25"), basis=short)
    assert case.provisional
    assert not row(received("2025-12-25")).provisional


def test_the_database_reads_rows_for_a_day_as_we_do(county: Place) -> None:
    asked = ("correction.requested", "2026-03-04", {"working_days": 15})
    found = {
        "plain": row(received()),
        "no_end": row(received(), CONSULTED),
        "end": row(received(), CONSULTED, DELIVERED),
        "correction": row(received(), asked),
        "closed": row(received(), CONSULTED, DELIVERED, ("request.withdrawn", "2026-03-10")),
    }
    for stream, case in found.items():
        case.stream, case.body = stream, county.body
        case.save()
    for today in (
        day("2026-03-10"),
        day("2026-03-25"),
        day("2026-03-30"),
        day("2026-03-31"),
        day("2026-06-01"),
    ):
        said = {stream: on_a_day(case, today) for stream, case in found.items()}
        assert _streams(paused_on(today)) == {s for s, one in said.items() if one.paused}
        assert _streams(running_on(today)) == {s for s, one in said.items() if not one.paused}
        assert _streams(organ_acts_on(today)) == {s for s, one in said.items() if one.waits_for == "organ"}


def _streams(condition: Q) -> set[str]:
    return set(CaseSummary.objects.filter(condition).values_list("stream", flat=True))


@settings(
    max_examples=40, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(st.integers(0, 2**32))
def test_on_every_later_day_a_row_says_what_the_clocks_say(seed: int) -> None:
    events = history(seed)
    for count in range(1, len(events) + 1):
        some = events[:count]
        case = CaseSummary(stream="case-1", **summary_fields("body-a", some, BASIS))
        assert summary_fields("body-a", some, BASIS) == summary_fields("body-a", some, BASIS)
        last = max(max(e.occurred_on for e in some), (some[-1].recorded_at or recorded(date.min)).date())
        for later in (0, 1, 4, 13, 29, 47, 90):
            today = last + timedelta(days=later)
            clocks = work_out(some, BASIS, today).deadlines
            reply = None if clocks is None else clocks.get("reply")
            state = None if reply is None or not case.open else reply.state
            due = (
                reply.due_on
                if reply is not None and state in {ClockState.RUNNING, ClockState.OVERDUE}
                else None
            )
            said = on_a_day(case, today)
            paused = state is ClockState.PAUSED
            if paused and (missed := _missed_before_asking(some)) is not None:
                paused, due = False, missed  # asking too late does not take a case from among the overdue
            assert (said.paused, said.reply_due_on) == (paused, due), (seed, count, today)


def _missed_before_asking(events: Sequence[Event]) -> date | None:
    """What was due, and over, on the day on which the correction that is awaited was asked for."""
    state = work_out(events, BASIS, events[-1].occurred_on).state
    if state.correction_awaited is None:
        return None
    acts = [event for event in state.events if event.kind != "entry.corrected"]
    asked = max(at for at, event in enumerate(acts) if event.kind == "correction.requested")
    day = acts[asked].occurred_on
    then = work_out(acts[:asked], BASIS, day).deadlines
    reply = None if then is None else then.get("reply")
    return reply.due_on if reply is not None and reply.due_on is not None and reply.due_on < day else None
