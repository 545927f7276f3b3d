"""Judging the rows: each act by the rules, as it would be entered, and what rows say of each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from gongkai.platform.cases.past.acts import (
    HANDLING,
    Letter,
    PastAct,
    acts_of,
    derived,
    is_opening,
    received_on,
)
from gongkai.platform.cases.past.fields import BY_KEY
from gongkai.platform.cases.past.mends import mend_of
from gongkai.platform.cases.past.rows import PastRow, Problem
from gongkai.platform.core.bases import Basis
from gongkai.rules.cases.clock import ClockState
from gongkai.rules.cases.clocks import deadlines
from gongkai.rules.cases.decide import Command, decide
from gongkai.rules.cases.fold import fold
from gongkai.rules.cases.state import CaseState
from gongkai.rules.event import Event
from gongkai.rules.refusal import Refusal
from gongkai.rules.vocabulary import CONFIRMED_CHANNELS
from gongkai.rules.workdays import CalendarNotPublished


@dataclass(frozen=True, slots=True)
class PastCase:
    """A row with the stream that it becomes, its letter, and its acts."""

    row: PastRow
    stream: str
    letter: Letter
    acts: tuple[PastAct, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """What the rules say of a row: the events, the state after them, and what stands against them."""

    events: tuple[Event, ...]
    state: CaseState
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Around:
    """What is there beside the rows: who is at work, and which numbers cases of the body bear already."""

    basis: Basis
    today: date
    actor: str
    handlers: frozenset[str]
    taken: Callable[[Sequence[str]], frozenset[str]]


def planned(rows: Sequence[PastRow], *, key: str, actor: str) -> list[PastCase]:
    """The cases of an import in their order; streams and letters follow from its key and the rows' places."""
    letters: dict[str, int] = defaultdict(int)
    found: list[PastCase] = []
    for row in rows:
        stream = derived("case", key, row.sheet, row.row)
        name = row.text("letter")
        if name and not is_opening(row):
            letters[name] += 1
            letter = Letter(derived("letter", key, "letter", name, length=16), letters[name])
        else:
            letter = Letter(derived("letter", key, row.sheet, row.row, length=16), 1)
        fits = not any(problem.error for problem in row.problems)
        acts = tuple(acts_of(row, stream=stream, letter=letter, approved_by=actor)) if fits else ()
        found.append(PastCase(row, stream, letter, acts))
    return found


def judge_case(case: PastCase, basis: Basis, actor: str) -> Judged:
    """The acts of a case, each by ``decide`` on what went before; of a refused one nothing follows.

    A mistake is told once: what needs a refused act is left out. ``problems_among`` tells of numbers in use.
    """
    events: list[Event] = []
    refused: set[str] = set()
    problems: list[Problem] = []
    state = fold(())
    for act in case.acts:
        if act.after in refused or (refused and act.kind == "request.registered"):
            refused.add(act.column)
            continue
        decided = decide(
            state, Command(act.kind, act.on, act.payload, actor=actor), basis.law, basis.calendar
        )
        if isinstance(decided, Refusal):
            if not (refused and act.kind in _ENDING):
                problems.append(_refused(case, act, decided))
            refused.add(act.column)
            if state.received_on is None and act.kind != "request.submitted":
                break
            continue
        events += [replace(event, stream=case.stream) for event in decided]
        state = fold(events)
    return Judged(tuple(events), state, tuple(problems))


_ENDING = frozenset({"reply.issued", "request.withdrawn"})
"""Acts whose refusal after that of an earlier step may be its consequence: told once that is mended."""
_COLUMNS: Mapping[str, str] = {
    "extension_length": "extension_days",
    "sub_kind_foreign": "sub_kind",
    "fee_short": "fee_amount",
    "no_lapse_of_correction": "outcome",
    "no_lapse_of_fee": "outcome",
    "unclear_without_correction": "outcome",
    "excessive_without_reasons": "outcome",
    "reasons_were_reasonable": "outcome",
    "consultation_open": "third_party_answered",
    "third_party_not_told": "third_party_told",
}
"""Where the mend of a refusal belongs, if not to the day of the act."""


def _refused(case: PastCase, act: PastAct, refusal: Refusal) -> Problem:
    said = refusal.message().rstrip("。").replace(derived("party", case.stream), _("第三方"))
    if refusal.code == "sub_kind_foreign":
        said = said.replace(case.row.text("sub_kind"), case.row.texts.get("sub_kind", ""))
    article = f"（{refusal.article}）" if refusal.article.startswith("《") else ""
    column = _COLUMNS.get(refusal.code, act.column)
    mend = mend_of(refusal.code, BY_KEY[column].heading)
    return Problem(column, refusal.code, said + article, mend, case.row.texts.get(column, ""))


def problems_of(case: PastCase, judged: Judged | None, around: Around) -> list[Problem]:
    """What is wrong with one row by itself, and what is worth knowing: shape first, then the law."""
    row = case.row
    found = [*row.problems, *_receipt(row)]
    if judged is not None:
        found += judged.problems
        if not judged.problems:
            found += _warnings(row, judged, around)
    if row.text("handler") and row.text("handler") not in around.handlers:
        found.append(
            Problem("handler", "handler_unknown", _("平台上没有这个承办人"),
                    _("可以不改：名字留在备注里，案件没有承办人"), row.text("handler"), error=False)
        )  # fmt: skip
    return found


