"""For every act that the case page offers: a history in which it is lawful, and answers for its form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tests.platform.acts.conftest import RECEIVED

from gongkai.platform.cases.services.acting import Step


@dataclass(frozen=True)
class Told:
    """An act as a clerk would enter it. ``day``: the day on which it is entered."""

    day: date
    answers: Mapping[str, Any]
    before: tuple[Step, ...] = ()
    role: str = "handler"
    payload: Mapping[str, Any] = field(default_factory=dict)
    """What must stand in the ledger, among other things."""


def _step(act: str, on: str, **payload: Any) -> Step:
    return Step(act, date.fromisoformat(on), payload)


ASKED = _step("correction.requested", "2026-02-11", working_days=15)
LAPSED = _step("correction.lapsed", "2026-03-20")
CONSULTED = _step("third_party.consulted", "2026-02-11", party="third-party-1")
DELIVERED = _step("third_party.delivered", "2026-02-12", party="third-party-1")
OBJECTED = _step("third_party.answered", "2026-02-26", party="third-party-1", consent=False)
CO_MAKER = _step("co_maker.consulted", "2026-02-11", body="co-maker-1")
CO_MAKER_HAS_IT = _step("co_maker.delivered", "2026-02-12", body="co-maker-1")
AGENCY = _step("agency.consulted", "2026-02-11", body="agency-1")
REASONS = _step("reasons.requested", "2026-02-11", respond_by="2026-02-27")
GOOD_REASONS = _step("reasons.received", "2026-02-26", reasonable=True)
FEE = _step("fee.notified", "2026-02-11", amount="100.00", basis="fee_per_case")
FEE_HAS_COME = _step("fee.delivered", "2026-02-12", method="post")
TASK = _step("task.assigned", "2026-02-11", unit="unit-1", kind="search")
REPLY = _step("reply.issued", "2026-03-02", outcome="granted", method="post", number="云公复〔2026〕1号")
SENT = _step("reply.dispatched", "2026-03-02", method="post")
REVOKED = _step("reply.revoked", "2026-03-03", by="self")
REMEDY = _step("remedy.filed", "2026-03-03", remedy="remedy-1", kind="reconsideration")
MARCH_3 = date(2026, 3, 3)

EVERY: Mapping[str, Told] = {
    "correction.requested": Told(
        date(2026, 2, 11),
        {"points": "请写明文件名称", "respond_by": "2026-03-10", "method": "post"},
        payload={"respond_by": "2026-03-10", "method": "post"},
    ),
    "correction.delivered": Told(MARCH_3, {"method": "post"}, (ASKED,)),
    "correction.received": Told(MARCH_3, {"content": "县中医院施工合同"}, (ASKED,)),
    "correction.lapsed": Told(date(2026, 3, 20), {}, (ASKED,)),
    "correction.reopened": Told(date(2026, 3, 23), {"reason": "住院"}, (ASKED, LAPSED)),
    "third_party.consulted": Told(
        MARCH_3, {"whom": "new", "name": "某建筑公司", "party_kind": "organisation", "about": "单价表"}
    ),
    "third_party.delivered": Told(MARCH_3, {"party": "third-party-1"}, (CONSULTED,)),
    "third_party.answered": Told(
        MARCH_3,
        {"party": "third-party-1", "consent": "no"},
        (CONSULTED, DELIVERED),
        payload={"consent": False},
    ),
    "third_party.lapsed": Told(date(2026, 3, 20), {"party": "third-party-1"}, (CONSULTED, DELIVERED)),
    "third_party.abandoned": Told(MARCH_3, {"party": "third-party-1", "reason": "不再需要"}, (CONSULTED,)),
    "third_party.told": Told(
        MARCH_3,
        {
            "party": "third-party-1",
            "content": "合同正文",
            "reason": "没有说明理由",
            "disclosure_ground": "你方不同意公开没有合理理由",
        },
        (CONSULTED, DELIVERED, OBJECTED),
    ),
    "co_maker.consulted": Told(MARCH_3, {"whom": "new", "name": "县卫生健康局", "about": "会签稿"}),
    "co_maker.delivered": Told(MARCH_3, {"body": "co-maker-1"}, (CO_MAKER,)),
    "co_maker.answered": Told(MARCH_3, {"body": "co-maker-1", "consent": "yes"}, (CO_MAKER, CO_MAKER_HAS_IT)),
    "co_maker.lapsed": Told(date(2026, 3, 20), {"body": "co-maker-1"}, (CO_MAKER, CO_MAKER_HAS_IT)),
    "co_maker.abandoned": Told(MARCH_3, {"body": "co-maker-1", "reason": "已另行协商"}, (CO_MAKER,)),
    "agency.consulted": Told(MARCH_3, {"whom": "new", "name": "县财政局", "about": "预算表"}),
    "agency.answered": Told(MARCH_3, {"body": "agency-1", "consent": ""}, (AGENCY,)),
    "agency.lapsed": Told(MARCH_3, {"body": "agency-1"}, (AGENCY,)),
    "reasons.requested": Told(MARCH_3, {"facts": "本月第40件", "respond_by": "2026-03-20"}),
    "reasons.received": Told(MARCH_3, {"reasonable": "no", "reasons": "没有理由"}, (REASONS,)),
    "reasons.lapsed": Told(MARCH_3, {}, (REASONS,)),
    "delay.set": Told(
        MARCH_3, {"due_on": "2026-05-29", "reason": "数量大"}, (REASONS, GOOD_REASONS), role="approver"
    ),
    "extension.told": Told(
        MARCH_3, {"working_days": "20", "reason": "检索量大"}, role="approver", payload={"working_days": 20}
    ),
    "fee.notified": Told(
        MARCH_3,
        {"schedule": "fee_per_case", "cases_before": "11", "reason": "当月第12件"},
        payload={"amount": "100.00", "basis": "fee_per_case"},
    ),
    "fee.delivered": Told(MARCH_3, {"method": "post"}, (FEE,)),
    "fee.paid": Told(MARCH_3, {"amount": "100.00"}, (FEE, FEE_HAS_COME), payload={"amount": "100.00"}),
    "fee.lapsed": Told(date(2026, 4, 20), {}, (FEE, FEE_HAS_COME)),
    "task.assigned": Told(MARCH_3, {"unit_choice": "new", "name": "档案室", "kind": "search"}),
    "task.done": Told(MARCH_3, {"task": "unit-1|search"}, (TASK,), payload={"unit": "unit-1"}),
    "task.returned": Told(MARCH_3, {"task": "unit-1|search", "reason": "不归我管"}, (TASK,)),
    "note.added": Told(MARCH_3, {"kind": "call", "text": "来电询问进度"}),
    "reply.dispatched": Told(MARCH_3, {"method": "post"}, (REPLY,)),
    "reply.delivered": Told(MARCH_3, {"method": "post", "proof": "本人签收"}, (REPLY, SENT)),
    "reply.returned": Told(MARCH_3, {"reason": "查无此人"}, (REPLY, SENT)),
    "reply.revoked": Told(MARCH_3, {"by": "self", "reason": "适用条款有误"}, (REPLY,), role="approver"),
    "rehandling.started": Told(
        MARCH_3, {"working_days": "15"}, (REPLY, REVOKED), payload={"working_days": 15}
    ),
    "request.withdrawn": Told(MARCH_3, {"scope": "whole"}),
    "case.archived": Told(MARCH_3, {"file_number": "2026-1"}, (REPLY, SENT)),
    "disclosure.converted": Told(MARCH_3, {"where": "https://example.invalid/r/1"}),
    "remedy.filed": Told(
        MARCH_3,
        {"which": "new", "kind": "reconsideration", "reached_on": "2026-03-03", "by_third_party": ""},
        (REPLY,),
    ),
    "remedy.answered": Told(MARCH_3, {"proceeding": "remedy-1|"}, (REPLY, REMEDY)),
    "remedy.decided": Told(
        MARCH_3,
        {"proceeding": "remedy-1|", "result": "upheld"},
        (REPLY, REMEDY),
        payload={"result": "upheld"},
    ),
    "entry.corrected": Told(
        MARCH_3,
        {
            "entry": "1",
            "how": "replace",
            "new_on": "2026-02-09",
            "new_channel": "counter",
            "new_applicant_kind": "business",
            "reason": "录错了",
        },
        role="approver",
        payload={"seq": 1},
    ),
}


def steps_of(told: Told) -> list[Step]:
    """The whole history, from receipt on."""
    return [*RECEIVED, *told.before]
