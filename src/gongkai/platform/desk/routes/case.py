"""Routes of the desk: case."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
