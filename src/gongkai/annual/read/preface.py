"""What a report says of itself: body, year, period, notice cited, contact, scope, signature."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from gongkai.annual.fold import fold, squeeze
from gongkai.annual.form import Form
from gongkai.annual.model import Contact, Scope
from gongkai.annual.numerals import YEAR, year_of

_YEAR = re.compile(rf"((?:19|20)\d\d|{YEAR})\s*年?")
_BODY_END = (
    "人民政府办公厅|人民政府办公室|人民政府|政府办公厅|政府办公室|管理委员会|管委会|委员会|办事处|办公厅|办公室|"
    "街道办|政府|总局|分局|支队|中心|银行|集团|公司|学校|大学|医院|研究院|海关|税务局|法院|检察院|厅|局|委|办|院|"
    "省|自治区|自治州|自治县|市|州|盟|旗|县|区|镇|乡|街道|开发区|园区|社"
)
_PERIOD = re.compile(
    r"统计(?:期限|时限|时间|期间|周期)?[^。;]{0,12}?(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日[起,]*\s*(?:至|到|-|—|~|起至)+\s*"
    r"(?:(\d{4})\s*年\s*)?(\d{1,2})\s*月\s*(\d{1,2})\s*日"
)
_COMPILED_BY = re.compile(
    rf"(?:由|[,。;])\s*([\u4e00-\u9fff]{{2,30}}?(?:{_BODY_END}))\s*(?:根据|依据|结合|按照|组织|负责)?[^。,;由]{{0,20}}?编制"
)
_OWN_KINDS = re.compile(r"(?:镇|乡|街道|街道办|办事处|局|厅|委|委员会|办公厅|办公室|总队|支队|中心|院)$")
_DATE = re.compile(r"^[（(]?\s*(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日\s*[)）]?$")
_SIGNATURE = re.compile(rf"^[\u4e00-\u9fff]{{2,30}}(?:{_BODY_END})$")


def year_in(text: str) -> int | None:
    """A year in digits or Chinese numerals, e.g. of a folded title; the first one."""
    found = _YEAR.search(text)
    return year_of(found[1]) if found is not None else None


def body_in_title(title: str) -> str | None:
    """The body's name in a folded title: what is left when year and the words of the title are gone."""
    text = re.sub(r"\s+", "", title)
    text = re.sub(r"^(?:名称|标题|题名|信息名称|主题)[:：]?", "", text)
    if ">" in text:
        text = text.rsplit(">", 1)[-1]
    text = _YEAR.sub("", text)
    text = re.sub(r"(?:年度)?政府信息公开.*$", "", text)
    text = re.sub(r"(?:年度|年|度)+$", "", text)
    text = re.sub(r"^(?:关于|年度|年|度|[\W_]+)+|(?:关于|的|[\W_]+)+$", "", text)
    text = re.sub(r"[(（][^()（）]*[)）]$", "", text)
    return text if 2 <= len(text) <= 40 and re.fullmatch(r"[\u4e00-\u9fff·（）()]+", text) else None


def body_in_preface(text: str) -> str | None:
    """The body that the preface names as compiler (``由…编制``)."""
    for found in _COMPILED_BY.finditer(text):
        name = found[1].rsplit("由", 1)[-1]
        if not re.search(r"统计|数据|报告|规定|要求|国务院", name):
            return name
    return None


def period_in(text: str) -> tuple[str, str] | None:
    """First and last day of the stated statistics period as ISO dates; ``None`` if damaged or absent."""
    found = _PERIOD.search(text.replace("\n", ""))
    if found is None:
        return None
    first_year, month, day, last_year, last_month, last_day = found.groups()
    first = _iso(first_year, month, day)
    last = _iso(last_year if last_year is not None else first_year, last_month, last_day)
    return (first, last) if first is not None and last is not None else None


def _iso(year: str, month: str, day: str) -> str | None:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def notice_in(text: str, forms: Iterable[Form]) -> str | None:
    """Document number of a form notice cited, in its usual writing; issuers are those of the known forms."""
    # A line of a PDF may end inside the number.
    text = text[:_LONGEST_PREFACE].replace("\n", "")
    for issuer in dict.fromkeys(_issuer(form) for form in forms):
        spaced = r"\s*".join(re.escape(c) for c in issuer)
        found = re.search(rf"{spaced}{_NUMBER_OF_NOTICE}", text) if issuer else None
        if found is not None:
            return f"{issuer}〔{found[1]}〕{found[2]}号"
    return None


_NUMBER_OF_NOTICE = r"\s*[〔\[(【<〈]\s*(\d{4})\s*[〕\])】>〉]\s*第?\s*(\d+)\s*号"


def _issuer(form: Form) -> str:
    """What stands before the year in the number of the form's instrument."""
    number = fold(str(form.instrument.get("number") or "")).text
    return re.split(r"[〔\[(]", number)[0].strip()


