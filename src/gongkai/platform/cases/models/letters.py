"""Letters out, their templates and their numbers."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from gongkai.platform.core.models import Body, Seat, StoredFile


class NumberSequence(models.Model):
    """The last number given, by body, year and kind; a number is never used again."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=40)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "year", "kind"], name="one_number_sequence"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}: {self.last}"


class LetterTemplate(models.Model):
    """A body's own text of a letter; the newest version holds. Without one the shipped text holds."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="letter_templates")
    kind = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=100)
    text = models.TextField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["kind", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "kind", "version"], name="one_template_version"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"


class OutgoingLetter(models.Model):
    """A letter that was issued, frozen: its text (private record) and the files made of it.

    One that answers several cases has a row with each of them, with the same number, text and files.
    """

    key = models.CharField(primary_key=True, max_length=40)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    stream = models.CharField(max_length=100, db_index=True)
    seq = models.PositiveIntegerField(null=True)
    """The act that it tells of, where it is one."""
    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=60, blank=True)
    issued_on = models.DateField()
    text = models.CharField(max_length=40)
    docx = models.ForeignKey(StoredFile, on_delete=models.SET_NULL, null=True, related_name="+")
    pdf = models.ForeignKey(StoredFile, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["issued_on", "key"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["body", "number", "stream"],
                condition=~models.Q(number=""),
                name="letter_number_once_a_case",
            ),
        ]

    def __str__(self) -> str:
        return self.number or self.key
