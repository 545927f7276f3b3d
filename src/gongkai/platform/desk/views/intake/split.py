"""Split further requests off a case that turned out to hold several; before a reply only."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gongkai.platform.cases.receipt import BadIntake
from gongkai.platform.cases.services.acting import ActRefused, SomebodyWasFaster
from gongkai.platform.cases.services.numbers import NoShortName
from gongkai.platform.cases.services.registration import split_case
from gongkai.platform.core.permissions import Act, NotPermitted
from gongkai.platform.desk.forms.intake import ItemForm
from gongkai.platform.desk.problems import problems_of
from gongkai.platform.desk.views.case import crumbs, found_or_404
from gongkai.platform.desk.whole import whole


@require_http_methods(["GET", "POST"])
def split(request: HttpRequest, stream: str) -> HttpResponse:
    """``/desk/cases/<stream>/split/``: one further request; it copies the receipt and gets a number."""
    found, actor = found_or_404(request, stream)
    if not actor.may(Act.CASE_REGISTER, found.body):
        raise NotPermitted(Act.CASE_REGISTER, actor.seat, found.body)
    form = ItemForm(0, request.POST if request.method == "POST" else None)
    seq = found.summary.last_seq
    if request.method == "POST" and form.is_valid():
        seen = whole(request.POST.get("expected_seq", ""))
        try:
            new = split_case(
                body=found.body, stream=stream, actor=actor, items=[form.item],
                expected_seq=0 if seen is None else seen,
            )  # fmt: skip
        except ActRefused as refused:
            field = "number" if refused.refusal.code == "number_in_use" else None
            form.add_error(field, f"{refused.refusal.message()}（{refused.refusal.article}）")
        except BadIntake as bad:
            form.add_error(bad.field if bad.field in form.fields else None, bad.message)
        except NoShortName:
            form.add_error(None, _("本机关还没有设置机关代字，不能给号：请系统管理员先在机关信息里设置。"))
        except SomebodyWasFaster:
            form.add_error(None, _("您打开这一页以后，有人办理过本案；请先看看案件现在的情况，再拆分。"))
        else:
            messages.success(request, _("已拆分立案：%(number)s") % {"number": new[0].number})
            return redirect("desk:case", new[0].stream)
    problems = problems_of(form, anchor=form["description"].id_for_label)
    to_case = (found.summary.number or _("案件"), reverse("desk:case", args=[stream]))
    context = {
        "nav": "cases", "case": found.summary, "form": form, "problems": problems, "errors": bool(problems),
        "expected_seq": seq, "crumbs": crumbs(_("拆分"), to_case),
    }  # fmt: skip
    return render(request, "desk/intake/split.html", context, status=422 if problems else 200)
