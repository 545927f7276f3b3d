"""What can go wrong in a replay: reports that cannot be lived, and faults of the generator itself."""

from __future__ import annotations

from gongkai.rules.refusal import Refusal


class CannotReplay(ValueError):
    """A report from which no year can be made; ``code`` is public, ``values`` say which cells or years.

    Codes: ``no_year``, ``no_rule`` (no law or calendar for that year), ``no_repair`` (the tables contradict
    themselves and no smallest repair was found in time), ``not_whole`` (a number that counts nothing),
    ``still_contradictory``, ``shares`` (the shares of an area do not add up to its report).
    """

    def __init__(self, code: str, **values: object) -> None:
        told = ", ".join(f"{key}={value}" for key, value in values.items())
        super().__init__(f"{code}: {told}" if told else code)
        self.code = code
        self.values = values


class NotLawful(RuntimeError):
    """The generator made an act that ``decide`` refused: its own fault, never the report's."""

    def __init__(self, kind: str, on: object, refusal: Refusal) -> None:
        super().__init__(f"{kind} on {on}: {refusal.code}: {refusal.message('en')}")
        self.kind, self.refusal = kind, refusal
