"""Letters go to the office's own document system as a package; the sealed PDF comes back and is compared."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import replace
from xml.etree import ElementTree

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.platform.conftest import Place
from tests.platform.post.conftest import Office, SignIn
from tests.platform.post.test_sending import line

from gongkai.platform.cases.letter_list import NoSuchLetter, letter_file
from gongkai.platform.cases.letters.pdf import to_pdf
from gongkai.platform.cases.letters.sheet import Sheet
from gongkai.platform.cases.models import OutgoingLetter, SealedCopy
from gongkai.platform.cases.posting.documents import document_of
from gongkai.platform.cases.posting.exchange import (
    CopyRefused,
    copy_of,
    export_package,
    hashes_of,
    import_copy,
    withdraw_copy,
)
from gongkai.platform.cases.posting.sending import send
from gongkai.platform.core import private
from gongkai.platform.core.files import file_limit, open_file
from gongkai.platform.core.models import AuditEntry
from gongkai.platform.core.permissions import NotPermitted


def sheet_of(letter: OutgoingLetter) -> Sheet:
    return Sheet.from_json(private.read_many([letter.text])[letter.text]["sheet"])


def stamped(letter: OutgoingLetter) -> bytes:
    """The same letter, saved by another program."""
    assert letter.pdf is not None
    out = io.BytesIO()
    pypdfium2.PdfDocument(open_file(letter.pdf)).save(out)
    return out.getvalue()


def scanned(letter: OutgoingLetter) -> bytes:
    """A picture of the letter, as a scanner makes it."""
    assert letter.pdf is not None
    out = io.BytesIO()
    page = pypdfium2.PdfDocument(open_file(letter.pdf))[0].render(scale=1).to_pil()
    page.convert("L").save(out, "PDF")
    return out.getvalue()


def refused(office: Office, letter: OutgoingLetter, content: bytes, *, looked_at: bool = False) -> str:
    with pytest.raises(CopyRefused) as error:
        import_copy(
            key=letter.key, content=content, name="盖章.pdf", looked_at=looked_at,
            actor=office.place.actor("handler"),
        )  # fmt: skip
    return error.value.code


def test_the_package_holds_files_particulars_and_hashes(office: Office, foreign: Place) -> None:
    letters = [office.issue(office.register()) for _ in range(2)]
    actor = office.place.actor("handler")
    keys = [one.key for one in letters]
    content = export_package(keys=[*keys, keys[0]], actor=actor)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = set(package.namelist())
        assert names == {
            "letters.json", "letters.xml", "SHA256SUMS",
            *(f"{n:03d}/letter.{end}" for n in (1, 2) for end in ("docx", "pdf")),
        }  # fmt: skip
        for line in package.read("SHA256SUMS").decode().splitlines():
            digest, _space, name = line.partition("  ")
            assert hashlib.sha256(package.read(name)).hexdigest() == digest
        about = json.loads(package.read("letters.json"))
        tree = ElementTree.fromstring(package.read("letters.xml"))  # noqa: S314 - our own
    assert [one["number"] for one in about["letters"]] == [one.number for one in letters]
    assert [one.text for one in tree.iter("number")] == [one.number for one in letters]
    first = about["letters"][0]
    assert first["addressee"] == "陈知微" and first["cases"] == [office.case(letters[0].stream).number]
    hashes = hashes_of(document_of(key=keys[0], actor=actor))
    assert {file["role"]: file["sha256"] for file in first["files"]} == {
        "docx": hashes.docx, "pdf": hashes.pdf,
    }  # fmt: skip
    assert AuditEntry.objects.filter(act="letter.exported").count() == 2
    with pytest.raises(NoSuchLetter):
        export_package(keys=keys, actor=foreign.actor("handler"))
    with pytest.raises(ValueError):
        export_package(keys=[], actor=actor)


def test_the_sealed_pdf_is_handed_out_from_then_on_and_the_signed_one_stays(
    office: Office, letter: OutgoingLetter
) -> None:
    actor, content = office.place.actor("handler"), stamped(letter)
    copy = import_copy(key=letter.key, content=content, name="a.pdf", looked_at=False, actor=actor)
    assert copy.compared == "same" and copy.sha256 == hashlib.sha256(content).hexdigest()
    given = {
        form: letter_file(stream=letter.stream, key=letter.key, form=form, actor=actor).content
        for form in ("pdf", "frozen")
    }
    assert letter.pdf is not None
    assert given == {"pdf": content, "frozen": open_file(letter.pdf)}
    assert refused(office, letter, content) == "twice"
    assert copy.sha256 not in str(SealedCopy.objects.values().get())
    with zipfile.ZipFile(io.BytesIO(export_package(keys=[letter.key], actor=actor))) as package:
        assert package.read("001/sealed.pdf") == content


def test_what_is_not_the_letter_as_signed_is_refused(office: Office, letter: OutgoingLetter) -> None:
    other = office.issue(office.register())
    assert letter.pdf is not None
    sheet = sheet_of(letter)
    changed = to_pdf(
        replace(sheet, blocks=(*sheet.blocks[:-1], replace(sheet.blocks[-1], text="另有一句。")))
    )
    inserted = to_pdf(
        replace(sheet, blocks=(replace(sheet.blocks[0], text="不" + sheet.blocks[0].text), *sheet.blocks[1:]))
    )
    assert refused(office, letter, stamped(other)) == "other"
    assert refused(office, letter, changed, looked_at=True) == "changed"
    assert refused(office, letter, inserted, looked_at=True) == "changed"
    assert refused(office, letter, open_file(letter.pdf)) == "unsealed"
    assert refused(office, letter, b"PK\x03\x04 no pdf at all") == "type"
    assert refused(office, letter, b"%PDF-1.7 broken") == "type"
    assert refused(office, letter, b"") == "empty"
    assert refused(office, letter, b"%PDF-" + bytes(file_limit())) == "too_large"
    assert not SealedCopy.objects.exists()


def test_a_scan_or_a_mark_in_front_is_taken_on_the_word_of_who_looked(
    office: Office, letter: OutgoingLetter
) -> None:
    more = to_pdf(replace(sheet_of(letter), head="内部收文 云溪县人民政府"))
    assert refused(office, letter, more) == "more"
    assert refused(office, letter, scanned(letter)) == "scan"
    copy = import_copy(
        key=letter.key,
        content=scanned(letter),
        name="a.pdf",
        looked_at=True,
        actor=office.place.actor("handler"),
    )
    assert copy.compared == "scan" and "不能比对" in str(copy.compared_words)
    clerk = office.place.actor("receiving_clerk")
    with pytest.raises(NotPermitted):
        withdraw_copy(key=letter.key, reason="扫错了", actor=office.place.actor("handler"))
    with pytest.raises(CopyRefused):
        withdraw_copy(key=letter.key, reason="", actor=clerk)
    withdraw_copy(key=letter.key, reason="扫错了", actor=clerk)
    document = document_of(key=letter.key, actor=clerk)
    assert copy_of(document) is None
    import_copy(key=letter.key, content=stamped(letter), name="a.pdf", looked_at=False, actor=clerk)
    send(lines=[line(document)], actor=clerk)
    with pytest.raises(CopyRefused, match="sent"):
        withdraw_copy(key=letter.key, reason="扫错了", actor=clerk)


@pytest.mark.one_database
def test_import_and_download_on_the_page(office: Office, letter: OutgoingLetter, sign_in: SignIn) -> None:
    clerk = sign_in("handler")
    url = f"/desk/post/letters/{letter.key}/"
    wrong = clerk.post(url, {"step": "import", "file": SimpleUploadedFile("a.txt", "您好".encode())})
    assert wrong.status_code == 422 and "不是 PDF" in wrong.content.decode()
    content = stamped(letter)
    done = clerk.post(url, {"step": "import", "file": SimpleUploadedFile("a.pdf", content)}, follow=True)
    assert (
        "逐字比对过" in done.content.decode() and hashlib.sha256(content).hexdigest() in done.content.decode()
    )
    case = f"/desk/cases/{letter.stream}/letters/{letter.key}.pdf"
    assert clerk.get(case).content == content
    assert clerk.get(f"{url}frozen.pdf").content == open_file(letter.pdf)  # type: ignore[arg-type]
    package = clerk.post("/desk/post/chosen/", {"step": "package", "letter": letter.key})
    assert zipfile.is_zipfile(io.BytesIO(package.content))
    nothing = clerk.post("/desk/post/chosen/", {"step": "package"}, follow=True)
    assert "先在清单里勾选" in nothing.content.decode()
