"""Log-in and log-out."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from gongkai.platform.core.web import public
from gongkai.platform.desk.forms.styled import style
from gongkai.platform.desk.kept import keep_form, kept_in, next_of
from gongkai.platform.desk.views.account.steps import go_on


class LogInForm(AuthenticationForm):
    """User name and password; one message for whatever is wrong, so that names cannot be tried out."""

    error_messages = {  # noqa: RUF012 - as Django declares it
        "invalid_login": _("用户名或口令不对，或者账号已停用。请核对大小写后再试。"),
        "inactive": _("用户名或口令不对，或者账号已停用。请核对大小写后再试。"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        style(self)
        self.fields["username"].label, self.fields["password"].label = _("用户名"), _("口令")
        self.fields["username"].error_messages["required"] = _("请填写用户名。")
        self.fields["password"].error_messages["required"] = _("请填写口令。")


@public
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    """Show the form, or log in and go on to where somebody wanted to go."""
    if request.method != "POST" and request.user.is_authenticated:
        return redirect(next_of(request) or "desk:home")
    form = LogInForm(request, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        login(request, form.get_user())
        return go_on(request)
    status = 422 if form.is_bound else 200
    return _page(request, form, status=status, ended="ended" in request.GET)


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect(f"{reverse('desk:login')}?{urlencode({'out': 1})}")


def ask_to_log_in(request: HttpRequest) -> HttpResponse:
    """Lead to the log-in and back; a form that was sent is answered with the log-in page itself, 401."""
    had_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    if request.path == reverse("desk:logout"):
        return redirect("desk:login")
    if request.method == "POST":
        kept = keep_form(request)
        return render(
            request,
            "desk/account/login.html",
            {"form": LogInForm(request), "kept": kept, "idle_minutes": settings.ENVIRONMENT.idle_minutes},
            status=401,
        )
    query = {"next": request.get_full_path()}
    if had_session:
        query["ended"] = "1"
    return redirect(f"{reverse('desk:login')}?{urlencode(query)}")


def locked_out(request: HttpRequest, _response: object, _credentials: object) -> HttpResponse:
    """The page after too many failures (``AXES_LOCKOUT_CALLABLE``)."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    context = {"minutes": minutes, "failures": settings.AXES_FAILURE_LIMIT, "kept": kept_in(request)}
    return render(request, "desk/account/locked.html", context, status=429)


def _page(request: HttpRequest, form: LogInForm, *, status: int, ended: bool) -> HttpResponse:
    context = {
        "form": form,
        "errors": form.errors,
        "kept": kept_in(request),
        "next": next_of(request),
        "ended": ended,
        "out": "out" in request.GET,
        "idle_minutes": settings.ENVIRONMENT.idle_minutes,
    }
    return render(request, "desk/account/login.html", context, status=status)
