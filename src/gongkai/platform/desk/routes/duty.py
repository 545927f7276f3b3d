"""Routes of the desk: absences and deputies, holidays, moved dates, orders of superior bodies, hand-overs."""

from __future__ import annotations

from django.urls import URLPattern, path

from gongkai.platform.desk.views.duty import absences, hand_over, holidays, moved, orders

urlpatterns: list[URLPattern] = [
    path("desk/duty/", absences.duty, name="duty"),
    path("desk/duty/absences/list.<str:form>", absences.export, name="absences_export"),
    path("desk/duty/absences/<str:key>/end/", absences.end, name="absence_end"),
    path("desk/duty/holidays/", holidays.holidays_page, name="duty_holidays"),
    path("desk/duty/holidays/list.<str:form>", holidays.export, name="duty_holidays_export"),
    path("desk/duty/moved/", moved.changes, name="duty_moved"),
    path("desk/duty/moved/<str:key>/", moved.change, name="duty_change"),
    path("desk/duty/moved/<str:key>/list.<str:form>", moved.export, name="duty_change_export"),
    path("desk/duty/moved/<str:key>/<str:stream>/", moved.tell, name="duty_tell"),
    path("desk/duty/orders/", orders.orders, name="orders"),
    path("desk/duty/orders/list.<str:form>", orders.export, name="orders_export"),
    path("desk/duty/orders/new/", orders.register, name="order_new"),
    path("desk/duty/orders/issue/<str:key>/", orders.issue, name="order_issue"),
    path("desk/duty/orders/<str:key>/", orders.order, name="order"),
    path("desk/duty/hand-over/", hand_over.hand_overs, name="hand_overs"),
    path("desk/duty/hand-over/<str:key>/", hand_over.hand_over, name="hand_over"),
    path("desk/duty/hand-over/<str:key>/list.<str:form>", hand_over.export, name="hand_over_export"),
]
