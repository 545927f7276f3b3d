"""The words of a case: closed lists whose values are public keys (``docs/reference/events.md``).

Chinese labels are data for screens and letters. Articles are of the Regulation (State Council Order
No. 711) unless another instrument is named.
"""

from __future__ import annotations

from enum import StrEnum


class Labelled(StrEnum):
    """A string value with its Chinese label."""

    _value_: str
    label_zh: str

    def __new__(cls, value: str, label_zh: str) -> Labelled:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label_zh = label_zh
        return member


class Channel(Labelled):
    """How a request came in; each has its own rule for the date of receipt (art. 31)."""

    COUNTER = "counter", "当面提交"
    REGISTERED_POST = "registered_post", "邮寄（签收）"
    ORDINARY_POST = "ordinary_post", "平常信函"
    INTERNET = "internet", "互联网渠道"
    FAX = "fax", "传真"
    EMAIL = "email", "电子邮件"
    ORAL = "oral", "口头（代为填写）"
    SUPERIOR = "superior", "上级机关转来"


CONFIRMED_CHANNELS = frozenset({Channel.ORDINARY_POST, Channel.INTERNET, Channel.FAX, Channel.EMAIL})
"""Channels whose receipt date is the day of confirmation with the applicant (art. 31(2), (3))."""


class ApplicantKind(Labelled):
    """The six columns of Table 3."""

    NATURAL_PERSON = "natural_person", "自然人"
    BUSINESS = "business", "商业企业"
    RESEARCH = "research", "科研机构"
    PUBLIC_INTEREST = "public_interest", "社会公益组织"
    LEGAL_SERVICE = "legal_service", "法律服务机构"
    OTHER = "other", "其他组织"


class Method(Labelled):
    """How a reply is served (国办公开办函〔2016〕235号)."""

    COUNTER = "counter", "当面送达"
    POST = "post", "邮寄"
    ENTRUSTED = "entrusted", "委托其他机关送达"
    ELECTRONIC = "electronic", "电子方式"
    PUBLIC_NOTICE = "public_notice", "公告送达"


class Outcome(Labelled):
    """What a reply decides. Our own list; each official form maps it to its rows."""

    GRANTED = "granted", "予以公开"
    PARTIAL = "partial", "部分公开"
    DENIED_STATE_SECRET = "denied_state_secret", "不予公开：国家秘密"
    DENIED_LAW_FORBIDS = "denied_law_forbids", "不予公开：法律、行政法规禁止公开"
    DENIED_THREE_SECURITIES = "denied_three_securities", "不予公开：危及“三安全一稳定”"
    DENIED_THIRD_PARTY = "denied_third_party", "不予公开：保护第三方合法权益"
    DENIED_INTERNAL = "denied_internal", "不予公开：内部事务信息"
    DENIED_PROCESS = "denied_process", "不予公开：过程性信息"
    DENIED_ENFORCEMENT_FILE = "denied_enforcement_file", "不予公开：行政执法案卷"
    DENIED_INQUIRY = "denied_inquiry", "不予公开：行政查询事项"
    UNAVAILABLE_NOT_HELD = "unavailable_not_held", "无法提供：本机关不掌握"
    UNAVAILABLE_NEEDS_CREATION = "unavailable_needs_creation", "无法提供：需要另行制作"
    UNAVAILABLE_STILL_UNCLEAR = "unavailable_still_unclear", "无法提供：补正后仍不明确"
    REJECTED_PETITION = "rejected_petition", "不予处理：信访举报投诉类"
    REJECTED_REPEAT = "rejected_repeat", "不予处理：重复申请"
    REJECTED_PUBLICATION = "rejected_publication", "不予处理：要求提供公开出版物"
    REJECTED_EXCESSIVE = "rejected_excessive", "不予处理：无正当理由大量反复申请"
    REJECTED_REISSUE = "rejected_reissue", "不予处理：要求确认或重新出具"
    OTHER_NO_CORRECTION = "other_no_correction", "其他处理：逾期不补正"
    OTHER_UNPAID = "other_unpaid", "其他处理：逾期未缴费"
    OTHER_OTHER = "other_other", "其他处理：其他"


SUB_KINDS: dict[Outcome, frozenset[str]] = {
    Outcome.GRANTED: frozenset({"provided", "already_public"}),
    Outcome.UNAVAILABLE_NOT_HELD: frozenset({"not_held", "not_ours", "transferred_to_archives"}),
    Outcome.OTHER_OTHER: frozenset(
        {"not_government_information", "enquiry", "applicant_gone", "terminated", "archives_rules"}
    ),
}
"""Finer kinds under an outcome, whose letters differ though the row of the report is one (law.md 1.5)."""


class RemedyKind(Labelled):
    """The three blocks of Table 4."""

    RECONSIDERATION = "reconsideration", "行政复议"
    LITIGATION_DIRECT = "litigation_direct", "未经复议直接起诉"
    LITIGATION_AFTER_RECONSIDERATION = "litigation_after_reconsideration", "复议后起诉"


class RemedyResult(Labelled):
    """How a remedy ended, as Table 4 sorts it."""

    UPHELD = "upheld", "结果维持"
    CORRECTED = "corrected", "结果纠正"
    OTHER = "other", "其他结果"


class Instance(Labelled):
    """Stage of a lawsuit; empty for reconsideration."""

    FIRST = "first", "一审"
    SECOND = "second", "二审"
    RETRIAL = "retrial", "再审"


class Procedure(Labelled):
    """Procedure of a reconsideration (Administrative Reconsideration Law, arts. 53, 54)."""

    ORDINARY = "ordinary", "普通程序"
    SIMPLE = "simple", "简易程序"


class RevokedBy(Labelled):
    """Who revoked a reply."""

    COURT = "court", "法院判决"
    RECONSIDERATION = "reconsideration", "复议决定"
    SELF = "self", "本机关自行撤销"


class NoteKind(Labelled):
    """Notes on a case that are no statutory acts."""

    CALL = "call", "电话记录"
    GUIDANCE = "guidance", "指导"
    MEDIATION = "mediation", "调解"
    OTHER = "other", "其他"


class TaskKind(Labelled):
    """Work of a unit inside the organ; never touches a statutory clock."""

    HANDLE = "handle", "转办"
    ASSIST = "assist", "协办"
    COUNTERSIGN = "countersign", "会签"
    LEGAL_REVIEW = "legal_review", "法制审核"
    SEARCH = "search", "检索"


class Scope(Labelled):
    """What a withdrawal covers."""

    WHOLE = "whole", "全部"
    ITEM = "item", "其中一项"


class DocumentKind(Labelled):
    """Documents of Table 2."""

    REGULATION = "regulation", "规章"
    NORMATIVE = "normative", "行政规范性文件"


class DecisionKind(Labelled):
    """Decisions of Table 2 (``other_services`` only in the form of 2019)."""

    LICENSING = "licensing", "行政许可"
    PUNISHMENT = "punishment", "行政处罚"
    COERCION = "coercion", "行政强制"
    OTHER_SERVICES = "other_services", "其他对外管理服务事项"
