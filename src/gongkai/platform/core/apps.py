"""The app's registration."""

from __future__ import annotations

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """机构与人员."""

    name = "gongkai.platform.core"
    label = "core"
    verbose_name = "机构与人员"
