"""Routes of the desk: past cases from a spreadsheet."""

from __future__ import annotations

from django.urls import URLPattern, path

from gongkai.platform.desk.views.past import findings, marked, one, past, template

urlpatterns: list[URLPattern] = [
    path("desk/past/", past, name="past"),
    path("desk/past/template.xlsx", template, name="past_template"),
    path("desk/past/<str:key>/", one, name="past_import"),
    path("desk/past/<str:key>/findings/", findings, name="past_findings"),
    path("desk/past/<str:key>/findings.xlsx", marked, name="past_marked"),
]
