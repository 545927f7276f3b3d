"""Replies in the making: the draft, and every step of its way to the approver and back."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.platform.core.models import Body, Seat


class DraftState(models.TextChoices):
    """Where a draft of a reply is."""

    DRAFTING = "drafting", _("起草中")
    SUBMITTED = "submitted", _("待审批")
    RETURNED = "returned", _("退回修改")
    APPROVED = "approved", _("已批准签发")
    DROPPED = "dropped", _("不再使用")


class ReplyDraft(models.Model):
    """A reply in the making. Approved, it becomes ``reply.issued`` and a letter; nobody approves their own.

    ``text`` is the reference of a private record: letter text, the fields it was made of, remarks. Each
    saving keeps a record of its own, so that versions can be compared (``DraftStep``).
    """

    steps: models.Manager[DraftStep]
    key = models.CharField(primary_key=True, max_length=40)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    stream = models.CharField(max_length=100, db_index=True)
    state = models.CharField(max_length=20, choices=DraftState.choices, default=DraftState.DRAFTING)
    outcome = models.CharField(max_length=40)
    sub_kind = models.CharField(max_length=40, blank=True)
    basis = models.JSONField(default=list)
    """Articles relied on, as references (``ogi_regulation_2019:36..3``)."""
    method = models.CharField(max_length=20, blank=True)
    parts = models.JSONField(default=list)
    files = models.JSONField(default=list)
    """References of the papers of the case that go out with the reply."""
    base_seq = models.PositiveIntegerField()
    """The case's last entry when it was saved: once there are later ones, the draft may be out of date."""
    text = models.CharField(max_length=40, blank=True)
    together = models.CharField(max_length=40, blank=True, db_index=True)
    """Drafts of the same key are answered in one document, each with its own outcome (一并答复)."""
    author = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    submitted_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    remarks = models.CharField(max_length=40, blank=True)
    """Reference of the private record with the approver's remarks."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["stream"],
                condition=models.Q(state__in=["drafting", "submitted", "returned"]),
                name="one_living_draft_a_case",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stream} {self.state}"


class DraftMove(models.TextChoices):
    """What was done with a draft."""

    SAVED = "saved", _("起草")
    SUBMITTED = "submitted", _("送审")
    RECALLED = "recalled", _("撤回修改")
    RETURNED = "returned", _("退回")
    SIGNED = "signed", _("审核同意")
    """By one of several levels, not the last one."""
    APPROVED = "approved", _("批准签发")
    DROPPED = "dropped", _("不再使用")


class DraftStep(models.Model):
    """One step of a draft: who did what, when, with which version. Never changed."""

    draft_id: str
    draft = models.ForeignKey(ReplyDraft, on_delete=models.CASCADE, related_name="steps")
    move = models.CharField(max_length=20, choices=DraftMove.choices)
    version = models.PositiveIntegerField()
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")
    """``None``: a job of the system, such as the demonstration."""
    at = models.DateTimeField()
    outcome = models.CharField(max_length=40, blank=True)
    sub_kind = models.CharField(max_length=40, blank=True)
    text = models.CharField(max_length=40, blank=True)
    """Reference of a private record: the version's text, or the remarks of who returned it."""

    class Meta:
        ordering: ClassVar = ["draft", "id"]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.version} {self.move}"
