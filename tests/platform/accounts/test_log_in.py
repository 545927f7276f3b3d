"""Nobody gets in without logging in; a form that was sent too late is not lost."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from tests.platform.conftest import Place

from gongkai.platform.core.models import AuditEntry, Person
from gongkai.platform.desk.kept import Kept

pytestmark = pytest.mark.one_database  # what it asks of a database is tested on both elsewhere

PASSWORD = "Yunxi-2026-shu"  # noqa: S105 - of a test


@pytest.fixture
def shen(county: Place) -> Person:
    person = county.seats["receiving_clerk"].person
    person.set_password(PASSWORD)
    person.body = county.body
    person.save()
    return person


def hidden(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found}


def give(client: Client, person: Person, password: str = PASSWORD, **more: str):
    return client.post("/login/", {"username": person.username, "password": password, **more})


def test_a_page_leads_to_the_log_in_and_back(client: Client, shen: Person) -> None:
    asked = client.get("/desk/account/?a=1")
    assert (asked.status_code, asked["Location"]) == (302, "/login/?next=%2Fdesk%2Faccount%2F%3Fa%3D1")
    form = client.get(asked["Location"])
    assert form.status_code == 200
    done = give(client, shen, **{"next": hidden(form.content.decode())["next"]})
    assert (done.status_code, done["Location"]) == (302, "/desk/account/?a=1")
    assert shen.name in client.get(done["Location"]).content.decode()


def test_a_wrong_password_and_an_unknown_name_are_told_alike(client: Client, shen: Person) -> None:
    pages = [
        client.post("/login/", {"username": name, "password": "x"}).content.decode()
        for name in (shen.username, "nobody")
    ]
    assert "用户名或口令不对" in pages[0]
    without = [re.sub(r'value="[^"]*"', "", page) for page in pages]
    assert without[0] == without[1]


def test_nobody_is_led_to_another_site(client: Client, shen: Person) -> None:
    for address in (
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere.example",
        "javascript:1",
    ):
        client.logout()
        assert give(client, shen, next=address)["Location"] == "/"


def test_five_failures_lock_name_and_address_for_a_while(client: Client, shen: Person) -> None:
    for _try in range(4):
        assert give(client, shen, "wrong").status_code == 422
    assert give(client, shen, "wrong").status_code == 429
    locked = give(client, shen)
    assert locked.status_code == 429
    assert "15 分钟" in locked.content.decode()
    elsewhere = Client(REMOTE_ADDR="10.0.0.9")
    assert give(elsewhere, shen).status_code == 302
    acts = list(AuditEntry.objects.values_list("act", flat=True))
    assert acts.count("login.locked") >= 1
    assert acts.count("login.failed") >= 5


def test_log_in_and_log_out_are_in_the_audit(client: Client, shen: Person) -> None:
    give(client, shen)
    client.post("/logout/")
    rows = list(AuditEntry.objects.values_list("act", "person", "address"))
    assert rows == [("login.succeeded", shen.key, "127.0.0.1"), ("logout", shen.key, "127.0.0.1")]
    assert client.get("/desk/account/").status_code == 302


def test_a_name_nobody_has_is_not_kept_in_the_audit(client: Client, shen: Person) -> None:
    client.post("/login/", {"username": "My-Secret-1", "password": "x"})
    row = AuditEntry.objects.get(act="login.failed")
    assert "My-Secret-1" not in f"{row.object}{row.detail}"


def test_a_session_gets_a_new_key_at_log_in(client: Client, shen: Person) -> None:
    client.get("/login/")
    session = client.session
    session["x"] = 1
    session.save()
    client.cookies["sessionid"] = session.session_key
    before = session.session_key
    give(client, shen)
    assert client.session.session_key != before


def test_an_idle_session_ends_and_the_page_says_so(client: Client, shen: Person, settings) -> None:
    give(client, shen)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    asked = client.get("/desk/account/")
    assert asked["Location"] == "/login/?next=%2Fdesk%2Faccount%2F&ended=1"
    # The browser still has the cookie: the page can say what happened.
    assert (
        f"超过 {settings.ENVIRONMENT.idle_minutes} 分钟没有操作"
        in client.get(asked["Location"]).content.decode()
    )


def late_form(browser: Client, person: Person, **typed: object) -> str:
    """The page that answers a form of somebody whose session has ended."""
    browser.get("/login/")
    give(browser, person, csrfmiddlewaretoken=browser.cookies["csrftoken"].value)
    Session.objects.all().delete()
    mark = {"csrfmiddlewaretoken": browser.cookies["csrftoken"].value}
    late = browser.post("/desk/account/seat/?next=/", {**mark, **typed})
    assert late.status_code == 401
    return late.content.decode()


def test_a_form_sent_after_the_session_ended_is_not_lost(shen: Person) -> None:
    browser = Client(enforce_csrf_checks=True)
    typed = {"seat": "第一行\n<b>第二行</b>", "old_password": "s3cret", "more": ["a", "b"]}
    page = late_form(browser, shen, **typed)
    assert "刚才的表单没有保存" in page
    assert "s3cret" not in page
    fields = hidden(page)
    wrong = browser.post("/login/", {**fields, "username": shen.username, "password": "wrong"})
    assert wrong.status_code == 422
    fields = hidden(wrong.content.decode())
    done = browser.post("/login/", {**fields, "username": shen.username, "password": PASSWORD})
    page = done.content.decode()
    assert done.status_code == 200
    assert "&lt;b&gt;第二行&lt;/b&gt;" in page
    assert 'action="/desk/account/seat/?next=/"' in page
    again = hidden(page.split('action="/desk/account/seat/?next=/"')[1])
    assert again["seat"] == "第一行\n<b>第二行</b>"
    assert re.findall(r'name="more" value="(\w)"', page) == ["a", "b"]
    assert (
        browser.post("/desk/account/seat/?next=/", again).status_code == 404
    )  # no such seat, but the form arrived


def test_another_person_does_not_get_the_form_of_who_was_logged_in_before(
    shen: Person, department: Place
) -> None:
    other = department.seats["receiving_clerk"].person
    other.set_password(PASSWORD)
    other.body = department.body
    other.save()
    browser = Client(enforce_csrf_checks=True)
    page = late_form(browser, shen, seat="陈知微申请的内容")
    assert "陈知微申请的内容" not in page
    told = give(browser, other, **hidden(page)).content.decode()
    assert "陈知微申请的内容" not in told
    assert "不是用您的账号填写的" in told
    assert "不能由您提交" in told
    # It is still its owner's.
    resumed = give(browser, shen, **{**hidden(page), **hidden(told)})
    assert "陈知微申请的内容" in resumed.content.decode()


def test_a_page_left_open_by_another_person_is_not_offered_again(shen: Person, department: Place) -> None:
    browser, other = Client(enforce_csrf_checks=True), department.seats["receiving_clerk"].person
    left_open, ours = {"seat": "陈知微申请的内容"}, {"origin": "http://testserver"}
    browser.force_login(shen)
    browser.get("/desk/account/")
    own = browser.post("/desk/account/seat/", left_open, headers=ours)
    assert "陈知微申请的内容" in own.content.decode()
    browser.force_login(other)
    browser.get("/desk/account/")
    anothers = browser.post("/desk/account/seat/", left_open, headers=ours)
    assert anothers.status_code == 403
    assert "陈知微申请的内容" not in anothers.content.decode()


def test_a_kept_form_that_nobody_signed_or_nobody_is_known_to_have_filled_in_is_not_offered(
    client: Client, shen: Person
) -> None:
    done = give(client, shen, kept='["/desk/account/seat/", [["seat", "a"]], false]')
    assert (done.status_code, done["Location"]) == (302, "/")
    client.post("/logout/")
    told = give(client, shen, kept=Kept("/desk/account/seat/", (("seat", "typed-by-nobody"),)).text())
    assert "typed-by-nobody" not in told.content.decode()


def test_a_kept_form_waits_while_nobody_may_log_in(client: Client, shen: Person) -> None:
    give(client, shen)
    client.post("/logout/")
    kept = hidden(client.post("/desk/account/seat/", {"seat": "typed-before"}).content.decode())
    for _again in range(5):
        give(client, shen, password="wrong", **kept)  # noqa: S106 - of a test
    locked = give(client, shen, password="wrong", **kept)  # noqa: S106 - of a test
    page = locked.content.decode()
    assert locked.status_code == 429
    assert "typed-before" not in page
    assert 'name="kept"' in client.post("/login/", hidden(page)).content.decode()


def test_a_kept_form_cannot_be_sent_to_another_site(client: Client, shen: Person) -> None:
    done = give(client, shen, kept=Kept("https://elsewhere.example/", (("a", "b"),)).text())
    assert (done.status_code, done["Location"]) == (302, "/")


def test_a_form_without_its_mark_is_offered_again_only_where_it_is_ours(shen: Person) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(shen)
    ours = browser.post(
        "/desk/account/seat/", {"seat": "seat-typed-before"}, headers={"origin": "http://testserver"}
    )
    assert ours.status_code == 403
    assert 'value="seat-typed-before"' in ours.content.decode()
    for headers in ({}, {"origin": "http://elsewhere.example"}, {"origin": "null"}):
        stranger = browser.post("/desk/account/seat/", {"seat": "seat-typed-before"}, headers=headers)
        assert stranger.status_code == 403
        assert "seat-typed-before" not in stranger.content.decode()


def test_somebody_without_a_seat_is_told_so(client: Client, shen: Person, county: Place) -> None:
    county.seats["receiving_clerk"].delete()
    client.force_login(shen)
    assert client.get("/desk/account/").status_code == 200
    assert client.get("/")["Location"] == "/desk/account/"


def test_pages_are_for_nobody_else(client: Client, shen: Person) -> None:
    page = client.get("/login/")
    assert "noindex" in page["X-Robots-Tag"]
    assert "default-src 'self'" in page["Content-Security-Policy"]
    assert "unsafe" not in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"
    assert page["Referrer-Policy"] == "same-origin"
    assert page["Cache-Control"].count("no-store") == 1


def test_what_was_typed_is_shown_and_codes_of_choices_are_not() -> None:
    fields = (
        ("kind", "natural_person"), ("n", "0"), ("on", "2026-03-03"), ("phone", "13800001234"),
        ("words", "环评批复"), ("mail", "a@example.cn"), ("expected_seq", "12"), ("blank", " "),
    )  # fmt: skip
    shown = Kept("/", fields).typed
    assert [value for _label, value in shown] == ["2026-03-03", "13800001234", "环评批复", "a@example.cn"]


def test_what_was_typed_is_shown_with_the_labels_of_its_form() -> None:
    letter = Kept("/desk/register/", (("item-3-description", "环评批复"), ("phone", "13800001234")))
    assert [str(label) for label, _value in letter.typed] == ["要什么信息", "电话"]
    act = Kept("/desk/cases/case-1/acts/correction.requested/", (("points", "请写明文件名称"),))
    ((label, value),) = act.typed
    assert (bool(str(label)), value) == (True, "请写明文件名称")
    assert "points" not in str(label)
