"""``gongkai replay``: a published report as a ledger of a whole year of acts that counts back to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from gongkai.annual.localise import SolverMissing
from gongkai.annual.model import Report
from gongkai.annual.read.names import shown_name
from gongkai.commands import base, render, terminal
from gongkai.commands.base import Leaf
from gongkai.commands.inputs import one_report
from gongkai.commands.ledger_files import as_problem
from gongkai.commands.output import echo_json
from gongkai.commands.progress import busy
from gongkai.i18n import _
from gongkai.replay import (
    CannotReplay,
    Difference,
    Replay,
    added_up,
    replay,
    replay_area,
    rules_for,
    share_out,
    target_of,
    unlike,
)
from gongkai.rules.counting import count
from gongkai.rules.kinds import check
from gongkai.rules.law import load_law
from gongkai.rules.ledger import create, file_name, read_events
from gongkai.rules.workdays import load_calendar

MOST_SHOWN = 20
"""More cells than this are not listed on the terminal."""

_WHY = {
    "no_year": _("报告没有写明年度，无法还原。"),
    "no_rule": _("没有 {year} 年的法律或者工作日历，无法还原。"),
    "no_repair": _("报告的数字相互矛盾，限定时间内没有找到改动最少的一致报告。"),
    "not_whole": _("{cell} 是 {found}，不是件数，无法还原。"),
    "still_contradictory": _("报告的数字相互矛盾（{relation}），无法还原。"),
    "shares": _("各机关新收申请合计 {requests} 件，报告是 {report} 件，两者须相等。"),
}


@dataclass(frozen=True, slots=True)
class _Written:
    """A replay, the file it was written to, and in which cells the ledger does not count back."""

    made: Replay
    file: Path
    counted: Report
    unlike: tuple[Difference, ...]


@click.command(
    name="replay",
    cls=Leaf,
    help=_(
        "把一份公布的年度报告还原为一整年的办理事项，写成台账目录，再由台账统计回来核对。"
        "事项是虚构的，每一步都经规则判定合法；数字与报告逐格相同。"
        "报告自相矛盾的，还原改动最少的一致报告，并列出不同的格。"
    ),
    short_help=_("把报告还原为一年的办理事项"),
)
@click.argument("report", metavar=_("报告"))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    metavar=_("目录"),
    help=_("写到哪个台账目录。"),
)
@click.option(
    "--seed", type=int, default=1, show_default=True, metavar=_("数"), help=_("种子：相同则事项相同。")
)
@click.option("--body", metavar=_("机关"), help=_("台账的机关名；默认用报告里的单位。"))
@click.option(
    "--share",
    "shares",
    multiple=True,
    metavar=_("机关=件数"),
    help=_("把全地区的报告分给几个机关，各写明新收件数，可以多次使用；合计须等于报告的新收件数。"),
)
@click.option("--json", "as_json", is_flag=True, help=_("输出 JSON，供程序使用。"))
def replay_command(
    report: str, output: Path, seed: int, body: str | None, shares: tuple[str, ...], *, as_json: bool
) -> None:
    """Replay, write, count back, tell."""
    if body is not None and shares:
        raise click.UsageError(_("--body 和 --share 不能同时使用。"))
    published = one_report(report)
    wanted = _shares(shares)
    _refuse_present(output, wanted or [body or published.body or "body"])
    try:
        with busy(_("正在还原 {name}").format(name=shown_name(report))):
            made = _made(published, wanted, body, seed)
    except CannotReplay as error:
        raise base.Problem(_WHY[error.code].format(**error.values)) from error
    except SolverMissing as error:
        raise base.Problem(
            _("报告的数字相互矛盾，找出改动最少的一致报告需要另装组件：pip install 'gongkai[solve]'。")
        ) from error
    with as_problem():
        written = [_write(one, output) for one in made]
    together = _sum_unlike(published, written)
    if as_json:
        echo_json(_as_json(report, output, written, together))
    else:
        click.echo("\n".join(_lines(published, output, written, together, terminal.columns())))
    if together or any(one.unlike for one in written):
        click.get_current_context().exit(base.EXIT_ERRORS)


def _shares(given: Sequence[str]) -> dict[str, int]:
    """The numbers of requests by body."""
    found: dict[str, int] = {}
    for text in given:
        name, sign, number = text.rpartition("=")
        if not sign or not name or not number.isdecimal():
            raise click.UsageError(_("--share 写作 机关=件数，例如 市本级=46：{text}").format(text=text))
        if name in found:
            raise click.UsageError(_("--share 里 {name} 写了两次。").format(name=name))
        found[name] = int(number)
    return found


def _refuse_present(output: Path, names: Sequence[str] | Mapping[str, int]) -> None:
    """Tell before the work that a ledger is there already; one is never written over."""
    with as_problem():
        present = [name for name in names if (output / file_name(name)).exists()]
    if present:
        raise base.Problem(
            _("{output} 里已经有 {names} 的台账，没有覆盖。请换一个目录。").format(
                output=shown_name(output), names="、".join(present)
            )
        )


def _made(report: Report, shares: Mapping[str, int], body: str | None, seed: int) -> list[Replay]:
    law, calendar = load_law(), load_calendar()
    if shares:
        parts = share_out(report, shares, seed=seed)
        return list(replay_area(parts, seed=seed, law=law, calendar=calendar).values())
    return [replay(report, seed=seed, law=law, calendar=calendar, body=body or report.body or "body")]


def _write(made: Replay, output: Path) -> _Written:
    """Append the year to a new ledger, read it again and count it."""
    ledger = create(output, made.body)
    streams = {event.stream for event in made.events}
    ledger.append(made.events, expected_seq=dict.fromkeys(streams, 0), check=check)
    counted = count(
        read_events(ledger.path),
        body=made.body,
        year=made.year,
        form=made.target.form.edition,
        rules=rules_for(made.target),
    )
    different = unlike(made.target, counted.report, made.not_told)
    return _Written(made, ledger.path, counted.report, different)


def _sum_unlike(report: Report, written: Sequence[_Written]) -> tuple[Difference, ...] | None:
    """In which cells the bodies together are not the area's report; ``None`` where it was not shared out."""
    if len(written) < 2:
        return None
    left_out = {cell for one in written for cell in one.made.not_told}
    return unlike(target_of(report).report, added_up([one.counted for one in written]), left_out)


