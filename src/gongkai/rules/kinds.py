"""The registry of event kinds: which keys a payload may and must have, and of what type.

An append refuses what is not registered (``check``); a reader keeps kinds and keys of a newer schema.
Free text and personal data have no place here: what is a reference is checked to look like one when
``strict`` (as for a ledger), so that a name cannot slip into a chain from which it could never be erased.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, cast

import yaml

from gongkai.rules.event import iso_day
from gongkai.rules.vocabulary import (
    SUB_KINDS,
    ApplicantKind,
    Channel,
    DecisionKind,
    DocumentKind,
    Instance,
    Method,
    NoteKind,
    Outcome,
    Procedure,
    RemedyKind,
    RemedyResult,
    RevokedBy,
    Scope,
    TaskKind,
)

SCHEMA = 1
"""Schema number that this code writes."""


class UnlawfulShape(ValueError):
    """A payload that does not fit its kind: ``kind``, ``key`` (may be empty) and ``problem``, a code.

    Codes: ``unknown_kind``, ``unknown_key``, ``missing``, ``not_a_date``, ``not_a_choice``,
    ``not_a_whole_number``, ``negative``, ``not_an_amount``, ``not_a_text``, ``not_a_reference``,
    ``not_a_truth_value``, ``not_an_object``, ``not_a_list``, ``both_given``.
    """

    def __init__(self, kind: str, key: str, problem: str, found: object = None) -> None:
        super().__init__(f"{kind}: {key or '-'}: {problem} ({found!r})")
        self.kind, self.key, self.problem, self.found = kind, key, problem, found

    def text(self, language: str = "zh") -> str:
        """The problem as a phrase in ``zh`` or ``en``, without a full stop."""
        found = self.found
        if isinstance(found, list):
            found = "、".join(str(one) for one in cast("list[object]", found))
        return shape_texts()[self.problem][language].format(kind=self.kind, key=self.key, found=found)


@cache
def shape_texts() -> Mapping[str, Mapping[str, str]]:
    """The phrase of every problem of a shape, by language."""
    file = resources.files("gongkai.rules") / "shapes.yaml"
    return MappingProxyType(
        cast("dict[str, dict[str, str]]", yaml.safe_load(file.read_text(encoding="utf-8")))
    )


_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/#@+-]{0,99}\Z")
_NUMBER = re.compile(r"[0-9A-Za-z\u3400-\u9fff〔〕\[\]()（）_./:#第号-]{1,60}\Z")

# A type is a function of (value, strict) that gives a problem code or None.
Type = Callable[[Any, bool], str | None]


def _date(value: Any, _strict: bool) -> str | None:
    return None if iso_day(value) is not None else "not_a_date"


def _choice(values: type[StrEnum]) -> Type:
    known = frozenset(str(member) for member in values)
    return lambda value, _strict: None if isinstance(value, str) and value in known else "not_a_choice"


def _sub_kind(value: Any, _strict: bool) -> str | None:
    known = isinstance(value, str) and any(value in names for names in SUB_KINDS.values())
    return None if known else "not_a_choice"


def _whole(value: Any, _strict: bool) -> str | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return "not_a_whole_number"
    return "negative" if value < 0 else None


def _signed(value: Any, _strict: bool) -> str | None:
    """An amount that refunds may make negative."""
    if not isinstance(value, str):
        return "not_an_amount"
    try:
        number = Decimal(value)
    except InvalidOperation:
        return "not_an_amount"
    return None if number.is_finite() else "not_an_amount"


def _amount(value: Any, strict: bool) -> str | None:
    return _signed(value, strict) or ("negative" if Decimal(value) < 0 else None)


def _reference(value: Any, strict: bool) -> str | None:
    if not isinstance(value, str) or not value:
        return "not_a_text"
    return "not_a_reference" if strict and not _REFERENCE.match(value) else None


def _number(value: Any, strict: bool) -> str | None:
    if not isinstance(value, str) or not value:
        return "not_a_text"
    return "not_a_reference" if strict and not _NUMBER.match(value) else None


def _truth(value: Any, _strict: bool) -> str | None:
    return None if isinstance(value, bool) else "not_a_truth_value"


def _references(value: Any, strict: bool) -> str | None:
    """One reference, or a list of them."""
    if isinstance(value, list):
        return next((p for v in cast("list[object]", value) if (p := _reference(v, strict))), None)
    return _reference(value, strict)


_PART_KEYS = {"part", "disclosed", "party", "ground"}


def _parts(value: Any, strict: bool) -> str | None:
    if not isinstance(value, list):
        return "not_a_list"
    for part in cast("list[object]", value):
        if not isinstance(part, dict) or not set(cast("dict[str, object]", part)) <= _PART_KEYS:
            return "not_an_object"
        entries = cast("dict[str, object]", part)
        if problem := _truth(entries.get("disclosed"), strict):
            return problem
        for key, check_one in (("part", _reference), ("party", _reference), ("ground", _choice(Outcome))):
            if entries.get(key) is not None and (problem := check_one(entries[key], strict)):
                return problem
    return None


def _replacement(value: Any, _strict: bool) -> str | None:
    if value is None:
        return None
    if not isinstance(value, dict) or not set(cast("dict[str, object]", value)) <= {"occurred_on", "payload"}:
        return "not_an_object"
    entries = cast("dict[str, object]", value)
    if "occurred_on" in entries and _date(entries["occurred_on"], True):
        return "not_a_date"
    return None if isinstance(entries.get("payload", {}), dict) else "not_an_object"


def _facts(value: Any, _strict: bool) -> str | None:
    """What a rule was told of other cases: names and numbers, no text."""
    if not isinstance(value, dict):
        return "not_an_object"
    entries = cast("dict[str, object]", value).values()
    return None if all(isinstance(v, (int, bool)) for v in entries) else "not_a_whole_number"


@dataclass(frozen=True, slots=True)
class Kind:
    """One registered kind: its keys with their types, which of them must be there, its Chinese name."""

    name: str
    label_zh: str
    required: Mapping[str, Type]
    optional: Mapping[str, Type]
    exclusive: tuple[str, str] | None = None
    """Two keys of which at most one may be given."""


_EVERYWHERE: dict[str, Type] = {
    "ref": _reference,  # to the erasable store of texts, proofs and persons
    "commitment": _reference,  # salted hash of what the reference leads to
    "facts": _facts,
}

_KINDS: dict[str, Kind] = {}


def _kind(
    names: str,
    labels: str,
    required: Mapping[str, Type] | None = None,
    exclusive: tuple[str, str] | None = None,
    **optional: Type,
) -> None:
    for name, label in zip(names.split(), labels.split(), strict=True):
        keys = MappingProxyType({key.rstrip("_"): check for key, check in optional.items()} | _EVERYWHERE)
        _KINDS[name] = Kind(name, label, MappingProxyType(dict(required or {})), keys, exclusive)


_channel, _applicant, _method = _choice(Channel), _choice(ApplicantKind), _choice(Method)

_kind("opening.case", "期初案件", {"received_on": _date, "applicant_kind": _applicant}, channel=_channel)
_kind("request.submitted", "申请提交", {"channel": _channel}, applicant_kind=_applicant)
_kind(
    "request.received",
    "收到申请",
    {"channel": _channel, "applicant_kind": _applicant},
    how=_reference,
    letter=_reference,
)
_kind(
    "case.split",
    "拆分立案",
    {"from": _reference},
    unit=lambda value, strict: _whole(value, strict) if isinstance(value, int) else _reference(value, strict),
    received_on=_date,
    channel=_channel,
    applicant_kind=_applicant,
)
_kind("request.registered", "登记编号", {"number": _number})
_kind(
    "correction.requested",
    "告知补正",
    exclusive=("respond_by", "working_days"),
    respond_by=_date,
    working_days=_whole,
    number=_number,
    method=_method,
)
_kind("correction.delivered correction.received", "补正告知送达 收到补正", method=_method)
_kind("correction.lapsed correction.reopened", "逾期未补正 恢复补正", reason=_reference)
_kind("third_party.consulted", "征求第三方意见", {"party": _reference}, number=_number, method=_method)
_kind("co_maker.consulted", "征求共同制作机关意见", {"body": _reference}, number=_number, method=_method)
_kind("agency.consulted", "征求其他机关意见", {"body": _reference}, number=_number, method=_method)
_kind(
    "third_party.delivered third_party.lapsed third_party.abandoned",
    "征求意见书送达第三方 第三方逾期未答复 撤回征求第三方意见",
    party=_reference,
    method=_method,
)
_kind("third_party.answered", "第三方答复", {"consent": _truth}, party=_reference)
_kind("third_party.told", "告知第三方决定公开", {"party": _reference}, number=_number)
_kind(
    "co_maker.delivered co_maker.lapsed co_maker.abandoned",
    "征求意见函送达共同制作机关 共同制作机关逾期未答复 撤回征求共同制作机关意见",
    body=_reference,
    method=_method,
)
_kind("co_maker.answered", "共同制作机关答复", {"consent": _truth}, body=_reference)
_kind("agency.answered agency.lapsed", "其他机关答复 不再等待其他机关", body=_reference, consent=_truth)
_kind("reasons.requested", "要求说明理由", respond_by=_date, number=_number)
_kind("reasons.received", "收到理由说明", {"reasonable": _truth})
_kind("reasons.lapsed", "逾期未说明理由")
_kind("delay.set", "确定延迟答复期限", {"due_on": _date}, number=_number)
_kind(
    "extension.told",
    "告知延期答复",
    {"working_days": _whole},
    approved_by=_reference,
    number=_number,
    method=_method,
)
_kind("fee.notified", "收费通知", {"amount": _amount}, basis=_reference, number=_number, method=_method)
_kind("fee.delivered", "收费通知送达", method=_method)
_kind("fee.paid", "缴费", amount=_amount)
_kind("fee.lapsed", "逾期未缴费")
_task = {"unit": _reference, "kind": _choice(TaskKind)}
_kind("task.assigned", "交办", _task, due_on=_date)
_kind("task.returned task.done", "退回 办结", _task)
_kind(
    "reply.issued",
    "作出答复",
    {"outcome": _choice(Outcome)},
    sub_kind=_sub_kind,
    basis=_references,
    number=_number,
    method=_method,
    reply_body=_reference,
    parts=_parts,
    supersedes=_number,
    remedies_told=_truth,
)
_kind("reply.dispatched reply.delivered", "发出答复 答复送达", method=_method, proof=_reference)
_kind("reply.returned", "答复退回", reason=_reference)
_kind("reply.revoked", "撤销答复", {"by": _choice(RevokedBy)}, number=_number)
_kind(
    "rehandling.started",
    "重新办理",
    exclusive=("working_days", "due_on"),
    working_days=_whole,
    due_on=_date,
)
_kind("request.withdrawn", "撤回申请", scope=_choice(Scope), item=_reference)
_kind("case.archived", "归档")
_kind("disclosure.converted", "转为主动公开", {"record": _reference})
_kind("note.added", "记事", {"kind": _choice(NoteKind)})
_remedy = {"remedy": _reference, "kind": _choice(RemedyKind)}
_kind(
    "remedy.filed",
    "提起复议或诉讼",
    _remedy,
    instance=_choice(Instance),
    procedure=_choice(Procedure),
    reached_on=_date,
    by_third_party=_truth,
)
_kind("remedy.answered", "提交答复或答辩", {"remedy": _reference}, instance=_choice(Instance))
_kind(
    "remedy.decided",
    "复议或诉讼审结",
    {"remedy": _reference, "result": _choice(RemedyResult)},
    kind=_choice(RemedyKind),
    instance=_choice(Instance),
)
_kind("entry.corrected", "更正记录", {"seq": _whole}, reason=_reference, replacement=_replacement)

CASE_KINDS = frozenset(_KINDS)
"""Kinds that belong to the stream of a case."""

_document = _choice(DocumentKind)
_kind("opening.documents", "期初文件数", {"kind": _document, "in_force": _whole}, on=_date)
_kind(
    "document.issued document.amended document.repealed document.lapsed",
    "制发文件 修改文件 废止文件 文件失效",
    {"kind": _document, "ref": _reference},
    number=_number,
)
_kind("decisions.counted", "作出决定", {"kind": _choice(DecisionKind), "count": _whole})
_kind("charges.collected", "收取行政事业性收费", {"amount": _signed})
_kind("procurement.counted", "政府集中采购", {"items": _whole, "amount": _amount})
_kind("enquiry.answered", "解答咨询", {"channel": _channel}, subject=_reference)
_kind("guidance.given", "业务指导", {"body": _reference}, subject=_reference)

BODY_KINDS = frozenset(_KINDS) - CASE_KINDS | {"entry.corrected"}
"""Kinds that belong to the stream of the body itself."""

KINDS: Mapping[str, Kind] = MappingProxyType(_KINDS)


def check(kind: str, payload: Mapping[str, Any], schema: int = SCHEMA, *, strict: bool = True) -> None:
    """Raise ``UnlawfulShape`` where ``payload`` does not fit ``kind``.

    ``strict`` also holds references to ASCII and numbers to the signs of document numbers.
    """
    registered = _KINDS.get(kind)
    if registered is None or schema > SCHEMA:
        raise UnlawfulShape(kind, "", "unknown_kind", kind)
    for key, value in payload.items():
        test = registered.required.get(key) or registered.optional.get(key)
        if test is None:
            raise UnlawfulShape(kind, key, "unknown_key", sorted(_keys(registered)))
        if value is None and key in registered.optional:
            continue
        if problem := test(value, strict):
            raise UnlawfulShape(kind, key, problem, value)
    for key in registered.required:
        if key not in payload:
            raise UnlawfulShape(kind, key, "missing")
    if registered.exclusive and all(payload.get(key) is not None for key in registered.exclusive):
        raise UnlawfulShape(kind, registered.exclusive[1], "both_given", registered.exclusive[0])


def _keys(kind: Kind) -> Iterable[str]:
    return {*kind.required, *kind.optional}
