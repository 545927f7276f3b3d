"""The app's registration."""

from __future__ import annotations

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """依申请公开."""

    name = "gongkai.platform.cases"
    label = "cases"
    verbose_name = "依申请公开"

    def ready(self) -> None:
        """Connect to what core tells and asks; models can be imported only now."""
        from gongkai.platform.cases import moving_basis
        from gongkai.platform.cases.duty import responsible
        from gongkai.platform.cases.sensitive import masking

        moving_basis.connect()
        responsible.connect()
        masking.connect()
