"""The seal register, and the register of numbers: none is given twice, by whatever way it comes in."""

from __future__ import annotations

import io
from datetime import date

import pytest
from openpyxl import load_workbook
from tests.platform.conftest import TODAY, Place
from tests.platform.post.conftest import Office, SignIn

from gongkai.platform.cases.letter_list import NoSuchLetter
from gongkai.platform.cases.models import NumberSequence, OutgoingLetter, Sealing
from gongkai.platform.cases.posting.documents import document_of
from gongkai.platform.cases.posting.numbers import (
    NumberRefused,
    explain_number,
    number_register,
    take_number,
    void_number,
)
from gongkai.platform.cases.posting.sealing import (
    SealRefused,
    add_seal,
    end_seal,
    refuse_seal,
    register_of,
    seal_letter,
    strike_sealing,
)
from gongkai.platform.cases.services.acting import ActRefused, Step, perform_act
from gongkai.platform.cases.services.letters import perform_with_letter
from gongkai.platform.cases.services.numbers import NumberTaken, next_number
from gongkai.platform.core.permissions import NotPermitted


def new_seal(office: Office, name: str = "云溪县人民政府") -> str:
    return add_seal(
        body=office.place.body, name=name, kind="body", keeper="印章管理员", used_from=date(2026, 1, 1),
        actor=office.place.actor("approver"),
    ).key  # fmt: skip


def test_a_letter_is_refused_the_seal_with_a_reason_then_sealed_once(
    office: Office, letter: OutgoingLetter
) -> None:
    seal, actor = new_seal(office), office.place.actor("handler")
    with pytest.raises(SealRefused):
        refuse_seal(key=letter.key, reason=" ", on=TODAY, actor=actor)
    refuse_seal(key=letter.key, reason="附件缺页", on=TODAY, actor=actor)
    assert document_of(key=letter.key, actor=actor).sealing == "refused"
    for chosen, copies, on in (
        ("seal-none", 2, TODAY), (seal, 0, TODAY), (seal, 2, date(2026, 3, 2)), (seal, 2, date(2026, 3, 4)),
    ):  # fmt: skip
        with pytest.raises(SealRefused):
            seal_letter(key=letter.key, seal=chosen, copies=copies, on=on, actor=actor)
    seal_letter(key=letter.key, seal=seal, copies=2, on=TODAY, actor=actor)
    with pytest.raises(SealRefused):
        seal_letter(key=letter.key, seal=seal, copies=2, on=TODAY, actor=actor)
    assert document_of(key=letter.key, actor=actor).sealing == "sealed" and Sealing.objects.count() == 2
    body = office.place.body
    rows = register_of(body=body, year=2026, state="", actor=actor)
    assert sorted((row.sealing.state, row.reason) for row in rows) == [
        ("refused", "附件缺页"),
        ("sealed", ""),
    ]
    head = office.place.actor("approver")
    with pytest.raises(NotPermitted):
        strike_sealing(key=letter.key, reason="份数错", actor=actor)
    with pytest.raises(SealRefused):
        strike_sealing(key=letter.key, reason=" ", actor=head)
    strike_sealing(key=letter.key, reason="份数错", actor=head)
    with pytest.raises(SealRefused):
        strike_sealing(key=letter.key, reason="份数错", actor=head)
    seal_letter(key=letter.key, seal=seal, copies=3, on=TODAY, actor=actor)
    lines = register_of(body=body, year=2026, state="sealed", actor=actor)
    assert sorted((str(row.words), row.sealing.copies) for row in lines) == [("已划去", 2), ("已用印", 3)]
    watching = register_of(body=body, year=2026, state="refused", actor=office.place.actor("supervisor"))
    assert [row.reason for row in watching] == [""]


