"""Routes of the desk: account."""

from __future__ import annotations

from django.urls import URLPattern, path

from gongkai.platform.desk.views.account import account, log_in, password, second_factor, steps

urlpatterns: list[URLPattern] = [
    path("", steps.home, name="home"),
    path("login/", log_in.log_in, name="login"),
    path("logout/", log_in.log_out, name="logout"),
    path("desk/account/", account.show, name="account"),
    path("desk/account/seat/", account.switch_seat, name="switch_seat"),
    path("desk/account/password/", password.change, name="password"),
    path("desk/account/second-factor/", second_factor.verify, name="second_factor"),
    path("desk/account/second-factor/set-up/", second_factor.set_up, name="second_factor_setup"),
    path("desk/account/second-factor/codes/", second_factor.renew_codes, name="renew_codes"),
]
