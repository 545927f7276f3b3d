"""The documentation is held to the code: generated pages, examples, links, glossary, names and commands."""

from __future__ import annotations

import dataclasses
import importlib
import importlib.util
import os
import re
import runpy
import shlex
import shutil
import sys
import tomllib
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import pytest
from click.testing import CliRunner

from gongkai.annual.corpus import column_names, map_reports
from gongkai.annual.findings import CodeEntry, catalogue
from gongkai.annual.form import Form, builtin_forms
from gongkai.annual.model import CellState, Scope
from gongkai.annual.read import Limits
from gongkai.annual.samples import sample_paths
from gongkai.cli import program
from gongkai.rules.kinds import KINDS
from gongkai.rules.vocabulary import SUB_KINDS

ROOT = Path(__file__).resolve().parent.parent
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
PAGES = (
    *READMES,
    ROOT / "CHANGELOG.md",
    ROOT / "changes" / "README.md",
    ROOT / "bench" / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
)
GUIDES = (ROOT / "docs" / "tutorial" / "first-check.md", *sorted((ROOT / "docs" / "how-to").glob("*.md")))
WITH_ERRORS = {"finance-bureau-2022-sum-error.xlsx", "education-bureau-2023-narrative.html"}
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def blocks(page: Path, language: str) -> list[str]:
    return [body for kind, body in _BLOCK.findall(text_of(page)) if kind == language]


def run_examples(page: Path, folder: Path) -> dict[str, Any]:
    """Run a page's blocks as one program; returns its names."""
    file = folder / "example.py"
    file.write_text("\n".join(blocks(page, "python")), encoding="utf-8")
    return runpy.run_path(str(file))