def test_the_seals_are_kept_by_the_head_and_one_that_is_out_of_use_seals_nothing(
    office: Office, letter: OutgoingLetter, foreign: Place
) -> None:
    seal, head = new_seal(office), office.place.actor("approver")
    with pytest.raises(SealRefused):
        new_seal(office)
    with pytest.raises(NotPermitted):
        end_seal(body=office.place.body, key=seal, on=TODAY, actor=office.place.actor("handler"))
    end_seal(body=office.place.body, key=seal, on=date(2026, 3, 2), actor=head)
    with pytest.raises(SealRefused):
        seal_letter(key=letter.key, seal=seal, copies=1, on=TODAY, actor=office.place.actor("handler"))
    new_seal(office)
    with pytest.raises(NoSuchLetter):
        seal_letter(key=letter.key, seal=seal, copies=1, on=TODAY, actor=foreign.actor("handler"))


def test_no_way_gives_a_number_twice(office: Office, letter: OutgoingLetter) -> None:
    body, clerk = office.place.body, office.place.actor("receiving_clerk")
    assert letter.number == "云公复〔2026〕1号"
    taken = take_number(body=body, kind="correction", reason="手写的补正告知", actor=clerk)
    assert taken == "云公补〔2026〕1号"
    NumberSequence.objects.filter(body=body, kind="correction").update(last=2)
    void_number(body=body, number="云公补〔2026〕2号", reason="写坏了", actor=clerk)
    NumberSequence.objects.filter(body=body, kind="correction").update(last=0)
    assert next_number(body=body, year=2026, kind="correction") == "云公补〔2026〕3号"
    stream, actor = office.register(), office.place.actor("handler")
    by_hand = Step("correction.requested", TODAY, {"respond_by": "2026-03-25", "number": taken})
    with pytest.raises(NumberTaken):
        perform_with_letter(body=body, stream=stream, step=by_hand, expected_seq=2, actor=actor)
    perform_act(
        body=body, stream=stream, kind="correction.requested", occurred_on=TODAY, expected_seq=2, actor=actor,
        payload={"respond_by": "2026-03-25"},
    )  # fmt: skip
    corrected = {"seq": 3, "replacement": {"payload": {"respond_by": "2026-03-25", "number": taken}}}
    with pytest.raises(ActRefused) as refused:
        perform_act(
            body=body, stream=stream, kind="entry.corrected", occurred_on=TODAY, expected_seq=3, actor=clerk,
            payload=corrected, texts={"reason": "编号"},
        )  # fmt: skip
    assert refused.value.refusal.code == "number_in_use"


def test_the_register_tells_of_every_number(office: Office, letter: OutgoingLetter) -> None:
    body, clerk = office.place.body, office.place.actor("receiving_clerk")
    NumberSequence.objects.filter(body=body, kind="reply").update(last=5)
    by_hand, number = office.register(), "云公复〔2026〕5号"
    perform_act(
        body=body, stream=by_hand, kind="reply.issued", occurred_on=TODAY, expected_seq=2,
        actor=office.place.actor("approver"), payload={"outcome": "denied_internal", "number": number},
    )  # fmt: skip
    with pytest.raises(NumberRefused, match="台账记录"):
        explain_number(body=body, number=number, reason="纸质", actor=clerk)
    with pytest.raises(NumberRefused, match="还有效"):
        void_number(body=body, number=number, reason="作废", actor=clerk)
    with pytest.raises(NumberRefused, match="还有效"):
        void_number(body=body, number=letter.number, reason="作废", actor=clerk)
    for wrong in ("云公复〔2026〕9号", "青公复〔2026〕1号", "3"):
        with pytest.raises(NumberRefused):
            void_number(body=body, number=wrong, reason="作废", actor=clerk)
    void_number(body=body, number="云公复〔2026〕2号", reason="写坏了", actor=clerk)
    explain_number(body=body, number="云公复〔2026〕3号", reason="用于纸质答复", actor=clerk)
    with pytest.raises(NumberRefused, match="说明过"):
        explain_number(body=body, number="云公复〔2026〕3号", reason="再说", actor=clerk)
    with pytest.raises(NotPermitted):
        void_number(body=body, number="云公复〔2026〕4号", reason="x", actor=office.place.actor("handler"))
    found = number_register(body=body, kind="reply", year=2026, actor=clerk)
    assert [(row.serial, row.status, row.reason) for row in found.rows] == [
        (5, "entry", ""), (4, "gap", ""),
        (3, "elsewhere", "用于纸质答复"), (2, "void", "写坏了"), (1, "letter", ""),
    ]  # fmt: skip
    assert (found.rows[0].stream, found.rows[0].issued_on) == (by_hand, TODAY)
    step = Step("reply.issued", TODAY, {"outcome": "denied_internal", "number": number})
    with pytest.raises(NumberTaken):
        perform_with_letter(
            body=body,
            stream=office.register(),
            step=step,
            expected_seq=2,
            actor=office.place.actor("approver"),
        )
    gaps = number_register(body=body, kind="reply", year=2026, status="gap", actor=clerk)
    assert [row.serial for row in gaps.rows] == [4]


