"""Pairs of reports of two years: consistent ones, and ones with a planted mismatch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from gongkai.annual.model import Number

from .content import Dice, Made, draft_of, make
from .sheet import Draft


@dataclass(frozen=True, slots=True)
class Pair:
    """This year's and last year's report; ``families`` of which one must be raised, none if empty."""

    this: Draft
    last: Draft
    families: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()


def _made(seed: int) -> tuple[Made, Made]:
    """Two years of one body that agree: carried over, in force."""
    dice = Dice(seed)
    last = make(seed, "2021", year=dice.randint(2021, 2023))
    this = make(seed + 5000, "2021", body=last.body, year=last.year + 1)
    values: dict[str, Number | None] = dict(this.values)
    for column in this.form.grid("requests").blocks[0].columns:
        carried = int(last.values[f"requests.carried_out.{column.key}"] or 0)
        before = int(values[f"requests.carried_in.{column.key}"] or 0)
        new = f"requests.new.{column.key}"
        # What was carried in changes nothing of the outcomes: as many more or fewer were new.
        spare = int(values[new] or 0) + before - carried
        values[f"requests.carried_in.{column.key}"] = carried
        values[new] = spare
        if spare < 0:
            values[new] = 0
            for key in ("granted", "total"):
                path = f"requests.{key}.{column.key}"
                values[path] = int(values[path] or 0) - spare
    _add_up(this, values)
    for kind in ("regulations", "normative"):
        total = int(last.values[f"proactive.{kind}_valid"] or 0) + int(values[f"proactive.{kind}_made"] or 0)
        repealed = min(int(values[f"proactive.{kind}_repealed"] or 0), total)
        values[f"proactive.{kind}_repealed"] = repealed
        values[f"proactive.{kind}_valid"] = total - repealed
    return _plain(replace(this, values=values)), _plain(last)


def _add_up(made: Made, values: dict[str, Number | None]) -> None:
    """The total column again, from its parts."""
    for relation in made.form.relations:
        if relation.id == "AR-T3-003":
            values[relation.left[0]] = sum(int(values[p] or 0) for p in relation.right)


def _plain(made: Made) -> Made:
    sections: Mapping[str, tuple[str, ...]] = {
        **made.sections,
        "1": (f"{made.body.name}{made.year}年的公开事项按目录逐项落实,第{made.year % 100}号清单已经核对。",),
        "5": (f"{made.year}年新进人员较多,答复文书还要打磨。", f"{made.year + 1}年将编印范本。"),
        "6": (f"{made.year}年未收取信息处理费。",),
    }
    return replace(made, sections=sections)


def agreeing(seed: int) -> Pair:
    """Nothing to report."""
    this, last = _made(seed)
    return Pair(draft_of(this), draft_of(last))


def carried(seed: int) -> Pair:
    """Carried in differs from what last year carried out; this year's own sums hold."""
    this, last = _made(seed)
    values = dict(this.values)
    for column in ("natural_person", "total"):
        for row in ("carried_in", "total", "granted"):
            path = f"requests.{row}.{column}"
            values[path] = int(values[path] or 0) + 6
    cells = ("requests.carried_in.natural_person", "requests.carried_in.total")
    return Pair(draft_of(replace(this, values=values)), draft_of(last), ("AR-Y-001",), cells)


def in_force(seed: int) -> Pair:
    """Documents in force do not follow from last year's."""
    this, last = _made(seed)
    path = "proactive.normative_valid"
    values = {**this.values, path: int(this.values[path] or 0) + 9}
    return Pair(draft_of(replace(this, values=values)), draft_of(last), ("AR-Y-002",), (path,))


def growth(seed: int) -> Pair:
    """The growth of requests stated does not follow from the two reports."""
    this, last = _made(seed)
    new, before = int(this.values["requests.new.total"] or 0), int(last.values["requests.new.total"] or 1)
    wrong = round((new - before) * 100 / max(before, 1)) + 41
    word = "增长" if wrong >= 0 else "下降"
    sentence = f"{this.year}年新收政府信息公开申请{new}件,较上年{word}{abs(wrong)}%。"
    sections = {**this.sections, "1": (*this.sections["1"], sentence)}
    return Pair(draft_of(replace(this, sections=sections)), draft_of(last), ("AR-Y-", "AR-N-"))


def copied(seed: int) -> Pair:
    """A sentence with figures and a date stands in both reports word for word."""
    this, last = _made(seed)
    sentence = f"{last.year}年9月14日组织全体业务人员培训,参训137人次,走访服务窗口26个。"
    return Pair(
        draft_of(replace(this, sections={**this.sections, "1": (*this.sections["1"], sentence)})),
        draft_of(replace(last, sections={**last.sections, "1": (*last.sections["1"], sentence)})),
        ("AR-Y-", "AR-N-"),
    )


PAIRS: dict[str, Callable[[int], Pair]] = {
    "agreeing": agreeing,
    "carried": carried,
    "in_force": in_force,
    "growth": growth,
    "copied": copied,
}
