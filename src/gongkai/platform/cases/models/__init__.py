"""What the desk keeps beside the ledger: projections, erasable texts, letters in and out, drafts, numbers."""

from gongkai.platform.cases.models.letters import LetterTemplate, NumberSequence, OutgoingLetter
from gongkai.platform.cases.models.projection import CaseSummary
from gongkai.platform.cases.models.work import CaseDesk, CaseFile, CaseText, IncomingLetter, ReplyDraft

__all__ = [
    "CaseDesk",
    "CaseFile",
    "CaseSummary",
    "CaseText",
    "IncomingLetter",
    "LetterTemplate",
    "NumberSequence",
    "OutgoingLetter",
    "ReplyDraft",
]
