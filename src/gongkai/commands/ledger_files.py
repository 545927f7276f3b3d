"""``gongkai ledger verify`` and ``show``: ledger files verified and listed."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import ClassVar

import click

from gongkai.commands import base, terminal
from gongkai.commands.output import echo_json
from gongkai.i18n import _
from gongkai.rules.ledger import (
    Anchor,
    Damage,
    Entry,
    LedgerError,
    Verification,
    body_path,
    catalogue,
    describe,
    parse_anchor,
    read_header,
    read_ledger,
    repair,
    roots,
    verify,
)
from gongkai.rules.ledger.canonical import moment_text
from gongkai.rules.ledger.entry import is_hash


class NoSuchRoot(base.Problem):
    """A root that was kept elsewhere and is not in the ledger: damage, like any other."""

    exit_code: ClassVar[int] = base.EXIT_ERRORS


@contextmanager
def as_problem() -> Generator[None]:
    """What the ledger refuses, as a sentence and what to do; for other commands over ledgers too."""
    try:
        yield
    except LedgerError as error:
        text = describe(error.code, error.values)
        raise base.Problem(f"{text}{catalogue()[error.code].mend['zh']}") from error


# -- repair ------------------------------------------------------------------------------------------------


def run_repair(path: Path, *, as_json: bool) -> None:
    """Settle an append that never returned; ends with 2 where there is none or it cannot be settled."""
    with as_problem():
        found = repair(path)
    if as_json:
        echo_json({"file": found.file, "cut": found.cut, "completed": found.completed})
    elif found.completed:
        click.echo(_("{file}：最后一批记录已经写完，予以保留。").format(file=found.file))
    else:
        click.echo(_("{file}：截去没有写完的 {cut} 字节。").format(file=found.file, cut=found.cut))


# -- verify ----------------------------------------------------------------------------------------------


def run_verify(path: Path, anchor: str | None, *, as_json: bool) -> None:
    """Verify and print; ends with exit status 1 where there is damage."""
    with as_problem():
        found = verify(path, None if anchor is None else _anchor(anchor, path))
    if as_json:
        echo_json(verification_json(found))
    else:
        click.echo("\n".join(verification_lines(found, terminal.columns())))
    if not found.ok:
        click.get_current_context().exit(base.EXIT_ERRORS)


def _anchor(text: str, path: Path) -> Anchor:
    """The anchor as it was given; a bare root by its line here."""
    text = anchor_text(text)
    if is_hash(text.strip()):
        for root in roots(path) if path.is_dir() else ():
            if root.root == text.strip():
                return Anchor(root.heads, root)
        raise NoSuchRoot(_("台账里没有这个根：要么台账被截去或者重新计算过，要么这个根不是这本台账的。"))
    return parse_anchor(text)


def anchor_text(text: str) -> str:
    """The anchor's text as it was given; of a file the last line that is not blank."""
    file = Path(text)
    try:
        is_file = file.is_file()
    except (OSError, ValueError):  # a root line is no file name
        is_file = False
    if not is_file:
        return text
    lines = file.read_bytes().decode(errors="replace").split("\n")
    return next((line for line in reversed(lines) if line.strip()), "")


def verification_lines(found: Verification, limit: int) -> Iterator[str]:
    for damage in found.damages:
        entry = catalogue()[damage.code]
        yield from terminal.wrap(f"{damage.code}  {entry.title['zh']}：{damage.message('zh')}", limit)
        yield from terminal.wrap(entry.mend["zh"], limit, indent="  ")
    total = _("共 {bodies} 个机关、{entries} 条记录、{roots} 个每日的根").format(
        bodies=len(found.bodies), entries=found.entries, roots=found.roots
    )
    if found.ok:
        yield _("没有发现损坏：{total}。").format(total=total)
    else:
        yield _("发现 {count} 处损坏：{total}。").format(count=len(found.damages), total=total)
    for code in found.cannot_exclude:
        yield from terminal.wrap(f"{code}  {describe(code, {})}", limit)
    for body, head in found.heads.items():
        yield _("链头 {body}:{position}:{hash}").format(body=body, position=head.position, hash=head.hash)


def verification_json(found: Verification) -> dict[str, object]:
    return {
        "ok": found.ok,
        "bodies": list(found.bodies),
        "entries": found.entries,
        "roots": found.roots,
        "damages": [_damage_json(damage) for damage in found.damages],
        "cannot_exclude": [{"code": c, "message": describe(c, {})} for c in found.cannot_exclude],
        "heads": {body: {"position": h.position, "hash": h.hash} for body, h in found.heads.items()},
    }


