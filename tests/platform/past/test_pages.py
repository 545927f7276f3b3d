"""The pages of past cases without a browser: what is refused is said, what is sent twice happens once."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.platform.conftest import TODAY, Place
from tests.platform.past.sheets import FAULTS, Row, book, lives

from gongkai.platform.cases.models import PastHeading, PastImport
from gongkai.platform.core.models import DemonstrationDay

pytestmark = pytest.mark.one_database


@pytest.fixture(autouse=True)
def today(db: None) -> None:
    DemonstrationDay.objects.update_or_create(id=1, defaults={"day": TODAY})


def client(place: Place, role: str) -> Client:
    one = Client()
    one.force_login(place.seats[role].person, backend="django.contrib.auth.backends.ModelBackend")
    return one


def upload(one: Client, content: bytes, name: str = "台账.xlsx") -> Any:
    return one.post("/desk/past/", {"file": SimpleUploadedFile(name, content)}, follow=True)


def text_of(response: Any) -> str:
    return response.content.decode()


def faulty(*places: int) -> list[Row]:
    rows = lives(6)
    for place in places:
        rows[place] = {**rows[place], **FAULTS[7].change}
    return rows


def test_a_needed_column_without_heading_is_asked_for_and_remembered(county: Place) -> None:
    clerk = client(county, "receiving_clerk")
    page = upload(clerk, book(lives(3), headings={"number": "流水"}))
    past = PastImport.objects.get()
    where = f"/desk/past/{past.key}/"
    assert "流水" in text_of(page)
    refused = clerk.post(where, {"step": "mapping"})
    assert refused.status_code == 422
    assert "没有对应的列：编号" in text_of(refused)
    place = list(past.mapping).index("流水")
    taken = clerk.post(where, {"step": "mapping", f"h-{place}": "number"}, follow=True)
    assert "正在" in text_of(taken)
    assert PastHeading.objects.get(body=county.body, heading="流水").field == "number"
    upload(clerk, book(lives(4), headings={"number": "流水"}))
    assert PastImport.objects.exclude(key=past.key).get().mapping["流水"] == "number"
