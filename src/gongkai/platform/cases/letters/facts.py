"""Values of a letter's variables: from the body, the case, the act, the clocks, and what was filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from gongkai.platform.cases.applicants import (
    FormWanted,
    IdentityType,
    WayWanted,
    applicant_of,
    requested_item_of,
)
from gongkai.platform.cases.letters.kinds import VARIABLES, LetterKind, Recipient, Source
from gongkai.platform.cases.letters.remedies import remedy_text
from gongkai.platform.cases.models import CaseText
from gongkai.platform.cases.people.naming import current_people, naming_of
from gongkai.platform.cases.projection import work_out
from gongkai.platform.core import private
from gongkai.platform.core.bases import Basis
from gongkai.platform.core.models import Body
from gongkai.rules.cases.clocks import Deadlines
from gongkai.rules.cases.state import CaseState
from gongkai.rules.event import Event
from gongkai.rules.law import Law
from gongkai.rules.law.cite import article_zh
from gongkai.rules.vocabulary import CONFIRMED_CHANNELS, ApplicantKind, Channel, Method, RevokedBy

NAMING = MappingProxyType({"third_party": "party", "co_maker": "body", "agency": "body", "task": "unit"})
"""Under which payload key an act names whom it concerns, by the first word of its kind."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a letter is written about: the case as it stands after the act, and what goes with it."""

    body: Body
    stream: str
    events: Sequence[Event]
    basis: Basis
    on: date
    event: Event | None = None
    """The act that it tells of."""
    basis_refs: Sequence[str] = ()
    attachments: Sequence[str] = ()
    number: str = ""
    fields: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def day_zh(day: date | None) -> str:
    """A date as GB/T 9704 writes it: Arabic numerals, no leading zeros."""
    return "" if day is None else f"{day.year}年{day.month}月{day.day}日"


def values_of(kind: LetterKind, occasion: Occasion) -> dict[str, str]:
    """The values by the names that templates use; blank where there is none.

    Raises ``NoAuthority`` where the remedy paragraph lacks a setting of the body, ``NoRuleInForce``.
    """
    worked = work_out(occasion.events, occasion.basis, occasion.on)
    found = {
        **_of_body(occasion.body),
        **_of_case(occasion.stream, worked.state, occasion.on),
        **_of_event(occasion),
        **_of_clocks(kind, occasion, worked.state, worked.deadlines),
        "basis": cite(occasion.basis_refs, occasion.basis.law),
        "superseded": _superseded(occasion, worked.state),
        "attachments": "\n".join(occasion.attachments),
        **_filled_in(kind, occasion, worked.state),
    }
    if kind.remedies:
        found["remedies"] = remedy_text(kind, occasion.body, occasion.on, occasion.basis.law)
    return {name: found.get(variable.key, "") for name, variable in VARIABLES.items()}


def cite(refs: Iterable[str], law: Law) -> str:
    """Articles as a letter cites them, each instrument once: 《…条例》第十五条、第三十六条第三项.

    Raises ``ValueError`` for a reference to an instrument that is not known.
    """
    by_title: dict[str, list[str]] = {}
    for ref in refs:
        key, _colon, article = ref.partition(":")
        instrument = law.instruments().get(key)
        if instrument is None:
            raise ValueError(ref)
        articles = by_title.setdefault(f"《{instrument.title_zh.strip('《》')}》", [])
        if article:
            articles.append(article_zh(article))
    return "、".join(title + "、".join(articles) for title, articles in by_title.items())


def names_given(occasion: Occasion) -> str:
    """The name of whom the act concerns, as it was written when it was first named; blank if unknown."""
    event = occasion.event
    key = NAMING.get(event.kind.partition(".")[0]) if event is not None else None
    if event is None or key is None:
        return ""
    reference = event.payload.get(key)
    refs = [
        e.payload["ref"] for e in occasion.events if e.payload.get(key) == reference and "ref" in e.payload
    ]
    kept = private.read_many(refs)
    named = [str(kept[ref]["name"]) for ref in refs if kept.get(ref, {}).get("name")]
    if named:
        return named[0]
    other = Body.objects.filter(key=reference).first()
    return "" if other is None else other.name


