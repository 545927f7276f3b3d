"""Agents with their authority, guardians, co-applicants, checks: warned of and asked for, never a refusal."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from tests.platform.conftest import TODAY, Place
from tests.platform.intake.conftest import ITEM, Come, SignIn
from tests.platform.letters.conftest import Case, content_for

from gongkai.platform.cases.applicants import ApplicantDetails, streams_with
from gongkai.platform.cases.erasure import erase_applicant
from gongkai.platform.cases.letters.facts import Occasion, values_of
from gongkai.platform.cases.letters.kinds import LETTERS
from gongkai.platform.cases.models import CaseSummary, IdentityCheck, LetterPerson, ReplyDraft
from gongkai.platform.cases.people.naming import service_address_of
from gongkai.platform.cases.people.warnings import lacking, points_of, warnings_of_act
from gongkai.platform.cases.search.search import search
from gongkai.platform.cases.services.acting import Step, perform_acts
from gongkai.platform.cases.services.drafts import DraftIncomplete
from gongkai.platform.cases.services.people import (
    BadPerson,
    PersonDetails,
    add_person,
    end_person,
    record_check,
)
from gongkai.platform.cases.services.together import CannotJoin, join_drafts, submit_together
from gongkai.platform.core.bases import basis_for
from gongkai.platform.core.models import AuditEntry, PrivateRecord
from gongkai.platform.core.permissions import NotPermitted
from gongkai.platform.ledger.selectors import history
from gongkai.platform.reporting.selectors import streams_behind

COMPANY = ApplicantDetails(kind="business", name="云溪建设有限公司", phone="0000-5551234")
LIN = PersonDetails(
    name="林望", phone="13700000000", identity_number="110101198001010033", address="东街 2 号"
)


def add(county: Place, stream: str, role: str = "agent", **given: Any) -> LetterPerson:
    usual: dict[str, Any] = {
        "body": county.body, "stream": stream, "role": role, "details": LIN, "actor": county.actor("handler"),
        "scope": ["apply", "correct"] if role in ("agent", "handler") else [],
    }  # fmt: skip
    return add_person(**{**usual, **given})


def check(county: Place, stream: str, **given: Any) -> IdentityCheck:
    usual: dict[str, Any] = {
        "body": county.body, "stream": stream, "what": "identity", "result": "missing", "checked_on": TODAY,
        "actor": county.actor("receiving_clerk"),
    }  # fmt: skip
    return record_check(**{**usual, **given})


def named(county: Place, stream: str, day: date = TODAY) -> dict[str, str]:
    actor = county.actor("handler", day)
    occasion = Occasion(
        body=county.body, stream=stream, events=history(body=county.body.key, stream=stream).events,
        basis=basis_for(county.body, known_on=actor.present.known_on), on=day,
    )  # fmt: skip
    return values_of(LETTERS["registration_receipt"], occasion)


def test_an_act_beyond_the_authority_is_warned_of_and_still_possible(county: Place, come_in: Come) -> None:
    stream = come_in().summaries[0].stream
    assert not warnings_of_act(stream=stream, kind="request.withdrawn", on=TODAY)
    add(county, stream, valid_until=date(2026, 3, 20))
    (beyond,) = warnings_of_act(stream=stream, kind="request.withdrawn", on=TODAY)
    assert "撤回申请" in beyond and "补正" in beyond
    (unproven,) = warnings_of_act(stream=stream, kind="correction.received", on=TODAY)
    assert "授权委托书没有提供" in unproven
    person = LetterPerson.objects.get()
    check(county, stream, person=person.key, what="authority", result="proven")
    assert not warnings_of_act(stream=stream, kind="correction.received", on=TODAY)
    (over,) = warnings_of_act(stream=stream, kind="correction.received", on=date(2026, 3, 23))
    assert "不在有效期内" in over
    assert not warnings_of_act(stream=stream, kind="note.added", on=TODAY)
    step = Step("request.withdrawn", TODAY, {"scope": "whole"})
    perform_acts(body=county.body, stream=stream, steps=[step], expected_seq=2, actor=county.actor("handler"))
    assert not CaseSummary.objects.get(pk=stream).open


def test_an_authority_that_ended_covers_nothing_after(county: Place, come_in: Come) -> None:
    stream = come_in().summaries[0].stream
    person = add(county, stream)
    where: dict[str, Any] = {"body": county.body, "stream": stream, "key": person.key}
    with pytest.raises(BadPerson):
        end_person(**where, ended_on=date(2026, 3, 4), actor=county.actor("handler"))
    other = come_in(applicant=COMPANY).summaries[0].stream
    with pytest.raises(BadPerson):
        end_person(
            body=county.body, stream=other, key=person.key, ended_on=TODAY, actor=county.actor("handler")
        )
    end_person(**where, ended_on=TODAY, actor=county.actor("handler"))
    assert warnings_of_act(stream=stream, kind="correction.received", on=date(2026, 3, 4))
    with pytest.raises(BadPerson):
        end_person(**where, ended_on=TODAY, actor=county.actor("handler"))


def test_co_applicants_are_one_case_in_one_column_and_letters_name_all(county: Place, come_in: Come) -> None:
    stream = come_in().summaries[0].stream
    assert named(county, stream)["称谓"] == "您"
    add(county, stream, "co_applicant", details=PersonDetails(name="周明"))
    values = named(county, stream)
    assert (values["申请人"], values["称谓"]) == ("陈知微、周明", "你们")
    add(
        county,
        stream,
        "co_applicant",
        details=PersonDetails(name="吴越", address="北街 3 号"),
        represents=True,
    )
    assert named(county, stream)["申请人"] == "陈知微等3人（代表人：吴越）"
    assert service_address_of(stream, TODAY) == ("吴越", "北街 3 号")
    assert any(
        "全体同意" in one for one in warnings_of_act(stream=stream, kind="request.withdrawn", on=TODAY)
    )
    for cell, number in (("requests.new.total", 1), ("requests.new.natural_person", 1)):
        behind = streams_behind(
            body=county.body, year=TODAY.year, area=False, cell=cell, actor=county.actor("approver")
        )
        assert len(behind.streams) == number


def test_cases_with_other_co_applicants_are_not_answered_in_one_document(
    county: Place, come_in: Come
) -> None:
    alone, shared = come_in().summaries[0].stream, come_in().summaries[0].stream
    add(county, shared, "co_applicant", details=PersonDetails(name="周明"))
    draft = Case(county, alone).save(content_for("granted"))
    with pytest.raises(CannotJoin) as cannot:
        join_drafts(
            body=county.body, stream=alone, streams=[shared], expected_version=draft.version,
            actor=county.actor("handler"),
        )  # fmt: skip
    assert "共同申请人" in cannot.value.message and ReplyDraft.objects.count() == 1
    add(county, alone, "co_applicant", details=PersonDetails(name="周明"))
    both = join_drafts(
        body=county.body, stream=alone, streams=[shared], expected_version=draft.version,
        actor=county.actor("handler"),
    )  # fmt: skip
    assert len(both) == 2
    add(county, alone, "co_applicant", details=PersonDetails(name="吴越"))
    with pytest.raises(DraftIncomplete):
        submit_together(
            body=county.body, stream=alone, expected_version=draft.version, actor=county.actor("handler")
        )


def test_the_principal_decides_the_column_not_the_agent(county: Place, come_in: Come) -> None:
    stream = come_in(applicant=COMPANY).summaries[0].stream
    add(county, stream, "handler", scope=["receive"])
    assert CaseSummary.objects.get(pk=stream).applicant_kind == "business"
    assert named(county, stream)["代理人"] == "林望"
    assert service_address_of(stream, TODAY) == ("林望", "东街 2 号")


def test_a_child_is_named_with_the_guardian(county: Place, come_in: Come) -> None:
    stream = come_in().summaries[0].stream
    with pytest.raises(BadPerson) as unsaid:
        add(county, stream, "guardian")
    assert unsaid.value.field == "relation"
    mother = PersonDetails(name="陈母", relation="母亲")
    person = add(county, stream, "guardian", details=mother)
    assert named(county, stream)["申请人"] == "陈知微（监护人：陈母）"
    check(county, stream, person=person.key, what="guardianship")
    assert "监护关系的证明" in lacking(stream)[0]
    company = come_in(applicant=COMPANY).summaries[0].stream
    with pytest.raises(BadPerson):
        add(county, company, "guardian", details=mother)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"role": "friend"}, "role"), ({"scope": []}, "scope"), ({"scope": ["everything"]}, "scope"),
        ({"details": PersonDetails(name=" ")}, "name"), ({"paper": "file-nowhere"}, "paper"),
        ({"valid_from": date(2026, 3, 5), "valid_until": date(2026, 3, 4)}, "valid_until"),
        ({"role": "handler"}, "role"),
    ],
)  # fmt: skip
def test_what_is_no_person_is_refused_with_words(
    county: Place, come_in: Come, given: Any, field: str
) -> None:
    stream = come_in().summaries[0].stream
    with pytest.raises(BadPerson) as bad:
        add(county, stream, **given)
    assert bad.value.field == field and not LetterPerson.objects.exists()


def test_missing_and_doubtful_proofs_become_the_points_of_a_correction(county: Place, come_in: Come) -> None:
    stream = come_in().summaries[0].stream
    assert not lacking(stream)
    check(county, stream)
    with pytest.raises(BadPerson):
        check(county, stream, result="doubtful", proof="passport")
    person = add(county, stream)
    check(county, stream, person=person.key, what="authority", result="doubtful", remarks="签名与申请表不同")
    points = points_of(stream)
    assert points.startswith("1. ") and "身份证明" in points and "签名与申请表不同" in points
    assert "签名与申请表不同" not in "".join(lacking(stream)), "the notice on the page names nothing private"
    with pytest.raises(BadPerson):
        check(county, stream, result="proven")
    check(county, stream, result="proven", proof="resident_card")
    check(county, stream, person=person.key, what="authority", result="proven")
    assert not lacking(stream) and IdentityCheck.objects.count() == 4


def test_everybody_of_a_letter_is_found_by_name_in_all_of_its_cases(county: Place, come_in: Come) -> None:
    first, second = come_in(items=[ITEM, ITEM]).summaries
    come_in()
    add(county, first.stream)
    both = {first.stream, second.stream}
    assert streams_with(body=county.body, value="林望") == both
    assert set(search(county.actor("handler"), "13700000000").streams) == both
    assert not search(county.actor("supervisor"), "林望").streams


def test_a_form_sent_twice_notes_one_person_and_only_who_handles_may(county: Place, come_in: Come) -> None:
    stream = come_in().summaries[0].stream
    keys = {"key": "person-of-letter-" + "a" * 16}
    assert add(county, stream, **keys) == add(county, stream, **keys)
    assert LetterPerson.objects.count() == 1
    for role in ("approver", "supervisor", "report_author"):
        with pytest.raises(NotPermitted):
            add(county, stream, actor=county.actor(role))


def test_erasing_the_applicant_takes_everybody_along(county: Place, come_in: Come) -> None:
    registered = come_in()
    stream = registered.summaries[0].stream
    add(county, stream)
    check(county, stream, result="doubtful", remarks="字迹不清")
    step = Step("request.withdrawn", TODAY, {"scope": "whole"})
    perform_acts(body=county.body, stream=stream, steps=[step], expected_seq=2, actor=county.actor("handler"))
    erase_applicant(body=county.body, stream=stream, actor=county.actor("approver"))
    assert not PrivateRecord.objects.filter(stream=registered.letter.ref).exists()
    assert not streams_with(body=county.body, value="林望")
    with pytest.raises(BadPerson):
        add(county, stream)


@pytest.mark.one_database
def test_the_page_notes_people_and_leads_to_the_filled_in_notice(
    at_desk: Client, come_in: Come, county: Place, sign_in: SignIn
) -> None:
    writer = ApplicantDetails(kind="natural_person", name="陈知微", agent_name="林望")
    stream = come_in(applicant=writer).summaries[0].stream
    address = f"/desk/cases/{stream}/people/"
    page = at_desk.get(address).content.decode()
    assert "来件里写的代理人" in page and "林望" in page
    assert AuditEntry.objects.filter(act="case.identity_read", object=stream).exists()
    bad = at_desk.post(address, {"step": "person", "role": "agent", "name": "林望"})
    assert bad.status_code == 422 and "请按授权委托书勾选" in bad.content.decode()
    given = {"step": "person", "role": "agent", "name": "林望", "scope": ["apply", "receive"]}
    assert at_desk.post(address, given)["Location"] == address
    person = LetterPerson.objects.get()
    assert "提出申请、接收文书" in at_desk.get(address).content.decode()
    missing = {
        "step": "check",
        "person": "",
        "what": "identity",
        "result": "missing",
        "checked_on": "2026-03-03",
    }
    assert at_desk.post(address, missing)["Location"] == address
    assert "身份证明要告知补正" in at_desk.get(f"/desk/cases/{stream}/").content.decode()
    notice = at_desk.get(f"/desk/cases/{stream}/acts/correction.requested/").content.decode()
    assert "请补充申请人的身份证明" in notice
    chosen = at_desk.get(f"/desk/cases/{stream}/reply/").content.decode()
    assert "不能以此为由不予公开" in chosen
    withdrawn = at_desk.get(f"/desk/cases/{stream}/acts/request.withdrawn/").content.decode()
    assert "不包括“撤回申请”" in withdrawn
    ended = {"step": "end", "whom": person.key, "ended_on": "2026-03-03"}
    assert at_desk.post(address, ended)["Location"] == address
    assert sign_in(county, "approver").post(address, given).status_code == 403
    assert at_desk.post(address, {"step": "nothing"}).status_code == 404
