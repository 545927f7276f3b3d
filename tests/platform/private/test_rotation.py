"""A new key takes over: everything is written anew under it, and the old key can go."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from django.conf import settings
from tests.platform.conftest import Place
from tests.platform.private.conftest import PDF

from gongkai.platform.core import private
from gongkai.platform.core.files import blob_path, name_of, open_file, store_file
from gongkai.platform.core.keys import CannotDecrypt, KeysMissing, keys_path, load_keys
from gongkai.platform.core.models import BlindIndex, PrivateRecord, StoredFile
from gongkai.platform.core.rotation import KeyInUse, add_key, remove_key, rotate_index_key, rotate_keys

Commit = Callable[..., AbstractContextManager[list[Callable[[], object]]]]


@pytest.fixture
def path(tmp_path: Path) -> Generator[Path]:
    """The tests' keyring, put back afterwards."""
    path = keys_path(settings.ENVIRONMENT.home)
    saved = tmp_path / "saved.json"
    shutil.copy2(path, saved)
    yield path
    shutil.copy2(saved, path)
    load_keys.cache_clear()


def fill(county: Place, number: int = 5) -> None:
    actor = county.actor("receiving_clerk")
    for place in range(number):
        private.keep(
            body=county.body, stream=f"case-{place}", kind="applicant", actor=actor,
            fields={"name": f"申请人{place}", "phone": f"1380000000{place}"},
        )  # fmt: skip
        store_file(body=county.body, stream=f"case-{place}", content=PDF, name=f"{place}.pdf", actor=actor)


def test_everything_is_written_anew_and_reads_as_before(
    county: Place, path: Path, django_capture_on_commit_callbacks: Commit
) -> None:
    fill(county)
    former = set(StoredFile.objects.values_list("sha256", flat=True))
    old = load_keys(path).current
    assert add_key(path) != old
    with django_capture_on_commit_callbacks(execute=True):
        done = rotate_keys(actor=county.actor("security_administrator"), batch=2)
    assert (done.records, done.files, done.left) == (5, 5, 0)
    remove_key(path, old)
    assert old not in load_keys(path).keys
    assert {private.read(record)["name"] for record in PrivateRecord.objects.all()} == {
        f"申请人{place}" for place in range(5)
    }
    assert all(open_file(file) == PDF for file in StoredFile.objects.all())
    assert {name_of(file) for file in StoredFile.objects.all()} == {f"{place}.pdf" for place in range(5)}
    assert not any(blob_path(digest).exists() for digest in former)
    assert len(private.find(body=county.body, value="13800000003")) == 1


def test_a_run_that_was_stopped_goes_on_where_it_was(county: Place, path: Path) -> None:
    fill(county)
    add_key(path)
    actor = county.actor("security_administrator")
    first = rotate_keys(actor=actor, batch=2, most=3)
    assert (first.records, first.files, first.left) == (3, 0, 7)
    assert all(private.read(record) for record in PrivateRecord.objects.all())
    second = rotate_keys(actor=actor, batch=2)
    assert (second.records, second.files, second.left) == (2, 5, 0)
    assert rotate_keys(actor=actor).records == 0


def test_a_key_that_still_reads_something_cannot_be_removed(county: Place, path: Path) -> None:
    fill(county, 2)
    old = load_keys(path).current
    new = add_key(path)
    with pytest.raises(KeyInUse) as used:
        remove_key(path, old)
    assert (used.value.records, used.value.files) == (2, 2)
    with pytest.raises(KeyInUse):
        remove_key(path, new)
    with pytest.raises(KeyError):
        remove_key(path, "k99")


def test_the_index_has_a_key_of_its_own(county: Place, path: Path) -> None:
    fill(county)
    before = set(BlindIndex.objects.values_list("digest", flat=True))
    assert rotate_index_key(path, actor=county.actor("security_administrator"), batch=3) == 10
    assert not before & set(BlindIndex.objects.values_list("digest", flat=True))
    assert len(private.find(body=county.body, value="申请人4")) == 1


def test_a_keyring_without_the_key_of_a_token_says_so(county: Place, path: Path) -> None:
    fill(county, 1)
    data = json.loads(path.read_text())
    data["keys"] = {"k9": next(iter(data["keys"].values()))}
    data["current"] = "k9"
    path.write_text(json.dumps(data))
    load_keys.cache_clear()
    with pytest.raises(CannotDecrypt):
        private.read(PrivateRecord.objects.get())


def test_a_keyring_open_to_others_is_refused(path: Path) -> None:
    path.chmod(0o644)
    load_keys.cache_clear()
    with pytest.raises(KeysMissing):
        load_keys(path)
    path.chmod(0o600)
