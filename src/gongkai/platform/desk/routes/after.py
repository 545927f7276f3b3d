"""Routes of what comes after a reply: packages for the archive, evidence, the calendar, reviews of losses."""

from __future__ import annotations

from django.urls import URLPattern, path

from gongkai.platform.desk.views import archive, defences, evidence, losses

urlpatterns: list[URLPattern] = [
    path("desk/defences/", defences.calendar, name="defences"),
    path("desk/defences.xlsx", defences.sheet, name="defences_export"),
    path("desk/defences.ics", defences.ics, name="defences_ics"),
    path("desk/losses/", losses.losses, name="losses"),
    path("desk/losses.xlsx", losses.sheet, name="losses_export"),
    path("desk/cases/<str:stream>/appointments/<str:remedy>/", defences.appointments, name="appointments"),
    path("desk/cases/<str:stream>/losses/<str:loss>/", losses.review, name="loss"),
    path("desk/cases/<str:stream>/archive/", archive.make, name="archive_make"),
    path("desk/cases/<str:stream>/archive/copy/", archive.copy, name="archive_copy"),
    path("desk/cases/<str:stream>/archive/<int:version>/", archive.kept, name="archive_file"),
    path("desk/cases/<str:stream>/evidence/<str:remedy>/", evidence.evidence, name="evidence"),
    path("desk/cases/<str:stream>/bundles/<int:version>/", evidence.bundle, name="bundle"),
]
