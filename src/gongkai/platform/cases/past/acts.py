"""From a row to the acts of its case, in the order in which they happened."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

from gongkai.platform.cases.past.fields import BY_KEY, FIELDS, MOST_REMEDIES, Shape
from gongkai.platform.cases.past.rows import PastRow
from gongkai.platform.cases.past.words import WITHDRAWN, YES
from gongkai.platform.cases.receipt import ReceiptBasis
from gongkai.rules.vocabulary import CONFIRMED_CHANNELS, Channel

OPENING_BEFORE = date(2019, 5, 15)
"""The Regulation of 2019: no rule known here judges the handling of what was received before."""
_DIRECT = {
    Channel.COUNTER: ReceiptBasis.HANDED_IN,
    Channel.ORAL: ReceiptBasis.FORM_FILLED,
    Channel.REGISTERED_POST: ReceiptBasis.SIGNED_FOR,
    Channel.SUPERIOR: ReceiptBasis.TRANSFERRED,
}
HANDLING = tuple(
    one.key
    for one in FIELDS
    if one.shape is Shape.DAY
    and one.key.startswith(("correction_", "third_party_", "reasons_", "extension_", "fee_"))
)
"""The days of handling; of a case from before ``OPENING_BEFORE`` they are kept in the remarks alone."""


@dataclass(frozen=True, slots=True)
class PastAct:
    """An act, the column that tells of it, and the act of the same row that it needs."""

    kind: str
    on: date
    column: str
    payload: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    texts: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    after: str = ""
    """The column of the act without which this one makes no sense."""


@dataclass(frozen=True, slots=True)
class Letter:
    """The letter that a case came in: its reference, and which of its requests this is."""

    ref: str
    unit: int


def derived(prefix: str, *parts: object, length: int = 20) -> str:
    """An identifier that follows from the import and the row, so that what is done again is known again."""
    text = "\0".join(str(part) for part in parts)
    return f"{prefix}-{hashlib.sha256(text.encode()).hexdigest()[:length]}"


def received_on(row: PastRow) -> date | None:
    """The day of receipt: as written; where the channel has no confirmation, that on which it came."""
    written = row.day("received_on")
    if written is not None or row.text("channel") in CONFIRMED_CHANNELS:
        return written
    return row.day("came_on")


def is_opening(row: PastRow) -> bool:
    """Whether a case is from before the rules that are known here."""
    received = received_on(row)
    return received is not None and received < OPENING_BEFORE


def acts_of(row: PastRow, *, stream: str, letter: Letter, approved_by: str) -> list[PastAct]:
    """The acts of a row in order: each after its cause, otherwise by date; on one day as they usually go.

    An extension was approved as the row says; ``approved_by`` names who answers for that.
    """
    intake = list(_intake(row, letter))
    chains: list[list[PastAct]] = []
    if not is_opening(row):
        chains += [
            list(_correction(row)), list(_third_party(row, stream)), list(_reasons(row)),
            list(_extension(row, approved_by)), list(_fee(row)),
        ]  # fmt: skip
    chains += [list(_reply(row)), list(_withdrawal(row))]
    chains += [list(_remedy(row, stream, n)) for n in range(1, MOST_REMEDIES + 1)]
    return [*intake, *_woven(chains)]


def _woven(chains: Sequence[Sequence[PastAct]]) -> list[PastAct]:
    """Chains of acts in one row: none before the act that it follows, else by date, then by chain."""
    ordered: list[tuple[date, int, int, PastAct]] = []
    for place, chain in enumerate(chains):
        last = date.min
        for step, act in enumerate(chain):
            last = max(last, act.on)
            ordered.append((last, place, step, act))
    return [act for *_order, act in sorted(ordered, key=lambda one: one[:3])]


def _intake(row: PastRow, letter: Letter) -> Iterator[PastAct]:
    channel, kind = row.text("channel"), row.text("applicant_kind")
    received, came = received_on(row), row.day("came_on")
    texts = _texts(row)
    shared = {"channel": channel, "applicant_kind": kind}
    source = "received_on" if row.day("received_on") is not None else "came_on"
    if received is not None and received < OPENING_BEFORE:
        payload = {"received_on": received.isoformat(), **shared}
        yield PastAct("opening.case", received, source, payload, texts)
    else:
        if channel in CONFIRMED_CHANNELS and came is not None:
            yield PastAct("request.submitted", came, "came_on", shared, texts)
            texts = {}
        if received is None:
            return
        if letter.unit == 1:
            how = {"how": _DIRECT[Channel(channel)].value} if Channel(channel) in _DIRECT else {}
            payload = {**shared, **how, "letter": letter.ref}
            yield PastAct("request.received", received, source, payload, texts)
        else:
            copied = {"from": letter.ref, "unit": letter.unit, "received_on": received.isoformat(), **shared}
            yield PastAct("case.split", received, source, copied, texts)
    if row.text("number"):
        yield PastAct("request.registered", received, "number", {"number": row.text("number")})


def _texts(row: PastRow) -> dict[str, Any]:
    """What is kept encrypted of the request; the ledger commits to it."""
    remarks = [row.text("remarks")]
    if row.text("handler"):
        remarks.append(f"{BY_KEY['handler'].heading}：{row.text('handler')}")
    if is_opening(row):
        remarks += [f"{BY_KEY[key].heading} {row.texts[key]}" for key in HANDLING if key in row.texts]
    given = {
        "title": row.text("title"),
        "description": row.text("description") or row.text("title"),
        "remark": "；".join(filter(None, remarks)),
    }
    return {key: value for key, value in given.items() if value}


def _days(row: PastRow, *steps: tuple[str, str, Mapping[str, Any]]) -> Iterator[PastAct]:
    """One act for each column that has a day; the first is what the others need."""
    first = steps[0][1]
    for kind, key, payload in steps:
        day = row.day(key)
        if day is not None:
            yield PastAct(kind, day, key, payload, after="" if key == first else first)


def _correction(row: PastRow) -> Iterator[PastAct]:
    return _days(
        row,
        ("correction.requested", "correction_asked", {}),
        ("correction.received", "correction_received", {}),
        ("correction.lapsed", "correction_lapsed", {}),
    )


def _third_party(row: PastRow, stream: str) -> Iterator[PastAct]:
    party = {"party": derived("party", stream)}
    answered = {**party, "consent": row.text("third_party_consent") == YES}
    name = row.text("third_party")
    for act in _days(
        row,
        ("third_party.consulted", "third_party_asked", party),
        ("third_party.delivered", "third_party_delivered", party),
        ("third_party.lapsed", "third_party_lapsed", party),
        ("third_party.answered", "third_party_answered", answered),
        ("third_party.told", "third_party_told", party),
    ):
        if name and act.kind == "third_party.consulted":
            # Whether it is a person nobody wrote down: masked as if it were.
            yield PastAct(act.kind, act.on, act.column, act.payload, {"name": name, "party_kind": "person"})
        else:
            yield act


def _reasons(row: PastRow) -> Iterator[PastAct]:
    return _days(
        row,
        ("reasons.requested", "reasons_asked", {}),
        ("reasons.received", "reasons_received", {"reasonable": row.text("reasons_reasonable") == YES}),
        ("reasons.lapsed", "reasons_lapsed", {}),
    )


def _extension(row: PastRow, approved_by: str) -> Iterator[PastAct]:
    payload = {"working_days": row.values.get("extension_days", 0), "approved_by": approved_by}
    return _days(row, ("extension.told", "extension_told", payload))


def _fee(row: PastRow) -> Iterator[PastAct]:
    return _days(
        row,
        ("fee.notified", "fee_notified", {"amount": row.text("fee_amount")}),
        ("fee.delivered", "fee_delivered", {}),
        ("fee.paid", "fee_paid", {"amount": row.text("fee_amount")}),
        ("fee.lapsed", "fee_lapsed", {}),
    )


def _reply(row: PastRow) -> Iterator[PastAct]:
    if row.text("outcome") == WITHDRAWN:
        return
    issued = {"outcome": row.text("outcome")}
    for payload_key, key in (("sub_kind", "sub_kind"), ("number", "reply_number"), ("method", "method")):
        if row.text(key):
            issued[payload_key] = row.text(key)
    served = {"method": row.text("method")}
    yield from _days(
        row,
        ("reply.issued", "reply_on", issued),
        ("reply.dispatched", "dispatched", served),
        ("reply.delivered", "delivered", served),
    )


def _withdrawal(row: PastRow) -> Iterator[PastAct]:
    return _days(row, ("request.withdrawn", "withdrawn", {"scope": "whole"}))


def _remedy(row: PastRow, stream: str, place: int) -> Iterator[PastAct]:
    remedy = {"remedy": derived("remedy", stream, place), "kind": row.text(f"remedy_{place}_kind")}
    return _days(
        row,
        ("remedy.filed", f"remedy_{place}_filed", remedy),
        (
            "remedy.decided",
            f"remedy_{place}_decided",
            {**remedy, "result": row.text(f"remedy_{place}_result")},
        ),
    )
