"""``dry_run``: what an act would do, worked out before it is done; nothing is written.

The same facts, the same ``decide`` and the same clocks as ``perform_act``, so that what the confirm page says
is what happens (held by a property test), unless somebody else acts in between.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from gongkai.platform.cases.case_view import Loaded, load_case, state_on, turn_of
from gongkai.platform.cases.facts import facts_for
from gongkai.platform.cases.projection import overdue_before_asking
from gongkai.platform.cases.services.acting import DatedInFuture, SomebodyWasFaster, Step, permission_for
from gongkai.platform.cases.showing import words
from gongkai.platform.cases.showing.clocks import ClockView, clock_view
from gongkai.platform.cases.showing.names import Names, names_of
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.bases import Basis
from gongkai.platform.core.models import Body
from gongkai.rules.cases.clock import Clock, ClockState
from gongkai.rules.cases.clocks import Deadlines, deadlines
from gongkai.rules.cases.decide import Command, decide
from gongkai.rules.cases.fold import fold
from gongkai.rules.cases.state import CaseState
from gongkai.rules.event import Event
from gongkai.rules.refusal import Refusal
from gongkai.rules.workdays import CalendarNotPublished


@dataclass(frozen=True, slots=True)
class Effect:
    """What would change: sentences for the page, and the clocks as they would then be."""

    refusal: Refusal | None
    lines: tuple[str, ...] = ()
    phase: str = ""
    reply: ClockView | None = None
    clocks: tuple[ClockView, ...] = ()
    provisional: bool = False
    warnings: tuple[str, ...] = ()
    """What the act does not mend; told before all else."""

    @property
    def lawful(self) -> bool:
        """The rules allow it as things stand."""
        return self.refusal is None


def dry_run(*, body: Body, stream: str, step: Step, expected_seq: int, actor: Actor) -> Effect:
    """The effect of a step on a case, or its refusal.

    Raises as ``perform_act`` does: ``NotPermitted``, ``DatedInFuture``, ``SomebodyWasFaster``; and
    ``NoSuchCase``.
    """
    actor.require(permission_for(step.kind), body)
    if step.occurred_on > actor.today:
        raise DatedInFuture(step.occurred_on, actor.today)
    loaded = load_case(body=body, stream=stream, actor=actor)
    if loaded.past.seq != expected_seq:
        raise SomebodyWasFaster(stream, expected_seq, loaded.past.seq)
    return effect_of(loaded, step, actor)


def effect_of(loaded: Loaded, step: Step, actor: Actor) -> Effect:
    """The effect of a step on a case that is loaded already."""
    events = loaded.past.events
    facts = facts_for(loaded.body, loaded.stream, step.kind, step.payload, step.occurred_on)
    command = Command(step.kind, step.occurred_on, step.payload, facts, actor.key)
    decided = decide(fold(events), command, loaded.basis.law, loaded.basis.calendar)
    if isinstance(decided, Refusal):
        return Effect(decided)
    history = [*events, *(replace(event, stream=loaded.stream) for event in decided)]
    after, _later = state_on(history, actor.today)
    then = _deadlines(after, loaded.basis, actor.today)
    named = replace(loaded, names=_named_then(loaded, history, step))
    lines = _lines(named, after, then, actor.today)
    clocks = () if then is None else tuple(clock_view(c, named.names, actor.today) for c in then.clocks)
    reply = next((clock for clock in clocks if clock.clock == "reply"), None)
    word = str(words.phase_of(after)[0])
    warned = _warnings(loaded, after, then)
    provisional = any(c.provisional and c.live for c in clocks)
    return Effect(None, lines, word, reply, clocks, provisional, warned)


def _warnings(loaded: Loaded, after: CaseState, then: Deadlines | None) -> tuple[str, ...]:
    before = loaded.worked.deadlines
    if before is None or then is None:
        return ()
    told: list[str] = []
    was, now = before.get("reply"), then.get("reply")
    if (
        was is not None and now is not None and was.state is ClockState.OVERDUE and was.due_on is not None
        and overdue_before_asking(after, now, loaded.basis) is not None
    ):  # fmt: skip
        told.append(
            _(
                "答复期限已于 %(day)s 届满，已经逾期。现在告知补正不消除逾期：案件仍然列在“逾期”里，"
                "请尽快答复。"
            )
            % {"day": was.due_on.isoformat()}
        )
    told += _late_notice(before.get("correction_notice"), then.get("correction_notice"), now)
    return tuple(told)


def _late_notice(was: Clock | None, now: Clock | None, reply: Clock | None) -> list[str]:
    """A correction may still be asked for after the seventh working day; that it was too late remains."""
    if now is None or now.state is not ClockState.LATE or now.due_on is None or was == now:
        return []
    strict = None if reply is None else reply.conservative_due_on
    rest = "" if strict is None else _("从严计算，答复期限仍是 %(day)s。") % {"day": strict.isoformat()}
    late = _("补正告知晚于收到后第 7 个工作日（%(day)s），记为逾期。") % {"day": now.due_on.isoformat()}
    return [late + rest]


def _named_then(loaded: Loaded, history: list[Event], step: Step) -> Names:
    """Names as the page will have them: with that of whom the step brings into the case."""
    *before, last = history
    last = replace(last, payload={**last.payload, "ref": _NOT_KEPT})
    return names_of([*before, last], {**loaded.texts, _NOT_KEPT: step.texts}, revealed=False)


_NOT_KEPT = "not-kept-yet"


def _deadlines(state: CaseState, basis: Basis, as_of: date) -> Deadlines | None:
    try:
        return deadlines(state, basis.law, basis.calendar, as_of)
    except CalendarNotPublished:
        return None


def _lines(loaded: Loaded, after: CaseState, then: Deadlines | None, today: date) -> tuple[str, ...]:
    before = loaded.worked
    lines: list[str] = []
    was, now = words.phase_of(before.state)[0], words.phase_of(after)[0]
    if was != now:
        lines.append(_("状态由“%(was)s”变为“%(now)s”。") % {"was": was, "now": now})
    old = () if before.deadlines is None else before.deadlines.clocks
    new = () if then is None else then.clocks
    reply_was, reply_now = _named(old, "reply"), _named(new, "reply")
    lines.append(_reply_line(reply_was, reply_now))
    lines += _other_lines(loaded, old, new, today)
    turn = turn_of(after, new, loaded.names, today)
    rest = f"（{turn.small}）" if turn.small else ""
    lines.append(_("之后轮到%(who)s%(rest)s。") % {"who": turn.value, "rest": rest})
    if then is None:
        lines.append(_("有期限超出已收录的放假安排，暂时不能计算。"))
    return tuple(line for line in lines if line)


def _named(clocks: Sequence[Clock], name: str) -> Clock | None:
    return next((clock for clock in clocks if clock.clock == name), None)


def _reply_line(was: Clock | None, now: Clock | None) -> str:
    if now is None:
        return ""
    if was == now:
        return _("答复期限不变：%(due)s。") % {"due": said(now)}
    if was is None:
        return _("答复期限：%(due)s。") % {"due": said(now)}
    old, new = said(was), said(now)
    if old == new:
        return _("答复期限不变：%(due)s。") % {"due": new}
    if now.due_on is not None and (was.due_on, was.conservative_due_on) == (
        now.due_on,
        now.conservative_due_on,
    ):
        return _("答复期限 %(day)s 不变：%(state)s。") % {
            "day": now.due_on.isoformat(),
            "state": words.CLOCK_STATES[now.state][0],
        }
    return _("答复期限由“%(old)s”改为“%(new)s”。") % {"old": old, "new": new}


def said(clock: Clock) -> str:
    """Where a reply clock stands, in a few words: 2026-03-13, 停下，最早 …，最晚 …"""
    state = words.CLOCK_STATES[clock.state][0]
    if clock.state is ClockState.PAUSED:
        days = {
            "earliest": clock.earliest_due_on.isoformat() if clock.earliest_due_on is not None else _("不定"),
            "latest": clock.latest_due_on.isoformat() if clock.latest_due_on is not None else _("不定"),
        }
        return _("停下，到期日最早 %(earliest)s，最晚 %(latest)s") % days
    if clock.due_on is None:
        return str(state)
    told = clock.state in (ClockState.MET, ClockState.LATE, ClockState.OVERDUE)
    conservative = clock.conservative_due_on
    strict = _("，从严计算 %(day)s") % {"day": conservative.isoformat()} if conservative is not None else ""
    return f"{clock.due_on.isoformat()}{f'，{state}' if told else ''}{strict}"


def _other_lines(loaded: Loaded, old: Sequence[Clock], new: Sequence[Clock], today: date) -> list[str]:
    before = {(c.clock, c.party, c.started_on): c for c in old if c.clock != "reply"}
    lines: list[str] = []
    for clock in new:
        if clock.clock == "reply":
            continue
        known = before.get((clock.clock, clock.party, clock.started_on))
        if known is not None and (known.state, known.due_on) == (clock.state, clock.due_on):
            continue
        view = clock_view(clock, loaded.names, today)
        if view.live:
            rest = view.due or _("从送达的次日起算")
            lines.append(_("%(clock)s：%(due)s。") % {"clock": view.label, "due": rest})
        elif clock.due_on is None and clock.ended_on is None:
            lines.append(_("%(clock)s：还没有起算，等送达记录。") % {"clock": view.label})
        else:
            lines.append(_("%(clock)s：%(state)s。") % {"clock": view.label, "state": view.state})
    return lines
