"""Whoever was erased is gone from database, files, index and audit, and does not come back with a backup."""

from __future__ import annotations

import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core import serializers
from django.db import connection
from tests.platform.committed import CommittedDatabase, own_connection
from tests.platform.conftest import TODAY, Place, make_body
from tests.platform.private.conftest import PDF

from gongkai.platform.cases.applicants import ApplicantDetails, RequestedItem, applicant_of, streams_with
from gongkai.platform.cases.erasure import (
    CannotErase,
    erase_applicant,
    extent_of,
    keep_erasure_list,
    list_path,
    listed_erasures,
    replay_erasures,
    scrub_database,
)
from gongkai.platform.cases.models import CaseFile, CaseSummary, CaseText
from gongkai.platform.cases.search.index import matching
from gongkai.platform.cases.services.acting import Step, perform_acts
from gongkai.platform.cases.services.papers import NewPaper
from gongkai.platform.cases.services.registration import Registered, register_letter
from gongkai.platform.core import private
from gongkai.platform.core.files import private_root
from gongkai.platform.core.models import AuditEntry, BlindIndex, Erasure, PrivateRecord, StoredFile, Subject
from gongkai.platform.core.permissions import NotPermitted
from gongkai.platform.ledger.models import LedgerEvent
from gongkai.platform.ledger.selectors import history

APPLICANT = ApplicantDetails(
    kind="natural_person", name="慕容知微", identity_type="resident_card", phone="13899990001",
    identity_number="11010119900307001X", address="云溪县麒麟巷七号", email="zhiwei@example.org",
)  # fmt: skip
OTHER = ApplicantDetails(kind="natural_person", name="周至", phone="13877770002")
ITEM = RequestedItem(description="麒麟巷改造的拆迁补偿协议与评估报告", title="麒麟巷补偿")
TRACES = ("慕容", "13899990001", "11010119900307001", "麒麟", "zhiwei", "补偿协议", "只在电话里说")


@pytest.fixture(autouse=True)
def own_list() -> None:
    list_path().unlink(missing_ok=True)


def come(place: Place, applicant: ApplicantDetails = APPLICANT, item: RequestedItem = ITEM) -> Registered:
    return register_letter(
        body=place.body, actor=place.actor("receiving_clerk"), channel="registered_post", came_on=TODAY,
        applicant=applicant, items=[item], remark="慕容知微本人来电",
        papers=[NewPaper(kind="identity", name="慕容知微身份证.pdf", content=PDF + "慕容知微".encode())],
    )  # fmt: skip


def close(place: Place, case: CaseSummary) -> None:
    steps = [
        Step("note.added", TODAY, {"kind": "call"}, {"text": "只在电话里说：慕容知微不再需要"}),
        Step("request.withdrawn", TODAY, {"scope": "whole"}),
    ]
    perform_acts(
        body=place.body, stream=case.stream, steps=steps, expected_seq=case.last_seq,
        actor=place.actor("handler"),
    )  # fmt: skip


def everything() -> str:
    """All rows of all tables, as text."""
    rows: list[str] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            rows += [str(row) for row in cursor.fetchall()]
    return "\n".join(rows)


def test_all_cases_of_the_person_lose_every_word_and_the_ledger_stays(county: Place) -> None:
    first, second, other = come(county), come(county), come(county, OTHER)
    for registered in (first, second, other):
        close(county, registered.summaries[0])
    before = list(LedgerEvent.objects.order_by("position").values_list("hash", flat=True))
    stream = first.summaries[0].stream
    extent = extent_of(body=county.body, stream=stream, actor=county.actor("approver"))
    assert extent is not None and (len(extent.cases), extent.files) == (2, 2)
    erase_applicant(body=county.body, stream=stream, actor=county.actor("approver"))
    assert list(LedgerEvent.objects.order_by("position").values_list("hash", flat=True)) == before
    streams = [case.stream for registered in (first, second) for case in registered.summaries]
    assert not PrivateRecord.objects.filter(stream__in=streams).exists()
    assert applicant_of(stream) is None and not streams_with(body=county.body, value="慕容知微")
    assert {(t.title, t.description, t.applicant_label, t.details) for t in
            CaseText.objects.filter(stream__in=streams)} == {("", "", "", "")}  # fmt: skip
    assert CaseFile.objects.count() == 1 == StoredFile.objects.count()
    assert matching("麒麟", bodies=None, most=9) == [other.summaries[0].stream]
    assert CaseSummary.objects.get(stream=stream).number == "云公申〔2026〕1号"
    assert "慕容" not in "".join(AuditEntry.objects.values_list("detail", flat=True))
    assert applicant_of(other.summaries[0].stream) == OTHER
    assert extent_of(body=county.body, stream=stream, actor=county.actor("approver")) is None


def test_a_person_who_is_owed_an_answer_is_not_erased(county: Place) -> None:
    closed, _opened = come(county), come(county)
    close(county, closed.summaries[0])
    with pytest.raises(CannotErase) as cannot:
        erase_applicant(body=county.body, stream=closed.summaries[0].stream, actor=county.actor("approver"))
    assert "办结" in str(cannot.value.message)
    assert PrivateRecord.objects.exists() and not Erasure.objects.exists()


@pytest.mark.parametrize("role", ["receiving_clerk", "handler", "supervisor", "security_administrator"])
def test_only_the_approver_erases(county: Place, foreign: Place, role: str) -> None:
    registered = come(county)
    close(county, registered.summaries[0])
    for actor in (county.actor(role), foreign.actor("approver")):
        with pytest.raises(NotPermitted):
            erase_applicant(body=county.body, stream=registered.summaries[0].stream, actor=actor)
    with pytest.raises(CannotErase):
        erase_applicant(
            body=foreign.body, stream=registered.summaries[0].stream, actor=foreign.actor("approver")
        )
    assert not Erasure.objects.exists()


