"""Routes of the desk: seal and post."""

from __future__ import annotations

from django.urls import URLPattern, path

from gongkai.platform.desk.views.post import letter, lists, registers, send

urlpatterns: list[URLPattern] = [
    path("desk/post/", lists.index, name="post"),
    path("desk/post.xlsx", lists.export, name="post_export"),
    path("desk/post/chosen/", lists.chosen, name="post_chosen"),
    path("desk/post/send/", send.dispatch, name="post_send"),
    path("desk/post/sealing/", registers.sealing, name="post_sealing"),
    path("desk/post/sealing.xlsx", registers.sealing_export, name="post_sealing_export"),
    path("desk/post/seals/", registers.seals, name="post_seals"),
    path("desk/post/numbers/", registers.numbers, name="post_numbers"),
    path("desk/post/numbers.xlsx", registers.numbers_export, name="post_numbers_export"),
    path("desk/post/settings/", registers.settings, name="post_settings"),
    path("desk/post/letters/<str:key>/", letter.letter, name="post_letter"),
    path("desk/post/letters/<str:key>/frozen.pdf", letter.frozen, name="post_frozen"),
]
