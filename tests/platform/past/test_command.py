"""``gongkai past``: a file is checked, brought in, looked after, from the command line."""

from __future__ import annotations

from pathlib import Path

from tests.platform.conftest import TODAY, make_body
from tests.platform.operations.conftest import Installation
from tests.platform.past.sheets import FAULTS, book, lives

from gongkai.platform.cases.models import CaseSummary, PastImport
from gongkai.platform.cases.past.workbook import read_book
from gongkai.platform.core.models import DemonstrationDay


def test_a_file_is_checked_brought_in_once_and_known_again(
    installation: Installation, tmp_path: Path
) -> None:
    DemonstrationDay.objects.update_or_create(id=1, defaults={"day": TODAY})
    county = make_body("云溪县人民政府", "云公", "county")
    rows = lives(5)
    good, wrong = tmp_path / "台账.xlsx", tmp_path / "错.xlsx"
    good.write_bytes(book(rows, headings={"number": "流水"}))
    wrong.write_bytes(book([{**rows[0], **FAULTS[0].change}, *rows[1:]], headings={"number": "流水"}))
    lacking = installation.here("past", "check", str(wrong), "--body", county.body.name)
    assert lacking.exit_code == 2
    assert "没有对应的列：编号" in lacking.output
    where = ("--body", county.body.key, "--map", "流水=编号")
    told = installation.here("past", "check", str(wrong), *where)
    assert told.exit_code == 1
    assert "J2 收到日：日期有两种读法（写的是“4/5/2023”）。写成 2024-03-05" in told.output
    assert not PastImport.objects.exists()
    refused = installation.here("past", "import", str(wrong), *where)
    assert refused.exit_code == 1
    assert "有 1 处错误，没有导入" in refused.output
    assert not CaseSummary.objects.exists()
    assert installation.told("past", "import", str(good), *where)["done"] == 5
    assert CaseSummary.objects.count() == 5
    again = installation.told("past", "import", str(good), *where)
    assert (again["state"], again["done"]) == ("done", 5)
    assert CaseSummary.objects.count() == 5
    assert installation.told("past", "status", str(good), "--body", county.body.key)["state"] == "done"


def test_the_template_is_a_file_that_is_not_written_over(installation: Installation, tmp_path: Path) -> None:
    path = tmp_path / "模板.xlsx"
    assert installation.here("past", "template", str(path)).exit_code == 0
    assert [sheet.name for sheet in read_book(path.read_bytes())] == ["案件", "填写说明"]
    assert installation.here("past", "template", str(path)).exit_code == 2


def test_a_file_that_is_not_kept_is_refused_in_words(installation: Installation, tmp_path: Path) -> None:
    county = make_body("云溪县人民政府", "云公", "county")
    path = tmp_path / "【秘密】台账.xlsx"
    path.write_bytes(book(lives(2)))
    told = installation.here("past", "import", str(path), "--body", county.body.key)
    assert told.exit_code == 2 and "密级标志" in told.output
    assert not PastImport.objects.exists()
