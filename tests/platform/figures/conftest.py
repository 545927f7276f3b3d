"""Shared with the tests of the lists."""

from tests.platform.lists.conftest import logs_in

__all__ = ["logs_in"]