def _superseded(occasion: Occasion, state: CaseState) -> str:
    """Which reply the new one takes the place of, and why it does; blank for a first reply."""
    issued = occasion.event is not None and occasion.event.kind == "reply.issued"
    earlier = state.replies[:-1] if issued else state.replies if state.reply_owed else ()
    if not earlier:
        return ""
    last = earlier[-1]
    named = f"本机关于{day_zh(last.issued_on)}作出的答复" + (f"（{last.number}）" if last.number else "")
    match last.revoked_by:
        case None:
            return f"{named}由本答复取代，现重新答复如下。"
        case RevokedBy.SELF.value:
            return f"{named}已由本机关撤销，现重新答复如下。"
        case by:
            return f"{named}已由{RevokedBy(by).label_zh}撤销，现重新答复如下。"


def _of_body(body: Body) -> dict[str, str]:
    return {
        "body_name": body.name,
        "working_body": body.working_body,
        "body_address": body.address,
        "body_postcode": body.postcode,
        "body_phone": body.phone,
        "office_hours": body.office_hours,
    }


def _of_case(stream: str, state: CaseState, on: date) -> dict[str, str]:
    applicant, item = applicant_of(stream), requested_item_of(stream)
    naming = naming_of(applicant.name if applicant is not None else "", current_people(stream, on))
    text = CaseText.objects.filter(stream=stream).first()
    person = state.applicant_kind == ApplicantKind.NATURAL_PERSON.value
    channel = Channel(state.channel) if state.channel else None
    corrected = [c.received_on for c in state.corrections if c.received_on is not None]
    found = {
        "address_form": "你们" if naming.several else "您" if person else "你单位",
        "applicant_kind": ApplicantKind(state.applicant_kind).label_zh if state.applicant_kind else "",
        "case_number": state.number or "",
        "description": " ".join((text.description or text.title).split()) if text is not None else "",
        "channel": channel.label_zh if channel is not None else "",
        "received_on": day_zh(state.received_on),
        "receipt_rule": _receipt_rule(channel),
        "corrected_on": day_zh(corrected[-1]) if corrected else "",
        "correction_requested_on": day_zh(state.corrections[-1].requested_on) if state.corrections else "",
        "fee_notified_on": day_zh(state.fees[-1].notified_on) if state.fees else "",
    }
    if item is not None:
        found["form_wanted"] = _label(FormWanted, item.form_wanted)
        found["way_wanted"] = _label(WayWanted, item.way_wanted)
    if applicant is not None:
        found |= {
            "applicant": naming.applicant,
            "identity": " ".join(
                one
                for one in (_label(IdentityType, applicant.identity_type), applicant.identity_number)
                if one
            ),
            "applicant_phone": applicant.phone,
            "applicant_address": " ".join(one for one in (applicant.address, applicant.postcode) if one),
            "applicant_email": applicant.email,
            "agent": naming.agent or applicant.agent_name,
        }
    return found


def _label(choices: Any, value: str) -> str:
    return str(choices(value).label) if value in choices.values else value


def _receipt_rule(channel: Channel | None) -> str:
    """How the day of receipt was fixed (art. 31 of the Regulation)."""
    match channel:
        case Channel.COUNTER | Channel.ORAL:
            return "以当面提交之日为收到申请之日"
        case Channel.REGISTERED_POST | Channel.SUPERIOR:
            return "以本机关签收之日为收到申请之日"
        case Channel.ORDINARY_POST:
            return "以本机关与申请人确认之日为收到申请之日"
        case None:
            return ""
        case _ if channel in CONFIRMED_CHANNELS:
            return "以双方确认之日为收到申请之日"
        case _:
            return ""


