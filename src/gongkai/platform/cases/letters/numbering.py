"""What is numbered in a row of its own, and by which sign."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class NumberKind:
    """What is numbered in a row of its own: the sign after the body's own (机关代字), and a label."""

    sign: str
    label_zh: str


NUMBER_KINDS: Mapping[str, NumberKind] = MappingProxyType(
    {
        "request": NumberKind("申", "申请"),
        "reply": NumberKind("复", "答复"),
        "correction": NumberKind("补", "补正告知"),
        "reasons": NumberKind("理", "说明理由告知"),
        "extension": NumberKind("延", "延期、延迟答复告知"),
        "consultation": NumberKind("征", "征求意见"),
        "notice": NumberKind("告", "其他告知"),
        "assistance": NumberKind("协", "协办"),
        "fee": NumberKind("费", "收费通知"),
        "records": NumberKind("更", "更正、转送"),
    }
)
"""Public keys of the number sequences; a key and its sign are never given to another kind."""
