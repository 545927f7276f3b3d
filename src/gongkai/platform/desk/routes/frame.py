"""Routes of the desk: its frame."""

from __future__ import annotations

from django.urls import URLPattern, path

from gongkai.platform.desk.views.display import display

urlpatterns: list[URLPattern] = [path("desk/display/", display, name="display")]
