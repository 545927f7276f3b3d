"""The app's registration."""

from __future__ import annotations

from django.apps import AppConfig


class DemonstrationConfig(AppConfig):
    """演示."""

    name = "gongkai.platform.demonstration"
    label = "demonstration"
    verbose_name = "演示"
