"""What ``gongkai verify`` and ``rebuild`` do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from gongkai.commands import terminal
from gongkai.commands.base import EXIT_ERRORS, Problem
from gongkai.commands.ledger_files import anchor_text, as_problem, verification_json, verification_lines
from gongkai.commands.output import echo_json
from gongkai.commands.platform_entry import in_use, platform
from gongkai.commands.platform_running import require_ready
from gongkai.commands.progress import busy
from gongkai.i18n import _
from gongkai.rules.ledger import Anchor, parse_anchor, parse_root

if TYPE_CHECKING:
    from gongkai.platform.cases.verifying import Difference, ProjectionVerification
    from gongkai.platform.core.audit_chain import AuditVerification

MOST_SHOWN = 20


def run_verify(body: str | None, anchor: str | None, *, as_json: bool) -> None:
    """Verify everything; ends with 1 where something is damaged."""
    with platform(), as_problem():
        require_ready()
        from gongkai.commands.platform_people import body_named
        from gongkai.platform.cases.verifying import verify_projections
        from gongkai.platform.core.audit_chain import verify_audit
        from gongkai.platform.core.present import present
        from gongkai.platform.core.snapshots import snapshot
        from gongkai.platform.ledger.verifying import verify_ledger

        key = None if body is None else body_named(body).key
        with busy(_("正在验证台账")):
            ledger = verify_ledger(key, None if anchor is None else _anchor(anchor))
        with busy(_("正在验证审计")), snapshot():
            trail = verify_audit()
        with busy(_("正在核对案件列表")):
            lists = verify_projections(key, known_on=present().known_on)
    if as_json:
        echo_json(
            {"ledger": verification_json(ledger), "audit": _audit_json(trail), "cases": _cases_json(lists)}
        )
    else:
        click.echo("\n".join(verification_lines(ledger, terminal.columns())))
        click.echo("\n".join([*_audit_lines(trail), *_case_lines(lists)]))
    if not (ledger.ok and trail.ok and lists.ok):
        raise click.exceptions.Exit(EXIT_ERRORS)


def _anchor(given: str) -> Anchor:
    from gongkai.platform.ledger.lines import root_lines

    text = anchor_text(given)
    for line in root_lines():
        try:
            root = parse_root(line.rstrip(b"\n"))
        except ValueError:  # damaged; the verification says so
            continue
        if root.root == text.strip():
            return Anchor(root.heads, root)
    if len(text.strip()) == 64 and text.strip().isalnum():
        raise Problem(_("数据库里没有这个根：要么台账被截去或者重新计算过，要么这个根不是这里的。"))
    return parse_anchor(text)


def _audit_lines(trail: AuditVerification) -> Iterator[str]:
    for damage in trail.damages:
        yield damage.message()
    if trail.ok:
        yield _("审计没有发现损坏：共 {n} 条。").format(n=trail.entries)


def _case_lines(lists: ProjectionVerification) -> Iterator[str]:
    if lists.ok:
        yield _("案件列表与台账相符：共 {n} 件。").format(n=lists.cases)
        return
    yield _("案件列表有 {wrong} 件与台账不符，用 gongkai rebuild 重新生成：").format(wrong=lists.wrong)
    for one in lists.differences[:MOST_SHOWN]:
        columns = "、".join(one.columns)
        yield f"  {one.body} {one.stream}：{_WRONG[one.wrong]}{'，' if columns else ''}{columns}"


_WRONG = {
    "differs": _("不符"),
    "missing": _("列表里没有"),
    "surplus": _("台账里没有"),
    "unreadable": _("台账读不出来"),
}


def _audit_json(trail: AuditVerification) -> dict[str, object]:
    damages = [{"damage": one.damage.value, "position": one.position} for one in trail.damages]
    return {"ok": trail.ok, "entries": trail.entries, "damages": damages}


def _cases_json(lists: ProjectionVerification) -> dict[str, object]:
    def told(one: Difference) -> dict[str, object]:
        return {
            "body": one.body,
            "stream": one.stream,
            "wrong": one.wrong.value,
            "columns": list(one.columns),
        }

    differences = [told(one) for one in lists.differences]
    return {"ok": lists.ok, "cases": lists.cases, "wrong": lists.wrong, "differences": differences}


def run_rebuild(*, as_json: bool) -> None:
    """Write the lists anew from the ledger."""
    with platform() as found, in_use(found):
        require_ready()
        from gongkai.platform.cases.verifying import rebuild_projections
        from gongkai.platform.core.actor import Actor
        from gongkai.platform.core.present import present

        with busy(_("正在由台账重新生成案件列表")):
            done = rebuild_projections(actor=Actor(present(), system="rebuild"))
    if as_json:
        told = {"cases": done.cases, "written": done.written, "removed": done.removed}
        echo_json({**told, "moved": len(done.moved), "unreadable": list(done.unreadable)})
    else:
        text = _("核对了 {cases} 件，重写 {written} 件，去掉多余的 {removed} 件。")
        click.echo(text.format(cases=done.cases, written=done.written, removed=done.removed))
        for one in done.moved[:MOST_SHOWN]:
            moved = _("  {number}：期限由 {before} 改为 {after}")
            click.echo(moved.format(number=one.number, before=one.before or "—", after=one.after or "—"))
        for stream in done.unreadable[:MOST_SHOWN]:
            click.echo(_("  {stream}：台账读不出来，没有改动；请运行 gongkai verify").format(stream=stream))
    if done.unreadable:
        raise click.exceptions.Exit(EXIT_ERRORS)
