"""Every act's page in every phase: lawful acts are done through it, refused ones say why and what instead."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser
from tests.platform.acts.conftest import set_day
from tests.platform.acts.histories import EVERY
from tests.platform.conftest import Place
from tests.platform.states.entering import Entered, Traces, enter, of_phase, sitting, undone
from tests.platform.states.reach import KINDS, Reached, telling
from tests.platform.whole.office import defaults

from gongkai.platform.cases.acts.catalogue import FORMS
from gongkai.platform.cases.services.acting import permission_for
from gongkai.platform.core.models import AuditEntry
from gongkai.platform.core.permissions import Act
from gongkai.platform.ledger.models import LedgerEvent
from gongkai.rules.cases.state import Phase, phase
from gongkai.rules.kinds import KINDS as REGISTERED
from gongkai.rules.refusal import refusals
from gongkai.rules.vocabulary import Outcome

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.xdist_group("states")]
ROLES = {Act.CASE_ACT: "handler", Act.CASE_APPROVE: "approver", Act.CASE_CORRECT: "approver"}
OFFERED = [kind for kind in KINDS if FORMS[kind].offered]


@dataclass(frozen=True)
class Desk:
    """A county whose people are logged in, and what its database holds."""

    place: Place
    clients: dict[str, Client]
    traces: Traces

    def of(self, kind: str) -> Client:
        """Who does such an act."""
        return self.clients[ROLES[permission_for(kind)]]


@pytest.fixture
def desk(county: Place) -> Desk:
    clients = {role: Client() for role in ("handler", "approver", "supervisor")}
    for role, client in clients.items():
        client.force_login(county.seats[role].person, backend="django.contrib.auth.backends.ModelBackend")
        client.get("/desk/account/")
    return Desk(county, clients, Traces())


def chosen(where: Phase) -> dict[Reached, set[str]]:
    """For every kind one state of a phase in which it is lawful and one in which it is not, if there are."""
    found: dict[Reached, set[str]] = {}
    met: set[tuple[str, bool]] = set()
    for one in of_phase(telling(), where):
        for kind, code in one.verdicts:
            if (kind, code == "") not in met:
                met.add((kind, code == ""))
                found.setdefault(one, set()).add(kind)
    return found


@cache
def first_phase(kind: str) -> Phase:
    """The first phase in which an act is lawful."""
    return next(phase(one.state) for one in telling() if not one.verdict(kind))


@pytest.mark.parametrize("where", [one for one in Phase if one is not Phase.NOT_RECEIVED])
def test_every_act_in_a_phase(desk: Desk, where: Phase) -> None:
    wrong: list[str] = []
    codes: set[str] = set()
    for number, (one, kinds) in enumerate(chosen(where).items(), start=1):
        case = enter(desk.place, one, number)
        set_day(one.today)
        roles = list(desk.clients) if number == 1 else ["handler"]
        wrong += [f"{one.told}: {problem}" for problem in case_page(desk, case, roles)]
        for kind in sorted(kinds):
            wrong += [f"{one.told}: {kind}: {problem}" for problem in act_page(desk, case, kind, codes)]
    assert not wrong, f"{len(wrong)}\n" + "\n".join(wrong[:20])


def case_page(desk: Desk, case: Entered, roles: list[str]) -> Iterator[str]:
    """The page of a case offers each of those who work on it what is lawful and theirs."""
    lawful = {kind for kind, code in case.reached.verdicts if not code}
    for role in roles:
        response: Any = desk.clients[role].get(f"/desk/cases/{case.stream}/")
        if response.status_code != 200:
            yield f"{role}: {response.status_code}"
            continue
        page = LexborHTMLParser(response.content.decode())
        links = {str(one.attributes["href"]).split("/")[-2] for one in page.css('ul.acts a[href*="/acts/"]')}
        actor = sitting(desk.place.seats[role], case.reached.today)
        theirs = {kind for kind in OFFERED if actor.may(permission_for(kind), desk.place.body)}
        if links != lawful & theirs:
            yield f"{role} is offered {sorted(links ^ (lawful & theirs))} wrongly or not"
        begins = page.css_first(f'a[href="/desk/cases/{case.stream}/reply/"]') is not None
        if begins != (role == "handler" and "reply.issued" in lawful):
            yield f"{role} may begin a reply: {begins}"


def act_page(desk: Desk, case: Entered, kind: str, codes: set[str]) -> Iterator[str]:
    """The page of an act; it is sent, too, once for each refusal of a phase and once for each lawful kind."""
    address = f"/desk/cases/{case.stream}/acts/{kind}/"
    before = desk.traces.light()
    if kind == "reply.issued":
        yield from choice_of_outcome(desk, case)
    if kind not in OFFERED:
        response: Any = desk.clients["handler"].get(address)
        if response.status_code != 404:
            yield f"{response.status_code}, though it has no such page"
        return
    response = desk.of(kind).get(address, {"entry": "1"} if kind == "entry.corrected" else {})
    text = html.unescape(response.content.decode())
    if response.status_code != 200 or REGISTERED[kind].label_zh not in text:
        yield f"{response.status_code}"
        return
    code = case.reached.verdict(kind)
    yield from lawful_page(text) if not code else refused_page(case.reached, kind, text)
    if desk.traces.light() != before:
        yield "looking at it left a trace"
    if code not in codes if code else phase(case.reached.state) is first_phase(kind):
        codes.add(code)
        yield from sent(desk, case, kind, text, code)


def choice_of_outcome(desk: Desk, case: Entered) -> Iterator[str]:
    """The page on which a reply is begun tells of each outcome whether the law allows it today."""
    response: Any = desk.clients["handler"].get(f"/desk/cases/{case.stream}/reply/?choose=1")
    text = html.unescape(response.content.decode())
    refused = case.reached.refusal("reply.issued")
    if response.status_code != 200:
        yield f"{response.status_code}"
    elif refused is not None and text.count(refused.message()) < len(Outcome):
        yield "is refused, but can be chosen without a word"
    elif refused is None and text.count("今天还不能作出") >= text.count('name="result"'):
        yield "is lawful, but every outcome is said to be refused"


def lawful_page(text: str) -> Iterator[str]:
    """A form, and nothing that speaks against it."""
    if "不能办理" in text:
        yield "is lawful, but its page speaks against it"
    if LexborHTMLParser(text).css_first('main form button[value="check"]') is None:
        yield "is lawful, but there is no form"


def refused_page(one: Reached, kind: str, text: str) -> Iterator[str]:
    """Why it is refused, by which article, and what may be done instead."""
    refusal = one.refusal(kind)
    assert refusal is not None
    if "不能办理" not in text:
        yield "is refused, but its page does not say so"
    if refusal.article not in text:
        yield f"does not say by which article: {refusal.article}"
    for other in refusals()[refusal.code].instead:
        if not one.verdict(other) and REGISTERED[other].label_zh not in text:
            yield f"does not say that {other} may be done instead"
        drafts = permission_for(kind) is Act.CASE_ACT and other == "reply.issued"
        if not one.verdict(other) and drafts and '/reply/">' not in text:
            yield "does not lead to the draft of the reply"


def sent(desk: Desk, case: Entered, kind: str, text: str, code: str) -> Iterator[str]:
    """What comes of the form, filled in and sent."""
    address, before = f"/desk/cases/{case.stream}/acts/{kind}/", desk.traces.light()
    audited, data = AuditEntry.objects.count(), answers(case, kind, text)
    with undone():
        response: Any = desk.of(kind).post(address, data)
        entries = list(AuditEntry.objects.order_by("position")[audited:])
        if code:
            if response.status_code != 422 or desk.traces.light() != before:
                yield f"{response.status_code}, or it left a trace"
            acts = [(entry.act, json.loads(entry.detail).get("kind")) for entry in entries]
            if acts not in ([], [("case.act_refused", kind)]):
                yield f"the audit says {acts}"
        elif response.status_code != 302:
            yield f"{response.status_code}: {said(response)}"
        elif LedgerEvent.objects.filter(stream=case.stream).order_by("-seq")[0].kind != kind:
            yield "is not in the ledger"


def answers(case: Entered, kind: str, text: str) -> dict[str, Any]:
    """The form as it is served, with what is missing as a clerk would put it."""
    today = case.reached.today
    form = LexborHTMLParser(text).css_first("main form:has(button[value='check'])")
    given = {"expected_seq": str(case.seq), "occurred_on": today.isoformat()}
    given |= {} if form is None else defaults(form)
    dates = {"reached_on": today, "due_on": today + timedelta(days=150)}
    for name, value in EVERY[kind].answers.items():
        if not given.get(name):
            given[name] = dates[name].isoformat() if name in dates else value
    if kind == "entry.corrected":
        given["new_applicant_kind"] = "research"
    return {**given, "step": "perform"}


def said(response: Any) -> str:
    page = LexborHTMLParser(response.content.decode())
    return " | ".join(one.text(separator=" ", strip=True) for one in page.css(".errsum, .err"))[:200]
