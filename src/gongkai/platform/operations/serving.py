"""One server and one worker as children of one process, which ends when either cannot be kept up."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

BLOCKING_THREADS = 4
"""Requests that one server process works on at a time: the rest of the time of most is waiting for a disk."""
_PATIENCE = 25.0
"""Seconds that children have to finish what they are at."""
_RETRIES, _RETRY_WITHIN = 5, 60.0
"""A worker that dies more often within that time is not started again."""
_PR_SET_PDEATHSIG = 1


class PortTaken(OSError):
    """Somebody listens there already, or the address is not this machine's."""


class ChildFailed(RuntimeError):
    """The server, or the worker again and again, ended by itself: ``name`` and exit ``code``."""

    def __init__(self, name: str, code: int) -> None:
        super().__init__(f"{name}: {code}")
        self.name, self.code = name, code


@dataclass
class Supervisor:
    """Starts the children, starts a dead worker anew, ends all of them on a signal."""

    commands: Mapping[str, Sequence[str]]
    restarted: frozenset[str] = frozenset({"worker"})
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict[str, "subprocess.Popen[bytes]"])
    deaths: list[float] = field(default_factory=list[float])
    stopping: bool = False

    def run(self, started: Callable[[], None]) -> None:
        """Run until a signal comes; ``started`` is called once all children were started.

        Raises ``ChildFailed``.
        """
        before = {number: signal.signal(number, self._stop) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            for name in self.commands:
                self._start(name)
            started()
            while not self.stopping:
                self._look()
                time.sleep(0.2)
        finally:
            self._end_all()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _start(self, name: str) -> None:
        self.children[name] = subprocess.Popen(  # noqa: S603 - our own programs
            self.commands[name], preexec_fn=_die_with_parent, start_new_session=True
        )

    def _look(self) -> None:
        for name, child in list(self.children.items()):
            code = child.poll()
            if code is None or self.stopping:
                continue
            now = time.monotonic()
            self.deaths = [*(at for at in self.deaths if now - at < _RETRY_WITHIN), now]
            if name not in self.restarted or len(self.deaths) >= _RETRIES:
                raise ChildFailed(name, code)
            _end_group(child.pid)
            time.sleep(min(len(self.deaths), 5))
            self._start(name)

    def _end_all(self) -> None:
        for child in self.children.values():
            if child.poll() is None:
                child.terminate()
        until = time.monotonic() + _PATIENCE
        for child in self.children.values():
            try:
                child.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            _end_group(child.pid)


def _end_group(group: int) -> None:
    """End what a child left behind: a killed server does not take its own processes with it."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


def _die_with_parent() -> None:
    """On Linux: ask for SIGTERM when the parent is gone, so that a killed parent leaves nobody behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def server_command(*, listen: str, port: int, workers: int, static_url: str, static_root: Path) -> list[str]:
    """The server's command line; static files are given out by it and never reach Python."""
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws",
        "--host", listen, "--port", str(port), "--workers", str(workers),
        "--blocking-threads", str(BLOCKING_THREADS), "--workers-kill-timeout", "20",
        "--respawn-failed-workers", "--log-level", "warning",
        "--static-path-route", static_url.rstrip("/"), "--static-path-mount", str(static_root),
        "--static-path-expires", "3600",
        "gongkai.platform.wsgi:application",
    ]  # fmt: skip


def worker_command() -> list[str]:
    """The worker's command line."""
    return [sys.executable, "-c", "from gongkai.cli import main; main()", "worker"]


def require_free(listen: str, port: int) -> None:
    """Raise ``PortTaken`` where the server could not listen."""
    try:
        found = socket.getaddrinfo(listen, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        raise PortTaken(str(error)) from error
    family, kind, protocol, _name, address = found[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            raise PortTaken(error.strerror) from error


def wait_for(listen: str, port: int, alive: Callable[[], bool], seconds: float = 60.0) -> bool:
    """Whether the port answers within that time."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(listen, listen)  # noqa: S104 - compared, not bound
    until = time.monotonic() + seconds
    while time.monotonic() < until and alive():
        try:
            with socket.create_connection((host, port), 1):
                return True
        except OSError:
            time.sleep(0.1)
    return False


def shown_address(listen: str, port: int) -> str:
    """The address as one types it into a browser on this machine."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(listen, listen)  # noqa: S104 - compared, not bound
    return f"http://{f'[{host}]' if ':' in host and not host.startswith('[') else host}:{port}/"


def environ_for(home: Path) -> None:
    """Children find the same settings, wherever they start."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.platform.settings")
    os.environ["GONGKAI_HOME"] = str(home)
