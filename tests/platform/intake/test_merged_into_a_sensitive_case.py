"""Where a case was taken back to is told to whoever may read that one, and to nobody else."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.platform.conftest import TODAY, Place
from tests.platform.intake.conftest import Come
from tests.platform.intake.test_merging import merge, split

from gongkai.platform.cases.archive.sections import sections_of
from gongkai.platform.cases.services.sensitive import Flagging, flag_case
from gongkai.platform.core.models import DemonstrationDay

pytestmark = pytest.mark.one_database


def test_its_number_is_on_no_page_and_in_no_package_of_others(county: Place, come_in: Come) -> None:
    first, second = split(county, come_in)
    merge(county, first, second)
    DemonstrationDay.objects.update_or_create(id=1, defaults={"day": TODAY})
    head, handler = county.actor("approver"), county.actor("handler")
    seat = head.seat
    assert seat is not None
    flag_case(
        body=county.body, stream=first.stream, actor=head,
        flagging=Flagging(reason="涉及举报人", readers=[seat.pk]),
    )  # fmt: skip
    for actor, told in ((head, True), (handler, False)):
        client = Client()
        assert actor.seat is not None
        client.force_login(actor.seat.person, backend="django.contrib.auth.backends.ModelBackend")
        page = client.get(f"/desk/cases/{second.stream}/").content.decode()
        sections = str(sections_of(body=county.body, stream=second.stream, actor=actor))
        assert (first.stream in page, first.number in sections) == (told, told)