_PHONE = re.compile(
    r"(?:联系)?(?:电话|传真电话)(?:号码)?\s*:?\s*"
    r"((?:\(?0\d{2,3}\)?\s*[-—－]?\s*)?\d{7,8}(?:\s*[-—转]\s*\d{1,6})?|1\d{10})"
)
_POSTCODE = re.compile(r"(?:邮编|邮政编码)\s*:?\s*(\d{6})(?!\d)")
_AFTER_ADDRESS = "(?:联系)?(?:电话|邮编|邮政编码|传真|电子邮箱|邮箱|联系人|办公时间)"
_ADDRESS = re.compile(
    r"(?:联系|办公|通讯|通信)?地址\s{0,3}(?:为|是)?\s{0,3}:?\s{0,3}(.{1,80}?)\s{0,3}"
    rf"(?=[,;、。]?\s{{0,3}}{_AFTER_ADDRESS}|[)。;]|$)"
)
_SITE = re.compile(
    r"((?:https?://)?(?<![A-Za-z0-9.-])(?:[A-Za-z0-9-]{1,40}\.){1,6}(?:gov\.cn|com|cn|org|net)(?:[:/][\w./?=&%-]*)?)",
    re.IGNORECASE,
)


_LONGEST_PREFACE = 20_000


def contact_in(text: str) -> Contact:
    """Address, telephone, postcode and website that the preface names."""
    text = text[:_LONGEST_PREFACE]
    address, phone = _ADDRESS.search(text), _PHONE.search(text)
    postcode, site = _POSTCODE.search(text), _SITE.search(text)
    return Contact(
        address=address[1].strip() if address and len(address[1]) <= 80 else None,
        phone=re.sub(r"\s+", "", phone[1]) if phone else None,
        postcode=postcode[1] if postcode else None,
        website=site[1].rstrip("/.") if site else None,
    )


_AREA_WORDS = re.compile(
    r"全(?:省|市|县|区|州|盟|旗)(?:共|累计|各级|行政机关|政府系统|政府部门|范围)?|[省市县区州]、?[市县区乡]?[^,。;]{0,4}(?:两|三)级政府"
)
_OWN_WORDS = re.compile(
    r"(?:本机关|本单位|本部门|我局|我厅|我委|本局|本厅|本镇|本乡|本街道|政府本级|(?:省|市|县|区)政府及(?:省|市|县|区)政府办公[厅室])"
)
_COUNTED = re.compile(r"(?:申请|公开件|申请件)[^,。;\d]{0,12}(\d[\d,]*)\s*(?:件|宗|起|份|条|次)")


_OWN_STATED = re.compile(
    r"(?:仅|只)(?:统计|包括|包含|含|为|是)?[^。;]{0,6}(?:本机关|本级|本单位|本部门)|"
    r"不(?:含|包括|包含)[^。;]{0,8}(?:下属|下级|所属|部门|乡镇|街道)"
)
_AREA_STATED = re.compile(
    r"全(?:省|市|县|区|州|盟|旗)[^。;]{0,6}(?:汇总|合计)|(?:包括|包含|涵盖|含)[^。;]{0,20}(?:部门|乡镇|下属|下级|街道)"
)


def _stated_scope(preface: str) -> Scope | None:
    """The scope that the preface states of the report's data."""
    for sentence in re.split(r"[。;\n]", preface):
        if "数据" not in sentence and "统计" not in sentence:
            continue
        if _OWN_STATED.search(sentence):
            return Scope.OWN
        if _AREA_STATED.search(sentence):
            return Scope.AREA
    return None


def scope_of(body: str | None, preface: str, text: str, counts: Sequence[int]) -> Scope:
    """Whose acts the report counts.

    Told by the preface where it states what its data cover; else by a sentence that states the number of
    requests of Table 3 (``counts``) with a word of scope, or by the kind of body (a township, department or
    office covers itself); otherwise unknown.
    """
    stated = _stated_scope(preface)
    if stated is not None:
        return stated
    own = area = False
    for sentence in re.split(r"[。;\n]", text):
        for found in _COUNTED.finditer(sentence):
            if int(found[1].replace(",", "")) not in counts:
                continue
            before = sentence[: found.start()]
            area = area or _AREA_WORDS.search(before) is not None
            own = own or _OWN_WORDS.search(before) is not None
    if own != area:
        return Scope.OWN if own else Scope.AREA
    if not own and body is not None and _OWN_KINDS.search(body):
        return Scope.OWN
    return Scope.UNKNOWN


def is_closing(line: str) -> bool:
    """A signature or its date alone on a folded line."""
    text = line.strip()
    return _DATE.match(text) is not None or (len(text) <= 40 and _SIGNATURE.match(squeeze(text)) is not None)


def signature_in(lines: Sequence[str]) -> tuple[str | None, str | None, int]:
    """Signature line and date (ISO) at the end of the folded lines, and how many lines they take."""
    signed: str | None = None
    day: str | None = None
    taken = 0
    for offset, line in enumerate(reversed(lines[-4:]), start=1):
        text = line.strip()
        dated = _DATE.match(text)
        if dated is not None and day is None:
            day = _iso(*dated.groups())
            taken = offset
        elif signed is None and _SIGNATURE.match(squeeze(text)) and len(text) <= 40:
            signed = squeeze(text)
            taken = offset
            break
        elif text:
            break
    return signed, day, taken
