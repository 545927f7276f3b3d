"""Routes of the desk: intake, papers, erasure."""

from __future__ import annotations

from django.urls import URLPattern, path

from gongkai.platform.desk.views.intake.erase import erase, erase_writer
from gongkai.platform.desk.views.intake.incoming import (
    add_matter,
    answer_together,
    letter_in,
    make_cases,
    matter,
    ticket,
)
from gongkai.platform.desk.views.intake.letters_in import confirm, receipt, registered, unconfirmed
from gongkai.platform.desk.views.intake.mend import mend
from gongkai.platform.desk.views.intake.papers import add, file
from gongkai.platform.desk.views.intake.people import people
from gongkai.platform.desk.views.intake.referrals import (
    find_letters,
    letters_in,
    letters_in_export,
    refer,
    referral,
    referral_print,
    referrals,
    referrals_export,
)
from gongkai.platform.desk.views.intake.register import register, repeats
from gongkai.platform.desk.views.intake.split import merge, split

urlpatterns: list[URLPattern] = [
    path("desk/register/", register, name="register"),
    path("desk/register/repeats/", repeats, name="repeats"),
    path("desk/register/unconfirmed/", unconfirmed, name="unconfirmed"),
    path("desk/register/<str:ref>/", registered, name="registered"),
    path("desk/register/<str:ref>/confirm/", confirm, name="confirm_receipt"),
    path("desk/register/<str:ref>/receipt/", receipt, name="registration_receipt"),
    path("desk/incoming/", letters_in, name="letters_in"),
    path("desk/incoming.xlsx", letters_in_export, name="letters_in_export"),
    path("desk/incoming/find/", find_letters, name="find_letters"),
    path("desk/incoming/<str:ref>/", letter_in, name="letter_in"),
    path("desk/incoming/<str:ref>/matters/", add_matter, name="add_matter"),
    path("desk/incoming/<str:ref>/matters/<str:key>/", matter, name="matter"),
    path("desk/incoming/<str:ref>/cases/", make_cases, name="make_cases"),
    path("desk/incoming/<str:ref>/refer/", refer, name="refer"),
    path("desk/incoming/<str:ref>/ticket/", ticket, name="ticket"),
    path("desk/incoming/<str:ref>/erase/", erase_writer, name="erase_writer"),
    path("desk/incoming/<str:ref>/together/", answer_together, name="answer_together"),
    path("desk/referrals/", referrals, name="referrals"),
    path("desk/referrals.xlsx", referrals_export, name="referrals_export"),
    path("desk/referrals/<str:key>/", referral, name="referral"),
    path("desk/referrals/<str:key>/letter/", referral_print, name="referral_print"),
    path("desk/files/<str:ref>/", file, name="file"),
    path("desk/cases/<str:stream>/papers/", add, name="add_papers"),
    path("desk/cases/<str:stream>/mend/", mend, name="mend_case"),
    path("desk/cases/<str:stream>/split/", split, name="split_case"),
    path("desk/cases/<str:stream>/merge/", merge, name="merge_case"),
    path("desk/cases/<str:stream>/people/", people, name="people_of_case"),
    path("desk/cases/<str:stream>/erase/", erase, name="erase_applicant"),
]
