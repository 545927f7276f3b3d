"""Keys are changed from the command line; what was written before stays readable, old keys in use stay."""

from __future__ import annotations

import pytest
from django.db import connection
from tests.platform.operations.conftest import Installation, Office

from gongkai.platform.core.files import open_file
from gongkai.platform.core.models import PrivateRecord, StoredFile
from gongkai.platform.core.private import find
from gongkai.platform.operations.locking import using

pytestmark = pytest.mark.one_database  # what it asks of a database is tested on both elsewhere


def test_a_new_key_takes_over_and_the_old_one_goes(installation: Installation, office: Office) -> None:
    (only,) = installation.told("keys", "list")["keys"]
    assert (only["key_id"], only["current"], only["files"]) == ("k1", True, 3)
    assert "先新增一把" in installation.here("keys", "remove", "k1").stderr
    assert installation.told("keys", "add") == {"key": "k2"}
    in_use = installation.here("keys", "remove", "k1")
    assert in_use.exit_code == 2
    assert "3 个文件" in in_use.stderr
    assert "gongkai keys rotate" in in_use.stderr
    assert "旧的；gongkai keys rotate 以后才能去掉" in installation.here("keys", "list").stdout
    done = installation.told("keys", "rotate")
    assert (done["files"], done["second_factors"], done["left"]) == (3, 0, 0)
    assert "旧的；不再用到，可以去掉" in installation.here("keys", "list").stdout
    assert installation.told("keys", "remove", "k1") == {"removed": "k1"}
    assert all(token.startswith("k2:") for token in PrivateRecord.objects.values_list("token", flat=True))
    connection.close()
    assert installation.run("verify").returncode == 0, "a process of its own reads it too"
    assert all(open_file(file).startswith(b"%PDF") for file in StoredFile.objects.all())


def test_the_index_is_renewed_and_still_finds(installation: Installation, office: Office) -> None:
    before = len(find(body=office.place.body, value="陈大文"))
    assert installation.told("keys", "index")["index"] >= before > 0
    assert len(find(body=office.place.body, value="陈大文")) == before


def test_the_index_is_not_renewed_while_the_platform_runs(installation: Installation, office: Office) -> None:
    with using(installation.home):
        done = installation.here("keys", "index")
    assert done.exit_code == 2
    assert "请先停止" in done.stderr


def test_a_key_that_is_not_there_is_told(installation: Installation) -> None:
    done = installation.here("keys", "remove", "k9")
    assert done.exit_code == 2
    assert "没有 k9 这把密钥" in done.stderr
