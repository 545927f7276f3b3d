"""Which story leads to an outcome, and how a case looks that is open at the end of the year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gongkai.replay.chance import Chance
from gongkai.replay.life import Lengths
from gongkai.replay.script import Script
from gongkai.rules.vocabulary import Outcome

_LAPSES = {Outcome.OTHER_NO_CORRECTION, Outcome.OTHER_UNPAID}
COMPLEX = frozenset(
    {
        Outcome.DENIED_THIRD_PARTY,
        Outcome.UNAVAILABLE_STILL_UNCLEAR,
        Outcome.REJECTED_EXCESSIVE,
        *_LAPSES,
    }
)
"""Outcomes that the law ties to acts before them."""


@dataclass(frozen=True, slots=True)
class Room:
    """How many working days must and may lie between the receipt and the end of the year."""

    low: int
    high: int | None


def story(
    outcome: Outcome, chance: Chance, lengths: Lengths, *, start: int = 0, plain: bool = False
) -> Script:
    """A script that ends with that outcome.

    ``start``: the day of the receipt, negative for a case that was received before the script begins;
    ``plain``: use no act that needs a rule of law.
    """
    script = Script(chance, lengths, start)
    if chance.often(0.6):
        script.assign()
    if outcome is Outcome.OTHER_OTHER and chance.often(0.45):
        script.withdraw()
        return script
    if plain:
        payload = {"parts": _parts(chance, None)} if outcome is Outcome.PARTIAL else {}
        script.reply(outcome, payload)
        return script
    _before_reply(script, outcome, chance)
    return script


def _before_reply(script: Script, outcome: Outcome, chance: Chance) -> None:
    match outcome:
        case Outcome.OTHER_NO_CORRECTION:
            script.not_corrected()
        case Outcome.OTHER_UNPAID:
            script.not_paid()
        case Outcome.UNAVAILABLE_STILL_UNCLEAR:
            script.corrected()
            if chance.often(0.15):
                script.corrected()
        case Outcome.REJECTED_EXCESSIVE:
            script.ask_reasons(None if chance.often(0.4) else False)
        case Outcome.DENIED_THIRD_PARTY:
            if chance.often(0.05):
                script.corrected()
            script.consult_third_party(answer=False)
        case Outcome.PARTIAL:
            _partial(script, chance)
            return
        case Outcome.GRANTED:
            _granted(script, chance)
        case _:
            if chance.often(0.06):
                script.corrected()
            if chance.often(0.08):
                script.consult_agency()
    if outcome not in _LAPSES and chance.often(0.07):
        script.extend()
    script.reply(outcome, at_once=outcome in _LAPSES)


def _granted(script: Script, chance: Chance) -> None:
    if chance.often(0.08):
        script.corrected()
    if script.lengths.fee is not None and chance.often(0.01):
        script.paid()
        return
    what = chance.weighted(
        {"": 84, "consent": 6, "silence": 2, "over": 1, "co_maker": 4, "agency": 2, "many": 1}
    )
    match what:
        case "consent":
            script.consult_third_party(answer=True)
        case "silence":
            script.consult_third_party(answer=None)
        case "over":
            party = script.consult_third_party(answer=False)
            script.act(script.soon(1, 2), "third_party.told", party=party)
        case "co_maker":
            script.consult_co_maker()
        case "agency":
            script.consult_agency()
        case "many":
            script.ask_reasons(reasonable=True)
        case _:
            pass


def _partial(script: Script, chance: Chance) -> None:
    if chance.often(0.08):
        script.corrected()
    party = script.consult_third_party(answer=False) if chance.often(0.3) else None
    if chance.often(0.1):
        script.extend()
    script.reply(Outcome.PARTIAL, {"parts": _parts(chance, party)})


def _parts(chance: Chance, party: str | None) -> list[dict[str, Any]]:
    """What was given and what was withheld; where a third party objected, exactly its part."""
    if party is not None:
        withheld: dict[str, Any] = {"ground": Outcome.DENIED_THIRD_PARTY.value, "party": party}
    else:
        ground = chance.one((Outcome.DENIED_THIRD_PARTY, Outcome.DENIED_INTERNAL, Outcome.DENIED_PROCESS))
        withheld = {"ground": ground.value}
    return [{"part": "part-1", "disclosed": True}, {"part": "part-2", "disclosed": False, **withheld}]


def open_story(chance: Chance, lengths: Lengths) -> tuple[Script, Room]:
    """A case that is rightly open at the end of the year, and when it may have been received."""
    script = Script(chance, lengths)
    what = chance.weighted({"running": 6, "correction": 2, "third_party": 1, "extended": 1})
    match what:
        case "correction":
            script.ask_correction()
            asked = next(line.offset for line in script.lines if line.kind == "correction.requested")
            return script, Room(asked, asked + lengths.correction - 1)
        case "third_party":
            script.act(script.soon(1, 5), "third_party.consulted", party="party-1")
            delivered = script.act(script.soon(1, 3), "third_party.delivered", party="party-1")
            return script, Room(delivered, delivered + lengths.third_party - 1)
        case "extended":
            script.assign()
            script.extend()
            return script, Room(script.now, script.due - 2)
        case _:
            if chance.often(0.6):
                script.assign()
            return script, Room(0, script.due - 2)


def waiting_story(chance: Chance, lengths: Lengths) -> Script:
    """A case of the year before that is open all year: another organ was asked and has not answered."""
    script = Script(chance, lengths)
    script.act(script.soon(1, 5), "agency.consulted", body=f"body-{chance.whole(1, 40)}")
    return script
