"""Routes of what comes after a reply: packages for the archive, evidence, the calendar, reviews of losses."""

from __future__ import annotations

from django.urls import URLPattern, path

from gongkai.platform.desk.views import archive, evidence

urlpatterns: list[URLPattern] = [
    path("desk/cases/<str:stream>/archive/", archive.make, name="archive_make"),
    path("desk/cases/<str:stream>/archive/copy/", archive.copy, name="archive_copy"),
    path("desk/cases/<str:stream>/archive/<int:version>/", archive.kept, name="archive_file"),
    path("desk/cases/<str:stream>/evidence/<str:remedy>/", evidence.evidence, name="evidence"),
    path("desk/cases/<str:stream>/bundles/<int:version>/", evidence.bundle, name="bundle"),
]
