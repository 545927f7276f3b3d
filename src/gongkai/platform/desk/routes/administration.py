"""Routes of the desk: administration."""

from __future__ import annotations

from django.urls import URLPattern, path

from gongkai.platform.desk.views.administration import audit, bodies, people

urlpatterns: list[URLPattern] = [
    path("desk/bodies/", bodies.tree, name="bodies"),
    path("desk/bodies/<str:key>/", bodies.show, name="body"),
    path("desk/bodies/<str:key>/new/", bodies.create, name="body_new"),
    path("desk/bodies/<str:key>/end/", bodies.end, name="body_end"),
    path("desk/bodies/<str:key>/rules/", bodies.rules, name="local_rules"),
    path("desk/bodies/<str:key>/holidays/", bodies.holidays, name="local_holidays"),
    path(
        "desk/bodies/<str:key>/holidays/<int:number>/remove/",
        bodies.remove_holiday,
        name="local_holiday_remove",
    ),
    path("desk/people/", people.index, name="people"),
    path("desk/people/new/", people.create, name="person_new"),
    path("desk/people/<str:key>/", people.show, name="person"),
    path("desk/people/<str:key>/password/", people.reset_password, name="person_password"),
    path("desk/people/<str:key>/close/", people.deactivate, name="person_close"),
    path("desk/people/<str:key>/open/", people.reactivate, name="person_open"),
    path("desk/people/<str:key>/second-factor/", people.remove_second_factor, name="person_second_factor"),
    path("desk/people/<str:key>/seats/new/", people.assign, name="seat_new"),
    path("desk/seats/<str:key>/", people.change_seat, name="seat"),
    path("desk/seats/<str:key>/end/", people.end_seat, name="seat_end"),
    path("desk/audit/", audit.index, name="audit"),
    path("desk/audit/export/", audit.export, name="audit_export"),
    path("desk/audit/verify/", audit.verify, name="audit_verify"),
]
