"""One measurement, in a process of its own: prints its figures as JSON, ends with 77 if it cannot run."""

from __future__ import annotations

import io
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

NOT_INSTALLED = 77


def parse() -> Callable[[bytes], object]:
    """The limit: the same parser on the same text, nothing else."""
    from selectolax.lexbor import LexborHTMLParser

    return lambda data: LexborHTMLParser(data.decode()).body


def read() -> Callable[[bytes], object]:
    from gongkai.annual.read import read_bytes

    return read_bytes


def read_check() -> Callable[[bytes], object]:
    from gongkai.annual.check import check
    from gongkai.annual.read import read_bytes

    return lambda data: [check(report) for report in read_bytes(data)]


def pandas() -> Callable[[bytes], object]:
    import pandas

    def tables(data: bytes) -> object:
        found = pandas.read_html(io.BytesIO(data), encoding="utf-8")
        if len(found) < 3:
            raise SystemExit(f"only {len(found)} tables")
        return found

    return tables


def markitdown() -> Callable[[bytes], object]:
    from markitdown import MarkItDown, StreamInfo

    converter = MarkItDown(enable_plugins=False)
    endings = {b"PK\x03\x04": ".docx", b"%PDF": ".pdf"}

    def convert(data: bytes) -> object:
        ending = endings.get(data[:4], ".html")
        return converter.convert_stream(
            io.BytesIO(data), stream_info=StreamInfo(extension=ending, charset="utf-8")
        )

    return convert


def docling() -> Callable[[bytes], object]:
    from docling.datamodel.base_models import DocumentStream
    from docling.document_converter import DocumentConverter

    converter = DocumentConverter()
    endings = {b"PK\x03\x04": ".docx", b"%PDF": ".pdf"}

    def convert(data: bytes) -> object:
        name = "report" + endings.get(data[:4], ".html")
        return converter.convert(DocumentStream(name=name, stream=io.BytesIO(data)))

    return convert


WAYS = {f.__name__: f for f in (parse, read, read_check, pandas, markitdown, docling)}


def measure(way: str, folder: str, most: str) -> dict[str, float]:
    """Milliseconds of one core a file, over all files, after one file to warm up.

    Processor time, not the clock's: what else the machine does should not count.
    """
    try:
        work = WAYS[way]()
    except ModuleNotFoundError:
        sys.exit(NOT_INSTALLED)
    files = [file.read_bytes() for file in sorted(Path(folder).iterdir())[: int(most)]]
    work(files[0])
    start = time.process_time()
    for data in files:
        work(data)
    return {"ms": 1000 * (time.process_time() - start) / len(files), "rss_mb": peak_mb()}


def inputs(folder: str, count: str, copies: str) -> dict[str, float]:
    """Write what is measured on; the mean size of each kind."""
    from bench.inputs import copy, write_kinds

    sizes = write_kinds(Path(folder), int(count))
    copy(Path(folder) / "page", Path(folder) / "corpus", int(copies))
    return sizes


def corpus(folder: str, out: str, jobs: str) -> dict[str, float]:
    """A whole run over a folder, processes started and file written included."""
    from gongkai.annual.corpus import map_reports

    start = time.perf_counter()
    summary = map_reports([folder], out=out, jobs=int(jobs))
    seconds = time.perf_counter() - start
    if summary.refusals:
        raise SystemExit(f"not read: {summary.refusals[:3]}")
    return {
        "files": summary.files,
        "seconds": seconds,
        "rss_mb": peak_mb(),
        "worker_mb": peak_mb(resource.RUSAGE_CHILDREN),
    }


def columnar(source: str, many: str, rows: str) -> dict[str, float]:
    """All relations of many reports, read from a file: rows drawn with replacement from a corpus file."""
    import polars as pl

    from gongkai.annual.check.columnar import verdicts
    from gongkai.annual.form import builtin_forms

    # Written by another process, or its memory would count as the check's.
    script = (
        "import polars as pl\n"
        f"pl.read_parquet({source!r}).drop('findings').sample({rows}, with_replacement=True, seed=1)"
        f".write_parquet({many!r})"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
    start = time.perf_counter()
    told = 0
    for form in builtin_forms():
        found = verdicts(pl.scan_parquet(many), form)
        told += found.height * (found.width - 1)
    return {
        "rows": float(rows),
        "verdicts": told,
        "seconds": time.perf_counter() - start,
        "rss_mb": peak_mb(),
    }


def peak_mb(who: int = resource.RUSAGE_SELF) -> float:
    """Peak resident memory; of children it is that of the largest one.

    Linux carries ``ru_maxrss`` of whoever started a process over into it; ``VmHWM`` is the process's own.
    """
    status = Path("/proc/self/status")
    if who == resource.RUSAGE_SELF and status.exists():
        (line,) = (text for text in status.read_text().splitlines() if text.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(who).ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024)


if __name__ == "__main__":
    task, *arguments = sys.argv[1:]
    figures = {"inputs": inputs, "measure": measure, "corpus": corpus, "columnar": columnar}[task](*arguments)
    sys.stdout.write(json.dumps(figures) + "\n")
