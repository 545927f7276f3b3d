"""The hand-over letter (转办函) of matters that are no requests for information: made when it is printed.

It bears no number of its own and is no act of the Regulation: nothing is entered or kept. Own wording.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from gongkai.platform.cases.letters.facts import day_zh
from gongkai.platform.cases.letters.pdf import to_pdf
from gongkai.platform.cases.letters.sheet import Sheet, blocks_of
from gongkai.platform.cases.letters_in import ReferralView, find_letter, referral_view
from gongkai.platform.cases.models import CaseText
from gongkai.platform.cases.services.letters import demonstration_mark
from gongkai.platform.core import audit, private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import PrivateRecord
from gongkai.platform.core.permissions import Act


class CannotPrint(ValueError):
    """The words of the hand-over are gone: the person was erased."""


def referral_letter(*, key: str, actor: Actor) -> tuple[str, bytes]:
    """Name and content (PDF) of the letter that goes with a hand-over.

    Raises ``NoSuchLetter``, ``NotPermitted`` without ``CASE_IDENTITY``, ``CannotPrint``, and ``ValueError``
    for one that came in. The reading of who wrote the letter is audited.
    """
    view = referral_view(key=key, actor=actor)
    letter = find_letter(ref=view.letter, actor=actor)
    actor.require(Act.CASE_IDENTITY, letter.body)
    if view.incoming:
        raise ValueError(key)
    if not view.name:
        raise CannotPrint(key)
    case = CaseText.objects.filter(letter=letter).exclude(details="").first()
    details = letter.details if case is None else case.details
    record = PrivateRecord.objects.filter(ref=details).first() if details else None
    writer = private.read(record) if record is not None else {}
    audit.record(
        "case.identity_read", actor=actor, body=letter.body, object=letter.ref, detail={"referral": key}
    )
    mixed = CaseText.objects.filter(letter=letter).exists()
    text = referral_text(view, writer, letter.came_on, mixed=mixed)
    sheet = Sheet(
        head=letter.body.name, title=_("事项转办函"), blocks=blocks_of(text),
        recipient=f"{view.name}：", signature=letter.body.name, date=day_zh(view.on),
        mark=demonstration_mark(),
    )  # fmt: skip
    return f"事项转办函 {view.on.isoformat()}.pdf", to_pdf(sheet)


def referral_text(view: ReferralView, writer: Mapping[str, Any], came_on: date, *, mixed: bool) -> str:
    """The text: which matters, who wrote, and what is asked; ``mixed``: the letter holds requests, too."""
    body = [
        f"本机关于{day_zh(came_on)}收到的一件来信中，有下列事项不属于政府信息公开申请，现转请你单位依照职责处理。"
    ]
    if mixed:
        body[0] += "来信中的政府信息公开申请，由本机关依照《中华人民共和国政府信息公开条例》另行办理。"
    for at, one in enumerate(view.matters, 1):
        body.append(f"{at}. {one.kind_label}：{' '.join(one.text.split())}")
    rows = [
        ("来信人", writer.get("name")), ("联系电话", writer.get("phone")),
        ("通信地址", writer.get("address")), ("电子邮箱", writer.get("email")),
    ]  # fmt: skip
    body += [f"| {label} | {' '.join(str(value).split())} |" for label, value in rows if value]
    if view.remarks:
        body.append(" ".join(view.remarks.split()))
    body.append("请将受理的编号和办理结果告知本机关。来信人的个人信息仅用于办理上述事项。")
    return "\n".join(body)
