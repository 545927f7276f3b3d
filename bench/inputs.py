"""What is measured on: generated reports, as web sites publish them and as we write them."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.annual.generate.content import clean
from tests.annual.generate.shapes import SHAPES

from gongkai.annual.read import read_bytes
from gongkai.annual.write import write

KINDS = ("page", "clean", "docx", "pdf")

_STYLE = "<style>" + "".join(f".c{n}{{margin:{n}px;font:12px/1.{n} 宋体}}" for n in range(60)) + "</style>"
_SCRIPT = "<script>" + "".join(f"var v{n}=function(a){{return a+{n};}};" for n in range(60)) + "</script>"
_MENU = (
    "<div class='nav'><ul>"
    + "".join(f"<li><a href='/c{n}/index.html' target='_blank'>栏目{n}</a></li>" for n in range(60))
    + "</ul></div>"
)


def page(seed: int) -> bytes:
    """A report as a government site shows it: tables pasted from a word processor, menus around them."""
    text = SHAPES["html_word"].write(clean(seed)).decode()
    text = text.replace("</head>", f"{_STYLE}{_SCRIPT}</head>", 1)
    return text.replace("<body>", f"<body>{_MENU}", 1).encode()


def write_kinds(folder: Path, count: int) -> dict[str, float]:
    """Write ``count`` reports in every kind; returns the mean size of each.

    The reports in a file of any kind are the same, and each is read here once and compared, so that
    nothing fast but wrong is measured.
    """
    sizes: dict[str, float] = {}
    for kind in KINDS:
        (folder / kind).mkdir()
        total = 0
        for seed in range(1, count + 1):
            source = page(seed)
            (report,) = read_bytes(source)
            if kind == "page":
                data = source
            else:
                data = write(report, "html" if kind == "clean" else kind)
                (again,) = read_bytes(data)
                differing = [p for p in report.form.cells if report.value(p) != again.value(p)]
                if differing:
                    raise SystemExit(f"{kind} of seed {seed} reads differently: {differing[:5]}")
            (folder / kind / f"{seed:04}").write_bytes(data)
            total += len(data)
        sizes[kind] = total / count
    return sizes


def copy(source: Path, target: Path, count: int) -> None:
    """``count`` files out of those in a folder, each under its own name."""
    target.mkdir()
    files = sorted(source.iterdir())
    for number in range(count):
        shutil.copyfile(files[number % len(files)], target / f"{number:06}")
