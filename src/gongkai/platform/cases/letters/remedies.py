"""The remedy paragraph of a letter: road, authority and court, by outcome, date and body (law.md 9.1)."""

from __future__ import annotations

from datetime import date

from gongkai.platform.cases.letters.kinds import LetterKind
from gongkai.platform.core.models import Body, BodyLevel
from gongkai.rules.law import Law
from gongkai.rules.law.cite import numeral
from gongkai.rules.letters.remedies import NoAuthority, ReplyBody, Road, remedy_paragraph
from gongkai.rules.vocabulary import Outcome

SETTINGS_ZH = {
    "government": "行政复议机关",
    "upper_department": "上一级主管部门",
    "court": "一审法院",
}
"""What a body must have set, by the code of ``NoAuthority``."""


def reply_body(body: Body) -> ReplyBody:
    """What the rules must know of the body in whose name a reply stands."""
    kind = "department" if body.level == BodyLevel.DEPARTMENT else "government"
    return ReplyBody(
        kind="vertical" if body.vertical else kind,
        government=body.reconsideration_authority,
        upper_department=body.upper_department or None,
        court=body.court or None,
    )


def remedy_text(kind: LetterKind, body: Body, on: date, law: Law) -> str:
    """The paragraph; raises ``NoAuthority`` naming the setting without which it cannot be written.

    - refusals under arts. 14 to 16 since 2024: reconsideration first, and the letter says so;
    - everything else: reconsideration or the court; then the court must be named.
    """
    said = remedy_paragraph(kind.remedies, on, reply_body(body), law)
    paper = "告知书" if kind.title.endswith("告知书") or kind.title.endswith("）") else "答复书"
    what = f"本{paper}"
    if Outcome(kind.remedies) is Outcome.PARTIAL and said.road is Road.RECONSIDERATION_FIRST:
        what += "中不予公开的部分"
    days, after = numeral(said.reconsideration_days), numeral(said.litigation_after_days)
    if said.road is Road.RECONSIDERATION_FIRST:
        return (
            f"如对{what}不服，应当自收到本{paper}之日起{days}日内先向{said.authority}申请行政复议；"
            f"对行政复议决定不服的，可以自收到行政复议决定书之日起{after}日内依法向人民法院提起行政诉讼。"
        )
    if said.court is None or said.litigation_months is None:
        raise NoAuthority("court")
    return (
        f"如对{what}不服，可以自收到本{paper}之日起{days}日内向{said.authority}申请行政复议，"
        f"或者自收到本{paper}之日起{numeral(said.litigation_months)}个月内直接向{said.court}提起行政诉讼。"
    )
