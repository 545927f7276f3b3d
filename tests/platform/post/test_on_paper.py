"""Envelopes, labels, the post office's list, certificates and the official head, as PDF."""

from __future__ import annotations

import io
from dataclasses import replace

import pypdfium2
import pytest
from docx import Document
from tests.platform.conftest import Place
from tests.platform.post.conftest import Office, SignIn

from gongkai.platform.cases.letter_list import NoSuchLetter
from gongkai.platform.cases.letters.docx import to_docx
from gongkai.platform.cases.letters.pdf import to_pdf
from gongkai.platform.cases.letters.sheet import Sheet, blocks_of
from gongkai.platform.cases.models import OutgoingLetter
from gongkai.platform.cases.posting.envelopes import (
    CERTIFICATE,
    ENVELOPES,
    LIST,
    SHEETS,
    PrintRefused,
    Wanted,
    printed,
)
from gongkai.platform.cases.posting.head import change_settings, headed
from gongkai.platform.cases.posting.recipients import mend_address
from gongkai.platform.core.models import AuditEntry
from gongkai.platform.core.permissions import NotPermitted


def texts(content: bytes) -> list[str]:
    pdf = pypdfium2.PdfDocument(content)
    return [page.get_textpage().get_text_range() for page in pdf]


def sizes(content: bytes) -> set[tuple[int, int]]:
    """Of the pages, in millimetres."""
    pdf = pypdfium2.PdfDocument(content)
    return {(round(w / 72 * 25.4), round(h / 72 * 25.4)) for w, h in (page.get_size() for page in pdf)}


def test_nothing_of_the_matter_stands_on_the_outside(office: Office, letter: OutgoingLetter) -> None:
    actor = office.place.actor("handler")
    for kind in (*ENVELOPES, *SHEETS):
        content = printed(keys=[letter.key], wanted=Wanted(kind=kind, registered=True), actor=actor)
        (page,) = texts(content)
        assert "陈知微" in page and "云溪县清河路8号" in page and "挂号" in page
        for inside in (
            letter.number,
            office.case(letter.stream).number,
            "政府信息公开",
            "施工合同",
            "13800001234",
        ):
            assert inside not in page, f"{kind}: {inside}"
        wide = ENVELOPES.get(kind)
        assert sizes(content) == {(wide["width"], wide["height"])} if wide else {(210, 297)}
    (page,) = texts(printed(keys=[letter.key], wanted=Wanted(kind=LIST), actor=actor))
    assert letter.number in page and "共 1 件" in page
    kinds = [entry.detail for entry in AuditEntry.objects.filter(act="letter.labels_printed")]
    assert len(kinds) == len(ENVELOPES) + len(SHEETS) + 1
    assert not any("清河路" in detail for detail in kinds)


def test_labels_fill_sheets_from_the_first_free_place(office: Office, letter: OutgoingLetter) -> None:
    actor = office.place.actor("handler")
    other = office.issue(office.register())
    keys = [letter.key, other.key]
    assert len(texts(printed(keys=keys, wanted=Wanted(kind="a4_8", skip=7), actor=actor))) == 2
    assert len(texts(printed(keys=keys, wanted=Wanted(kind="c5"), actor=actor))) == 2
    (page,) = texts(printed(keys=keys, wanted=Wanted(kind="a4_8", phone=True), actor=actor))
    assert "13800001234" in page
    for wanted in (Wanted(kind="a4_8", skip=8), Wanted(kind="a4_8", skip=-1), Wanted(kind="a0")):
        with pytest.raises(PrintRefused):
            printed(keys=keys, wanted=wanted, actor=actor)


def test_what_has_no_address_or_a_sign_no_font_draws_is_told(
    office: Office, letter: OutgoingLetter, foreign: Place
) -> None:
    actor = office.place.actor("handler")
    nowhere = office.issue(office.register(name="无址", address="", identity_number="", phone="1"))
    with pytest.raises(PrintRefused, match="没有收件人"):
        printed(keys=[nowhere.key], wanted=Wanted(kind="dl"), actor=actor)
    mend_address(key=letter.key, name="陈\ue000", address="云溪县", postcode="", actor=actor)
    with pytest.raises(PrintRefused, match="字库"):
        printed(keys=[letter.key], wanted=Wanted(kind="dl"), actor=actor)
    with pytest.raises(PrintRefused):
        printed(keys=[], wanted=Wanted(kind="dl"), actor=actor)
    with pytest.raises(NoSuchLetter):
        printed(keys=[letter.key], wanted=Wanted(kind="dl"), actor=foreign.actor("handler"))
    with pytest.raises(NotPermitted):
        printed(keys=[letter.key], wanted=Wanted(kind="dl"), actor=office.place.actor("supervisor"))


@pytest.mark.one_database
def test_certificates_of_service_are_filled_in(
    office: Office, letter: OutgoingLetter, sign_in: SignIn
) -> None:
    other, clerk = office.issue(office.register()), sign_in("handler")
    data = {"step": "print", "kind": CERTIFICATE, "letter": [letter.key, other.key], "skip": "0"}
    first, second = texts(clerk.post("/desk/post/chosen/", data).content)
    assert letter.number in first and "陈知微" in first and other.number in second
    label = clerk.post("/desk/post/chosen/", {**data, "kind": "a4_8", "skip": "9"}, follow=True)
    assert "要小于每张的个数" in label.content.decode()


def test_the_head_is_the_body_s_own_and_the_seal_has_its_place(office: Office) -> None:
    fields = {
        "head": "云溪县人民政府",
        "head_as_document": True,
        "imprint": "云溪县人民政府办公室",
        "seal_lines": 3,
    }
    body = office.place.body
    change_settings(body=body, fields=fields, actor=office.place.actor("approver"))
    letter = office.issue(office.register())
    sheet = headed(
        Sheet(
            head=body.name,
            title="答复书",
            blocks=blocks_of("正文。"),
            signature=body.name,
            date="2026年3月3日",
        ),
        body,
    )
    assert (sheet.head, sheet.seal_lines) == ("云溪县人民政府文件", 3)
    for text in ("云溪县人民政府文件", "云溪县人民政府办公室", "2026年3月3日印发"):
        assert text in texts(to_pdf(sheet))[0]
    paragraphs = [one.text for one in Document(io.BytesIO(to_docx(sheet))).paragraphs]
    assert (
        paragraphs[0] == "云溪县人民政府文件" and paragraphs[-1] == "云溪县人民政府办公室\t2026年3月3日印发"
    )
    unsigned = headed(replace(sheet, signature="", imprint=""), body)
    assert unsigned.imprint == "" and letter.pdf is not None
    with pytest.raises(NotPermitted):
        change_settings(body=body, fields=fields, actor=office.place.actor("handler"))
    for wrong in ({"seal_lines": 7}, {"warn_days": 11}, {"notice_days": 0}):
        with pytest.raises(ValueError):
            change_settings(body=body, fields=wrong, actor=office.place.actor("approver"))
