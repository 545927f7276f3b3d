"""The app's registration."""

from __future__ import annotations

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """台账."""

    name = "gongkai.platform.ledger"
    label = "ledger"
    verbose_name = "台账"

    def ready(self) -> None:
        """Open the ledger of every body that is created; models can be imported only now."""
        from gongkai.platform.ledger import opening

        opening.connect()
