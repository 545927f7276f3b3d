"""An extension that who handles a case proposes to the head of the office, who alone decides (art. 33)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.platform.core.models import Body, Seat


class ProposalState(models.TextChoices):
    """What became of a proposal."""

    PROPOSED = "proposed", _("待负责人决定")
    RETURNED = "returned", _("负责人没有同意")
    WITHDRAWN = "withdrawn", _("已撤回")
    TOLD = "told", _("已同意，已告知申请人")
    LAPSED = "lapsed", _("案件已答复或者撤回，不再需要")


class ExtensionProposal(models.Model):
    """Kept beside the ledger: no legal act, the clock runs on. The act is ``extension.told``.

    ``text`` is the reference of a private record: the working days, the reason, who proposed in words.
    """

    key = models.CharField(primary_key=True, max_length=40)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    stream = models.CharField(max_length=100, db_index=True)
    state = models.CharField(max_length=20, choices=ProposalState.choices, default=ProposalState.PROPOSED)
    text = models.CharField(max_length=40)
    author = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    remarks = models.CharField(max_length=40, blank=True)
    """Reference of the private record with what the head of the office remarked."""

    class Meta:
        ordering: ClassVar = ["proposed_at", "key"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["stream"], condition=models.Q(state="proposed"), name="one_extension_proposed_a_case"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stream} {self.state}"
