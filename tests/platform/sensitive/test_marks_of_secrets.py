"""The mark of a state secret is recognised at the head; the words in ordinary prose are none."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from tests.platform.sensitive.files import pdf_of, word_of

from gongkai.platform.core.secrecy import marked_file, marked_name, marked_text

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize(
    ("head", "grade"),
    [
        ("机密★10年\n云溪县人民政府文件", "机密"),
        ("机密★1年　　特急", "机密"),
        ("000012\n秘 密 ★ 5 年", "秘密"),
        ("绝密★启用前\n2026 年度考试", "绝密"),
        ("云溪县人民政府\n\n机密 ★ 长期", "机密"),
        ("秘密★", "秘密"),
        ("机密10年", "机密"),
        ("密级：秘密", "秘密"),
        ("密级和保密期限：机密★3年", "机密"),
        ("【机密】\n关于清河大桥的报告", "机密"),
        ("机密★10年云溪县人民政府办公室文件", "机密"),
        ("秘密☆6个月", "秘密"),
        ("机密★2030年12月31日", "机密"),
    ],
)
def test_a_mark_at_the_head_is_found(head: str, grade: str) -> None:
    found = marked_text(head)
    assert found is not None
    assert found.grade == grade


@pytest.mark.parametrize(
    "text",
    [
        "请公开本县保守国家秘密的制度文件。",
        "国家秘密范围的目录",
        "本公司的商业秘密不应公开",
        "商业秘密★请勿外传",
        "秘密就是没有公开的事情，谁都知道",
        "机密计划是一部小说的名字",
        "申请公开：2025 年机密文件解密目录",
        "某文件首页标有“机密★10年”字样，请公开其标题",
        "秘密★10年（已解密）",
        "密级：无",
        "",
        "\n".join([*(f"第 {n} 行" for n in range(25)), "机密★10年"]),
        "第一行\n第二行\n第三行\n秘密",
    ],
)
def test_the_words_in_prose_are_no_mark(text: str) -> None:
    assert marked_text(text) is None


@pytest.mark.parametrize(
    ("name", "marked"),
    [
        ("机密★10年 关于清河大桥的报告.pdf", True),
        ("【秘密】会议纪要.docx", True),
        ("会议纪要（机密级）.docx", True),
        ("报告(绝密).pdf", True),
        ("保守国家秘密法.pdf", False),
        ("商业秘密声明.pdf", False),
        ("机密文件目录.xlsx", False),
        ("（秘密，已解密）会议纪要.docx", False),
    ],
)
def test_names_of_files_are_looked_at(name: str, marked: bool) -> None:
    assert (marked_name(name) is not None) is marked


def test_the_head_of_a_word_file_and_its_header_are_read() -> None:
    assert marked_file(word_of("机密★5年", "关于清河大桥的报告"), DOCX, "报告.docx") is not None
    assert marked_file(word_of("关于清河大桥的报告", header="秘密★1年"), DOCX, "报告.docx") is not None
    assert marked_file(word_of("我要了解保守国家秘密的规定"), DOCX, "申请.docx") is None


def test_the_first_page_of_a_pdf_is_read() -> None:
    assert marked_file(pdf_of("机密★5年", "关于清河大桥的报告"), "application/pdf", "报告.pdf") is not None
    assert marked_file(pdf_of("申请表", "保守国家秘密"), "application/pdf", "申请.pdf") is None


def test_plain_text_in_both_encodings_ofd_and_old_word_files_are_read() -> None:
    assert marked_file("秘密★1年\n正文".encode("gb18030"), "text/plain", "a.txt") is not None
    assert marked_file("秘密★1年\n正文".encode(), "text/plain", "a.txt") is not None
    ofd = io.BytesIO()
    with zipfile.ZipFile(ofd, "w") as file:
        file.writestr("OFD.xml", "<ofd/>")
        file.writestr("Doc_0/Pages/Page_0/Content.xml", "<ofd:TextCode X='1'>机密★2年</ofd:TextCode>")
    assert marked_file(ofd.getvalue(), "application/ofd", "a.ofd") is not None
    old = b"\xd0\xcf\x11\xe0" + b"\0" * 100 + "机密★3年".encode("utf-16-le")
    assert marked_file(old, "application/x-ole-storage", "a.doc") is not None


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"%PDF-1.7\nbroken", "application/pdf"),
        (b"PK\x03\x04broken", DOCX),
        (b"PK\x03\x04broken", "application/ofd"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
    ],
)
def test_what_cannot_be_read_has_no_mark_and_breaks_nothing(content: bytes, media_type: str) -> None:
    assert marked_file(content, media_type, "a") is None


def test_a_bomb_is_not_unpacked() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", "")
        file.writestr("word/document.xml", b"<w:t>" + b"0" * 200_000_000)
    assert marked_file(bomb.getvalue(), DOCX, "a.docx") is None


def test_a_document_of_python_docx_reads_as_one_of_word() -> None:
    made = docx.Document()
    made.add_paragraph("机密").add_run("★10年")
    out = io.BytesIO()
    made.save(out)
    assert marked_file(out.getvalue(), DOCX, "a.docx") is not None


def test_a_damaged_word_file_has_no_mark_and_stops_nothing() -> None:
    content = bytearray(word_of("机密★10年" * 200))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as file:
        part = file.getinfo("word/document.xml")
    begin = part.header_offset + 30 + len(part.filename)
    content[begin : begin + part.compress_size] = bytes(
        255 - one for one in content[begin : begin + part.compress_size]
    )
    assert marked_file(bytes(content), DOCX, "a.docx") is None
    assert marked_file(bytes(content), DOCX, "【机密】a.docx") is not None
