"""A process that acts on cases and says after each act what is now certain; for tests that kill or race it.

python -m tests.platform.ledger.appending acts BODY NAME COUNT     acts on cases of its own
python -m tests.platform.ledger.appending race BODY STREAM COUNT   acts on a case that others act on, too
python -m tests.platform.ledger.appending hold BODY                appends, and stays in the transaction
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime

import django

django.setup()

from django.db import transaction  # noqa: E402

from gongkai.platform.cases.services.acting import SomebodyWasFaster, Step, perform_acts  # noqa: E402
from gongkai.platform.core.actor import Actor  # noqa: E402
from gongkai.platform.core.models import Body  # noqa: E402
from gongkai.platform.core.present import Present  # noqa: E402
from gongkai.platform.ledger.selectors import history  # noqa: E402
from gongkai.platform.ledger.services import append  # noqa: E402
from gongkai.rules.event import Event  # noqa: E402

DAY = date(2026, 3, 2)
ACTOR = Actor(Present(DAY, datetime(2026, 3, 2, 3, tzinfo=UTC)), system="tests")
ACTS_A_CASE = 8
"""How many acts one case gets, its receipt and its number among them."""
NOTE = Step("note.added", DAY, {"kind": "call"})


def intake(number: str) -> list[Step]:
    """Receipt and number: entered together or not at all."""
    received = {"channel": "counter", "applicant_kind": "natural_person"}
    return [
        Step("request.received", DAY, received),
        Step("request.registered", DAY, {"number": f"云公申〔2026〕{number}号"}),
    ]


def say(stream: str, seq: int) -> None:
    """What others may rely on from here on."""
    sys.stdout.write(f"{stream} {seq}\n")
    sys.stdout.flush()


def own_steps(name: str, count: int) -> Iterator[tuple[str, int, list[Step]]]:
    """Stream, number seen, steps: one more act each time, the first two together."""
    for at in range(-(-count // ACTS_A_CASE)):
        stream = f"case-{name}-{at}"
        yield stream, 0, intake(f"{name}-{at}")
        for seq in range(2, ACTS_A_CASE):
            yield stream, seq, [NOTE]


def act(body: Body, name: str, count: int) -> None:
    """Act on cases of its own; what was done before it was killed is left as it is."""
    for stream, seen, steps in own_steps(name, count):
        if history(body=body.key, stream=stream).seq <= seen:
            done = perform_acts(body=body, stream=stream, steps=steps, expected_seq=seen, actor=ACTOR)
            say(stream, done.events[-1].seq)


def race(body: Body, stream: str, count: int) -> None:
    """Act on a case as often as that; where somebody was faster, look again and act then."""
    for _time in range(count):
        while True:
            seen = history(body=body.key, stream=stream).seq
            try:
                done = perform_acts(body=body, stream=stream, steps=[NOTE], expected_seq=seen, actor=ACTOR)
            except SomebodyWasFaster:
                continue
            say(stream, done.new[-1].seq)
            break


def hold(body: Body) -> None:
    """Append and never come to the end of the transaction."""
    received = {"channel": "counter", "applicant_kind": "natural_person"}
    with transaction.atomic():
        append(
            body=body.key,
            events=[Event("request.received", DAY, received, "case-held")],
            expected_seq={"case-held": 0},
            recorded_at=ACTOR.present.moment,
        )
        say("case-held", 1)
        time.sleep(600)


def main(what: str, key: str, *rest: str) -> None:
    """Carry out what the command line says."""
    body = Body.objects.get(key=key)
    match what, rest:
        case "acts", (name, count):
            act(body, name, int(count))
        case "race", (stream, count):
            race(body, stream, int(count))
        case "hold", ():
            hold(body)
        case _:
            raise SystemExit(2)


if __name__ == "__main__":
    main(*sys.argv[1:])
