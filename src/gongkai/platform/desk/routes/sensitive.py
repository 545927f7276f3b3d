"""Routes of the desk: sensitive cases, secret originals, levels of approval."""

from __future__ import annotations

from django.urls import URLPattern, path

from gongkai.platform.desk.views.sensitive import levels, pointers, sensitive, sensitive_letter

urlpatterns: list[URLPattern] = [
    path("desk/cases/<str:stream>/sensitive/", sensitive, name="sensitive"),
    path("desk/cases/<str:stream>/secret/", pointers, name="secret_pointers"),
    path("desk/register/<str:ref>/sensitive/", sensitive_letter, name="sensitive_letter"),
    path("desk/bodies/<str:key>/levels/", levels, name="approval_levels"),
]
