"""The pages of sensitive cases without a browser: forms, errors, stale copies, what is not offered."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.platform.sensitive.conftest import Office

from gongkai.platform.cases.models import ApprovalLevels, SecretPointer, SensitiveFlag
from gongkai.platform.cases.sensitive.flags import seen_of

pytestmark = pytest.mark.one_database


def page_of(office: Office, name: str = "sensitive") -> str:
    return reverse(f"desk:{name}", args=[office.case.stream])


def post(client: Client, page: str, **data: Any) -> Any:
    return client.post(page, data)


def test_a_case_is_flagged_and_lifted_on_its_page(office: Office) -> None:
    approver, second = office.approvers(2)
    client, page = office.client(approver), page_of(office)
    assert "标为敏感案件" in client.get(page).content.decode()
    said = {"step": "flag", "reason": "涉及举报人", "readers": [approver.pk, second.pk], "levels": "1"}
    assert post(client, page, **said).status_code == 302
    flag = SensitiveFlag.objects.get()
    assert (flag.levels, flag.confirmed_by) == (1, approver)
    answer = post(client, page, **said)  # sent twice
    assert answer.status_code == 302
    assert SensitiveFlag.objects.count() == 1
    lifted = post(client, page, step="lift", seen=seen_of(flag), reason="举报已经办结")
    assert lifted.status_code == 302
    assert "举报已经办结" in client.get(page).content.decode()


def test_what_is_missing_is_said_at_its_field_and_nothing_typed_is_lost(office: Office) -> None:
    client, page = office.client(office.place.seats["approver"]), page_of(office)
    answer = post(client, page, step="flag", reason="", readers=[], levels="2", until="2026-13-01")
    text = answer.content.decode()
    assert answer.status_code == 422
    for anchor in ("#f-reason", "#f-readers_0", "#f-until"):
        assert f'href="{anchor}"' in text
    typed = post(client, page, step="flag", reason="涉及举报人", readers=[office.second.pk], levels="2")
    assert typed.status_code == 422
    assert "要有 3 位审批人（现在有 2 位）" in typed.content.decode()
    assert "涉及举报人</textarea>" in typed.content.decode()


def test_a_copy_of_the_page_from_before_changes_nothing(office: Office) -> None:
    flag = office.flag()
    client, page = office.client(office.place.seats["approver"]), page_of(office)
    stale = seen_of(flag)
    flag.readers.filter(seat=office.place.seats["handler"]).delete()
    for step in ("confirm", "change", "lift"):
        answer = client.post(
            page,
            {"step": step, "seen": stale, "reason": "x", "readers": [office.second.pk], "levels": "0"},
            follow=True,
        )
        assert "别人刚改过这件案件的敏感标记" in answer.content.decode()
    flag.refresh_from_db()
    assert flag.lifted_at is None


def test_the_clerk_who_proposed_sees_the_flag_and_no_button_to_decide(office: Office) -> None:
    office.flag(role="receiving_clerk", readers=[office.place.seats["approver"]])
    text = office.client(office.place.seats["receiving_clerk"]).get(page_of(office)).content.decode()
    assert "等审批人确认" in text
    assert 'value="lift"' not in text
    assert 'value="confirm"' not in text
    for step in ("confirm", "change", "lift"):
        client = office.client(office.place.seats["receiving_clerk"])
        assert post(client, page_of(office), step=step).status_code == 403


def test_a_step_that_there_is_not_is_not_found(office: Office) -> None:
    client = office.client(office.place.seats["approver"])
    assert post(client, page_of(office), step="nonsense").status_code == 404
    handler = office.client(office.place.seats["handler"])
    assert post(handler, page_of(office, "secret_pointers"), step="nonsense").status_code == 404


def test_for_who_reads_it_not_there_is_no_such_case(office: Office) -> None:
    office.flag(readers=[office.place.seats["approver"]])
    for role in ("handler", "receiving_clerk", "supervisor"):
        client = office.client(office.place.seats[role])
        for name in ("case", "sensitive", "secret_pointers", "draft_review"):
            assert client.get(page_of(office, name)).status_code == 404


def test_the_case_page_says_who_reads_it_and_why_to_the_office(office: Office) -> None:
    office.flag(readers=[office.place.seats["approver"], office.place.seats["supervisor"]])
    text = office.client(office.place.seats["approver"]).get(page_of(office, "case")).content.decode()
    assert "只有 2 人可以阅读" in text
    assert "涉及举报人" in text
    watcher = office.client(office.place.seats["supervisor"]).get(page_of(office, "case")).content.decode()
    assert "只有 2 人可以阅读" in watcher
    assert "涉及举报人" not in watcher


def test_a_pointer_is_entered_and_withdrawn_on_its_page(office: Office) -> None:
    client, page = office.client(office.place.seats["handler"]), page_of(office, "secret_pointers")
    wrong = post(client, page, step="add", number="机密★10年", keeper="", place="保密室")
    assert wrong.status_code == 422
    assert (
        post(client, page, step="add", number="云密登7", keeper="郑守拙", place="保密室").status_code == 302
    )
    pointer = SecretPointer.objects.get()
    assert post(client, page, step="withdraw", key=pointer.key).status_code == 302
    again = client.post(page, {"step": "withdraw", "key": pointer.key}, follow=True)
    assert "这一条已经撤回" in again.content.decode()


def test_levels_are_set_by_outcome_on_the_page_of_the_body(office: Office) -> None:
    client = office.client(office.place.seats["system_administrator"])
    page = reverse("desk:approval_levels", args=[office.place.body.pk])
    all_at_one = {field.name: "0" for field in client.get(page).context["form"]}
    assert post(client, page, **{**all_at_one, "granted": "1"}).status_code == 302
    assert list(ApprovalLevels.objects.values_list("outcome", "levels")) == [("granted", 1)]
    assert post(client, page, **{**all_at_one, "granted": "7"}).status_code == 422
    assert client.get(page).context["form"].initial["granted"] == "1"
