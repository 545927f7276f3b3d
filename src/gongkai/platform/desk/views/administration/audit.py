"""The audit trail: read, exported and verified by the audit administrator alone; each of it is in it."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import xlsxwriter
from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from gongkai.platform.core.audit import ACTS
from gongkai.platform.core.audit_trail import (
    EXPORTED,
    AuditFilters,
    AuditRow,
    export_audit,
    read_audit,
    verify_audit_as,
)
from gongkai.platform.core.present import SHANGHAI
from gongkai.platform.core.web import actor_of
from gongkai.platform.desk.downloads import XLSX
from gongkai.platform.desk.forms.styled import DayInput, StyledForm
from gongkai.platform.desk.whole import whole

_DAYS = (
    MinValueValidator(date(2000, 1, 1), gettext_lazy("日期请在 2000 年以后")),
    MaxValueValidator(date(2999, 12, 31), gettext_lazy("日期请在 3000 年以前")),
)
"""Beyond them there is nothing to be found, and no moment at which a day begins or ends everywhere."""


class FilterForm(StyledForm):
    """What is looked for."""

    first = forms.DateField(label=gettext_lazy("从"), widget=DayInput(), required=False, validators=_DAYS)
    last = forms.DateField(label=gettext_lazy("到"), widget=DayInput(), required=False, validators=_DAYS)
    act = forms.ChoiceField(
        label=gettext_lazy("做了什么"), required=False, choices=[("", gettext_lazy("全部")), *ACTS.items()]
    )
    person = forms.CharField(label=gettext_lazy("谁（姓名或用户名）"), required=False, max_length=60)
    body = forms.CharField(label=gettext_lazy("机关标识"), required=False, max_length=40)
    object = forms.CharField(label=gettext_lazy("对象标识"), required=False, max_length=100)
    refused_only = forms.BooleanField(label=gettext_lazy("只看失败和被拒绝的"), required=False)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """A page of the trail."""
    form = FilterForm(request.GET, label_suffix="")
    oldest_first = request.GET.get("order") == "oldest"
    filters = _filters(form)
    page = read_audit(
        actor=actor_of(request), filters=filters, oldest_first=oldest_first,
        after=whole(request.GET.get("after", "")),
    )  # fmt: skip
    context = {
        "form": form, "errors": form.errors, "page": page, "oldest_first": oldest_first, "nav": "audit",
        "narrowed": bool(filters.set_names()),
    }  # fmt: skip
    return render(request, "desk/administration/audit.html", context, status=422 if form.errors else 200)


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """What was found, as a spreadsheet; nothing is given out under filters that cannot be read."""
    form = FilterForm(request.GET)
    if not form.is_valid():
        return index(request)
    rows = export_audit(actor=actor_of(request), filters=_filters(form))
    response = HttpResponse(_sheet(rows), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="audit.xlsx"'
    return response


@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """Work the chain out anew and say what was found."""
    result = verify_audit_as(actor=actor_of(request))
    context = {"result": result, "nav": "audit"}
    return render(request, "desk/administration/audit_verified.html", context)


def _filters(form: FilterForm) -> AuditFilters:
    """The filters; those that cannot be read narrow nothing, and the page says so."""
    form.is_valid()
    given: dict[str, Any] = {
        name: value for name, value in form.cleaned_data.items() if value not in (None, "")
    }
    return AuditFilters(**given)


def _sheet(rows: list[AuditRow]) -> bytes:
    out = io.BytesIO()
    # Constant memory; every text as text, so that nothing in a cell is taken for a formula.
    book = xlsxwriter.Workbook(
        out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(_("审计"))
    top = 0
    if settings.DEMONSTRATION:
        sheet.write_string(0, 0, _("演示数据：人物和案件均为虚构"))
        top = 1
    heads = (
        _("序号"),
        _("时间"),
        _("做了什么"),
        _("结果"),
        _("谁"),
        _("机关"),
        _("对象"),
        _("地址"),
        _("详情"),
    )
    for column, text in enumerate(heads):
        sheet.write_string(top, column, text)
    for number, row in enumerate(rows, start=top + 1):
        sheet.write_number(number, 0, row.position)
        cells = (
            row.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S"), row.label,
            _("成功") if row.success else _("失败"), row.person, row.body, row.object, row.address,
            row.detail_text,
        )  # fmt: skip
        for column, text in enumerate(cells, start=1):
            sheet.write_string(number, column, text)
    if len(rows) == EXPORTED:
        sheet.write_string(top + len(rows) + 1, 0, _("只列到这里；后面还有的，请按日期分几次导出"))
    book.close()
    return out.getvalue()
