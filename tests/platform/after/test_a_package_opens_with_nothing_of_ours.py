"""The package of a case opens in an empty folder, verifies, and holds what its reader may see."""

from __future__ import annotations

import hashlib
import json
import subprocess
from datetime import date
from pathlib import Path

from tests.platform.after.conftest import Case, answer, archive, members

from gongkai.platform.cases.archive.contents import make_package
from gongkai.platform.cases.archive.verifying import verify_package
from gongkai.platform.cases.services.archiving import archive_case

DAY = date(2026, 7, 1)


def test_it_verifies_with_the_plain_tool_and_with_ours(case: Case, tmp_path: Path) -> None:
    case.paper("application", "申请表.pdf")
    answer(case)
    archive(case, DAY)
    made = make_package(body=case.place.body, stream=case.stream, actor=case.place.actor("handler", DAY))
    for name, content in members(made.content).items():
        path = tmp_path / "open" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    checked = subprocess.run(
        ["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path / "open", capture_output=True, text=True, check=False
    )
    print(checked.stdout)
    assert checked.returncode == 0
    (tmp_path / "p.zip").write_bytes(made.content)
    found = verify_package(tmp_path / "p.zip")
    print(found)
    print((tmp_path / "open" / "index.html").read_text()[:3000])
    print((tmp_path / "open" / "README.txt").read_text())
    print((tmp_path / "open" / "manifest.json").read_text())
    assert found.ok
