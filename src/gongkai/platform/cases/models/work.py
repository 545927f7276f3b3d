"""What people work on beside the acts: letters in, texts, papers, who handles."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.platform.core.models import Body, Seat, StoredFile, Subject


class IncomingLetter(models.Model):
    """A letter (来件): one envelope, one counter visit. It owns one or more cases (一函多申请)."""

    ref = models.CharField(primary_key=True, max_length=40)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="letters_in")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, null=True, related_name="letters")
    channel = models.CharField(max_length=20)
    came_on = models.DateField(_("到达日"))
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")
    applicant_label = models.CharField(max_length=100, blank=True)
    """How the writer is called in lists, where no case of the letter tells; erased with the person."""
    details = models.CharField(max_length=40, blank=True)
    """Reference of the private record with the writer's details; of a case ``CaseText.details`` holds."""

    class Meta:
        ordering: ClassVar = ["-registered_at"]
        indexes: ClassVar = [models.Index(fields=["body", "-came_on", "ref"], name="letter_by_day")]

    def __str__(self) -> str:
        return self.ref


class CaseText(models.Model):
    """What is asked for, in words, and how the applicant is called in lists; erased with the person.

    ``details`` is the reference of the private record with all fields of art. 29. ``title`` and
    ``description`` are searched.
    """

    letter_id: str | None
    stream = models.CharField(primary_key=True, max_length=100)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, null=True, related_name="texts")
    letter = models.ForeignKey(IncomingLetter, on_delete=models.PROTECT, null=True, related_name="texts")
    """The letter that it came in; known before its receipt is, when the ledger does not name it yet."""
    unit = models.PositiveSmallIntegerField(default=1)
    """Which item of the letter."""
    title = models.CharField(max_length=200, blank=True)
    description = models.TextField(blank=True)
    applicant_label = models.CharField(max_length=100, blank=True)
    """A masked name (陈*) for a person, the name of an organisation."""
    details = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return self.title


class CaseDesk(models.Model):
    """Who handles a case; the office's own arrangement, no legal act."""

    stream = models.CharField(primary_key=True, max_length=100)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    handler = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="handled")

    def __str__(self) -> str:
        return self.stream


class PaperKind(models.TextChoices):
    """What a paper in a case is; redacted copies stand apart from originals."""

    APPLICATION = "application", _("申请表、申请书")
    IDENTITY = "identity", _("身份证明")
    AUTHORITY = "authority", _("授权委托书")
    CORRECTION = "correction", _("补正材料")
    OPINION = "opinion", _("第三方、其他机关意见")
    SEARCH_RECORD = "search_record", _("检索记录")
    ORIGINAL = "original", _("拟公开信息原件")
    REDACTED = "redacted", _("遮盖件")
    PROOF = "proof", _("送达凭证")
    REMEDY = "remedy", _("复议、诉讼材料")
    OTHER = "other", _("其他")


class CaseFile(models.Model):
    """A paper of a case."""

    file_id: str
    redacts_id: str | None
    file = models.OneToOneField(StoredFile, on_delete=models.CASCADE, primary_key=True)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    stream = models.CharField(max_length=100, db_index=True)
    kind = models.CharField(max_length=20, choices=PaperKind.choices)
    redacts = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="redacted_copies")
    """The original of which this is a redacted copy."""
    added_on = models.DateField()

    class Meta:
        ordering: ClassVar = ["added_on", "file"]

    def __str__(self) -> str:
        return self.file_id
