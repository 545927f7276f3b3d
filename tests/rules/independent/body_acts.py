"""Random lawful acts outside cases, made through ``decide_act``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from tests.rules.independent.world import World, near

from gongkai.rules.acts import decide_act, fold_body
from gongkai.rules.cases.decide import Command
from gongkai.rules.event import Event
from gongkai.rules.refusal import Refusal


def body_acts(world: World, count: int) -> list[Event]:
    rng = world.rng
    events: list[Event] = []

    def act(kind: str, on: date, /, **payload: Any) -> bool:
        if on > world.end:
            return False
        outcome = decide_act(fold_body(events), Command(kind, on, payload))
        if isinstance(outcome, Refusal):
            world.refused[outcome.code] = world.refused.get(outcome.code, 0) + 1
            return False
        events.extend(outcome)
        return True

    opened = world.begin - timedelta(days=1) if world.chance(0.5) else world.begin
    for kind in ("regulation", "normative"):
        if world.chance(0.1):
            continue  # the ledger knows no stock of before
        stock: dict[str, Any] = {"kind": kind, "in_force": rng.randint(20, 40)}
        if world.chance(0.5):
            stock["on"] = opened.isoformat()
        act("opening.documents", world.begin if "on" in stock else opened, **stock)
    first = opened + timedelta(days=rng.choice((-20, 0, 1)))
    refs: dict[str, list[tuple[str, date]]] = {"regulation": [], "normative": []}
    for at in range(count):
        kind = "normative" if world.chance(0.7) else "regulation"
        on, way = near(world, first), rng.random()
        if world.chance(0.1):
            on = opened
        if way < 0.3:
            number = {"number": f"〔{on.year}〕{at}号"} if world.chance(0.7) else {}
            if act("document.issued", on, kind=kind, ref=f"d-{at}", **number):
                refs[kind].append((f"d-{at}", on))
        elif way < 0.55:
            if refs[kind] and world.chance(0.75):
                ref, issued = rng.choice(refs[kind])
            else:
                ref, issued = f"old-{rng.randint(1, 12)}", first
            act(
                rng.choice(("document.amended", "document.repealed", "document.lapsed")),
                near(world, issued), kind=kind, ref=ref,
            )  # fmt: skip
        elif way < 0.7:
            what = rng.choice(("licensing", "punishment", "coercion", "other_services"))
            act("decisions.counted", on, kind=what, count=rng.choice((0, rng.randint(1, 900))))
        elif way < 0.8:
            refund = -1 if world.chance(0.2) else 1
            act("charges.collected", on, amount=f"{refund * rng.randint(0, 90_000_000) / 100:.2f}")
        elif way < 0.85:
            act("procurement.counted", on, items=rng.randint(0, 50), amount=f"{rng.randint(0, 9_000_000)}")
        elif way < 0.9:
            act("enquiry.answered", on, channel="oral")
            act("guidance.given", on, body="body-2")
        elif events:
            correct_act(world, events, act, first)
    return events


def correct_act(world: World, events: list[Event], act: Callable[..., bool], first: date) -> None:
    rng = world.rng
    entry = rng.choice(events)
    if entry.kind in ("entry.corrected", "opening.documents") and world.chance(0.9):
        return
    replacement: dict[str, Any] | None = None
    if world.chance(0.7):
        replacement = {}
        if world.chance(0.7) and entry.kind != "opening.documents":
            replacement["occurred_on"] = near(world, first).isoformat()
        if not replacement:
            payload = dict(entry.payload)
            if "count" in payload:
                payload["count"] = rng.randint(0, 900)
            if "in_force" in payload:
                payload["in_force"] = rng.randint(20, 40)
            if entry.kind == "charges.collected":
                payload["amount"] = f"{rng.randint(0, 9_000_000) / 100:.2f}"
            replacement["payload"] = payload
    elif entry.kind == "opening.documents":
        return
    act("entry.corrected", near(world, entry.occurred_on), seq=entry.seq, replacement=replacement)
