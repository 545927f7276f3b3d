"""YAML of our own data files, by the fast loader where PyYAML was built with it."""

from __future__ import annotations

from typing import Any

import yaml

try:
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # PyYAML without its C library: several times slower, and the same values
    from yaml import SafeLoader


def load_yaml(text: str) -> Any:
    """As ``yaml.safe_load``; raises ``yaml.YAMLError``, and ``ValueError`` for a date that does not exist."""
    return yaml.load(text, Loader=SafeLoader)
