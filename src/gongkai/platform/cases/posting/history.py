"""What happened to a letter since it was signed: sent, came back, arrived."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from gongkai.platform.cases.models import Posting, Sealing, SealingState
from gongkai.platform.cases.posting.documents import Document, State
from gongkai.platform.cases.posting.head import settings_of
from gongkai.platform.cases.posting.sending import NOTICE
from gongkai.platform.core import private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.permissions import Act
from gongkai.platform.ledger.selectors import history
from gongkai.rules.cases.fold import fold
from gongkai.rules.vocabulary import Method

_METHODS = {one.value: one.label_zh for one in Method}


@dataclass(frozen=True, slots=True)
class ServiceStep:
    """A step of the service; ``said`` is empty for who may not know the applicant, or once it was erased."""

    on: date
    what: str
    said: str = ""


def steps_of(document: Document, actor: Actor) -> list[ServiceStep]:
    """The sealing, and every service, the oldest first. Of a reply as the ledger has it."""
    readable = actor.may(Act.CASE_IDENTITY, document.body)
    steps = [*_sealed(document, readable=readable)]
    steps += (
        _of_reply(document, readable=readable)
        if document.is_reply
        else _of_postings(document, readable=readable)
    )
    return sorted(steps, key=lambda step: step.on)


def _sealed(document: Document, *, readable: bool) -> list[ServiceStep]:
    lines = list(
        Sealing.objects.filter(body=document.body, document=document.ref).select_related(
            "seal", "seat__person"
        )
    )
    refs = [ref for line in lines for ref in (line.reason, line.struck_reason) if ref]
    reasons = private.read_many(refs) if readable else {}
    steps: list[ServiceStep] = []
    for line in lines:
        by = line.seat.person.name if line.seat is not None else ""
        if line.state == SealingState.SEALED and line.seal is not None:
            said = _("%(seal)s，%(copies)d 份，%(by)s 登记") % {
                "seal": line.seal.name, "copies": line.copies or 0, "by": by,
            }  # fmt: skip
            if line.struck_at is None:
                steps.append(ServiceStep(line.on, _("用印"), said))
            else:
                why = str(reasons.get(line.struck_reason, {}).get("reason", ""))
                told = "；".join(filter(None, (said, why)))
                steps.append(ServiceStep(line.on, _("用印（登记错了，已划去）"), told))
        else:
            reason = str(reasons.get(line.reason, {}).get("reason", ""))
            steps.append(ServiceStep(line.on, _("未予用印"), reason))
    return steps


def _of_reply(document: Document, *, readable: bool) -> list[ServiceStep]:
    words = {
        "reply.dispatched": _("寄出、发出"), "reply.delivered": _("送达"), "reply.returned": _("退回"),
    }  # fmt: skip
    lead = document.lead
    events = [
        event
        for event in fold(history(body=document.body.key, stream=lead.stream).events).events
        if event.kind in words and event.seq > (lead.event or 0)
    ]
    texts = private.read_many(str(e.payload["ref"]) for e in events if "ref" in e.payload) if readable else {}
    steps: list[ServiceStep] = []
    for event in events:
        kept = texts.get(str(event.payload.get("ref", "")), {})
        parts = [
            _METHODS.get(str(event.payload.get("method") or ""), ""),
            *(str(kept.get(key) or "") for key in ("proof", "reason", "remarks")),
        ]
        steps.append(ServiceStep(event.occurred_on, words[event.kind], "，".join(filter(None, parts))))
    return steps


def _of_postings(document: Document, *, readable: bool) -> list[ServiceStep]:
    rows = list(Posting.objects.filter(body=document.body, document=document.ref).order_by("turn"))
    texts = private.read_many(row.note for row in rows) if readable else {}
    steps: list[ServiceStep] = []
    for row in rows:
        kept = texts.get(row.note, {})
        parts = [_METHODS.get(row.method, ""), str(kept.get("proof") or ""), str(kept.get("remark") or "")]
        steps.append(ServiceStep(row.on, _("寄出、发出"), "，".join(filter(None, parts))))
        if row.returned_on is not None:
            steps.append(ServiceStep(row.returned_on, _("退回")))
    return steps


def notice_ends_on(document: Document) -> date | None:
    """The day from which a public notice counts as delivered, where the office set how long that takes."""
    days = settings_of(document.body).notice_days
    posting = Posting.objects.filter(body=document.body, document=document.ref).order_by("turn").last()
    if days is None or posting is None or posting.method != NOTICE or document.state != State.SENT:
        return None
    return posting.on + timedelta(days=days)
