"""The clocks of a case in words: every deadline with its steps, articles and what is left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from gongkai.platform.cases.showing import words
from gongkai.platform.cases.showing.names import Names
from gongkai.rules.cases.clock import Clock, ClockState


@dataclass(frozen=True, slots=True)
class StepView:
    """One sentence of how a date came about."""

    on: date | None
    text: str
    article: str


@dataclass(frozen=True, slots=True)
class ClockView:
    """One deadline as the page shows it. ``mark`` is the shape beside the word ``state``."""

    clock: str
    label: str
    state: str
    mark: str
    who: str | Promise
    due: str
    """The due date with its rest in words; empty where there is none."""
    due_on: date | None
    note: str
    """Earliest and latest date of a paused clock, the conservative date of a late notice."""
    provisional: bool
    steps: tuple[StepView, ...]
    started_on: date | None
    ended_on: date | None
    live: bool
    """Still runs, is paused or overdue."""


def clock_view(clock: Clock, names: Names, today: date) -> ClockView:
    """A clock in words."""
    label = str(words.CLOCKS[clock.clock])
    if clock.party is not None:
        label = f"{label}（{names.of(clock.party)}）"
    state, usual = words.CLOCK_STATES[clock.state]
    return ClockView(
        clock=clock.clock,
        label=label,
        state=str(state),
        mark=words.mark_of(clock.state, clock.working_days_left, usual),
        who=words.WHO[clock.who],
        due=words.due(clock.due_on, clock.working_days_left, today),
        due_on=clock.due_on,
        note=_note(clock),
        provisional=clock.provisional,
        steps=tuple(StepView(s.on, names.said(s.text()), s.article or "") for s in clock.steps),
        started_on=clock.started_on,
        ended_on=clock.ended_on,
        live=clock.state in (ClockState.RUNNING, ClockState.PAUSED, ClockState.OVERDUE),
    )


def _note(clock: Clock) -> str:
    told: list[str] = []
    if clock.state is ClockState.PAUSED:
        if clock.earliest_due_on is not None:
            told.append(_("今天收到的话到 %(day)s") % {"day": clock.earliest_due_on.isoformat()})
        if clock.latest_due_on is None:
            told.append(_("最晚不定"))
        else:
            told.append(_("最晚到 %(day)s") % {"day": clock.latest_due_on.isoformat()})
    if clock.conservative_due_on is not None:
        day = {"day": clock.conservative_due_on.isoformat()}
        told.append(_("补正告知晚于第 7 个工作日；从严计算到 %(day)s") % day)
    return "；".join(told)
