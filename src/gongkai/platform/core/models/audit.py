"""The audit trail: one row for every write and for every reading of personal data; nobody edits it."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.db import models


class AuditIsAppendOnly(TypeError):
    """Nobody changes or deletes an entry, not the administrators either."""


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    """Refuses what the database would refuse, with a clearer word."""

    def update(self, **_kwargs: Any) -> NoReturn:
        raise AuditIsAppendOnly("audit entries are never updated")

    def delete(self) -> NoReturn:
        raise AuditIsAppendOnly("audit entries are never deleted")


class AuditEntry(models.Model):
    """Append only, refused by the model and by a database trigger, chained as the ledger is.

    ``detail`` holds codes, references and numbers, never personal data or free text.
    """

    position = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField(db_index=True)
    """The wall's time, also in the demonstration."""
    act = models.CharField(max_length=60, db_index=True)
    """Dotted and registered (``core.audit.ACTS``)."""
    success = models.BooleanField(default=True)
    person = models.CharField(max_length=40, blank=True, db_index=True)
    seat = models.CharField(max_length=40, blank=True)
    body = models.CharField(max_length=40, blank=True, db_index=True)
    object = models.CharField(max_length=100, blank=True, db_index=True)
    address = models.CharField(max_length=45, blank=True)
    detail = models.TextField(default="{}")
    """Canonical JSON."""
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["position"]

    def __str__(self) -> str:
        return f"{self.position} {self.act}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write a new entry; raise ``AuditIsAppendOnly`` for one that is there."""
        if not self._state.adding:
            raise AuditIsAppendOnly("audit entries are never updated")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AuditIsAppendOnly("audit entries are never deleted")


class AuditHead(models.Model):
    """The last entry of the audit chain, locked while the next is written; one row."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    position = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)

    def __str__(self) -> str:
        return str(self.position)
