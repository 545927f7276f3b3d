"""What ``gongkai archive make`` does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gongkai.commands.base import EXIT_ERRORS, EXIT_PARTIAL, Problem
from gongkai.commands.output import echo_json
from gongkai.commands.platform_people import body_named, working
from gongkai.commands.progress import busy
from gongkai.i18n import _

if TYPE_CHECKING:
    from gongkai.platform.cases.models import CaseSummary
    from gongkai.platform.core.models import Body

_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x20]')


def run_make(numbers: tuple[str, ...], body: str, to: Path, *, as_json: bool) -> None:
    """Write the packages of cases into a folder; ends with 3 where some could not be made, 1 where none."""
    with working() as actor:
        from gongkai.platform.cases.services.archiving import package_for
        from gongkai.platform.core.files import FileDamaged

        of = body_named(body)
        wanted = _cases(of, numbers)
        to.mkdir(parents=True, exist_ok=True)
        made: list[dict[str, object]] = []
        failed: list[str] = []
        with busy(_("正在制作归档包")):
            for case in wanted:
                path = to / f"{_UNSAFE.sub('_', case.number or case.stream)}.zip"
                try:
                    with path.open("xb") as file:
                        file.write(package_for(body=of, stream=case.stream, actor=actor).content)
                except FileExistsError:
                    failed.append(_("{name}：已经有这个文件，没有覆盖").format(name=path.name))
                except FileDamaged:
                    path.unlink()
                    failed.append(
                        _("{name}：有一份文件损坏或者丢失，请先恢复").format(name=case.number or case.stream)
                    )
                else:
                    made.append({"number": case.number, "stream": case.stream, "file": path.name})
    if as_json:
        echo_json({"made": made, "failed": failed})
    else:
        click.echo(_("做好 {n} 份，在 {to}。").format(n=len(made), to=to))
        for one in failed:
            click.echo(one, err=True)
    if failed:
        raise click.exceptions.Exit(EXIT_PARTIAL if made else EXIT_ERRORS)


def _cases(body: Body, numbers: tuple[str, ...]) -> list[CaseSummary]:
    from gongkai.platform.cases.models import CaseSummary

    rows = CaseSummary.objects.filter(body=body).order_by("received_on", "number", "stream")
    if not numbers:
        return list(rows)
    found = {case.number: case for case in rows.filter(number__in=numbers)}
    missing = [number for number in numbers if number not in found]
    if missing:
        raise Problem(_("没有编号为“{numbers}”的案件。").format(numbers="、".join(missing)))
    return [found[number] for number in dict.fromkeys(numbers)]
