"""One task: what is asked for and by when; answered, returned, reminded of, taken note of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gongkai.platform.cases.models import CaseTask
from gongkai.platform.cases.services.acting import ActRefused
from gongkai.platform.cases.services.papers import BadPaper, NewPaper
from gongkai.platform.cases.services.tasks import (
    OPINION_PAPER,
    SEARCH_PAPER,
    Answer,
    NothingToNote,
    OlderFirst,
    OtherDraft,
    TaskOver,
    answer_task,
    note_disagreement,
    record_search,
    remind,
    return_task,
)
from gongkai.platform.cases.task_view import NoSuchTask, TaskView, find_task, task_view
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.files import FileRefused, too_large
from gongkai.platform.core.permissions import Act
from gongkai.platform.core.uploads import oversized
from gongkai.platform.core.web import actor_of
from gongkai.platform.desk.forms.tasks import AnswerForm, NoteForm, RemindForm, ReturnTaskForm, SearchForm
from gongkai.platform.desk.whole import whole

AUTO = "f-%s"


def papers_of_form(request: HttpRequest, kind: str) -> list[NewPaper]:
    """The files of a form as papers of a kind; raises ``BadPaper`` for one that is too large."""
    for _field, name in oversized(request):
        raise BadPaper(too_large(name).message)
    return [
        NewPaper(kind=kind, name=one.name or "", content=one.read(), media_type=one.content_type or "")
        for one in request.FILES.getlist("files")
    ]  # fmt: skip


@require_http_methods(["GET", "POST"])
def task(request: HttpRequest, key: str) -> HttpResponse:
    """``/desk/tasks/<key>/``: the task; its steps are sent to the same address."""
    actor = actor_of(request)
    try:
        row = find_task(key=key, actor=actor)
    except NoSuchTask as missing:
        raise Http404 from missing
    if request.method == "GET":
        return _page(request, row, actor)
    steps: dict[str, Callable[[HttpRequest, CaseTask, Actor], HttpResponse]] = {
        "answer": _answer, "return": _return, "remind": _remind, "note": _note, "search": _search,
    }  # fmt: skip
    step = steps.get(request.POST.get("step", ""))
    if step is None:
        raise Http404
    return step(request, row, actor)


def _answer(request: HttpRequest, row: CaseTask, actor: Actor) -> HttpResponse:
    view = task_view(key=row.key, actor=actor)
    form = AnswerForm(request.POST, auto_id=AUTO, review=view.review, for_unit=view.for_unit)
    if not form.is_valid():
        return _page(request, row, actor, answering=form)
    said = form.cleaned_data
    answer = Answer(
        result=said["result"], stance=said.get("stance", ""), signer=said.get("signer", ""),
        draft=whole(request.POST.get("draft", "")),
    )  # fmt: skip

    def act() -> None:
        papers = papers_of_form(request, OPINION_PAPER)
        answer_task(task=row, actor=actor, answer=replace(answer, papers=papers))

    return _done(request, row, actor, act, form, "answering", _("已签署办结，记入了案件的经过。"))


def _return(request: HttpRequest, row: CaseTask, actor: Actor) -> HttpResponse:
    form = ReturnTaskForm(request.POST, auto_id=AUTO)
    if not form.is_valid():
        return _page(request, row, actor, returning=form)

    def act() -> None:
        return_task(task=row, reason=form.cleaned_data["reason"], actor=actor)

    return _done(request, row, actor, act, form, "returning", _("已退回，原因已告诉交办的机关。"))


def _remind(request: HttpRequest, row: CaseTask, actor: Actor) -> HttpResponse:
    form = RemindForm(request.POST, auto_id=AUTO)
    if not form.is_valid():
        return _page(request, row, actor, reminding=form)

    def act() -> None:
        remind(task=row, words=form.cleaned_data["words"], actor=actor)

    return _done(request, row, actor, act, form, "reminding", _("已催办，次数记在这一项里。"))


def _note(request: HttpRequest, row: CaseTask, actor: Actor) -> HttpResponse:
    actor.require(Act.CASE_APPROVE, row.body)
    form = NoteForm(request.POST, auto_id=AUTO)
    if not form.is_valid():
        return _page(request, row, actor, noting=form)

    def act() -> None:
        note_disagreement(task=row, words=form.cleaned_data["words"], actor=actor)

    return _done(request, row, actor, act, form, "noting", _("已写明，这项意见不再妨碍审批。"))


def _search(request: HttpRequest, row: CaseTask, actor: Actor) -> HttpResponse:
    form = SearchForm(actor.today, request.POST, auto_id=AUTO)
    if not form.is_valid():
        return _page(request, row, actor, searching=form)

    def act() -> None:
        papers = papers_of_form(request, SEARCH_PAPER)
        search = replace(form.search, paper=papers[0] if papers else None)
        record_search(body=row.body, stream=row.stream, search=search, task=row, actor=actor)

    return _done(request, row, actor, act, form, "searching", _("检索记录已登记。"))


def _done(
    request: HttpRequest,
    row: CaseTask,
    actor: Actor,
    act: Callable[[], None],
    form: Any,
    name: str,
    told: str,
) -> HttpResponse:
    """Do it; what keeps it from being done is said above the form, and what was typed stays in it."""
    try:
        act()
    except (FileRefused, BadPaper) as refused:
        form.add_error(None, str(refused.message))
        return _page(request, row, actor, **{name: form})
    except OlderFirst:
        form.add_error(None, _("同一单位在这件申请里还有更早的一项同类交办，请先办那一项。"))
        return _page(request, row, actor, status=409, **{name: form})
    except OtherDraft:
        form.add_error(
            None, _("您打开这一页以后，答复稿改过；没有签署。请看现在的稿，再按意见签署；您写的还在下面。")
        )
        return _page(request, row, actor, status=409, **{name: form})
    except (TaskOver, NothingToNote):
        form.add_error(None, _("别人刚办过这一项，没有按您的意思办。请看现在的情况；您写的还在下面。"))
        return _page(request, row, actor, status=409, **{name: form})
    except ActRefused as refused:
        form.add_error(None, f"{refused.refusal.message()}（{refused.refusal.article}）")
        return _page(request, row, actor, **{name: form})
    messages.success(request, told)
    return redirect("desk:task", row.key)


def _page(
    request: HttpRequest, row: CaseTask, actor: Actor, *, status: int = 422, **bound: Any
) -> HttpResponse:
    view = task_view(key=row.key, actor=actor)
    today = {"on": actor.today}
    forms = {
        "answering": AnswerForm(auto_id=AUTO, review=view.review, for_unit=view.for_unit),
        "returning": ReturnTaskForm(auto_id="r-%s"), "reminding": RemindForm(auto_id="m-%s"),
        "noting": NoteForm(auto_id="n-%s"),
        "searching": SearchForm(actor.today, auto_id="s-%s", initial=today),
    }  # fmt: skip
    context = {
        "nav": "tasks", "task": view, "crumbs": _crumbs(view), "bound": next(iter(bound.values()), None),
        "bound_name": next(iter(bound), ""), "errors": bool(bound),
        "typed": _typed(bound) if status == 409 else (), **{**forms, **bound},
    }  # fmt: skip
    return render(request, "desk/tasks/task.html", context, status=status if bound else 200)


def _typed(bound: dict[str, Any]) -> list[tuple[str, str]]:
    """What was written in a form that has no place on the page any more."""
    return [
        (str(field.label), str(form.data[name]))
        for form in bound.values()
        for name, field in form.fields.items()
        if form.data.get(name)
    ]


def _crumbs(view: TaskView) -> list[tuple[str, str]]:
    trail = [(_("交办"), reverse("desk:tasks"))]
    if view.sees_case:
        trail.append((view.number or _("案件"), reverse("desk:case", args=[view.stream])))
    return [*trail, (f"{view.unit}：{view.kind_label}", "")]
