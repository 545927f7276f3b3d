"""Invented spreadsheets of past cases as offices keep them, and a plain count of their rows.

Rows are dictionaries of what stands in each column; the count reads them with plain Python and knows nothing
of the ledger. Faults are planted one to a row, each with the column and code that must be named.
"""

from __future__ import annotations

import io
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import xlsxwriter

from gongkai.platform.cases.past.fields import BY_KEY
from gongkai.rules.workdays import load_calendar

HEADINGS = [
    "number", "letter", "channel", "applicant_kind", "name", "contact", "title", "description", "came_on",
    "received_on", "correction_asked", "correction_received", "correction_lapsed", "third_party",
    "third_party_asked", "third_party_delivered", "third_party_answered", "third_party_consent",
    "third_party_told", "extension_told", "extension_days", "fee_notified", "fee_amount", "fee_delivered",
    "fee_paid", "reply_on", "outcome", "sub_kind", "reply_number", "method", "dispatched", "delivered",
    "withdrawn", "remedy_1_kind", "remedy_1_filed", "remedy_1_decided", "remedy_1_result", "handler",
    "remarks",
]  # fmt: skip
KINDS = [
    "自然人",
    "自然人",
    "自然人",
    "自然人",
    "商业企业",
    "科研机构",
    "社会公益组织",
    "法律服务机构",
    "其他组织",
]
OUTCOMES = [
    "予以公开", "予以公开", "予以公开", "（二）部分公开", "不予公开：国家秘密", "保护第三方合法权益",
    "内部事务信息", "过程性信息", "信息不存在", "需要另行制作", "信访举报投诉类申请", "重复申请", "其他",
]  # fmt: skip
CHANNELS = ["当面提交", "邮寄（签收）", "互联网渠道", "电子邮件", "邮寄"]
_CALENDAR = load_calendar()

Row = dict[str, Any]


def later(day: date, working_days: int) -> date:
    """So many working days later."""
    return _CALENDAR.add(day, working_days)


def life(number: int, chance: random.Random, first: date = date(2021, 3, 1), days: int = 1600) -> Row:
    """A lawful case of the past; about five acts."""
    received = later(first + timedelta(days=chance.randrange(days)), 1)
    channel = chance.choice(CHANNELS)
    kind = chance.choice(KINDS)
    row: Row = {
        "number": f"依申请〔{received.year}〕{number}号", "channel": channel, "applicant_kind": kind,
        "name": f"演示{number % 97}" if kind == "自然人" else f"演示单位{number % 31}",
        "contact": f"0000-{number % 97:07d}", "title": f"演示档案{number}",
        "description": f"申请公开演示档案{number}的批复及附件", "received_on": received,
        "handler": "演示承办", "remarks": f"第{number}件",
    }  # fmt: skip
    if channel in ("互联网渠道", "电子邮件"):
        row["came_on"] = received - timedelta(days=chance.randrange(4))
    start = received
    fate = chance.randrange(20)
    if fate == 0:
        row["withdrawn"], row["outcome"] = later(received, 3), "撤回"
        return row
    if fate == 1:
        row["correction_asked"] = later(received, 4)
        row["correction_lapsed"] = later(received, 40)
        row |= _reply(number, later(received, 41), "逾期不补正", chance)
        return row
    if fate in (2, 3):
        row["correction_asked"] = later(received, 5)
        start = row["correction_received"] = later(received, 12)
    if fate == 4:
        row |= {
            "third_party": "演示第三方", "third_party_asked": later(start, 2),
            "third_party_delivered": later(start, 4), "third_party_answered": later(start, 9),
            "third_party_consent": "同意",
        }  # fmt: skip
    if fate == 5:
        row["extension_told"], row["extension_days"] = later(start, 9), 20
    if fate == 6:
        row |= {"fee_notified": later(start, 6), "fee_amount": 120, "fee_delivered": later(start, 8)}
        start = row["fee_paid"] = later(start, 12)
    late = chance.randrange(25) == 0
    outcome = "补正后仍不明确" if fate == 3 else chance.choice(OUTCOMES)
    row |= _reply(number, later(start, 30 if late else chance.randrange(10, 19)), outcome, chance)
    if fate == 7:
        filed = row["delivered"] + timedelta(days=20)
        row |= {
            "remedy_1_kind": "行政复议", "remedy_1_filed": filed,
            "remedy_1_decided": filed + timedelta(days=55),
            "remedy_1_result": chance.choice(["维持", "撤销"]),
        }  # fmt: skip
    return row


def _reply(number: int, on: date, outcome: str, chance: random.Random) -> Row:
    return {
        "reply_on": on, "outcome": outcome, "reply_number": f"告〔{on.year}〕{number}号",
        "method": chance.choice(["邮寄", "电子方式"]), "dispatched": on,
        "delivered": on + timedelta(days=chance.randrange(3)),
    }  # fmt: skip


