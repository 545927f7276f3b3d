"""What only the demonstration needs below."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class DemonstrationDay(models.Model):
    """The demonstration's present day; at most one row."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    day = models.DateField(_("演示的今天"))

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="one_demonstration_day", condition=models.Q(id=1))
        ]

    def __str__(self) -> str:
        return self.day.isoformat()
