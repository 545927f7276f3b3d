"""What comes after a reply: packages of the archive, bundles of evidence, appointments, reviews of losses.

None of it is an act: the acts stand in the ledger. Free text is in private records, files are encrypted;
both bear the case's stream and are erased with the person.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.platform.core.models import Body, Seat, StoredFile


class ArchivePackage(models.Model):
    """A case as one ZIP that opens without this software (归档包); made again after later acts."""

    file_id: str | None
    key = models.CharField(primary_key=True, max_length=40)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    stream = models.CharField(max_length=100)
    version = models.PositiveIntegerField()
    last_seq = models.PositiveIntegerField()
    """The case's last entry that is in it: once there are later ones, it is out of date."""
    made_on = models.DateField()
    """The legal day whose state it shows."""
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")
    """``None``: a job of the system."""
    sha256 = models.CharField(max_length=64)
    manifest_sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    file = models.ForeignKey(StoredFile, on_delete=models.SET_NULL, null=True, related_name="+")
    """``None``: erased with the person; what it was stays told by its hashes."""

    class Meta:
        ordering: ClassVar = ["stream", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stream", "version"], name="one_archive_version"),
        ]

    def __str__(self) -> str:
        return f"{self.stream} {self.version}"


class EvidenceBundle(models.Model):
    """The evidence for one proceeding with its list (证据材料), as it was handed in."""

    file_id: str | None
    key = models.CharField(primary_key=True, max_length=40)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    stream = models.CharField(max_length=100)
    remedy = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    made_on = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")
    pieces = models.PositiveIntegerField()
    text = models.CharField(max_length=40)
    """Reference of the private record: what was chosen, and what each is to prove."""
    sha256 = models.CharField(max_length=64)
    file = models.ForeignKey(StoredFile, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["stream", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stream", "version"], name="one_bundle_version"),
        ]

    def __str__(self) -> str:
        return f"{self.stream} {self.version}"


class AppointmentKind(models.TextChoices):
    """What is to happen in a proceeding on a day."""

    HEARING = "hearing", _("开庭")
    RECONSIDERATION_HEARING = "reconsideration_hearing", _("复议听证")
    ENQUIRY = "enquiry", _("询问、听取意见")
    EVIDENCE_EXCHANGE = "evidence_exchange", _("证据交换")
    EVIDENCE_DUE = "evidence_due", _("举证期限届满")
    MEDIATION = "mediation", _("调解、协调")
    PRONOUNCEMENT = "pronouncement", _("宣判")
    OTHER = "other", _("其他")


class Appointment(models.Model):
    """A day in a proceeding that others set, such as a hearing; no legal act of the organ."""

    key = models.CharField(primary_key=True, max_length=40)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    stream = models.CharField(max_length=100, db_index=True)
    remedy = models.CharField(max_length=60)
    kind = models.CharField(max_length=30, choices=AppointmentKind.choices)
    on = models.DateField()
    at = models.TimeField(null=True)
    text = models.CharField(max_length=40, blank=True)
    """Reference of the private record: place, remarks."""
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["on", "at", "key"]
        indexes: ClassVar = [models.Index(fields=["body", "on"], name="appointment_by_day")]

    def __str__(self) -> str:
        return f"{self.kind} {self.on}"


class LossReview(models.Model):
    """Why a reply did not stand, and what is done about it (败诉、纠错复盘); the newest version holds."""

    body_id: str
    key = models.CharField(primary_key=True, max_length=40)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    stream = models.CharField(max_length=100)
    loss = models.CharField(max_length=100)
    """The proceeding and its instance, or the reply that was revoked; ``cases.losses`` names them."""
    version = models.PositiveIntegerField()
    cause = models.CharField(max_length=40)
    """One of ``cases/loss_causes.yaml``."""
    text = models.CharField(max_length=40)
    """Reference of the private record: what went wrong, the measure."""
    responsible = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")
    due_on = models.DateField()
    done_on = models.DateField(null=True)
    done_by = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")
    signed_by = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["stream", "loss", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stream", "loss", "version"], name="one_review_version"),
        ]

    def __str__(self) -> str:
        return f"{self.stream} {self.loss}"
