"""``gongkai workdays …`` and ``gongkai fee …``: what is printed, what is kept, how it ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from gongkai.commands.base import Program
from gongkai.commands.fee import fee
from gongkai.commands.workdays import workdays

PRINTED = Path(__file__).parent / "rules" / "workdays" / "printed" / "2026.txt"


@click.group(cls=Program)
def program() -> None:
    """Both commands, whatever else the program has."""


program.add_command(workdays)
program.add_command(fee)


def run(*arguments: str | Path, env: dict[str, str] | None = None) -> Result:
    return CliRunner(env=env).invoke(program, [str(a) for a in arguments], prog_name="gongkai")


def found(*arguments: str | Path, env: dict[str, str] | None = None) -> Any:
    result = run(*arguments, "--json", env=env)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def invented_2027() -> str:
    """A notice for 2027 in the words of the official ones; the days are invented."""
    return """国务院办公厅关于2027年部分节假日安排的通知

一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（周五）至12日（周五）放假调休，共8天。1月30日（周六）、2月20日（周六）上班。
三、清明节：4月3日（周六）至5日（周一）放假，共3天。
四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。5月8日（周六）上班。
五、端午节：6月9日（周三）放假1天，不调休。
六、中秋节：9月15日（周三）放假1天，不调休。
七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。
"""


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    file = tmp_path / "通知.txt"
    file.write_text(invented_2027(), encoding="utf-8")
    return file


def test_a_year_with_its_notice() -> None:
    year = found("workdays", "show", "2026")
    assert (year["number"], year["working_days"], year["provisional"]) == (
        "国办发明电〔2025〕7号",
        248,
        False,
    )
    assert year["festivals"][0] == {
        "name": "元旦",
        "first": "2026-01-01",
        "last": "2026-01-03",
        "worked": ["2026-01-04"],
    }
    text = run("workdays", "show", "2026").output
    assert "国办发明电〔2025〕7号" in text
    assert "全年 248 个工作日。" in text
    assert "尚未收录" not in text


def test_a_year_without_a_notice_is_marked() -> None:
    year = found("workdays", "show", "2027")
    assert year["provisional"] is True
    assert year["title"] is None
    assert sum(1 for f in year["festivals"] if f["worked"]) == 0
    assert "2027 年的放假通知尚未收录" in run("workdays", "show", "2027").output


def test_an_amended_notice_names_what_changed_it() -> None:
    text = run("workdays", "show", "2020").output
    assert "并据：国务院办公厅关于延长2020年春节假期的通知" in text
    assert "非典" in run("workdays", "show", "2003").output


@pytest.mark.parametrize(
    ("day", "why", "words"),
    [
        ("2026-02-14", "made_up", "2026-02-14（周六）：工作日（调休上班）"),
        ("2026-10-03", "festival", "其后第一个工作日：2026-10-08（周四）"),
        ("2026-10-17", "weekend", "休息日（周末）"),
        ("2026-10-19", "week", "2026-10-19（周一）：工作日"),
        ("2027-02-07", "festival", "尚未收录"),
    ],
)
def test_a_day_and_why(day: str, why: str, words: str) -> None:
    answer = found("workdays", "show", day)
    assert answer["why"] == why
    assert answer["workday"] is (why in ("made_up", "week"))
    assert words in run("workdays", "show", day).output


def test_add_tells_what_lies_between() -> None:
    answer = found("workdays", "add", "2026-09-24", "20")
    assert answer["due_on"] == "2026-10-29"
    assert answer["made_up"] == ["2026-10-10"]
    assert [f["name"] for f in answer["days_off"]] == ["中秋节", "国庆节"]
    text = run("workdays", "add", "2026-09-24", "20").output
    assert "之后第 20 个工作日是 2026-10-29（周四）" in text
    assert "2026-10-10（周六）" in text


def test_add_across_the_last_notice_is_marked() -> None:
    answer = found("workdays", "add", "2026-11-20", "40")
    assert (answer["due_on"], answer["provisional"]) == ("2027-01-18", True)
    assert "尚未收录" in run("workdays", "add", "2026-11-20", "40").output


def test_count_both_ways() -> None:
    assert found("workdays", "count", "2026-09-24", "2026-10-29")["working_days"] == 20
    assert found("workdays", "count", "2026-10-29", "2026-09-24")["working_days"] == -20


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("show", "1999"), "没有 1999 年的工作日历，现有 2002 至 2050 年。"),
        (("show", "0000"), "没有 0 年的工作日历"),
        (("show", "2051-01-01"), "没有 2051 年的工作日历"),
        (("show", "20x6"), "“20x6”不是年份（2026），也不是日期（2026-03-01）。"),
        (("show", "20260301"), "不是年份"),
        (("add", "2026-02-30", "3"), "日期“2026-02-30”不是 2026-03-01 这样的写法"),
        (("add", "2001-05-01", "3"), "没有 2001 年的工作日历"),
        (("add", "2026-03-01", "--", "-3"), "应不小于 0"),
        (("count", "2026-03-01", "2001-03-01"), "没有 2001 年的工作日历"),
        (("import", "x.txt"), "--calendar"),
    ],
)
def test_what_cannot_be_answered(arguments: tuple[str, ...], said: str) -> None:
    result = run("workdays", *arguments)
    assert result.exit_code == 2
    assert said in result.output
    assert "Traceback" not in result.output


def test_a_notice_is_taken_in_and_used_from_then_on(notice: Path, tmp_path: Path) -> None:
    folder = tmp_path / "日历"
    answer = found("workdays", "import", notice, "--calendar", folder)
    assert answer["was_provisional"] is True
    assert {"on": "2027-02-20", "workday": True} in answer["changed"]
    assert {"on": "2027-02-12", "workday": False} in answer["changed"]
    assert (folder / "2027.yaml").is_file()
    assert found("workdays", "show", "2027", "--calendar", folder)["provisional"] is False
    by_variable = {"GONGKAI_CALENDAR": str(folder)}
    assert found("workdays", "add", "2027-01-20", "20", env=by_variable)["due_on"] == "2027-02-23"
    assert found("workdays", "add", "2027-01-20", "20")["due_on"] == "2027-02-19"


def test_a_notice_already_held_is_replaced_only_by_force(notice: Path, tmp_path: Path) -> None:
    folder = tmp_path / "日历"
    assert "的日子" not in run("workdays", "import", notice, "--calendar", folder).output.splitlines()[0]
    again = run("workdays", "import", notice, "--calendar", folder)
    assert again.exit_code == 2
    assert "--force" in again.output
    forced = run("workdays", "import", notice, "--calendar", folder, "--force")
    assert forced.exit_code == 0
    assert "没有一天与原来不同" in forced.output


def test_a_shipped_year_may_be_taken_in_too(tmp_path: Path) -> None:
    assert found("workdays", "import", PRINTED, "--calendar", tmp_path)["changed"] == []


def test_a_notice_that_contradicts_itself_is_not_kept(notice: Path, tmp_path: Path) -> None:
    notice.write_text(
        invented_2027().replace("共8天", "共9天").replace("5月8日（周六）", "5月8日（周日）"), "utf-8"
    )
    result = run("workdays", "import", notice, "--calendar", tmp_path / "日历")
    assert result.exit_code == 2
    assert "春节：写明共9天，起止日期却是8天" in result.output
    assert "劳动节：“5月8日(周日)”与日历不符：应为2027年5月8日（周六）" in result.output
    assert not (tmp_path / "日历").exists()


def test_files_that_are_no_notice(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("2027年".encode("gbk"))
    folder = tmp_path / "日历"
    for name, said in (("a.txt", "不是 UTF-8"), ("none.txt", "没有这个文件")):
        result = run("workdays", "import", tmp_path / name, "--calendar", folder)
        assert result.exit_code == 2
        assert said in result.output


def test_a_misspelt_directory_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    result = run("workdays", "show", "2027", env={"GONGKAI_CALENDAR": str(tmp_path / "none")})
    assert result.exit_code == 2
    assert "没有存放放假通知的目录" in result.output
    assert run("workdays", "show", "2027", "--calendar", tmp_path).exit_code == 0


def test_a_broken_directory_of_notices_is_told(tmp_path: Path) -> None:
    (tmp_path / "2027.yaml").write_text("year: 2027\n", encoding="utf-8")
    result = run("workdays", "show", "2026", "--calendar", tmp_path)
    assert result.exit_code == 2
    assert "2027.yaml 不能用：" in result.output
    assert "缺少键 'number'" in result.output


def test_fee_by_cases() -> None:
    answer = found("fee", "cases", "5", "--before", "29", "--on", "2026-03-01")
    assert answer["amount"] == "900"
    assert [line["amount"] for line in answer["lines"]] == ["100", "800"]
    text = run("fee", "cases", "5", "--before", "29", "--on", "2026-03-01").output
    assert text.startswith("900 元\n")
    assert "《政府信息公开信息处理费管理办法》第四条" in text


def test_fee_by_pages() -> None:
    assert found("fee", "pages", "68", "--on", "2026-03-01")["amount"] == "380"
    assert "不收费" in run("fee", "pages", "30", "--on", "2026-03-01").output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("pages", "3", "--on", "2020-12-31"), "2020-12-31 没有信息处理费的规定。自 2021-01-01 起才有。"),
        (("cases", "3"), "--on"),
        (("cases", "x", "--on", "2026-03-01"), "应为整数"),
        (("cases", "3", "--on", "tomorrow"), "日期“tomorrow”"),
    ],
)
def test_a_fee_that_cannot_be_worked_out(arguments: tuple[str, ...], said: str) -> None:
    result = run("fee", *arguments)
    assert result.exit_code == 2
    assert said in result.output
