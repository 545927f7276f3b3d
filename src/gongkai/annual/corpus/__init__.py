"""Many reports at once: read and checked in parallel, written as one columnar (Parquet) file.

``map_reports`` is the door. Where the work is done is an engine's business (``corpus.engine``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from gongkai.annual.corpus.engine import Engine, EngineError, Lost, LostReason, Processes
from gongkai.annual.corpus.parts import CorpusError, Parts
from gongkai.annual.corpus.rows import FileRows, Refusal, column_names, read_rows
from gongkai.annual.corpus.sources import sources_of
from gongkai.annual.read.names import shown_name

__all__ = [
    "CorpusError",
    "CorpusSummary",
    "Engine",
    "EngineError",
    "Lost",
    "LostReason",
    "Processes",
    "Refusal",
    "column_names",
    "map_reports",
    "sources_of",
]

_SHARD = 500
"""Files whose rows are written together; bounds memory and what an interrupted run loses."""


@dataclass(frozen=True, slots=True)
class CorpusSummary:
    """What a run gave; ``with_errors`` counts reports with a finding of severity error."""

    files: int
    reports: int
    with_errors: int
    refusals: tuple[Refusal, ...]
    resumed: int = 0
    """Files taken over from an interrupted run."""


def map_reports(
    paths: Sequence[Path | str],
    *,
    out: Path | str,
    jobs: int | None = None,
    seconds: float = 60.0,
    engine: Engine | None = None,
    resume: bool = False,
    ocr: bool = False,
    progress: Callable[[int, int, int], None] | None = None,
) -> CorpusSummary:
    """Read and check every file and write one row a report to the Parquet file ``out``.

    - Rows stand in the order of the sources (directories sorted), whatever the engine does.
    - A file that cannot be read, takes more than ``seconds`` or kills its process is listed in the
      summary; the run goes on.
    - ``ocr`` reads scanned pages, which takes many seconds a page: give more ``seconds``.
    - ``progress(files, all_files, refused)`` is called after each file.
    - The result appears whole or not at all. Parts wait beside it (``<out>.parts``); with ``resume``
      an interrupted run over the same unchanged files goes on where it stopped.

    Raises ``CorpusError`` without the extra ``corpus``, ``OSError`` where a path is not there or the
    result cannot be written, ``EngineError`` where no worker starts.
    """
    target = Path(out)
    sources = [str(source) for source in sources_of([Path(path) for path in paths])]
    parts = Parts.beside(target, sources, ocr=ocr)
    parts.open(resume=resume)
    resumed = parts.files
    worker = engine if engine is not None else Processes(jobs, seconds)
    results = _told(
        _rows(worker, sources[resumed:], ocr=ocr), resumed, len(sources), len(parts.refusals), progress
    )
    while shard := list(islice(results, _SHARD)):
        parts.add(shard)
    parts.join(target)
    return CorpusSummary(
        files=len(sources),
        reports=parts.reports,
        with_errors=parts.with_errors,
        refusals=tuple(parts.refusals),
        resumed=resumed,
    )


def _rows(engine: Engine, sources: Sequence[str], *, ocr: bool) -> Iterator[FileRows]:
    """What the engine gives for each source; a lost one becomes a refusal."""
    for source, result in zip(sources, engine.map(partial(read_rows, ocr=ocr), sources), strict=True):
        match result:
            case Lost(reason, detail):
                shown = shown_name(source)
                yield FileRows(shown, refusal=Refusal(shown, None, reason, detail))
            case FileRows():
                yield result


def _told(
    results: Iterable[FileRows],
    done: int,
    files: int,
    refused: int,
    progress: Callable[[int, int, int], None] | None,
) -> Iterator[FileRows]:
    """The results as they come, each reported to ``progress``."""
    for result in results:
        done += 1
        refused += result.refusal is not None
        if progress is not None:
            progress(done, files, refused)
        yield result
