"""Lists of letters in and of hand-overs, and a hand-over's own pages."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.platform.cases.letters.referral import CannotPrint, referral_letter
from gongkai.platform.cases.letters_in import NoSuchLetter, referral_view
from gongkai.platform.cases.search.search import LONGEST_QUESTION
from gongkai.platform.cases.selectors import letters_in as lists
from gongkai.platform.cases.selectors.filters import CHANNELS
from gongkai.platform.cases.services.matters import BadMatter, SettledAlready
from gongkai.platform.cases.services.referrals import BadReferral, follow_up, refer_matters
from gongkai.platform.cases.sheets import Column, Value, write_sheet
from gongkai.platform.core import audit
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act
from gongkai.platform.core.web import actor_of, body_of, needs
from gongkai.platform.desk.downloads import XLSX, disposition
from gongkai.platform.desk.forms.incoming import FollowUpForm, ReferForm
from gongkai.platform.desk.problems import problems_of
from gongkai.platform.desk.questions import PARAMETER, open_question, seal_question
from gongkai.platform.desk.views.intake.incoming import page_or_404, trail
from gongkai.platform.desk.views.lists import pager_of

_YEARS = 8


@require_GET
@needs(Act.CASE_SEE)
def letters_in(request: HttpRequest) -> HttpResponse:
    """``/desk/incoming/``: letters that came in, whether they became cases or not."""
    actor = actor_of(request)
    filters, unknown = lists.read_letter_filters(request.GET)
    question = open_question(actor, request.GET.get(PARAMETER, ""))
    page, rows, count = lists.letter_list(
        actor, filters, refs=lists.letters_of(actor, question or ""),
        after=request.GET.get("after", ""), before=request.GET.get("before", ""),
    )  # fmt: skip
    context = {
        "nav": "letters_in", "rows": rows, "count": count, "filters": filters, "unknown": unknown,
        "question": question or "", "expired": question is None, "longest_question": LONGEST_QUESTION,
        "query": lists.letters_query(filters), "years": _years(actor), "kinds": lists.KINDS,
        "channels": CHANNELS, "states": lists.STATES, "sorts": lists.SORTS,
        "pager": pager_of(request, page.before, page.after),
        "may_register": actor.may(Act.CASE_REGISTER, body_of(request)),
        "may_export": actor.may(Act.CASE_EXPORT, body_of(request)),
        "may_find": actor.may(Act.CASE_IDENTITY, body_of(request)),
        "export_href": f"{reverse('desk:letters_in_export')}?{request.GET.urlencode()}",
    }  # fmt: skip
    return render(request, "desk/incoming/letters.html", context)


@require_POST
@needs(Act.CASE_SEE)
def find_letters(request: HttpRequest) -> HttpResponse:
    """``/desk/incoming/find/``: the filter form; leads to the list with the sealed question."""
    actor = actor_of(request)
    filters, unknown = lists.read_letter_filters(request.POST)
    for one in unknown:
        messages.warning(request, _("“{label}”没有这一项，已忽略").format(label=one.label))
    query = dict(QueryDict(lists.letters_query(filters)).items())
    question = seal_question(actor, request.POST.get("q", "")[:LONGEST_QUESTION])
    if question:
        query[PARAMETER] = question
    target = reverse("desk:letters_in")
    return HttpResponseRedirect(f"{target}?{urlencode(query)}" if query else target)


@require_GET
@needs(Act.CASE_EXPORT)
def letters_in_export(request: HttpRequest) -> HttpResponseBase:
    """``/desk/incoming.xlsx``: the list of letters under its filters, as a spreadsheet."""
    actor = actor_of(request)
    filters, _unknown = lists.read_letter_filters(request.GET)
    question = open_question(actor, request.GET.get(PARAMETER, "")) or ""
    return _export(
        request, "desk:letters_in", _("来件"), lists.said(filters), lists.letter_columns(),
        lambda: (
            lists.letter_values(row)
            for row in lists.exported_letters(actor, filters, refs=lists.letters_of(actor, question))
        ),
    )  # fmt: skip


@require_GET
@needs(Act.CASE_SEE)
def referrals(request: HttpRequest) -> HttpResponse:
    """``/desk/referrals/``: what was handed over, and what was handed to the body."""
    actor = actor_of(request)
    filters, unknown = lists.read_referral_filters(request.GET)
    page, rows, count = lists.referral_list(
        actor, filters, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    context = {
        "nav": "letters_in", "rows": rows, "count": count, "filters": filters, "unknown": unknown,
        "query": lists.letters_query(filters), "years": _years(actor), "directions": lists.DIRECTIONS,
        "counterparts": lists.COUNTERPARTS, "states": lists.REFERRAL_STATES, "sorts": lists.SORTS,
        "pager": pager_of(request, page.before, page.after),
        "may_export": actor.may(Act.CASE_EXPORT, body_of(request)),
        "export_href": f"{reverse('desk:referrals_export')}?{request.GET.urlencode()}",
    }  # fmt: skip
    return render(request, "desk/incoming/referrals.html", context)


@require_GET
@needs(Act.CASE_EXPORT)
def referrals_export(request: HttpRequest) -> HttpResponseBase:
    """``/desk/referrals.xlsx``: the list of hand-overs under its filters, as a spreadsheet."""
    actor = actor_of(request)
    filters, _unknown = lists.read_referral_filters(request.GET)
    return _export(
        request, "desk:referrals", _("转办"), lists.said(filters), lists.referral_columns(),
        lambda: (lists.referral_values(row) for row in lists.exported_referrals(actor, filters)),
    )  # fmt: skip


def _years(actor: Actor) -> list[int]:
    return list(range(actor.today.year, actor.today.year - _YEARS, -1))


def _export(
    request: HttpRequest,
    page: str,
    name: str,
    told: str,
    columns: Sequence[Column],
    rows: Callable[[], Iterable[Sequence[Value]]],
) -> HttpResponseBase:
    actor, body = actor_of(request), body_of(request)
    try:
        found = rows()
        file, number = _sheet(body, actor, name, told, columns, found)
    except lists.TooManyLetters:
        messages.error(request, _("行数太多，请先缩小范围（例如按年份）再导出"))
        return HttpResponseRedirect(f"{reverse(page)}?{request.GET.urlencode()}")
    audit.record(
        "letter.list_exported", actor=actor, body=body, object=page,
        detail={"rows": number, "searched": PARAMETER in request.GET},
    )  # fmt: skip
    filename = f"{name}-{actor.today.isoformat()}.xlsx"
    return FileResponse(file, as_attachment=True, filename=filename, content_type=XLSX)


def _sheet(
    body: Body,
    actor: Actor,
    name: str,
    told: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Value]],
) -> tuple[Any, int]:
    # Closed by the response; a large one goes to the disk.
    file = tempfile.SpooledTemporaryFile(max_size=4 * 2**20)  # noqa: SIM115
    heading = f"{body.name} {name} {actor.today.isoformat()}"
    notes = [heading, *([_("筛选：") + told] if told else [])]
    number = write_sheet(file, name=name, notes=notes, columns=columns, rows=rows)
    file.seek(0)
    return file, number


@require_http_methods(["GET", "POST"])
@needs(Act.CASE_ACT)
def refer(request: HttpRequest, ref: str) -> HttpResponse:
    """``/desk/incoming/<ref>/refer/``: hand matters of a letter over."""
    page, actor = page_or_404(request, ref)
    actor.require(Act.CASE_ACT, page.body)
    if not page.others:
        messages.info(request, _("没有可以转办的事项。"))
        return redirect("desk:letter_in", ref)
    form = ReferForm(request.POST or None, initial={"on": actor.today})
    sent = request.POST.getlist("keys") if request.method == "POST" else [one.key for one in page.others]
    chosen = [one.key for one in page.matters if one.key in sent]  # those of other letters are nothing here
    if request.method == "POST" and form.is_valid():
        try:
            made = refer_matters(body=page.body, keys=chosen, actor=actor, **form.cleaned_data)
        except (BadReferral, BadMatter) as bad:
            form.add_error(bad.field if bad.field in form.fields else None, bad.message)
        except SettledAlready:
            messages.error(request, _("这一项已经有人处理过，没有改动；请看现在的情况。"))
            return redirect("desk:letter_in", ref)
        else:
            messages.success(request, _("已登记转办。可以打印转办函；对方的编号、办理结果回来后在这里补记。"))
            return redirect("desk:referral", made.key)
    problems = problems_of(form, anchor="f-matters")
    context = {
        "nav": "letters_in", "letter": page, "form": form, "chosen": chosen, "problems": problems,
        "errors": bool(problems), "crumbs": trail(ref, _("转办")),
    }  # fmt: skip
    return render(request, "desk/incoming/refer.html", context, status=422 if problems else 200)


@require_http_methods(["GET", "POST"])
@needs(Act.CASE_SEE)
def referral(request: HttpRequest, key: str) -> HttpResponse:
    """``/desk/referrals/<key>/``: a hand-over; its number there and its answer are written down here."""
    actor = actor_of(request)
    try:
        view = referral_view(key=key, actor=actor)
    except NoSuchLetter as missing:
        raise Http404(key) from missing
    page, _actor = page_or_404(request, view.letter)
    may = actor.may(Act.CASE_ACT, page.body)
    form = FollowUpForm(request.POST or None)
    if request.method == "POST":
        actor.require(Act.CASE_ACT, page.body)
        if form.is_valid():
            try:
                follow_up(body=page.body, key=key, actor=actor, **form.cleaned_data)
            except BadReferral as bad:
                form.add_error(bad.field if bad.field in form.fields else None, bad.message)
            else:
                messages.success(request, _("已记下。"))
                return redirect("desk:referral", key)
    problems = problems_of(form, anchor="f-number")
    context = {
        "nav": "letters_in", "view": view, "letter": page, "form": form, "problems": problems,
        "errors": bool(problems), "may_act": may and not view.incoming and view.answered_on is None,
        "may_print": actor.may(Act.CASE_IDENTITY, page.body) and not view.incoming,
        "crumbs": trail(view.letter, view.direction),
    }  # fmt: skip
    return render(request, "desk/incoming/referral.html", context, status=422 if problems else 200)


@require_GET
@needs(Act.CASE_IDENTITY)
def referral_print(request: HttpRequest, key: str) -> HttpResponse:
    """``/desk/referrals/<key>/letter/``: the hand-over letter as a PDF; its reading is audited."""
    try:
        name, content = referral_letter(key=key, actor=actor_of(request))
    except (NoSuchLetter, ValueError) as missing:
        if isinstance(missing, CannotPrint):
            messages.error(request, _("来信人的个人信息已经删除，不能再打印转办函。"))
            return redirect("desk:referral", key)
        raise Http404(key) from missing
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = disposition(name, inline=True)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response
