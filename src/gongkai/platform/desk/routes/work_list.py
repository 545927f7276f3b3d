"""Routes of the desk: the work list, all cases, saved filters."""

from __future__ import annotations

from django.urls import URLPattern, path

from gongkai.platform.desk.views import lists, saved_filters

urlpatterns: list[URLPattern] = [
    path("desk/", lists.work_list, name="work_list"),
    path("desk/work-list.xlsx", lists.work_list_export, name="work_list_export"),
    path("desk/cases/", lists.cases, name="cases"),
    path("desk/cases.xlsx", lists.cases_export, name="cases_export"),
    path("desk/find/", lists.find, name="find"),
    path("desk/filters/", saved_filters.manage, name="filters"),
    path("desk/filters/save/", saved_filters.save, name="save_filter"),
]
