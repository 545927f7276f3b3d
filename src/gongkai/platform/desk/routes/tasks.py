"""Routes of the desk: inner tasks, units, what an outcome needs."""

from __future__ import annotations

from django.urls import URLPattern, path

from gongkai.platform.desk.views.tasks import give, lists, settings, task

urlpatterns: list[URLPattern] = [
    path("desk/tasks/", lists.tasks, name="tasks"),
    path("desk/tasks.xlsx", lists.export, name="tasks_export"),
    path("desk/tasks/needs/", settings.needed, name="task_needs"),
    path("desk/tasks/<str:key>/", task.task, name="task"),
    path("desk/units/", settings.units, name="units"),
    path("desk/units/<int:number>/", settings.unit, name="unit"),
    path("desk/cases/<str:stream>/tasks/", give.give, name="give_tasks"),
    path("desk/cases/<str:stream>/search/", give.search, name="record_search"),
]
