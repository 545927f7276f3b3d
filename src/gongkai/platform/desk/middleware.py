"""Who may come in at all, and the last resort for what a service refused and no view answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase

from gongkai.platform.cases.readers import NoSuchCase
from gongkai.platform.cases.services.acting import SomebodyWasFaster
from gongkai.platform.core.busy import is_busy
from gongkai.platform.core.passwords import must_change
from gongkai.platform.core.permissions import NotPermitted
from gongkai.platform.core.secrecy import SecretText
from gongkai.platform.core.web import is_verified, person_of, seats_of
from gongkai.platform.desk.kept import remember_who
from gongkai.platform.desk.views import errors
from gongkai.platform.desk.views.account import password, second_factor
from gongkai.platform.desk.views.account.log_in import ask_to_log_in

Handler = Callable[[HttpRequest], HttpResponseBase]

ALWAYS = frozenset({"desk:logout"})
"""What somebody may do whose log-in is not complete yet, beside completing it."""


class Doorkeeper:
    """Every view needs a log-in that is complete, and a seat; see the marks in ``core.web``.

    In this order: log-in; second factor (production); a password that is one's own and not too old; a seat.
    A page is led to what is missing and back. A form that was sent meanwhile is not lost (``desk.kept``).
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        remember_who(request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Answer in the view's place, or ``None`` where the view may."""
        if not getattr(view, "login_required", True):
            return None
        if not request.user.is_authenticated:
            return ask_to_log_in(request)
        name = request.resolver_match.view_name if request.resolver_match is not None else ""
        if name in ALWAYS:
            return None
        if settings.SECOND_FACTOR_REQUIRED and not is_verified(request):
            return None if name in second_factor.ROUTES else second_factor.ask(request)
        if must_change(person_of(request), datetime.now(UTC)):
            return None if name == password.ROUTE else password.ask(request)
        if not getattr(view, "needs_no_seat", False) and not seats_of(request):
            return errors.no_seat(request)
        return None


class NoNulls:
    """A NUL in an address or a field is answered with 400: no keyboard types one, and PostgreSQL takes none.

    Behind the log-in and the mark against forgery, so that nobody else makes us read a form.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Answer in the view's place, or ``None`` where the view may."""
        if "\0" in request.path or _has_null(request.GET) or _has_null(request.POST):
            return errors.bad_request(request)
        return None


def _has_null(query: QueryDict) -> bool:
    return any("\0" in name or any("\0" in value for value in values) for name, values in query.lists())


class Refusals:
    """From an exception that no view caught to a page that says what happened."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """403 or 404 for ``NotPermitted``, 404 for ``NoSuchCase``, 409 for ``SomebodyWasFaster``, else 503.

        ``None`` leaves it to Django.
        """
        match exception:
            case NotPermitted():
                return errors.not_permitted(request, exception)
            case SecretText():
                return errors.secret_text(request, exception)
            case NoSuchCase():
                return errors.not_found(request)
            case SomebodyWasFaster():
                return errors.somebody_was_faster(request)
            case OperationalError() if is_busy(exception):
                return errors.busy(request)
            case _:
                return None
