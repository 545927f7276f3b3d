"""What the approver reads is what was filled in: an untouched text follows, an edited one is told apart."""

from __future__ import annotations

from typing import Any

import pytest
from tests.platform.letters.conftest import Case, content_for
from tests.platform.letters.pages import fields_of, log_in, send

from gongkai.platform.cases.models import DraftState, ReplyDraft
from gongkai.platform.cases.services.drafts import (
    DraftChanged,
    DraftIncomplete,
    content_of,
    settle_text,
    submit_draft,
)

pytestmark = pytest.mark.one_database  # what it asks of a database is tested on both elsewhere

OLD, NEW = "该信息是车辆派用记录，属于后勤管理。", "该信息是二〇二六年的车辆派用记录。"
APART = "正文与上面填的不一致：“理由”改过"


def path(case: Case, more: str = "") -> str:
    return f"/desk/cases/{case.stream}/reply/{more}"


def page_of(response: Any) -> str:
    return response.content.decode()


def begun(case: Case, *, by_hand: bool) -> Any:
    """A handler whose first version is saved; its text as made, or edited afterwards."""
    handler = log_in(case.place, "handler")
    send(handler, path(case, "?result=denied_internal/"), {"field_reason": OLD, "step": "save"})
    if by_hand:
        text = fields_of(handler.get(path(case)))["text"][0]
        assert OLD in text
        send(handler, path(case), {"text": text.replace("不予公开", "决定不予公开"), "step": "save"})
        assert "手改过，与按模板生成的不同" in page_of(handler.get(path(case, "review/")))
    return handler


def test_a_text_that_nobody_edited_follows_a_changed_reason(case: Case) -> None:
    handler = begun(case, by_hand=False)
    done = send(handler, path(case), {"field_reason": NEW, "step": "submit"})
    draft = ReplyDraft.objects.get()
    assert draft.state == DraftState.SUBMITTED, page_of(done)
    text = content_of(draft).text
    assert NEW in text
    assert OLD not in text
    assert "手改过" not in page_of(log_in(case.place, "approver").get(path(case, "review/")))


def test_a_text_that_nobody_edited_follows_the_articles(case: Case) -> None:
    handler = begun(case, by_hand=False)
    assert "第十五条" not in content_of(ReplyDraft.objects.get()).text
    basis = ["ogi_regulation_2019:15", "ogi_regulation_2019:16.1"]
    send(handler, path(case), {"basis": basis, "step": "submit"})
    assert "第十五条、第十六条第一款" in content_of(ReplyDraft.objects.get()).text


def test_an_edited_text_that_does_not_follow_is_not_submitted(case: Case) -> None:
    handler = begun(case, by_hand=True)
    done = page_of(send(handler, path(case), {"field_reason": NEW, "step": "submit"}))
    assert APART in done
    for button in ("按模板重新生成", "保留我改的"):
        assert button in done
    draft = ReplyDraft.objects.get()
    assert draft.state == DraftState.DRAFTING
    assert "决定不予公开" in content_of(draft).text  # nothing typed is lost
    assert APART in page_of(send(handler, path(case, "review/"), {"step": "submit"}))
    assert ReplyDraft.objects.get().state == DraftState.DRAFTING
    # Saving once more does not make the difference forgotten.
    send(handler, path(case), {"step": "save"})
    assert APART in page_of(handler.get(path(case, "review/")))


def test_made_anew_the_text_says_what_was_filled_in(case: Case) -> None:
    handler = begun(case, by_hand=True)
    send(handler, path(case), {"field_reason": NEW, "step": "save"})
    send(handler, path(case, "review/"), {"step": "make"})
    text = content_of(ReplyDraft.objects.get()).text
    assert NEW in text
    assert "决定不予公开" not in text
    assert APART not in page_of(handler.get(path(case, "review/")))


def test_kept_knowingly_the_text_goes_on_and_the_approver_is_told(case: Case) -> None:
    handler = begun(case, by_hand=True)
    send(handler, path(case), {"field_reason": NEW, "step": "save"})
    send(handler, path(case, "review/"), {"step": "keep"})
    send(handler, path(case, "review/"), {"step": "submit"})
    assert ReplyDraft.objects.get().state == DraftState.SUBMITTED
    shown = page_of(log_in(case.place, "approver").get(path(case, "review/")))
    assert "手改过，与按模板生成的不同" in shown
    assert "上面填的“理由”，正文里没有照写" in shown
    assert "保留我改的" not in shown


def test_who_changes_the_text_with_the_reason_is_not_asked(case: Case) -> None:
    handler = begun(case, by_hand=True)
    text = fields_of(handler.get(path(case)))["text"][0].replace(OLD, NEW)
    send(handler, path(case), {"field_reason": NEW, "text": text, "step": "submit"})
    assert ReplyDraft.objects.get().state == DraftState.SUBMITTED


def test_fewer_articles_are_told_too(case: Case) -> None:
    handler = begun(case, by_hand=False)
    basis = ["ogi_regulation_2019:15", "ogi_regulation_2019:16.1"]
    send(handler, path(case), {"basis": basis, "step": "save"})
    text = fields_of(handler.get(path(case)))["text"][0].replace("不予公开", "决定不予公开")
    send(handler, path(case), {"text": text, "step": "save"})
    done = page_of(send(handler, path(case), {"basis": basis[:1], "step": "submit"}))
    assert "正文与上面填的不一致：“依据”改过" in done


def test_settling_needs_the_version_that_was_shown_and_a_drafter(case: Case) -> None:
    handler = begun(case, by_hand=True)
    send(handler, path(case), {"field_reason": NEW, "step": "save"})
    body, actor = case.place.body, case.place.actor("handler")
    with pytest.raises(DraftChanged):
        settle_text(
            body=body, stream=case.stream, expected_version=1, expected_seq=case.seq, keep=True, actor=actor
        )
    approver = log_in(case.place, "approver")
    answers = {"step": "keep", "version": "3", "expected_seq": str(case.seq)}
    assert approver.post(path(case, "review/"), answers).status_code == 403
    assert ReplyDraft.objects.get().version == 3


def test_a_text_out_of_step_is_not_submitted_through_the_service_either(case: Case) -> None:
    made = content_of(case.save(content_for("denied_internal"))).text
    edited = made.replace("不予公开", "决定不予公开")
    case.save(content_for("denied_internal", text=edited), version=1)
    draft = case.save(content_for("denied_internal", text=edited, fields={"reason": NEW}), version=2)
    with pytest.raises(DraftIncomplete, match="不一致"):
        submit_draft(
            body=case.place.body, stream=case.stream, expected_version=draft.version,
            actor=case.place.actor("handler"),
        )  # fmt: skip
