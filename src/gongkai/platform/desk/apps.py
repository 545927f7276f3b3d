"""The app's registration."""

from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """工作台."""

    name = "gongkai.platform.desk"
    label = "desk"
    verbose_name = "工作台"
