"""Seeded chance: the same seed, body and year give the same year of acts on every machine."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """A source of plausible choices. Only ``random()`` is drawn from, whose sequence Python guarantees."""

    def __init__(self, *parts: object) -> None:
        # Nothing here is a secret.
        self._source = random.Random("\x1f".join(map(str, parts)))  # noqa: S311

    def unit(self) -> float:
        """A number in [0, 1)."""
        return self._source.random()

    def whole(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, both included; ``low`` where ``high`` lies below it."""
        return low if high <= low else low + int(self.unit() * (high - low + 1))

    def near(self, low: int, high: int, share: float) -> int:
        """As ``whole``, most often around that share of the way."""
        if high <= low:
            return low
        middle = (self.unit() + self.unit() + self.unit()) / 3
        bent = middle * share * 2 if share <= 0.5 else 1 - (1 - middle) * (1 - share) * 2
        return min(high, low + int(bent * (high - low + 1)))

    def often(self, share: float) -> bool:
        """True with that probability."""
        return self.unit() < share

    def one(self, choices: Sequence[T]) -> T:
        """One of the choices."""
        return choices[self.whole(0, len(choices) - 1)]

    def weighted(self, weights: Mapping[T, float]) -> T:
        """One of the keys by weight."""
        at = self.unit() * sum(weights.values())
        for choice, weight in weights.items():
            at -= weight
            if at < 0:
                return choice
        return list(weights)[-1]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """The items in another order."""
        out = list(items)
        for last in range(len(out) - 1, 0, -1):
            other = self.whole(0, last)
            out[last], out[other] = out[other], out[last]
        return out

    def split(self, total: int, shares: Sequence[float]) -> list[int]:
        """``total`` in whole parts, roughly by the shares; the parts add up to it exactly."""
        noisy = [share * (0.7 + 0.6 * self.unit()) for share in shares]
        whole = sum(noisy)
        parts: list[int] = []
        left, weight = total, whole
        for share in noisy:
            part = left if weight <= share else int(left * share / weight)
            parts.append(part)
            left -= part
            weight -= share
        parts[-1] += left
        return parts

    def token(self, digits: int = 8) -> str:
        """An opaque name of that many hexadecimal digits."""
        return f"{int(self.unit() * 16**digits):0{digits}x}"
