"""Table 4: reconsiderations and lawsuits, by result in the year of the decision, else pending."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gongkai.rules.counting.lean import Sorted, settled
from gongkai.rules.counting.tally import Tally
from gongkai.rules.counting.years import Seals
from gongkai.rules.event import Event
from gongkai.rules.vocabulary import Instance, RemedyKind, RemedyResult

BLOCKS = tuple(str(kind) for kind in RemedyKind)
RESULTS = tuple(str(result) for result in RemedyResult)
_STAGES = {str(instance): at for at, instance in enumerate(Instance)}


@dataclass(slots=True)
class Step:
    """A proceeding at one instance: filed, perhaps decided, each with the year in which it counts."""

    remedy: str
    block: str
    instance: str | None
    filed: Event
    filed_in: int
    by_third_party: bool
    decided: Event | None = None
    decided_in: int | None = None
    result: str | None = None


def steps_of(acts: Iterable[tuple[Event, int]]) -> tuple[list[Step], list[Event]]:
    """The steps in one stream, and decisions that belong to none.

    A decision belongs to the last undecided step of that remedy, at the instance that it names.
    """
    steps: list[Step] = []
    strays: list[Event] = []
    for event, year in acts:
        payload = event.payload
        name, instance = payload["remedy"], payload.get("instance")
        if event.kind == "remedy.filed":
            third = payload.get("by_third_party") is True
            steps.append(Step(name, payload["kind"], instance, event, year, third))
            continue
        for step in reversed(steps):
            if step.remedy == name and step.decided is None and instance in (None, step.instance):
                step.decided, step.decided_in = event, max(year, step.filed_in)
                step.result = payload["result"]
                break
        else:
            strays.append(event)
    return steps, strays


def steps(found: Sorted, seals: Seals) -> Iterator[tuple[list[Step], list[Event]]]:
    """The steps of every stream."""
    for stream, events in found.remedies.items():
        yield steps_of(settled(events, found.corrected.get(stream, ()), seals))


def count_remedies(tally: Tally, streams: Iterable[tuple[list[Step], list[Event]]]) -> None:
    """Add Table 4 to the tally.

    - one proceeding in one block is one case: its instances together, and the streams of all requests
      that it is about, where it stands under one reference;
    - where its highest instance is open on 31 December it is pending; else it counts by the decision of that
      instance, in the year of that decision.
    """
    for block in BLOCKS:
        for result in (*RESULTS, "pending"):
            tally.leaves[f"{block}.{result}"] = []
    odd: list[Event] = []
    known: list[Step] = []
    for found, strays in streams:
        odd.extend(e for e in strays if tally.seals.year_of(e.occurred_on, e.position) == tally.year)
        known.extend(step for step in found if step.filed_in <= tally.year)
    groups: defaultdict[tuple[str, str], list[Step]] = defaultdict(list)
    for step in sorted(known, key=lambda s: s.filed.position):
        _join(groups[step.block, step.remedy], step)
    for (block, _remedy), group in groups.items():
        if block not in BLOCKS:
            odd.extend(step.filed for step in group)
        elif group[0].by_third_party:
            if tally.rules.choice("third_party_suits") == "counted":
                odd.extend(_one(tally, block, group))
            if _in_year(tally, group):
                tally.mattered.add("third_party_suits")
        else:
            odd.extend(_one(tally, block, group))
    if odd:
        tally.note("CT-N-014", odd, remedies=len(odd))


def _join(group: list[Step], step: Step) -> None:
    """Add a step to its proceeding; one that stands in the stream of another request too is the same."""
    same = next((s for s in group if s.instance == step.instance), None)
    if same is None or same.filed.stream == step.filed.stream:
        group.append(step)
        return
    if step.decided is not None and (same.decided is None or step.decided.position < same.decided.position):
        same.decided, same.decided_in, same.result = step.decided, step.decided_in, step.result


def _in_year(tally: Tally, group: Sequence[Step]) -> bool:
    return any(step.decided_in is None or step.decided_in >= tally.year for step in group)


def _one(tally: Tally, block: str, group: Sequence[Step]) -> list[Event]:
    """Count one proceeding; returns its decision where the result is not known here."""
    year = tally.year
    # By instance, not by entry: the first may have been entered late, or its judgment never.
    last = max(reversed(group), key=lambda s: _STAGES.get(s.instance or "", 0))
    decided = last.decided
    if decided is None or last.decided_in is None or last.decided_in > year:
        tally.leaves[f"{block}.pending"].append(tally.ids([last.filed])[0])
        if len(group) > 1:
            tally.mattered.add("on_appeal")
        if last.filed_in == year:
            tally.act(last.filed, last.filed.occurred_on.year, year)
        return []
    if last.decided_in != year:
        return []
    if last.result not in RESULTS:
        return [decided]
    if len(group) > 1:
        tally.mattered.add("on_appeal")
    tally.leaves[f"{block}.{last.result}"].append(tally.ids([decided])[0])
    tally.act(decided, decided.occurred_on.year, year)
    return []
