"""Saving a filter, renaming and deleting it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gongkai.platform.cases.selectors.filters import query_of, read_case_filters, read_work_filters
from gongkai.platform.core.permissions import Act
from gongkai.platform.core.web import actor_of, needs
from gongkai.platform.desk.models import FilteredList, SavedFilter
from gongkai.platform.desk.services.saved_filters import (
    BadFilter,
    delete_filter,
    own_filter,
    rename_filter,
    save_filter,
    saved_filters,
)


@require_POST
@needs(Act.CASE_SEE)
def save(request: HttpRequest) -> HttpResponse:
    """``/desk/filters/save/``: keep the filters of a list under a name."""
    page = request.POST.get("page", "")
    read = read_case_filters if page == FilteredList.CASES.value else read_work_filters
    query = query_of(read(request.POST)[0])
    try:
        kept = save_filter(actor=actor_of(request), page=page, name=request.POST.get("name", ""), query=query)
    except BadFilter as bad:
        messages.error(request, _("筛选没有保存：{why}").format(why=bad.message))
    else:
        messages.success(request, _("已保存筛选“{name}”").format(name=kept.name))
    target = reverse("desk:cases" if page == FilteredList.CASES.value else "desk:work_list")
    return HttpResponseRedirect(f"{target}?{query}")


@require_http_methods(["GET", "POST"])
@needs(Act.CASE_SEE)
def manage(request: HttpRequest) -> HttpResponse:
    """``/desk/filters/``: one's own filters; a form for each renames or deletes it."""
    actor, errors, typed, wrong = actor_of(request), "", "", ""
    if request.method == "POST":
        key, name = request.POST.get("key", ""), request.POST.get("name", "")
        try:
            own_filter(actor, key)
            if request.POST.get("do") == "delete":
                delete_filter(actor=actor, key=key)
                messages.success(request, _("已删除"))
            else:
                rename_filter(actor=actor, key=key, name=name)
                messages.success(request, _("已改名"))
            return redirect("desk:filters")
        except SavedFilter.DoesNotExist as missing:
            raise Http404 from missing
        except BadFilter as bad:
            errors, typed, wrong = str(bad.message), name, key
    context = {
        "nav": "work_list", "saved": saved_filters(actor), "errors": errors, "typed": typed, "wrong": wrong,
        "crumbs": [(_("待办"), reverse("desk:work_list")), (_("保存的筛选"), "")],
    }  # fmt: skip
    return render(request, "desk/lists/filters.html", context, status=422 if errors else 200)
