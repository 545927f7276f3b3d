"""What a page says of roles, of entries of the audit and of notes to the figures is words, not keys."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client
from tests.platform.conftest import Place

from gongkai.platform.core.audit_trail import AuditRow
from gongkai.platform.reporting.selectors import note_said
from gongkai.rules.counting.result import CountNote


@pytest.mark.parametrize(
    ("role", "said"),
    [
        ("editor", "还没有页面，现在只能管理自己的账号"),
        ("secrecy_reviewer", "还没有页面，现在只能管理自己的账号"),
        ("supervisor", "不办理，看不到申请人身份"),
        ("handler", "不登记来件"),
    ],
)
def test_the_account_page_says_what_the_seat_can_do(county: Place, role: str, said: str) -> None:
    client = Client()
    client.force_login(county.seats[role].person, backend="django.contrib.auth.backends.ModelBackend")
    assert said in client.get("/desk/account/").content.decode()


def test_the_detail_of_an_audit_entry_is_said_in_words() -> None:
    detail = {"kind": "reply.dispatched", "seq": 7, "channel": "fax", "outcome": "granted", "later": "x"}
    row = AuditRow(1, datetime(2026, 3, 3, tzinfo=UTC), "case.act", "", True, "", "", "", "", detail)
    assert row.detail_text == "事项：发出答复；第几条记录：7；渠道：传真；处理结果：予以公开；later：x"


def test_a_note_to_the_figures_names_the_kind_of_reply() -> None:
    note = CountNote("CT-N-006", {"sub_kind": "not_held", "cases": 8, "row": "row-x"})
    assert note_said(note, {"row-x": "本机关不掌握"}) == "“信息不存在” 8 件，计入 本机关不掌握"
