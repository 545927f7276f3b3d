"""Who may read a sensitive case, how many approve its reply, and where a secret original is kept.

Nothing here is a legal act, and nothing of it moves a clock. Reasons and places are private records.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.platform.core.models import Body, Seat


class SensitiveFlag(models.Model):
    """A case that only its readers may see; in force from its first moment until it is lifted.

    Each case of a letter that is flagged as a whole has a flag of its own, so that one can be lifted alone.
    """

    readers: models.Manager[SensitiveReader]
    key = models.CharField(primary_key=True, max_length=40)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    stream = models.CharField(max_length=100, db_index=True)
    levels = models.PositiveSmallIntegerField(default=0)
    """How many approve a reply besides the one who issues it: 0, 1 or 2."""
    since = models.DateField()
    until = models.DateField(null=True)
    """The last day, where one was fixed; the day after, it is lifted by itself. ``None``: until lifted."""
    reason = models.CharField(max_length=40)
    """Reference of the private record with the reason."""
    flagged_by = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")
    flagged_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    """``None``: proposed by who registered the case, and in force all the same."""
    lifted_by = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")
    """``None`` where it was lifted by itself, its last day being over."""
    lifted_at = models.DateTimeField(null=True)
    lifting = models.CharField(max_length=40, blank=True)
    """Reference of the private record that says why it was lifted."""

    class Meta:
        ordering: ClassVar = ["flagged_at", "key"]
        constraints: ClassVar = [
            # Also the index by which lists leave out what one may not read.
            models.UniqueConstraint(
                fields=["stream"],
                condition=models.Q(lifted_at__isnull=True),
                name="one_sensitive_flag_a_case",
            ),
            models.CheckConstraint(condition=models.Q(levels__lte=2), name="at_most_two_more_levels"),
        ]

    def __str__(self) -> str:
        return f"{self.stream} {self.since}"


class SensitiveReader(models.Model):
    """Somebody who may read a sensitive case, as far as their seat may read cases at all."""

    seat_id: str
    flag = models.ForeignKey(SensitiveFlag, on_delete=models.CASCADE, related_name="readers")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["flag", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["flag", "seat"], name="a_reader_once"),
        ]

    def __str__(self) -> str:
        return f"{self.flag} {self.seat_id}"


class ApprovalLevels(models.Model):
    """How many more approve a reply of an outcome than the one who issues it: a body's own setting."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=40)
    levels = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["body", "outcome"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "outcome"], name="levels_once_an_outcome"),
            models.CheckConstraint(
                condition=models.Q(levels__gte=1, levels__lte=2), name="one_or_two_more_levels"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome}: {self.levels}"


class SecretPointer(models.Model):
    """Where an original that is a state secret is kept: never what it says (涉密登记指引).

    ``text`` is the reference of a private record: the number in the office's secret register, who keeps it,
    where.
    """

    key = models.CharField(primary_key=True, max_length=40)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    stream = models.CharField(max_length=100, db_index=True)
    text = models.CharField(max_length=40)
    added_by = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    """When a mistaken one was taken back; it stays in the records."""

    class Meta:
        ordering: ClassVar = ["added_at", "key"]

    def __str__(self) -> str:
        return f"{self.stream} {self.key}"


class FalseAlarm(models.Model):
    """A file that bears what looks like a secret mark, stored because somebody answers for it being none."""

    file = models.CharField(primary_key=True, max_length=40)
    """Reference of the stored file."""
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    stream = models.CharField(max_length=100, db_index=True)
    reason = models.CharField(max_length=40)
    """Reference of the private record with the reason."""
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at", "file"]
        verbose_name = _("误报的密级标志")

    def __str__(self) -> str:
        return self.file
