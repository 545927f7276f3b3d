"""Handing letters to the post, several at once; letters that came back, and how they are served again.

Of a reply the act goes into the ledger of every case that it answers (``reply.dispatched``,
``reply.delivered`` at the counter, ``reply.returned``); what the post needs to know is kept beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.platform.cases.letter_list import NoSuchLetter
from gongkai.platform.cases.models import Posting, SealingState, Service
from gongkai.platform.cases.posting.documents import Document, OfCase, State, document_of
from gongkai.platform.cases.posting.head import settings_of
from gongkai.platform.cases.posting.recipients import addressee_of
from gongkai.platform.cases.posting.sealing import subject_of
from gongkai.platform.cases.services.acting import (
    ActRefused,
    DatedInFuture,
    SomebodyWasFaster,
    Step,
    perform_acts,
)
from gongkai.platform.core import audit, private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.identifiers import opaque
from gongkai.platform.core.permissions import Act, NotPermitted
from gongkai.platform.ledger.services import lock
from gongkai.rules.vocabulary import Method

METHODS = tuple((one.value, one.label_zh) for one in Method)
HAND = Method.COUNTER.value
NOTICE = Method.PUBLIC_NOTICE.value
MOST_LINES = 50
LONGEST_PROOF = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One letter to be sent, as a row of the form says it."""

    key: str
    method: str
    on: date | None
    proof: str = ""
    """The mail number, who signed for it, the picture of the screen."""
    remark: str = ""
    seqs: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """Of every case the last entry that was shown; what was entered since refuses the row."""
    turn: int = 0
    """How many postings were shown."""


class LinesRefused(ValueError):
    """Nothing was entered: ``errors`` by the place of the line, each with what to do (Chinese)."""

    def __init__(self, errors: Mapping[int, str]) -> None:
        super().__init__("; ".join(f"{place}: {error}" for place, error in errors.items()))
        self.errors = errors


class _Wrong(ValueError):
    """What is wrong with one line."""


def send(*, lines: Sequence[Line], actor: Actor) -> int:
    """Enter that letters were sent, all or none; how many.

    A reply to several cases is entered for all of them. Raises ``NotPermitted``, and ``LinesRefused`` with
    an error for every line that cannot be entered.
    """
    if actor.seat is None:
        raise LinesRefused({0: _("没有岗位。")})
    body = actor.seat.body
    actor.require(Act.CASE_ACT, body)
    errors: dict[int, str] = {}
    refused: list[tuple[str, ActRefused]] = []
    try:
        with transaction.atomic():
            lock(body=body.key)
            seen: dict[str, int] = {}
            for place, line in enumerate(lines):
                try:
                    with transaction.atomic():
                        _twice(line, place, seen)
                        _send(line, actor)
                except ActRefused as error:
                    refused.append((line.key, error))
                    errors[place] = f"{error.refusal.message()}（{error.refusal.article}）"
                except (SomebodyWasFaster, NoSuchLetter, DatedInFuture, _Wrong) as error:
                    errors[place] = _said(error)
            if errors:
                raise LinesRefused(errors)
    except LinesRefused:
        for key, error in refused:
            audit.record(
                "case.act_refused", actor=actor, body=body, object=key, success=False,
                detail={"kind": error.kind, "code": error.refusal.code},
            )  # fmt: skip
        raise
    return len(lines)


def _said(error: Exception) -> str:
    match error:
        case SomebodyWasFaster():
            return _("打开这一页以后有人办理过，请看看现在的情况再填。")
        case NoSuchLetter():
            return _("没有这份文书。")
        case DatedInFuture():
            return _("日期不能晚于今天。")
        case _:
            return str(error)


def _twice(line: Line, place: int, seen: dict[str, int]) -> None:
    """The same mail number in two lines is a slip of the hand."""
    proof = "".join(line.proof.split()).upper()
    if line.method == Method.POST.value and proof:
        if proof in seen:
            raise _Wrong(_("邮件号和第 %d 行的一样。") % (seen[proof] + 1))
        seen[proof] = place


def _send(line: Line, actor: Actor) -> None:
    document = document_of(key=line.key, actor=actor)
    if actor.seat is None or document.body.key != actor.seat.body.key:
        raise NoSuchLetter(line.key)
    on = _checked(line, document, actor)
    proof, remark = line.proof.strip(), line.remark.strip()
    if document.is_reply:
        kind = "reply.delivered" if line.method == HAND else "reply.dispatched"
        texts = {key: value for key, value in (("proof", proof), ("remarks", remark)) if value}
        for case in _owed(document):
            perform_acts(
                body=document.body, stream=case.stream, actor=actor,
                steps=[Step(kind, on, {"method": line.method}, texts)],
                expected_seq=line.seqs.get(case.stream, -1),
            )  # fmt: skip
    _note(document, line, on, proof, remark, actor)


