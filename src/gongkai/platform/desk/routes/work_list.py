"""Routes of the desk: work_list."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
