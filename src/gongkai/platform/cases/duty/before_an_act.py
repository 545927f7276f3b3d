"""What moved since a case's row was worked out, noted before an act works the row out anew and covers it."""

from __future__ import annotations

from collections.abc import Sequence

from gongkai.platform.cases.duty.moving import moves_of, note_moves
from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.cases.projection import summary_fields
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.bases import Basis
from gongkai.platform.core.models import Body
from gongkai.rules.event import Event


def note_what_moved(*, body: Body, stream: str, events: Sequence[Event], basis: Basis, actor: Actor) -> None:
    """Compare the row with what its entries give now; under the lock of the body's chain.

    The worker or the daily work would have found it, but somebody acts on the case before them.
    """
    stored = CaseSummary.objects.filter(stream=stream, open=True).first() if events else None
    if stored is not None and stored.last_seq == events[-1].seq:
        moves = moves_of(stored, summary_fields(body.key, events, basis))
        note_moves(body=body, moves=moves, basis=basis, actor=actor)
