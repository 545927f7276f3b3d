"""Routes of the desk: replies in the making, letters, templates."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from gongkai.platform.desk.views.letters import drafts, letters, templates

urlpatterns: list[URLPattern] = [
    path("desk/cases/<str:stream>/reply/", drafts.draft, name="draft"),
    path("desk/cases/<str:stream>/reply/review/", drafts.review, name="draft_review"),
    path("desk/cases/<str:stream>/reply/together/", drafts.together, name="draft_together"),
    path("desk/cases/<str:stream>/letters/new/<str:kind>/", letters.write, name="letter_new"),
    re_path(
        r"^desk/cases/(?P<stream>[^/]+)/letters/(?P<key>[a-z0-9-]+)\.(?P<form>docx|pdf)$",
        letters.download,
        name="letter_file",
    ),
    path("desk/templates/", templates.index, name="templates"),
    path("desk/templates/<str:kind>/", templates.edit, name="template"),
]
