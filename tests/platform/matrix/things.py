"""The things that routes are about, each made in a given body. Add one here, name it in ``routes.yaml``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tests.platform.conftest import TODAY, Place, make_body
from tests.platform.past.sheets import book, lives

from gongkai.platform.cases.applicants import ApplicantDetails, RequestedItem
from gongkai.platform.cases.duty.hand_over import hand_over as hand_over_cases
from gongkai.platform.cases.duty.hand_over import held_by
from gongkai.platform.cases.duty.moving import Cause, Move, note_moves
from gongkai.platform.cases.duty.orders import register_order
from gongkai.platform.cases.letters.kinds import reply_letter
from gongkai.platform.cases.models import (
    BasisChange,
    CaseFile,
    CaseSummary,
    CaseTask,
    LetterItem,
    OutgoingLetter,
)
from gongkai.platform.cases.sensitive.flags import seen_of
from gongkai.platform.cases.services.acting import Step, perform_acts
from gongkai.platform.cases.services.archiving import archive_case
from gongkai.platform.cases.services.desk import assign_handler
from gongkai.platform.cases.services.drafts import DraftContent, save_draft, submit_draft
from gongkai.platform.cases.services.evidence import Chosen, make_bundle
from gongkai.platform.cases.services.extensions import propose_extension
from gongkai.platform.cases.services.matters import OtherMatter
from gongkai.platform.cases.services.papers import NewPaper, add_papers, add_redacted_copies, keep_upload
from gongkai.platform.cases.services.past import set_mapping, upload_past
from gongkai.platform.cases.services.past_checking import check_past
from gongkai.platform.cases.services.referrals import refer_matters
from gongkai.platform.cases.services.registration import Registered, register_letter
from gongkai.platform.cases.services.sensitive import Flagging, flag_case
from gongkai.platform.cases.services.tasks import give_tasks
from gongkai.platform.cases.services.units import register_unit
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.bases import basis_for
from gongkai.platform.core.files import UPLOADS, store_file
from gongkai.platform.core.identifiers import opaque
from gongkai.platform.core.models import Body, LocalHoliday, Person, Seat, SeatRole, StoredFile
from gongkai.platform.core.services.absences import enter_absence
from gongkai.platform.demonstration.models import PublishedReport
from gongkai.platform.demonstration.published import figures_of

NAME, PHONE, WORDS = "陈知微", "13800001234", "清河社区电梯更新项目的施工合同"
APPLICANT = ApplicantDetails(
    kind="natural_person", name=NAME, identity_type="resident_card", identity_number="110101199003070011",
    phone=PHONE, address="云溪县清河路 8 号", postcode="000000",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Thing:
    """What stands in the address, and what must not be read by who is refused."""

    address: Mapping[str, Any]
    secrets: tuple[str, ...] = ()
    data: Mapping[str, str] = field(default_factory=dict[str, str])
    """What ``routes.yaml`` may name in ``data``, with a dollar sign before it."""


def job(place: Place, day: date = TODAY) -> Actor:
    """A job of the system, which may do everything: who may is what the matrix is about."""
    return Actor(place.actor("handler", day).present, system="test")


def letter_in(place: Place, channel: str = "counter") -> Registered:
    """A letter with one case."""
    return register_letter(
        body=place.body, actor=job(place), channel=channel, came_on=TODAY, applicant=APPLICANT,
        items=[RequestedItem(description=WORDS, form_wanted="paper", way_wanted="post")],
    )  # fmt: skip


def body(place: Place) -> Thing:
    """The body itself, with something that only its own page says."""
    Body.objects.filter(pk=place.body.pk).update(phone="000-76543210")
    return Thing({"key": place.body.key}, ("000-76543210",))


def holiday(place: Place) -> Thing:
    """A local day off."""
    row = LocalHoliday.objects.create(body=place.body, name="火把节", first=TODAY, last=TODAY, source="条例")
    return Thing({"key": place.body.key, "number": row.pk}, ("火把节",))


def _somebody(place: Place) -> Seat:
    person = Person.objects.create(username=opaque("lu"), name="陆远舟", body=place.body)
    seat = Seat.objects.create(person=person, body=place.body)
    SeatRole.objects.create(seat=seat, role="handler")
    return seat


def person(place: Place) -> Thing:
    """An account with a seat."""
    return Thing({"key": _somebody(place).person.key}, ("陆远舟",))


def seat(place: Place) -> Thing:
    """A seat."""
    return Thing({"key": _somebody(place).key}, ("陆远舟",))


def case(place: Place) -> Thing:
    """A case that was received and registered."""
    summary = letter_in(place).summaries[0]
    return Thing({"stream": summary.stream}, (NAME, PHONE, WORDS, summary.number))


def letter(place: Place) -> Thing:
    """An incoming letter."""
    registered = letter_in(place)
    case = registered.summaries[0]
    return Thing({"ref": registered.letter.ref}, (NAME, PHONE, WORDS, case.number), {"$stream": case.stream})


PETITION = "反映小区物业乱收费，请求查处"


def _mixed(place: Place) -> Registered:
    return register_letter(
        body=place.body, actor=job(place), channel="counter", came_on=TODAY, applicant=APPLICANT,
        items=[RequestedItem(description=WORDS)],
        others=[
            OtherMatter(kind="petition", text=PETITION), OtherMatter(kind="information", text=PETITION),
        ],
    )  # fmt: skip


def mixed(place: Place) -> Thing:
    """A letter that holds a petition beside a request, and a further request that is no case yet."""
    registered = _mixed(place)
    item = LetterItem.objects.filter(letter=registered.letter).first()
    assert item is not None
    secrets = (NAME, PHONE, WORDS, PETITION, registered.summaries[0].number)
    return Thing({"ref": registered.letter.ref}, secrets, {"$key": item.key})


def matter(place: Place) -> Thing:
    """A matter of such a letter."""
    found = mixed(place)
    return Thing({**found.address, "key": found.data["$key"]}, found.secrets)


def referral(place: Place) -> Thing:
    """A petition that was handed over."""
    registered = _mixed(place)
    item = LetterItem.objects.filter(letter=registered.letter, kind="petition").get()
    made = refer_matters(
        body=place.body, keys=[item.key], counterpart="petition_office", name="县信访局", on=TODAY,
        number="XF-2026-77", actor=job(place),
    )  # fmt: skip
    return Thing({"key": made.key}, (NAME, PHONE, WORDS, PETITION, "XF-2026-77"))


def unconfirmed(place: Place) -> Thing:
    """A letter by fax that nobody has confirmed yet."""
    registered = letter_in(place, channel="fax")
    return Thing({"ref": registered.letter.ref}, (NAME, PHONE, WORDS))


def _file(place: Place, stream: str) -> StoredFile:
    content, name = b"%PDF-1.7\n" + WORDS.encode(), f"{NAME}.pdf"
    return store_file(body=place.body, stream=stream, content=content, name=name, actor=job(place))


def _filed(place: Place, kind: str) -> CaseFile:
    summary = letter_in(place).summaries[0]
    new = NewPaper(kind=kind, name=f"{NAME}.pdf", content=b"%PDF-1.7\n" + WORDS.encode())
    (added,) = add_papers(body=place.body, stream=summary.stream, papers=[new], actor=job(place))
    return added


def application(place: Place) -> Thing:
    """An application that was scanned."""
    return Thing({"ref": _filed(place, "application").file.ref}, (NAME, WORDS))


def original(place: Place) -> Thing:
    """What may be disclosed, as it is."""
    return Thing({"ref": _filed(place, "original").file.ref}, (NAME, WORDS))


def redacted(place: Place) -> Thing:
    """A redacted copy, beside its original."""
    new = NewPaper(kind="redacted", name=f"{NAME}遮盖.pdf", content=b"%PDF-1.7\n" + WORDS.encode())
    (copy,) = add_redacted_copies(
        body=place.body, original=_filed(place, "original"), papers=[new], actor=job(place)
    )
    return Thing({"ref": copy.file.ref}, (NAME, WORDS))


def file_of_letter_out(place: Place) -> Thing:
    """The file of a letter that was written, asked for as a file."""
    return Thing({"ref": _file(place, letter_in(place).summaries[0].stream).ref}, (NAME, WORDS))


def unfinished(place: Place) -> Thing:
    """A file of a form that somebody else has not finished."""
    kept = keep_upload(
        body=place.body, actor=place.actor("handler"), name=f"{NAME}.pdf",
        content=b"%PDF-1.7\n" + WORDS.encode(),
    )  # fmt: skip
    StoredFile.objects.filter(ref=kept.ref).update(stream=f"{UPLOADS}{_somebody(place).key}")
    return Thing({"ref": kept.ref}, (NAME, WORDS))


def on_its_way(place: Place) -> Thing:
    """A letter out, by its own key alone."""
    made = letter_out(place)
    key = str(made.address["key"])
    return Thing({"key": key}, made.secrets, {"$key": key})


def letter_out(place: Place) -> Thing:
    """A letter that was written."""
    summary = letter_in(place).summaries[0]
    written = OutgoingLetter.objects.create(
        key=opaque("letter"), body=place.body, stream=summary.stream, kind="registration_receipt",
        issued_on=TODAY, docx=_file(place, summary.stream), pdf=_file(place, summary.stream),
    )  # fmt: skip
    return Thing({"stream": summary.stream, "key": written.key}, (NAME, WORDS))


def submitted(place: Place) -> Thing:
    """A case whose draft of a reply waits for the approver."""
    summary = letter_in(place).summaries[0]
    kind = reply_letter("denied_internal", "")
    draft = save_draft(
        body=place.body, stream=summary.stream, expected_version=0, expected_seq=summary.last_seq,
        actor=place.actor("handler"),
        content=DraftContent(
            outcome="denied_internal", sub_kind="", basis=kind.basis, method="post",
            fields={one.key: one.variable.example for one in kind.fields},
        ),
    )  # fmt: skip
    version = draft.version
    submit_draft(
        body=place.body, stream=summary.stream, expected_version=draft.version, actor=place.actor("handler")
    )
    return Thing({"stream": summary.stream}, (NAME, PHONE, WORDS, summary.number), {"$version": str(version)})


def proposed(place: Place) -> Thing:
    """A case for which the handler proposes an extension."""
    summary = letter_in(place).summaries[0]
    propose_extension(
        body=place.body, stream=summary.stream, working_days=20, reason="需要查阅历年档案",
        expected_seq=summary.last_seq, actor=place.actor("handler"),
    )  # fmt: skip
    return Thing({"stream": summary.stream}, (NAME, PHONE, WORDS, summary.number, "需要查阅历年档案"))


def packaged(place: Place) -> Thing:
    """A case with a package for the archive."""
    summary = letter_in(place).summaries[0]
    archive_case(body=place.body, stream=summary.stream, expected_version=0, actor=job(place))
    return Thing({"stream": summary.stream, "version": 1}, (NAME, PHONE, WORDS, summary.number))


def _past(place: Place, **changes: Any) -> Thing:
    row = {**lives(1)[0], "name": NAME, "contact": PHONE, "description": WORDS, **changes}
    past = upload_past(body=place.body, actor=job(place), content=book([row]), name=f"{NAME}.xlsx")
    set_mapping(past=past, actor=job(place), mapping={})
    check_past(key=past.key, actor=job(place))
    return Thing({"key": past.key}, (NAME, PHONE, WORDS))


def past_faulty(place: Place) -> Thing:
    """A spreadsheet of past cases with a faulty day, in which somebody wrote a name."""
    return _past(place, received_on=NAME)


def past_ready(place: Place) -> Thing:
    """A spreadsheet of past cases without an error."""
    return _past(place)


def flagged(place: Place) -> Thing:
    """A case that the clerk flagged sensitive, read by the whole office."""
    summary = letter_in(place).summaries[0]
    office = [place.seats[role].pk for role in ("receiving_clerk", "handler", "approver")]
    flag = flag_case(
        body=place.body, stream=summary.stream, actor=place.actor("receiving_clerk"),
        flagging=Flagging(reason="涉及举报人", readers=office),
    )  # fmt: skip
    secrets = (NAME, PHONE, WORDS, summary.number, "涉及举报人")
    return Thing({"stream": summary.stream}, secrets, {"$seen": seen_of(flag)})


def task(place: Place) -> Thing:
    """A task that was given to a unit without people of its own."""
    return _given(place, None)


def task_of_unit(place: Place) -> Thing:
    """A task that a body elsewhere gave to the unit that is this body."""
    giver = make_body(f"{place.body.name}的上级", "上公", "county")
    given = _given(giver, place.body)
    return Thing(given.address, (WORDS, "请提供施工合同"))


def _given(place: Place, of: Body | None) -> Thing:
    summary = letter_in(place).summaries[0]
    unit = register_unit(
        body=place.body, name="建设科", of=of, phone="", actor=place.actor("approver")
    )  # fmt: skip
    give_tasks(
        body=place.body, stream=summary.stream, units=[unit], kind="handle", wanted="请提供施工合同",
        due_on=None, expected_seq=summary.last_seq, actor=job(place),
    )  # fmt: skip
    given = CaseTask.objects.get(stream=summary.stream)
    return Thing({"key": given.key}, (NAME, PHONE, WORDS, "请提供施工合同"))


def unit(place: Place) -> Thing:
    """A unit of the register."""
    row = register_unit(
        body=place.body, name="水利科", of=None, phone="0000-8", actor=place.actor("approver")
    )  # fmt: skip
    return Thing({"number": row.pk}, ("水利科", "0000-8"))


def sued(place: Place) -> Thing:
    """A case with a reconsideration that reached the organ."""
    summary = letter_in(place).summaries[0]
    filed = {"remedy": f"remedy-{place.body.key}", "kind": "reconsideration", "reached_on": TODAY.isoformat()}
    steps = [
        Step(
            "reply.issued", TODAY, {"outcome": "granted", "number": "云公复〔2026〕9号", "method": "counter"}
        ),
        Step("reply.delivered", TODAY, {"method": "counter"}),
        Step("remedy.filed", TODAY, filed, {"authority": "云州市人民政府"}),
    ]
    perform_acts(
        body=place.body, stream=summary.stream, steps=steps, expected_seq=summary.last_seq, actor=job(place)
    )
    secrets = (NAME, PHONE, WORDS, summary.number, "云州市人民政府")
    return Thing({"stream": summary.stream, "remedy": filed["remedy"]}, secrets)


def bundled(place: Place) -> Thing:
    """A case with a bundle of evidence."""
    there = sued(place).address
    new = NewPaper(kind="application", name=f"{NAME}.pdf", content=b"%PDF-1.7\n" + WORDS.encode())
    (paper,) = add_papers(body=place.body, stream=there["stream"], papers=[new], actor=job(place))
    chosen = [Chosen(f"paper:{paper.file_id}", NAME, "", "")]
    make_bundle(body=place.body, **there, chosen=chosen, expected_version=0, actor=job(place))
    return Thing({"stream": there["stream"], "version": 1}, (NAME, WORDS))


def lost(place: Place) -> Thing:
    """A case whose reply was corrected."""
    there = sued(place).address
    step = Step("remedy.decided", TODAY, {"remedy": there["remedy"], "result": "corrected"})
    last = CaseSummary.objects.get(stream=there["stream"])
    perform_acts(
        body=place.body, stream=last.stream, steps=[step], expected_seq=last.last_seq, actor=job(place)
    )
    return Thing({"stream": last.stream, "loss": there["remedy"]}, (NAME, PHONE, WORDS, last.number))


def year(place: Place) -> Thing:
    """The running figures of a body with a case."""
    letter_in(place)
    return Thing({"body": place.body.key, "year": TODAY.year})


def cell(place: Place) -> Thing:
    """A figure that counts a case."""
    letter_in(place)
    return Thing({"body": place.body.key, "year": TODAY.year, "cell": "requests.new.total"}, (WORDS,))


def published(place: Place) -> Thing:
    """The figures of a published report: public data."""
    figures = figures_of("pingyang-2021").decode()
    PublishedReport.objects.create(body=place.body, year=2021, figures=figures)
    return Thing({"body": place.body.key, "year": 2021})


def absence(place: Place) -> Thing:
    """Somebody is away."""
    row = enter_absence(
        seat=_somebody(place), deputy=place.seats["handler"], first=TODAY, last=TODAY, actor=job(place)
    )
    return Thing({"key": row.key}, ("陆远舟",))


def moved(place: Place) -> Thing:
    """A local holiday that moved the date of a case."""
    summary, cause = letter_in(place).summaries[0], Cause("local_holiday", "火把节", "火把节放假")
    move = Move(summary.stream, "reply_due_on", TODAY, TODAY, False)
    basis = basis_for(place.body)
    note_moves(body=place.body, moves=[move], basis=basis, actor=job(place), cause=cause)
    change = BasisChange.objects.get(body=place.body)
    return Thing({"key": change.key}, (WORDS, "火把节", summary.number), {"$stream": summary.stream})


def moved_case(place: Place) -> Thing:
    """The same, with the case in the address."""
    thing = moved(place)
    return Thing({**thing.address, "stream": thing.data["$stream"]}, thing.secrets)


def order(place: Place) -> Thing:
    """An order of a superior body about a case."""
    summary, text = letter_in(place).summaries[0], "请核查电梯更新项目"
    made = register_order(
        body=place.body, issuer_name="某市人民政府办公室", number="市督〔2026〕9号", text=text,
        received_on=TODAY, due_on=TODAY, numbers=[summary.number], actor=job(place),
    )  # fmt: skip
    return Thing({"key": made.key}, (text, "市督〔2026〕9号", summary.number))


def hand_over(place: Place) -> Thing:
    """The cases of one handler, given to another."""
    summary, taker = letter_in(place).summaries[0], _somebody(place)
    actor, giver = job(place), place.seats["handler"]
    assign_handler(body=place.body, stream=summary.stream, handler=giver.key, actor=actor)
    held = held_by(body=place.body, seat=giver.key, actor=actor)
    done = hand_over_cases(body=place.body, giver=giver.key, taker=taker.key, seen=held.digest, actor=actor)
    return Thing({"key": done.key}, (WORDS, summary.number, "陆远舟"))


THINGS: Mapping[str, Callable[[Place], Thing]] = {
    "absence": absence,
    "application": application,
    "body": body,
    "bundled": bundled,
    "case": case,
    "cell": cell,
    "file_of_letter_out": file_of_letter_out,
    "flagged": flagged,
    "hand_over": hand_over,
    "holiday": holiday,
    "letter": letter,
    "matter": matter,
    "mixed": mixed,
    "referral": referral,
    "letter_out": letter_out,
    "lost": lost,
    "moved": moved,
    "moved_case": moved_case,
    "on_its_way": on_its_way,
    "order": order,
    "original": original,
    "packaged": packaged,
    "past_faulty": past_faulty,
    "past_ready": past_ready,
    "person": person,
    "proposed": proposed,
    "published": published,
    "redacted": redacted,
    "seat": seat,
    "submitted": submitted,
    "sued": sued,
    "task": task,
    "task_of_unit": task_of_unit,
    "unconfirmed": unconfirmed,
    "unfinished": unfinished,
    "unit": unit,
    "year": year,
}
