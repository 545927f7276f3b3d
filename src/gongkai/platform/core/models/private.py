"""Personal data and free text, outside the ledger: encrypted, found by blind index, erasable."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from gongkai.platform.core.models.bodies import Body


class Subject(models.Model):
    """A person or organisation outside the office (an applicant, a third party) as one erasable whole."""

    key = models.CharField(primary_key=True, max_length=40)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.key


class PrivateRecord(models.Model):
    """One encrypted set of fields; ``ref`` is what a ledger payload holds of it, beside a commitment."""

    subject_id: str | None
    ref = models.CharField(primary_key=True, max_length=40)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    stream = models.CharField(max_length=60, db_index=True)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, null=True, related_name="records")
    kind = models.CharField(max_length=40)
    token = models.TextField()
    """Key id, nonce and ciphertext (``core.keys``)."""
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}"


class BlindIndex(models.Model):
    """A keyed hash of one field, for finding the same applicant by an exact value."""

    record = models.ForeignKey(PrivateRecord, on_delete=models.CASCADE, related_name="indexes")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    field = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["body", "digest", "field"], name="blind_index_lookup")]

    def __str__(self) -> str:
        return f"{self.field} {self.digest[:8]}"


class Erasure(models.Model):
    """An erasure that was carried out; replayed after a restore, so that the erased stay erased."""

    subject = models.CharField(max_length=40, unique=True)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    erased_at = models.DateTimeField()
    actor = models.CharField(max_length=40)

    def __str__(self) -> str:
        return self.subject


class StoredFile(models.Model):
    """A file in the private root, encrypted; its blob is named by ``sha256``, that of the sealed bytes."""

    ref = models.CharField(primary_key=True, max_length=40)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    stream = models.CharField(max_length=60, db_index=True)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, null=True, related_name="files")
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    name_token = models.TextField()
    """The file's name, encrypted: names of scans often hold names of people."""
    created_at = models.DateTimeField()
    actor = models.CharField(max_length=40)

    def __str__(self) -> str:
        return self.ref
