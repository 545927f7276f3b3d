"""Where many files are worked on: an engine maps a function over items and gives results in order.

``Processes`` uses the cores of this machine. Another engine (a cluster) stands behind the same
protocol; nothing else of the corpus knows where the work is done.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Protocol, TypeVar, cast

Result = TypeVar("Result")


class LostReason(StrEnum):
    """Why an item has no result."""

    TIMEOUT = "timeout"
    """It took longer than the time limit; its process was ended."""
    CRASH = "crash"
    """Its process died."""
    FAULT = "fault"
    """The function raised; that is a fault of ours."""


@dataclass(frozen=True, slots=True)
class Lost:
    """Stands in place of an item's result."""

    reason: LostReason
    detail: str = ""


class EngineError(RuntimeError):
    """The engine itself does not work, e.g. no worker process can be started."""


class Engine(Protocol):
    """Maps ``work`` over ``items``; one item may be lost, the others never with it."""

    def map(self, work: Callable[[str], Result], items: Iterable[str]) -> Iterator[Result | Lost]:
        """The results in the order of the items; items are taken as they are needed."""
        ...


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    connection: Connection
    pending: deque[tuple[int, str]]
    until: float
    ready: bool = False
    served: int = 0


@dataclass(frozen=True, slots=True)
class Processes:
    """Worker processes on this machine.

    - ``jobs``: how many; all usable cores by default.
    - ``seconds``: time limit for one item; a process over it is ended, its other items go on elsewhere.
    - ``chunk``: items sent at once; ``window``: how far ahead of the oldest open item work may run, which
      bounds what waits in memory to be given out in order.
    - ``recycle``: a process is replaced after so many items, which bounds what libraries leak.

    Processes are spawned, so a script that uses it needs the usual ``if __name__ == "__main__":``.
    """

    jobs: int | None = None
    seconds: float = 60.0
    chunk: int = 8
    window: int = 2_000
    recycle: int = 5_000

    def map(self, work: Callable[[str], Result], items: Iterable[str]) -> Iterator[Result | Lost]:
        """The results in the order of the items. Raises ``EngineError`` if no worker starts."""
        crew = _Crew(self, cast("Callable[[str], object]", work), iter(enumerate(items)))
        try:
            for result in crew.run():
                yield cast("Result | Lost", result)
        finally:
            crew.dismiss()


_STARTUP_SECONDS = 120.0
_STARTS_TRIED = 3


