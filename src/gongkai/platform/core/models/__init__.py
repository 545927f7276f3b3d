"""Bodies, people, and what is kept of them."""

from gongkai.platform.core.models.absences import Absence
from gongkai.platform.core.models.audit import AuditEntry, AuditHead
from gongkai.platform.core.models.bodies import Body, BodyLevel, LocalHoliday, LocalRule
from gongkai.platform.core.models.demonstration import DemonstrationDay
from gongkai.platform.core.models.people import ADMINISTRATORS, PasswordHistory, Person, Role, Seat, SeatRole
from gongkai.platform.core.models.private import BlindIndex, Erasure, PrivateRecord, StoredFile, Subject
from gongkai.platform.core.models.second_factor import Authenticator, RecoveryCode, RecoveryCodes

__all__ = [
    "ADMINISTRATORS",
    "Absence",
    "AuditEntry",
    "AuditHead",
    "Authenticator",
    "BlindIndex",
    "Body",
    "BodyLevel",
    "DemonstrationDay",
    "Erasure",
    "LocalHoliday",
    "LocalRule",
    "PasswordHistory",
    "Person",
    "PrivateRecord",
    "RecoveryCode",
    "RecoveryCodes",
    "Role",
    "Seat",
    "SeatRole",
    "StoredFile",
    "Subject",
]
