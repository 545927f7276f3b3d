"""What floors above must hear of within the same transaction; ``core`` knows none of them."""

from __future__ import annotations

from django.dispatch import Signal

body_created = Signal()
"""A body that keeps a ledger was created (``body``). The ledger app opens its ledger."""
basis_changed = Signal()
"""A rule or a holiday of a body changed (``body``): clocks of its open cases and of those below move.

Also sent: ``kind`` (``local_holiday``, ``local_rule``), ``ref`` that tells one change from another, and
``title`` in words.
"""
