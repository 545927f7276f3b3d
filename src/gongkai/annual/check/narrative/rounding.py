"""Rates and shares as they are printed: rounded half up or cut off at the last place."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

# A count of fifteen digits against one, with as many places, has more digits than the usual context takes.
_WIDE = Context(prec=80)


def printed_bounds(printed: Decimal, step: Decimal) -> tuple[Fraction, Fraction]:
    """From which true size (taken in) up to which (left out) a size is printed so; none is negative."""
    size, place = Fraction(printed), Fraction(step)
    return max(size - place / 2, Fraction(0)), size + place


def rounds_to(true: Decimal, printed: Decimal, step: Decimal) -> bool:
    """True if a size of ``true`` is printed as ``printed`` at that precision, rounded half up or cut off."""
    low, high = printed_bounds(printed, step)
    return low <= Fraction(true) < high


def rounded(true: Decimal, step: Decimal) -> Decimal:
    """``true`` rounded half up to the place of ``step``, for messages; takes numbers of any length."""
    return true.quantize(step, rounding=ROUND_HALF_UP, context=_WIDE)
