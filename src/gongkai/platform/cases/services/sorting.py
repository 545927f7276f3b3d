"""Further requests of a letter that is here become cases: matters that were noted when it was sorted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gongkai.platform.cases.applicants import RequestedItem, details_of
from gongkai.platform.cases.models import (
    CaseSummary,
    CaseText,
    IncomingLetter,
    ItemKind,
    ItemState,
    LetterItem,
)
from gongkai.platform.cases.readers import require_reader
from gongkai.platform.cases.receipt import BadIntake, Receipt, receipt_of
from gongkai.platform.cases.sensitive.flags import flag_in_force
from gongkai.platform.cases.services.acting import ActRefused, refusals_audited
from gongkai.platform.cases.services.matters import BadMatter, mark_settled, waiting_matter
from gongkai.platform.cases.services.registration import Intake, Registered, Writer
from gongkai.platform.cases.services.sensitive import flag_alike
from gongkai.platform.core import private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body, PrivateRecord
from gongkai.platform.core.permissions import Act
from gongkai.platform.ledger.services import lock
from gongkai.rules.refusal import refuse


def register_matters(
    *,
    body: Body,
    letter: IncomingLetter,
    matters: Mapping[str, RequestedItem],
    actor: Actor,
    confirmed_on: date | None = None,
    confirmation: str = "",
    registered_on: date | None = None,
) -> Registered:
    """Make cases of matters of a letter that are requests for information: by their keys, what each asks for.

    - where the letter has cases, the receipt is theirs; else it is fixed as when a letter is registered;
    - a matter that was noted only after one of the letter's cases was answered comes too late: nothing is
      split off an answered letter (``split_after_reply``);
    - of a letter with a sensitive case the new ones are as sensitive, until an approver says otherwise.

    Raises ``NotPermitted``, ``NoSuchCase``, ``BadIntake``, ``BadMatter``, ``SettledAlready``, and what
    ``perform_acts`` does.
    """
    actor.require(Act.CASE_REGISTER, body)
    require_reader(actor, letter.ref)
    if not matters:
        raise BadMatter("keys", _("请选择要立案的事项"))
    day = actor.today if registered_on is None else registered_on
    with refusals_audited(body=body, stream="", actor=actor), transaction.atomic():
        lock(body=body.key)
        items = [waiting_matter(body=body, key=key) for key in matters]
        if any(item.letter_id != letter.ref for item in items):
            raise BadMatter("keys", _("不是这件来件的事项"))
        if any(item.kind != ItemKind.INFORMATION for item in items):
            raise BadMatter("keys", _("先把事项类别改为政府信息公开申请，再立案"))
        _not_after_a_reply(letter, items)
        sensitive = _sensitive_of(letter)
        writer = _writer_of(letter)
        received = _receipt_of_cases(letter)
        receipt = received or receipt_of(
            body=body, actor=actor, channel=letter.channel, came_on=letter.came_on,
            confirmed_on=confirmed_on, confirmation=confirmation,
        )  # fmt: skip
        intake = Intake(body, actor, letter.channel, receipt, writer.applicant, "", day)
        places = [(item.n, matters[item.key]) for item in items]
        summaries = intake.cases(letter, writer, places, first=received is None)
        for item, summary in zip(items, summaries, strict=True):
            item.stream = summary.stream
            mark_settled(item, ItemState.CASE, actor)
            for flagged in sensitive:
                flag_alike(body=body, stream=flagged, new=summary.stream, actor=actor)
    return Registered(letter, summaries)


def _not_after_a_reply(letter: IncomingLetter, items: Sequence[LetterItem]) -> None:
    streams = CaseText.objects.filter(letter=letter).values("stream")
    replied = CaseSummary.objects.filter(stream__in=streams, replied_on__isnull=False)
    first = replied.order_by("replied_on").values_list("replied_on", flat=True).first()
    if first is not None and any(item.noted_on > first for item in items):
        raise ActRefused("case.split", refuse("split_after_reply"))


def _sensitive_of(letter: IncomingLetter) -> list[str]:
    """The sensitive cases of a letter, in its order: the first of them is what a new case is like."""
    streams = list(CaseText.objects.filter(letter=letter).order_by("unit").values_list("stream", flat=True))
    return [stream for stream in streams if flag_in_force(stream) is not None][:1]


def _writer_of(letter: IncomingLetter) -> Writer:
    text = CaseText.objects.select_related("subject").filter(letter=letter).exclude(details="").first()
    details = letter.details if text is None else text.details
    record = PrivateRecord.objects.filter(ref=details).first() if details else None
    if record is None:
        raise BadIntake("name", _("来件人的信息已经删除，不能再立案"))
    applicant = details_of(private.read(record))
    if text is not None:
        kind = CaseSummary.objects.filter(stream=text.stream).values_list("applicant_kind", flat=True).first()
        applicant = replace(applicant, kind=kind or applicant.kind)
        return Writer(text.subject, text.applicant_label, text.details, applicant)
    return Writer(letter.subject, letter.applicant_label, letter.details, applicant)


def _receipt_of_cases(letter: IncomingLetter) -> Receipt | None:
    """The receipt that a letter's cases have; ``None`` where it has no case yet."""
    streams = CaseText.objects.filter(letter=letter).order_by("unit").values_list("stream", flat=True)
    rows = CaseSummary.objects.in_bulk(list(streams))
    found = [rows[stream] for stream in streams if stream in rows]
    live = [row for row in found if row.received_on is not None or row.submitted_on is not None]
    if not live:
        return None
    received = next((row.received_on for row in live if row.received_on is not None), None)
    return Receipt(letter.came_on, received, "")
