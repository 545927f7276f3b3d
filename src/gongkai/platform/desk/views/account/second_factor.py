"""The second factor: set it up, give it, renew the recovery codes."""

from __future__ import annotations

import io
import time

import django_otp
import segno
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from gongkai.platform.core.services import second_factor as service
from gongkai.platform.core.web import account_page, actor_of, is_verified, person_of
from gongkai.platform.desk.forms.styled import StyledForm
from gongkai.platform.desk.kept import Kept, keep_form, kept_in, next_of
from gongkai.platform.desk.views.account.steps import go_on

ROUTES = frozenset({"desk:second_factor", "desk:second_factor_setup"})
"""Views that complete a log-in."""
ISSUER = "gongkai"
_KEY = "second_factor_key"
"""Session key of a new key that the app has not confirmed yet."""


class TokenForm(StyledForm):
    """Six digits of the app, or a recovery code."""

    token = forms.CharField(
        label=_("验证码"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
        error_messages={"required": _("请填写验证码。")},
        help_text=_("验证器应用现在显示的 6 位数字；手机不在身边时填一个备用码，如 abcde-fghjk。"),
    )  # fmt: skip


class DigitsForm(StyledForm):
    """The first digits after the code was scanned."""

    token = forms.CharField(
        label=_("应用现在显示的 6 位数字"),
        max_length=7,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": _("请填写 6 位数字。")},
    )


@account_page
@sensitive_post_parameters("token")
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Ask for the second factor, and go on once it is given."""
    person = person_of(request)
    if not service.has_second_factor(person):
        return _to(request, "desk:second_factor_setup")
    form = TokenForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        device = service.check_second_factor(
            person=person, token=form.cleaned_data["token"], actor=actor_of(request)
        )
        if device is not None:
            request.session.cycle_key()
            django_otp.login(request, device)
            return go_on(request)
        form.add_error("token", _("验证码不对，或者试得太快。请等应用显示下一组数字再填。"))
    return _verify_page(request, form, kept_in(request), 422 if form.is_bound else 200)


@account_page
@sensitive_post_parameters("token")
@require_http_methods(["GET", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Show a new key as a QR code, keep it once the app shows the right digits, show the recovery codes."""
    person = person_of(request)
    if service.has_second_factor(person):
        return _to(request, "desk:account" if is_verified(request) else "desk:second_factor")
    key = request.session.setdefault(_KEY, service.new_key())
    form = DigitsForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            codes = service.set_second_factor(
                person=person, key=key, digits="".join(form.cleaned_data["token"].split()),
                now=time.time(), actor=actor_of(request),
            )  # fmt: skip
        except service.WrongDigits:
            form.add_error("token", _("数字不对。请核对手机的时间是否自动校准，再填现在显示的数字。"))
        else:
            del request.session[_KEY]
            request.session.cycle_key()
            django_otp.login(request, service.authenticator_of(person))
            return _codes_page(request, codes)
    offered = service.offer(person=person, key=key, issuer=ISSUER)
    context = {
        "form": form, "errors": form.errors,
        "key": [key[i : i + 4] for i in range(0, len(key), 4)], "qr": _qr(offered.uri),
        "kept": kept_in(request), "next": next_of(request),
    }  # fmt: skip
    return render(
        request, "desk/account/second_factor_setup.html", context, status=422 if form.is_bound else 200
    )


@account_page
@require_POST
def renew_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes in the place of the old ones."""
    person = person_of(request)
    if not is_verified(request):
        return _to(request, "desk:second_factor")
    return _codes_page(request, service.renew_codes(person=person, actor=actor_of(request)))


def ask(request: HttpRequest) -> HttpResponse:
    """Lead to the second factor and back; a form that was sent travels along."""
    if request.method == "POST" and service.has_second_factor(person_of(request)):
        return _verify_page(request, TokenForm(), keep_form(request), 401)
    return redirect(f"{reverse('desk:second_factor')}?{urlencode({'next': request.get_full_path()})}")


def _to(request: HttpRequest, route: str) -> HttpResponse:
    return redirect(f"{reverse(route)}?{urlencode({'next': next_of(request)})}")


def _verify_page(request: HttpRequest, form: TokenForm, kept: Kept | None, status: int) -> HttpResponse:
    context = {"form": form, "errors": form.errors, "kept": kept, "next": next_of(request)}
    return render(request, "desk/account/second_factor.html", context, status=status)


def _codes_page(request: HttpRequest, codes: list[str]) -> HttpResponse:
    context = {"codes": codes, "kept": kept_in(request), "next": next_of(request)}
    return render(request, "desk/account/recovery_codes.html", context)


def _qr(uri: str) -> SafeString:
    """The code as SVG within the page; drawn here, nothing is loaded."""
    out = io.BytesIO()
    segno.make(uri, error="m").save(
        out, kind="svg", scale=5, border=4, xmldecl=False, svgns=False, light="white"
    )
    return mark_safe(out.getvalue().decode())  # noqa: S308 - segno's own drawing, no text of anybody in it
