"""One's own password: change it at will, or because it must be."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from gongkai.platform.core.models import Person
from gongkai.platform.core.passwords import RULE, must_change
from gongkai.platform.core.services.people import WrongPassword, change_own_password
from gongkai.platform.core.web import account_page, actor_of, person_of
from gongkai.platform.desk.forms.styled import StyledForm
from gongkai.platform.desk.kept import keep_form, kept_in, next_of
from gongkai.platform.desk.views.account.steps import go_on

ROUTE = "desk:password"


class PasswordForm(StyledForm):
    """The old password and twice the new one."""

    old_password = forms.CharField(
        label=_("现在的口令"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        strip=False,
        error_messages={"required": _("请填写现在的口令。")},
    )
    new_password = forms.CharField(
        label=_("新口令"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        help_text=RULE,
        error_messages={"required": _("请填写新口令。")},
    )
    again = forms.CharField(
        label=_("再填一次新口令"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        error_messages={"required": _("请再填一次新口令。")},
    )

    def __init__(self, person: Person, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.person = person

    def clean_new_password(self) -> str:
        """By the rules of ``core.passwords``."""
        new: str = self.cleaned_data["new_password"]
        validate_password(new, self.person)
        return new

    def clean(self) -> dict[str, Any]:
        """Both the same."""
        new, again = self.cleaned_data.get("new_password"), self.cleaned_data.get("again")
        if new and again and new != again:
            self.add_error("again", _("两次填写的新口令不一样。"))
        return self.cleaned_data


@account_page
@sensitive_post_parameters("old_password", "new_password", "again")
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest) -> HttpResponse:
    """Change one's own password; other sessions of the account end."""
    person = person_of(request)
    form = PasswordForm(person, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            change_own_password(
                person=person,
                old=form.cleaned_data["old_password"],
                new=form.cleaned_data["new_password"],
                actor=actor_of(request),
            )
        except WrongPassword:
            form.add_error("old_password", _("现在的口令不对。"))
        else:
            update_session_auth_hash(request, person)
            return go_on(request)
    status = 422 if form.is_bound else 200
    return _page(request, form, status=status)


def ask(request: HttpRequest) -> HttpResponse:
    """Lead to the change of the password and back; a form that was sent travels along."""
    if request.method == "POST":
        return _page(request, PasswordForm(person_of(request)), status=403, kept_now=True)
    return redirect(f"{reverse(ROUTE)}?{urlencode({'next': request.get_full_path()})}")


def _page(request: HttpRequest, form: PasswordForm, *, status: int, kept_now: bool = False) -> HttpResponse:
    person = person_of(request)
    context = {
        "form": form,
        "errors": form.errors,
        "kept": keep_form(request) if kept_now else kept_in(request),
        "next": next_of(request),
        "given": person.must_change_password,
        "due": must_change(person, datetime.now(UTC)),
    }
    return render(request, "desk/account/password.html", context, status=status)