def test_the_number_of_a_letter_whose_entry_was_struck_out_can_be_made_void(
    office: Office, letter: OutgoingLetter
) -> None:
    body = office.place.body
    perform_act(
        body=body, stream=letter.stream, kind="entry.corrected", occurred_on=TODAY,
        expected_seq=office.seq(letter.stream), actor=office.place.actor("approver"),
        payload={"seq": letter.seq, "replacement": None}, texts={"reason": "签发错了"},
    )  # fmt: skip
    void_number(body=body, number=letter.number, reason="签发错了", actor=office.place.actor("approver"))
    assert office.issue(letter.stream).number == "云公复〔2026〕2号"


@pytest.mark.one_database
def test_the_pages_of_the_registers(office: Office, letter: OutgoingLetter, sign_in: SignIn) -> None:
    head = sign_in("approver")
    new = {"step": "add", "name": "云溪县人民政府", "kind": "body", "keeper": "甲", "used_from": "2026-01-01"}
    assert "已登记" in head.post("/desk/post/seals/", new, follow=True).content.decode()
    again = head.post("/desk/post/seals/", new)
    assert again.status_code == 422 and "正在使用" in again.content.decode()
    clerk = sign_in("receiving_clerk")
    url = f"/desk/post/letters/{letter.key}/"
    page = clerk.get(url).content.decode()
    key = page.split('<option value="seal-')[1].split('"')[0]
    sealed = {"step": "seal", "seal": f"seal-{key}", "copies": "2", "on": TODAY.isoformat()}
    wrong = clerk.post(url, {**sealed, "on": "2026-02-01"})
    assert wrong.status_code == 422 and "用印日期" in wrong.content.decode()
    assert "已登记用印" in clerk.post(url, sealed, follow=True).content.decode()
    assert clerk.post(url, {"step": "x"}).status_code == 404
    assert letter.number in clerk.get("/desk/post/sealing/?state=sealed").content.decode()
    take = {"step": "take", "kind": "reply", "reason": "纸质答复", "seen": "0"}
    assert "云公复〔2026〕2号" in clerk.post("/desk/post/numbers/", take, follow=True).content.decode()
    void = clerk.post("/desk/post/numbers/", {"step": "void", "number": letter.number, "reason": "x"})
    assert void.status_code == 422 and "还有效" in void.content.decode()
    for address in ("post.xlsx", "post/sealing.xlsx", "post/numbers.xlsx?kind=reply&year=2026"):
        answer = clerk.get(f"/desk/{address}")
        book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[arg-type]
        assert any(letter.number in map(str, row) for row in book.worksheets[0].values), address
    said = {"step": "preview", "head": "云溪县人民政府", "seal_lines": "2", "warn_days": "1", "imprint": "办"}
    assert head.post("/desk/post/settings/", said).content.startswith(b"%PDF")
    bad = head.post("/desk/post/settings/", {"step": "save", "seal_lines": "9", "warn_days": "1"})
    assert bad.status_code == 422 and "最多 6 行" in bad.content.decode()
