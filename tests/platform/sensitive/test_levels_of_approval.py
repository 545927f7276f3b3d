"""A reply that several approve: each another person, none of the writers; returned, it begins anew."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from tests.platform.conftest import TODAY, Place
from tests.platform.letters.conftest import content_for
from tests.platform.sensitive.conftest import Office

from gongkai.platform.cases.drafting import draft_view
from gongkai.platform.cases.models import ApprovalLevels, DraftMove, DraftStep, OutgoingLetter, ReplyDraft
from gongkai.platform.cases.selectors.conditions import waits_for_me
from gongkai.platform.cases.selectors.scope import visible_cases
from gongkai.platform.cases.sensitive.levels import LevelsMissing
from gongkai.platform.cases.services.drafts import (
    DraftChanged,
    OwnDraft,
    approve_draft,
    recall_draft,
    return_draft,
    submit_draft,
)
from gongkai.platform.cases.services.sensitive import set_levels
from gongkai.platform.cases.services.signing import sign_reply
from gongkai.platform.cases.services.together import Seen
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import AuditEntry, Seat, SeatRole
from gongkai.platform.core.permissions import NotPermitted


def sign(office: Office, draft: ReplyDraft, seat: Seat, signed: int) -> None:
    sign_reply(
        body=office.place.body, stream=office.case.stream, actor=office.actor(seat), expected_signed=signed,
        seen={office.case.stream: Seen(draft.version, office.case.seq)},
    )  # fmt: skip


def approve(office: Office, draft: ReplyDraft, seat: Seat, **more: Any) -> OutgoingLetter:
    _done, letter = approve_draft(
        body=office.place.body, stream=office.case.stream, expected_version=draft.version,
        expected_seq=office.case.seq, actor=office.actor(seat), **more,
    )  # fmt: skip
    return letter


def submitted(office: Office, levels: int) -> ReplyDraft:
    office.flag(levels=levels)
    return office.case.submit(content_for("granted"))


def waiting_for(office: Office, seat: Seat) -> bool:
    actor: Actor = office.actor(seat)
    return visible_cases(actor).filter(waits_for_me(actor), stream=office.case.stream).exists()


def test_with_two_more_levels_three_people_approve_one_after_another(office: Office) -> None:
    draft = submitted(office, 2)
    first, second, third = office.approvers(3)
    sign(office, draft, first, 0)
    sign(office, draft, second, 1)
    with pytest.raises(LevelsMissing):
        sign(office, draft, third, 2)  # the last one issues it
    assert approve(office, draft, third).number
    moves = list(draft.steps.order_by("id").values_list("move", flat=True))
    assert moves[-3:] == [DraftMove.SIGNED, DraftMove.SIGNED, DraftMove.APPROVED]
    assert AuditEntry.objects.filter(act="draft.signed").count() == 2


def test_before_all_have_signed_nothing_is_issued(office: Office) -> None:
    draft = submitted(office, 1)
    with pytest.raises(LevelsMissing):
        approve(office, draft, office.second)
    assert not OutgoingLetter.objects.filter(kind__startswith="reply").exists()


def test_nobody_signs_or_issues_what_they_signed(office: Office) -> None:
    draft = submitted(office, 2)
    first = office.approvers(1)[0]
    sign(office, draft, first, 0)
    with pytest.raises(OwnDraft):
        sign(office, draft, first, 1)
    sign(office, draft, office.second, 1)
    with pytest.raises(OwnDraft):
        approve(office, draft, first)


def test_who_signs_and_issues_at_once_does_one_of_them(office: Office) -> None:
    draft = submitted(office, 1)
    first = office.approvers(1)[0]
    signed: list[str] = []

    def sign_before_the_lock(execute: Any, sql: str, *rest: Any) -> Any:
        if "ledgerhead" in sql and not signed:  # the other request got the lock before this one
            signed.append(sql)
            DraftStep.objects.create(
                draft=draft, move=DraftMove.SIGNED, version=draft.version, seat=first, outcome=draft.outcome,
                at=office.actor(first).present.moment,
            )  # fmt: skip
        return execute(sql, *rest)

    with connection.execute_wrapper(sign_before_the_lock), pytest.raises(OwnDraft):
        approve(office, draft, first, expected_signed=1)
    assert signed
    assert not OutgoingLetter.objects.filter(kind__startswith="reply").exists()


def test_nobody_signs_what_they_wrote(office: Office) -> None:
    handler = office.place.seats["handler"]
    SeatRole.objects.create(seat=handler, role="approver")
    handler.refresh_from_db()
    draft = submitted(office, 1)
    with pytest.raises(OwnDraft):
        sign(office, draft, handler, 0)


def test_who_may_not_approve_does_not_sign(office: Office) -> None:
    draft = submitted(office, 1)
    with pytest.raises(NotPermitted):
        sign(office, draft, office.place.seats["handler"], 0)


def test_who_looked_before_another_signed_does_nothing_unawares(office: Office) -> None:
    draft = submitted(office, 1)
    first, second = office.approvers(2)
    sign(office, draft, first, 0)
    with pytest.raises(LevelsMissing):
        sign(office, draft, second, 0)
    with pytest.raises(LevelsMissing):
        approve(office, draft, second, expected_signed=0)
    assert approve(office, draft, second, expected_signed=1).number


@pytest.mark.parametrize("how", ["returned", "recalled"])
def test_returned_or_recalled_it_begins_at_the_first_level(office: Office, how: str) -> None:
    draft = submitted(office, 1)
    first, second = office.approvers(2)
    sign(office, draft, first, 0)
    where: dict[str, Any] = {"body": office.place.body, "stream": office.case.stream}
    if how == "returned":
        return_draft(
            **where, expected_version=draft.version, remarks="请补充依据", actor=office.actor(second)
        )
    else:
        recall_draft(**where, expected_version=draft.version, actor=office.place.actor("handler"))
    submit_draft(**where, expected_version=draft.version, actor=office.place.actor("handler"))
    with pytest.raises(LevelsMissing):
        approve(office, draft, second)
    sign(office, draft, first, 0)  # the same person may again, for it is another round
    assert approve(office, draft, second).number


def test_a_draft_that_was_moved_is_not_signed(office: Office) -> None:
    draft = submitted(office, 1)
    recall_draft(
        body=office.place.body, stream=office.case.stream, expected_version=draft.version,
        actor=office.place.actor("handler"),
    )  # fmt: skip
    with pytest.raises(DraftChanged):
        sign(office, draft, office.approvers(1)[0], 0)


def test_it_waits_for_whoever_has_not_signed(office: Office) -> None:
    draft = submitted(office, 1)
    first, second = office.approvers(2)
    assert waiting_for(office, first)
    sign(office, draft, first, 0)
    assert not waiting_for(office, first)
    assert waiting_for(office, second)


def test_a_body_sets_for_which_outcomes_several_approve(office: Office) -> None:
    administrator = office.place.actor("system_administrator")
    set_levels(body=office.place.body, levels={"granted": 1, "partial": 0}, actor=administrator)
    assert list(ApprovalLevels.objects.values_list("outcome", "levels")) == [("granted", 1)]
    draft = office.case.submit(content_for("granted"))
    with pytest.raises(LevelsMissing):
        approve(office, draft, office.second)
    sign(office, draft, office.third, 0)
    assert approve(office, draft, office.second).number
    assert AuditEntry.objects.filter(act="levels.set").count() == 1
    set_levels(body=office.place.body, levels={"granted": 1}, actor=administrator)
    assert AuditEntry.objects.filter(act="levels.set").count() == 1


def test_by_default_one_approves(office: Office) -> None:
    draft = office.case.submit(content_for("granted"))
    assert approve(office, draft, office.second).number


@pytest.mark.parametrize("levels", [{"nonsense": 1}, {"granted": 3}, {"granted": -1}])
def test_no_nonsense_is_set(office: Office, levels: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="unknown"):
        set_levels(body=office.place.body, levels=levels, actor=office.place.actor("system_administrator"))
    assert not ApprovalLevels.objects.exists()


def test_only_the_system_administrator_sets_them(office: Office, department: Place) -> None:
    for actor in (office.place.actor("approver"), department.actor("system_administrator")):
        with pytest.raises(NotPermitted):
            set_levels(body=office.place.body, levels={"granted": 1}, actor=actor)


def test_the_chain_shows_who_signed_and_who_is_next(office: Office) -> None:
    draft = submitted(office, 2)
    first, second, _third = office.approvers(3)
    sign(office, draft, first, 0)
    view = draft_view(body=office.place.body, stream=office.case.stream, actor=office.actor(second))
    assert view is not None
    said = [(step.state, step.label, step.who) for step in view.chain]
    assert ("ok", "第 1 级审核同意", first.person.name) in said
    assert ("on", "第 2 级审核，等审", "") in said
    assert (view.may_decide, view.last_level, view.signed, view.levels) == (True, False, 1, 3)
    mine = draft_view(body=office.place.body, stream=office.case.stream, actor=office.actor(first))
    assert mine is not None
    assert (mine.may_decide, mine.signed_by_me) == (False, True)


@pytest.mark.one_database
def test_on_the_page_each_level_signs_and_the_last_issues(office: Office) -> None:
    submitted(office, 1)
    first, second = office.approvers(2)
    page = reverse("desk:draft_review", args=[office.case.stream])
    one, two = office.client(first), office.client(second)
    shown = one.get(page).content.decode()
    assert "审核同意，送下一级" in shown
    assert "批准签发</button>" not in shown
    said = hidden_of(one, page) | {"step": "sign"}
    assert one.post(page, said).status_code == 302
    assert "您已经审核同意" in one.get(page).content.decode()
    assert two.post(page, said).status_code == 409  # a copy of the other's form: shown before the signature
    said = hidden_of(two, page) | {"step": "approve", "occurred_on": TODAY.isoformat()}
    assert two.post(page, said).status_code == 302
    assert OutgoingLetter.objects.filter(stream=office.case.stream).exclude(number="").exists()


def hidden_of(client: Client, page: str) -> dict[str, str]:
    """The hidden fields of the form with which one decides."""
    context: Any = client.get(page).context
    draft = context["draft"]
    return {
        "version": str(draft.version), "expected_seq": str(draft.expected_seq), "signed": str(draft.signed)
    }  # fmt: skip
