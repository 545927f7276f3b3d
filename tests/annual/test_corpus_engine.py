"""The engine of the corpus: order is kept, and one bad file never takes others with it."""

from __future__ import annotations

import gc
import multiprocessing
import os
import time
from collections.abc import Iterator

import pytest

from gongkai.annual.corpus.engine import EngineError, Lost, LostReason, Processes


def work(item: str) -> str:
    """What the tests map: the item says what befalls the worker."""
    match item.split("-")[0]:
        case "crash":
            os._exit(3)
        case "hang":
            time.sleep(600)
        case "fault":
            raise ValueError("odd file")
        case "slow":
            time.sleep(0.2)
        case _plain:
            pass
    return item.upper()


class Unpicklable:
    """Loads in no other process."""

    def __call__(self, item: str) -> str:
        return item

    def __reduce__(self) -> tuple[object, tuple[int]]:
        return os._exit, (5,)


def test_results_come_in_the_order_of_the_items() -> None:
    items = ["slow-0", *(f"n{i}" for i in range(40))]
    assert list(Processes(jobs=2, chunk=3).map(work, items)) == [item.upper() for item in items]


def test_no_items_give_no_results() -> None:
    assert list(Processes(jobs=2).map(work, [])) == []


def test_a_crash_loses_one_item_and_no_other() -> None:
    items = ["a", "b", "crash", "c", "d"]
    results = list(Processes(jobs=1, chunk=5).map(work, items))
    assert results == ["A", "B", Lost(LostReason.CRASH, "3"), "C", "D"]


def test_an_item_over_the_time_limit_is_lost_and_no_other() -> None:
    items = ["a", "hang", "b", "hang-too", "c"]
    results = list(Processes(jobs=2, seconds=0.5, chunk=5).map(work, items))
    assert results == ["A", Lost(LostReason.TIMEOUT), "B", Lost(LostReason.TIMEOUT), "C"]


def test_a_fault_is_named_and_its_worker_goes_on() -> None:
    results = list(Processes(jobs=1, chunk=4).map(work, ["fault", "a"]))
    assert results == [Lost(LostReason.FAULT, "ValueError: odd file"), "A"]


def test_work_runs_ahead_of_the_oldest_open_item_only_as_far_as_the_window() -> None:
    taken: list[str] = []

    def items() -> Iterator[str]:
        for i in range(60):
            taken.append(f"n{i}")
            yield "slow" if i == 0 else f"n{i}"

    results = Processes(jobs=2, chunk=2, window=10).map(work, items())
    assert next(results) == "SLOW"
    assert len(taken) <= 10
    assert len(list(results)) == 59


def test_a_process_is_replaced_after_its_share() -> None:
    results = list(Processes(jobs=1, chunk=1, recycle=2).map(pid, [str(i) for i in range(6)]))
    assert len(set(results)) == 3


def pid(item: str) -> int:
    return os.getpid()


def test_workers_that_cannot_start_are_an_error_and_no_endless_loop() -> None:
    with pytest.raises(EngineError):
        list(Processes(jobs=1).map(Unpicklable(), ["a"]))


def test_no_process_is_left_when_the_reader_stops_early() -> None:
    results = Processes(jobs=2, chunk=1).map(work, ["a", "hang", "hang", "b"])
    assert next(results) == "A"
    del results
    gc.collect()
    assert multiprocessing.active_children() == []
