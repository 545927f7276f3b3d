"""The log: one JSON object a line, without personal data.

Messages of exceptions may quote what was entered (a database's complaint names the value), so only the
class and the places in our code are written. Paths of requests hold opaque names and no query.
"""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any


def places(error: BaseException) -> list[str]:
    """Where an exception came from: classes in its chain, each with files, lines, functions; no texts."""
    found: list[str] = []
    seen: BaseException | None = error
    while seen is not None:
        found.append(f"{type(seen).__module__}.{type(seen).__qualname__}")
        found += [
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(seen.__traceback__)
        ]
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return found


class JsonLines(logging.Formatter):
    """A record as one line: time, level, logger, message, and for an exception its class and places."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        status = getattr(record, "status_code", None)
        if isinstance(status, int):
            line["status"] = status
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = places(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def logging_settings(level: str) -> Mapping[str, Any]:
    """Django's ``LOGGING``: everything to standard error, from ``level`` on."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "gongkai.platform.core.logs.JsonLines"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            # Django's own handlers would print what was entered, or mail it.
            "django": {"handlers": [], "level": level, "propagate": True},
            "gongkai": {"level": level, "propagate": True},
            "django_tasks_db": {"level": "WARNING", "propagate": True},
        },
    }