def lives(count: int, seed: int = 1) -> list[Row]:
    """So many lawful cases."""
    chance = random.Random(seed)  # noqa: S311 - invented data
    return [life(number, chance) for number in range(1, count + 1)]


@dataclass(frozen=True)
class Fault:
    """A planted fault: what is put into a row, and what must be told of it."""

    name: str
    change: Mapping[str, Any]
    column: str
    code: str


def fault(said: str, column: str, code: str, /, **change: Any) -> Fault:
    """A fault; ``None`` empties a cell."""
    return Fault(said, change, column, code)


_DAY = date(2023, 5, 4)
_PLAIN: Row = {
    "channel": "当面提交", "came_on": None, "received_on": _DAY, "reply_on": later(_DAY, 12),
    "outcome": "予以公开", "sub_kind": None, "method": "邮寄", "dispatched": later(_DAY, 12),
    "delivered": later(_DAY, 14), "withdrawn": None,
    **{
        key: None for key in HEADINGS
        if key.startswith(("correction_", "third_party", "extension_", "fee_", "remedy_", "letter"))
    },
}  # fmt: skip
FAULTS: Sequence[Fault] = (
    fault("a day that can be read in two ways", "received_on", "day_ambiguous", received_on="4/5/2023"),
    fault("a day without its year", "reply_on", "day_incomplete", reply_on="5月20日"),
    fault("a day that does not exist", "dispatched", "day_does_not_exist", dispatched="2023-02-30"),
    fault("words where a day belongs", "delivered", "day_unreadable", delivered="已签收"),
    fault("a day still to come", "delivered", "day_to_come", delivered=date(2031, 1, 4)),
    fault("a year long before", "received_on", "day_before_all", received_on="1923-05-04"),
    fault("no kind of applicant", "applicant_kind", "missing_applicant_kind", applicant_kind=None),
    fault("an unknown kind of applicant", "applicant_kind", "unknown_word", applicant_kind="媒体"),
    fault("an unknown channel", "channel", "unknown_word", channel="邮件"),
    fault("no channel", "channel", "missing_channel", channel=None),
    fault("no name", "name", "missing_name", name=None),
    fault("nothing that is asked for", "description", "missing_description", title=None, description=None),
    fault("no receipt", "received_on", "missing_received_on", received_on=None),
    fault("no number", "number", "missing_number", number=None),
    fault("signs that no number has", "number", "no_number", number="依申请*5号"),
    fault("an outcome that could be several", "outcome", "unknown_word", outcome="不予公开"),
    fault("a reply without outcome", "outcome", "missing_outcome", outcome=None),
    fault("an outcome without its day", "reply_on", "missing_reply_on", reply_on=None, dispatched=None,
          delivered=None),
    fault("a dispatch without a reply", "reply_on", "missing_reply_on", reply_on=None, delivered=None),
    fault("no way of service", "method", "missing_method", method=None),
    fault("an amount in words", "fee_amount", "no_amount", fee_notified=later(_DAY, 3),
          fee_amount="一百元整"),
    fault("an extension without its length", "extension_days", "missing_extension_days",
          extension_told=later(_DAY, 8)),
    fault("a length that is no number", "extension_days", "no_whole_number", extension_told=later(_DAY, 8),
          extension_days="二十"),
    fault("words like a secret's", "description", "secret_mark", description="机密★10年 某桥梁的图纸"),
    fault("a corrected request that nobody asked for", "correction_asked", "missing_correction_asked",
          correction_received=later(_DAY, 5)),
    fault("a third party whose answer says nothing", "third_party_consent", "missing_third_party_consent",
          third_party_asked=later(_DAY, 2), third_party_delivered=later(_DAY, 3),
          third_party_answered=later(_DAY, 6)),
    fault("a withdrawal without its day", "withdrawn", "missing_withdrawn", outcome="撤回", reply_on=None,
          dispatched=None, delivered=None),
    fault("a remedy without its kind", "remedy_1_kind", "missing_remedy_1_kind",
          remedy_1_filed=later(_DAY, 40)),
    fault("a decided remedy without result", "remedy_1_result", "missing_remedy_1_result",
          remedy_1_kind="行政复议", remedy_1_filed=later(_DAY, 40), remedy_1_decided=later(_DAY, 80)),
    fault("a formula that fails", "reply_number", "formula", reply_number="#REF!"),
    fault("a reply before the receipt", "reply_on", "before_receipt", reply_on=date(2023, 5, 3)),
    fault("a delivery before the dispatch", "delivered", "before_cause", delivered=later(_DAY, 11)),
    fault("an extension of 30 days", "extension_days", "extension_length",
          extension_told=later(_DAY, 8), extension_days=30),
    fault("an extension after the due date", "extension_told", "extension_after_due",
          extension_told=later(_DAY, 25), extension_days=20, reply_on=later(_DAY, 30),
          dispatched=later(_DAY, 30), delivered=later(_DAY, 31)),
    fault("a correction asked for after the reply", "correction_asked", "replied",
          correction_asked=later(_DAY, 15)),
    fault("closed for a correction that never lapsed", "outcome", "no_lapse_of_correction",
          outcome="逾期不补正"),
    fault("still unclear without a correction", "outcome", "unclear_without_correction",
          outcome="补正后仍不明确"),
    fault("disclosed before the third party answered", "third_party_answered", "consultation_open",
          third_party_asked=later(_DAY, 2), third_party_delivered=later(_DAY, 3)),
    fault("disclosed over an objection that was not told", "third_party_told", "third_party_not_told",
          third_party_asked=later(_DAY, 2), third_party_delivered=later(_DAY, 3),
          third_party_answered=later(_DAY, 6), third_party_consent="不同意"),
    fault("a lapse on the last day", "correction_lapsed", "not_lapsed_yet", correction_asked=later(_DAY, 3),
          correction_lapsed=later(_DAY, 5), outcome="逾期不补正"),
    fault("a suit after a reconsideration that never was", "remedy_1_filed", "no_reconsideration",
          remedy_1_kind="复议后起诉", remedy_1_filed=later(_DAY, 40)),
    fault("a sub-kind of another outcome", "sub_kind", "sub_kind_foreign", sub_kind="咨询"),
    fault("a receipt that is not the arrival", "received_on", "receipt_is_arrival",
          came_on=date(2023, 4, 28)),
)  # fmt: skip
"""Each alone in a row."""


