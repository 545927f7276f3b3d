"""Routes of the desk: the boards, their files, and the list behind a number."""

from __future__ import annotations

from django.urls import URLPattern, path

from gongkai.platform.desk.views import boards

urlpatterns: list[URLPattern] = [
    path("desk/boards/", boards.first, name="boards"),
    path("desk/boards/<str:board>/", boards.board, name="board"),
    path("desk/boards/<str:board>.xlsx", boards.book, name="board_xlsx"),
    path("desk/boards/<str:board>.csv", boards.table, name="board_csv"),
    path("desk/boards/<str:board>/<str:table>/<str:column>/", boards.behind, name="board_list"),
    path(
        "desk/boards/<str:board>/<str:table>/<str:column>/list.xlsx",
        boards.behind_book,
        name="board_list_xlsx",
    ),
]
