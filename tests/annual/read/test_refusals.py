"""Why a source was refused, and the one thing to do about it."""

from __future__ import annotations

import io
import zipfile

import pytest

from gongkai.annual.findings import catalogue
from gongkai.annual.read import ReadError, read_bytes


def refused(data: bytes) -> ReadError:
    with pytest.raises(ReadError) as caught:
        read_bytes(data)
    return caught.value


HEADINGS = "".join(
    f"<p>{h}</p>"
    for h in ("云溪县人民政府2024年政府信息公开工作年度报告", "一、总体情况", "二、主动公开政府信息情况")
)


@pytest.mark.parametrize(
    "page",
    [
        f"<html><body>{HEADINGS}<iframe src='report.html'></iframe></body></html>",
        "<html><body><div id='app'></div><script src='app.js'></script></body></html>",
        "<html><body><h1>云溪县人民政府</h1><embed src='report.pdf'></body></html>",
    ],
)
def test_a_page_that_loads_its_text_says_so(page: str) -> None:
    assert refused(page.encode()).code == "AR-X-021"


def test_a_page_with_other_text_is_called_no_report_whatever_it_loads() -> None:
    page = f"<html><body><p>{'本县今日天气晴朗，气温适宜。' * 40}</p><iframe src='a'></iframe></body></html>"
    assert refused(page.encode()).code == "AR-X-052"


def test_a_packed_file_gets_one_thing_to_do() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("报告.txt", "一")
    assert refused(packed.getvalue()).code == "AR-X-022"
    assert refused(b"\x89PNG\r\n\x1a\n" + bytes(99)).code == "AR-X-023"
    assert catalogue()["AR-X-022"].mend["zh"] == "先解压，再读里面的报告。"


@pytest.mark.parametrize("code", [c for c in catalogue() if c.startswith("AR-X-0")])
def test_what_to_do_has_no_slots_for_nothing_fills_them(code: str) -> None:
    assert not any("{" in text for text in catalogue()[code].mend.values())


@pytest.mark.parametrize(
    ("code", "command"), [("AR-X-008", "script/setup；"), ("AR-X-024", "script/setup --ocr；")]
)
def test_a_missing_part_is_named_with_the_commands_that_install_it(code: str, command: str) -> None:
    told = catalogue()[code].mend["zh"]
    assert command in told
    assert "pip install 'gongkai[" in told
