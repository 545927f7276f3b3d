"""Bringing in the past: an office's spreadsheet of cases between its upload and the ledger."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.platform.core.models import Body, Seat, StoredFile


class PastState(models.TextChoices):
    """How far an import has come."""

    MAPPING = "mapping", _("对应各列")
    CHECKING = "checking", _("正在检查")
    FAULTY = "faulty", _("有错误，待改")
    READY = "ready", _("没有错误，可以导入")
    IMPORTING = "importing", _("正在导入")
    STOPPED = "stopped", _("停在一行")
    DONE = "done", _("已导入")


class PastLevel(models.TextChoices):
    """What a finding means for the import."""

    ERROR = "error", _("错误")
    WARNING = "warning", _("提醒")


class PastImport(models.Model):
    """One spreadsheet. The sealed file and what was found go once the cases stand in the ledger."""

    file_id: str | None
    ordered_by_id: str | None
    key = models.CharField(primary_key=True, max_length=40)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(StoredFile, on_delete=models.SET_NULL, null=True, related_name="+")
    digest = models.CharField(max_length=64)
    """Keyed hash of the content: the same file is known again, and nobody else can compute it."""
    state = models.CharField(max_length=20, choices=PastState.choices, default=PastState.MAPPING)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")
    sheets = models.JSONField(default=list)
    """For each sheet its name, the row of its headings, and whether it is brought in."""
    mapping = models.JSONField(default=dict)
    """The field that a heading stands for, by the heading as ``past.mapping`` compares it."""
    cases = models.PositiveIntegerField(default=0)
    acts = models.PositiveIntegerField(default=0)
    skipped = models.JSONField(default=list)
    """Rows that are no cases, each as sheet, row and why."""
    errors = models.PositiveIntegerField(default=0)
    warnings = models.PositiveIntegerField(default=0)
    checked = models.PositiveIntegerField(default=0)
    """Rows that were looked at, while they are."""
    preview = models.JSONField(default=dict)
    checked_at = models.DateTimeField(null=True)
    ordered_by = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")
    """Who had it brought in."""
    started_at = models.DateTimeField(null=True)
    moved_at = models.DateTimeField(null=True)
    """When the last chunk of cases went in."""
    done = models.PositiveIntegerField(default=0)
    """How many cases stand in the ledger; written in the transaction that appends them."""
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "key"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "digest"], name="one_import_of_a_file"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.state}"


class PastFinding(models.Model):
    """What is wrong, or worth knowing, at one cell; what stood there is in a private record."""

    past = models.ForeignKey(PastImport, on_delete=models.CASCADE, related_name="findings")
    sheet = models.PositiveSmallIntegerField()
    row = models.PositiveIntegerField()
    column = models.CharField(max_length=3, blank=True)
    field = models.CharField(max_length=40)
    level = models.CharField(max_length=10, choices=PastLevel.choices)
    code = models.CharField(max_length=60)
    ref = models.CharField(max_length=40)
    """The private record with what was found in this row, what is wrong, and the mend."""
    place = models.PositiveSmallIntegerField(default=0)
    """Which of the texts of the record."""

    class Meta:
        ordering: ClassVar = ["sheet", "row", "place"]
        indexes: ClassVar = [
            models.Index(fields=["past", "level", "sheet", "row"], name="past_finding_place"),
        ]

    def __str__(self) -> str:
        return f"{self.past_id} {self.sheet}/{self.row} {self.code}"  # type: ignore[attr-defined]


class PastHeading(models.Model):
    """What a heading of an office's spreadsheets stands for, as it was last set; blank: nothing of ours."""

    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="+")
    heading = models.CharField(max_length=120)
    field = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "heading"], name="one_meaning_of_a_heading"),
        ]

    def __str__(self) -> str:
        return f"{self.heading} {self.field}"
