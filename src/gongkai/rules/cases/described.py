"""A case described in JSON, and its clocks in JSON: the shapes of ``gongkai clock`` and the API.

``{"events": [{"kind": …, "occurred_on": …, "payload": {…}}, …], "as_of": "2026-03-01"}``; the other keys of
an event's envelope may stand beside them. The answer is described in ``docs/reference/clock-json.md``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from gongkai.rules import kinds
from gongkai.rules.cases.clocks import Deadlines, deadlines
from gongkai.rules.cases.decide import Command, allowed, decide, judge
from gongkai.rules.cases.fold import fold
from gongkai.rules.cases.state import CaseState, Phase, phase
from gongkai.rules.event import Event, iso_day
from gongkai.rules.law import Law
from gongkai.rules.refusal import Refusal
from gongkai.rules.workdays import WorkCalendar

ENVELOPE = frozenset(
    {"position", "stream", "seq", "kind", "occurred_on", "recorded_at", "actor", "payload", "schema",
     "prev_hash", "hash"}
)  # fmt: skip


MOST_EVENTS = 2_000
"""A case has some ten events; so many are no case."""


class CannotDescribe(ValueError):
    """JSON that is no described case: ``code``, the ``index`` of the event (``None``: the whole), ``found``.

    Codes: ``not_an_object``, ``no_events``, ``unknown_key``, ``no_kind``, ``no_date``, ``bad_date``,
    ``payload_no_object``, ``bad_seq``, ``seq_not_unique``, ``too_many``.
    """

    def __init__(self, code: str, index: int | None = None, found: object = None) -> None:
        super().__init__(f"{code} at {index}: {found!r}")
        self.code, self.index, self.found = code, index, found


@dataclass(frozen=True, slots=True)
class Described:
    """The events of a case, and the day on which its clocks are asked for (``None``: not told)."""

    events: tuple[Event, ...]
    as_of: date | None


def described(data: object) -> Described:
    """Events and day from JSON; raises ``CannotDescribe``. Whether they are lawful is not asked here."""
    if isinstance(data, list):
        data = {"events": cast("list[object]", data)}
    if not isinstance(data, dict):
        raise CannotDescribe("not_an_object", found=type(data).__name__)
    given = cast("dict[str, object]", data)
    events = given.get("events")
    if not isinstance(events, list):
        raise CannotDescribe("no_events", found=events)
    if len(cast("list[object]", events)) > MOST_EVENTS:
        raise CannotDescribe("too_many", found=MOST_EVENTS)
    for key in given:
        if key not in ("events", "as_of"):
            raise CannotDescribe("unknown_key", found=key)
    found = tuple(_event(at, event) for at, event in enumerate(cast("list[object]", events)))
    numbers = [event.seq for event in found if event.seq > 0]
    if numbers and (len(numbers) < len(found) or len(set(numbers)) < len(numbers)):
        raise CannotDescribe("seq_not_unique")
    as_of = given.get("as_of")
    return Described(
        found,
        None if as_of is None else _day(as_of, None),
    )


def _event(at: int, data: object) -> Event:
    if not isinstance(data, dict):
        raise CannotDescribe("not_an_object", at, type(data).__name__)
    given = cast("dict[str, object]", data)
    for key in given:
        if key not in ENVELOPE:
            raise CannotDescribe("unknown_key", at, key)
    kind, payload = given.get("kind"), given.get("payload")
    if not isinstance(kind, str):
        raise CannotDescribe("no_kind", at, kind)
    if payload is not None and not isinstance(payload, dict):
        raise CannotDescribe("payload_no_object", at, payload)
    if given.get("occurred_on") is None:
        raise CannotDescribe("no_date", at)
    seq = given.get("seq", 0)
    if not isinstance(seq, int) or isinstance(seq, bool) or seq < 0:
        raise CannotDescribe("bad_seq", at, seq)
    return Event(
        kind,
        _day(given["occurred_on"], at),
        cast("Mapping[str, Any]", payload if payload is not None else {}),
        seq=seq,
    )


def _day(value: object, at: int | None) -> date:
    if (day := iso_day(value)) is None:
        raise CannotDescribe("bad_date", at, value)
    return day


@dataclass(frozen=True, slots=True)
class Answer:
    """What ``gongkai clock`` says: either refusals, or the case with its clocks on ``as_of``."""

    as_of: date
    state: CaseState
    phase: Phase
    deadlines: Deadlines
    allowed: tuple[str, ...]
    refusals: tuple[tuple[int, Refusal], ...]
    not_yet: int = 0
    """Events after ``as_of``, which do not count on that day."""

    def to_json(self, language: str = "zh") -> dict[str, Any]:
        """The public shape (``docs/reference/clock-json.md``)."""
        if self.refusals:
            return {"refusals": [_refusal_json(index, refusal, language) for index, refusal in self.refusals]}
        return {
            "as_of": self.as_of.isoformat(),
            "state": self.phase.value,
            "clocks": [clock.to_json(language) for clock in self.deadlines.clocks],
            "earlier": [clock.to_json(language) for clock in self.deadlines.earlier],
            "allowed": list(self.allowed),
            "not_yet": self.not_yet,
        }


def _refusal_json(index: int, refusal: Refusal, language: str) -> dict[str, Any]:
    return {
        "index": index,
        "code": refusal.code,
        "article": refusal.article,
        "message": refusal.message(language),
        "instead": list(refusal.instead),
    }


def answer(events: Sequence[Event], law: Law, calendar: WorkCalendar, as_of: date) -> Answer:
    """Judge all events, then work out the clocks from those up to ``as_of``.

    Raises ``NoRuleInForce`` or ``CalendarNotPublished`` where a due date lies outside what is known.
    """
    judged = judge(events, law, calendar)
    refusals = tuple((refused.index, refused.refusal) for refused in judged.refusals)
    if refusals:
        return Answer(as_of, judged.state, phase(judged.state), Deadlines((), ()), (), refusals)
    # Entries are read as corrected before the day is asked for: a correction may move them across it.
    acts = [event for event in judged.state.events if event.kind != "entry.corrected"]
    until = [event for event in acts if event.occurred_on <= as_of]
    state = judged.state if len(until) == len(acts) else fold(until)
    clocks = deadlines(state, law, calendar, as_of)
    offered = tuple(
        kind for kind in allowed(state) if not _too_early_or_late(state, kind, law, calendar, as_of)
    )
    return Answer(as_of, state, phase(state), clocks, offered, (), len(acts) - len(until))


def _too_early_or_late(state: CaseState, kind: str, law: Law, calendar: WorkCalendar, as_of: date) -> bool:
    """An act whose only question is its day, asked for on this one (a lapse, an extension)."""
    if kind == "extension.told":
        payload: dict[str, object] = {"working_days": 1, "approved_by": "-"}
    elif kind.endswith(".lapsed"):
        payload = {}
    else:
        return False
    outcome = decide(state, Command(kind, as_of, payload), law, calendar)
    return isinstance(outcome, Refusal) and outcome.code != "which_party"


def kind_label(kind: str) -> str:
    """The Chinese name of a kind of event."""
    return kinds.KINDS[kind].label_zh
