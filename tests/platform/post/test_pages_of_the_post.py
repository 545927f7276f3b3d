"""The pages of seal and post: what they show, what they enter, what they refuse."""

from __future__ import annotations

import pytest
from tests.platform.post.conftest import Office, SignIn

from gongkai.platform.cases.models import OutgoingLetter

pytestmark = pytest.mark.one_database


def test_a_signed_reply_is_listed_until_it_is_sent(
    office: Office, letter: OutgoingLetter, sign_in: SignIn
) -> None:
    clerk = sign_in("handler")
    page = clerk.get("/desk/post/")
    assert page.status_code == 200 and letter.number in page.content.decode()
    for address in (f"letters/{letter.key}/", "sealing/", "numbers/", f"send/?letter={letter.key}"):
        found = clerk.get(f"/desk/post/{address}")
        assert found.status_code == 200, address
    head = sign_in("approver")
    for address in ("seals/", "settings/"):
        assert head.get(f"/desk/post/{address}").status_code == 200, address
        assert clerk.get(f"/desk/post/{address}").status_code == 403
    assert "已签发，未寄出" in clerk.get("/desk/").content.decode()
    assert clerk.get(f"/desk/cases/{letter.stream}/").status_code == 200
