"""``gongkai annual``: the commands, their arguments and help texts.

What they do stands in the modules beside. Those modules are imported when a command runs, so
that help and usage errors are quick.
"""

from __future__ import annotations

from pathlib import Path

import click

from gongkai.commands.base import Branch, Leaf
from gongkai.i18n import _

KINDS = ("html", "docx", "pdf", "xlsx", "json")

_FILE = click.Path(path_type=Path)
_json = click.option("--json", "as_json", is_flag=True, help=_("输出 JSON，供程序使用。"))
_form = click.option(
    "--form",
    "forms",
    type=_FILE,
    multiple=True,
    metavar=_("文件"),
    help=_("另加一个格式版本（YAML 文件），可以写几次。"),
)
_ocr = click.option("--ocr", is_flag=True, help=_("扫描件用文字识别读取（需装 gongkai[ocr]）。"))


@click.group(
    cls=Branch,
    help=_("政府信息公开工作年度报告：读取、校核、转换、对比。"),
    epilog=_(
        "退出码：0 没有错误级问题；1 有错误级问题；2 用法不对、一个文件也没读成或结果写不出去；"
        "3 有的文件没读成，其余已处理；70 程序内部出错；130 被中断；141 输出管道被关闭。"
    ),
)
def annual() -> None:
    """The group itself does nothing."""


@annual.command(
    cls=Leaf,
    help=_(
        "读取年度报告，列出每一格的数。文件可以是网页、DOCX、DOC、PDF、XLSX、纯文本、Markdown "
        "或本软件的 JSON，按内容判断类型；目录会逐个读其中的文件；- 表示标准输入。"
    ),
    short_help=_("读取报告，列出每一格的数"),
)
@click.argument("files", nargs=-1, required=True, metavar=_("文件…"))
@_form
@_json
@_ocr
def read(files: tuple[str, ...], forms: tuple[Path, ...], as_json: bool, ocr: bool) -> None:
    from gongkai.commands.annual_read import run

    run(files, forms=forms, as_json=as_json, ocr=ocr)


@annual.command(
    cls=Leaf,
    help=_(
        "校核年度报告：勾稽关系、空格和格式、版本和年份、叙述和表格是否一致，并指出最可能错在哪几格。"
        "只提建议，不改报告。"
    ),
    short_help=_("校核报告，找出错误和可能的改法"),
)
@click.argument("files", nargs=-1, metavar=_("[文件…]"))
@click.option("--last-year", metavar=_("文件"), help=_("同一单位上一年的报告，用来核对结转和增减。"))
@click.option("--samples", is_flag=True, help=_("校核软件自带的样例报告。"))
@click.option(
    "--html",
    "page",
    type=_FILE,
    metavar=_("文件或目录"),
    help=_("另写网页版校核结果：一份报告写到文件，多份报告写进目录，一份一页。"),
)
@click.option("--force", is_flag=True, help=_("--html 的文件已存在时覆盖。"))
@click.option("--no-repairs", is_flag=True, help=_("不求修改建议，较快。"))
@_form
@_json
@_ocr
def check(
    files: tuple[str, ...],
    last_year: str | None,
    samples: bool,
    page: Path | None,
    force: bool,
    no_repairs: bool,
    forms: tuple[Path, ...],
    as_json: bool,
    ocr: bool,
) -> None:
    if not files and not samples:
        raise click.UsageError(_("没有写文件。要校核自带的样例，用 --samples。"))
    from gongkai.commands.annual_check import Wanted, run

    run(
        files,
        Wanted(
            last_year=last_year,
            samples=samples,
            page=page,
            force=force,
            repairs=not no_repairs,
            forms=forms,
            as_json=as_json,
            ocr=ocr,
        ),
    )


