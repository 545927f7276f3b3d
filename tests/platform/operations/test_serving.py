"""``gongkai serve`` answers, gives out static files, and ends its server and its worker together."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.db import connection
from tests.platform.operations.conftest import Installation, end, wait_until

from gongkai.platform.operations.models import WorkerBeat


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def children(process: int) -> list[int]:
    """Processes below a process, at every depth."""
    found: list[int] = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == process and fields[0] != "Z":
            found += [int(stat.parent.name), *children(int(stat.parent.name))]
    return found


def parent_of(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


def alive(processes: list[int]) -> list[int]:
    found: list[int] = []
    for process in processes:
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if state != "Z":
            found.append(process)
    return found


def get(port: int, path: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


class Served:
    """A running platform."""

    def __init__(self, installation: Installation, *arguments: str) -> None:
        self.port, self.installation = free_port(), installation
        self.process = installation.start("serve", "--port", str(self.port), *arguments)
        wait_until(lambda: "已启动" in installation.output or self.process.poll() is not None)
        assert self.process.poll() is None, installation.output
        self.children = children(self.process.pid)


@pytest.fixture
def served(installation: Installation) -> Served:
    connection.close()
    return Served(installation)


def worker_of(served: Served) -> int:
    connection.close()
    wait_until(lambda: WorkerBeat.objects.exists())
    return WorkerBeat.objects.get().process


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_answers_and_a_signal_ends_server_and_worker(served: Served, number: int) -> None:
    status, page = get(served.port, "/")
    assert status == 200, page[:500]
    assert "<html" in page.decode()
    assert get(served.port, "/static/desk/gongkai.css")[0] == 200
    assert get(served.port, "/static/../keys.json")[0] == 404
    worker = worker_of(served)
    assert worker in served.children
    assert len(served.children) >= 2
    assert end(served.process, number) == 0
    assert alive(served.children) == []
    connection.close()
    assert not WorkerBeat.objects.exists()
    assert "已停止" in served.installation.output


def test_a_worker_that_dies_is_started_again(served: Served) -> None:
    first = worker_of(served)
    subprocess.run(["kill", "-9", str(first)], check=True)
    connection.close()
    wait_until(lambda: WorkerBeat.objects.exclude(process=first).exists())
    assert get(served.port, "/")[0] == 200
    assert end(served.process) == 0


@pytest.mark.one_database
def test_a_server_that_dies_ends_the_worker_too(served: Served) -> None:
    worker = worker_of(served)
    server = next(
        c for c in children(served.process.pid) if c != worker and parent_of(c) == served.process.pid
    )
    subprocess.run(["kill", "-9", str(server)], check=True)
    assert served.process.wait(40) == 1
    assert "网页服务自己停了" in served.installation.output
    assert alive(served.children) == [], "also what the server had started"


@pytest.mark.one_database
def test_killed_it_leaves_nobody_behind(served: Served) -> None:
    worker_of(served)
    served.process.kill()
    served.process.wait(10)
    wait_until(lambda: alive(served.children) == [], 30)


@pytest.mark.one_database
def test_a_port_that_is_taken_is_told(installation: Installation) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = installation.run("serve", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 2
    assert "--port" in done.stderr


@pytest.mark.one_database
def test_it_does_not_start_on_tables_of_another_version(installation: Installation) -> None:
    from django.db.migrations.recorder import MigrationRecorder

    MigrationRecorder.Migration.objects.filter(app="operations").delete()
    connection.close()
    done = installation.run("serve", "--port", str(free_port()))
    assert done.returncode == 2
    assert "gongkai setup" in done.stderr


@pytest.mark.one_database
def test_without_worker_there_is_none(installation: Installation) -> None:
    connection.close()
    served = Served(installation, "--no-worker")
    time.sleep(1)
    assert get(served.port, "/")[0] == 200
    assert not WorkerBeat.objects.exists()
    assert end(served.process) == 0
