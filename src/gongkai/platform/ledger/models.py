"""The tables of the ledger. They are never altered: a rebuild would drop the triggers on SQLite."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.db import models


class AppendOnly(TypeError):
    """Entries are neither changed nor deleted; mistakes are corrected by a further entry."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Refuses what the database would refuse, with a clearer word."""

    def update(self, **_kwargs: Any) -> NoReturn:
        raise AppendOnly("ledger entries are never updated")

    def delete(self) -> NoReturn:
        raise AppendOnly("ledger entries are never deleted")


class LedgerHead(models.Model):
    """The last entry of a body's chain; locked while entries are appended, so positions have no gaps.

    Position 0 with the header's hash is a ledger without entries (``gongkai.rules.ledger.Header``).
    """

    body = models.CharField(primary_key=True, max_length=60)
    algorithm = models.CharField(max_length=10)
    position = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64)
    recorded_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.body}:{self.position}"


class LedgerEvent(models.Model):
    """One act in its place in a body's chain. ``payload`` is canonical JSON text, as the hash covers it."""

    body = models.CharField(max_length=60)
    position = models.PositiveBigIntegerField()
    stream = models.CharField(max_length=100)
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    occurred_on = models.DateField()
    recorded_at = models.DateTimeField()
    actor = models.CharField(max_length=60)
    payload = models.TextField()
    schema = models.PositiveSmallIntegerField()
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["body", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "position"], name="ledger_position"),
            models.UniqueConstraint(fields=["body", "stream", "seq"], name="ledger_stream_seq"),
        ]
        indexes: ClassVar = [models.Index(fields=["body", "kind", "occurred_on"], name="ledger_kind_day")]

    def __str__(self) -> str:
        return f"{self.body}:{self.position} {self.kind}"

    def save(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly("entries are written by ledger.append alone")

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly("ledger entries are never deleted")


class LedgerRoot(models.Model):
    """A day's root over the heads of all bodies; ``heads`` is canonical JSON text, as the hash covers it.

    ``gongkai.rules.ledger.Root`` says what is hashed.
    """

    day = models.DateField(primary_key=True)
    algorithm = models.CharField(max_length=10)
    heads = models.TextField()
    prev_root = models.CharField(max_length=64, unique=True)
    """Unique: nothing forks the chain."""
    root = models.CharField(max_length=64)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.root}"

    def save(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly("roots are written by ledger.write_root alone")

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly("roots are never deleted")
