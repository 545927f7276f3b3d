"""Routes of the desk: intake, papers, erasure."""

from __future__ import annotations

from django.urls import URLPattern, path

from gongkai.platform.desk.views.intake.erase import erase
from gongkai.platform.desk.views.intake.letters_in import confirm, receipt, registered, unconfirmed
from gongkai.platform.desk.views.intake.mend import mend
from gongkai.platform.desk.views.intake.papers import add, file
from gongkai.platform.desk.views.intake.register import register, repeats
from gongkai.platform.desk.views.intake.split import split

urlpatterns: list[URLPattern] = [
    path("desk/register/", register, name="register"),
    path("desk/register/repeats/", repeats, name="repeats"),
    path("desk/register/unconfirmed/", unconfirmed, name="unconfirmed"),
    path("desk/register/<str:ref>/", registered, name="registered"),
    path("desk/register/<str:ref>/confirm/", confirm, name="confirm_receipt"),
    path("desk/register/<str:ref>/receipt/", receipt, name="registration_receipt"),
    path("desk/files/<str:ref>/", file, name="file"),
    path("desk/cases/<str:stream>/papers/", add, name="add_papers"),
    path("desk/cases/<str:stream>/mend/", mend, name="mend_case"),
    path("desk/cases/<str:stream>/split/", split, name="split_case"),
    path("desk/cases/<str:stream>/erase/", erase, name="erase_applicant"),
]
