"""Put right what was written down wrongly of an applicant or a request; counting reads none of it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gongkai.platform.cases.acts.asking import CORRECTED
from gongkai.platform.cases.case_view import CaseFound, intake_entry_of
from gongkai.platform.cases.services.mending import (
    CannotMend,
    Mendable,
    Mended,
    MendedMeanwhile,
    mend_case,
    mendable,
    mendings_of,
)
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.permissions import Act
from gongkai.platform.desk.forms.intake import MendApplicantForm, MendItemForm
from gongkai.platform.desk.problems import problems_of
from gongkai.platform.desk.views.case import crumbs, found_or_404


@require_http_methods(["GET", "POST"])
def mend(request: HttpRequest, stream: str) -> HttpResponse:
    """``/desk/cases/<stream>/mend/``: the details as they stand, to be put right; audited as a reading."""
    found, actor = found_or_404(request, stream)
    actor.require(Act.CASE_REGISTER, found.body)
    try:
        now = mendable(body=found.body, stream=stream, actor=actor)
    except CannotMend as cannot:
        messages.error(request, cannot.message)
        return redirect("desk:case", stream)
    if request.method == "GET":
        return _page(request, found, actor, now, *_forms(now))
    forms = MendApplicantForm(request.POST), MendItemForm(request.POST)
    status = 422
    valid = [form.is_valid() for form in forms]
    if all(valid):
        try:
            return _done(request, found, _mend(found, actor, *forms))
        except CannotMend as cannot:
            form = next((form for form in forms if cannot.field in form.fields), forms[0])
            form.add_error(cannot.field or None, cannot.message)
        except MendedMeanwhile:
            status = 409
            forms[0].add_error(
                None,
                _("您打开这一页以后，有人改过这些内容。您填的还在下面；请另开窗口看现在的内容，再提交。"),
            )
            forms[0].data = forms[0].data.copy()  # type: ignore[assignment]
            forms[0].data["seen"] = now.seen  # type: ignore[index]
    return _page(request, found, actor, now, *forms, status=status)


def _forms(now: Mendable) -> tuple[MendApplicantForm, MendItemForm]:
    applicant = MendApplicantForm(
        initial={**asdict(now.applicant), "seen": now.seen, "unnamed": not now.applicant.name}
    )
    return applicant, MendItemForm(initial=asdict(now.item))


def _mend(found: CaseFound, actor: Actor, applicant: MendApplicantForm, item: MendItemForm) -> Mended:
    return mend_case(
        body=found.body, stream=found.summary.stream, actor=actor, applicant=applicant.applicant,
        item=item.item, reason=applicant.cleaned_data["reason"], seen=applicant.cleaned_data["seen"],
    )  # fmt: skip


def _done(request: HttpRequest, found: CaseFound, done: Mended) -> HttpResponse:
    said = _("已更正：%s。") % "、".join(_labels(done.changed))
    if done.cases > 1:
        said += _("申请人的信息是同一来件的 %d 件案件共用的，都已更正。") % done.cases
    if done.moved:
        said += _("按更正后的信息，这件来件已归到另一申请人名下。")
    messages.success(request, said)
    return redirect("desk:case", found.summary.stream)


def _labels(names: tuple[str, ...]) -> list[str]:
    known = {**MendApplicantForm.base_fields, **MendItemForm.base_fields}
    return [str(known[name].label) for name in names if name in known]


def _page(
    request: HttpRequest,
    found: CaseFound,
    actor: Actor,
    now: Mendable,
    form: MendApplicantForm,
    item: MendItemForm,
    *,
    status: int = 200,
) -> HttpResponse:
    stream = found.summary.stream
    problems = problems_of(form, item, anchor="f-reason")
    entry = intake_entry_of(body=found.body, stream=stream)
    to_case = (found.summary.number or _("案件"), reverse("desk:case", args=[stream]))
    context: dict[str, Any] = {
        "nav": "cases", "case": found.summary, "form": form, "item": item, "now": now, "problems": problems,
        "errors": bool(problems), "crumbs": crumbs(_("更正申请人信息、申请内容"), to_case),
        "correct_href": f"{reverse('desk:act', args=[stream, CORRECTED])}?entry={entry}" if entry else "",
        "may_correct": actor.may(Act.CASE_CORRECT, found.body),
        "before": [(one.at, _labels(one.changed), one.reason) for one in mendings_of(stream)],
    }  # fmt: skip
    return render(request, "desk/intake/mend.html", context, status=status)
