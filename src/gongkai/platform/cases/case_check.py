"""``check_case``: is a case what was entered? Its entries, the texts kept outside, its row in the lists."""

from __future__ import annotations

from dataclasses import dataclass

from gongkai.platform.cases.case_view import NoSuchCase
from gongkai.platform.cases.verifying import row_differs
from gongkai.platform.core import private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.bases import basis_for
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act
from gongkai.platform.ledger.selectors import history
from gongkai.platform.ledger.verifying import verify_stream


@dataclass(frozen=True, slots=True)
class CaseCheck:
    """What was found; numbers are those of entries of the case."""

    entries: int
    damaged: tuple[int, ...]
    """Entries that are not as they were entered, or not in their place of the body's chain."""
    texts: int
    """Texts outside the ledger that are what their entries committed to."""
    texts_changed: tuple[int, ...]
    texts_erased: int
    row_differs: bool | None
    """Whether the row in the lists is another than the entries give; ``None`` where they cannot be read."""

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong; what was erased is not."""
        return not (self.damaged or self.texts_changed) and self.row_differs is False


def check_case(*, body: Body, stream: str, actor: Actor) -> CaseCheck:
    """Check a case; nothing is written and nobody's data is shown. Raises ``NoSuchCase``."""
    if not actor.may(Act.CASE_SEE, body):
        raise NoSuchCase(stream)
    found = verify_stream(body=body.key, stream=stream)
    try:
        events = history(body=body.key, stream=stream).events
    except ValueError:
        return CaseCheck(found.entries, found.damaged, 0, (), 0, None)
    committed = {
        str(event.payload["ref"]): (event.seq, str(event.payload["commitment"]))
        for event in events
        if event.payload.get("ref") and event.payload.get("commitment")
    }
    told = private.committed_to({ref: said for ref, (_seq, said) in committed.items()})
    changed = sorted(committed[ref][0] for ref, fits in told.items() if fits is False)
    return CaseCheck(
        found.entries,
        found.damaged,
        sum(fits is True for fits in told.values()),
        tuple(changed),
        sum(fits is None for fits in told.values()),
        row_differs(body, stream, events, basis_for(body, known_on=actor.present.known_on)),
    )
