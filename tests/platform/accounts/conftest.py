"""Actors who administer."""

from __future__ import annotations

import pytest
from tests.platform.conftest import Place

from gongkai.platform.core.actor import Actor


@pytest.fixture
def system(county: Place) -> Actor:
    return county.actor("system_administrator")


@pytest.fixture
def security(county: Place) -> Actor:
    return county.actor("security_administrator")
