"""What the desk keeps beside the ledger: projections, erasable texts, letters in and out, drafts, numbers."""

from gongkai.platform.cases.models.after import (
    Appointment,
    AppointmentKind,
    ArchivePackage,
    EvidenceBundle,
    LossReview,
)
from gongkai.platform.cases.models.drafts import DraftMove, DraftState, DraftStep, ReplyDraft
from gongkai.platform.cases.models.letters import LetterTemplate, NumberSequence, OutgoingLetter
from gongkai.platform.cases.models.projection import CaseSummary
from gongkai.platform.cases.models.proposals import ExtensionProposal, ProposalState
from gongkai.platform.cases.models.sensitive import (
    ApprovalLevels,
    FalseAlarm,
    SecretPointer,
    SensitiveFlag,
    SensitiveReader,
)
from gongkai.platform.cases.models.tasks import (
    CaseTask,
    Found,
    OutcomeNeed,
    ReminderKind,
    SearchRecord,
    Stance,
    TaskPaper,
    TaskReminder,
    TaskSetting,
    TaskState,
    Unit,
)
from gongkai.platform.cases.models.work import CaseDesk, CaseFile, CaseText, IncomingLetter, PaperKind

__all__ = [
    "Appointment",
    "AppointmentKind",
    "ApprovalLevels",
    "ArchivePackage",
    "CaseDesk",
    "CaseFile",
    "CaseSummary",
    "CaseTask",
    "CaseText",
    "DraftMove",
    "DraftState",
    "DraftStep",
    "EvidenceBundle",
    "ExtensionProposal",
    "FalseAlarm",
    "Found",
    "IncomingLetter",
    "LetterTemplate",
    "LossReview",
    "NumberSequence",
    "OutcomeNeed",
    "OutgoingLetter",
    "PaperKind",
    "ProposalState",
    "ReminderKind",
    "ReplyDraft",
    "SearchRecord",
    "SecretPointer",
    "SensitiveFlag",
    "SensitiveReader",
    "Stance",
    "TaskPaper",
    "TaskReminder",
    "TaskSetting",
    "TaskState",
    "Unit",
]