def _damage_json(damage: Damage) -> dict[str, object]:
    return {
        "code": damage.code,
        "file": damage.file,
        "line": damage.line,
        "position": damage.position,
        "values": dict(damage.values),
        "message": damage.message("zh"),
    }


# -- show ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries to show, as they were asked for."""

    body: str | None = None
    stream: str | None = None
    first: str | None = None
    last: str | None = None
    kind: str | None = None
    page: int | None = None
    per_page: int = 50


_COLUMNS = (
    "body",
    "position",
    "stream",
    "seq",
    "kind",
    "occurred_on",
    "recorded_at",
    "actor",
    "schema",
    "payload",
    "prev_hash",
    "hash",
)


def run_show(path: Path, wanted: Wanted, *, as_json: bool, as_csv: bool) -> None:
    """Print the entries; programs get all of them where no page was asked for, people the first page."""
    page = wanted.page if as_json or as_csv else (wanted.page or 1)
    start = 0 if page is None else (page - 1) * wanted.per_page
    end = None if page is None else start + wanted.per_page
    kept: list[tuple[str, Entry]] = []
    total = 0
    with as_problem():
        for found in _selected(path, wanted):
            if total >= start and (end is None or total < end):
                kept.append(found)
            total += 1
    if as_json:
        entries = [_row(body, entry) for body, entry in kept]
        echo_json({"total": total, "page": page, "per_page": wanted.per_page, "entries": entries})
    elif as_csv:
        click.echo(_csv(kept), nl=False)
    else:
        click.echo("\n".join(_entry_lines(kept, total, page or 1, wanted.per_page)))


def _selected(path: Path, wanted: Wanted) -> Iterator[tuple[str, Entry]]:
    first, last = _day("--from", wanted.first), _day("--to", wanted.last)
    for file in body_path(path, wanted.body):
        body = read_header(file).body
        for entry in read_ledger(file):
            event = entry.event
            if (
                (wanted.stream is None or event.stream == wanted.stream)
                and (wanted.kind is None or event.kind == wanted.kind)
                and (first is None or event.occurred_on >= first)
                and (last is None or event.occurred_on <= last)
            ):
                yield body, entry


def _day(option: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise click.UsageError(
            _("{option} 要写成 2026-01-31 这样的日期：{text}").format(option=option, text=text)
        ) from None


def _row(body: str, entry: Entry) -> dict[str, object]:
    event = entry.event
    return {
        "body": body,
        "position": event.position,
        "stream": event.stream,
        "seq": event.seq,
        "kind": event.kind,
        "occurred_on": event.occurred_on.isoformat(),
        "recorded_at": None if event.recorded_at is None else moment_text(event.recorded_at),
        "actor": event.actor,
        "schema": event.schema,
        "payload": dict(event.payload),
        "prev_hash": entry.prev_hash,
        "hash": entry.hash,
    }


def _csv(kept: list[tuple[str, Entry]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for body, entry in kept:
        row = _row(body, entry) | {"payload": _payload(entry)}
        writer.writerow([row[name] for name in _COLUMNS])
    return text.getvalue().encode("utf-8-sig")


def _payload(entry: Entry) -> str:
    return json.dumps(dict(entry.event.payload), ensure_ascii=False, sort_keys=True)


def _entry_lines(kept: list[tuple[str, Entry]], total: int, page: int, per_page: int) -> Iterator[str]:
    several = len({body for body, _entry in kept}) > 1
    head = [_("位置"), _("日期"), _("事项"), _("序号"), _("种类"), _("经手"), _("内容")]
    rows = [
        [
            str(entry.event.position),
            entry.event.occurred_on.isoformat(),
            entry.event.stream,
            str(entry.event.seq),
            entry.event.kind,
            entry.event.actor,
            _payload(entry),
        ]
        for _body, entry in kept
    ]
    align = "rllrlll"
    if several:
        head, align = [_("机关"), *head], "l" + align
        rows = [[body, *row] for (body, _entry), row in zip(kept, rows, strict=True)]
    if rows:
        yield from terminal.table(head, rows, align=align, limit=terminal.columns())
    pages = max(1, -(-total // per_page))
    yield _("共 {total} 条，第 {page} 页，共 {pages} 页。").format(total=total, page=page, pages=pages)