def python_pages() -> list[Path]:
    return [page for page in PAGES if blocks(page, "python")]


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    """What ``script/docs`` runs."""
    spec = importlib.util.spec_from_file_location("make_reference", ROOT / "script" / "reference" / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def corpus_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples as a corpus file."""
    folder = tmp_path_factory.mktemp("samples")
    for sample in sample_paths():
        shutil.copy(str(sample), folder)
    out = folder / "reports.parquet"
    map_reports([folder / path.name for path in sample_paths()], out=out, jobs=1)
    return out


# -- generated pages -----------------------------------------------------------------------------------


def test_generated_pages_are_what_the_script_writes_now(generator: ModuleType) -> None:
    stale = [
        name
        for name, text in generator.pages().items()
        if text_of(ROOT / "docs" / "reference" / name) != text
    ]
    assert not stale, f"run script/docs: {stale}"


def test_every_finding_code_has_a_section_with_all_its_texts() -> None:
    page = text_of(ROOT / "docs" / "reference" / "finding-codes.md")
    for code, entry in catalogue().items():
        start = page.find(f"\n### {code}\n")
        assert start >= 0, code
        part = page[start : page.find("\n##", start + 5)]
        for texts in (entry.title, entry.message, entry.why, entry.mend):
            assert texts["zh"] in part
            assert texts["en"] in part
        assert entry.reference in part


@pytest.mark.parametrize("form", builtin_forms(), ids=lambda form: form.edition)
def test_every_row_and_column_of_a_form_is_documented(form: Form) -> None:
    page = text_of(ROOT / "docs" / "reference" / "forms.md")
    part = page[page.index(f"\n## {form.edition} ") :]
    for grid in form.grids:
        for block in grid.blocks:
            for member in (*block.rows, *block.columns, *block.alternates):
                assert f"| `{member.key}`" in part
    for code in {r.id for r in (*form.relations, *form.yearly)}:
        assert f"| {code} |" in part


def test_every_key_of_a_payload_is_explained_with_its_type(
    generator: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = sys.modules["case_pages"]
    lists = {values.__name__: set(values) for values in pages.LISTS}
    lists["sub_kind"] = {name for names in SUB_KINDS.values() for name in names}
    named: dict[str, set[str]] = {}
    for kind in KINDS.values():
        for key, fits in {**kind.optional, **kind.required}.items():
            told = pages.MEANINGS[key].type
            if isinstance(told, str):
                assert fits(pages.TYPES[told][1], True) is None, (kind.name, key)
            else:
                fitting = {name for name in told if all(fits(value, True) is None for value in lists[name])}
                assert fitting, (kind.name, key)
                named.setdefault(key, set()).update(fitting)
    assert named == {k: set(m.type) for k, m in pages.MEANINGS.items() if isinstance(m.type, tuple)}
    for changed in ({**pages.MEANINGS, "colour": pages.MEANINGS["on"]}, {"on": pages.MEANINGS["on"]}):
        monkeypatch.setattr(pages, "MEANINGS", changed)
        with pytest.raises(ValueError, match="not explained"):
            generator.pages()


def test_every_column_of_the_corpus_file_is_documented() -> None:
    page = text_of(ROOT / "docs" / "reference" / "parquet-columns.md")
    explained = text_of(ROOT / "docs" / "reference" / "parquet.md")
    for name in column_names():
        assert f"| `{name}` |" in page
        assert "." in name or f"`{name}`" in explained


# -- examples ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", python_pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_python_examples_run(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """Each page's blocks run one after the other beside the sample reports."""
    for sample in sample_paths():
        shutil.copy(str(sample), tmp_path)
    if any("reports.parquet" in block for block in blocks(page, "python")):
        shutil.copy(request.getfixturevalue("corpus_file"), tmp_path)
    monkeypatch.chdir(tmp_path)
    run_examples(page, tmp_path)


def test_an_edition_given_as_the_how_to_says_is_checked(tmp_path: Path) -> None:
    names = run_examples(ROOT / "docs" / "how-to" / "add-edition.md", tmp_path)
    check = importlib.import_module("gongkai.annual.check").check
    assert "AR-T2-101" in {f.code for f in check(names["report"]).findings}


@pytest.mark.parametrize("page", READMES, ids=lambda page: page.name)
def test_the_readme_shows_what_the_command_prints(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "100")
    exit_codes: list[int] = []
    for shown in blocks(page, "console"):
        first, _, printed = shown.partition("\n")
        arguments = shlex.split(first.removeprefix("$ .venv/bin/gongkai "))
        result = CliRunner().invoke(program, arguments, prog_name="gongkai")
        exit_codes.append(result.exit_code)
        assert result.stdout.strip() == printed.strip()
    assert exit_codes == [1, 0]


def commands_of(page: Path) -> list[list[str]]:
    lines = [line for block in blocks(page, "console") for line in block.splitlines()]
    return [
        shlex.split(line)[1:] for line in lines if line.startswith(("$ gongkai ", "$ .venv/bin/gongkai "))
    ]


@pytest.mark.parametrize("page", [p for p in PAGES if commands_of(p)], ids=lambda p: str(p.relative_to(ROOT)))
def test_commands_in_examples_exist_with_their_options(page: Path) -> None:
    for _, *words in commands_of(page):
        command: click.Command = program
        while isinstance(command, click.Group):
            assert words[0] in command.commands, words
            command = command.commands[words.pop(0)]
        known = {option for parameter in command.params for option in parameter.opts}
        used = [word for word in words if word.startswith("-") and word != "-"]
        assert set(used) <= known, (command.name, used)


@pytest.mark.parametrize("page", GUIDES, ids=lambda p: str(p.relative_to(ROOT)))
def test_commands_over_the_samples_succeed(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guides' commands in their order: those over samples, and over what a command before them wrote."""
    for sample in sample_paths():
        shutil.copy(str(sample), tmp_path)
    monkeypatch.chdir(tmp_path)
    for _, *words in commands_of(page):
        if not any(Path(word).exists() for word in words) and "form" not in words and "codes" not in words:
            continue
        result = CliRunner().invoke(program, words, prog_name="gongkai")
        planted = "check" in words and not WITH_ERRORS.isdisjoint(words)
        assert result.exit_code == (1 if planted else 0), (words, result.stderr)


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_scripts_in_examples_exist(page: Path) -> None:
    for block in blocks(page, "sh"):
        for line in block.splitlines():
            name = line.split(" ", 1)[0]
            if name.startswith("script/"):
                assert os.access(ROOT / name, os.X_OK), name


# -- the basis of the codes ----------------------------------------------------------------------------


@pytest.mark.parametrize("entry", catalogue().values(), ids=lambda entry: entry.code)
def test_the_basis_of_a_code_is_an_official_instrument_or_a_page_of_ours(entry: CodeEntry) -> None:
    if entry.reference.startswith("docs/"):
        assert (ROOT / entry.reference).is_file()
    else:
        assert re.search(r"国办\S*函〔20\d\d〕\d+号|条例第|法第", entry.reference), entry.reference


# -- READMEs -------------------------------------------------------------------------------------------


def test_both_readmes_carry_the_same_commands_and_examples() -> None:
    english, chinese = READMES
    for language in ("sh", "console", "python"):
        assert blocks(english, language) == blocks(chinese, language)
        assert blocks(english, language)


def test_the_readmes_name_every_extra() -> None:
    extras = tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]["optional-dependencies"]
    for page in READMES:
        for extra in extras:
            assert f"`{extra}`" in text_of(page)


# -- links and addresses -------------------------------------------------------------------------------


def anchors(page: Path) -> set[str]:
    found: set[str] = set()
    for heading in _HEADING.findall(text_of(page)):
        found.add(re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-"))
    return found


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_relative_links_resolve(page: Path) -> None:
    for link in _LINK.findall(_BLOCK.sub("", text_of(page))):
        if "://" in link:
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), link
        assert target.is_relative_to(ROOT), link
        if anchor:
            assert anchor in anchors(target), link


def test_every_page_can_be_reached_from_the_index() -> None:
    index = ROOT / "docs" / "index.md"
    linked = {(index.parent / link.partition("#")[0]).resolve() for link in _LINK.findall(text_of(index))}
    pages = {page for page in PAGES if page.is_relative_to(ROOT / "docs")} - {index}
    assert not pages - linked


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_no_page_names_a_machine_or_an_address(page: Path) -> None:
    text = text_of(page)
    assert not re.search(r"(?<![\w.])/(?:work|home|root|tmp|Users|srv)/", text)
    assert not re.search(r"https?://(?!www\.apache\.org/|json-schema\.org/)", text)
    assert not re.search(r"(?i)\bpypi\b|index-url|simple/", text)


# -- names ---------------------------------------------------------------------------------------------


def identifiers() -> list[str]:
    rows = re.findall(r"^\|(.+)\|$", text_of(ROOT / "docs" / "glossary.md"), re.MULTILINE)
    cells = [row.split("|")[2].strip() for row in rows]
    return [cell.strip("`") for cell in cells if cell.startswith("`")]


def test_no_identifier_stands_twice_in_the_glossary() -> None:
    doubled = [name for name, count in Counter(identifiers()).items() if count > 1]
    assert not doubled


@pytest.mark.parametrize("form", builtin_forms(), ids=lambda form: form.edition)
def test_every_key_of_a_form_is_in_the_glossary(form: Form) -> None:
    known = set(identifiers())
    for spec in (*form.cells.values(), *form.alternates.values()):
        table, row, *column = spec.path.split(".")
        if column:
            assert f"{table}.{row}" in known, spec.path
            assert f"{table}.*.{column[0]}" in known, spec.path
        elif spec.grid == table:
            assert f"{table}.{row}" in known, spec.path
        else:
            # Several blocks of one printed table have the same columns.
            assert table in known, spec.path
            assert f"{spec.grid}.*.{row}" in known, spec.path
    for grid in form.grids:
        assert grid.id in known


def test_the_glossary_names_only_cells_that_a_form_has() -> None:
    specs = [s for form in builtin_forms() for s in (*form.cells.values(), *form.alternates.values())]
    paths = {spec.path for spec in specs} | {spec.path.rsplit(".", 1)[0] for spec in specs}
    columns = {
        f"{prefix}.*.{spec.path.rsplit('.', 1)[1]}"
        for spec in specs
        for prefix in (spec.grid, spec.path.split(".")[0])
    }
    grids = {spec.grid for spec in specs}
    for name in identifiers():
        if name.split(".")[0] in grids and "." in name:
            assert name in paths | columns, name


def test_the_glossary_has_every_state_and_scope() -> None:
    page = text_of(ROOT / "docs" / "glossary.md")
    for member in (*CellState, *Scope):
        assert f"`{member.value}`" in page


def test_names_in_the_library_overview_exist() -> None:
    page = text_of(ROOT / "docs" / "reference" / "library.md")
    rows = re.findall(r"^\| (`.+?) \|", page, re.MULTILINE)
    assert len(rows) > 20
    for row in rows:
        module: ModuleType | None = None
        for name in re.findall(r"`([\w.]+)`", row):
            path, _, last = name.rpartition(".")
            if path:
                full = path if path.startswith("gongkai.") else f"gongkai.annual.{path}"
                module = importlib.import_module(full)
            assert module is not None
            assert hasattr(module, last), name


def test_every_limit_stands_in_the_settings_with_its_default() -> None:
    page = text_of(ROOT / "docs" / "reference" / "settings.md")
    for field in dataclasses.fields(Limits):
        found = re.search(rf"^\| `{field.name}` \| ([\d,]+)( MiB)? \|", page, re.MULTILINE)
        assert found is not None, field.name
        number = int(found[1].replace(",", "")) * (1024 * 1024 if found[2] else 1)
        assert number == getattr(Limits(), field.name)


def test_every_environment_variable_of_ours_stands_in_the_settings() -> None:
    page = text_of(ROOT / "docs" / "reference" / "settings.md")
    files = [*(ROOT / "src").rglob("*.py"), *(f for f in (ROOT / "script").iterdir() if f.is_file())]
    used = {name for file in files for name in re.findall(r"\bGONGKAI_[A-Z]\w*", text_of(file))}
    assert used
    for name in used:
        assert f"`{name}`" in page


def test_the_changelog_counts_the_forms_rightly() -> None:
    flat = " ".join(text_of(ROOT / "CHANGELOG.md").split())
    for form in builtin_forms():
        number = form.instrument["number"]
        entry = flat[flat.index(number) :]
        assert f"{len(form.cells)} cells, {len(form.relations)} relations" in entry[:200]
