"""What the figures of a narrative count: keys of ``FigureMatch.concept`` with their names."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_NAMES: dict[str, tuple[str, str]] = {
    "requests": ("政府信息公开申请", "requests"),
    "requests_new": ("本年新收申请", "requests newly received"),
    "requests_received": ("收到的申请", "requests received"),
    "requests_handled": ("办理的申请", "requests handled"),
    "requests_closed": ("办结的申请", "requests closed"),
    "requests_carried_in": ("上年结转的申请", "requests carried in"),
    "requests_carried_out": ("结转下年度的申请", "requests carried out"),
    "requests_outcome": ("办理结果", "requests by outcome"),
    "requests_applicant": ("按申请人分的申请", "requests by kind of applicant"),
    "reconsideration": ("行政复议", "administrative reconsiderations"),
    "litigation": ("行政诉讼", "administrative litigation cases"),
    "remedies": ("行政复议和行政诉讼", "reconsiderations and litigation cases"),
    "remedies_upheld": ("复议、诉讼结果维持", "remedies decided: upheld"),
    "remedies_corrected": ("复议、诉讼结果纠正", "remedies decided: corrected"),
    "remedies_other": ("复议、诉讼其他结果", "remedies decided otherwise"),
    "remedies_pending": ("复议、诉讼尚未审结", "remedies not yet decided"),
    "normative_made": ("制发的规范性文件", "normative documents made"),
    "normative_repealed": ("废止的规范性文件", "normative documents repealed"),
    "normative_valid": ("现行有效的规范性文件", "normative documents in force"),
    "regulations_made": ("制发的规章", "regulations made"),
    "regulations_repealed": ("废止的规章", "regulations repealed"),
    "regulations_valid": ("现行有效的规章", "regulations in force"),
    "licensing": ("行政许可处理决定", "licensing decisions"),
    "punishment": ("行政处罚处理决定", "punishment decisions"),
    "coercion": ("行政强制处理决定", "coercion decisions"),
    "fees": ("行政事业性收费", "administrative charges"),
    "procurement": ("政府集中采购金额", "central procurement amount"),
    "breakdown": ("分项合计", "sum of the parts"),
    "shares": ("占比合计", "sum of the shares"),
    "share": ("占比", "share"),
    "growth_rate": ("增减幅度", "growth rate"),
    "growth_count": ("增减数", "growth in number"),
    "rank": ("排序用语与占比", "words of rank and shares"),
}


def concept_name(concept: str) -> Mapping[str, str]:
    """Name of a concept by language (``zh``, ``en``); ``KeyError`` for an unknown one."""
    chinese, english = _NAMES[concept]
    return MappingProxyType({"zh": chinese, "en": english})


def concepts() -> tuple[str, ...]:
    """Every concept a figure may be matched to."""
    return tuple(_NAMES)
