"""The letter that an act brings with it: shown before the act is confirmed, written with it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from gongkai.platform.cases.acts.asking import Asked
from gongkai.platform.cases.acts.fee import calculation
from gongkai.platform.cases.letters.facts import day_zh
from gongkai.platform.cases.letters.sheet import Sheet
from gongkai.platform.cases.letters.texts import TemplateRefused
from gongkai.platform.cases.posting.sealing import lacks_seal
from gongkai.platform.cases.services.acting import Performed, Step, perform_act
from gongkai.platform.cases.services.letters import (
    LetterIncomplete,
    letter_of_step,
    perform_with_letter,
    preview_letter,
)
from gongkai.platform.cases.services.numbers import NoShortName, NumberTaken, is_entered, is_used
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.permissions import Act

_SENT = ("reply.dispatched", "reply.delivered")


@dataclass(frozen=True, slots=True)
class LetterShown:
    """The letter of an act as it would be, or why it cannot be written yet."""

    label: str
    sheet: Sheet | None
    problem: str


def letter_of(asked: Asked, step: Step, actor: Actor) -> LetterShown | None:
    """The letter that a step would bring; ``None`` for acts without one. Showing it is audited."""
    kind = letter_of_step(step)
    body = asked.loaded.body
    if kind is None or not actor.may(Act.CASE_IDENTITY, body):
        return None
    fields = letter_fields(asked, step)
    try:
        preview = preview_letter(
            body=body, stream=asked.loaded.stream, kind=kind.key, actor=actor, fields=fields, step=step
        )
    except LetterIncomplete as incomplete:
        return LetterShown(kind.label, None, incomplete.message)
    except TemplateRefused:
        return LetterShown(kind.label, None, _("本机关的文书模板有问题，请先改正模板。"))
    if kind.number and not body.short_name:
        return LetterShown(kind.label, None, _("请系统管理员先设置机关代字，才能编号。"))
    return LetterShown(kind.label, preview.sheet, "")


def perform_step(
    asked: Asked, step: Step, *, expected_seq: int, actor: Actor, with_letter: bool
) -> tuple[Performed, str]:
    """Perform a step, with its letter or without; the letter's number or name, empty without one.

    Raises what ``perform_act`` does; ``CannotWrite`` where the letter cannot be written, or may not go yet.
    """
    body, stream = asked.loaded.body, asked.loaded.stream
    if step.kind in _SENT and lacks_seal(body=body, stream=stream):
        raise CannotWrite(_("还没有用印：本机关设置了用印以后才寄出，请先在“寄送”里登记用印。"))
    taken = _("编号 %(number)s 已经用在另一份文书上，或者已经作废。请核对；不填的，由本系统取号。")
    if not with_letter:
        number, kind = str(step.payload.get("number") or ""), letter_of_step(step)
        used = number and (is_used(body, number) or is_entered(body, number))
        if used and kind is not None and kind.number:
            raise CannotWrite(taken % {"number": number})
        done = perform_act(
            body=body, stream=stream, kind=step.kind, occurred_on=step.occurred_on,
            expected_seq=expected_seq, actor=actor, payload=step.payload, texts=step.texts,
        )  # fmt: skip
        return done, ""
    try:
        done, letter = perform_with_letter(
            body=body, stream=stream, step=step, expected_seq=expected_seq, actor=actor,
            fields=letter_fields(asked, step),
        )  # fmt: skip
    except LetterIncomplete as incomplete:
        raise CannotWrite(incomplete.message) from incomplete
    except NumberTaken as error:
        raise CannotWrite(taken % {"number": error.number}) from error
    except (TemplateRefused, NoShortName) as refused:
        raise CannotWrite(_("文书模板或者机关代字还没有设置好。")) from refused
    return done, "" if letter is None else letter.number or str(letter_of_label(step))


def letter_of_label(step: Step) -> str:
    """What the letter of a step is called; empty for acts without one."""
    kind = letter_of_step(step)
    return "" if kind is None else kind.label


class CannotWrite(ValueError):
    """The letter cannot be written, or may not go yet: ``message`` says what is missing."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def letter_fields(asked: Asked, step: Step) -> dict[str, str]:
    """What the letter must say and the case knows already: names of who was asked before, earlier replies."""
    fields: dict[str, str] = {}
    told = _text_of_reference(asked, str(step.payload.get("party") or step.payload.get("body") or ""))
    if "name" not in step.texts and told:
        fields["name"] = told
    reply = asked.loaded.worked.state.reply
    if reply is not None:
        fields["earlier_number"] = reply.number or ""
        fields["earlier_date"] = day_zh(reply.issued_on)
        number = f"（{reply.number}）" if reply.number else ""
        fields["served_letter"] = f"{_('政府信息公开申请答复书')}{number}"
    if step.kind == "fee.notified":
        fields["fee_calculation"] = calculation(step, asked.context)
    if step.texts.get("proof"):
        fields["service_proof"] = str(step.texts["proof"])
    return {key: value for key, value in fields.items() if value}


def _text_of_reference(asked: Asked, reference: str) -> str:
    """The name under which a party or body came into the case."""
    for event in asked.loaded.past.events:
        if reference and reference in (event.payload.get("party"), event.payload.get("body")):
            name = asked.loaded.texts.get(str(event.payload.get("ref", "")), {}).get("name")
            if name:
                return str(name)
    return ""