def _owed(document: Document) -> list[OfCase]:
    """The cases of a reply to which it has still to be sent."""
    return [
        case for case in document.cases if case.service in (Service.TO_SEND.value, Service.RETURNED.value)
    ]


def _checked(line: Line, document: Document, actor: Actor) -> date:
    """The day of the line; raises what is wrong with it."""
    if document.state == State.DONE:
        raise _Wrong(_("已经送达，或者不用再寄。"))
    if document.state == State.SENT or line.turn != document.turns:
        raise _Wrong(_("已经登记寄出，可能刚有人登记。"))
    if line.method not in dict(METHODS):
        raise _Wrong(_("请选择送达方式。"))
    if line.on is None:
        raise _Wrong(_("请填写日期，如 2026-03-03。"))
    if line.on > actor.today:
        raise _Wrong(_("日期不能晚于今天。"))
    if line.on < document.issued_on:
        raise _Wrong(_("日期不能早于签发之日 %s。") % document.issued_on.isoformat())
    if len(line.proof) > LONGEST_PROOF:
        raise _Wrong(_("邮件号或者凭证最多 %d 个字。") % LONGEST_PROOF)
    if line.method == NOTICE and not line.remark.strip():
        raise _Wrong(_("公告是最后的办法：请在“说明”里写明为什么其他方式送不到、在哪里公告。"))
    if settings_of(document.body).needs_seal and document.sealing != SealingState.SEALED:
        raise _Wrong(_("还没有用印：先登记用印，再寄出。"))
    return line.on


def _note(document: Document, line: Line, on: date, proof: str, remark: str, actor: Actor) -> None:
    to = addressee_of(document, actor.today)
    kept = private.keep(
        body=document.body, stream=document.lead.stream, kind="post.sent", actor=actor,
        subject=subject_of(document),
        fields={
            "proof": proof, "remark": remark, "to": to.name, "address": to.address, "postcode": to.postcode,
        },
    )  # fmt: skip
    Posting.objects.create(
        key=opaque("posting"), body=document.body, document=document.ref, turn=document.turns + 1,
        method=line.method, on=on, note=kept.ref, seat=actor.seat, at=actor.present.moment,
    )  # fmt: skip
    audit.record(
        "letter.posted", actor=actor, body=document.body, object=document.key,
        detail={"method": line.method, "on": on.isoformat(), "cases": len(document.cases)},
    )  # fmt: skip


@transaction.atomic
def came_back(*, key: str, on: date, reason: str, seqs: Mapping[str, int], actor: Actor) -> None:
    """Enter that a letter came back; it is to be served again, and a timely first dispatch stays timely.

    Raises ``NoSuchLetter``, ``NotPermitted``, ``LinesRefused``, ``ActRefused``, ``SomebodyWasFaster``,
    ``DatedInFuture``.
    """
    document = document_of(key=key, actor=actor)
    actor.require(Act.CASE_ACT, document.body)
    if actor.seat is None:
        raise NotPermitted(Act.CASE_ACT, None, document.body)
    lock(body=document.body.key)
    document = document_of(key=key, actor=actor)
    if document.state != State.SENT:
        raise LinesRefused({0: _("这份文书不在“已寄出”里，可能刚有人登记。")})
    if not reason.strip():
        raise LinesRefused({0: _("请写明退回的原因。")})
    if on > actor.today:
        raise DatedInFuture(on, actor.today)
    posting = Posting.objects.filter(body=document.body, document=document.ref).order_by("turn").last()
    if posting is not None and on < posting.on:
        raise LinesRefused({0: _("退回日期不能早于寄出之日 %s。") % posting.on.isoformat()})
    if document.is_reply:
        for case in document.cases:
            if case.service == Service.SENT.value:
                perform_acts(
                    body=document.body, stream=case.stream, actor=actor,
                    steps=[Step("reply.returned", on, {}, {"reason": reason.strip()})],
                    expected_seq=seqs.get(case.stream, -1),
                )  # fmt: skip
    else:
        private.keep(
            body=document.body, stream=document.lead.stream, kind="post.returned", actor=actor,
            fields={"document": document.ref, "reason": reason.strip()}, subject=subject_of(document),
        )  # fmt: skip
    if posting is not None and posting.returned_on is None:
        posting.returned_on = on
        posting.save(update_fields=["returned_on"])
    audit.record(
        "letter.came_back", actor=actor, body=document.body, object=document.key,
        detail={"on": on.isoformat(), "cases": len(document.cases)},
    )  # fmt: skip
