"""The unified social credit code (统一社会信用代码): 18 signs with a check sign (GB 32100-2015)."""

from __future__ import annotations

_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def is_credit_code(text: str) -> bool:
    """Whether the form is right and the check sign fits; letters I, O, S, V, Z do not occur."""
    if len(text) != 18 or any(sign not in _SIGNS for sign in text):
        return False
    total = sum(_SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(text[:17]))
    return _SIGNS[(31 - total % 31) % 31] == text[17]