@dataclass(slots=True)
class _Crew:
    """One run of ``Processes.map``."""

    plan: Processes
    work: Callable[[str], object]
    source: Iterator[tuple[int, str]]
    workers: list[_Worker] = field(default_factory=list["_Worker"])
    again: deque[tuple[int, str]] = field(default_factory=deque[tuple[int, str]])
    results: dict[int, object] = field(default_factory=dict[int, object])
    turn: int = 0
    taken: int = 0
    failed_starts: int = 0

    def run(self) -> Iterator[object]:
        while True:
            self._feed()
            if not any(worker.pending for worker in self.workers):
                return
            self._listen()
            while self.turn in self.results:
                yield self.results.pop(self.turn)
                self.turn += 1

    def dismiss(self) -> None:
        for worker in self.workers:
            worker.process.kill()
        for worker in self.workers:
            worker.process.join()
            worker.connection.close()
        self.workers.clear()

    def _chunk(self) -> deque[tuple[int, str]]:
        if self.again:
            return deque(self.again.popleft() for _ in range(min(self.plan.chunk, len(self.again))))
        room = self.turn + self.plan.window - self.taken
        chunk = deque(islice(self.source, max(0, min(self.plan.chunk, room))))
        self.taken += len(chunk)
        return chunk

    def _feed(self) -> None:
        for worker in [w for w in self.workers if not w.pending]:
            if worker.served >= self.plan.recycle:
                self._remove(worker)
                continue
            chunk = self._chunk()
            if not chunk:
                return
            worker.pending = chunk
            worker.until = time.monotonic() + self.plan.seconds
            try:
                worker.connection.send([item for _index, item in chunk])
            except (BrokenPipeError, ConnectionResetError):  # died while idle: nobody's fault
                self.again.extendleft(reversed(chunk))
                self._remove(worker)
        while len(self.workers) < (self.plan.jobs or usable_cores()):
            chunk = self._chunk()
            if not chunk:
                return
            self._start(chunk)

    def _start(self, chunk: deque[tuple[int, str]]) -> None:
        context = multiprocessing.get_context("spawn")
        ours, theirs = cast("tuple[Connection, Connection]", context.Pipe())
        process = context.Process(target=_serve, args=(self.work, theirs), daemon=True)
        with _no_interrupt():
            process.start()
        theirs.close()
        ours.send([item for _index, item in chunk])
        self.workers.append(_Worker(process, ours, chunk, time.monotonic() + _STARTUP_SECONDS))

    def _listen(self) -> None:
        busy = {worker.connection: worker for worker in self.workers if worker.pending}
        patience = min(worker.until for worker in busy.values()) - time.monotonic()
        for connection in wait(list(busy), timeout=max(0.0, patience)):
            worker = busy[cast("Connection", connection)]
            try:
                message = worker.connection.recv()
            except (EOFError, ConnectionResetError):
                self._died(worker)
                continue
            worker.until = time.monotonic() + self.plan.seconds
            if not worker.ready:
                worker.ready = True
                self.failed_starts = 0
                continue
            index, _item = worker.pending.popleft()
            worker.served += 1
            self.results[index] = message
        now = time.monotonic()
        for worker in [w for w in self.workers if w.pending and w.until < now]:
            if worker.ready:
                self._lose(worker, Lost(LostReason.TIMEOUT))
            else:
                self._died(worker)

    def _died(self, worker: _Worker) -> None:
        if worker.ready:
            worker.process.join(1.0)
            self._lose(worker, Lost(LostReason.CRASH, str(worker.process.exitcode)))
            return
        self.failed_starts += 1
        if self.failed_starts >= _STARTS_TRIED:
            raise EngineError("no worker process can be started")
        self.again.extendleft(reversed(worker.pending))
        self._remove(worker)

    def _lose(self, worker: _Worker, lost: Lost) -> None:
        index, _item = worker.pending.popleft()
        self.results[index] = lost
        self.again.extendleft(reversed(worker.pending))
        self._remove(worker)

    def _remove(self, worker: _Worker) -> None:
        worker.process.kill()
        worker.process.join()
        worker.connection.close()
        self.workers.remove(worker)


@contextmanager
def _no_interrupt() -> Generator[None]:
    """Hold Ctrl-C back while a process starts: half started, it would end in a stack trace.

    The mask is for the new process, which inherits it and so is deaf to Ctrl-C before it can say so
    itself. This process needs the handler: another thread of it may take the signal.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "pthread_sigmask"):
        yield
        return
    held: list[int] = []
    handler = signal.signal(signal.SIGINT, lambda number, _frame: held.append(number))
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        signal.signal(signal.SIGINT, handler)
        if held:
            raise KeyboardInterrupt


def usable_cores() -> int:
    """Cores that this process may use, at least one."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


def _serve(work: Callable[[str], object], connection: Connection) -> None:
    """A worker: takes lists of items, sends one message per item, ends when the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when work stops
    connection.send(None)
    while True:
        try:
            items = cast("list[str]", connection.recv())
        except EOFError:
            return
        for item in items:
            connection.send(_guarded(work, item))


def _guarded(work: Callable[[str], object], item: str) -> object:
    try:
        return work(item)
    except MemoryError:
        return Lost(LostReason.CRASH, "memory")
    # A fault of ours over one file must not end a run over a hundred thousand; it is listed, with its kind.
    except Exception as error:  # noqa: BLE001
        return Lost(LostReason.FAULT, f"{type(error).__name__}: {error}"[:500])
