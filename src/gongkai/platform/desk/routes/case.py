"""Routes of the desk: one case and the acts on it."""

from __future__ import annotations

from django.urls import URLPattern, path

from gongkai.platform.desk.views.acts import act
from gongkai.platform.desk.views.case import assign, case, identity, verify
from gongkai.platform.desk.views.extension import extension

urlpatterns: list[URLPattern] = [
    path("desk/cases/<str:stream>/", case, name="case"),
    path("desk/cases/<str:stream>/identity/", identity, name="case_identity"),
    path("desk/cases/<str:stream>/handler/", assign, name="case_handler"),
    path("desk/cases/<str:stream>/extension/", extension, name="extension"),
    path("desk/cases/<str:stream>/verify/", verify, name="verify_case"),
    path("desk/cases/<str:stream>/acts/<str:kind>/", act, name="act"),
]
