"""A small seeded maker of ledgers: plausible whole lives of cases and acts of a body over some years.

``ledger(seed, cases)`` gives numbered events in the order of entry, some entered late, some corrected.
``odd=True`` adds what no lawful desk would enter: second replies, outcomes without receipt, corrections of
anything. Every event is checked against the registered kinds.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from gongkai.rules.event import Event
from gongkai.rules.kinds import CASE_KINDS, check
from gongkai.rules.vocabulary import SUB_KINDS, ApplicantKind, Channel, DecisionKind, Outcome

BODY = "yunxi"
FIRST, LAST = 2022, 2024


@dataclass
class Draft:
    """The events of one stream with the days on which they are entered."""

    random: Random
    stream: str
    events: list[tuple[date, Event]] = field(default_factory=list)

    def add(self, kind: str, on: date, /, **payload: Any) -> None:
        """Enter an act: mostly the same week, seldom months later, never before what was entered."""
        check(kind, payload)
        late = (
            self.random.choice([0, 0, 0, 1, 3])
            if self.random.random() < 0.96
            else self.random.randint(30, 500)
        )
        entered = on + timedelta(days=late)
        if self.events:
            entered = max(entered, self.events[-1][0])
        self.events.append((entered, Event(kind, on, payload, self.stream, len(self.events) + 1)))

    def correct(self, seq: int, **replacement: Any) -> None:
        """Correct an entry: ``payload`` or ``occurred_on``, or nothing to void it."""
        on = self.events[-1][0] + timedelta(days=self.random.choice([1, 5, 40, 300]))
        self.add("entry.corrected", on, seq=seq, replacement=replacement or None)


def some_day(random: Random, first: int = FIRST, last: int = LAST) -> date:
    """A day of those years; often near a turn of the year."""
    if random.random() < 0.25:
        return date(random.randint(first, last), 12, 31) - timedelta(days=random.randint(0, 20))
    return date(first, 1, 1) + timedelta(days=random.randrange((date(last, 12, 31) - date(first, 1, 1)).days))


def case(random: Random, stream: str, odd: bool = False) -> Draft:
    """One case from its receipt to wherever it got."""
    draft = Draft(random, stream)
    day = _receipt(draft, some_day(random))
    if day is None:
        return draft
    if random.random() < 0.2:
        day = _correction(draft, day)
    if random.random() < 0.1:
        day = _fee(draft, day)
    if random.random() < 0.1:
        party = f"party-{random.randint(1, 9)}"
        draft.add("third_party.consulted", day, party=party)
        draft.add("third_party.delivered", day + timedelta(days=2), party=party)
        day += timedelta(days=random.randint(3, 20))
        draft.add("third_party.answered", day, party=party, consent=random.random() < 0.5)
    way = random.random()
    if way < 0.06:
        draft.add("request.withdrawn", day + timedelta(days=3), scope=random.choice(["whole", "item"]))
    elif way < 0.95:
        day = _reply(draft, day + timedelta(days=random.randint(1, 28)))
        if random.random() < 0.15:
            _remedies(draft, day)
    if random.random() < 0.1:
        _mend(draft, odd)
    if odd and random.random() < 0.3:
        _oddities(draft)
    return draft


def _receipt(draft: Draft, day: date) -> date | None:
    random = draft.random
    applicant = random.choices(list(ApplicantKind), [70, 12, 2, 3, 6, 7])[0]
    channel = random.choice(list(Channel))
    way = random.random()
    if way < 0.05:
        received = date(FIRST - 1, 12, 31) - timedelta(days=random.randint(0, 40))
        opened = date(FIRST, 1, 1)
        draft.add(
            "opening.case",
            opened,
            received_on=received.isoformat(),
            applicant_kind=applicant,
            channel=channel,
        )
        return opened
    if way < 0.1:
        draft.add(
            "case.split",
            day,
            **{"from": f"letter-{random.randint(1, 3)}", "received_on": day.isoformat()},
            channel=channel,
            applicant_kind=applicant,
        )
        return day
    if way < 0.2:
        draft.add("request.submitted", day, channel="email")
        if random.random() < 0.3:
            return None
        day += timedelta(days=random.randint(0, 12))
    letter = {"letter": f"letter-{random.randint(1, 30)}"} if random.random() < 0.1 else {}
    draft.add("request.received", day, channel=channel, applicant_kind=applicant, **letter)
    draft.add("request.registered", day, number=f"{day.year}-{draft.stream}")
    return day


def _correction(draft: Draft, day: date) -> date:
    day += timedelta(days=draft.random.randint(1, 7))
    draft.add("correction.requested", day, working_days=15)
    way = draft.random.random()
    if way < 0.6:
        day += timedelta(days=draft.random.randint(1, 20))
        draft.add("correction.received", day)
    elif way < 0.8:
        day += timedelta(days=25)
        draft.add("correction.lapsed", day)
    return day


def _fee(draft: Draft, day: date) -> date:
    draft.add("fee.notified", day, amount=str(draft.random.randint(100, 4000)))
    if draft.random.random() < 0.6:
        day += timedelta(days=draft.random.randint(1, 20))
        amount = {} if draft.random.random() < 0.5 else {"amount": "123.50"}
        draft.add("fee.paid", day, **amount)
    return day


def _answer(random: Random) -> dict[str, Any]:
    outcome = random.choice(list(Outcome))
    names = sorted(SUB_KINDS.get(outcome, ()))
    sub = {"sub_kind": random.choice(names)} if names and random.random() < 0.7 else {}
    return {"outcome": str(outcome), **sub}


def _reply(draft: Draft, day: date) -> date:
    random = draft.random
    draft.add("reply.issued", day, **_answer(random), number=f"答复〔{day.year}〕{random.randint(1, 99)}号")
    if random.random() < 0.9:
        draft.add("reply.dispatched", day + timedelta(days=random.choice([0, 1, 4])), method="post")
        draft.add("reply.delivered", day + timedelta(days=7), method="post")
    if random.random() < 0.1:
        day += timedelta(days=random.randint(10, 120))
        draft.add("reply.revoked", day, by=random.choice(["court", "reconsideration", "self"]))
        draft.add("rehandling.started", day, working_days=20)
        if random.random() < 0.8:
            day += timedelta(days=random.randint(1, 28))
            draft.add("reply.issued", day, **_answer(random), supersedes="old")
    return day


def _remedies(draft: Draft, day: date) -> None:
    random = draft.random
    third = {"by_third_party": True} if random.random() < 0.2 else {}
    day += timedelta(days=random.randint(5, 60))
    block = random.choice(["reconsideration", "litigation_direct"])
    instance: dict[str, Any] = {} if block == "reconsideration" else {"instance": "first"}
    # Seldom a proceeding about several requests, under one reference in the stream of each.
    name = "shared" if random.random() < 0.1 else draft.stream
    draft.add("remedy.filed", day, remedy=f"{name}-r1", kind=block, **instance, **third)
    if random.random() < 0.7:
        day = _decide(draft, day, f"{name}-r1", **instance)
        if block == "reconsideration":
            block, instance, remedy = "litigation_after_reconsideration", {"instance": "first"}, f"{name}-r2"
        else:
            instance, remedy = {"instance": "second"}, f"{name}-r1"
        if random.random() < 0.5:
            day += timedelta(days=random.randint(1, 15))
            draft.add("remedy.filed", day, remedy=remedy, kind=block, **instance)
            if random.random() < 0.6:
                _decide(draft, day, remedy, **(instance if random.random() < 0.5 else {}))


def _decide(draft: Draft, day: date, remedy: str, **instance: Any) -> date:
    day += timedelta(days=draft.random.randint(20, 200))
    result = draft.random.choice(["upheld", "corrected", "other"])
    draft.add("remedy.decided", day, remedy=remedy, result=result, **instance)
    return day


def _mend(draft: Draft, odd: bool) -> None:
    """Correct an entry: another outcome, another date, or void."""
    random = draft.random
    seq = random.randint(1, len(draft.events))
    event = draft.events[seq - 1][1]
    way = random.random()
    if event.kind == "reply.issued" and way < 0.5:
        draft.correct(seq, payload={**event.payload, **_answer(random)})
    elif way < 0.8:
        moved = event.occurred_on + timedelta(days=random.choice([-20, -1, 1, 15]))
        draft.correct(seq, occurred_on=moved.isoformat())
    elif odd or event.kind in ("reply.issued", "request.withdrawn", "remedy.decided"):
        draft.correct(seq)
    if odd and random.random() < 0.3:
        draft.correct(random.randint(1, len(draft.events) + 3))


def _oddities(draft: Draft) -> None:
    random = draft.random
    day = draft.events[-1][1].occurred_on
    for _ in range(random.randint(1, 3)):
        on = day + timedelta(days=random.randint(-400, 400))
        kind = random.choice(
            ["reply.issued", "request.withdrawn", "request.received", "opening.case", "split"]
        )
        match kind:
            case "reply.issued":
                draft.add(kind, on, **_answer(random))
            case "request.withdrawn":
                draft.add(kind, on)
            case "request.received":
                draft.add(kind, on, channel="counter", applicant_kind=random.choice(list(ApplicantKind)))
            case "opening.case":
                draft.add(kind, on, received_on=on.isoformat(), applicant_kind="other")
            case _:
                draft.add("case.split", on, **{"from": "x", "received_on": on.isoformat()})


def body_acts(random: Random, stream: str, count: int) -> Draft:
    """Documents, decisions, charges and procurement, in the order of their days."""
    draft = Draft(random, stream)
    start = date(FIRST, 1, 1) - timedelta(days=1)
    draft.add(
        "opening.documents", start, kind="normative", in_force=random.randint(5, 40), on=start.isoformat()
    )
    refs: list[str] = []
    for number, day in enumerate(sorted(some_day(random) for _ in range(count))):
        match random.randrange(6):
            case 0 | 1:
                refs.append(f"doc-{number}")
                kind = random.choice(["normative", "normative", "regulation"])
                draft.add("document.issued", day, kind=kind, ref=f"doc-{number}")
            case 2:
                ref = (
                    refs.pop(random.randrange(len(refs)))
                    if refs and random.random() < 0.6
                    else f"old-{number}"
                )
                kinds = [e.payload["kind"] for _, e in draft.events if e.payload.get("ref") == ref]
                act = random.choice(["document.repealed", "document.lapsed", "document.amended"])
                draft.add(act, day, kind=kinds[0] if kinds else "normative", ref=ref)
            case 3 | 4:
                decision = str(random.choice(list(DecisionKind)))
                draft.add("decisions.counted", day, kind=decision, count=random.randint(0, 300))
            case _:
                if random.random() < 0.5:
                    amount = f"{random.randint(-5000, 90000)}.{random.randint(0, 99):02}"
                    draft.add("charges.collected", day, amount=amount)
                else:
                    draft.add("procurement.counted", day, items=random.randint(0, 9), amount="251000.50")
    for seq in range(2, len(draft.events)):
        if random.random() < 0.05:
            event = draft.events[seq - 1][1]
            if event.kind == "decisions.counted":
                draft.correct(seq, payload={**event.payload, "count": random.randint(0, 300)})
            elif event.kind == "charges.collected":
                draft.correct(seq)
    return draft


def ledger(seed: int, cases: int, *, odd: bool = False, acts: int = 40) -> list[Event]:
    """Numbered events of one body, in the order of entry."""
    random = Random(seed)  # noqa: S311
    drafts = [case(random, f"case-{number}", odd) for number in range(cases)]
    return numbered([*drafts, body_acts(random, "body", acts)])


def numbered(drafts: list[Draft]) -> list[Event]:
    """The events of all streams in the order of entry, with positions and times of entry."""
    entries = sorted(
        ((entered, at, event) for at, draft in enumerate(drafts) for entered, event in draft.events),
        key=lambda entry: (entry[0], entry[1], entry[2].seq),
    )
    return [
        replace(event, position=position, recorded_at=datetime.combine(entered, time(2), UTC), actor="clerk")
        for position, (entered, _at, event) in enumerate(entries, 1)
    ]


def head_on(events: list[Event], day: date) -> int:
    """The position of the last entry made up to that day; 0 where there is none."""
    moment = datetime.combine(day, time(23), UTC)
    return max(
        (e.position for e in events if e.recorded_at is not None and e.recorded_at <= moment), default=0
    )


assert {"remedy.filed", "reply.issued"} <= CASE_KINDS