def test_nobody_is_erased_twice_and_a_new_letter_is_a_new_person(county: Place) -> None:
    registered = come(county)
    close(county, registered.summaries[0])
    stream, approver = registered.summaries[0].stream, county.actor("approver")
    erase_applicant(body=county.body, stream=stream, actor=approver)
    with pytest.raises(CannotErase):
        erase_applicant(body=county.body, stream=stream, actor=approver)
    again = come(county)
    assert again.letter.subject != registered.letter.subject


def test_a_third_party_is_erased_by_itself(county: Place) -> None:
    handler = county.actor("handler")
    party = Subject.objects.create(key="subject-party", body=county.body, created_at=handler.present.moment)
    private_fields = {"name": "麒麟置业有限公司", "phone": "010-60000000"}
    private.keep(
        body=county.body, stream="case-x", kind="party", fields=private_fields, actor=handler, subject=party
    )
    erase_applicant(body=county.body, subject=party, actor=county.actor("approver"))
    assert not PrivateRecord.objects.exists() and not BlindIndex.objects.exists()


def _erased_place() -> tuple[Place, Registered]:
    place = make_body("云溪县人民政府", "云公", "county")
    # Among others, and longer than a page of the database: pages are split and overflow.
    for number in range(12):
        come(place, OTHER, RequestedItem(description=f"县道养护合同第{number}标段" * (number * 40 + 1)))
    registered = come(place, item=RequestedItem(description=ITEM.description * 300))
    for number in range(12):
        come(place, OTHER, RequestedItem(description=f"县道养护合同第{number}标段"))
    close(place, registered.summaries[0])
    return place, registered


def _raw(database: CommittedDatabase) -> bytes:
    """The bytes of the database: its files, or what a dump has of it."""
    if database.vendor == "sqlite":
        return b"".join(path.read_bytes() for path in sorted(database.home.glob("gongkai.sqlite3*")))
    dump = subprocess.run(
        ["pg_dump", "--dbname", database.environ["GONGKAI_DATABASE"]], check=True, capture_output=True
    )
    return dump.stdout


def _found(raw: bytes) -> list[str]:
    return [trace for trace in TRACES if trace.encode() in raw]


def test_no_byte_of_the_person_stays_in_the_database_or_the_files(
    committed_database: CommittedDatabase,
) -> None:
    place, registered = _erased_place()
    scrub_database()
    assert _found(_raw(committed_database)), "the titles and words are there before"
    blobs = set(private_root().glob("*/*"))
    erase_applicant(body=place.body, stream=registered.summaries[0].stream, actor=place.actor("approver"))
    scrub_database()
    assert _found(_raw(committed_database)) == []
    assert len(blobs - set(private_root().glob("*/*"))) == 1
    stream = registered.summaries[0].stream
    assert len(history(body=place.body.key, stream=stream).events) == 4
    files = b"".join(path.read_bytes() for path in private_root().glob("*/*"))
    assert _found(files + list_path().read_bytes()) == []


def test_the_erased_do_not_come_back_with_an_older_backup(county: Place, tmp_path: Path) -> None:
    registered = come(county)
    close(county, registered.summaries[0])
    stream = registered.summaries[0].stream
    rows = [
        *Subject.objects.all(), *PrivateRecord.objects.all(), *BlindIndex.objects.all(),
        *CaseText.objects.all(), *StoredFile.objects.all(), *CaseFile.objects.all(),
    ]  # fmt: skip
    backup = serializers.serialize("json", rows)
    shutil.copytree(private_root(), tmp_path / "files")
    erase_applicant(body=county.body, stream=stream, actor=county.actor("approver"))
    keep_erasure_list()
    assert next(iter(listed_erasures().values()))["streams"] == [stream]
    # The backup of before comes back; it knows of no erasure.
    Erasure.objects.all().delete()
    for row in serializers.deserialize("json", backup):
        row.save()
    shutil.copytree(tmp_path / "files", private_root(), dirs_exist_ok=True)
    assert applicant_of(stream) == APPLICANT
    assert replay_erasures(actor=county.actor("approver", date(2026, 3, 9))) == 1
    assert applicant_of(stream) is None and not StoredFile.objects.exists()
    assert not [trace for trace in TRACES if trace in everything()]
    assert replay_erasures(actor=county.actor("approver", date(2026, 3, 9))) == 0


def test_the_list_of_erasures_lies_beside_the_database_and_never_gets_shorter(county: Place) -> None:
    registered = come(county)
    close(county, registered.summaries[0])
    erase_applicant(body=county.body, stream=registered.summaries[0].stream, actor=county.actor("approver"))
    keep_erasure_list()
    key = Erasure.objects.get().subject
    Erasure.objects.all().delete()
    keep_erasure_list()
    assert set(listed_erasures()) == {key}
    assert list_path().parent == Path(settings.ENVIRONMENT.home)


def test_who_keep_the_list_at_the_same_moment_drop_nothing_of_each_other(
    committed_database: CommittedDatabase,
) -> None:
    place = make_body("云溪县人民政府", "云公", "county")
    moment, keepers, each = place.actor("approver").present.moment, 4, 12

    def erase(keeper: int) -> None:
        with own_connection():
            for number in range(each):
                key = f"subject-{keeper}-{number}"
                Erasure.objects.create(subject=key, body=place.body, erased_at=moment, actor="tests")
                keep_erasure_list()
                assert key in listed_erasures()

    with ThreadPoolExecutor(keepers) as pool:
        list(pool.map(erase, range(keepers)))
    assert len(listed_erasures()) == keepers * each
