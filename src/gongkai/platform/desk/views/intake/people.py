"""Who acts for the applicant, who applies too, what was checked of them; the page is an audited reading."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gongkai.platform.cases.case_view import CaseFound
from gongkai.platform.cases.people.showing import People, people_of
from gongkai.platform.cases.services.people import (
    BadPerson,
    PersonDetails,
    add_person,
    end_person,
    new_check_key,
    new_person_key,
    record_check,
)
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.permissions import Act
from gongkai.platform.desk.forms.incoming import CheckForm, EndForm, PersonForm
from gongkai.platform.desk.problems import problems_of
from gongkai.platform.desk.views.case import crumbs, found_or_404

_DETAILS = ("name", "identity_type", "identity_number", "phone", "address", "relation")


@require_http_methods(["GET", "POST"])
def people(request: HttpRequest, stream: str) -> HttpResponse:
    """``/desk/cases/<stream>/people/``: people and checks of a case's letter."""
    found, actor = found_or_404(request, stream)
    actor.require(Act.CASE_IDENTITY, found.body)
    if request.method == "POST":
        actor.require(Act.CASE_ACT, found.body)
    shown = people_of(body=found.body, stream=stream, actor=actor)
    page = _Page(request, found, actor, shown)
    return page.show() if request.method == "GET" else page.posted(request.POST.get("step", ""))


class _Page:
    """One request to the page."""

    def __init__(self, request: HttpRequest, found: CaseFound, actor: Actor, shown: People) -> None:
        self.request, self.found, self.actor, self.shown = request, found, actor, shown
        step = request.POST.get("step", "")
        papers = [(one.ref, f"{one.label} {one.name}") for one in shown.papers]
        names = [(one.key, f"{one.role_label} {one.name}") for one in shown.people if one.current]
        self.person = PersonForm(
            request.POST if step == "person" else None, papers=papers, initial={"key": new_person_key()}
        )
        self.check = CheckForm(
            request.POST if step == "check" else None, papers=papers, people=names,
            initial={"key": new_check_key(), "checked_on": actor.today, "what": "identity"},
        )  # fmt: skip
        self.end = EndForm(
            request.POST if step == "end" else None, initial={"ended_on": actor.today}
        )  # fmt: skip

    def posted(self, step: str) -> HttpResponse:
        """What was sent: somebody added, somebody ended, a check."""
        form: Any = {"person": self.person, "check": self.check, "end": self.end}.get(step)
        if form is None:
            raise Http404(step)
        if not form.is_valid():
            return self.show(status=422)
        try:
            said = {"person": self._add, "check": self._check, "end": self._end}[step](form.cleaned_data)
        except BadPerson as bad:
            form.add_error(bad.field if bad.field in form.fields else None, bad.message)
            return self.show(status=422)
        messages.success(self.request, said)
        return redirect("desk:people_of_case", self.found.summary.stream)

    def _add(self, given: dict[str, Any]) -> str:
        add_person(
            **self._where, role=given["role"], scope=given["scope"], valid_from=given["valid_from"],
            valid_until=given["valid_until"], paper=given["paper"], represents=given["represents"],
            key=_known(given["key"]), details=PersonDetails(**{name: given[name] for name in _DETAILS}),
        )  # fmt: skip
        return _("已登记。同一来件的各件案件都适用。")

    def _check(self, given: dict[str, Any]) -> str:
        given["key"] = _known(given["key"])
        record_check(**self._where, **given)
        return _("核对的结果已记下。")

    def _end(self, given: dict[str, Any]) -> str:
        key = self.request.POST.get("whom", "")
        end_person(**self._where, key=key, ended_on=given["ended_on"])
        return _("已登记。以前办理的不受影响。")

    @property
    def _where(self) -> dict[str, Any]:
        return {"body": self.found.body, "stream": self.found.summary.stream, "actor": self.actor}

    def show(self, status: int = 200) -> HttpResponse:
        """The page, with what was typed."""
        stream = self.found.summary.stream
        problems = problems_of(self.person, self.check, self.end, anchor="p-role")
        to_case = (self.found.summary.number or _("案件"), reverse("desk:case", args=[stream]))
        may = self.actor.may(Act.CASE_ACT, self.found.body)
        context = {
            "nav": "cases", "case": self.found.summary, "people": self.shown, "person": self.person,
            "check": self.check, "end": self.end, "problems": problems, "errors": bool(problems),
            "may_act": may, "crumbs": crumbs(_("代理人、共同申请人、身份核对"), to_case),
            "open_person": self.person.is_bound, "open_check": self.check.is_bound,
            "whom": self.request.POST.get("whom", ""),
        }  # fmt: skip
        return render(self.request, "desk/incoming/people.html", context, status=status)


def _known(sent: str) -> str:
    """A key that a form sent back, if it has the shape of one of ours."""
    plain = sent.removeprefix("person-of-letter-").removeprefix("check-")
    return sent if plain != sent and len(plain) == 16 and plain.isalnum() else ""
