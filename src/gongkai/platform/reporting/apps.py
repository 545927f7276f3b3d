"""The app's registration."""

from __future__ import annotations

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """年度报告."""

    name = "gongkai.platform.reporting"
    label = "reporting"
    verbose_name = "年度报告"
