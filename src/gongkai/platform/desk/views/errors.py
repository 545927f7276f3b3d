"""Pages for what went wrong. None of them says anything of the thing that was asked for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import requires_csrf_token

from gongkai.platform.core import audit
from gongkai.platform.core.permissions import NotPermitted, Relation, relation, seeing
from gongkai.platform.core.secrecy import SecretText
from gongkai.platform.core.web import actor_of
from gongkai.platform.desk.kept import is_shared, keep_form


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: a request that cannot be understood."""
    return render(request, "desk/errors/bad_request.html", status=400)


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: one may know of the thing but not do this."""
    return render(request, "desk/errors/forbidden.html", status=403)


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: there is no such thing, or one may not know of it; the page is the same."""
    return render(request, "desk/errors/not_found.html", status=404)


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """500. Drawn without database, session or context: these may be what failed."""
    return render(None, "desk/errors/server_error.html", status=500)  # type: ignore[arg-type]


def no_seat(request: HttpRequest) -> HttpResponse:
    """403 for somebody without a seat: what to do about it."""
    return render(request, "desk/errors/no_seat.html", status=403)


def not_permitted(request: HttpRequest, refused: NotPermitted) -> HttpResponse:
    """404 where the thing may not even be seen, else 403; in the audit either way."""
    actor = actor_of(request)
    route = request.resolver_match.view_name if request.resolver_match is not None else ""
    audit.record(
        "access.refused", actor=actor, body=refused.body, object=route[:100], success=False,
        detail={"act": refused.act.value},
    )  # fmt: skip
    own = actor.seat is not None and relation(actor.seat.body, refused.body) is Relation.OWN
    if own or actor.may(seeing(refused.act), refused.body):
        return forbidden(request)
    return not_found(request)


def secret_text(request: HttpRequest, refused: SecretText) -> HttpResponse:
    """422: a text that begins like a state secret. Not kept, not even for sending again; in the audit."""
    actor = actor_of(request)
    route = request.resolver_match.view_name if request.resolver_match is not None else ""
    audit.record(
        "secret.refused", actor=actor, body=actor.seat.body if actor.seat is not None else None,
        object=route[:100], success=False, detail={"by": refused.mark.where},
    )  # fmt: skip
    return render(request, "desk/errors/secret.html", {"message": refused.message}, status=422)


def somebody_was_faster(request: HttpRequest) -> HttpResponse:
    """409: the case was changed meanwhile. What was typed is shown, so that it can be entered again."""
    return render(request, "desk/errors/conflict.html", {"kept": keep_form(request)}, status=409)


@requires_csrf_token
def busy(request: HttpRequest) -> HttpResponse:
    """503: too many wrote at once, nothing was kept. A form is offered for sending again as it was."""
    kept = keep_form(request) if request.method == "POST" else None
    answer = render(request, "desk/errors/busy.html", {"kept": kept}, status=503)
    answer["Retry-After"] = "5"
    return answer


@requires_csrf_token
def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without its right mark against forgery: mostly a page left open over a new log-in.

    Where the browser itself says that the form came from one of our pages, it is offered for sending again.
    Otherwise it may come from a stranger's page, and nothing of it is shown; nor where several people log in
    with the browser, for the page may have been another's.
    """
    kept = None
    origin = request.META.get("HTTP_ORIGIN", "")
    if (
        origin == f"{request.scheme}://{request.get_host()}"
        and request.user.is_authenticated
        and not is_shared(request)
    ):
        kept = keep_form(request)
    return render(request, "desk/errors/form_expired.html", {"kept": kept}, status=403)
