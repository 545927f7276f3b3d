"""What is to be done every day, whether or not anybody works: the register that ``gongkai tick`` carries out.

An app writes its duties in a module ``due.py``; they are found there. A duty is idempotent and can be broken
off at any time: done twice, or once more after a crash, it leaves the same as done once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from django.utils.module_loading import autodiscover_modules

from gongkai.platform.core.actor import Actor

Duty = Callable[[Actor], Mapping[str, int]]
"""Takes the system's actor (with the present), gives what was done as numbers by name."""

_DUTIES: dict[str, Duty] = {}


def duty(name: str) -> Callable[[Duty], Duty]:
    """Register a duty; names are dotted and unique. Raises ``ValueError`` for a name that is taken."""

    def register(function: Duty) -> Duty:
        if name in _DUTIES:
            raise ValueError(f"{name} is registered already")
        _DUTIES[name] = function
        return function

    return register


def duties() -> Mapping[str, Duty]:
    """All duties of the installed apps, by name, in the order of the apps."""
    autodiscover_modules("due")
    return MappingProxyType(_DUTIES)
