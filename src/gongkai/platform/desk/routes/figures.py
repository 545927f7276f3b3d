"""Routes of the desk: the running figures and the cases behind a number."""

from __future__ import annotations

from django.urls import URLPattern, path

from gongkai.platform.desk.views import figures

urlpatterns: list[URLPattern] = [
    path("desk/figures/<str:body>/<int:year>/", figures.figures, name="figures"),
    path("desk/figures/<str:body>/<int:year>/<str:cell>/", figures.figure_cases, name="figure_cases"),
    path(
        "desk/figures/<str:body>/<int:year>/<str:cell>/cases.xlsx",
        figures.figure_cases_export,
        name="figure_cases_export",
    ),
]
