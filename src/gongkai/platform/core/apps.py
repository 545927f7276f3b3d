"""The app's registration."""

from __future__ import annotations

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """机构与人员."""

    name = "gongkai.platform.core"
    label = "core"
    verbose_name = "机构与人员"

    def ready(self) -> None:
        """Connect what writes log-ins into the audit; models can be imported only now."""
        from gongkai.platform.core import log_in_audit

        log_in_audit.connect()
