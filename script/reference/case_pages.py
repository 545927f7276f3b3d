"""The generated pages on cases: kinds of events with their payloads, and codes of refusals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from gongkai.rules import vocabulary
from gongkai.rules.kinds import BODY_KINDS, CASE_KINDS, KINDS, Kind
from gongkai.rules.refusal import refusals

LISTS = (
    vocabulary.Channel,
    vocabulary.ApplicantKind,
    vocabulary.Method,
    vocabulary.Outcome,
    vocabulary.RemedyKind,
    vocabulary.RemedyResult,
    vocabulary.Instance,
    vocabulary.Procedure,
    vocabulary.RevokedBy,
    vocabulary.TaskKind,
    vocabulary.NoteKind,
    vocabulary.Scope,
    vocabulary.DocumentKind,
    vocabulary.DecisionKind,
)
EVERYWHERE = ("ref", "commitment", "facts")


class Key(NamedTuple):
    """What a key of a payload holds: a name in ``TYPES`` or closed lists, and its meaning."""

    type: str | tuple[str, ...]
    zh: str
    en: str


TYPES: dict[str, tuple[str, Any]] = {
    "date": ("日期文字 ISO date text", "2026-03-01"),
    "whole": ("非负整数 whole number", 1),
    "amount": ("金额文字（元） amount text in yuan", "12.30"),
    "reference": ("标识（ASCII） reference", "text:91"),
    "references": ("标识或其列表 reference or a list of them", "R36.1"),
    "place": ("非负整数或标识 whole number or reference", "item:2"),
    "number": ("文号 number of a document", "云公开〔2026〕12号"),
    "truth": ("`true` 或 `false`", True),
    "parts": ("对象的列表 list of objects", [{"part": "item:1", "disclosed": False, "party": "party:4"}]),
    "replacement": ("对象或 `null` object or `null`", {"occurred_on": "2026-03-01"}),
    "facts": ("对象，值为整数或真假 object of whole numbers or truth values", {"repeats": 0}),
}
"""How a type is told, and a value of it."""

MEANINGS: dict[str, Key] = {
    "amount": Key(
        "amount", "金额；缴费不写的，按最后一次通知的金额", "sum; a payment without it pays the last notice"
    ),
    "applicant_kind": Key(
        ("ApplicantKind",), "申请人类别，即表三的列", "kind of applicant: the column of Table 3"
    ),
    "approved_by": Key(
        "reference", "同意延期的政府信息公开工作机构负责人", "head of the working body who approved it"
    ),
    "basis": Key(
        "references",
        "依据：条款（可列几条），或者收费标准",
        "basis: one article or several, or the scale of the fee",
    ),
    "body": Key("reference", "所征求意见或所指导的机关", "the other body: consulted, or given guidance"),
    "by": Key(("RevokedBy",), "由谁撤销答复", "who revoked the reply"),
    "by_third_party": Key(
        "truth", "是否由第三方（而非申请人）提起", "whether a third party, not the applicant, filed it"
    ),
    "channel": Key(("Channel",), "收件或咨询的渠道", "how the request or enquiry came in"),
    "commitment": Key("reference", "`ref` 所指内容的加盐哈希", "salted hash of what `ref` leads to"),
    "consent": Key("truth", "是否同意公开", "whether disclosure is agreed to"),
    "count": Key("whole", "决定件数", "how many decisions were made"),
    "due_on": Key(
        "date",
        "最迟之日：延迟答复、重新办理的答复，或者内部交办",
        "last day: of the delayed reply, of the reply handled anew, or of the task",
    ),
    "facts": Key(
        "facts",
        "办理时查得的情况：`cases_this_month`、`repeats`、`number_was_free`",
        "what was known of other cases: `cases_this_month`, `repeats`, `number_was_free`",
    ),
    "from": Key(
        "reference", "同一来件原立的案件，或者来件的标识", "case first opened for the letter, or the letter"
    ),
    "how": Key(
        "reference",
        "怎样收到，如当面递交、双方确认",
        "how it was received: handed in, confirmed with the applicant",
    ),
    "in_force": Key("whole", "当日现行有效件数", "documents in force at the end of that day"),
    "instance": Key(("Instance",), "诉讼的审级；复议不写", "instance of a lawsuit; none for reconsideration"),
    "item": Key(
        "reference", "撤回的是哪一项（`scope` 为 `item`）", "which item is withdrawn (`scope` is `item`)"
    ),
    "items": Key("whole", "采购项目数", "how many items were procured"),
    "kind": Key(
        ("TaskKind", "NoteKind", "RemedyKind", "DocumentKind", "DecisionKind"),
        "种类：依事项为交办、记事、救济、文件或决定",
        "kind of the task, note, remedy, document or decisions",
    ),
    "letter": Key(
        "reference", "来件；一件来件含几项申请时相同", "the letter, the same for all requests in it"
    ),
    "method": Key(("Method",), "发出或送达的方式", "how it was sent or served"),
    "number": Key(
        "number", "申请的登记编号，或者文书的文号", "registered number of the request, or of the document"
    ),
    "on": Key(
        "date", "现行有效件数是哪一日的；不写为发生之日", "day of the stock; without it the day of the event"
    ),
    "outcome": Key(("Outcome",), "答复的结果", "what the reply decides"),
    "parts": Key(
        "parts",
        "`{part, disclosed, party, ground}` 的列表：各部分，是否公开，所涉第三方，不公开的理由",
        "list of `{part, disclosed, party, ground}`: each part, whether disclosed, the third party whom it "
        "concerns, the ground for withholding (an Outcome)",
    ),
    "party": Key(
        "reference",
        "第三方；不写则须只有一方在征求",
        "the third party; may be left out where only one is asked",
    ),
    "procedure": Key(
        ("Procedure",),
        "复议程序，决定答复的期限",
        "procedure of the reconsideration: sets the period of defence",
    ),
    "proof": Key("reference", "送达凭证", "proof of dispatch or service"),
    "reason": Key("reference", "理由或退回原因的文字", "text of the reason, or why the letter came back"),
    "reached_on": Key("date", "复议、诉讼材料送到本机关之日", "day on which the papers reached the body"),
    "reasonable": Key("truth", "申请人说明的理由是否合理", "whether the reasons given are reasonable"),
    "received_on": Key("date", "收到申请之日", "day of receipt of the request"),
    "record": Key("reference", "转为主动公开的信息", "the information that is now published"),
    "ref": Key(
        "reference",
        "可删除的个人信息或正文；文件类事项为该文件",
        "erasable text or person; for documents, the document itself",
    ),
    "remedies_told": Key(
        "truth", "是否告知救济途径和期限；不写为已告知", "whether remedies were told; without it they were"
    ),
    "remedy": Key("reference", "复议或诉讼案件；各审级相同", "the proceeding, the same at every instance"),
    "replacement": Key(
        "replacement",
        "`{occurred_on, payload}`：更正后的日期、全部字段；`null` 或不写为作废",
        "`{occurred_on, payload}`: date and whole payload that hold now; `null` or none makes it void",
    ),
    "reply_body": Key(
        "reference",
        "以哪个机关名义答复；不写为本机关",
        "body in whose name the reply is; without it this one",
    ),
    "respond_by": Key(
        "date", "申请人最迟在哪一天补正或说明理由", "last day for the applicant to correct or give reasons"
    ),
    "result": Key(("RemedyResult",), "复议、诉讼的结果", "how the remedy ended"),
    "scope": Key(
        ("Scope",), "撤回全部还是一项；不写为全部", "withdrawal of all or of one item; without it all"
    ),
    "seq": Key(
        "whole", "所更正记录在本案件（事项流）中的序号", "number of the corrected entry within its stream"
    ),
    "sub_kind": Key(("sub_kind",), "结果之下的情形", "finer kind under the outcome"),
    "subject": Key("reference", "咨询或指导的主题", "subject of the enquiry or guidance"),
    "supersedes": Key(
        "number", "所取代的前一答复的文号", "number of the earlier reply that this one replaces"
    ),
    "unit": Key(
        "place",
        "拆分：来件中第几项；交办：内设机构（只作标识）",
        "of a split: which item of the letter; of a task: the unit (a reference)",
    ),
    "working_days": Key(
        "whole",
        "给予的工作日：补正期限、延长的天数，或者重新办理的期限",
        "working days given: to correct, of the extension, or to handle anew",
    ),
}
"""Every key that a payload may have."""

DAYS: dict[str, tuple[str, str]] = {
    "opening.case opening.documents": (
        "记入台账之日；收到之日、存量之日另写",
        "the day of entry; the days of receipt and of the stock have keys of their own",
    ),
    "request.submitted": (
        "来件到达之日或者网上提交之日，不是邮戳日",
        "the day the letter arrived or the web form was sent, not the postmark",
    ),
    "request.received": (
        "收到之日：当面提交或签收之日；平常信函、互联网、传真、电子邮件为双方确认之日",
        "the day of receipt: handed in or signed for; for ordinary post, internet, fax and e-mail the day of "
        "confirmation with the applicant",
    ),
    "case.split": ("拆分之日；收到之日写在 `received_on`", "the day of the split; receipt is `received_on`"),
    "correction.requested fee.notified": ("告知书、通知书发出之日", "the day the notice went out"),
    "correction.delivered third_party.delivered co_maker.delivered fee.delivered": (
        "对方收到之日",
        "the day the addressee received it",
    ),
    "correction.received third_party.answered co_maker.answered agency.answered reasons.received": (
        "补正、意见或者说明到达本机关之日",
        "the day the answer reached the body",
    ),
    "correction.lapsed third_party.lapsed co_maker.lapsed reasons.lapsed fee.lapsed": (
        "认定逾期之日，在期限最后一日之后",
        "a day after the last day of the period",
    ),
    "third_party.consulted co_maker.consulted agency.consulted": (
        "征求意见函发出之日，不是送达之日",
        "the day the letter went out, not its delivery",
    ),
    "extension.told": ("告知申请人之日，不是批准之日", "the day the applicant was told, not of the approval"),
    "reply.issued": ("答复书落款之日", "the date of the reply itself"),
    "reply.dispatched": (
        "交邮、电子方式发出之日",
        "the day it was handed to the post or sent electronically",
    ),
    "reply.delivered": (
        "送达之日；有签收的为签收之日",
        "the day of service; where it is signed for, that day",
    ),
    "reply.returned": ("退件到达本机关之日", "the day the letter came back"),
    "rehandling.started": (
        "重新办理开始之日，期限自次日起算",
        "the day handling anew begins; its period runs from the next day",
    ),
    "remedy.filed": (
        "向复议机关或者法院提起之日；到达本机关之日写在 `reached_on`",
        "the day it was filed with the authority or court; `reached_on` is when the papers came",
    ),
    "remedy.answered": ("答复、答辩提交之日", "the day the defence was handed in"),
    "remedy.decided": ("决定书、判决书到达本机关之日", "the day the decision reached the body"),
    "document.issued document.amended document.repealed document.lapsed": (
        "制发、修改、废止或者失效之日",
        "the day of issue, of the change, or of the end of validity",
    ),
    "decisions.counted charges.collected procurement.counted": (
        "所汇总期间的一日，计入该年度",
        "a day of the period summed up; it counts in that year",
    ),
    "entry.corrected": ("更正之日；原记录的日期写在 `replacement`", "the day of the correction itself"),
}
"""What the date of an event means where its name does not say it."""


def _refuse_unexplained() -> None:
    """Raise where a key has no meaning, or something is explained that no kind has."""
    used = {key for kind in KINDS.values() for key in (*kind.required, *kind.optional)}
    dated = [name for names in DAYS for name in names.split()]
    wrong = (used ^ set(MEANINGS)) | (set(dated) - set(KINDS))
    wrong |= {name for name in dated if dated.count(name) > 1}
    if wrong:
        raise ValueError(f"not explained, not in use, or explained twice: {sorted(wrong)}")


def events(generated: str) -> Iterator[str]:
    """The page of kinds: keys that must and may stand in a payload, and the closed lists."""
    yield from ("# 事项 · Events", "", generated, "")
    yield "台账、接口和 `gongkai clock` 用同一套事项。日期写作 `2026-03-01`，金额写作文字（单位：元）。"
    yield "每种事项还可以有 `ref`（指向可删除的个人信息或正文）、`commitment`（其加盐哈希）、"
    yield "`facts`（办理时查得的其他案件情况）。"
    yield ""
    yield "The ledger, the API and `gongkai clock` share these kinds. Dates are ISO, amounts are strings in"
    yield "yuan. Every kind may also carry `ref` (to the erasable store), `commitment` (its salted hash) and"
    yield "`facts` (what was known of other cases)."
    yield "How acts lead to dates: [deadlines](../explanation/algorithms/deadlines.md)."
    for title, names in (("案件 · Of a case", CASE_KINDS), ("机关自身 · Of the body", BODY_KINDS)):
        yield from ("", f"## {title}", "")
        yield "| 种类 Kind | 名称 Name | 必有 Required | 可有 Optional |"
        yield "|---|---|---|---|"
        for kind in KINDS.values():
            if kind.name in names:
                yield _row(kind)
    yield from _payload_keys()
    yield from ("", "## 取值 · Closed lists")
    for values in LISTS:
        yield from ("", f"### {values.__name__}", "", "| 值 Value | 名称 Name |", "|---|---|")
        for member in values:
            yield f"| `{member.value}` | {member.label_zh} |"
    yield from ("", "### sub_kind", "", "| 结果 Outcome | 情形 Sub-kinds |", "|---|---|")
    for outcome, names in vocabulary.SUB_KINDS.items():
        yield f"| `{outcome.value}` | {_keys(sorted(names))} |"


def _payload_keys() -> Iterator[str]:
    _refuse_unexplained()
    yield from ("", "## 字段 · Keys of payloads", "")
    yield "标识只指向台账以外的内容，不写姓名、不写正文。"
    yield "References lead outside the ledger: no names, no text."
    yield from ("", "| 字段 Key | 类型 Type | 含义 Meaning |", "|---|---|---|")
    for name, key in sorted(MEANINGS.items()):
        yield f"| `{name}` | {_type(key.type)} | {key.zh}<br>{key.en} |"
    yield from ("", "## 发生日期 · What `occurred_on` means", "")
    yield "未列的种类为该行为作出之日。For kinds not listed: the day of the act."
    yield from ("", "| 种类 Kinds | 日期 Day |", "|---|---|")
    for names, (zh, en) in DAYS.items():
        yield f"| {_keys(names.split())} | {zh}<br>{en} |"


def _type(type_: str | tuple[str, ...]) -> str:
    if isinstance(type_, str):
        return TYPES[type_][0]
    return "取值 one of " + "、".join(f"[{name}](#{name.lower()})" for name in type_)


def _row(kind: Kind) -> str:
    optional = [key for key in kind.optional if key not in EVERYWHERE]
    text = _keys(optional)
    if kind.exclusive is not None:
        text += f"（{kind.exclusive[0]}、{kind.exclusive[1]} 只取其一 at most one）"
    return f"| `{kind.name}` | {kind.label_zh} | {_keys(list(kind.required))} | {text} |"


def _keys(names: list[str]) -> str:
    return " ".join(f"`{name}`" for name in names) or "—"


def refusal_codes(generated: str) -> Iterator[str]:
    """The page of refusals: what stands against the act, the sentence, what may be entered instead."""
    yield from ("# 不予受理的理由 · Refusals", "", generated, "")
    yield "事项不合规定时，程序不修改、不猜测，只说明理由。代码公开，一经使用不改变含义。"
    yield "Where an act is not lawful the reason is given and nothing changes. Codes are public and never"
    yield "reused."
    yield from ("", "| 代码 Code | 依据 Against it | 理由 Reason | 可改为 Instead |", "|---|---|---|---|")
    for entry in refusals().values():
        reason = f"{entry.message['zh']}<br>{entry.message['en']}"
        yield f"| `{entry.code}` | {entry.article} | {reason} | {_keys(list(entry.instead))} |"
