"""Routes of the desk, by topic."""

from __future__ import annotations

from gongkai.platform.desk.routes import (
    account,
    administration,
    after,
    boards,
    case,
    duty,
    figures,
    frame,
    intake,
    letters,
    past,
    post,
    sensitive,
    tasks,
    work_list,
)

app_name = "desk"
urlpatterns = [
    *frame.urlpatterns,
    *account.urlpatterns,
    *work_list.urlpatterns,
    *intake.urlpatterns,
    *after.urlpatterns,
    *tasks.urlpatterns,
    *past.urlpatterns,
    *sensitive.urlpatterns,
    *duty.urlpatterns,
    *case.urlpatterns,
    *letters.urlpatterns,
    *post.urlpatterns,
    *figures.urlpatterns,
    *boards.urlpatterns,
    *administration.urlpatterns,
]
