"""The app's registration."""

from __future__ import annotations

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """依申请公开."""

    name = "gongkai.platform.cases"
    label = "cases"
    verbose_name = "依申请公开"

    def ready(self) -> None:
        """Have the lists worked out anew when a rule or holiday changes; models can be imported only now."""
        from gongkai.platform.cases import moving_basis

        moving_basis.connect()
