"""The platform's addresses, and beside them the least that a page can be: one query, one line of text."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.core.web import public
from gongkai.platform.urls import urlpatterns as platform_urlpatterns


@public
def bare(_request: HttpRequest, stream: str) -> HttpResponse:
    """One query by the primary key, behind the same middleware."""
    return HttpResponse(CaseSummary.objects.values_list("number", flat=True).get(stream=stream))


urlpatterns = [path("bare/<str:stream>/", bare), *platform_urlpatterns]
