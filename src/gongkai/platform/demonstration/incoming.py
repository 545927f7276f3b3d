"""The letter in which each case of the demonstration came, as registration keeps it."""

from __future__ import annotations

from datetime import date

from gongkai.platform.cases.models import CaseText, IncomingLetter
from gongkai.platform.cases.receipt import ReceiptBasis, receipt_of
from gongkai.platform.core import audit
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body
from gongkai.platform.demonstration.models import ScriptedAct
from gongkai.replay.chance import Chance
from gongkai.rules.vocabulary import CONFIRMED_CHANNELS

CONFIRMED_BY = (ReceiptBasis.CONFIRMED_BY_PHONE, ReceiptBasis.CONFIRMED_BY_MESSAGE)
"""How officers of the demonstration confirm a receipt with the applicant."""


def letter_ref(stream: str) -> str:
    """The reference of the letter in which a case came, of the shape of ``new_letter_ref``."""
    return f"letter-{Chance('gongkai.demonstration.letter', stream).token(16)}"


def source_of(first: ScriptedAct) -> str:
    """The case in whose letter a case came, by its first act: its own, or the one that it was split from."""
    return str(first.payload["from"]) if first.kind == "case.split" else first.stream


def keep_incoming(first: ScriptedAct, text: CaseText, actor: Actor) -> None:
    """Keep the letter of a case that begins with an act, and enter it in the audit.

    Cases of one letter come in any order within a day: whichever is first brings the letter.
    """
    body, payload = text.body, first.payload
    of_day = payload.get("received_on")
    letter, _made = IncomingLetter.objects.get_or_create(
        ref=letter_ref(source_of(first)),
        defaults={
            "body": body,
            "subject": text.subject,
            "channel": str(payload["channel"]),
            "came_on": date.fromisoformat(of_day) if of_day else first.occurred_on,
            "registered_at": first.at,
            "registered_by": actor.seat,
        },
    )
    if first.kind == "case.split":
        text.unit = 2 + CaseText.objects.filter(letter=letter, unit__gt=1).count()
    text.letter = letter
    text.save(update_fields=["letter", "unit"])
    audit.record(
        "case.registered", actor=actor, body=body, object=text.stream,
        detail={"letter": letter.ref, "channel": letter.channel, "unit": text.unit},
    )  # fmt: skip


def received(body: Body, act: ScriptedAct, actor: Actor) -> dict[str, str]:
    """What a receipt's payload says of its letter: how the day was fixed, and in which letter it came."""
    channel, day = str(act.payload["channel"]), act.occurred_on
    confirmed = channel in CONFIRMED_CHANNELS
    chance = Chance("gongkai.demonstration.receipt", act.stream)
    receipt = receipt_of(
        body=body, actor=actor, channel=channel, came_on=day, confirmed_on=day if confirmed else None,
        confirmation=chance.one(CONFIRMED_BY) if confirmed else "",
    )  # fmt: skip
    kept = CaseText.objects.filter(stream=act.stream).values_list("letter_id", flat=True).first()
    return {"how": receipt.how, **({"letter": kept} if kept else {})}