def _receipt(row: PastRow) -> Iterator[Problem]:
    came, received, channel = row.day("came_on"), row.day("received_on"), row.text("channel")
    if came is None or received is None or not channel:
        return
    if received < came:
        yield Problem(
            "received_on", "received_before_it_came",
            _("收到日早于来件日 %(day)s") % {"day": came.isoformat()},
            _("核对“来件日”和“收到日”"), row.texts["received_on"],
        )  # fmt: skip
    elif channel not in CONFIRMED_CHANNELS and came != received:
        yield Problem(
            "received_on", "receipt_is_arrival",
            _("这一渠道的收到日就是来件日，这里来件日是 %(day)s") % {"day": came.isoformat()},
            _("两栏写同一天，或者只写“收到日”（条例第三十一条）"), row.texts["received_on"],
        )  # fmt: skip


def _warnings(row: PastRow, judged: Judged, around: Around) -> Iterator[Problem]:
    state = judged.state

    def warning(field: str, code: str, message: str, mend: str) -> Problem:
        return Problem(field, code, message, mend, row.texts.get(field, ""), error=False)

    if is_opening(row):
        told = [BY_KEY[key].heading for key in HANDLING if key in row.texts]
        more = _("；“%(names)s”只留在备注里") % {"names": "、".join(told)} if told else ""
        yield warning(
            "received_on",
            "opening",
            _("收到日早于 2019-05-15：作为期初案件导入，不计算期限") + more,
            _("不用改"),
        )
        return
    try:
        clocks = deadlines(state, around.basis.law, around.basis.calendar, around.today)
    except CalendarNotPublished:
        return
    reply = clocks.get("reply")
    if reply is not None and reply.state is ClockState.LATE and reply.due_on is not None:
        field = "dispatched" if row.day("dispatched") is not None else "reply_on"
        yield warning(
            field, "late", _("逾期答复：期限是 %(day)s") % {"day": reply.due_on.isoformat()},
            _("如实导入；日期写错的请改"),
        )  # fmt: skip
    if reply is not None and reply.state is ClockState.OVERDUE and reply.due_on is not None:
        yield warning(
            "reply_on", "overdue", _("还没有办结，期限 %(day)s 已过") % {"day": reply.due_on.isoformat()},
            _("导入以后列在待办的“逾期”里；已经办结的请补上结果和日期"),
        )  # fmt: skip
    elif state.reply is not None and not state.reply.dispatched_on and not state.reply.delivered_on:
        yield warning(
            "dispatched", "not_served", _("答复没有发出日，也没有送达日"),
            _("导入以后列在待办里；已经发出的请补上"),
        )  # fmt: skip


def problems_among(cases: Sequence[PastCase], around: Around) -> Mapping[int, list[Problem]]:
    """What rows say of each other, by the place of the case: numbers twice, letters that do not agree."""
    found: defaultdict[int, list[Problem]] = defaultdict(list)
    _same_numbers(cases, around, found)
    by_letter: defaultdict[str, list[int]] = defaultdict(list)
    for place, case in enumerate(cases):
        if case.row.text("letter") and not is_opening(case.row):
            by_letter[case.row.text("letter")].append(place)
    for places in by_letter.values():
        first = cases[places[0]].row
        for place in places[1:]:
            found[place] += _unlike(cases[place].row, first)
    return found


def _same_numbers(cases: Sequence[PastCase], around: Around, found: defaultdict[int, list[Problem]]) -> None:
    by_number: defaultdict[str, list[int]] = defaultdict(list)
    for place, case in enumerate(cases):
        if case.row.text("number"):
            by_number[case.row.text("number")].append(place)
    taken = around.taken(list(by_number))
    for number, places in by_number.items():
        first = cases[places[0]].row
        for place in places[1:]:
            found[place].append(
                Problem("number", "number_twice", _("与第 %(row)d 行的编号相同") % {"row": first.row},
                        _("核对两行的编号；同一件申请写了两行的，删去一行"), number)
            )  # fmt: skip
        if number in taken:
            for place in places:
                found[place].append(
                    Problem("number", "number_in_use", _("平台上已有这个编号的案件"),
                            _("已经登记过的删去这一行；不是同一件的，核对编号"), number)
                )  # fmt: skip


def _unlike(row: PastRow, first: PastRow) -> Iterator[Problem]:
    """What must be the same in all rows of one letter: it came once, by one way, from one applicant."""
    for key in ("channel", "applicant_kind", "name"):
        if row.text(key) and first.text(key) and row.text(key) != first.text(key):
            yield Problem(
                key, "letter_unlike",
                _("与同一来件的第 %(row)d 行不同：那里是“%(what)s”")
                % {"row": first.row, "what": first.texts.get(key, "")},
                _("同一来件的各行写得一样，或者改“来件编号”"), row.texts.get(key, ""),
            )  # fmt: skip
    here, there = received_on(row), received_on(first)
    if here is not None and there is not None and here != there:
        yield Problem(
            "received_on", "letter_unlike",
            _("与同一来件的第 %(row)d 行不同：那里是 %(day)s") % {"row": first.row, "day": there.isoformat()},
            _("同一来件只有一个收到日"), row.texts.get("received_on", here.isoformat()),
        )  # fmt: skip
    if (here is None) != (there is None):
        yield Problem(
            "received_on", "letter_unlike",
            _("同一来件的第 %(row)d 行有无收到日与这里不同") % {"row": first.row},
            _("同一来件只有一个收到日"), row.texts.get("received_on", ""),
        )  # fmt: skip
