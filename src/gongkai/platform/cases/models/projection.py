"""``CaseSummary``: a case in one row, for lists and search; worked out from the ledger, never edited."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from gongkai.platform.core.models import Body


class CaseSummary(models.Model):
    """Written in the transaction of the act; can be rebuilt and compared (``verify_projections``).

    Nothing is decided or counted from it. Dates are those that do not depend on the day of asking: whether a
    case is overdue today is for the selector to say. Vocabulary: ``gongkai.rules``.
    """

    body_id: str
    stream = models.CharField(primary_key=True, max_length=100)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="cases")
    number = models.CharField(max_length=60, blank=True)
    letter = models.CharField(max_length=60, blank=True, db_index=True)
    """The letter (来件) that it came in; reference of ``IncomingLetter``."""
    channel = models.CharField(max_length=20, blank=True)
    applicant_kind = models.CharField(max_length=20, blank=True)
    submitted_on = models.DateField(null=True)
    received_on = models.DateField(null=True)
    phase = models.CharField(max_length=30)
    waits_for = models.CharField(max_length=20, blank=True)
    """Who must act next, organ, applicant, third_party, co_maker, agency; empty once nothing is owed.

    Once ``waits_until`` has passed it is the organ.
    """
    reply_due_on = models.DateField(null=True)
    """Due date of the reply clock; ``None`` while it is paused, unknown, or ended."""
    notice_due_on = models.DateField(null=True)
    """Last day for asking for a correction, while that may still be done."""
    waits_until = models.DateField(null=True)
    """Last day of what a paused case waits for, where it has one."""
    paused_through = models.DateField(null=True)
    """Last day of a pause that ends by itself, as one for a consultation does; ``None``: it does not."""
    due_after_pause = models.DateField(null=True)
    """Due date of the reply clock after such a pause."""
    next_due_on = models.DateField(null=True)
    """By what the work list sorts: the reply's due date, else ``due_after_pause``, else ``waits_until``; of a
    revoked reply until handling anew is entered, ``cases.owing``."""
    paused = models.BooleanField(default=False)
    """When the last act was entered; on a later day see ``cases.projection.on_a_day``."""
    extended = models.BooleanField(default=False)
    provisional = models.BooleanField(default=False)
    outcome = models.CharField(max_length=40, blank=True)
    """Of the reply that stands; empty where it was revoked or is being given anew."""
    replied_on = models.DateField(null=True)
    answered_late = models.BooleanField(null=True)
    """Whether the reply clock ended late; ``None`` before it ended."""
    open = models.BooleanField(default=True)
    """A reply, its dispatch or its delivery is still owed."""
    service = models.CharField(max_length=20, blank=True)
    """Of an open case with a reply: how far its service is (``Service``), whatever the day."""
    ended_on = models.DateField(null=True)
    """The day since which nothing is owed; remedies and the archive do not move it."""
    challenged = models.BooleanField(default=False)
    """A proceeding against a reply (reconsideration, litigation) is not decided."""
    defence_due_on = models.DateField(null=True)
    """The first day by which the organ must answer in one; ``None``: it has, or the day is not known."""
    last_seq = models.PositiveIntegerField()
    last_position = models.PositiveBigIntegerField()

    class Meta:
        ordering: ClassVar = ["body", "received_on", "stream"]
        indexes: ClassVar = [
            # The work list must stay flat in the number of closed cases.
            models.Index(
                fields=["body", "next_due_on", "stream"],
                condition=models.Q(open=True),
                name="case_open_by_due",
            ),
            models.Index(
                fields=["body", "defence_due_on", "stream"],
                condition=models.Q(challenged=True),
                name="case_challenged",
            ),
            models.Index(fields=["body", "-received_on", "stream"], name="case_by_receipt"),
            models.Index(fields=["body", "number"], name="case_by_number"),
            # Boards: what was answered in a period, or ended without a reply (``replied_on`` is null then).
            models.Index(fields=["body", "replied_on", "ended_on", "received_on"], name="case_by_reply"),
        ]

    def __str__(self) -> str:
        return self.number or self.stream
