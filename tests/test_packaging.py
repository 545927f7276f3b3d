"""What is built is what runs: the wheel, installed outside the checkout, does the whole round."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

import gongkai

# One worker builds and installs the wheel, once.
pytestmark = pytest.mark.xdist_group("packaging")

OK = 0
ERRORS_FOUND = 1
USAGE = 2

LOCKS = [
    "requirements.lock",
    "requirements-bench.lock",
    "requirements-dev.lock",
    "requirements-ocr.lock",
    "requirements-uv.lock",
]


@dataclass(frozen=True)
class Installed:
    """A virtual environment with the wheel in it, and a working directory outside the checkout."""

    home: Path
    cwd: Path

    @property
    def python(self) -> Path:
        return self.home / "bin" / "python"

    def run(self, *command: str | Path, expect: set[int] | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command of this environment with nothing of ours in its surroundings."""
        program, *arguments = command
        surroundings = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PYTHON", "PYTEST", "GONGKAI", "VIRTUAL_ENV"))
        }
        done = subprocess.run(
            [self.home / "bin" / program, *arguments],
            cwd=self.cwd,
            env=surroundings,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=300,
            check=False,
        )
        allowed = {OK} if expect is None else expect
        assert done.returncode in allowed, f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def gongkai(
        self, *arguments: str | Path, expect: set[int] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return self.run("gongkai", *arguments, expect=expect)


@pytest.fixture(scope="session")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel with the locked build backend, without the network."""
    out = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, root],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = out.glob("gongkai-*.whl")
    return path


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Install the wheel into an environment of its own.

    The locked dependencies are not installed again: a `.pth` file adds the directory they are in.
    Python does not process the `.pth` files *inside* a directory added that way, so the editable
    install of this checkout stays invisible.
    """
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, with_pip=False, symlinks=True)
    result = Installed(home, tmp_path_factory.mktemp("elsewhere"))
    site = result.run("python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").stdout.strip()
    ours = sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
    (Path(site) / "dependencies.pth").write_text("".join(f"{path}\n" for path in ours), encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "--python", str(result.python), "install", "--quiet"]
    done = subprocess.run(
        [*pip, "--no-index", "--no-deps", "--ignore-installed", str(wheel)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return result


@pytest.fixture(scope="session")
def sample(installed: Installed) -> Path:
    """Return one of the sample reports as the installed package carries it."""
    code = "import importlib.resources as r; print(r.files('gongkai.annual') / 'samples')"
    directory = Path(installed.run("python", "-c", code).stdout.strip())
    reports = sorted(path for path in directory.iterdir() if path.suffix in {".txt", ".html", ".json"})
    assert reports, f"no sample reports in {directory}"
    return reports[0]


def test_version_is_one(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert gongkai.__version__ == project["version"] == version("gongkai")


@pytest.mark.parametrize("name", LOCKS)
def test_lock_has_hashes_and_no_addresses(root: Path, name: str) -> None:
    text = (root / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*--(?!hash=sha256:[0-9a-f]{64}( \\)?$)", text, re.MULTILINE)
    requirements = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert requirements
    for line in requirements:
        assert re.match(r"[a-z0-9][a-z0-9-]*==\S+( ; .+)? \\$", line), line


def test_locks_agree(root: Path) -> None:
    """They are installed into one environment, so no package may be locked at two versions."""
    versions: dict[str, dict[str, set[str]]] = {}
    for name in LOCKS:
        pins = re.findall(r"^([a-z0-9-]+)==(\S+)", (root / name).read_text(encoding="utf-8"), re.MULTILINE)
        for package, pinned in pins:
            versions.setdefault(package, {}).setdefault(name, set()).add(pinned)
    differing = {
        package: by_lock
        for package, by_lock in versions.items()
        if any(pinned != next(iter(by_lock.values())) for pinned in by_lock.values())
    }
    assert not differing


def test_wheel_holds_every_file_of_the_package(wheel: Path, root: Path) -> None:
    tracked = subprocess.run(
        ["git", "-C", root, "ls-files", "-z", "src/gongkai"], capture_output=True, check=False
    )
    if tracked.returncode:
        pytest.skip("not a git checkout: nothing to compare the wheel with")
    expected = {
        name.removeprefix("src/")
        for name in tracked.stdout.decode().split("\0")
        if name and (root / name).exists()
    }
    with zipfile.ZipFile(wheel) as archive:
        assert not expected - set(archive.namelist())


def test_installed_package_is_the_wheels(installed: Installed, root: Path) -> None:
    place = installed.run("python", "-c", "import gongkai; print(gongkai.__file__)").stdout.strip()
    assert Path(place).resolve().is_relative_to(installed.home.resolve())
    assert not Path(place).resolve().is_relative_to(root)


def test_checks_the_samples(installed: Installed) -> None:
    done = installed.gongkai("annual", "check", "--samples", "--json", expect={OK, ERRORS_FOUND})
    reports = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(reports) >= 9
    assert all(report["schema_version"] == 1 for report in reports)


def test_unreadable_input_is_a_usage_error(installed: Installed) -> None:
    done = installed.gongkai("annual", "check", "没有这个文件.html", expect={USAGE})
    assert "没有这个文件.html" in done.stderr
    assert "Traceback" not in done.stderr


def as_html(path: Path) -> str:
    from selectolax.lexbor import LexborHTMLParser

    parser = LexborHTMLParser(path.read_text(encoding="utf-8"))
    assert len(parser.css("table")) >= 3
    return parser.text()


def as_docx(path: Path) -> str:
    import docx

    document = docx.Document(str(path))
    assert len(document.tables) >= 3
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def as_xlsx(path: Path) -> str:
    import openpyxl

    book = openpyxl.load_workbook(path)
    rows = (row for sheet in book.worksheets for row in sheet.iter_rows(values_only=True))
    return "\n".join(str(value) for row in rows for value in row if value is not None)


def as_pdf(path: Path) -> str:
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def as_json(path: Path) -> str:
    content: Any = json.loads(path.read_text(encoding="utf-8"))
    assert content
    return json.dumps(content, ensure_ascii=False)


READERS: dict[str, Callable[[Path], str]] = {
    "html": as_html,
    "docx": as_docx,
    "xlsx": as_xlsx,
    "pdf": as_pdf,
    "json": as_json,
}


@pytest.mark.parametrize("kind", READERS)
def test_converts_and_reads_back(installed: Installed, sample: Path, kind: str) -> None:
    out = installed.cwd / f"年度报告 {kind}.{kind}"
    installed.gongkai("annual", "convert", sample, "-o", out)

    # with somebody else's reader: the file is what its name says
    text = READERS[kind](out)
    assert re.search(r"\d", text)
    if kind != "json":
        assert "行政复议" in re.sub(r"\s", "", text)

    # with our own: not an unreadable file
    again = installed.gongkai("annual", "read", out, "--json")
    assert json.loads(again.stdout)
