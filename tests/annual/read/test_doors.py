"""What a program meets at the doors of reading: names of files, arguments, the text of an error."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.annual.generate.content import clean
from tests.annual.generate.shapes import SHAPES

from gongkai.annual.findings import describe, finding
from gongkai.annual.form import UnknownEdition, form_for_year
from gongkai.annual.read import ReadError, read_bytes, read_path
from gongkai.annual.read.names import shown_name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("年报.txt".encode(), "年报.txt"),
        ("年报.txt".encode("gbk"), "年报.txt"),
        (b"a\xff\xfe.txt", "a\\xff\\xfe.txt"),
    ],
)
def test_a_report_has_a_name_that_can_be_written_whatever_its_files_name_is(
    tmp_path: Path, name: bytes, shown: str
) -> None:
    file = tmp_path / "数据" / os.fsdecode(name)
    file.parent.mkdir()
    try:
        file.write_bytes(SHAPES["html"].write(clean(1, "2021")))
    except OSError:
        pytest.skip("this file system takes only Unicode names")
    (report,) = read_path(file)
    assert report.source == str(tmp_path / "数据" / shown) == shown_name(file)
    report.source.encode("utf-8")


def test_text_in_place_of_bytes_is_told() -> None:
    with pytest.raises(TypeError, match="takes the bytes of a file, not str"):
        read_bytes("年报")  # type: ignore[arg-type]  # the mistake that is tested


def test_an_error_prints_its_code_and_what_it_means_in_both_languages() -> None:
    with pytest.raises(ReadError) as refused:
        read_bytes(b"")
    assert str(refused.value).startswith("AR-X-001: The file is empty")
    assert "文件是空的" in str(refused.value)


def test_a_language_without_texts_is_told() -> None:
    with pytest.raises(ValueError, match=r"'fr'.*zh, en"):
        describe(finding("AR-X-001"), language="fr")


def test_a_year_without_a_form_is_told_as_a_year() -> None:
    with pytest.raises(UnknownEdition) as refused:
        form_for_year(1990)
    assert "the year 1990" in str(refused.value)
    assert not str(refused.value).startswith(("'", '"'))
