"""The app's registration."""

from __future__ import annotations

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """运行维护."""

    name = "gongkai.platform.operations"
    label = "operations"
    verbose_name = "运行维护"
