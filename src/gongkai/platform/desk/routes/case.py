"""Routes of the desk: one case and the acts on it."""

from __future__ import annotations

from django.urls import URLPattern, path

from gongkai.platform.desk.views.acts import act
from gongkai.platform.desk.views.case import assign, case, identity

urlpatterns: list[URLPattern] = [
    path("desk/cases/<str:stream>/", case, name="case"),
    path("desk/cases/<str:stream>/identity/", identity, name="case_identity"),
    path("desk/cases/<str:stream>/handler/", assign, name="case_handler"),
    path("desk/cases/<str:stream>/acts/<str:kind>/", act, name="act"),
]
