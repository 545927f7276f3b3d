"""What the command line says without reading anything: help, usage errors, version, messages."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from gongkai import __version__
from gongkai.cli import program
from gongkai.commands.base import Program

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference" / "command-line.md"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(program, list(arguments), prog_name="gongkai")


def leaves(command: click.Command, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], click.Command]]:
    if isinstance(command, click.Group):
        return [leaf for name, sub in command.commands.items() for leaf in leaves(sub, (*path, name))]
    return [(path, command)]


LEAVES = leaves(program)
NAMES = [" ".join(path) for path, _command in LEAVES]
_ENGLISH = re.compile(r"\b(Usage|Options|Commands|Error|Try|Show|Missing|Invalid|required|default)\b")


@pytest.mark.parametrize(("path", "command"), LEAVES, ids=NAMES)
def test_every_help_page_is_chinese(path: tuple[str, ...], command: click.Command) -> None:
    result = run(*path, "--help")
    assert result.exit_code == 0
    assert "用法：" in result.output
    assert "选项：" in result.output
    assert not _ENGLISH.search(result.output)


@pytest.mark.parametrize(("path", "command"), LEAVES, ids=NAMES)
def test_every_command_and_option_has_a_help_text(path: tuple[str, ...], command: click.Command) -> None:
    assert command.help
    assert command.short_help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name


@pytest.mark.parametrize(("path", "command"), LEAVES, ids=NAMES)
def test_every_command_takes_json(path: tuple[str, ...], command: click.Command) -> None:
    assert any("--json" in parameter.opts for parameter in command.params)


@pytest.mark.parametrize(("path", "command"), LEAVES, ids=NAMES)
def test_every_command_and_option_stands_in_the_reference(
    path: tuple[str, ...], command: click.Command
) -> None:
    text = REFERENCE.read_text(encoding="utf-8")
    start = text.find(f"## gongkai {' '.join(path)}\n")
    assert start >= 0, f"no heading for {' '.join(path)}"
    end = text.find("\n## ", start + 1)
    part = text[start : end if end >= 0 else len(text)]
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            for option in parameter.opts:
                assert f"`{option}" in part, f"{option} of {' '.join(path)}"


def test_every_exit_code_stands_in_the_reference() -> None:
    from gongkai.commands import base

    text = REFERENCE.read_text(encoding="utf-8")
    codes = [value for name, value in vars(base).items() if name.startswith("EXIT_")]
    assert len(codes) == 7
    for code in codes:
        assert f"| {code} |" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("annual", "chek"), "没有 chek 这个命令"),
        (("annual", "read", "--jsn", "x"), "没有 --jsn 这个选项"),
        (("annual", "read"), "缺少参数"),
        (("annual", "check"), "没有写文件"),
        (("annual", "convert", "x", "--to", "odt"), "不在可选之列"),
        (("annual", "corpus", "x", "-o", "y", "--jobs", "0"), "“--jobs” 的取值不对：0 应不小于 1。"),
        (("annual", "corpus", "x", "-o", "y", "--seconds", "0"), "应大于 0"),
        (("annual", "corpus", "x", "-o", "y", "--jobs", "many"), "“many” 不是合格的数，应为整数。"),
        (("check", "x.html"), "您要的是不是：gongkai annual check？"),
        (("annual", "chek"), "您要的是不是：check？"),
        (("annual", "check", "--jsn", "x"), "您要的是不是 --json？"),
        (("annual", "check", "-年报.html"), "gongkai annual check -- -年报.html"),
        (("annual", "corpus", "x"), "缺少选项"),
        (("annual", "compare", "a", "b", "c"), "多余的参数"),
    ],
)
def test_wrong_usage_is_told_in_chinese_and_ends_with_2(arguments: tuple[str, ...], said: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in result.output
    assert not _ENGLISH.search(result.output)


def test_an_option_unlike_any_other_is_given_no_suggestion() -> None:
    output = run("annual", "check", "--nope", "x").output
    assert "没有 --nope 这个选项。" in output
    assert "--force" not in output


@pytest.mark.parametrize(
    "arguments",
    [
        ("annual", "read"),
        ("annual", "convert", "x", "--to", "odt"),
        ("annual", "corpus", "x", "-o", "y", "--jobs", "many"),
        ("annual", "compare", "a", "b", "c"),
        ("annual", "corpus", "x"),
        ("chek",),
    ],
)
def test_messages_have_chinese_marks(arguments: tuple[str, ...]) -> None:
    last = run(*arguments).output.strip().splitlines()[-1]
    assert "'" not in last
    assert "[]" not in last
    assert last.endswith(("。", "？"))


def test_the_version_is_the_packages() -> None:
    assert run("--version").output == f"gongkai {__version__}\n"


def test_the_compiled_messages_are_those_of_the_source() -> None:
    done = subprocess.run([sys.executable, ROOT / "script" / "messages", "--check"], check=False)
    assert done.returncode == 0


def test_every_translation_keeps_the_slots_of_its_message() -> None:
    source = (ROOT / "src/gongkai/locale/zh_CN/LC_MESSAGES/gongkai.po").read_text(encoding="utf-8")
    slot = re.compile(r"\{(\w+)(?:![rs])?\}|%\((\w+)\)s")
    for entry in source.split("\n\n")[1:]:
        original = "".join(re.findall(r'^msgid(?:_plural)? "(.*)"', entry, re.MULTILINE))
        translated = "".join(re.findall(r'^msgstr(?:\[0\])? "(.*)"', entry, re.MULTILINE))
        assert set(slot.findall(translated)) <= set(slot.findall(original)), entry


def test_the_messages_do_not_depend_on_the_systems_language() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from gongkai.cli import main; main()", "annual", "nothing"],
        env={"LANG": "en_US.UTF-8", "LANGUAGE": "en", "PATH": ""},
        capture_output=True,
        check=False,
    )
    assert "没有 nothing 这个命令" in done.stderr.decode()


def test_a_terminal_without_chinese_characters_does_not_crash() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from gongkai.cli import main; main()", "annual", "codes"],
        env={"PYTHONIOENCODING": "ascii", "PATH": ""},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert b"AR-R-001" in done.stdout


def test_help_imports_no_heavy_library() -> None:
    script = (
        "import sys\n"
        "from gongkai.cli import program\n"
        "program(['annual', '--help'], standalone_mode=False)\n"
        "heavy = {'polars', 'selectolax', 'opencc', 'yaml', 'docx', 'openpyxl', 'pdfplumber', 'typst'}\n"
        "sys.exit(sorted(heavy & set(sys.modules)) or 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def failing(error: BaseException) -> Program:
    """A program with one command that ends in that error."""
    group = Program("gongkai")

    @group.command("fail")
    def fail() -> None:
        raise error

    return group


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (RuntimeError("odd"), 70, "程序内部出错（RuntimeError：odd）"),
        (PermissionError(13, "denied", "x.html"), 2, "x.html：没有权限。"),
        (OSError(28, "full", "out.pdf"), 2, "out.pdf：磁盘空间不足。"),
        (MemoryError(), 2, "内存不够"),
        (KeyboardInterrupt(), 130, "已中断"),
        (BrokenPipeError(32, "pipe"), 141, ""),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else None,
)
def test_whatever_happens_ends_in_a_sentence_and_a_documented_code(
    error: BaseException, code: int, said: str
) -> None:
    result = CliRunner().invoke(failing(error), ["fail"])
    assert result.exit_code == code
    assert said in result.stderr
    assert "Traceback" not in result.output


def test_debug_shows_what_went_wrong_inside() -> None:
    error = RuntimeError("odd")
    assert CliRunner().invoke(failing(error), ["fail", "--debug"]).exception is error
