"""Plain text: pipes with lost spans, a pipe then a line end, one cell a line, tabs, Markdown, loose lines."""

from __future__ import annotations

from ..sheet import Draft, Heading, Kind, Para, Printed, Sheet, Sheets


def _lay(draft: Draft, table: str, *, gap: str = "\n") -> bytes:
    parts: list[str] = []
    for item in draft.items:
        match item:
            case Sheets():
                parts += [_TABLES[table](s) for s in item.sheets]
            case Heading() if table == "markdown":
                parts.append(f"## {item.text}")
            case Para(section="title") if table == "markdown":
                parts.append(f"# {item.text}")
            case _:
                parts.append(item.text)
    return gap.join(parts).encode()


def _row(line: tuple[Printed, ...], width: int, *, last: bool) -> str:
    text = " | ".join(c.text for c in line) + " |"
    fillers = width - len(line)
    if last or not fillers:
        return text.rstrip("|").rstrip() if last else text
    return f"{text} {'|' * fillers}"


def _pipe(sheet: Sheet) -> str:
    lines = [line for line in sheet.lines() if line]
    return "\n".join(_row(line, sheet.width, last=line is lines[-1]) for line in lines)


def _pipe_newline(sheet: Sheet) -> str:
    out: list[str] = []
    lines = [line for line in sheet.lines() if line]
    for line in lines:
        out += [f"{c.text} |" for c in line]
        if fillers := sheet.width - len(line):
            out.append("|" * fillers)
    out[-1] = out[-1].rstrip("| ")
    return "\n".join(o for o in out if o)


def _one_a_line(sheet: Sheet) -> str:
    return "\n\n".join(c.text for line in sheet.lines() for c in line if c.text)


def grid_texts(sheet: Sheet) -> list[list[str]]:
    """The sheet as full rows; covered places are empty."""
    rows = [["" for _ in range(sheet.width)] for _ in range(sheet.height)]
    for cell in sheet.cells:
        rows[cell.row][cell.column] = cell.text
    return rows


def _tabs(sheet: Sheet) -> str:
    return "\n".join("\t".join(row) for row in grid_texts(sheet))


def _markdown(sheet: Sheet) -> str:
    rows = [f"| {' | '.join(row)} |" for row in grid_texts(sheet)]
    return "\n".join(["", rows[0], "|" + " --- |" * sheet.width, *rows[1:], ""])


def _spaces(sheet: Sheet) -> str:
    return "\n".join(" ".join(c.text for c in line if c.text) for line in sheet.lines() if line)


def _numbers_above(sheet: Sheet) -> str:
    out: list[str] = []
    for line in sheet.lines():
        numbers = " ".join(c.text for c in line if c.kind is Kind.VALUE and c.text)
        labels = [c.text for c in line if c.kind is not Kind.VALUE]
        if numbers:
            out.append(numbers)
        out += [" ".join(labels)] if labels else []
    return "\n".join(out)


def _wrapped(sheet: Sheet) -> str:
    out: list[str] = []
    for line in sheet.lines():
        numbers = " ".join(c.text for c in line if c.kind is Kind.VALUE and c.text)
        labels = [c.text for c in line if c.kind is not Kind.VALUE]
        if numbers and labels and len(labels[-1]) > 9:
            label, half = labels[-1], len(labels[-1]) // 2
            out += [*labels[:-1], label[:half], numbers, label[half:]]
        else:
            out.append(" ".join([*labels, numbers]).strip())
    return "\n".join(out)


_TABLES = {
    "pipe": _pipe,
    "pipe_newline": _pipe_newline,
    "one_a_line": _one_a_line,
    "tabs": _tabs,
    "markdown": _markdown,
    "spaces": _spaces,
    "numbers_above": _numbers_above,
    "wrapped": _wrapped,
}


def pipe(draft: Draft) -> bytes:
    """Pipes between the cells of a row; spans are lost, fillers stand at the end."""
    return _lay(draft, "pipe")


def pipe_newline(draft: Draft) -> bytes:
    """A pipe and a line end after every cell, fillers on a line of their own."""
    return _lay(draft, "pipe_newline")


def one_a_line(draft: Draft) -> bytes:
    """One cell a line, an empty line between; empty cells vanish."""
    return _lay(draft, "one_a_line", gap="\n\n")


def tabs(draft: Draft) -> bytes:
    """Tabs between the cells of the full grid."""
    return _lay(draft, "tabs")


def markdown(draft: Draft) -> bytes:
    """Markdown with tables of the full grid."""
    return _lay(draft, "markdown", gap="\n\n")


def spaces(draft: Draft) -> bytes:
    """A row a line, cells parted by spaces."""
    return _lay(draft, "spaces")


def numbers_above(draft: Draft) -> bytes:
    """Each row's numbers on the line above its label, as some PDF text comes out."""
    return _lay(draft, "numbers_above")


def wrapped(draft: Draft) -> bytes:
    """Long row labels wrapped around their numbers."""
    return _lay(draft, "wrapped")
