"""Files lie sealed, one blob each, and only who may opens them; each opening is audited."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from tests.platform.conftest import Place
from tests.platform.private.conftest import PDF, PNG

from gongkai.platform.cases.models import CaseFile
from gongkai.platform.cases.services.papers import (
    BadPaper,
    NewPaper,
    add_papers,
    add_redacted_copies,
    drop_upload,
    keep_upload,
    kept_uploads,
    papers_of,
    read_file,
)
from gongkai.platform.core.files import (
    FileDamaged,
    FileRefused,
    blob_path,
    file_limit,
    name_of,
    open_file,
    private_root,
    store_file,
    sweep_orphans,
    write_blob,
)
from gongkai.platform.core.keys import CannotDecrypt
from gongkai.platform.core.models import AuditEntry, StoredFile
from gongkai.platform.core.permissions import NotPermitted

Commit = Callable[..., AbstractContextManager[list[Callable[[], object]]]]


def stored(county: Place, content: bytes = PDF, name: str = "陈知微身份证.pdf") -> StoredFile:
    return store_file(
        body=county.body, stream="case-1", content=content, name=name, actor=county.actor("receiving_clerk")
    )


def test_a_file_comes_back_as_it_went_in_and_lies_sealed(county: Place) -> None:
    file = stored(county)
    assert (open_file(file), name_of(file), file.size) == (PDF, "陈知微身份证.pdf", len(PDF))
    blob = blob_path(file.sha256)
    raw = blob.read_bytes()
    assert b"%PDF" not in raw and "陈知微".encode() not in raw
    assert blob.stat().st_mode & 0o077 == 0
    assert "陈" not in file.name_token + str(blob)


def test_equal_contents_share_no_blob_and_no_name_tells_them(county: Place) -> None:
    first, second = stored(county), stored(county)
    assert first.sha256 != second.sha256


def test_a_changed_swapped_or_missing_blob_is_found(county: Place) -> None:
    first, second = stored(county), stored(county)
    path = blob_path(first.sha256)
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(FileDamaged):
        open_file(first)
    first.sha256 = second.sha256
    with pytest.raises(CannotDecrypt):
        open_file(first)
    blob_path(second.sha256).unlink()
    with pytest.raises(FileDamaged):
        open_file(second)


@pytest.mark.parametrize(
    ("content", "code"), [(b"", "empty"), (b"<html></html>", "type"), (b"\x7fELF", "type")]
)
def test_a_file_that_is_not_taken_leaves_nothing(county: Place, content: bytes, code: str) -> None:
    before = sorted(private_root().glob("*/*"))
    with pytest.raises(FileRefused) as refused:
        stored(county, content)
    assert refused.value.code == code
    assert not StoredFile.objects.exists() and sorted(private_root().glob("*/*")) == before


def test_a_file_over_the_limit_is_refused_in_words(county: Place) -> None:
    with pytest.raises(FileRefused) as refused:
        stored(county, b"%PDF-" + b"0" * file_limit())
    assert "超过 50 MB" in str(refused.value.message)


def test_a_crash_before_the_row_leaves_a_blob_that_is_swept(county: Place) -> None:
    actor = county.actor("receiving_clerk")
    kept, orphan = stored(county), write_blob(b"no row for me")
    young = write_blob(b"its row may still come")
    past = time.time() - 2 * 24 * 3600
    for digest in (kept.sha256, orphan):
        os.utime(blob_path(digest), (past, past))
    assert sweep_orphans(actor=actor).blobs == 1
    assert not blob_path(orphan).exists() and blob_path(young).exists() and open_file(kept) == PDF


def test_uploads_of_a_form_never_finished_are_swept(
    county: Place, django_capture_on_commit_callbacks: Commit
) -> None:
    actor = county.actor("receiving_clerk")
    file = keep_upload(body=county.body, actor=actor, name="甲.pdf", content=PDF)
    assert sweep_orphans(actor=actor).uploads == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert sweep_orphans(actor=actor, uploads_after=timedelta(seconds=-1)).uploads == 1
    assert not StoredFile.objects.exists() and not blob_path(file.sha256).exists()


def test_an_upload_belongs_to_the_seat_that_made_it(county: Place) -> None:
    clerk, handler = county.actor("receiving_clerk"), county.actor("handler")
    ref = keep_upload(body=county.body, actor=clerk, name="甲.pdf", content=PDF).ref
    assert [file.ref for file in kept_uploads(body=county.body, actor=clerk, refs=[ref])] == [ref]
    assert not kept_uploads(body=county.body, actor=handler, refs=[ref])
    drop_upload(body=county.body, actor=handler, ref=ref)
    with pytest.raises(BadPaper):
        add_papers(
            body=county.body, stream="case-2", papers=[NewPaper(kind="identity", kept=ref)], actor=handler
        )
    with pytest.raises(StoredFile.DoesNotExist):
        read_file(actor=handler, ref=ref)
    (paper,) = add_papers(
        body=county.body, stream="case-2", papers=[NewPaper(kind="identity", kept=ref)], actor=clerk
    )
    assert paper.file.stream == "case-2" and not kept_uploads(body=county.body, actor=clerk, refs=[ref])


def a_paper(county: Place, kind: str) -> CaseFile:
    (paper,) = add_papers(
        body=county.body, stream="case-1", papers=[NewPaper(kind=kind, name="甲.pdf", content=PDF)],
        actor=county.actor("handler"),
    )  # fmt: skip
    return paper


def test_papers_that_name_people_need_the_permission_for_identities(county: Place, department: Place) -> None:
    identity, original = a_paper(county, "identity"), a_paper(county, "original")
    for role in ("receiving_clerk", "handler", "approver"):
        assert read_file(actor=county.actor(role), ref=identity.file_id)[1:] == ("甲.pdf", PDF)
    supervisor = county.actor("supervisor")
    assert read_file(actor=supervisor, ref=original.file_id)[2] == PDF
    with pytest.raises(StoredFile.DoesNotExist):
        read_file(actor=supervisor, ref=identity.file_id)
    for paper in (identity, original):
        for role in department.seats:
            with pytest.raises(StoredFile.DoesNotExist):
                read_file(actor=department.actor(role), ref=paper.file_id)
    assert AuditEntry.objects.filter(act="file.read", object=identity.file_id).count() == 3
    assert AuditEntry.objects.filter(act="access.refused", object=identity.file_id).count() == 12


def test_a_supervisor_above_sees_no_file_of_a_body_below(county: Place, department: Place) -> None:
    paper = a_paper(department, "original")
    with pytest.raises(StoredFile.DoesNotExist):
        read_file(actor=county.actor("supervisor"), ref=paper.file_id)
    (shown,) = papers_of(body=department.body, stream="case-1", actor=county.actor("supervisor"))
    assert (shown.may_open, shown.name) == (False, "")


def test_names_of_papers_are_shown_to_those_who_may_open_them(county: Place) -> None:
    a_paper(county, "identity")
    (seen,) = papers_of(body=county.body, stream="case-1", actor=county.actor("handler"))
    (hidden,) = papers_of(body=county.body, stream="case-1", actor=county.actor("supervisor"))
    assert (seen.name, seen.may_open) == ("甲.pdf", True)
    assert (hidden.name, hidden.may_open) == ("", False)
    assert papers_of(body=county.body, stream="case-1", actor=county.actor("editor")) == []


def test_a_redacted_copy_stands_apart_from_its_original(county: Place) -> None:
    original, handler = a_paper(county, "original"), county.actor("handler")
    new = NewPaper(kind="redacted", name="甲（遮盖）.png", content=PNG)
    (copy,) = add_redacted_copies(body=county.body, original=original, papers=[new], actor=handler)
    assert (copy.kind, copy.redacts) == ("redacted", original)
    assert open_file(original.file) == PDF and open_file(copy.file) == PNG
    (shown,) = papers_of(body=county.body, stream="case-1", actor=handler)
    assert [one.ref for one in shown.copies] == [copy.file_id]
    with pytest.raises(BadPaper):
        add_redacted_copies(body=county.body, original=copy, papers=[new], actor=handler)


@pytest.mark.parametrize("role", ["approver", "supervisor", "editor", "audit_administrator"])
def test_only_those_who_handle_add_papers(county: Place, role: str) -> None:
    with pytest.raises(NotPermitted):
        add_papers(
            body=county.body, stream="case-1", papers=[NewPaper(kind="other", name="甲.pdf", content=PDF)],
            actor=county.actor(role),
        )  # fmt: skip
    assert not StoredFile.objects.exists()


def test_the_name_of_a_file_stays_out_of_the_audit(county: Place) -> None:
    a_paper(county, "identity")
    assert "甲" not in "".join(AuditEntry.objects.values_list("detail", flat=True))
