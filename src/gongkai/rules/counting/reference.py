"""The slow count, case by case through ``fold``: what the fast pass must equal.

Used by tests and by whoever doubts a number; nothing in it is shared with the fast pass up to the point
where each case has its years.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from gongkai.annual.form import form_for_edition
from gongkai.rules.cases.fold import CannotFold, effective, fold
from gongkai.rules.cases.state import CaseState
from gongkai.rules.counting.acts import Act
from gongkai.rules.counting.count import assemble, policy_of
from gongkai.rules.counting.lean import SINGLE_ACTS, Facts, Place, sort_events
from gongkai.rules.counting.remedies import Step
from gongkai.rules.counting.requests import Placed
from gongkai.rules.counting.result import Count
from gongkai.rules.counting.settings import CountingRules, default_rules
from gongkai.rules.counting.tally import Tally
from gongkai.rules.counting.years import Late, SealedYear, Stage, seals_for
from gongkai.rules.event import Event


def count_by_fold(
    events: Iterable[Event],
    *,
    body: str,
    year: int,
    form: str = "2021",
    rules: CountingRules | None = None,
    scope: str = "own",
    sealed: Sequence[SealedYear] = (),
    late: Late | None = None,
    without_power: Collection[str] = (),
) -> Count:
    """As ``count``, with the same inputs, outputs and errors, through the full fold of every case.

    An entry that ``fold`` cannot place (an answer without a question) is passed over.
    """
    rules = default_rules() if rules is None else rules
    policy = policy_of(rules, late)
    seals, head = seals_for(sealed, year, policy)
    known = [e for e in events if head is None or e.position <= head]
    tally = Tally(body, year, form_for_edition(form), rules, seals)
    tally.corrections(sort_events(known))
    if policy == "corrected_version" and any(s.year == year for s in sealed):
        tally.mattered.add("reporting_year")
    streams: dict[str, list[Event]] = {}
    for event in known:
        streams.setdefault(event.stream, []).append(event)
    stages = seals.stages()
    histories = {s: [_state(found, stage) for stage in stages] for s, found in streams.items()}
    return assemble(
        tally,
        found_cases=list(_cases(histories, stages)),
        found_remedies=list(_remedies(streams, stages)),
        found_acts=list(_acts(streams, stages)),
        scope=scope,
        sealed=sealed,
        without_power=without_power,
    )


def _state(events: Sequence[Event], stage: Stage) -> CaseState:
    """The case as it was known at a sealing."""
    known = [e for e in events if e.position <= stage.head]
    while True:
        try:
            return fold(known)
        except CannotFold as error:
            known = [e for e in known if e.seq != error.event.seq]


def _cases(histories: Mapping[str, Sequence[CaseState]], stages: Sequence[Stage]) -> Iterator[Placed]:
    for stream, states in histories.items():
        place = Place()
        for state, stage in zip(states, stages, strict=True):
            _take_in(place, state, stage)
            _end(place, state, stage)
            place.voided = place.entered is not None and state.received_on is None
        yield stream, states[-1].events, _facts(states[-1]), place


def _facts(state: CaseState) -> Facts:
    facts = Facts()
    facts.outcome = _outcome(state)
    facts.submitted = next((e for e in reversed(state.events) if e.kind == "request.submitted"), None)
    facts.letter = state.split_from
    if facts.letter is None:
        received = [e for e in state.events if e.kind == "request.received"]
        facts.letter = received[-1].payload.get("letter") if received else None
    return facts


def _entry(state: CaseState) -> Event | None:
    """The act that gave the state its receipt."""
    found: Event | None = None
    for event in state.events:
        if event.kind in ("opening.case", "request.received") or (
            event.kind == "case.split" and found is None and event.payload.get("received_on") is not None
        ):
            found = event
    return found


def _outcome(state: CaseState) -> Event | None:
    for event in state.events:
        if event.kind == "reply.issued":
            return event
        if event.kind == "request.withdrawn" and event.payload.get("scope") != "item":
            return event
    return None


def _take_in(place: Place, state: CaseState, stage: Stage) -> None:
    entry = _entry(state)
    if place.entered is not None or entry is None or state.received_on is None:
        return
    floor = stage.opening_floor if entry.kind == "opening.case" else stage.floor
    year = max(state.received_on.year, floor)
    if year <= stage.last:
        place.entered, place.entry, place.entry_day = year, entry, state.received_on
        place.column = state.applicant_kind


def _end(place: Place, state: CaseState, stage: Stage) -> None:
    if place.ended is not None:
        return
    ends = [r.issued_on for r in state.replies[:1]]
    if state.withdrawn_on is not None:
        ends.append(state.withdrawn_on)
    place.outcome = outcome = _outcome(state)
    if not ends or outcome is None or place.entered is None:
        return
    year = max(outcome.occurred_on.year, stage.floor, place.entered)
    if year <= stage.last:
        place.ended = year


def _remedies(
    streams: Mapping[str, Sequence[Event]], stages: Sequence[Stage]
) -> Iterator[tuple[list[Step], list[Event]]]:
    """Proceedings as ``fold`` pairs filings and decisions; what a sealed year had counted stays."""
    for events in streams.values():
        views = [_effective(events, stage) for stage in stages]
        acts = _kept(events, views, stages, {"remedy.filed", "remedy.decided"})
        if not acts:
            continue
        years = {event.seq: year for event, year in acts}
        state = _fold_kept(acts)
        filed = [e for e, _ in acts if e.kind == "remedy.filed"]
        decided = [e for e, _ in acts if e.kind == "remedy.decided"]
        steps: list[Step] = []
        for remedy, event in zip(state.remedies, filed, strict=True):
            third = event.payload.get("by_third_party") is True
            step = Step(remedy.remedy, remedy.kind, remedy.instance, event, years[event.seq], third)
            if remedy.decided_on is not None:
                match = next(
                    d
                    for d in decided
                    if d.payload["remedy"] == remedy.remedy
                    and d.occurred_on == remedy.decided_on
                    and d.payload["result"] == remedy.result
                    and d.payload.get("instance") in (None, remedy.instance)
                )
                decided.remove(match)
                step.decided, step.result = match, remedy.result
                step.decided_in = max(years[match.seq], step.filed_in)
            steps.append(step)
        yield steps, decided


def _fold_kept(acts: Sequence[Act]) -> CaseState:
    """The state that acts with their years give, those left out that fit nowhere."""
    known = [event for event, _ in acts]
    while True:
        try:
            return fold(known)
        except CannotFold as error:
            known = [e for e in known if e.seq != error.event.seq]


def _kept(
    events: Sequence[Event], views: Iterable[Sequence[Event]], stages: Sequence[Stage], kinds: Collection[str]
) -> list[Act]:
    """Acts that count each for itself: as the first sealing that counted them knew them, else as now."""
    found: dict[int, Act] = {}
    for view, stage in zip(views, stages, strict=True):
        for event in view:
            if event.kind not in kinds or event.seq in found:
                continue
            opening = event.kind == "opening.documents"
            on = event.payload.get("on") if opening else None
            day = event.occurred_on if on is None else date.fromisoformat(on)
            year = max(day.year, stage.opening_floor if opening else stage.floor)
            if year <= stage.last:
                found[event.seq] = (event, year)
    return [found[e.seq] for e in events if e.seq in found]


def _acts(streams: Mapping[str, Sequence[Event]], stages: Sequence[Stage]) -> Iterator[tuple[str, list[Act]]]:
    for stream, events in streams.items():
        found = _kept(events, [_effective(events, stage) for stage in stages], stages, SINGLE_ACTS)
        if found:
            yield stream, found


def _effective(events: Sequence[Event], stage: Stage) -> list[Event]:
    known = [e for e in events if e.position <= stage.head]
    while True:
        try:
            return effective(known)
        except CannotFold as error:
            known = [e for e in known if e.seq != error.event.seq]
