"""What the demonstration keeps beside the ledger: acts still to be performed, and the published reports."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.platform.core.models import Body


class ScriptState(models.TextChoices):
    """What became of an act of the script. An act that was performed has no row any more."""

    WAITING = "waiting", _("待演")
    DROPPED = "dropped", _("已取消")
    """It, or one before it in its case, was refused because somebody had acted otherwise."""


class ScriptedAct(models.Model):
    """An act that somebody of the demonstration will do on a day to come."""

    body_id: str
    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    """When it will be entered; the demonstration's day, and the order."""
    on = models.DateField()
    """The same as a day in Asia/Shanghai."""
    stream = models.CharField(max_length=100)
    place = models.PositiveIntegerField()
    """Its place in the script of the case."""
    kind = models.CharField(max_length=40)
    occurred_on = models.DateField()
    payload = models.JSONField()
    actor = models.CharField(max_length=20)
    """``officer-1``, ``officer-2``, ``head-1`` or ``system``, as in a replay."""
    state = models.CharField(max_length=10, choices=ScriptState.choices, default=ScriptState.WAITING)
    why = models.CharField(max_length=200, blank=True)
    """Of a dropped act: the refusal."""

    class Meta:
        ordering: ClassVar = ["on", "at", "id"]
        indexes: ClassVar = [models.Index(fields=["state", "on"], name="script_by_day")]

    def __str__(self) -> str:
        return f"{self.on} {self.stream} {self.kind}"


class PublishedReport(models.Model):
    """The figures of an annual report as it was published, in our exchange format."""

    body_id: str
    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="published_reports")
    year = models.PositiveSmallIntegerField()
    figures = models.TextField()
    """JSON of ``gongkai.annual.write.exchange``: numbers, no sentences."""

    class Meta:
        ordering: ClassVar = ["body", "year"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "year"], name="one_published_report_a_year"),
        ]

    def __str__(self) -> str:
        return f"{self.body_id} {self.year}"
