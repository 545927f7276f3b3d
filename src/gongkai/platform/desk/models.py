"""What the desk keeps for the people who work at it: their filters."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.platform.core.models import Seat


class FilteredList(models.TextChoices):
    """The lists that can be narrowed."""

    WORK_LIST = "work_list", _("待办")
    CASES = "cases", _("案件")


class SavedFilter(models.Model):
    """A list under filters, by a name of one's own. A search is not kept: it may name a person."""

    seat_id: str
    key = models.CharField(primary_key=True, max_length=40)
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="saved_filters")
    page = models.CharField(max_length=20, choices=FilteredList.choices)
    name = models.CharField(_("名称"), max_length=30)
    query = models.CharField(max_length=400)
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["created_at", "key"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["seat", "name"], name="one_saved_filter_a_seat_and_name"),
        ]

    def __str__(self) -> str:
        return self.name
