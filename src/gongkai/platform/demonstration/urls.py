"""Routes of the demonstration; present in its profile alone."""

from __future__ import annotations

from django.urls import path

from gongkai.platform.demonstration import views

app_name = "demonstration"
urlpatterns = [
    path("demonstration/", views.day, name="day"),
    path("demonstration/reports/<str:body>/<int:year>/", views.report, name="report"),
    path("robots.txt", views.robots, name="robots"),
]