def _of_event(occasion: Occasion) -> dict[str, str]:
    payload: Mapping[str, Any] = occasion.event.payload if occasion.event is not None else {}
    amount = payload.get("amount")
    method = payload.get("method")
    return {
        "number": occasion.number,
        "issued_on": day_zh(occasion.on),
        "extended_by": str(payload["working_days"]) if payload.get("working_days") is not None else "",
        "delayed_to": _iso_zh(payload.get("due_on")),
        "wanted_by": _iso_zh(payload.get("due_on")),
        "amount": f"{Decimal(str(amount)):.2f}" if amount is not None else "",
        "service_method": Method(method).label_zh if method else "",
    }


def _iso_zh(text: Any) -> str:
    return day_zh(date.fromisoformat(text)) if text else ""


def _of_clocks(
    kind: LetterKind, occasion: Occasion, state: CaseState, clocks: Deadlines | None
) -> dict[str, str]:
    law, on = occasion.basis.law, occasion.on
    reply = clocks.get("reply") if clocks is not None else None
    found = {"reply_due": day_zh(reply.due_on) if reply is not None else ""}
    if state.corrections:
        last = state.corrections[-1]
        if last.respond_by is not None:
            found["correction_due"] = f"在{day_zh(last.respond_by)}前（含当日）"
        else:
            days = last.working_days or law.number("correction_response_period", on=on)
            start = law.choice("correction_clock_from", on=on)
            begin = "收到本告知书" if start == "delivery" else "本告知书作出"
            found["correction_due"] = f"自{begin}之日起{days}个工作日内"
    if state.reasons:
        by = state.reasons[-1].respond_by
        days = law.value("reasons_response_period", on=on)
        found["reasons_due"] = (
            f"在{day_zh(by)}前（含当日）" if by is not None else f"自收到本告知书之日起{days}个工作日内"
        )
    period = {"third_party.consulted": "third_party_period", "co_maker.consulted": "co_maker_period"}
    if kind.event in period:
        days = law.number(period[kind.event], on=on)
        paper = "征求意见书" if kind.event == "third_party.consulted" else "函"
        found["consultation_due"] = f"自收到本{paper}之日起{days}个工作日内"
    elif kind.event == "agency.consulted":
        days = law.value("agency_period", on=on)
        found["consultation_due"] = "" if days is None else f"自收到本函之日起{days}个工作日内"
    if kind.event == "fee.notified":
        days = law.number("fee_payment_period", on=on)
        found["payment_due"] = f"自收到本通知的次日起{days}个工作日内"
    return found


def _filled_in(kind: LetterKind, occasion: Occasion, state: CaseState) -> dict[str, str]:
    """The fields of the letter; what the case can tell stands in for what was left blank."""
    keys = {one.key for one in kind.fields}
    found = {key: str(occasion.fields.get(key) or "").strip() for key in keys}
    if kind.to is Recipient.OTHER and not found.get("name"):
        found["name"] = names_given(occasion)
    if "how_to_pay" in found:
        found["how_to_pay"] = found["how_to_pay"] or occasion.body.how_to_pay.strip()
    if kind.event == "reply.revoked" and state.replies:
        last = state.replies[-1]
        found["earlier_number"] = found["earlier_number"] or (last.number or "")
        found["earlier_date"] = found["earlier_date"] or day_zh(last.issued_on)
    if "served_letter" in found and state.replies:
        last = state.replies[-1]
        title = "政府信息公开申请答复书"
        found["served_letter"] = found["served_letter"] or (
            f"{title}（{last.number}）" if last.number else title
        )
    return found


def fields_missing(kind: LetterKind, values: Mapping[str, str]) -> tuple[str, ...]:
    """The names of required fields that are still blank."""
    return tuple(one.variable.name for one in kind.fields if one.required and not values[one.variable.name])


def sample_values() -> dict[str, str]:
    """The examples of all variables, for a preview without a case."""
    return {name: variable.example for name, variable in VARIABLES.items()}


def settings_among(names: Iterable[str]) -> tuple[str, ...]:
    """Those of ``names`` that are settings of the body."""
    return tuple(name for name in names if VARIABLES[name].source is Source.BODY)
