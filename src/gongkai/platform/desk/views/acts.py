"""An act in two steps: the form, then a page that says what the act would do and asks to confirm it.

Works without JavaScript. What was typed travels as hidden fields; ``expected_seq`` is the case's last entry
that the officer saw. Where somebody else acted meanwhile, nothing is lost: the page shows what they did.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gongkai.platform.cases.acts.asking import (
    CORRECTED,
    AlreadyVoid,
    Asked,
    NoSuchAct,
    RefusalView,
    answers_said,
    ask,
    calculation_said,
    entries_of,
    refusal_view,
)
from gongkai.platform.cases.acts.dry_run import effect_of
from gongkai.platform.cases.acts.lettering import CannotWrite, letter_of, perform_step
from gongkai.platform.cases.case_view import CaseFound
from gongkai.platform.cases.people.warnings import points_of, warnings_of_act
from gongkai.platform.cases.proposals import proposed
from gongkai.platform.cases.services.acting import (
    ActRefused,
    DatedInFuture,
    SomebodyWasFaster,
    Step,
    permission_for,
    permission_to_correct,
)
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.permissions import Act
from gongkai.platform.desk.forms.acts import ActForm, act_form
from gongkai.platform.desk.views.archive import ARCHIVED, make_with_the_act
from gongkai.platform.desk.views.case import crumbs, found_or_404
from gongkai.platform.desk.views.errors import somebody_was_faster
from gongkai.platform.desk.whole import whole

CHECK, EDIT, CALCULATE = "check", "edit", "calculate"
COUNTED = ("occurred_on", "schedule", "cases_before", "cases_now", "pages")
"""What a fee is calculated from."""
PERFORM, WITH_LETTER = "perform", "perform_with_letter"
REVOKED, ANEW = "reply.revoked", "rehandling.started"
_LAPSES = ("correction.lapsed", "fee.lapsed")
"""After these it looks as if the case were over; it ends with a notice."""


@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, stream: str, kind: str) -> HttpResponse:
    """``/desk/cases/<stream>/acts/<kind>/``: one act on one case."""
    found, actor = found_or_404(request, stream)
    wanted = request.POST.get("entry") or request.GET.get("entry") or ""
    entry = whole(wanted) if kind == CORRECTED else None
    try:
        asked = ask(body=found.body, stream=stream, kind=kind, actor=actor, entry=entry)
    except AlreadyVoid as void:
        if request.method == "POST":
            return somebody_was_faster(request)
        raise Http404 from void
    except NoSuchAct as missing:
        raise Http404 from missing
    page = _Page(request, found, actor, asked)
    if kind == CORRECTED and entry is None:
        return page.choose_entry()
    if request.method == "GET":
        form = act_form(asked)
        form.initial = proposed(body=found.body, stream=stream, kind=kind, actor=actor)
        if kind == "correction.requested" and actor.may(Act.CASE_IDENTITY, found.body):
            form.initial = {**form.initial, "points": points_of(stream)}
        return page.form(form)
    return page.posted(request.POST.get("step", CHECK))


class _Page:
    """The pages of one act."""

    def __init__(self, request: HttpRequest, found: CaseFound, actor: Actor, asked: Asked) -> None:
        self.request, self.found, self.actor, self.asked = request, found, actor, asked

    def posted(self, step: str) -> HttpResponse:
        """What was sent: edit again, or check it, or do it."""
        form = act_form(self.asked, self.request.POST)
        if step == EDIT:
            return self.form(act_form(self.asked, self.request.POST), quiet=True)
        if step == CALCULATE:
            return self._calculated(form)
        if not form.is_valid() or form.step is None:
            return self.form(form)
        if form.step.occurred_on > self.actor.today:
            return self._in_future(form)
        if self._expected() != self.asked.expected_seq:
            return self.conflict(form)
        if step in (PERFORM, WITH_LETTER):
            return self._perform(form, form.step, with_letter=step == WITH_LETTER)
        return self._confirm(form, form.step)

    def _calculated(self, form: ActForm) -> HttpResponse:
        """How much it comes to: the reason and the like need not be written yet."""
        form.is_valid()
        for name in set(form.errors) - set(COUNTED):
            del form.errors[name]
        calculation = "" if form.errors else calculation_said(self.asked, form.values)
        if calculation:
            return self.form(form, quiet=True, calculation=calculation)
        if not form.errors:
            by_page = form.values.get("schedule") == "fee_per_page"
            form.add_error("pages" if by_page else "cases_before", _("没有数量，算不出金额"))
        return self.form(form)

    def _on(self) -> date:
        """The day for which the act is entered, as far as it is typed already."""
        try:
            return date.fromisoformat(self.request.POST.get("occurred_on", ""))
        except ValueError:
            return self.actor.today

    def _expected(self) -> int:
        seen = whole(self.request.POST.get("expected_seq", ""))
        return -1 if seen is None else seen

    def _in_future(self, form: ActForm) -> HttpResponse:
        today = self.actor.today.isoformat()
        form.add_error("occurred_on", _("不能晚于今天（%(today)s）") % {"today": today})
        return self.form(form)

    def _perform(self, form: ActForm, step: Step, *, with_letter: bool) -> HttpResponse:
        try:
            _done, letter = perform_step(
                self.asked, step, expected_seq=self._expected(), actor=self.actor, with_letter=with_letter
            )
        except CannotWrite as cannot:
            form.add_error(None, cannot.message)
            return self.form(form)
        except ActRefused as refused:
            return self.form(form, refusal_view(refused.refusal, self.asked.loaded, self.actor))
        except SomebodyWasFaster:
            return self._overtaken(form, step)
        except DatedInFuture:
            return self._in_future(form)
        on = step.occurred_on.isoformat()
        said = _("“%(act)s”已记录，发生日期 %(on)s。") % {"act": self.asked.label, "on": on}
        if letter:
            said += _("文书已出具：%(letter)s。") % {"letter": letter}
        if step.kind in _LAPSES:
            said += _("申请人视为放弃申请；案件还没有办结，下一步：起草不再处理告知书，审批后发出。")
        messages.success(self.request, said)
        if step.kind == ARCHIVED:
            make_with_the_act(self.request, self.found, self.actor)
        if step.kind == REVOKED:
            return self._on_to_handling_anew()
        return redirect("desk:case", self.found.summary.stream)

    def _on_to_handling_anew(self) -> HttpResponse:
        """A revoked reply leads on: until the time ordered is entered, the case stands by the usual one."""
        stream = self.found.summary.stream
        if self.actor.may(permission_for(ANEW), self.found.body):
            messages.info(self.request, _("下一步：登记“重新办理”，写明判决、决定责令的期限。"))
            return redirect("desk:act", stream, ANEW)
        told = _("下一步：请承办人登记“重新办理”，写明责令的期限；登记以前，待办里按一般期限催办。")
        messages.info(self.request, told)
        return redirect("desk:case", stream)

    def _overtaken(self, form: ActForm, step: Step) -> HttpResponse:
        try:
            fresh = ask(
                body=self.found.body, stream=self.found.summary.stream, kind=step.kind, actor=self.actor,
                entry=None if self.asked.event is None else self.asked.event.seq,
            )  # fmt: skip
        except AlreadyVoid:
            return somebody_was_faster(self.request)
        return _Page(self.request, self.found, self.actor, fresh).conflict(form)

    def _confirm(self, form: ActForm, step: Step) -> HttpResponse:
        effect = effect_of(self.asked.loaded, step, self.actor)
        if effect.refusal is not None:
            return self.form(form, refusal_view(effect.refusal, self.asked.loaded, self.actor))
        return self._render(
            "confirm",
            {
                "form": form,
                "effect": effect,
                "said": answers_said(self.asked, form.values),
                "calculation": calculation_said(self.asked, form.values),
                "letter": letter_of(self.asked, step, self.actor),
            },
        )

    def form(
        self,
        form: ActForm,
        refusal: RefusalView | None = None,
        *,
        quiet: bool = False,
        calculation: str = "",
    ) -> HttpResponse:
        """The form: empty, with errors, or with the reason why the law does not allow what it says."""
        failed = refusal is not None or (form.is_bound and not quiet and not form.is_valid())
        if form.is_bound and not calculation and form.is_valid():
            calculation = calculation_said(self.asked, form.values)
        if form.is_bound and quiet:
            form = _unjudged(form)
        context = {"form": form, "refusal": refusal, "errors": failed, "calculation": calculation}
        return self._render("act", context, status=422 if failed else 200)

    def conflict(self, form: ActForm) -> HttpResponse:
        """Somebody else acted on the case: what they did, and everything typed, with one press to go on."""
        news = entries_of(self.asked.loaded, after=self._expected())
        context = {"form": form, "news": news, "said": answers_said(self.asked, form.values)}
        return self._render("conflict", context, status=409)

    def choose_entry(self) -> HttpResponse:
        """Which entry is to be corrected."""
        entries = [
            entry
            for entry in entries_of(self.asked.loaded)
            if entry.correctable and self.actor.may(permission_to_correct(entry.kind), self.found.body)
        ]
        return self._render("choose_entry", {"entries": entries})

    def _render(self, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        summary = self.found.summary
        number = summary.number or _("案件")
        address = self.request.path.split("acts/")[0]
        shared = {
            "asked": self.asked,
            "case": summary,
            "nav": "cases",
            "crumbs": crumbs(self.asked.label, (number, address)),
            "authority": warnings_of_act(stream=summary.stream, kind=self.asked.kind, on=self._on()),
        }
        return render(self.request, f"desk/case/{name}.html", {**shared, **context}, status=status)


def _unjudged(form: ActForm) -> ActForm:
    """The same answers in a form that has not been checked: for changing them."""
    fresh = act_form(form.asked)
    fresh.initial = {name: form.data.get(name, "") for name in form.fields}
    return fresh
