"""Giving a task to one unit or several from a case, and the record of a search that the office made."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gongkai.platform.cases.case_view import CaseFound
from gongkai.platform.cases.selectors.task_list import KINDS, units_of
from gongkai.platform.cases.services.acting import ActRefused, SomebodyWasFaster
from gongkai.platform.cases.services.papers import BadPaper
from gongkai.platform.cases.services.tasks import SEARCH_PAPER, GivenAlready, give_tasks, record_search
from gongkai.platform.cases.task_rules import inner_due, inner_period
from gongkai.platform.cases.task_view import missing_of, tasks_of_case
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.bases import basis_for
from gongkai.platform.core.files import FileRefused
from gongkai.platform.core.permissions import Act
from gongkai.platform.desk.forms.tasks import GiveForm, SearchForm
from gongkai.platform.desk.views.case import crumbs, found_or_404
from gongkai.platform.desk.views.tasks.task import AUTO, papers_of_form
from gongkai.platform.desk.whole import whole


@require_http_methods(["GET", "POST"])
def give(request: HttpRequest, stream: str) -> HttpResponse:
    """``/desk/cases/<stream>/tasks/``: give a task to units; ``?kind=`` says which at first."""
    found, actor = found_or_404(request, stream)
    actor.require(Act.CASE_ACT, found.body)
    units = units_of(found.body)
    if request.method == "GET":
        kind = request.GET.get("kind", "")
        calendar = basis_for(found.body, known_on=actor.present.known_on).calendar
        due = inner_due(found.body, actor.today, calendar)
        first = {
            "kind": kind if kind in KINDS else "handle", "due_on": due,
        }  # fmt: skip
        return _give_page(request, found, actor, GiveForm(units, actor.today, initial=first, auto_id=AUTO))
    form = GiveForm(units, actor.today, request.POST, auto_id=AUTO)
    if not form.is_valid():
        return _give_page(request, found, actor, form, 422)
    seen = whole(request.POST.get("expected_seq", ""))
    said = form.cleaned_data
    try:
        done = give_tasks(
            body=found.body, stream=stream, units=form.chosen, kind=said["kind"], wanted=said["wanted"],
            due_on=said["due_on"], expected_seq=-1 if seen is None else seen, actor=actor,
        )  # fmt: skip
    except GivenAlready as given:
        names = "、".join(given.names)
        form.add_error("units", _("%s已经有这样一项没有办结，不必再交办；可以催办。") % names)
        return _give_page(request, found, actor, form, 422)
    except ActRefused as refused:
        form.add_error(None, f"{refused.refusal.message()}（{refused.refusal.article}）")
        return _give_page(request, found, actor, form, 422)
    except SomebodyWasFaster:
        form.add_error(None, _("您打开这一页以后，有人办理过本案；请先看看案件现在的情况，再提交。"))
        return _give_page(request, found, actor, form, 409)
    messages.success(request, _("已交办 %d 项。") % len(done.new))
    return redirect("desk:case", stream)


def _give_page(
    request: HttpRequest, found: CaseFound, actor: Actor, form: GiveForm, status: int = 200
) -> HttpResponse:
    stream = found.summary.stream
    to_case = (found.summary.number or _("案件"), reverse("desk:case", args=[stream]))
    context = {
        "nav": "cases", "case": found.summary, "crumbs": crumbs(_("交办"), to_case), "form": form,
        "errors": status != 200, "expected_seq": found.summary.last_seq,
        "period": inner_period(found.body, actor.today), "may_set": actor.may(Act.TASK_SET, found.body),
        "tasks": tasks_of_case(body=found.body, stream=stream, actor=actor),
        "missing": missing_of(body=found.body, stream=stream, actor=actor), "no_units": not form.known,
    }  # fmt: skip
    return render(request, "desk/tasks/give.html", context, status=status)


@require_http_methods(["GET", "POST"])
def search(request: HttpRequest, stream: str) -> HttpResponse:
    """``/desk/cases/<stream>/search/``: enter the record of a search."""
    found, actor = found_or_404(request, stream)
    actor.require(Act.CASE_ACT, found.body)
    first = {"on": actor.today, "by_whom": "" if actor.seat is None else actor.seat.person.name}
    form = SearchForm(actor.today, initial=first, auto_id=AUTO)
    if request.method == "POST":
        form = SearchForm(actor.today, request.POST, auto_id=AUTO)
        if form.is_valid():
            try:
                papers = papers_of_form(request, SEARCH_PAPER)
                record_search(
                    body=found.body, stream=stream, actor=actor,
                    search=replace(form.search, paper=papers[0] if papers else None),
                )  # fmt: skip
            except (FileRefused, BadPaper) as refused:
                form.add_error(None, str(refused.message))
            else:
                messages.success(request, _("检索记录已登记。"))
                return redirect("desk:case", stream)
    to_case = (found.summary.number or _("案件"), reverse("desk:case", args=[stream]))
    context = {
        "nav": "cases", "case": found.summary, "crumbs": crumbs(_("检索记录"), to_case), "form": form,
        "errors": bool(form.errors),
    }  # fmt: skip
    return render(request, "desk/tasks/search.html", context, status=422 if form.errors else 200)
