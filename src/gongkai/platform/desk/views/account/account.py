"""One's own account: what it is, which seats it has, in which one works now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from gongkai.platform.core import audit
from gongkai.platform.core.models import Role, Seat
from gongkai.platform.core.services import second_factor
from gongkai.platform.core.web import account_page, actor_of, choose_seat, person_of, seats_of
from gongkai.platform.desk.kept import next_of

_DUTIES: Mapping[Role, Any] = {
    Role.RECEIVING_CLERK: _("登记来件、确认收到、分办；办理案件，起草答复，记录送达"),
    Role.HANDLER: _("办理案件，起草答复，记录送达；不登记来件"),
    Role.APPROVER: _("批准或者退回答复稿，决定延期，更正记录，修改文书模板"),
    Role.SUPERVISOR: _("查看本机关和所属机关的案件、统计；不办理，看不到申请人身份"),
    Role.REPORT_AUTHOR: _("查看统计和数字后面的案件，导出"),
    Role.SYSTEM_ADMINISTRATOR: _("管理机关信息、账号和本地规则；看不到案件"),
    Role.SECURITY_ADMINISTRATOR: _("分配和收回岗位；看不到案件"),
    Role.AUDIT_ADMINISTRATOR: _("查看和校验审计记录；看不到案件"),
}
"""What a seat does here, by its role; who is not named has nothing to do in this version."""
_NOTHING_YET = _("主动公开的发布、审核、保密审查还没有页面，现在只能管理自己的账号")


def _duties(seat: Seat | None) -> list[tuple[Any, Any]]:
    """The roles of the seat in use with what each can do."""
    if seat is None:
        return []
    return [(role.label, _DUTIES.get(role, _NOTHING_YET)) for role in Role if role.value in seat.roles]


@account_page
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The account page."""
    person = person_of(request)
    context = {
        "person": person,
        "seats": seats_of(request),
        "seat": actor_of(request).seat,
        "duties": _duties(actor_of(request).seat),
        "has_second_factor": second_factor.has_second_factor(person),
        "second_factor_required": settings.SECOND_FACTOR_REQUIRED,
        "codes_left": second_factor.codes_left(person),
        "password_days": settings.PASSWORD_DAYS,
    }
    return render(request, "desk/account/account.html", context)


@account_page
@require_POST
def switch_seat(request: HttpRequest) -> HttpResponse:
    """Work in another of one's own seats from now on."""
    try:
        seat = choose_seat(request, request.POST.get("seat", ""))
    except LookupError:
        raise Http404 from None
    audit.record("seat.chosen", actor=actor_of(request), body=seat.body, object=seat.key)
    return redirect(next_of(request) or "desk:home")
