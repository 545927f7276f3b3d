"""How many people approve a reply, and who of them has signed since it was submitted.

One who issues it, and besides as many as the sensitive flag of the case or the body's setting for the outcome
asks for, whichever is more. A reply that was returned begins at the first level again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Exists, OuterRef

from gongkai.platform.cases.models import (
    ApprovalLevels,
    DraftMove,
    DraftStep,
    ReplyDraft,
    SensitiveFlag,
)
from gongkai.platform.core.models import Body, Seat


class LevelsMissing(RuntimeError):
    """A reply that others must sign first, or that was signed since it was shown.

    ``signed``: how many have; ``needed``: how many approve in all, who issues it included.
    """

    def __init__(self, signed: int, needed: int) -> None:
        super().__init__(f"{signed} of {needed}")
        self.signed, self.needed = signed, needed


def levels_of(drafts: Iterable[ReplyDraft]) -> int:
    """How many people approve these drafts, which are answered in one document."""
    found = list(drafts)
    flags = SensitiveFlag.objects.filter(stream__in=[one.stream for one in found], lifted_at__isnull=True)
    settings = ApprovalLevels.objects.filter(
        body__in={one.body.pk for one in found}, outcome__in={one.outcome for one in found}
    )
    more = [*flags.values_list("levels", flat=True), *settings.values_list("levels", flat=True)]
    return 1 + max(more, default=0)


def signatures_of(draft: ReplyDraft) -> list[DraftStep]:
    """The signatures of this round, oldest first: those since the draft was last submitted."""
    steps = list(draft.steps.select_related("seat__person").order_by("id"))
    submitted = max(
        (at for at, one in enumerate(steps) if one.move == DraftMove.SUBMITTED), default=len(steps)
    )
    return [one for one in steps[submitted:] if one.move == DraftMove.SIGNED]


def signers_of(draft: ReplyDraft) -> frozenset[str]:
    """The persons who signed in this round: none of them signs or issues it once more."""
    return frozenset(one.seat.person_id for one in signatures_of(draft) if one.seat is not None)


def require_last_level(drafts: Sequence[ReplyDraft], expected: int | None = None) -> None:
    """Raise ``LevelsMissing`` where not all but the last have signed, or not as many as were shown."""
    signed, needed = len(signatures_of(drafts[0])), levels_of(drafts)
    if signed + 1 < needed or (expected is not None and expected != signed):
        raise LevelsMissing(signed, needed)


def signed_by(seat: Seat) -> Exists:
    """For a query of drafts: whether this person signed it in this round."""
    later = DraftStep.objects.filter(draft=OuterRef("draft"), move=DraftMove.SUBMITTED, pk__gt=OuterRef("pk"))
    mine = DraftStep.objects.filter(draft=OuterRef("pk"), move=DraftMove.SIGNED, seat__person=seat.person_id)
    return Exists(mine.filter(~Exists(later)))


def levels_set(body: Body) -> dict[str, int]:
    """The body's setting: how many more approve, by outcome."""
    return dict(ApprovalLevels.objects.filter(body=body).values_list("outcome", "levels"))
