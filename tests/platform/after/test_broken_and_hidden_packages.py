"""A package damaged on the way is told, not stumbled over; a kept one shows no more than the page."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.platform.after.conftest import Case, Desk, answer, sue
from tests.platform.after.test_a_changed_package_is_found_out import package as package
from tests.platform.conftest import Place
from tests.platform.letters.conftest import APPLICANT, ITEM, RECEIVED

from gongkai.cli import program
from gongkai.platform.cases.archive.verifying import verify_package
from gongkai.platform.cases.evidence.pieces import pieces_of
from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.cases.services.acting import Step
from gongkai.platform.cases.services.archiving import archive_case, kept_package
from gongkai.platform.cases.services.evidence import Chosen, kept_bundle, make_bundle
from gongkai.platform.cases.services.registration import register_letter
from gongkai.platform.cases.services.sensitive import Flagging, flag_case
from gongkai.platform.core.permissions import NotPermitted

pytestmark = pytest.mark.one_database  # what it asks of a database is tested on both elsewhere

DAY = date(2026, 7, 1)


@pytest.mark.parametrize("member", ["index.html", "SHA256SUMS", "manifest.json", "ledger.jsonl"])
def test_bytes_that_were_lost_on_the_way_are_named(package: bytes, tmp_path: Path, member: str) -> None:
    path = tmp_path / "package.zip"
    path.write_bytes(package)
    with zipfile.ZipFile(path) as file:
        at = file.getinfo(member)
        begins = at.header_offset + 30 + len(member)
    broken = bytearray(package)
    broken[begins : begins + at.compress_size] = b"\xff" * at.compress_size
    path.write_bytes(broken)
    found = verify_package(path)
    assert ("changed", member) in [(fault.code, fault.member) for fault in found.faults]
    told = CliRunner().invoke(program, ["archive", "verify", str(path)])
    assert told.exit_code == 1 and member in told.output


def two_cases(place: Place) -> tuple[CaseSummary, CaseSummary]:
    """Two cases of one letter."""
    first, second = register_letter(
        body=place.body, actor=place.actor("receiving_clerk", RECEIVED), channel="counter", came_on=RECEIVED,
        applicant=APPLICANT, items=[ITEM, replace(ITEM, description="县纪委的来函")],
    ).summaries  # fmt: skip
    return first, second


def test_a_kept_package_is_closed_once_another_case_of_the_letter_is_sensitive(county: Place) -> None:
    first, second = two_cases(county)
    head, handler = county.actor("approver"), county.actor("handler")
    archive_case(body=county.body, stream=first.stream, expected_version=0, actor=head)
    where: dict[str, Any] = {"body": county.body, "stream": first.stream, "version": 1}
    assert kept_package(**where, actor=handler).content
    seat = head.seat
    assert seat is not None
    flag_case(
        body=county.body, stream=second.stream, actor=head,
        flagging=Flagging(reason="涉及举报人", readers=[seat.pk]),
    )  # fmt: skip
    with pytest.raises(NotPermitted):
        kept_package(**where, actor=handler)
    assert kept_package(**where, actor=head).content


def test_a_bundle_is_there_though_its_proceeding_was_struck_out(case: Case, desk: Desk) -> None:
    answer(case)
    remedy, day = sue(case), date(2026, 3, 12)
    actor = case.place.actor("handler", day)
    where: dict[str, Any] = {"body": case.place.body, "stream": case.stream}
    pieces = pieces_of(**where, actor=actor)
    make_bundle(
        **where, remedy=remedy, expected_version=0, actor=actor,
        chosen=[Chosen(pieces[0].key, "答复书", "本机关制作", "")],
    )  # fmt: skip
    case.do(
        Step("entry.corrected", day, {"seq": case.seq, "replacement": None}, {"reason": "登记错了案件"}),
        role="receiving_clerk", day=day,
    )  # fmt: skip
    assert kept_bundle(**where, version=1, actor=actor).content
    assert desk.of("handler", day).get(f"/desk/cases/{case.stream}/bundles/1/").status_code == 200
