"""Bringing past cases into the ledger, a chunk of rows a transaction: killed at any moment it goes on.

Each act is judged again under the lock of the body's chain, by the same ``decide`` and with the numbers in
use at that moment; it is appended and projected as ``perform_acts`` does it, for the whole chunk together.
How many cases are in is written in the same transaction. Streams follow from the import and the row: what is
there already cannot be entered a second time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction

from gongkai.platform.cases.applicants import (
    APPLICANT,
    ApplicantDetails,
    RequestedItem,
    fields_of,
    same_applicant,
)
from gongkai.platform.cases.models import (
    CaseDesk,
    CaseSummary,
    CaseText,
    IncomingLetter,
    PastImport,
    PastState,
)
from gongkai.platform.cases.past.acts import received_on
from gongkai.platform.cases.past.checking import Planned, handlers_by_name, numbers_taken
from gongkai.platform.cases.past.judging import Judged, PastCase, judge_case
from gongkai.platform.cases.past.keeping import (
    forget_file,
    forget_findings,
    keep_problems,
)
from gongkai.platform.cases.past.mends import mend_of
from gongkai.platform.cases.past.rows import PastRow, Problem
from gongkai.platform.cases.projection import summary_fields
from gongkai.platform.cases.search.index import index_case_text
from gongkai.platform.cases.services.numbers import note_borne
from gongkai.platform.core import audit, private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.bases import Basis, basis_for
from gongkai.platform.core.models import Body, Subject
from gongkai.platform.ledger.services import append, lock
from gongkai.rules.event import Event
from gongkai.rules.refusal import refuse

CHUNK = 50
"""Cases of one transaction: others who enter something wait about a second for it."""
_PHONE = re.compile(r"\+?[0-9][0-9 ()\-]{5,19}")


class Stopped(Exception):
    """A row that may not be entered any more: ``case`` and ``problem``."""

    def __init__(self, case: PastCase, problem: Problem) -> None:
        super().__init__(problem.code)
        self.case, self.problem = case, problem


@dataclass(slots=True)
class Entering:
    """One run of an import: the book, and what is looked up once for all its chunks."""

    key: str
    body: Body
    book: Planned
    actor: Actor
    basis: Basis
    handlers: dict[str, str]
    subjects: dict[tuple[str, ...], Subject]

    @classmethod
    def begin(cls, past: PastImport, book: Planned, actor: Actor) -> Entering:
        """What a run needs."""
        basis = basis_for(past.body, known_on=actor.present.known_on)
        return cls(past.key, past.body, book, actor, basis, handlers_by_name(past.body), {})

    def chunk(self) -> bool:
        """Enter the next cases; whether there may be more. What may not be entered stops the import."""
        try:
            with transaction.atomic():
                lock(body=self.body.key)
                past = (
                    PastImport.objects.select_for_update().select_related("body").filter(key=self.key).first()
                )
                if past is None or past.state != PastState.IMPORTING:
                    return False
                cases = self.book.cases[past.done : past.done + CHUNK]
                if not cases:
                    _finish(past, self.actor)
                    return False
                self._enter(past, cases)
        except Stopped as stopped:
            self._stop(stopped)
            return False
        return True

    def _enter(self, past: PastImport, cases: Sequence[PastCase]) -> None:
        judged = self._judged(cases)
        events: list[Event] = []
        texts: list[CaseText] = []
        for case, one in zip(cases, judged, strict=True):
            text = self._text(case)
            texts.append(text)
            events += self._events(case, one, text.subject)
        entries = append(
            body=self.body.key, events=events, expected_seq={case.stream: 0 for case in cases},
            recorded_at=self.actor.present.moment,
        )  # fmt: skip
        by_stream: dict[str, list[Event]] = {}
        for entry in entries:
            by_stream.setdefault(entry.event.stream, []).append(entry.event)
        CaseSummary.objects.bulk_create(
            CaseSummary(stream=stream, **summary_fields(self.body.key, of_case, self.basis))
            for stream, of_case in by_stream.items()
        )
        for text in texts:
            index_case_text(text)
        CaseDesk.objects.bulk_create(
            CaseDesk(stream=case.stream, body=self.body, handler_id=handler)
            for case in cases
            if (handler := self.handlers.get(case.row.text("handler"))) is not None
        )
        note_borne(body=self.body, events=events)
        past.done += len(cases)
        past.moved_at = self.actor.present.moment
        past.save(update_fields=["done", "moved_at"])
        audit.record(
            "past.entered", actor=self.actor, body=self.body, object=self.key,
            detail={
                "cases": len(cases), "acts": len(entries), "done": past.done,
                "first": entries[0].event.position, "last": entries[-1].event.position,
            },
        )  # fmt: skip

    def _judged(self, cases: Sequence[PastCase]) -> list[Judged]:
        numbers = [case.row.text("number") for case in cases if case.row.text("number")]
        taken = numbers_taken(self.body, numbers)
        found: list[Judged] = []
        for case in cases:
            number = case.row.text("number")
            if number in taken:
                said = refuse("number_in_use", number=number).message()
                raise Stopped(
                    case, Problem("number", "number_in_use", said, mend_of("number_in_use", "编号"), number)
                )
            judged = judge_case(case, self.basis, self.actor.key)
            wrong = (*(one for one in case.row.problems if one.error), *judged.problems)
            if wrong:
                raise Stopped(case, wrong[0])
            found.append(judged)
        return found

    def _events(self, case: PastCase, judged: Judged, subject: Subject | None) -> list[Event]:
        """The events with references to the words that are kept outside the ledger."""
        events: list[Event] = []
        for act, event in zip(case.acts, judged.events, strict=True):
            payload = event.payload
            if act.texts:
                kept = private.keep(
                    body=self.body, stream=case.stream, kind=act.kind, fields=act.texts, actor=self.actor,
                    subject=subject,
                )  # fmt: skip
                payload = {**payload, **kept.payload()}
            events.append(replace(event, payload=payload, seq=0, actor=self.actor.key))
        return events

    def _text(self, case: PastCase) -> CaseText:
        """The words of a case in its letter; several rows of one letter share who applied."""
        row = case.row
        letter = IncomingLetter.objects.filter(ref=case.letter.ref).select_related("subject").first()
        if letter is None:
            letter = self._letter(case)
        description = row.text("description") or row.text("title")
        return CaseText.objects.create(
            stream=case.stream, body=self.body, subject=letter.subject, letter=letter, unit=case.letter.unit,
            title=RequestedItem(description=description, title=row.text("title")).name,
            description=description, applicant_label=letter.applicant_label, details=letter.details,
        )  # fmt: skip

    def _letter(self, case: PastCase) -> IncomingLetter:
        """The letter of a row, with who applied."""
        row, ref = case.row, case.letter.ref
        applicant = applicant_of(row)
        subject = self._subject(applicant)
        kept = private.keep(
            body=self.body, stream=ref, kind=APPLICANT, fields=fields_of(applicant), actor=self.actor,
            subject=subject,
        )  # fmt: skip
        return IncomingLetter.objects.create(
            ref=ref, body=self.body, subject=subject, channel=row.text("channel"),
            came_on=row.day("came_on") or received_on(row), registered_at=self.actor.present.moment,
            registered_by=self.actor.seat, applicant_label=applicant.label, details=kept.ref,
        )  # fmt: skip

    def _subject(self, applicant: ApplicantDetails) -> Subject:
        """The person of an earlier case, where name and number say so; else a new one."""
        key = (applicant.name, applicant.identity_number, applicant.phone)
        found = self.subjects.get(key)
        if found is None or Subject.objects.filter(key=found.key, erased_at__isnull=False).exists():
            found = same_applicant(body=self.body, applicant=applicant)
            found = found or private.new_subject(body=self.body, actor=self.actor)
            if applicant.identity_number or applicant.phone:
                self.subjects[key] = found
        return found

    def _stop(self, stopped: Stopped) -> None:
        row = stopped.case.row
        with transaction.atomic():
            past = PastImport.objects.select_for_update().select_related("body").get(key=self.key)
            forget_findings(past)
            keep_problems(past, self.book, row.sheet, row.row, [stopped.problem], self.actor)
            past.state, past.errors = PastState.STOPPED, 1
            past.save(update_fields=["state", "errors"])
            audit.record(
                "past.stopped", actor=self.actor, body=past.body, object=self.key, success=False,
                detail={"done": past.done, "code": stopped.problem.code},
            )  # fmt: skip


def applicant_of(row: PastRow) -> ApplicantDetails:
    """Who applied; the contact goes where it looks like it belongs."""
    contact = row.text("contact")
    phone = contact if _PHONE.fullmatch(contact) else ""
    email = contact if not phone and "@" in contact and " " not in contact else ""
    return ApplicantDetails(
        kind=row.text("applicant_kind"), name=row.text("name"), phone=phone, email=email,
        address="" if phone or email else contact, identity_number=row.text("identity_number"),
    )  # fmt: skip


def _finish(past: PastImport, actor: Actor) -> None:
    """All cases are in: nothing of the spreadsheet is kept any longer than it is needed."""
    past.state, past.finished_at, past.mapping = PastState.DONE, actor.present.moment, {}
    past.save(update_fields=["state", "finished_at", "mapping"])
    forget_findings(past)
    forget_file(past)
    audit.record("past.finished", actor=actor, body=past.body, object=past.key, detail={"cases": past.done})
