"""A scanned report is refused with the reason, and read cell by cell where the `ocr` extra is installed."""

from __future__ import annotations

import importlib.util
import io

import pypdfium2
import pytest
from PIL import Image
from tests.conftest import made_once

from gongkai.annual.model import CellState, Report
from gongkai.annual.read import ReadError, read_bytes
from gongkai.annual.samples import sample_paths
from gongkai.annual.write import write

pytestmark = pytest.mark.xdist_group("scans")
needs_ocr = pytest.mark.skipif(
    importlib.util.find_spec("rapidocr") is None, reason="the ocr extra is not installed (script/setup --ocr)"
)


@pytest.fixture(scope="module")
def printed() -> Report:
    path = next(p for p in sample_paths() if p.name.endswith(".json"))
    return read_bytes(path.read_bytes())[0]


@pytest.fixture(scope="module")
def scan(printed: Report) -> bytes:
    """The report as pictures only, turned a little, as a scanner leaves it."""
    pages = [
        page.render(scale=3)
        .to_pil()
        .convert("RGB")
        .rotate(0.6, Image.Resampling.BICUBIC, fillcolor=(255, 255, 255), expand=True)
        for page in pypdfium2.PdfDocument(write(printed, "pdf"))
    ]
    return as_pdf(pages)


@pytest.fixture(scope="module")
def read(scan: bytes, tmp_path_factory: pytest.TempPathFactory) -> Report:
    made_once(tmp_path_factory, "scan")
    return read_bytes(scan, ocr=True)[0]


def as_pdf(pages: list[Image.Image]) -> bytes:
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=216)
    return out.getvalue()


def test_a_scan_is_refused_and_says_that_there_is_no_text_layer(scan: bytes) -> None:
    with pytest.raises(ReadError) as refused:
        read_bytes(scan)
    assert refused.value.code == "AR-X-011"


@needs_ocr
def test_a_scan_is_read_without_a_wrong_number(read: Report, printed: Report) -> None:
    assert read.form.edition == printed.form.edition
    assert (read.body, read.year) == (printed.body, printed.year)
    wrong = {
        path: (cell.value, read.cell(path))
        for path, cell in printed.cells.items()
        if read.value(path) is not None and read.value(path) != cell.value
    }
    assert wrong == {}
    exact = sum(1 for path, cell in printed.cells.items() if read.value(path) == cell.value)
    assert exact >= 0.98 * len(printed.cells)


@needs_ocr
def test_a_cell_with_ink_that_was_not_recognised_is_not_blank(read: Report, printed: Report) -> None:
    blank = [
        p for p, c in printed.cells.items() if c.value is not None and read.cell(p).state is CellState.BLANK
    ]
    assert blank == []


@needs_ocr
def test_a_report_read_from_a_scan_says_so(read: Report) -> None:
    assert "AR-R-012" in {f.code for f in read.reading}
