"""Random lawful years of a body, made through ``decide`` and ``decide_act`` and through nothing else.

``lawful_ledger(seed)`` gives several years of one body: the acts of its cases and those of the body itself,
in the order in which they were recorded, with stream, seq, position and time of recording. A command that the
law refuses is left out, so that whatever is here is lawful.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from typing import Any

from tests.rules.independent.body_acts import body_acts
from tests.rules.independent.case import Case
from tests.rules.independent.world import Ledger, World, near

from gongkai.rules.cases.state import CaseState
from gongkai.rules.event import Event
from gongkai.rules.law import Law, load_law
from gongkai.rules.vocabulary import SUB_KINDS, ApplicantKind, Channel, Outcome, RemedyKind, RemedyResult
from gongkai.rules.workdays import WorkCalendar, load_calendar

BODY = "body-1"
SHARED = "m-shared"
UNCONFIRMED = (Channel.ORDINARY_POST, Channel.FAX, Channel.EMAIL, Channel.INTERNET)
APPLICANTS = [str(kind) for kind in ApplicantKind]
RESULTS = [str(result) for result in RemedyResult]


# --- intake ---------------------------------------------------------------------------------------------


def _intake(case: Case) -> None:
    world, rng = case.world, case.rng
    kind, way = rng.choice(APPLICANTS), rng.random()
    channel = str(rng.choice([c for c in Channel if c not in UNCONFIRMED[:3]]))
    if way < 0.12:
        received = world.begin - timedelta(days=rng.choice((0, 1, rng.randint(2, 300))))
        case.on = world.begin + timedelta(days=rng.choice((0, 0, rng.randint(1, 40))))
        more = {"channel": channel} if world.chance(0.5) else {}
        case.act("opening.case", received_on=received.isoformat(), applicant_kind=kind, **more)
    elif way < 0.4:
        channel = str(rng.choice(UNCONFIRMED))
        more = {"applicant_kind": kind} if world.chance(0.5) else {}
        case.act("request.submitted", channel=channel, **more)
        if world.chance(0.15):
            return  # never confirmed
        case.go(0, 6)
        kind = rng.choice(APPLICANTS) if world.chance(0.1) else kind
        case.act("request.received", channel=channel, applicant_kind=kind, how="call")
    elif way < 0.55 and world.streams:
        letter, received = rng.choice(world.streams)
        case.on = received
        case.go(0, 5)
        split = {"received_on": received.isoformat(), "channel": channel, "applicant_kind": kind}
        case.act("case.split", from_=letter, unit=rng.randint(1, 3), **split)
    else:
        case.act("request.received", channel=channel, applicant_kind=kind, letter=f"l-{rng.randint(1, 50)}")
        if way < 0.6:
            case.act("case.split", from_=f"l-{rng.randint(1, 50)}")
        world.streams.append((case.stream, case.on))
    if world.chance(0.8):
        world.numbers += 1
        case.act("request.registered", number=f"{case.on.year}-{world.numbers}")


# --- before the reply -----------------------------------------------------------------------------------


def _correction(case: Case, lapse: bool = False) -> None:
    rng = case.rng
    case.go(0, 6)
    ask: dict[str, Any] = {}
    if rng.random() < 0.3:
        ask = {"respond_by": (case.on + timedelta(days=rng.randint(5, 25))).isoformat()}
    elif rng.random() < 0.5:
        ask = {"working_days": rng.randint(5, 20)}
    if not case.act("correction.requested", **ask):
        return
    if rng.random() < 0.5:
        case.go(0, 4)
        case.act("correction.delivered", method="post")
    if lapse or rng.random() < 0.1:
        case.go(32, 50)
        case.act("correction.lapsed", reason="silent")
        if lapse or rng.random() < 0.5:
            return
        case.go(0, 3)
        case.act("correction.reopened", reason="ill")
    case.go(1, 12)
    case.act("correction.received")


def _consultation(case: Case, group: str | None = None) -> None:
    rng = case.rng
    group = group or rng.choice(("third_party", "third_party", "co_maker", "agency"))
    whom = {"party" if group == "third_party" else "body": f"p-{rng.randint(1, 4)}"}
    case.go(0, 5)
    if not case.act(f"{group}.consulted", **whom):
        return
    if group != "agency" and rng.random() < 0.9:
        case.go(0, 4)
        case.act(f"{group}.delivered", **whom)
    way = rng.random()
    if way < 0.6:
        case.go(1, 15)
        consent = rng.random() < 0.5
        if group != "agency":
            case.act(f"{group}.answered", **whom, consent=consent)
        else:
            case.act("agency.answered", **whom)
        if group == "third_party" and not consent and rng.random() < 0.8:
            case.go(0, 3)
            case.act("third_party.told", **whom)
    elif way < 0.8:
        case.go(24, 40)
        case.act(f"{group}.lapsed", **whom)
    elif group != "agency" and way < 0.9:
        case.act(f"{group}.abandoned", **whom)


def _extension(case: Case) -> None:
    case.go(0, 10)
    case.act("extension.told", working_days=case.rng.randint(1, 20), approved_by="head")


def _fee(case: Case, lapse: bool = False) -> None:
    case.go(0, 6)
    if not case.act("fee.notified", amount=str(case.rng.randint(1, 90) * 10), basis="by_case"):
        return
    case.go(0, 4)
    case.act("fee.delivered")
    if lapse:
        case.go(30, 45)
        case.act("fee.lapsed")
    elif case.rng.random() < 0.9:
        case.go(0, 15)
        amount = {"amount": f"{case.rng.randint(1, 9000) / 10:.2f}"} if case.rng.random() < 0.3 else {}
        case.act("fee.paid", **amount)


def _reasons(case: Case, refuse: bool = False) -> None:
    case.go(0, 5)
    if not case.act("reasons.requested"):
        return
    if case.rng.random() < 0.4:
        case.go(22, 40)
        case.act("reasons.lapsed")
        return
    case.go(1, 10)
    reasonable = not refuse and case.rng.random() < 0.7
    case.act("reasons.received", reasonable=reasonable)
    if reasonable:
        case.act("delay.set", due_on=(case.on + timedelta(days=40)).isoformat())


def _task(case: Case) -> None:
    task = {
        "unit": f"u-{case.rng.randint(1, 5)}",
        "kind": case.rng.choice(("handle", "search", "countersign")),
    }
    case.act("task.assigned", **task)
    case.go(0, 3)
    if case.rng.random() < 0.8:
        case.act(case.rng.choice(("task.done", "task.returned")), **task)


def _note(case: Case) -> None:
    case.act("note.added", kind=case.rng.choice(("call", "guidance", "mediation", "other")))


def _item(case: Case) -> None:
    case.act("request.withdrawn", scope="item", item="i-1")


PRELUDE: tuple[Callable[[Case], None], ...] = (
    _correction, _correction, _consultation, _consultation, _extension, _fee, _reasons, _task, _note, _item
)  # fmt: skip


# --- the reply and after --------------------------------------------------------------------------------


def _reply(case: Case, outcome: Outcome) -> bool:
    rng, state = case.rng, case.state
    payload: dict[str, Any] = {"outcome": str(outcome)}
    if outcome in SUB_KINDS and rng.random() < 0.85:
        payload["sub_kind"] = rng.choice(sorted(SUB_KINDS[outcome]))
    if outcome is Outcome.PARTIAL:
        withheld = [
            {"part": f"part-{at}", "disclosed": False, "party": c.party, "ground": "denied_third_party"}
            for at, c in enumerate(state.consultations)
        ]
        payload["parts"] = [{"part": "rest", "disclosed": True}, *withheld]
    if state.replies:
        payload["supersedes"] = state.replies[-1].number or "earlier"
    if rng.random() < 0.7:
        case.replies += 1
        payload["number"] = f"r-{case.stream}-{case.replies}"
    if rng.random() < 0.5:
        payload["reply_body"] = BODY
    return case.act("reply.issued", **payload)


def _serve(case: Case) -> None:
    """Dispatch and delivery, often in the year after the reply, now and then not entered at all."""
    rng = case.rng
    if rng.random() < 0.25:
        return
    case.go(0, 5)
    method = rng.choice(("post", "electronic", "counter", "entrusted", "public_notice"))
    case.act("reply.dispatched", method=method)
    case.go(0, 5)
    if rng.random() < 0.1:
        case.act("reply.returned", reason="moved")
        case.go(0, 5)
        case.act("reply.dispatched", method="post")
    if rng.random() < 0.8:
        case.act("reply.delivered")


def _decide_remedy(case: Case, remedy: str, kind: str, instance: str | None) -> bool:
    rng = case.rng
    more: dict[str, Any] = {}
    if instance is not None and rng.random() < 0.7:
        more["instance"] = instance
    if rng.random() < 0.5:
        more["kind"] = kind
    return case.act("remedy.decided", remedy=remedy, result=rng.choice(RESULTS), **more)


def _proceeding(case: Case, name: str, kind: str) -> None:
    """One proceeding through its instances, left undecided now and then."""
    rng = case.rng
    stages: list[str | None] = [None] if kind == "reconsideration" else ["first", "second", "retrial"]
    for at, instance in enumerate(stages):
        case.go(0, 60)
        more: dict[str, Any] = {} if instance is None else {"instance": instance}
        if instance is None and rng.random() < 0.3:
            more["procedure"] = rng.choice(("ordinary", "simple"))
        if rng.random() < 0.2:
            more["by_third_party"] = True
        if not case.act("remedy.filed", remedy=name, kind=kind, **more):
            return
        if rng.random() < 0.4:
            case.go(0, 10)
            case.act("remedy.answered", remedy=name)
        case.go(10, 150)
        if instance == "first" and rng.random() < 0.08:
            continue  # its judgment was never entered
        if rng.random() < 0.12 or not _decide_remedy(case, name, kind, instance):
            return
        if rng.random() < (0.5, 0.8, 1.0)[at]:
            return


def _remedies(case: Case) -> None:
    way = case.rng.random()
    name = f"m-{case.stream}"
    if way < 0.4:
        _proceeding(case, f"{name}-1", str(RemedyKind.RECONSIDERATION))
        if case.rng.random() < 0.5:
            _proceeding(case, f"{name}-2", str(RemedyKind.LITIGATION_AFTER_RECONSIDERATION))
    elif way < 0.7:
        _proceeding(case, f"{name}-1", str(RemedyKind.LITIGATION_DIRECT))
    else:  # two at once, by the applicant and by a third party
        here = case.on
        _proceeding(case, f"{name}-1", str(RemedyKind.LITIGATION_DIRECT))
        case.on = here
        _proceeding(case, f"{name}-2", str(RemedyKind.RECONSIDERATION))


def _anew(case: Case) -> None:
    """A revocation and, mostly, handling anew with its own reply or withdrawal."""
    rng = case.rng
    case.go(1, 250)
    if rng.random() < 0.85:
        case.act("reply.revoked", by=rng.choice(("court", "reconsideration", "self")))
    if rng.random() < 0.85:
        case.go(0, 10)
        term: dict[str, Any] = {"working_days": 15} if rng.random() < 0.4 else {}
        case.act("rehandling.started", **term)
    if rng.random() < 0.2:
        rng.choice((_correction, _consultation))(case)
    case.go(1, 60)
    if rng.random() < 0.15:
        case.act("request.withdrawn", scope="whole")
    elif rng.random() < 0.85 and _reply(case, rng.choice(list(Outcome))):
        _serve(case)


def _close(case: Case) -> None:
    rng = case.rng
    way = rng.random()
    if way < 0.08:
        return  # stays open
    if way < 0.16:
        case.go(0, 25)
        case.act("request.withdrawn", **({"scope": "whole"} if rng.random() < 0.5 else {}))
        if rng.random() < 0.5:
            case.act("case.archived")
        return
    outcome = rng.choice([*Outcome, *SUB_KINDS])
    if outcome is Outcome.OTHER_NO_CORRECTION:
        _correction(case, lapse=True)
    elif outcome is Outcome.OTHER_UNPAID:
        _fee(case, lapse=True)
    elif outcome is Outcome.UNAVAILABLE_STILL_UNCLEAR:
        _correction(case)
    elif outcome is Outcome.REJECTED_EXCESSIVE:
        _reasons(case, refuse=True)
    elif outcome is Outcome.DENIED_THIRD_PARTY:
        _consultation(case, "third_party")
    case.go(0, 25)
    if not _reply(case, outcome):
        case.go(0, 10)
        if not _reply(case, rng.choice((Outcome.UNAVAILABLE_NOT_HELD, Outcome.REJECTED_REPEAT))):
            return
    _serve(case)
    if rng.random() < 0.35:
        _remedies(case)
    if rng.random() < 0.2:
        _anew(case)
        if rng.random() < 0.2:
            _anew(case)
    if rng.random() < 0.4:
        case.go(0, 40)
        case.act("case.archived")
        if rng.random() < 0.3:
            _note(case)
            case.act("disclosure.converted", record="rec-1")
        if rng.random() < 0.2:
            case.go(0, 40)
            _proceeding(case, f"m-{case.stream}-9", str(RemedyKind.RECONSIDERATION))


# --- corrections of entries -----------------------------------------------------------------------------

_OTHER_VALUES: dict[str, list[str]] = {
    "applicant_kind": APPLICANTS,
    "channel": [str(channel) for channel in Channel],
    "outcome": [str(outcome) for outcome in Outcome],
    "result": RESULTS,
}


def _replacement(case: Case, entry: Event) -> dict[str, Any] | None:
    """What an entry is replaced with: nothing (void), another day, another value, or both."""
    rng = case.rng
    if rng.random() < 0.2:
        return None
    replacement: dict[str, Any] = {}
    if rng.random() < 0.7:
        turn = date(entry.occurred_on.year + rng.choice((0, 1)), 1, 1)
        near = turn - timedelta(days=rng.choice((0, 1)))
        moved = entry.occurred_on + timedelta(days=rng.randint(-40, 40))
        replacement["occurred_on"] = (near if rng.random() < 0.5 else moved).isoformat()
    if not replacement or rng.random() < 0.5:
        payload = dict(entry.payload)
        for key, values in _OTHER_VALUES.items():
            if key in payload:
                payload[key] = rng.choice(values)
        if entry.kind == "reply.issued":
            payload.pop("sub_kind", None)
        if entry.kind == "request.withdrawn":
            payload = rng.choice(({"scope": "whole"}, {"scope": "item"}, {}))
        if "received_on" in payload:
            day = date.fromisoformat(payload["received_on"]) - timedelta(days=rng.randint(0, 60))
            payload["received_on"] = day.isoformat()
        replacement["payload"] = payload
    return replacement


def _in_sequence(state: CaseState) -> bool:
    """Nothing that the counting rules leave open: see ``test_against_sql``.

    Each instance of a proceeding begins after the one before it was decided; there is one withdrawal at most,
    and it is not dated before a reply.
    """
    withdrawn = [
        e for e in state.events if e.kind == "request.withdrawn" and e.payload.get("scope") != "item"
    ]
    if len(withdrawn) > 1 or any(e.occurred_on < r.issued_on for e in withdrawn for r in state.replies):
        return False
    for name in {remedy.remedy for remedy in state.remedies}:
        chain = [remedy for remedy in state.remedies if remedy.remedy == name]
        for before, after in pairwise(chain):
            if before.decided_on is None or after.filed_on < before.decided_on:
                return False
    return True


_TELLING = ("request.received", "opening.case", "case.split", "reply.issued", "request.withdrawn")


def _correct(case: Case) -> None:
    """Correct one entry, as likely as not one that counts; the day of it may lie years later."""
    rng = case.rng
    entries = [event for event in case.events if event.kind != "entry.corrected"]
    telling = [e for e in entries if e.kind in _TELLING or e.kind.startswith("remedy.")]
    if not entries:
        return
    entry = rng.choice(telling if telling and rng.random() < 0.8 else entries)
    if entry.payload.get("remedy") == SHARED:
        return  # what the streams of one proceeding say of it stays the same
    keep = (list(case.events), case.state, case.on)
    if rng.random() < 0.5:
        case.go(0, 400)
    payload: dict[str, Any] = {"seq": entry.seq, "reason": "error", "replacement": _replacement(case, entry)}
    if payload["replacement"] is None and rng.random() < 0.5:
        del payload["replacement"]
    if case.act("entry.corrected", **payload) and not _in_sequence(case.state):
        case.events, case.state, case.on = keep


def _run_case(world: World, stream: str, on: date, shared: bool) -> None:
    case = Case(world, stream, on)
    _intake(case)
    if case.state.received_on is not None:
        if world.chance(0.1):
            _correct(case)
        for step in world.rng.sample(PRELUDE, k=world.rng.choice((0, 0, 1, 1, 2, 3))):
            step(case)
        _close(case)
        if shared and case.state.replies:
            _share(case)
    for _ in range(world.rng.choice((0, 0, 0, 1, 1, 2))):
        _correct(case)
    world.enter(stream, case.events)


def _share(case: Case) -> None:
    """One reconsideration against a reply that answered several cases stands in the stream of each."""
    world = case.world
    issued = case.state.replies[-1].issued_on
    for name, kind, filed, decided, result in world.shared:
        if filed >= issued and case.act_on(filed, "remedy.filed", remedy=name, kind=kind):
            case.act_on(decided, "remedy.decided", remedy=name, result=result)
            case.on = max(case.on, decided)
            return


# --- the ledger -----------------------------------------------------------------------------------------


@cache
def _rules() -> tuple[Law, WorkCalendar]:
    return load_law(), load_calendar()


def lawful_ledger(seed: int, *, cases: int = 40, span: int = 4, shared: bool = True) -> Ledger:
    """``span`` years of a body with ``cases`` cases or fewer; the same seed gives the same ledger."""
    rng = random.Random(seed)  # noqa: S311
    first = rng.randint(2020, 2023)
    begin = date(first, *rng.choice(((1, 1), (1, 1), (5, 20))))
    world = World(rng, begin, date(first + span - 1, 12, 31), *_rules())
    if shared:
        filed = begin + timedelta(days=rng.randint(100, 500))
        decided = filed + timedelta(days=rng.randint(20, 200))
        if decided <= world.end:
            world.shared.append(
                (SHARED, str(RemedyKind.RECONSIDERATION), filed, decided, rng.choice(RESULTS))
            )
    for at in range(1, cases + 1):
        on = near(world, begin)
        _run_case(world, f"case-{at}", on, world.chance(0.3))
    # The body's acts were entered in the order drawn, whatever their dates.
    world.enter(BODY, body_acts(world, cases * 2), late=0.2)
    return Ledger(world.in_order(), tuple(range(first, first + span)), world.refused)
