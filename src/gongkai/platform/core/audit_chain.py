"""``verify_audit``: whether the audit trail is as it was written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from gongkai.platform.core.audit import entry_hash
from gongkai.platform.core.models import AuditEntry, AuditHead
from gongkai.rules.ledger import LedgerError
from gongkai.rules.ledger.canonical import parsed_exactly

MOST_DAMAGES = 20
_START = "0" * 64


class AuditDamage(StrEnum):
    """What can be wrong with the trail."""

    CHANGED = "changed"
    REMOVED = "removed"
    INSERTED = "inserted"
    HEAD_DIFFERS = "head_differs"


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """One damage, at a position of the trail."""

    damage: AuditDamage
    position: int

    def message(self) -> str:
        """In a sentence."""
        texts = {
            AuditDamage.CHANGED: _("审计第 {position} 条与散列值不符，或者接不上前一条：被改过。"),
            AuditDamage.REMOVED: _("审计第 {position} 条之前少了记录。"),
            AuditDamage.INSERTED: _("审计第 {position} 条的编号重复或者次序不对：是插入的。"),
            AuditDamage.HEAD_DIFFERS: _("审计的链尾与第 {position} 条不符：被截去或改过。"),
        }
        return texts[self.damage].format(position=self.position)


@dataclass(frozen=True, slots=True)
class AuditVerification:
    """What was found. Without a copy kept elsewhere a trail that was computed anew shows nothing."""

    damages: tuple[AuditFinding, ...]
    entries: int

    @property
    def ok(self) -> bool:
        """No damage was found."""
        return not self.damages


def verify_audit(*, progress: Callable[[int], None] | None = None) -> AuditVerification:
    """Verify the chain of the audit trail and its head; at most twenty damages are told.

    To be called in a transaction of one moment (``core.snapshots``) where others go on writing.
    """
    damages: list[AuditFinding] = []
    previous, expected, count = _START, 1, 0
    rows = AuditEntry.objects.order_by("position", "id").defer("at").annotate(moment=Cast("at", TextField()))
    for entry in rows.iterator(chunk_size=2000):
        count += 1
        if progress is not None and count % 1000 == 0:
            progress(1000)
        if type(entry.position) is not int:  # SQLite holds whatever is put there by hand
            damages.append(AuditFinding(AuditDamage.INSERTED, expected))
            continue
        if entry.position > expected:
            damages.append(AuditFinding(AuditDamage.REMOVED, entry.position))
        elif entry.position < expected:
            damages.append(AuditFinding(AuditDamage.INSERTED, entry.position))
            continue
        elif entry.prev_hash != previous or not _sound(entry):
            damages.append(AuditFinding(AuditDamage.CHANGED, entry.position))
        previous, expected = entry.hash, entry.position + 1
        if len(damages) == MOST_DAMAGES:
            return AuditVerification(tuple(damages), count)
    head = AuditHead.objects.filter(id=1).first()
    noted = (0, _START) if head is None else (head.position, head.hash)
    if noted != (expected - 1, previous):
        damages.append(AuditFinding(AuditDamage.HEAD_DIFFERS, expected - 1))
    return AuditVerification(tuple(damages), count)


def _sound(entry: AuditEntry) -> bool:
    """Whether the hash is that of the content; the moment is read as text, whatever stands there."""
    try:
        moment = datetime.fromisoformat(str(getattr(entry, "moment", "")))
        entry.at = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
        parsed_exactly(entry.detail.encode())
        return entry_hash(entry) == entry.hash
    except (ValueError, LedgerError):  # no moment, no canonical detail, fractions of a second, no hash
        return False
