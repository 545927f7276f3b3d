"""What the tests of letters share: a case with its applicant, and drafts of every outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from tests.platform.conftest import TODAY, Place

from gongkai.platform.cases.applicants import ApplicantDetails, RequestedItem
from gongkai.platform.cases.letters.kinds import LetterKind, reply_letter
from gongkai.platform.cases.models import CaseFile, ReplyDraft
from gongkai.platform.cases.services.acting import Step, perform_acts
from gongkai.platform.cases.services.drafts import DraftContent, save_draft, submit_draft
from gongkai.platform.cases.services.papers import NewPaper, add_papers
from gongkai.platform.cases.services.registration import register_letter
from gongkai.platform.ledger.selectors import history
from gongkai.rules.vocabulary import SUB_KINDS, Outcome

APPLICANT = ApplicantDetails(
    kind="natural_person", name="陈知微", identity_type="resident_card", identity_number="110101199003070011",
    phone="13800001234", address="云溪县清河路8号", postcode="000000",
)  # fmt: skip
ITEM = RequestedItem(description="县中医院迁建项目施工合同", form_wanted="paper", way_wanted="post")
RECEIVED = date(2026, 2, 9)
OUTCOMES = [(o.value, s) for o in Outcome for s in ("", *sorted(SUB_KINDS.get(o, ())))]
"""Every outcome, without and with each of its sub-kinds."""

PARTS = (
    {"part": "contract", "disclosed": True},
    {"part": "annex-3", "disclosed": False, "ground": "denied_third_party"},
)


def filled(kind: LetterKind) -> dict[str, str]:
    """The fields of a letter, filled with their examples."""
    return {field.key: field.variable.example for field in kind.fields}


@dataclass
class Case:
    """A registered case, and people who work on it."""

    place: Place
    stream: str

    @property
    def seq(self) -> int:
        """The number of its last entry."""
        return history(body=self.place.body.key, stream=self.stream).seq

    def do(self, *steps: Step, role: str = "handler", day: date = TODAY) -> None:
        """Perform acts on it."""
        perform_acts(
            body=self.place.body, stream=self.stream, steps=steps, expected_seq=self.seq,
            actor=self.place.actor(role, day),
        )  # fmt: skip

    def paper(self, kind: str, name: str) -> CaseFile:
        """Add a paper."""
        (paper,) = add_papers(
            body=self.place.body, stream=self.stream, actor=self.place.actor("handler"),
            papers=[NewPaper(kind=kind, name=name, content=b"%PDF-1.4 " + name.encode())],
        )  # fmt: skip
        return paper

    def save(self, content: DraftContent, *, version: int = 0, role: str = "handler") -> ReplyDraft:
        """Save a draft as the handler."""
        return save_draft(
            body=self.place.body, stream=self.stream, content=content, expected_version=version,
            expected_seq=self.seq, actor=self.place.actor(role),
        )  # fmt: skip

    def submit(self, content: DraftContent | None = None) -> ReplyDraft:
        """Save and submit a draft as the handler."""
        draft = self.save(content or content_for("denied_internal"))
        return submit_draft(
            body=self.place.body, stream=self.stream, expected_version=draft.version,
            actor=self.place.actor("handler"),
        )  # fmt: skip


def content_for(outcome: str, sub_kind: str = "", **given: Any) -> DraftContent:
    """A complete draft of an outcome."""
    kind = reply_letter(outcome, sub_kind)
    usual: Mapping[str, Any] = {
        "outcome": outcome, "sub_kind": sub_kind, "fields": filled(kind), "method": "post",
        "parts": PARTS if outcome == "partial" else (),
        "basis": (*kind.basis, "ogi_regulation_2019:15") if outcome == "partial" else None,
    }  # fmt: skip
    return DraftContent(**{**usual, **given})


def groundwork(case: Case, outcome: str) -> None:
    """What the law asks for before a reply of this outcome."""
    if outcome in ("other_no_correction", "unavailable_still_unclear"):
        case.do(Step("correction.requested", date(2026, 2, 10), {"respond_by": "2026-02-25"}))
    if outcome == "other_no_correction":
        case.do(Step("correction.lapsed", date(2026, 2, 26)))
    if outcome == "unavailable_still_unclear":
        case.do(Step("correction.received", date(2026, 2, 24)))
    if outcome == "other_unpaid":
        case.do(
            Step("fee.notified", date(2026, 2, 10), {"amount": "100.00"}),
            Step("fee.delivered", date(2026, 2, 10)),
            Step("fee.lapsed", date(2026, 3, 20)),
            day=date(2026, 3, 20),
        )
    if outcome == "rejected_excessive":
        case.do(
            Step("reasons.requested", date(2026, 2, 10)),
            Step("reasons.received", date(2026, 2, 24), {"reasonable": False}),
        )


@pytest.fixture
def case(county: Place) -> Case:
    """A case received at the counter on 9 February 2026."""
    registered = register_letter(
        body=county.body, actor=county.actor("receiving_clerk", RECEIVED), channel="counter",
        came_on=RECEIVED, applicant=APPLICANT, items=[ITEM],
    )  # fmt: skip
    return Case(county, registered.summaries[0].stream)
