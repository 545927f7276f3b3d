"""Absences of seats, and who stands in: in force by their dates alone, nothing has to run."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.platform.core.identifiers import opaque
from gongkai.platform.core.models.bodies import Body
from gongkai.platform.core.models.people import Seat


def new_absence_key() -> str:
    """Names an absence."""
    return opaque("absence")


class Absence(models.Model):
    """From ``first`` to ``last`` nobody sits in ``seat``; ``deputy`` stands in (代理).

    A row is never deleted: one that ended early has an earlier ``last``, one that never began is cancelled.
    """

    seat_id: str
    deputy_id: str | None
    body_id: str
    key = models.CharField(primary_key=True, max_length=40, default=new_absence_key, editable=False)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="absences")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="absences")
    deputy = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="stood_in")
    first = models.DateField(_("第一天"))
    last = models.DateField(_("最后一天"))
    entered_by = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-first", "key"]
        indexes: ClassVar = [
            # Asked for with every request: who of a body is away today.
            models.Index(
                fields=["body", "last"],
                condition=models.Q(cancelled_at__isnull=True),
                name="absences_of_a_body",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="absence_ends_after_it_begins", condition=models.Q(last__gte=models.F("first"))
            ),
            models.CheckConstraint(
                name="nobody_stands_in_for_themselves",
                condition=models.Q(deputy__isnull=True) | ~models.Q(deputy=models.F("seat")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat_id} {self.first} {self.last}"
