"""``gongkai ledger count`` and ``explain``: a year of acts as the annual report, and what a cell counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from gongkai.annual.form import UnknownEdition, builtin_forms, form_for_year
from gongkai.annual.write.exchange import report_object
from gongkai.commands import base, render, terminal
from gongkai.commands.base import Leaf
from gongkai.commands.ledger_files import as_problem
from gongkai.commands.output import echo_json
from gongkai.i18n import _
from gongkai.rules import kinds
from gongkai.rules.counting import Count, count
from gongkai.rules.counting.explain import Explanation, explain
from gongkai.rules.counting.result import EventId
from gongkai.rules.event import Event
from gongkai.rules.ledger import Unreadable, bodies, read_events, read_header
from gongkai.rules.vocabulary import Outcome

_PATH = click.Path(path_type=Path)
_body = click.option("--body", metavar=_("机关"), help=_("统计哪个机关；目录里只有一个机关时可以省略。"))
_year = click.option("--year", type=int, required=True, metavar=_("年度"), help=_("统计哪一年，如 2026。"))
_form = click.option(
    "--form", "edition", metavar=_("格式"), help=_("官方格式版次：2019 或 2021；默认按年度选用。")
)
_no_chain = click.option(
    "--no-chain", is_flag=True, help=_("也读没有首行和散列值的事项文件；不作任何链的检查。")
)
_json = click.option("--json", "as_json", is_flag=True, help=_("输出 JSON，供程序使用。"))


@click.command(
    name="count",
    cls=Leaf,
    help=_(
        "由台账统计一年的年度报告：表二、表三、表四和信息处理费。路径是台账目录或一个机关的台账文件。"
        "台账不知道的格留空，不以 0 代替。"
    ),
    short_help=_("由台账统计年度报告"),
)
@click.argument("path", type=_PATH, metavar=_("路径"))
@_body
@_year
@_form
@_no_chain
@_json
def count_command(
    path: Path, body: str | None, year: int, edition: str | None, *, no_chain: bool, as_json: bool
) -> None:
    """Read, count, print."""
    found = _count(path, body, year, edition, no_chain=no_chain)
    if as_json:
        echo_json(_as_json(found, no_chain=no_chain))
    else:
        click.echo("\n".join((*_lines(found, terminal.columns()), "", _unchecked(no_chain=no_chain))))


@click.command(
    name="explain",
    cls=Leaf,
    help=_(
        "说明年度报告的一格由哪些事项得来。格写作路径，如 requests.granted.total；"
        "各格的路径见 gongkai annual form。"
    ),
    short_help=_("说明一格由哪些事项得来"),
)
@click.argument("path", type=_PATH, metavar=_("路径"))
@click.argument("cell", metavar=_("格"))
@_body
@_year
@_form
@_no_chain
@_json
def explain_command(
    path: Path,
    cell: str,
    body: str | None,
    year: int,
    edition: str | None,
    *,
    no_chain: bool,
    as_json: bool,
) -> None:
    """Read, count, explain one cell."""
    kept: dict[int, Event] = {}
    found = _count(path, body, year, edition, no_chain=no_chain, keep=kept)
    try:
        told = explain(found, cell)
    except KeyError as error:
        raise base.Problem(
            _("{edition} 年格式没有“{cell}”这一格。各格的路径见 gongkai annual form。").format(
                edition=found.report.form.edition, cell=cell
            )
        ) from error
    if as_json:
        echo_json(
            {
                "cell": told.cell,
                "label": told.label,
                "value": told.value,
                "streams": list(told.streams),
                "events": [{**_id_json(event), **_act_json(kept[event.position])} for event in told.events],
                "relations": [
                    {"id": r.relation.instance, "verdict": r.verdict.value, "left": r.left, "right": r.right}
                    for r in told.relations
                ],
            }
        )
    else:
        click.echo("\n".join(_explained(told, kept)))


def _count(
    path: Path,
    body: str | None,
    year: int,
    edition: str | None,
    *,
    no_chain: bool,
    keep: dict[int, Event] | None = None,
) -> Count:
    """The count; ``keep`` gets the events by position."""
    try:
        if edition is None:
            edition = form_for_year(year).edition
        with as_problem():
            name = body or _only_body(path, no_chain=no_chain)
            of = None if no_chain and path.is_file() else name
            events = read_events(path, chain=not no_chain, body=of)
            if no_chain:
                events = _shaped(events)
            if keep is not None:
                events = list(events)
                # Without a chain the events may have no positions; the count numbers them in their order.
                keep.update({event.position or at: event for at, event in enumerate(events, 1)})
            return count(events, body=name, year=year, form=edition)
    except UnknownEdition as error:
        raise base.Problem(
            _("没有“{edition}”这一版格式；现有 {known}。").format(
                edition=edition, known="、".join(form.edition for form in builtin_forms())
            )
        ) from error


def _shaped(events: Iterable[Event]) -> Iterator[Event]:
    """The events; a payload that does not fit its kind ends the command: nobody has checked this file."""
    for number, event in enumerate(events, 1):
        if event.kind in kinds.KINDS:
            try:
                kinds.check(event.kind, event.payload, strict=False)
            except kinds.UnlawfulShape as error:
                raise base.Problem(
                    _("第 {number} 条事项（{kind}）：{problem}。").format(
                        number=number, kind=event.kind, problem=error.text()
                    )
                ) from error
        yield event


def _only_body(path: Path, *, no_chain: bool) -> str:
    """The body of a file, or the only one of a directory."""
    if path.is_file():
        try:
            return read_header(path).body
        except Unreadable:
            if no_chain:
                return path.stem
            raise
    found = bodies(path) if path.is_dir() else {}
    if len(found) > 1:
        raise base.Problem(
            _("目录里有 {count} 个机关，请用 --body 指定：{names}").format(
                count=len(found), names="、".join(sorted(found))
            )
        )
    if not found:
        raise Unreadable("LG-E-023", path=path.name, body="")
    return next(iter(found))


def _as_json(found: Count, *, no_chain: bool) -> dict[str, Any]:
    """The exchange shape of a report, and beside it what must be known of the count."""
    return {
        **report_object(found.report),
        "counting": {
            "chain": "not_checked" if no_chain else "hashes_not_verified",
            "notes": [
                {"code": note.code, "text": note.text(), "events": [_id_json(e) for e in note.events]}
                for note in found.notes
            ],
            "rules": list(found.rules_that_mattered),
            "late": [
                {
                    "event": _id_json(act.event),
                    "kind": act.kind,
                    "legal_year": act.legal_year,
                    "counted_in": act.counted_in,
                    "why": act.why,
                }
                for act in found.late
            ],
            "fees": {
                "notices": found.fees.notices,
                "notified_yuan": str(found.fees.notified),
                "payments": found.fees.payments,
                "paid_yuan": str(found.fees.paid),
            },
        },
    }


def _unchecked(*, no_chain: bool) -> str:
    if no_chain:
        return _("这是没有链的事项文件，先后和散列值都没有核对。")
    return _("散列值没有核对；台账有没有被改动，用 gongkai ledger verify 检查。")


def _id_json(event: EventId) -> dict[str, Any]:
    return {"body": event.body, "position": event.position, "stream": event.stream, "seq": event.seq}


def _lines(found: Count, limit: int) -> Iterator[str]:
    yield _("{body} · {year} 年度 · {edition} 年格式 · 由台账统计").format(
        body=found.body, year=found.year, edition=found.report.form.edition
    )
    yield from render.tables(found.report, limit)
    yield ""
    if found.fees.notices == 0 and found.fees.payments == 0:
        yield _("信息处理费：没有发出收费通知，没有收取。")
    else:
        yield _("信息处理费：通知 {notices} 件 {notified} 元，实收 {payments} 件 {paid} 元。").format(
            notices=found.fees.notices,
            notified=found.fees.notified,
            payments=found.fees.payments,
            paid=found.fees.paid,
        )
    if found.notes:
        yield ""
        yield _("说明")
        for note in found.notes:
            yield from terminal.wrap(f"{note.code} {note.text()}", limit, indent="  ", hanging="    ")
    if found.rules_that_mattered:
        yield ""
        yield _("用到的统计口径")
        for key in found.rules_that_mattered:
            yield from terminal.wrap(found.rules[key].label_zh, limit, indent="  ", hanging="    ")
    if found.late:
        yield ""
        yield _("补记：{count} 条事项的日期在已封存的年度，列于 --json 的 late。").format(
            count=len(found.late)
        )


def _act_json(event: Event) -> dict[str, Any]:
    return {"kind": event.kind, "occurred_on": event.occurred_on.isoformat()}


def _act(event: Event) -> str:
    """An act in a line: its day, its name, and what it decided."""
    label = kinds.KINDS[event.kind].label_zh if event.kind in kinds.KINDS else event.kind
    said = [Outcome(event.payload["outcome"]).label_zh] if "outcome" in event.payload else []
    said += [str(event.payload[key]) for key in ("number", "count", "amount", "ref") if key in event.payload]
    return f"{event.occurred_on}  {label}" + (f"（{'，'.join(said)}）" if said else "")


def _explained(told: Explanation, kept: dict[int, Event]) -> Iterator[str]:
    value = _("空") if told.value is None else str(told.value)
    yield f"{told.label}：{value}"
    for relation in told.relations:
        yield (
            f"  {relation.relation.instance}  {relation.left} = {relation.right}  "
            + render.VERDICT[relation.verdict]
        )
    yield _("由 {events} 条事项得来，属于 {streams} 件：").format(
        events=len(told.events), streams=len(told.streams)
    )
    for event in told.events:
        yield f"  {event.position:>8}  {event.stream}  #{event.seq}  {_act(kept[event.position])}"
