"""Keys are changed from the command line; what was written before stays readable, old keys in use stay."""

from __future__ import annotations

from django.db import connection
from tests.platform.operations.conftest import Installation, Office

from gongkai.platform.core.files import open_file
from gongkai.platform.core.keys import load_keys
from gongkai.platform.core.models import PrivateRecord, StoredFile
from gongkai.platform.core.private import find


def test_a_new_key_takes_over_and_the_old_one_goes(installation: Installation, office: Office) -> None:
    connection.close()
    assert installation.json("keys", "list") == {"current": "k1", "keys": ["k1"]}
    assert installation.run("keys", "remove", "k1").returncode == 2
    assert installation.json("keys", "add") == {"key": "k2"}
    in_use = installation.run("keys", "remove", "k1")
    assert in_use.returncode == 2
    assert "gongkai keys rotate" in in_use.stderr
    done = installation.json("keys", "rotate")
    assert (done["files"], done["left"]) == (3, 0)
    assert installation.json("keys", "remove", "k1") == {"removed": "k1"}
    load_keys.cache_clear()
    assert all(token.startswith("k2:") for token in PrivateRecord.objects.values_list("token", flat=True))
    assert all(open_file(file).startswith(b"%PDF") for file in StoredFile.objects.all())


def test_the_index_is_renewed_and_still_finds(installation: Installation, office: Office) -> None:
    before = len(find(body=office.place.body, value="陈大文"))
    connection.close()
    assert installation.json("keys", "index")["index"] >= before > 0
    load_keys.cache_clear()
    assert len(find(body=office.place.body, value="陈大文")) == before


def test_a_key_that_is_not_there_is_told(installation: Installation) -> None:
    connection.close()
    done = installation.run("keys", "remove", "k9")
    assert done.returncode == 2
    assert "没有 k9 这把密钥" in done.stderr
