"""Reading a notice: what is refused, and in which words."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongkai.rules.workdays import (
    NoticeError,
    dump_notice,
    parse_notice,
    read_notice,
    read_notices,
    shipped_notices,
)
from gongkai.rules.workdays.text import parse_text

PRINTED = (Path(__file__).parent / "printed" / "2026.txt").read_text(encoding="utf-8")
SHIPPED = next(n for n in shipped_notices() if n.year == 2026)
YAML = dump_notice(SHIPPED)


def problems(text: str, old: str, new: str) -> tuple[str, ...]:
    assert old in text
    changed = text.replace(old, new)
    with pytest.raises(NoticeError) as raised:
        if text is YAML:
            parse_notice(changed, name="通知.yaml")
        else:
            parse_text(changed, name="通知.txt")
    assert all(problem in str(raised.value) for problem in raised.value.problems)
    return raised.value.problems


def test_every_shipped_notice_survives_being_written() -> None:
    for notice in shipped_notices():
        assert parse_notice(dump_notice(notice), name="x") == notice


def test_the_printed_text_gives_the_shipped_days() -> None:
    notice = parse_text(PRINTED, name="2026.txt")
    assert notice.festivals == SHIPPED.festivals
    assert (notice.title, notice.number, notice.mark) == (SHIPPED.title, "国办发明电〔2025〕7号", "V")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "1月1日（周四）至3日",
            "1月1日（周五）至3日",
            "元旦：“1月1日(周五)”与日历不符：应为2026年1月1日（周四）",
        ),
        ("共9天", "共8天", "春节：写明共8天，起止日期却是9天"),
        ("2月14日（周六）、2月28日（周六）上班", "2月30日（周六）上班", "春节：没有2026年2月30日这一天"),
        (
            "5月9日（周六）上班",
            "5月7日（周四）上班",
            "劳动节：2026年5月7日（周四）本来就是工作日，不能是调休上班日",
        ),
        ("5月9日（周六）上班", "5月3日（周日）上班", "劳动节：2026年5月3日（周日）既放假又上班"),
        ("5月9日（周六）上班", "8月1日（周六）上班", "劳动节：上班日2026年8月1日（周六）离假期过远"),
        ("6月19日（周五）至21日（周日）放假，共3天", "按规定休息", "端午节：没有找到放假的日期"),
        ("6月19日（周五）至21日（周日）放假，共3天", "19日（周五）放假", "端午节：“19日(周五)”没有写月份"),
        ("六、中秋节：", "六、其他：", "缺少中秋节的安排"),
        (
            "9月25日（周五）至27日（周日）放假，共3天",
            "9月26日（周六）放假",
            "2026年9月25日（周五）是中秋节法定假日，通知中却不放假",
        ),
        (
            "10月1日（周四）至7日（周三）放假调休，共7天",
            "10月7日至1日放假",
            "国庆节：2026年10月7日（周三）至2026年10月1日（周四），止日早于起日",
        ),
        ("2月28日（周六）上班", "2月14日（周六）上班", "春节：2026年2月14日（周六）上班写了两次"),
        ("2026年", "", "没有找到年份：正文应写有“2027年……节假日安排”"),
        ("、", "，", "没有找到逐项的放假安排（一、元旦：1月1日……放假……）"),
    ],
)
def test_a_contradiction_in_the_text_is_told(old: str, new: str, said: str) -> None:
    assert said in problems(PRINTED, old, new)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("year: 2026", "year: 2025", "元旦：2026年1月1日（周四）不在2025年"),
        ("year: 2026\n", "", "缺少键 'year'"),
        ("first: 2026-10-01", "first: soon", "数据类型不对：'soon' 不是日期"),
        ("2026-10-07", "2026-10-30", "国庆节：连续放假超过16天"),
        ("first: 2026-10-01", "first: 2026-09-27", "2026年9月27日（周日）既属中秋节，又属国庆节"),
        ("festivals:", "amended_by: 3\nfestivals:", "数据类型不对：'int' object is not iterable"),
        (YAML, "- 1", "应为一组键值（year、title、festivals……）"),
    ],
)
def test_a_contradiction_in_the_file_is_told(old: str, new: str, said: str) -> None:
    assert said in problems(YAML, old, new)


def test_what_is_no_yaml_is_told() -> None:
    for text in ("a: [", "year: 2026-02-30"):
        with pytest.raises(NoticeError, match="不是有效的 YAML"):
            parse_notice(text, name="x.yaml")


def test_the_kind_of_file_is_told_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(YAML, encoding="utf-8")
    (tmp_path / "a.txt").write_text("\ufeff" + PRINTED, encoding="utf-8")
    assert read_notice(tmp_path / "a.yaml") == SHIPPED
    assert read_notice(tmp_path / "a.txt").festivals == SHIPPED.festivals
    assert read_notices(tmp_path) == (SHIPPED,)
    (tmp_path / "b.yaml").write_text(YAML, encoding="utf-8")
    with pytest.raises(NoticeError, match="2026年的通知已在另一个文件中"):
        read_notices(tmp_path)
    assert read_notices(tmp_path / "none") == ()
