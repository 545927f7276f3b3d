"""What running the platform leaves behind: which worker is alive, which backups were taken."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class WorkerBeat(models.Model):
    """A worker's sign of life, renewed while it runs; taken away when it ends in order."""

    worker = models.CharField(primary_key=True, max_length=64)
    host = models.CharField(max_length=100)
    process = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.host} {self.process}"


class Backup(models.Model):
    """A backup that was written, and verified by reading it back."""

    taken_at = models.DateTimeField()
    name = models.CharField(max_length=255)
    """The file's name, without its folder."""
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    with_keys = models.BooleanField()

    class Meta:
        ordering: ClassVar = ["-taken_at"]

    def __str__(self) -> str:
        return f"{self.name} {self.taken_at:%Y-%m-%d}"
