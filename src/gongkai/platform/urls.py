"""All routes. A route without a row in the permission matrix fails its test."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    path("", include("gongkai.platform.desk.urls")),
]
if settings.DEMONSTRATION:
    urlpatterns.append(path("", include("gongkai.platform.demonstration.urls")))

handler400 = "gongkai.platform.desk.views.errors.bad_request"
handler403 = "gongkai.platform.desk.views.errors.forbidden"
handler404 = "gongkai.platform.desk.views.errors.not_found"
handler500 = "gongkai.platform.desk.views.errors.server_error"
