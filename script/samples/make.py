"""Make the sample reports that the package carries, from the YAML sources beside this file.

Run with ``python script/samples/make.py`` in the project's environment. The bodies and their figures are
invented. Tables follow the form, so the samples can be made again whenever a form changes: rows and
cells that a source does not name are 0; a row's seventh number and the total row are the true sums
unless the source states them (a planted error).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fnmatch import fnmatchcase
from pathlib import Path
from types import MappingProxyType
from typing import Any

import opencc
import yaml

from gongkai.annual.form import Form, ValueType, form_for_edition
from gongkai.annual.model import Cell, CellState, Number, Report, Scope
from gongkai.annual.write import write
from gongkai.annual.write.content import page_of
from gongkai.annual.write.layout import TableLayout

SOURCES = Path(__file__).parent / "sources"
TARGET = Path(__file__).parents[2] / "src" / "gongkai" / "annual" / "samples"


def main() -> None:
    """Write every sample into the package."""
    for path in sorted(SOURCES.glob("*.yaml")):
        source = yaml.safe_load(path.read_text(encoding="utf-8"))
        (TARGET / source["file"]).write_bytes(sample(source))


def sample(source: dict[str, Any]) -> bytes:
    """The file that a source describes."""
    report = report_of(source)
    kind = Path(source["file"]).suffix[1:]
    if kind == "txt":
        return _text_file(report).encode("utf-8")
    data = write(report, kind)
    if source.get("traditional"):
        text = data.decode("utf-8").replace('lang="zh-CN"', 'lang="zh-Hant"')
        return opencc.OpenCC("s2t").convert(text).encode("utf-8")
    return data


def report_of(source: dict[str, Any]) -> Report:
    """The report that a source describes."""
    form = form_for_edition(source["edition"])
    values = _values(form, source["tables"])
    raw = source.get("raw", {})
    blank = source.get("blank", [])
    cells: dict[str, Cell] = {}
    for path, spec in form.cells.items():
        value = values.get(path, 0)
        if value == 0 and any(fnmatchcase(path, pattern) for pattern in blank):
            cells[path] = Cell(CellState.BLANK, None, "")
            continue
        number = Decimal(value) if spec.type in (ValueType.YUAN, ValueType.WAN_YUAN) else int(value)
        cells[path] = Cell(CellState.VALUE, number, str(raw.get(path, value)))
    sections = {"0": source["preface"].strip(), "2": "", "3": "", "4": ""}
    sections |= {number: text.strip() for number, text in source["sections"].items()}
    return Report(
        form=form,
        cells=MappingProxyType(cells),
        source=source["file"],
        body=source["body"],
        scope=Scope(source["scope"]),
        title=source["title"],
        year=source["year"],
        sections=MappingProxyType(dict(sorted(sections.items()))),
        signed=(source["signed"][0], source["signed"][1]),
    )


def _values(form: Form, tables: dict[str, Any]) -> dict[str, Number | str]:
    values: dict[str, Number | str] = {}
    for table, rows in tables.items():
        if isinstance(rows, list):
            values |= _row([p for p in form.cells if p.startswith(f"{table}.")], rows)
            continue
        for row, numbers in rows.items():
            if isinstance(numbers, list):
                values |= _row([p for p in form.cells if p.startswith(f"{table}.{row}.")], numbers)
            else:
                values[f"{table}.{row}"] = numbers
    unknown = [path for path in values if path not in form.cells]
    if unknown:
        raise SystemExit(f"no such cells: {unknown}")
    stated = set(values)
    for relation in form.relations:  # column totals, then whatever else a relation defines by a sum
        (target,) = relation.left if len(relation.left) == 1 else (None,)
        if target is not None and target not in stated:
            values[target] = sum(int(values.get(path, 0)) for path in relation.right)
    return values


def _row(paths: list[str], numbers: list[int]) -> dict[str, Number | str]:
    if len(numbers) == len(paths) - 1:
        numbers = [*numbers, sum(numbers)]
    return dict(zip(paths, numbers, strict=True))


def _text_file(report: Report) -> str:
    """Plain text with tables as lines of pipes, as many sites' exports have them: spans are lost."""
    page = page_of(report)
    lines = [page.title, *(p.text for p in page.preface)]
    for part in page.parts:
        lines += [part.heading, *(p.text for p in part.paragraphs)]
        for table in part.tables:
            lines += _pipes(table, report)
    return "\n".join([*lines, *page.signature]) + "\n"


def _pipes(table: TableLayout, report: Report) -> Iterator[str]:
    for row in table.rows:
        texts = [c.text if c.path is None else (report.cell(c.path).raw or "") for c in row]
        yield " | ".join(texts) + " |"


if __name__ == "__main__":
    main()
