"""Every kind of act of a case has a form; sent, it says what will happen, does it, or says why not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from tests.platform.acts.conftest import STREAM, SignIn, answers, perform, set_day
from tests.platform.acts.histories import EVERY, Told, steps_of
from tests.platform.conftest import Place

from gongkai.platform.cases.acts.catalogue import FORMS
from gongkai.platform.cases.acts.fields import Goes
from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.cases.services.acting import Step
from gongkai.platform.core.models import AuditEntry
from gongkai.platform.ledger.models import LedgerEvent
from gongkai.rules.kinds import CASE_KINDS, KINDS

pytestmark = pytest.mark.one_database  # pages; what they call is tested on both

OFFERED = sorted(kind for kind, form in FORMS.items() if form.offered)


def begun(place: Place, told: Told, sign_in: SignIn) -> tuple[Client, int]:
    set_day(told.day)
    seq = perform(place, steps_of(told), day=told.day)
    return sign_in(place, told.role), seq


def sent(told: Told, seq: int, **more: Any) -> dict[str, str]:
    return answers(**{"occurred_on": told.day.isoformat(), "expected_seq": seq, **told.answers, **more})


def address(kind: str) -> str:
    return f"/desk/cases/{STREAM}/acts/{kind}/"


def test_every_kind_of_a_case_has_a_form() -> None:
    assert set(FORMS) == CASE_KINDS
    assert set(EVERY) == set(OFFERED)


@pytest.mark.parametrize("kind", sorted(FORMS))
def test_a_form_asks_for_all_that_a_payload_must_have_and_nothing_unregistered(kind: str) -> None:
    form, registered = FORMS[kind], KINDS[kind]
    known = {*registered.required, *registered.optional}
    asked = {field.name for field in form.fields if field.goes is Goes.PAYLOAD}
    assert asked <= known
    assert (
        set(registered.required) <= asked
        or form.build is not None
        or not form.offered
        or (kind == "entry.corrected")
    )


@pytest.mark.parametrize("kind", OFFERED)
def test_the_form_opens_is_confirmed_and_performed(kind: str, county: Place, sign_in: SignIn) -> None:
    told = EVERY[kind]
    client, seq = begun(county, told, sign_in)
    opened = client.get(address(kind), {"entry": "1"} if kind == "entry.corrected" else {})
    assert opened.status_code == 200
    assert KINDS[kind].label_zh in opened.content.decode()
    data = sent(told, seq)
    confirm = client.post(address(kind), {**data, "step": "check"})
    assert confirm.status_code == 200, confirm.content.decode()
    assert "确认以后会这样" in confirm.content.decode()
    assert CaseSummary.objects.get(stream=STREAM).last_seq == seq
    done = client.post(address(kind), {**data, "step": "perform"}, follow=True)
    assert done.redirect_chain, done.content.decode()
    entry = LedgerEvent.objects.get(stream=STREAM, seq=seq + 1)
    payload = json.loads(entry.payload)
    assert (entry.kind, entry.occurred_on, entry.actor) == (kind, told.day, county.seats[told.role].key)
    assert told.payload.items() <= payload.items()
    # The reference and the commitment are left out: their random digits may hold a short number by chance.
    told_openly = json.dumps(
        {key: payload[key] for key in payload.keys() - {"ref", "commitment"}}, ensure_ascii=False
    )
    written = [str(text) for key, text in told.answers.items() if _is_text(kind, key, text)]
    assert not [text for text in written if text in told_openly]


def _is_text(kind: str, key: str, text: str) -> bool:
    return bool(text) and any(f.name == key and f.goes is Goes.TEXT for f in FORMS[kind].fields)


@pytest.mark.parametrize("kind", OFFERED)
def test_an_empty_form_is_refused_with_words_and_leaves_nothing(
    kind: str, county: Place, sign_in: SignIn
) -> None:
    told = EVERY[kind]
    client, seq = begun(county, told, sign_in)
    data = answers(expected_seq=seq, step="perform", occurred_on="")
    if kind == "entry.corrected":
        data["entry"] = "1"
    page = client.post(address(kind), data)
    text = page.content.decode()
    assert page.status_code == 422
    assert "<title>错误：" in text
    assert 'href="#f-occurred_on"' in text
    assert LedgerEvent.objects.filter(stream=STREAM).count() == seq


@pytest.mark.parametrize("kind", OFFERED)
def test_a_day_after_today_is_refused(kind: str, county: Place, sign_in: SignIn) -> None:
    told = EVERY[kind]
    client, seq = begun(county, told, sign_in)
    data = sent(told, seq, step="perform", occurred_on="2027-01-04", respond_by="2027-02-01")
    page = client.post(address(kind), data)
    assert page.status_code == 422
    assert "不能晚于今天" in page.content.decode()
    assert LedgerEvent.objects.filter(stream=STREAM).count() == seq


@pytest.mark.parametrize("kind", OFFERED)
def test_who_may_not_is_refused_and_leaves_nothing(kind: str, county: Place, sign_in: SignIn) -> None:
    told = EVERY[kind]
    _client, seq = begun(county, told, sign_in)
    for role in ("supervisor", "report_author", "handler" if told.role == "approver" else "approver"):
        if kind == "entry.corrected" and role == "approver":
            continue
        page = sign_in(county, role).post(address(kind), sent(told, seq, step="perform"))
        assert page.status_code == 403
    assert LedgerEvent.objects.filter(stream=STREAM).count() == seq


@pytest.mark.parametrize("kind", OFFERED)
def test_somebody_elses_act_in_between_loses_nothing_that_was_typed(
    kind: str, county: Place, sign_in: SignIn
) -> None:
    told = EVERY[kind]
    client, seq = begun(county, told, sign_in)
    perform(county, [Step("note.added", told.day, {"kind": "other"})], seq=seq, day=told.day)
    page = client.post(address(kind), sent(told, seq, step="perform"))
    text = page.content.decode()
    assert page.status_code == 409
    assert "别人刚刚办理了这件申请" in text
    assert "记事" in text
    for key, value in told.answers.items():
        assert f'name="{key}" value="{value}"' in text
    assert LedgerEvent.objects.filter(stream=STREAM).count() == seq + 1
    again = client.post(address(kind), sent(told, seq + 1, step="check"))
    assert "确认以后会这样" in again.content.decode()


def test_a_refused_act_says_why_and_what_instead_and_leaves_only_the_audit(
    received: str, handler: Client
) -> None:
    page = handler.post(
        address("correction.received"),
        answers(occurred_on="2026-03-03", content="x", expected_seq=2, step="perform"),
    )
    text = page.content.decode()
    assert page.status_code == 422
    assert "没有等待中的补正" in text
    assert "《政府信息公开条例》第三十条" in text
    assert f"/desk/cases/{received}/acts/correction.requested/" in text
    assert LedgerEvent.objects.count() == 2
    assert AuditEntry.objects.filter(act="case.act_refused", success=False).count() == 1
