"""The app's registration."""

from __future__ import annotations

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """依申请公开."""

    name = "gongkai.platform.cases"
    label = "cases"
    verbose_name = "依申请公开"
