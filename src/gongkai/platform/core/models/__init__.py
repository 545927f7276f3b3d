"""Bodies, people, and what is kept of them."""

from gongkai.platform.core.models.audit import AuditEntry, AuditHead
from gongkai.platform.core.models.bodies import Body, BodyLevel, LocalHoliday, LocalRule
from gongkai.platform.core.models.demonstration import DemonstrationDay
from gongkai.platform.core.models.people import ADMINISTRATORS, Person, Role, Seat, SeatRole
from gongkai.platform.core.models.private import BlindIndex, Erasure, PrivateRecord, StoredFile, Subject

__all__ = [
    "ADMINISTRATORS",
    "AuditEntry",
    "AuditHead",
    "BlindIndex",
    "Body",
    "BodyLevel",
    "DemonstrationDay",
    "Erasure",
    "LocalHoliday",
    "LocalRule",
    "Person",
    "PrivateRecord",
    "Role",
    "Seat",
    "SeatRole",
    "StoredFile",
    "Subject",
]
