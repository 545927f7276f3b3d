"""What ``gongkai archive verify`` does and says. Needs no database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from gongkai.commands.base import EXIT_ERRORS, Problem
from gongkai.commands.output import echo_json
from gongkai.i18n import _
from gongkai.platform.cases.archive.verifying import Fault, NotAPackage, Verified, verify_package


def _faults() -> dict[str, str]:
    return {
        "name": _("“{member}”不是归档包里会有的文件名"),
        "twice": _("有文件出现两次"),
        "sums_line": _("SHA256SUMS 第 {line} 行读不出来"),
        "missing": _("缺少文件 {member}"),
        "changed": _("文件 {member} 与散列值不符：被改过或者损坏"),
        "unlisted": _("文件 {member} 不在 SHA256SUMS 里：是后加的"),
        "manifest": _("manifest.json 读不出来"),
        "manifest_file": _("文件 {member} 与 manifest.json 不符"),
        "unnamed": _("文件 {member} 不在 manifest.json 里：是后加的"),
        "ledger_header": _("ledger.jsonl 第 1 行不是台账的首行"),
        "ledger_torn": _("ledger.jsonl 末尾不完整"),
        "entry_malformed": _("ledger.jsonl 第 {line} 行不是台账记录"),
        "entry_changed": _("ledger.jsonl 第 {line} 行的记录与自己的散列值不符：被改过"),
        "entry_of_another_case": _("ledger.jsonl 第 {line} 行不是本案的记录"),
        "entry_gap": _("ledger.jsonl 第 {line} 行之前少了或者多了记录"),
        "entry_order": _("ledger.jsonl 第 {line} 行的次序不对"),
        "entry_link": _("ledger.jsonl 第 {line} 行接不上前一条"),
        "entries_number": _("ledger.jsonl 的条数与 manifest.json 不符"),
        "not_in_ledger": _("ledger.jsonl 第 {line} 行的记录不在给出的整本台账里"),
    }


def run_verify(path: Path, ledger: Path | None, *, as_json: bool) -> None:
    """Verify a package; ends with 1 where something is wrong."""
    try:
        found = verify_package(path, ledger=ledger)
    except NotAPackage as not_one:
        raise Problem(_("{path} 不是案件的归档包。").format(path=path.name)) from not_one
    except OSError as error:
        raise Problem(_("读不出来：{why}").format(why=error.strerror or type(error).__name__)) from error
    if as_json:
        echo_json({"ok": found.ok, **asdict(found)})
    else:
        click.echo("\n".join(_lines(found)))
    if not found.ok:
        raise click.exceptions.Exit(EXIT_ERRORS)


def _lines(found: Verified) -> Iterator[str]:
    yield f"{found.body} {found.case}".strip()
    for fault in found.faults:
        yield _said(fault)
    if found.ok:
        yield _("没有发现问题：{files} 个文件与散列值相符，{entries} 条台账记录完好。").format(
            files=found.files, entries=found.entries
        )
        yield _("其中 {n} 条与紧接在前面的记录当场核对了衔接，其余各条的前一条是别的案件的。").format(
            n=found.linked
        )
    if found.in_ledger is not None:
        yield _("{n} 条记录在给出的整本台账里，一字不差；整本台账另用 gongkai ledger verify 验证。").format(
            n=found.in_ledger
        )
    yield _("manifest.json 的散列值：{sha}").format(sha=found.manifest_sha256)
    yield _("只凭归档包不能证明没有人把全部内容连同散列值重做过，也不能证明之后没有再登记新的情况：")
    if found.in_ledger is None:
        yield _("请把上面的散列值与机关案件页上的对照，或者加 --ledger 与整本台账对照。")
    else:
        yield _("请把上面的散列值与机关案件页上的对照。")


def _said(fault: Fault) -> str:
    return _faults()[fault.code].format(member=fault.member, line=fault.line)
