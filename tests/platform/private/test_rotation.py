"""A new key takes over: everything is written anew under it, and the old key can go."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from django.conf import settings
from django_otp.oath import TOTP
from tests.platform.conftest import Place
from tests.platform.private.conftest import PDF

from gongkai.platform.core import private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.files import blob_path, name_of, open_file, store_file
from gongkai.platform.core.keys import CannotDecrypt, KeysMissing, keys_path, load_keys
from gongkai.platform.core.models import (
    AuditEntry,
    Authenticator,
    BlindIndex,
    PrivateRecord,
    RecoveryCodes,
    StoredFile,
)
from gongkai.platform.core.rotation import KeyInUse, add_key, remove_key, rotate_index_key, rotate_keys
from gongkai.platform.core.services.second_factor import check_second_factor, codes_left, renew_codes

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


def security(county: Place) -> Actor:
    return county.actor("security_administrator")


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
    assert add_key(path, actor=security(county)) != old
    with django_capture_on_commit_callbacks(execute=True):
        done = rotate_keys(actor=county.actor("security_administrator"), batch=2)
    assert (done.records, done.files, done.left) == (5, 5, 0)
    remove_key(path, old, actor=security(county))
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
    add_key(path, actor=security(county))
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
    new = add_key(path, actor=security(county))
    with pytest.raises(KeyInUse) as used:
        remove_key(path, old, actor=security(county))
    assert (used.value.use.records, used.value.use.files, used.value.use.second_factors) == (2, 2, 0)
    with pytest.raises(KeyInUse):
        remove_key(path, new, actor=security(county))
    with pytest.raises(KeyError):
        remove_key(path, "k99", actor=security(county))
    assert set(load_keys(path).keys) == {old, new}


def test_a_second_factor_is_accepted_after_its_key_was_changed(county: Place, path: Path) -> None:
    person = county.seats["handler"].person
    device = Authenticator(user=person, name="app")
    device.set_key(b"12345678901234567890")
    device.save()
    old = load_keys(path).current
    add_key(path, actor=security(county))
    with pytest.raises(KeyInUse) as used:
        remove_key(path, old, actor=security(county))
    assert used.value.use.second_factors == 1
    assert rotate_keys(actor=security(county)).second_factors == 1
    remove_key(path, old, actor=security(county))
    totp = TOTP(b"12345678901234567890")
    totp.time = time.time()
    assert check_second_factor(person=person, token=f"{totp.token():06d}", actor=county.actor("handler"))


def test_a_new_key_of_the_index_ends_the_recovery_codes_for_none_would_be_accepted(
    county: Place, path: Path
) -> None:
    person, handler = county.seats["handler"].person, county.actor("handler")
    codes = renew_codes(person=person, actor=handler)
    assert rotate_index_key(path, actor=security(county)).codes == len(codes) == 10
    assert codes_left(person) == 0
    assert check_second_factor(person=person, token=codes[0], actor=handler) is None
    RecoveryCodes.objects.update(throttling_failure_timestamp=None, throttling_failure_count=0)
    again = renew_codes(person=person, actor=handler)
    assert check_second_factor(person=person, token=again[0], actor=handler) is not None


def test_every_change_of_the_keyring_is_audited_and_no_key_is_in_the_audit(
    county: Place, path: Path, django_capture_on_commit_callbacks: Commit
) -> None:
    fill(county, 1)
    old = load_keys(path).current
    new = add_key(path, actor=security(county))
    with django_capture_on_commit_callbacks(execute=True):
        rotate_keys(actor=security(county))
    remove_key(path, old, actor=security(county))
    acts = list(AuditEntry.objects.filter(act__startswith="keys.").values_list("act", "detail"))
    assert [act for act, _detail in acts] == ["keys.added", "keys.rotated", "keys.removed"]
    secret = json.loads(path.read_text(encoding="utf-8"))["keys"][new]
    assert not [detail for _act, detail in acts if secret in detail]


def test_the_index_has_a_key_of_its_own(county: Place, path: Path) -> None:
    fill(county)
    before = set(BlindIndex.objects.values_list("digest", flat=True))
    assert rotate_index_key(path, actor=county.actor("security_administrator"), batch=3).digests == 10
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
