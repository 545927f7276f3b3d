"""What happens to a letter between its signature and its arrival: seal, head, numbers, post.

A letter that answers several cases has a row with each of them; here it is one document, named by the
reference of its frozen text (``OutgoingLetter.text``), which all its rows share.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.platform.core.models import Body, Seat, StoredFile


class Service(models.TextChoices):
    """How far the service of the reply that stands is; blank where none stands, or nothing is owed."""

    TO_SEND = "to_send", _("已签发，未送出")
    SENT = "sent", _("已寄出，等送达")
    RETURNED = "returned", _("退回，待再次送达")


class PostSettings(models.Model):
    """How a body heads, seals and posts its letters; without a row the defaults hold."""

    body = models.OneToOneField(Body, on_delete=models.PROTECT, primary_key=True, related_name="+")
    needs_seal = models.BooleanField(default=False)
    """A letter is not handed to the post before its sealing is entered."""
    warn_days = models.PositiveSmallIntegerField(default=1)
    """So many working days before the end of the reply clock a reply that was not sent is warned of."""
    head = models.CharField(max_length=60, blank=True)
    """The red head; blank: the body's name."""
    head_as_document = models.BooleanField(default=False)
    """The head ends with 文件."""
    seal_lines = models.PositiveSmallIntegerField(default=2)
    """Empty lines between the text and the signature, for the seal."""
    imprint = models.CharField(max_length=60, blank=True)
    """Who printed the letter, in the imprint at its end (版记); blank: no imprint."""
    sender = models.CharField(max_length=60, blank=True)
    """Who sends, on envelopes; blank: the body's name."""
    notice_days = models.PositiveSmallIntegerField(null=True, blank=True)
    """Days after which a public notice counts as delivered; ``None``: the office enters it by itself."""
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return str(self.pk)


class SealKind(models.TextChoices):
    """What kind of seal it is."""

    BODY = "body", _("机关印章")
    SPECIAL = "special", _("政府信息公开专用章")
    ELECTRONIC = "electronic", _("电子印章")
    OTHER = "other", _("其他印章")


class BodySeal(models.Model):
    """A seal of a body, and who keeps it."""

    key = models.CharField(primary_key=True, max_length=40)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=20, choices=SealKind.choices)
    keeper = models.CharField(max_length=60, blank=True)
    used_from = models.DateField()
    used_until = models.DateField(null=True)
    """The last day on which it was used; ``None``: in use."""

    class Meta:
        ordering: ClassVar = ["used_until", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["body", "name"],
                condition=models.Q(used_until__isnull=True),
                name="one_seal_of_a_name",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SealingState(models.TextChoices):
    """What became of a letter that was brought to be sealed."""

    SEALED = "sealed", _("已用印")
    REFUSED = "refused", _("未予用印")


class Sealing(models.Model):
    """A line of the seal register (用印登记): lines are added; a wrong one is struck out and stays."""

    key = models.CharField(primary_key=True, max_length=40)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    document = models.CharField(max_length=40, db_index=True)
    state = models.CharField(max_length=20, choices=SealingState.choices)
    seal = models.ForeignKey(BodySeal, on_delete=models.PROTECT, null=True, related_name="+")
    copies = models.PositiveSmallIntegerField(null=True)
    on = models.DateField()
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=40, blank=True)
    """Reference of the private record that says why it was refused."""
    struck_at = models.DateTimeField(null=True)
    struck_by = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")
    struck_reason = models.CharField(max_length=40, blank=True)
    """Reference of the private record that says what was wrong with the line."""

    class Meta:
        ordering: ClassVar = ["at", "key"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["document"],
                condition=models.Q(state="sealed", struck_at__isnull=True),
                name="a_letter_is_sealed_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.state}"


class SealedCopy(models.Model):
    """The sealed PDF that came back from the office's own document system; both files stay."""

    document = models.CharField(primary_key=True, max_length=40)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(StoredFile, on_delete=models.SET_NULL, null=True, related_name="+")
    note = models.CharField(max_length=40)
    """Reference of the private record with the SHA-256 of the file, and how its text was compared."""
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.document


class Posting(models.Model):
    """A letter handed to the post, or sent another way. Of a reply the ledger tells the same (``seq``)."""

    key = models.CharField(primary_key=True, max_length=40)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    document = models.CharField(max_length=40)
    turn = models.PositiveSmallIntegerField()
    """1 for the first service, then 2 and so on."""
    method = models.CharField(max_length=20)
    on = models.DateField()
    note = models.CharField(max_length=40)
    """Reference of the private record: mail number, to whom, where to."""
    returned_on = models.DateField(null=True)
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["document", "turn"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "turn"], name="one_posting_a_turn"),
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.turn}"


class NumberState(models.TextChoices):
    """Why a number is without a letter, or must not be used."""

    VOID = "void", _("作废")
    ELSEWHERE = "elsewhere", _("用于系统外的文书")


class NumberNote(models.Model):
    """What is said of a number that was given: void, or borne by a letter outside. Never given again."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=40)
    serial = models.PositiveIntegerField()
    state = models.CharField(max_length=20, choices=NumberState.choices)
    reason = models.CharField(max_length=40)
    """Reference of a private record."""
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-year", "kind", "-serial"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["body", "year", "kind", "serial"], name="one_note_a_document_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.year} {self.serial} {self.state}"
