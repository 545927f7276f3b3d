"""What stands against an act by somebody else than the applicant, and what an identity still lacks.

Warned of, never refused: the office sees the paper, and art. 30 asks for a correction where it is lacking.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from django.utils.translation import gettext as _

from gongkai.platform.cases.models import (
    Authority,
    CheckedWhat,
    CheckResult,
    IdentityCheck,
    PersonRole,
)
from gongkai.platform.cases.people.naming import Known, people_at, place_name
from gongkai.platform.core import private

ACTING = (PersonRole.AGENT, PersonRole.HANDLER)
NEEDED: Mapping[str, Authority] = MappingProxyType(
    {
        "correction.received": Authority.CORRECT,
        "reasons.received": Authority.CORRECT,
        "correction.delivered": Authority.RECEIVE,
        "fee.delivered": Authority.RECEIVE,
        "reply.delivered": Authority.RECEIVE,
        "fee.paid": Authority.PAY,
        "request.withdrawn": Authority.WITHDRAW,
    }
)
"""Acts of the applicant that somebody else may do, and the authority that it takes."""


def warnings_of_act(*, stream: str, kind: str, on: date) -> tuple[str, ...]:
    """What to look at before an act of the applicant is entered that another one did; without names."""
    needed = NEEDED.get(kind)
    if needed is None:
        return ()
    people = people_at(place_name(stream))
    found: list[str] = []
    agents = [one for one in people if one.row.role in ACTING]
    current = [one for one in agents if one.is_current(on)]
    what = str(needed.label)
    if agents and not current:
        found.append(
            _(
                "登记过的代理授权在这一天都已经不在有效期内：由代理人办理的，请先补授权，或者由申请人本人办理。"
            )
        )
    elif current and not any(needed.value in one.row.scope for one in current):
        scope = "、".join(
            str(Authority(value).label)
            for value in Authority.values
            if any(value in one.row.scope for one in current)
        )
        found.append(
            _(
                "代理授权的范围是“%(scope)s”，不包括“%(what)s”：由代理人办理的，请先补授权，或者由申请人本人办理。"
            )
            % {"scope": scope, "what": what}
        )
    elif current and not any(one.row.paper_id or _proven(one) for one in current):
        found.append(_("代理人的授权委托书没有提供，也没有核对过。"))
    if needed is Authority.WITHDRAW and any(
        one.row.role == PersonRole.CO_APPLICANT and one.is_current(on) for one in people
    ):
        found.append(
            _("这件申请有共同申请人：整件撤回要全体同意，只有一部分人撤回的，其他人的申请照常办理。")
        )
    if any(one.row.role == PersonRole.GUARDIAN and one.is_current(on) for one in people):
        found.append(_("申请人有监护人：请看是不是由监护人办理的，或者得到监护人的同意。"))
    return tuple(found)


def _proven(one: Known) -> bool:
    checks = [
        check
        for check in one.row.checks.all()
        if check.what in (CheckedWhat.AUTHORITY, CheckedWhat.GUARDIANSHIP)
    ]
    return bool(checks) and checks[-1].result == CheckResult.PROVEN


def lacking(stream: str) -> tuple[str, ...]:
    """What a correction notice must ask for, as its points: proofs that are missing or doubtful by now.

    Names nobody: the notice is read by others too. Remarks of who checked are for ``points_of``.
    """
    return tuple(point for point, _remarks in _lacking(stream))


def points_of(stream: str) -> str:
    """The points of the correction notice, one a line, with what is doubtful."""
    found = _lacking(stream)
    kept = private.read_many(ref for _point, ref in found if ref)
    lines: list[str] = []
    for number, (point, ref) in enumerate(found, 1):
        doubt = str(kept.get(ref, {}).get("remarks", "")) if ref else ""
        said = point + (_("（核对时的疑问：%s）") % doubt if doubt else "")
        lines.append(f"{number}. {said}" if len(found) > 1 else said)
    return "\n".join(lines)


def _lacking(stream: str) -> list[tuple[str, str]]:
    newest: dict[tuple[str | None, str], IdentityCheck] = {}
    checks = IdentityCheck.objects.filter(place=place_name(stream)).select_related("person")
    for check in checks.order_by("n"):
        newest[(check.person_id, check.what)] = check
    found: list[tuple[str, str]] = []
    for check in newest.values():
        ended = check.person is not None and check.person.ended_on is not None
        if check.result == CheckResult.PROVEN or ended:
            continue
        whose = _("申请人") if check.person is None else str(PersonRole(check.person.role).label)
        found.append((_point(check, whose), check.remarks))
    return found


def _point(check: IdentityCheck, whose: str) -> str:
    doubtful = check.result == CheckResult.DOUBTFUL
    match check.what:
        case CheckedWhat.AUTHORITY:
            said = _("请补充%s的授权委托书，写明授权的事项和期限，由申请人签名或者盖章")
        case CheckedWhat.GUARDIANSHIP:
            said = _("请补充%s与申请人监护关系的证明，如户口簿、出生医学证明")
        case _identity if doubtful:
            return _("提供的%s身份证明有疑问，请重新提供清楚、有效的身份证明") % whose
        case _identity:
            said = _("请补充%s的身份证明，如居民身份证、护照的复印件，法人或者其他组织的登记证书复印件")
    return said % whose
