"""``gongkai clock``: the deadlines of a described case, with the steps that lead to them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import click

from gongkai.commands import base, terminal
from gongkai.commands.calendars import Day, calendar_of, calendar_option, out_of_range
from gongkai.commands.output import echo_json
from gongkai.i18n import _
from gongkai.rules.cases.clock import Clock, ClockState
from gongkai.rules.cases.described import Answer, CannotDescribe, Described, answer, described, kind_label
from gongkai.rules.law import NoRuleInForce, load_law
from gongkai.rules.workdays import CalendarNotPublished

_SHANGHAI = timezone(timedelta(hours=8))

_CLOCKS = {
    "confirmation": _("确认收到"),
    "correction_notice": _("告知补正"),
    "correction": _("申请人补正"),
    "reply": _("答复"),
    "third_party": _("第三方答复"),
    "co_maker": _("共同制作机关答复"),
    "agency": _("其他机关答复"),
    "fee": _("缴费"),
    "reconsideration_period": _("申请复议"),
    "litigation_period": _("提起诉讼"),
    "defence": _("提交复议答复或答辩"),
}
_STATES = {
    ClockState.RUNNING: _("计算中"),
    ClockState.PAUSED: _("中止"),
    ClockState.MET: _("按期"),
    ClockState.LATE: _("逾期完成"),
    ClockState.OVERDUE: _("已逾期"),
    ClockState.ENDED: _("已终止"),
    ClockState.UNKNOWN: _("尚不能计算"),
}
_PROBLEMS = {
    "not_an_object": _("应当是 JSON 对象"),
    "no_events": _("缺少 events 列表"),
    "unknown_key": _("不认识的字段“{found}”"),
    "no_kind": _("缺少 kind（事件种类）"),
    "no_date": _("缺少 occurred_on（日期）"),
    "bad_date": _("日期“{found}”不是 2026-03-01 这样的写法"),
    "payload_no_object": _("payload 应当是 JSON 对象"),
    "too_many": _("事项超过 {found} 个，不像是一件申请"),
    "seq_not_unique": _("seq 有的写了、有的没写，或者重复；要么全写，各不相同，要么都不写"),
    "bad_seq": _("seq“{found}”应当是正整数"),
}


@click.command(
    cls=base.Leaf,
    help=_(
        "计算一件申请的各项期限，并逐步说明依据。文件是 JSON：events 列出已发生的事项，"
        "as_of 是看哪一天（默认今天）。事项不合规定时退出码为 1，并说明理由。"
    ),
    short_help=_("计算一件申请的各项期限，并逐步说明依据"),
)
@click.argument("file", metavar=_("文件"))
@click.option(
    "--as-of", "as_of", type=Day(), metavar=_("日期"), help=_("看哪一天，如 2026-03-01；优先于文件。")
)
@calendar_option
@click.option("--json", "as_json", is_flag=True, help=_("输出 JSON。"))
@click.pass_context
def clock(
    context: click.Context, file: str, as_of: date | None, folder: Path | None, *, as_json: bool
) -> None:
    """Read, judge, compute, print; exit 1 where an event is refused."""
    case = _read(file)
    day = as_of or case.as_of or datetime.now(_SHANGHAI).date()
    try:
        found = answer(case.events, load_law(), calendar_of(folder), day)
    except NoRuleInForce as error:
        raise base.Problem(_("没有当时适用的规定：{error}").format(error=error)) from error
    except CalendarNotPublished as error:
        raise out_of_range(error) from error
    if as_json:
        echo_json(found.to_json())
    else:
        click.echo("\n".join(_lines(found, case, terminal.columns())))
    if found.refusals:
        context.exit(base.EXIT_ERRORS)


def _read(file: str) -> Described:
    raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    try:
        return described(json.loads(raw.decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        raise base.Problem(_("{file} 不是 UTF-8 编码的文字。").format(file=file)) from error
    except json.JSONDecodeError as error:
        text = _("{file} 不是完整的 JSON：第 {line} 行第 {column} 列附近写得不对。")
        raise base.Problem(text.format(file=file, line=error.lineno, column=error.colno)) from error
    except RecursionError as error:
        raise base.Problem(_("{file} 的 JSON 层次太深。").format(file=file)) from error
    except CannotDescribe as error:
        problem = _PROBLEMS[error.code].format(found=error.found)
        place = "" if error.index is None else _("第 {number} 个事项：").format(number=error.index + 1)
        raise base.Problem(f"{file}：{place}{problem}。") from error


def _lines(found: Answer, case: Described, limit: int) -> Iterator[str]:
    if found.refusals:
        yield _("有 {count} 个事项不合规定：").format(count=len(found.refusals))
        for index, refusal in found.refusals:
            event = case.events[index]
            head = f"{event.occurred_on} {_name(event.kind)}（{refusal.article}）："
            yield from terminal.wrap(
                head + refusal.message(), limit, indent=f"  {index + 1}. ", hanging="     "
            )
            if refusal.instead:
                instead = _("可以改为：") + "、".join(_name(kind) for kind in refusal.instead)
                yield from terminal.wrap(instead, limit, indent="     ", hanging="     ")
        return
    yield _("截至 {day}").format(day=found.as_of)
    for one in found.deadlines.clocks:
        yield ""
        yield from _clock_lines(one, limit)
    for one in found.deadlines.earlier:
        if one.state is ClockState.LATE:
            yield ""
            yield _("（此前）") + next(iter(_clock_lines(one, limit)))
    if found.not_yet > 0:
        yield ""
        yield _("有 {count} 个事项晚于 {day}，没有计入。").format(count=found.not_yet, day=found.as_of)
    yield ""
    names = "、".join(_name(kind) for kind in found.allowed)
    yield from terminal.wrap(_("此时可以办理：") + names, limit, indent="", hanging="  ")


def _name(kind: str) -> str:
    try:
        return kind_label(kind)
    except KeyError:
        return kind


def _clock_lines(one: Clock, limit: int) -> Iterator[str]:
    party = f"（{one.party}）" if one.party is not None else ""
    yield f"{_CLOCKS[one.clock]}{party}：{_STATES[one.state]}{_dates(one)}"
    for step in one.steps:
        day = step.on.isoformat() if step.on is not None else " " * 10
        source = f"（{step.article}）" if step.article else ""
        yield from terminal.wrap(step.text() + source, limit, indent=f"  {day}  ", hanging=" " * 14)


def _dates(one: Clock) -> str:
    parts: list[str] = []
    if one.due_on is not None:
        parts.append(_("到期日 {day}").format(day=one.due_on))
    elif one.earliest_due_on is not None:
        parts.append(_("最早 {day} 到期").format(day=one.earliest_due_on))
        if one.latest_due_on is not None:
            parts.append(_("最晚 {day} 到期").format(day=one.latest_due_on))
    if one.working_days_left is not None:
        left = one.working_days_left
        text = _("还有 {left} 个工作日") if left >= 0 else _("已超过 {over} 个工作日")
        parts.append(text.format(left=left, over=-left))
    if one.provisional:
        parts.append(_("暂定"))
    return "，" + "，".join(parts) if parts else ""
