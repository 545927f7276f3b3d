"""Production refuses what is safe in the demonstration alone, and neither takes the other's data."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from tests.platform.operations.conftest import Installation, Office

from gongkai.platform.core.models import Body, DemonstrationDay
from gongkai.platform.environment import BadEnvironment, read_environment, require_safe

pytestmark = pytest.mark.one_database  # what it asks of a database is tested on both elsewhere

PRODUCTION = {"GONGKAI_PROFILE": "production", "GONGKAI_HOME": "/nowhere"}


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"GONGKAI_HOSTS": "*"}, "GONGKAI_HOSTS"),
        ({"GONGKAI_HOSTS": "gk.example.gov.cn, *"}, "GONGKAI_HOSTS"),
        ({"GONGKAI_SECURE": "0", "GONGKAI_LISTEN": "10.0.0.5"}, "GONGKAI_SECURE"),
        ({"GONGKAI_SECURE": "0", "GONGKAI_PROXIES": "1"}, "GONGKAI_SECURE"),
    ],
    ids=str,
)
def test_production_refuses_what_would_expose_log_ins(given: dict[str, str], named: str) -> None:
    with pytest.raises(BadEnvironment) as bad:
        read_environment({**PRODUCTION, **given})
    assert bad.value.variable == named
    assert read_environment({**given, "GONGKAI_PROFILE": "demonstration"}).demonstration


def test_production_without_tls_is_for_a_trial_on_this_machine() -> None:
    found = read_environment({**PRODUCTION, "GONGKAI_SECURE": "0"})
    assert not found.secure
    with pytest.raises(BadEnvironment):
        require_safe(found, "10.0.0.5")  # as given to gongkai serve --listen
    assert read_environment(PRODUCTION).secure


def test_production_does_not_work_with_the_demonstrations_data(
    installation: Installation, office: Office, tmp_path: Path
) -> None:
    DemonstrationDay.objects.create(day=date(2026, 3, 3))
    connection.close()
    backup = str(tmp_path / "demonstration.gkb")
    assert installation.here("backup", backup).exit_code == 0
    for arguments in (("serve",), ("person", "list"), ("tick",)):
        refused = installation.here(*arguments, GONGKAI_PROFILE="production")
        assert refused.exit_code == 2, arguments
        assert "演示数据" in refused.stderr
    done = installation.run("restore", backup, "--replace", "--yes", GONGKAI_PROFILE="production")
    assert done.returncode == 2
    assert "演示数据" in done.stderr
    assert "没有恢复任何内容" in done.stderr
    assert Body.objects.count() == 1


def test_an_offices_data_are_not_served_as_a_demonstration(
    installation: Installation, office: Office
) -> None:
    connection.close()
    done = installation.here("serve", "--port", "9")
    assert done.exit_code == 2
    assert "GONGKAI_PROFILE" in done.stderr
