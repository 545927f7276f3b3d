"""``replay``: a report as a lived year of acts that counts back to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from gongkai.annual.model import Report
from gongkai.replay.chance import Chance
from gongkai.replay.errors import CannotReplay
from gongkai.replay.intake import Year, begin, carried_case, new_case, open_case
from gongkai.replay.life import Life
from gongkai.replay.perform import perform
from gongkai.replay.proactive import NOT_TOLD_BY_ACTS, acts_of
from gongkai.replay.remedies import PENDING, contest
from gongkai.replay.target import Difference, Filled, target_of
from gongkai.rules.cases.periods import Rules
from gongkai.rules.event import Event
from gongkai.rules.law import Law
from gongkai.rules.vocabulary import ApplicantKind, DecisionKind, Outcome, RemedyKind, RemedyResult
from gongkai.rules.workdays import WorkCalendar

BODY_STREAM = "body"
"""The stream of acts outside cases."""


@dataclass(frozen=True, slots=True)
class Replay:
    """A year of acts, the report it was made from, and everything in which that is not the published one."""

    body: str
    year: int
    seed: int
    events: tuple[Event, ...]
    """In the order of recording, with stream, seq, position, recorded_at and actor."""
    target: Report
    """The report that was replayed: the published one, with ``differences`` and ``filled`` carried out."""
    differences: tuple[Difference, ...]
    """Printed numbers that contradict others, and the numbers that were lived in their place."""
    filled: tuple[Filled, ...]
    """Cells without certain number in print and what was lived for them."""
    free_cells: tuple[str, ...]
    """Cells without number that nothing determines: no acts were made for them."""
    not_told: tuple[str, ...]
    """Printed cells for which there is no act (form of 2019); a count leaves them blank."""
    ambiguous: bool
    """Other consistent reports are as near to the printed one; the first was taken."""

    @property
    def cases(self) -> int:
        """How many cases there are, those of before the year among them."""
        return len({event.stream for event in self.events} - {BODY_STREAM})


def replay(report: Report, *, seed: int, law: Law, calendar: WorkCalendar, body: str) -> Replay:
    """Live the year of a report.

    - ``report``: as ``gongkai.annual.read`` gives it; where its tables contradict themselves the nearest
      consistent report is lived, and the result says in what it differs;
    - ``seed``: the same report, seed and body give the same events;
    - ``law``, ``calendar``: by which every act is judged; ``body``: whose ledger it is.

    Every event of a case comes out of ``decide``. Raises ``CannotReplay`` for a report from which no year
    can be made, ``SolverMissing`` where a contradiction needs the optional solver, ``NotLawful`` for a
    fault of this generator. Source: ``docs/explanation/replay.md``.
    """
    if report.year is None:
        raise CannotReplay("no_year")
    target = target_of(report)
    chance = Chance("gongkai.replay", seed, body, report.year)
    year = Year.of(report.year, Rules(law, calendar), chance)
    lives = _lives(target.report, year, chance)
    lives += contest(_remedies(target.report), lives, year, chance)
    lives = _named(lives, year, chance)
    for life in lives:
        begin(life, year)
    events = perform(lives, acts_of(target.report, year, chance), BODY_STREAM, year, chance)
    return Replay(
        body=body,
        year=report.year,
        seed=seed,
        events=events,
        target=target.report,
        differences=target.differences,
        filled=target.filled,
        free_cells=target.free_cells,
        not_told=tuple(_not_told(target.report)),
        ambiguous=target.ambiguous,
    )


def _not_told(report: Report) -> Iterator[str]:
    for path in NOT_TOLD_BY_ACTS:
        if path in report.form.cells and report.value(path) is not None:
            yield path
    for kind in DecisionKind:
        previous, change = f"proactive.{kind.value}_previous", f"proactive.{kind.value}_change"
        if (
            change in report.form.cells
            and report.value(change) is not None
            and report.value(previous) is None
        ):
            yield change


# --- cases ----------------------------------------------------------------------------------------------


def _outcomes(report: Report, column: str, chance: Chance, *, fees: bool) -> list[Outcome]:
    """The outcomes of a column, one for each case; a joint row is spread over what it stands for."""
    out: list[Outcome] = []
    for row in _result_rows(report, column):
        number = int(report.value(f"requests.{row}.{column}") or 0)
        if row == "other":
            weights = {Outcome.OTHER_NO_CORRECTION: 3.0, Outcome.OTHER_OTHER: 6.0}
            if fees:
                weights[Outcome.OTHER_UNPAID] = 0.3
            out += [chance.weighted(weights) for _ in range(number)]
        else:
            out += [Outcome(row)] * number
    return out


def _result_rows(report: Report, column: str) -> list[str]:
    """Rows of results as printed: an alternate in place of those it stands for."""
    block = report.form.grid("requests").blocks[0]
    rows: list[str] = []
    for row in (*block.rows, *block.alternates):
        path = block.path(row.key, column)
        known = row.key in {*map(str, Outcome), "other"}
        if known and path in report.cells and report.value(path) is not None:
            rows.append(row.key)
    return rows


def _lives(report: Report, year: Year, chance: Chance) -> list[Life]:
    lives: list[Life] = []
    for kind in ApplicantKind:
        column = kind.value
        carried = int(report.value(f"requests.carried_in.{column}") or 0)
        outcomes = chance.shuffled(_outcomes(report, column, chance, fees=year.lengths.fee is not None))
        left = int(report.value(f"requests.carried_out.{column}") or 0)
        # What was open from the year before is decided first; more of it than results stays open.
        lives += [carried_case(column, outcome, year, chance) for outcome in outcomes[:carried]]
        waiting = max(0, carried - len(outcomes))
        lives += [carried_case(column, None, year, chance) for _ in range(waiting)]
        letter: Life | None = None
        for outcome in outcomes[carried:]:
            shared = letter if letter is not None and chance.often(0.06) else None
            life = new_case(column, outcome, year, chance, shared)
            letter = None if life.split_from is not None or life.opening else life
            lives.append(life)
        lives += [open_case(column, year, chance) for _ in range(left - waiting)]
    return lives


def _remedies(report: Report) -> dict[str, dict[str, int]]:
    results = (*(result.value for result in RemedyResult), PENDING)
    return {
        kind.value: {result: int(report.value(f"{kind.value}.{result}") or 0) for result in results}
        for kind in RemedyKind
    }


def _named(lives: Sequence[Life], year: Year, chance: Chance) -> list[Life]:
    """Streams and numbers, in the order of receipt; a letter's parts follow its first case."""
    used: set[str] = set()
    ordered = sorted(lives, key=lambda life: (life.received_on, life.split_from is not None))
    counters = {year.year: 0, year.year - 1: chance.whole(20, 90)}
    for life in ordered:
        while not life.stream or life.stream in used:
            life.stream = f"case-{chance.token(10)}"
        used.add(life.stream)
        of = life.received_on.year
        counters[of] += 1
        life.number = f"依申请〔{of}〕{counters[of]}号"
        _number_replies(life, f"依复〔{of}〕{counters[of]}")
    return ordered


def _number_replies(life: Life, stem: str) -> None:
    before: str | None = None
    for at, step in enumerate(s for s in life.steps if s.kind == "reply.issued"):
        number = f"{stem}号" if at == 0 else f"{stem}-{at}号"
        payload: dict[str, Any] = {"number": number}
        if before is not None:
            payload["supersedes"] = before
        step.payload.update(payload)
        before = number
