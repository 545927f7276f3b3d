"""The environment variables of the platform, read once; listed in ``docs/reference/settings.md``."""

from __future__ import annotations

import os
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any


class Profile(StrEnum):
    """What the installation is for."""

    DEMONSTRATION = "demonstration"
    """Invented people, a settable day, marks on every page, no second factor."""
    PRODUCTION = "production"
    """An office's own work: second factor required, keys must be there, no demonstration data."""


class BadEnvironment(ValueError):
    """A variable that cannot be used: ``variable``, what was ``found`` and what is ``expected`` (Chinese)."""

    def __init__(self, variable: str, found: str, expected: str) -> None:
        super().__init__(f"环境变量 {variable} 的值“{found}”不能用：{expected}。")
        self.variable, self.found, self.expected = variable, found, expected


@dataclass(frozen=True, slots=True)
class Environment:
    """All that the platform takes from its surroundings."""

    profile: Profile
    home: Path
    """Everything that the platform keeps, but for a PostgreSQL database."""
    database: Mapping[str, Any]
    """Django's settings of the one database."""
    hosts: tuple[str, ...]
    listen: str
    port: int
    idle_minutes: int
    secure: bool
    """Cookies only over TLS; on in production, unless a proxy's plain inside is said to be meant."""
    language: str
    upload_limit: int
    """The largest file that is taken, in bytes."""
    password_days: int
    """After how many days a password must be changed; 0: never."""
    proxies: int
    """How many reverse proxies of our own stand in front; the address of who asks is read past them."""
    log: str
    """From which level on the log is written."""

    @property
    def demonstration(self) -> bool:
        """Whether pages, letters and exports carry the demonstration's mark."""
        return self.profile is Profile.DEMONSTRATION


def read_environment(variables: Mapping[str, str] | None = None) -> Environment:
    """The environment, with defaults; raises ``BadEnvironment`` for a value that cannot be used."""
    given = os.environ if variables is None else variables
    try:
        profile = Profile(given.get("GONGKAI_PROFILE") or Profile.PRODUCTION)
    except ValueError:
        raise BadEnvironment(
            "GONGKAI_PROFILE", given["GONGKAI_PROFILE"], "只能是 demonstration 或 production"
        ) from None
    home = Path(given.get("GONGKAI_HOME") or "gongkai-data").absolute()
    hosts = tuple(h.strip() for h in (given.get("GONGKAI_HOSTS") or "localhost,127.0.0.1,[::1]").split(","))
    environment = Environment(
        profile=profile,
        home=home,
        database=_database(given.get("GONGKAI_DATABASE") or "", home),
        hosts=hosts,
        listen=given.get("GONGKAI_LISTEN") or "127.0.0.1",
        port=_number(given, "GONGKAI_PORT", 8000, 1, 65535),
        idle_minutes=_number(given, "GONGKAI_IDLE_MINUTES", 30, 1, 24 * 60),
        secure=_truth(given, "GONGKAI_SECURE", profile is Profile.PRODUCTION),
        language=given.get("GONGKAI_LANGUAGE") or "zh-hans",
        upload_limit=_number(given, "GONGKAI_UPLOAD_MB", 50, 1, 1024) * 1024 * 1024,
        password_days=_number(
            given, "GONGKAI_PASSWORD_DAYS", 0 if profile is Profile.DEMONSTRATION else 90, 0, 3650
        ),
        proxies=_number(given, "GONGKAI_PROXIES", 0, 0, 9),
        log=_level(given),
    )
    require_safe(environment, environment.listen)
    return environment


LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def require_safe(environment: Environment, listen: str) -> None:
    """Refuse what an office must not run with; raises ``BadEnvironment``. The demonstration may.

    - any name in place of its own: a link to a foreign name would be taken for one of ours;
    - log-ins in clear, unless nobody but this machine can ask (``listen``, and no proxy in front).
    """
    if environment.demonstration:
        return
    if "*" in environment.hosts:
        raise BadEnvironment("GONGKAI_HOSTS", "*", "正式使用时要写明浏览器用的主机名")
    if not environment.secure and (listen not in LOOPBACK or environment.proxies):
        raise BadEnvironment(
            "GONGKAI_SECURE",
            "0",
            "正式使用时只有在本机试用（GONGKAI_LISTEN 是 127.0.0.1，没有代理）才可以不用 TLS",
        )


def _number(given: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = given.get(name) or ""
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise BadEnvironment(name, text, f"应是 {least} 到 {most} 的整数")
    return int(text)


def _truth(given: Mapping[str, str], name: str, default: bool) -> bool:
    text = given.get(name) or ""
    if text not in ("", "0", "1"):
        raise BadEnvironment(name, text, "只能是 0 或 1")
    return default if text == "" else text == "1"


def _level(given: Mapping[str, str]) -> str:
    text = given.get("GONGKAI_LOG") or "info"
    if text not in ("debug", "info", "warning", "error"):
        raise BadEnvironment("GONGKAI_LOG", text, "只能是 debug、info、warning 或 error")
    return text.upper()


def _database(text: str, home: Path) -> dict[str, Any]:
    if not text:
        return {
            "ENGINE": "gongkai.platform.core.fair_sqlite3",
            "NAME": str(home / "gongkai.sqlite3"),
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                # WAL with deferred transactions loses writers to "database is locked" (stack.md 1).
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # secure_delete: what is erased is overwritten in the file, too.
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                    "PRAGMA secure_delete=ON; PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456;"
                ),
            },
        }
    try:
        url = urllib.parse.urlsplit(text)
        port, path = url.port, url.path.strip("/")
    except ValueError:  # a port that is none, an address cut short; a password may stand in front
        raise _no_address(text.rpartition("@")[2]) from None
    if url.scheme not in ("postgresql", "postgres") or not path:
        raise _no_address(text.replace(f":{url.password}@", ":***@") if url.password else text)
    query = dict(urllib.parse.parse_qsl(url.query))
    unquote = urllib.parse.unquote
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(path),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": unquote(url.hostname or query.pop("host", "")),
        "PORT": "" if port is None else str(port),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": query,
    }


def _no_address(shown: str) -> BadEnvironment:
    return BadEnvironment("GONGKAI_DATABASE", shown, "应形如 postgresql://用户:口令@主机:端口/库名")