# --- telling --------------------------------------------------------------------------------------------


def _as_json(
    source: str, output: Path, written: Sequence[_Written], together: tuple[Difference, ...] | None
) -> dict[str, Any]:
    first = written[0].made
    return {
        "source": source,
        "ledger": shown_name(output),
        "year": first.year,
        "form": first.target.form.edition,
        "seed": first.seed,
        "sum_counts_back": None if together is None else not together,
        "bodies": [
            {
                "body": one.made.body,
                "file": one.file.name,
                "cases": one.made.cases,
                "events": len(one.made.events),
                "differences": [d._asdict() for d in one.made.differences],
                "filled": [
                    {"cell": f.cell, "state": f.state.value, "value": f.value} for f in one.made.filled
                ],
                "free_cells": list(one.made.free_cells),
                "not_told": list(one.made.not_told),
                "ambiguous": one.made.ambiguous,
                "counts_back": not one.unlike,
                "unlike": [
                    {
                        "cell": d.cell,
                        "target": d.published,
                        "counted": None if d.replayed == -1 else d.replayed,
                    }
                    for d in one.unlike
                ],
            }
            for one in written
        ],
    }


def _lines(
    report: Report,
    output: Path,
    written: Sequence[_Written],
    together: tuple[Difference, ...] | None,
    limit: int,
) -> Iterator[str]:
    yield render.heading(report)
    yield _("台账目录：{output}").format(output=shown_name(output))
    for one in written:
        made = one.made
        yield ""
        yield _("{body}：{cases} 件，{events} 条事项，种子 {seed}").format(
            body=made.body, cases=made.cases, events=len(made.events), seed=made.seed
        )
        yield from _told(made, limit)
        if one.unlike:
            yield _("由台账统计回来：有 {count} 格不同").format(count=len(one.unlike))
            yield from _table(made.target, one.unlike, [_("还原"), _("统计")], limit)
        else:
            told = sum(1 for cell in made.target.cells.values() if cell.value is not None) - len(
                made.not_told
            )
            yield _("由台账统计回来：{count} 格全部相同").format(count=told)
    if together is not None:
        yield ""
        if together:
            yield _("各机关合计与全地区的报告有 {count} 格不同").format(count=len(together))
            yield from _table(report, together, [_("报告"), _("合计")], limit)
        else:
            yield _("各机关合计与全地区的报告逐格相同")


def _told(made: Replay, limit: int) -> Iterator[str]:
    """In what the year that was lived is not the printed report."""
    if made.differences:
        text = _("报告自相矛盾，还原的是改动最少的一致报告；与公布的不同 {count} 格：")
        yield text.format(count=len(made.differences))
        yield from _table(made.target, made.differences, [_("公布"), _("还原")], limit)
    if made.ambiguous:
        yield _("另有与公布的同样接近的一致报告，取第一种。")
    for cells, text in (
        (
            [f.cell for f in made.filled],
            _("公布的是空格、缺格或者读不出，按其他各格推定 {count} 格"),
        ),
        (made.free_cells, _("空格不推定，没有为它编造事项 {count} 格")),
        (made.not_told, _("没有相应的事项，不能由台账统计 {count} 格")),
    ):
        if cells:
            labels = [render.cell_label(made.target.form.spec(cell)) for cell in cells[:MOST_SHOWN]]
            more = _(" 等") if len(cells) > MOST_SHOWN else ""
            line = text.format(count=len(cells)) + "：" + "；".join(labels) + more
            yield from terminal.wrap(line, limit, hanging="  ")


def _table(
    report: Report, differences: Sequence[Difference], heads: Sequence[str], limit: int
) -> Iterator[str]:
    rows = [
        [render.cell_label(report.form.spec(d.cell)), _number(d.published), _number(d.replayed)]
        for d in differences
    ]
    yield from terminal.table([_("格"), *heads], rows, align="lrr", limit=limit)


def _number(value: object) -> str:
    return _("空") if value is None or value == -1 else str(value)
