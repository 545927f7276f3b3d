"""All routes. A route without a row in the permission matrix fails its test."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("gongkai.platform.desk.urls")),
]
