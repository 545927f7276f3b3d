"""What can go wrong when the law is asked."""

from __future__ import annotations

from datetime import date


class UnknownParameter(KeyError):
    """No parameter of that key; nothing similar is offered in its place."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(f"no parameter {key!r}")

    def __str__(self) -> str:
        return str(self.args[0])  # a KeyError would show its message in quotation marks


class NoRuleInForce(LookupError):
    """The day lies before the first value of the parameter, or after a value that has ended."""

    def __init__(self, key: str, on: date, first: date | None) -> None:
        self.key = key
        self.on = on
        self.first = first
        since = "" if first is None else f"; the first rule known is in force from {first}"
        super().__init__(f"no rule in force for {key!r} on {on}{since}")


class LawError(ValueError):
    """A parameter file that does not hold together; the message names the file and the place in it."""


class LocalValueRefused(ValueError):
    """A body's own value that the parameter does not allow; ``reason`` is a public word for why.

    ``fixed`` (not the body's to set), ``not_stricter``, ``not_allowed`` (wrong type, or no such choice),
    ``no_source``, ``not_in_force``.
    """

    def __init__(self, key: str, reason: str, detail: str) -> None:
        self.key = key
        self.reason = reason
        super().__init__(f"{key}: {detail}")