@annual.command(
    cls=Leaf,
    help=_(
        "把报告写成官方格式的网页、DOCX、PDF、XLSX 或 JSON。写到文件（-o 报告.docx），或写到标准输出"
        "（--to docx），或把多份报告写进一个目录（-o 目录 --to docx）。数字按公布的原样写，不作更正。"
    ),
    short_help=_("把报告写成网页、DOCX、PDF、XLSX 或 JSON"),
)
@click.argument("files", nargs=-1, required=True, metavar=_("文件…"))
@click.option(
    "-o", "--output", type=_FILE, metavar=_("文件或目录"), help=_("写到哪里；文件的类型由扩展名定。")
)
@click.option(
    "--to", "kind", type=click.Choice(KINDS), metavar=_("类型"), help=_("类型：html、docx、pdf、xlsx、json。")
)
@click.option("--force", is_flag=True, help=_("文件已存在时覆盖。"))
@_form
@_json
@_ocr
def convert(
    files: tuple[str, ...],
    output: Path | None,
    kind: str | None,
    force: bool,
    forms: tuple[Path, ...],
    as_json: bool,
    ocr: bool,
) -> None:
    from gongkai.commands.annual_convert import run

    run(files, output=output, kind=kind, force=force, forms=forms, as_json=as_json, ocr=ocr)


@annual.command(
    cls=Leaf,
    help=_("对比两份报告（两个年度，或两个单位）：表格和文字的不同之处。"),
    short_help=_("对比两份报告"),
)
@click.argument("first", metavar=_("报告甲"))
@click.argument("second", metavar=_("报告乙"))
@_form
@_json
@_ocr
def compare(first: str, second: str, forms: tuple[Path, ...], as_json: bool, ocr: bool) -> None:
    from gongkai.commands.annual_compare import run

    run(first, second, forms=forms, as_json=as_json, ocr=ocr)


@annual.command(
    cls=Leaf,
    help=_(
        "读取并校核大量报告，写成一个 Parquet 文件：一份报告一行，每一格一列，另有发现的问题。"
        "读不了的文件列在最后，不影响其余。"
    ),
    short_help=_("读取并校核大量报告，写成一个列式文件"),
)
@click.argument("paths", nargs=-1, required=True, metavar=_("目录或文件…"))
@click.option("-o", "--output", type=_FILE, required=True, metavar=_("文件"), help=_("要写的 Parquet 文件。"))
@click.option(
    "--jobs", type=click.IntRange(min=1), metavar=_("个数"), help=_("并行的进程数；默认为可用的全部核心。")
)
@click.option(
    "--seconds",
    type=click.FloatRange(min=0, min_open=True),
    metavar=_("秒"),
    help=_("一个文件最多用多少秒，超过就跳过；默认 60，用 --ocr 时 900。"),
)
@click.option("--errors", type=_FILE, metavar=_("文件"), help=_("把没读成的文件写成清单，一行一个 JSON。"))
@click.option("--resume", is_flag=True, help=_("接着上次中断的地方继续。"))
@click.option("--force", is_flag=True, help=_("文件已存在时覆盖。"))
@_json
@_ocr
def corpus(
    paths: tuple[str, ...],
    output: Path,
    jobs: int | None,
    seconds: float | None,
    errors: Path | None,
    resume: bool,
    force: bool,
    as_json: bool,
    ocr: bool,
) -> None:
    from gongkai.commands.annual_corpus import Wanted, run

    run(
        paths,
        Wanted(
            output=output,
            jobs=jobs,
            seconds=seconds,
            errors=errors,
            resume=resume,
            force=force,
            as_json=as_json,
            ocr=ocr,
        ),
    )


@annual.command(
    cls=Leaf,
    help=_("列出全部问题代码；写上代码，就说明它是什么、为什么要紧、怎么改、依据在哪里。"),
    short_help=_("列出或说明问题代码"),
)
@click.argument("code", required=False, metavar=_("[代码]"))
@_json
def codes(code: str | None, as_json: bool) -> None:
    from gongkai.commands.annual_reference import run_codes

    run_codes(code, as_json=as_json)


@annual.command(
    "form",
    cls=Leaf,
    help=_("列出官方格式的版本；写上版本（如 2021），就列出它的行、列和勾稽关系。"),
    short_help=_("列出官方格式的行、列和勾稽关系"),
)
@click.argument("edition", required=False, metavar=_("[版本]"))
@click.option("--schema", is_flag=True, help=_("输出该版本的 JSON Schema。"))
@_json
def form(edition: str | None, schema: bool, as_json: bool) -> None:
    from gongkai.commands.annual_reference import run_form

    run_form(edition, schema=schema, as_json=as_json)
