"""Split further requests off a case that turned out to hold several, and take a wrong split back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gongkai.platform.cases.receipt import BadIntake
from gongkai.platform.cases.services.acting import ActRefused, SomebodyWasFaster
from gongkai.platform.cases.services.merging import CannotMerge, merge_case, merge_targets, why_not
from gongkai.platform.cases.services.numbers import NoShortName
from gongkai.platform.cases.services.registration import split_case
from gongkai.platform.core.permissions import Act, NotPermitted
from gongkai.platform.desk.forms.incoming import MergeForm, SplitReasonForm
from gongkai.platform.desk.forms.intake import ItemForm
from gongkai.platform.desk.problems import problems_of
from gongkai.platform.desk.views.case import crumbs, found_or_404
from gongkai.platform.desk.whole import whole

MOST_ITEMS = 20


@require_http_methods(["GET", "POST"])
def split(request: HttpRequest, stream: str) -> HttpResponse:
    """``/desk/cases/<stream>/split/``: further requests; each copies the receipt and gets a number."""
    found, actor = found_or_404(request, stream)
    if not actor.may(Act.CASE_REGISTER, found.body):
        raise NotPermitted(Act.CASE_REGISTER, actor.seat, found.body)
    sent = request.POST if request.method == "POST" else None
    do = "" if sent is None else sent.get("do", "")
    items = [ItemForm(at, sent) for at in _places(sent, do)]
    reason = SplitReasonForm(sent)
    seen = whole("" if sent is None else sent.get("expected_seq", ""))
    if do == "more":
        items.append(ItemForm(max(item.at for item in items) + 1))
    quiet = do == "more" or do.startswith("less-")
    if quiet:
        for form in (*items, reason):
            form.errors.clear()
    elif sent is not None and all([reason.is_valid(), *(item.is_valid() for item in items)]):
        try:
            new = split_case(
                body=found.body, stream=stream, actor=actor, items=[item.item for item in items],
                expected_seq=0 if seen is None else seen, reason=reason.cleaned_data["reason"],
            )  # fmt: skip
        except (ActRefused, BadIntake, NoShortName, SomebodyWasFaster) as refused:
            _say(items[0], refused)
        else:
            numbers = "、".join(one.number for one in new)
            messages.success(request, _("已拆分立案：%(number)s") % {"number": numbers})
            return redirect("desk:case", new[0].stream)
    problems = [] if quiet else problems_of(reason, *items, anchor=items[0]["description"].id_for_label)
    to_case = (found.summary.number or _("案件"), reverse("desk:case", args=[stream]))
    context: dict[str, Any] = {
        "nav": "cases", "case": found.summary, "items": items, "reason": reason, "problems": problems,
        "errors": bool(problems), "most": len(items) >= MOST_ITEMS, "crumbs": crumbs(_("拆分"), to_case),
        "expected_seq": found.summary.last_seq,
    }  # fmt: skip
    return render(request, "desk/intake/split.html", context, status=422 if problems else 200)


def _places(sent: Any, do: str) -> list[int]:
    """The places of the items in the form; each once: sent twice, one would be split off twice."""
    if sent is None:
        return [0]
    wanted = dict.fromkeys(whole(at) for at in sent.getlist("items") if do != f"less-{at}")
    return [at for at in wanted if at is not None][:MOST_ITEMS] or [0]


def _say(form: ItemForm, refused: Exception) -> None:
    match refused:
        case ActRefused():
            field = "number" if refused.refusal.code == "number_in_use" else None
            form.add_error(field, f"{refused.refusal.message()}（{refused.refusal.article}）")
        case BadIntake():
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        case NoShortName():
            form.add_error(None, _("本机关还没有设置机关代字，不能给号：请系统管理员先在机关信息里设置。"))
        case _:
            form.add_error(None, _("您打开这一页以后，有人办理过本案；请先看看案件现在的情况，再拆分。"))


@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, stream: str) -> HttpResponse:
    """``/desk/cases/<stream>/merge/``: a case that was split off wrongly goes back into one of its letter."""
    found, actor = found_or_404(request, stream)
    if not actor.may(Act.CASE_REGISTER, found.body):
        raise NotPermitted(Act.CASE_REGISTER, actor.seat, found.body)
    targets = merge_targets(body=found.body, stream=stream, actor=actor)
    against = why_not(body=found.body, stream=stream)
    if not against and not targets:
        against = _("同一来件里没有还没有答复、阅读人也相同的其他案件。")
    choices = [(one.stream, f"{one.number} {one.title}") for one in targets]
    form = MergeForm(
        request.POST or None, targets=choices, initial={"into": choices[0][0] if choices else ""}
    )
    if request.method == "POST" and not against and form.is_valid():
        given = form.cleaned_data
        seen = {stream: whole(request.POST.get("expected_seq", "")), given["into"]: _seen_of(request, given)}
        try:
            done = merge_case(
                body=found.body, stream=stream, into=given["into"], reason=given["reason"], actor=actor,
                seen={name: -1 if seq is None else seq for name, seq in seen.items()},
            )  # fmt: skip
        except CannotMerge as cannot:
            form.add_error(cannot.field if cannot.field in form.fields else None, cannot.message)
        except ActRefused as refused:
            form.add_error(None, f"{refused.refusal.message()}（{refused.refusal.article}）")
        except SomebodyWasFaster:
            form.add_error(None, _("您打开这一页以后，有人办理过其中一件；请先看看现在的情况，再并回。"))
        else:
            messages.success(
                request, _("%(number)s 已并回，编号不再使用。") % {"number": done.number or _("案件")}
            )
            return redirect("desk:case", done.into)
    problems = problems_of(form, anchor="f-reason")
    to_case = (found.summary.number or _("案件"), reverse("desk:case", args=[stream]))
    context: dict[str, Any] = {
        "nav": "cases", "case": found.summary, "form": form, "against": against, "targets": targets,
        "problems": problems, "errors": bool(problems), "crumbs": crumbs(_("并回"), to_case),
    }  # fmt: skip
    return render(request, "desk/intake/merge.html", context, status=422 if problems else 200)


def _seen_of(request: HttpRequest, given: dict[str, Any]) -> int | None:
    """The last entry of the chosen case that the officer saw: ``<stream>:<seq>``."""
    pairs = (pair.rpartition(":") for pair in request.POST.getlist("seen"))
    return next((whole(seq) for name, _colon, seq in pairs if name == given["into"]), None)