def planted(rows: list[Row], count: int, seed: int = 2) -> dict[int, Fault]:
    """Plant so many faults into rows of their own; gives the fault by the place of the row (from 0)."""
    chance = random.Random(seed)  # noqa: S311 - invented data
    places = sorted(chance.sample(range(1, len(rows)), count))
    found: dict[int, Fault] = {}
    for turn, place in enumerate(places):
        one = FAULTS[turn % len(FAULTS)]
        rows[place] = {**rows[place], **_PLAIN, **one.change}
        found[place] = one
    return found


def book(
    rows: Sequence[Row],
    *,
    headings: Mapping[str, str] | None = None,
    title: str = "",
    total: bool = False,
) -> bytes:
    """The rows as a workbook: a title above, the office's own headings, a row of totals below."""
    named = {key: BY_KEY[key].heading for key in HEADINGS} | dict(headings or {})
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"strings_to_formulas": False}) as work:
        sheet = work.add_worksheet("依申请台账")
        day = work.add_format({"num_format": "yyyy-mm-dd"})
        top = 0
        if title:
            sheet.merge_range(0, 0, 0, len(HEADINGS) - 1, title)
            top = 2
        for column, key in enumerate(HEADINGS):
            sheet.write_string(top, column, named[key])
        for line, row in enumerate(rows, top + 1):
            for column, key in enumerate(HEADINGS):
                value = row.get(key)
                if isinstance(value, date):
                    sheet.write_datetime(line, column, value, day)  # type: ignore[arg-type]
                elif value is not None:
                    sheet.write(line, column, value)
        if total:
            sheet.write_string(top + 1 + len(rows), 0, "合计")
            sheet.write_number(top + 1 + len(rows), 9, len(rows))
    return file.getvalue()


Counted = Counter[tuple[int, str, str]]


_KINDS = {
    "自然人": "natural_person", "商业企业": "business", "科研机构": "research",
    "社会公益组织": "public_interest", "法律服务机构": "legal_service", "其他组织": "other",
}  # fmt: skip
_ROWS = {
    "予以公开": "granted", "（二）部分公开": "partial", "不予公开：国家秘密": "denied_state_secret",
    "保护第三方合法权益": "denied_third_party", "内部事务信息": "denied_internal",
    "过程性信息": "denied_process",
    "信息不存在": "unavailable_not_held", "需要另行制作": "unavailable_needs_creation",
    "补正后仍不明确": "unavailable_still_unclear", "信访举报投诉类申请": "rejected_petition",
    "重复申请": "rejected_repeat", "逾期不补正": "other_no_correction", "其他": "other_other",
    "撤回": "other_other",
}  # fmt: skip
"""The rows of Table 3 for the words that are written here."""


def plainly(rows: Sequence[Row], until: int) -> Counted:
    """What Table 3 must say of the rows: by year, row of the form, and column, with plain Python.

    ``until``: the last year; what has no end is carried out of every year up to it.
    """
    found: Counted = Counter()
    for row in rows:
        kind, received = _KINDS[row["applicant_kind"]], row["received_on"].year
        ended = row.get("withdrawn") or row.get("reply_on")
        found[received, "new", kind] += 1
        if ended is not None:
            found[ended.year, _ROWS[row["outcome"]], kind] += 1
        for year in range(received, (until if ended is None else ended.year - 1) + 1):
            found[year, "carried_out", kind] += 1
    return found
