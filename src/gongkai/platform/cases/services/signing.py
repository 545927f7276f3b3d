"""A reply that several approve: all but the last sign it, the last one issues it.

Each is another person, none of them wrote or submitted it, and of a sensitive case each is a reader.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from gongkai.platform.cases.models import DraftMove, ReplyDraft
from gongkai.platform.cases.sensitive.levels import LevelsMissing, levels_of, signatures_of
from gongkai.platform.cases.services.drafts import (
    DraftChanged,
    NoDraft,
    drafts_together,
    living_draft,
    note_step,
    ready_to_issue,
)
from gongkai.platform.cases.services.together import Seen
from gongkai.platform.core import audit
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act
from gongkai.platform.ledger.services import lock


@transaction.atomic
def sign_reply(
    *,
    body: Body,
    stream: str,
    seen: Mapping[str, Seen],
    expected_signed: int,
    actor: Actor,
    although_changed: bool = False,
) -> tuple[ReplyDraft, ...]:
    """Sign a reply that waits, for all cases that it answers; another level goes on with it.

    - ``seen``: of each case what was shown; ``expected_signed``: how many had signed when it was shown;
    - nothing is entered in the ledger, and no clock stops: it is the office's own order.

    Raises ``NotPermitted``, ``OwnDraft``, ``NoDraft``, ``DraftChanged``, ``DraftIsStale``,
    ``DraftIncomplete``; ``LevelsMissing`` where the next one issues it, or somebody signed meanwhile.
    """
    actor.require(Act.CASE_APPROVE, body)
    lock(body=body.key)
    draft = living_draft(body=body, stream=stream)
    if draft is None:
        raise NoDraft(stream)
    drafts = drafts_together(draft)
    if {one.stream for one in drafts} != set(seen):
        raise DraftChanged(draft.state, draft.version)
    for one in drafts:
        ready_to_issue(
            body=body, stream=one.stream, expected_version=seen[one.stream].version,
            expected_seq=seen[one.stream].seq, actor=actor, day=actor.today,
            although_changed=although_changed,
        )  # fmt: skip
    signed, needed = len(signatures_of(draft)), levels_of(drafts)
    if signed != expected_signed or signed + 1 >= needed:
        raise LevelsMissing(signed, needed)
    for one in drafts:
        note_step(one, DraftMove.SIGNED, actor)
        audit.record(
            "draft.signed", actor=actor, body=body, object=one.key,
            detail={"stream": one.stream, "version": one.version, "level": signed + 1},
        )  # fmt: skip
    return tuple(drafts)
