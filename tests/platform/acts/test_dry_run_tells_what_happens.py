"""The confirm page says what happens; every act meets every state, and a refused one leaves nothing."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from tests.platform.acts.conftest import doing
from tests.platform.conftest import Place
from tests.rules.case_commands import FIRST, Draw
from tests.rules.case_commands import KINDS as ALL

from gongkai.platform.cases.acts.dry_run import dry_run
from gongkai.platform.cases.case_view import case_view
from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.cases.services.acting import ActRefused, Step, perform_act
from gongkai.platform.core.models import AuditEntry
from gongkai.platform.ledger.models import LedgerEvent
from gongkai.rules.kinds import UnlawfulShape

START = Step("request.received", FIRST, {"channel": "counter", "applicant_kind": "natural_person"})


_MORE = [pytest.param(seed, marks=pytest.mark.one_database) for seed in range(2, 6)]


@pytest.mark.parametrize("seed", [0, 1, *_MORE])
def test_a_random_life_goes_as_every_dry_run_said(county: Place, seed: int) -> None:
    random = Random(seed)  # noqa: S311
    draw, stream, day = Draw(random), f"case-{seed}", FIRST
    seq = perform_act(
        body=county.body, stream=stream, kind=START.kind, occurred_on=FIRST, expected_seq=0,
        actor=doing(county, FIRST), payload=START.payload,
    ).events[-1].seq  # fmt: skip
    done = refused = 0
    for _turn in range(120):
        day += timedelta(days=random.choice((0, 0, 0, 1, 1, 2, 5)))
        actor = doing(county, day)
        kind = random.choice(ALL)
        payload = {k: v for k, v in draw.payload(kind, day, seq).items() if v is not None}
        step = Step(kind, day, payload)
        rows, audits = LedgerEvent.objects.count(), AuditEntry.objects.count()
        try:
            effect = dry_run(body=county.body, stream=stream, step=step, expected_seq=seq, actor=actor)
        except UnlawfulShape:
            continue
        assert (LedgerEvent.objects.count(), AuditEntry.objects.count()) == (rows, audits)
        if effect.refusal is not None:
            before = CaseSummary.objects.filter(stream=stream).values().get()
            with pytest.raises((ActRefused, UnlawfulShape)) as real:
                perform_act(
                    body=county.body, stream=stream, kind=kind, occurred_on=day, expected_seq=seq,
                    actor=actor, payload=payload,
                )  # fmt: skip
            if isinstance(real.value, ActRefused):
                assert real.value.refusal.message() == effect.refusal.message()
                assert AuditEntry.objects.count() == audits + 1
            assert LedgerEvent.objects.count() == rows
            assert CaseSummary.objects.filter(stream=stream).values().get() == before
            refused += 1
            continue
        performed = perform_act(
            body=county.body, stream=stream, kind=kind, occurred_on=day, expected_seq=seq, actor=actor,
            payload=payload,
        )  # fmt: skip
        seq = performed.events[-1].seq
        view = case_view(body=county.body, stream=stream, actor=actor)
        assert view.state.value == effect.phase
        assert {c.label: c for c in view.clocks} == {c.label: c for c in effect.clocks}
        done += 1
    assert done > 5
    assert refused > 5
