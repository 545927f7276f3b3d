"""Bodies, people and seats from the command line, by the services that the screens use."""

from __future__ import annotations

from pathlib import Path

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection
from tests.platform.conftest import TODAY
from tests.platform.operations.conftest import Installation, Office

from gongkai.platform.core.models import AuditEntry, Body, Person, Seat
from gongkai.platform.ledger.models import LedgerHead
from gongkai.platform.ledger.services import write_root
from gongkai.rules.ledger import verify

ARGON2 = Argon2PasswordHasher()
"""What the commands' own settings hash with; the tests' do not."""
COUNTY = ("body", "add", "云溪县人民政府", "--short", "云公", "--level", "county")


def test_the_first_body_person_and_seat_are_made_by_commands(installation: Installation) -> None:
    body = installation.told(*COUNTY)
    below = ("body", "add", "云溪县水利局", "--short", "云水公", "--level", "department")
    installation.told(*below, "--under", "云溪县人民政府")
    connection.close()
    person = installation.json("person", "add", "zhang", "--name", "张三", "--body", body["key"])
    seat = ("seat", "assign", "zhang", "--body", "云溪县人民政府")
    assert installation.told(*seat, "--role", "receiving_clerk", "--role", "handler")["roles"] == [
        "handler",
        "receiving_clerk",
    ]
    assert set(LedgerHead.objects.values_list("body", flat=True)) == set(
        Body.objects.values_list("key", flat=True)
    )
    zhang = Person.objects.get(username="zhang")
    assert ARGON2.verify(person["one_time_password"], zhang.password)
    assert zhang.must_change_password
    assert Seat.objects.get(person=zhang).roles == {"handler", "receiving_clerk"}
    acts = list(AuditEntry.objects.order_by("position").values_list("act", "seat"))
    assert ("person.created", "command") in acts
    assert ("seat.assigned", "command") in acts
    assert all(person["one_time_password"] not in entry.detail for entry in AuditEntry.objects.all())
    assert "云溪县水利局" in installation.here("body", "list").stdout
    assert "zhang" in installation.here("person", "list").stdout


def test_what_cannot_be_is_told_in_a_sentence_and_leaves_nothing(installation: Installation) -> None:
    assert installation.here(*COUNTY).exit_code == 0
    zhang = ("person", "add", "zhang", "--name", "张三", "--body", "云溪县人民政府")
    assert installation.here(*zhang).exit_code == 0
    seat = ("seat", "assign", "zhang", "--body", "云溪县人民政府", "--role")
    for arguments, said in (
        (COUNTY, "同名"),
        (("body", "add", "甲", "--short", "甲", "--level", "province", "--under", "云溪县人民政府"), "层级"),
        (
            ("body", "add", "甲", "--short", "甲", "--level", "office", "--under", "没有"),
            "没有“没有”这个机关",
        ),
        (("person", "add", "zhang", "--name", "李四", "--body", "云溪县人民政府"), "已经有人用"),
        ((*seat, "boss"), "没有 boss 这个角色"),
        ((*seat, "audit_administrator", "--role", "handler"), "互相排斥"),
        (("seat", "end", "zhang", "--body", "云溪县人民政府"), "没有岗位"),
        (("person", "reset", "wang"), "没有“wang”这个账号"),
    ):
        done = installation.here(*arguments)
        assert done.exit_code == 2, (arguments, done.stderr)
        assert said in done.stderr, done.stderr
    assert (Body.objects.count(), Person.objects.count(), Seat.objects.count()) == (1, 1, 0)


def test_a_seat_is_ended_and_a_password_reset(installation: Installation) -> None:
    installation.told(*COUNTY)
    first = installation.told("person", "add", "zhang", "--name", "张三", "--body", "云溪县人民政府")
    installation.told("seat", "assign", "zhang", "--body", "云溪县人民政府", "--role", "handler")
    installation.told("seat", "end", "zhang", "--body", "云溪县人民政府")
    assert Seat.objects.get().valid_until is not None
    second = installation.told("person", "reset", "zhang")
    zhang = Person.objects.get()
    assert zhang.check_password(second["one_time_password"])
    assert not zhang.check_password(first["one_time_password"])


def test_a_body_made_by_command_can_write_replies(installation: Installation) -> None:
    done = installation.here(*COUNTY, "--authority", "云州市人民政府", "--court", "云州市中级人民法院")
    assert done.exit_code == 0, done.stderr
    body = Body.objects.get()
    assert (body.reconsideration_authority, body.court) == ("云州市人民政府", "云州市中级人民法院")


def test_the_ledger_is_written_as_files_that_anybody_can_verify(
    installation: Installation, office: Office, tmp_path: Path
) -> None:
    key = office.place.body.key
    write_root(TODAY)
    every, one = tmp_path / "all", tmp_path / "one"
    assert installation.here("ledger", "export", str(every)).exit_code == 0
    assert {path.name for path in every.iterdir()} == {f"{key}.jsonl", "roots.jsonl"}
    assert verify(every).ok
    assert installation.here("ledger", "export", str(one), "--body", "云溪县人民政府").exit_code == 0
    (file,) = one.iterdir()
    assert file.read_bytes() == (every / f"{key}.jsonl").read_bytes()
    assert "陈大文" not in file.read_text(encoding="utf-8")
    again = installation.here("ledger", "export", str(every))
    assert again.exit_code == 2
    assert "已经" in again.stderr
    assert AuditEntry.objects.filter(act="ledger.exported").count() == 2
