"""What is brought by somebody entrusted is in time once it was signed for: until then it is warned of."""

from __future__ import annotations

import pytest
from tests.platform.post.conftest import Office, SignIn
from tests.platform.post.test_sending import line, seen
from tests.platform.post.test_signed_is_not_sent import days

from gongkai.platform.cases.posting.sending import send

pytestmark = pytest.mark.one_database


def test_a_reply_on_its_way_by_hand_is_warned_of_until_it_is_signed_for(
    office: Office, sign_in: SignIn
) -> None:
    stream = office.register()
    day18, day19, day20, day25 = days(office, stream)
    letter = office.issue(stream, day18)
    document = seen(office, letter, day18)
    send(lines=[line(document, on=day18, method="entrusted")], actor=office.place.actor("handler", day18))
    assert office.case(stream).service == "sent" and office.case(stream).answered_late is None
    page = f"/desk/cases/{stream}/"
    last = f"最迟 {day20.isoformat()} 签收"
    assert last not in sign_in("handler", day18).get(page).content.decode()
    assert last in sign_in("handler", day19).get(page).content.decode()
    assert f"{last}，已经过了" in sign_in("handler", day25).get(page).content.decode()
