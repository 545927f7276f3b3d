"""The corpus file in the making: parts beside it while work goes on, one whole file at the end."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gongkai.annual.corpus.engine import LostReason
from gongkai.annual.corpus.rows import TRAILING, FileRows, Refusal, leading
from gongkai.annual.write.schema import ColumnKind

if TYPE_CHECKING:
    import polars as pl


class CorpusError(RuntimeError):
    """The corpus cannot be written; ``needs`` names an extra that is not installed."""

    def __init__(self, message: str, *, needs: str | None = None) -> None:
        self.needs = needs
        super().__init__(message)


@dataclass(slots=True)
class Parts:
    """Finished parts of one run, in order: ``NNNNNN.parquet`` with its rows, ``NNNNNN.json`` with its counts.

    ``run`` identifies the run: the sources with size and time of change, how they are read, our
    version. Parts of another run are never taken over.
    """

    folder: Path
    run: str
    count: int = 0
    files: int = 0
    reports: int = 0
    with_errors: int = 0
    refusals: list[Refusal] = field(default_factory=list[Refusal])

    @classmethod
    def beside(cls, target: Path, sources: Sequence[str], *, ocr: bool = False) -> Parts:
        """The parts of the run over these sources into that file."""
        digest = hashlib.sha256(f"{metadata.version('gongkai')}{' ocr' if ocr else ''}".encode())
        for source in sources:
            stat = Path(source).stat()
            digest.update(f"\0{source}\0{stat.st_size}\0{stat.st_mtime_ns}".encode(errors="surrogateescape"))
        return cls(target.with_name(target.name + ".parts"), digest.hexdigest())

    def open(self, *, resume: bool) -> None:
        """Make the folder ready; with ``resume`` take over what the same run finished."""
        _polars()
        if resume and (self.folder / "run").is_file() and (self.folder / "run").read_text() == self.run:
            while self._path("json").is_file():
                self._take(json.loads(self._path("json").read_text(encoding="utf-8")))
            return
        if self.folder.exists():
            if not (self.folder / "run").is_file():
                raise FileExistsError(17, "not a folder of ours", str(self.folder))
            shutil.rmtree(self.folder)
        self.folder.mkdir(parents=True)
        (self.folder / "run").write_text(self.run)

    def add(self, results: Sequence[FileRows]) -> None:
        """Write the rows of these files as the next part."""
        polars = _polars()
        rows = [row for result in results for row in result.rows]
        frame = polars.DataFrame(rows, schema=schema(), orient="row")
        frame.write_parquet(self._path("parquet"))
        notes = {
            "files": len(results),
            "reports": len(rows),
            "with_errors": int((frame["errors"] > 0).sum()),
            "refusals": [asdict(result.refusal) for result in results if result.refusal is not None],
        }
        # The notes come last: a part without them was not finished and is written anew.
        self._path("json").write_text(json.dumps(notes, ensure_ascii=False), encoding="utf-8")
        self._take(notes)

    def join(self, target: Path) -> None:
        """Write all parts as one file, put it in its place and remove the folder."""
        polars = _polars()
        whole = self.folder / "whole.parquet"
        parts = [self.folder / f"{n:06}.parquet" for n in range(self.count)]
        if parts:
            polars.scan_parquet(parts).sink_parquet(whole, maintain_order=True)
        else:
            polars.DataFrame(schema=schema()).write_parquet(whole)
        whole.replace(target)
        shutil.rmtree(self.folder)

    def _path(self, ending: str) -> Path:
        return self.folder / f"{self.count:06}.{ending}"

    def _take(self, notes: dict[str, Any]) -> None:
        self.count += 1
        self.files += int(notes["files"])
        self.reports += int(notes["reports"])
        self.with_errors += int(notes["with_errors"])
        for refusal in notes["refusals"]:
            lost = None if refusal["lost"] is None else LostReason(refusal["lost"])
            self.refusals.append(Refusal(refusal["source"], refusal["code"], lost, refusal["message"]))


def schema() -> pl.Schema:
    """Types of the corpus file's columns."""
    polars = _polars()
    text, whole = polars.String(), polars.Int64()
    record = polars.Struct(
        {
            "code": text,
            "severity": text,
            "verdict": text,
            "relation": text,
            "cells": polars.List(text),
            "expected": text,
            "found": text,
            "message": text,
        }
    )
    kinds = {
        ColumnKind.TEXT: text,
        ColumnKind.INTEGER: whole,
        ColumnKind.DECIMAL: polars.Decimal(precision=24, scale=6),
    }
    trailing = dict.fromkeys(TRAILING, whole) | {
        "notice": text,
        "findings": polars.List(record),
        "cell_states": text,
    }
    return polars.Schema({**{name: kinds[kind] for name, kind in leading().items()}, **trailing})


def _polars() -> Any:
    """polars, which comes with the extra ``corpus``; ``CorpusError`` without it."""
    try:
        import polars
    except ModuleNotFoundError as error:
        raise CorpusError("polars is not installed", needs="corpus") from error
    return polars
