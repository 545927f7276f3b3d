"""Seeded content of a whole report: consistent tables, a body, a narrative that agrees with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from gongkai.annual.form import Form, builtin_forms
from gongkai.annual.model import Number, Scope

from . import words
from .sheet import Draft, Heading, Item, Para, Sheets, heading_text, sheet_of


class Dice(Random):
    """A seeded source of choices; nothing here is secret."""

    def small(self) -> int:
        """A small count, mostly 0."""
        return self.choice((0, 0, 0, 0, 0, 0, 1, 1, 2, 3, 5, 8))

    def size(self) -> int:
        """A count of any size, now and then a large one."""
        return self.choice((0, 0, self.randint(1, 9), self.randint(10, 99), self.randint(100, 20000)))


@dataclass(frozen=True, slots=True)
class Body:
    """An invented public body: its name, whom it calls itself, what level it is."""

    name: str
    site: str
    level: str
    scope: Scope = Scope.UNKNOWN


BODIES = (
    Body("澜江省人民政府办公厅", "澜江省人民政府门户网站", "province"),
    Body("青槐市", "青槐市人民政府门户网站", "city"),
    Body("青槐市住房和城乡建设局", "青槐市政府信息公开平台", "office"),
    Body("云溪县", "云溪县人民政府网站", "county"),
    Body("云溪县人民政府办公室", "云溪县人民政府网站", "office"),
    Body("云溪县农业农村局", "云溪县政府信息公开专栏", "office"),
    Body("石枧镇人民政府", "云溪县人民政府网站", "town"),
    Body("望鹤乡", "云溪县人民政府网站", "town"),
    Body("临浦区市场监督管理局", "临浦区人民政府门户网站", "office"),
    Body("沙岭街道办事处", "临浦区政务公开专栏", "town"),
)


@dataclass(frozen=True, slots=True)
class Made:
    """A generated report: what it says, before it is laid out."""

    form: Form
    seed: int
    body: Body
    year: int
    values: Mapping[str, Number | None]
    sections: Mapping[str, tuple[str, ...]]
    """Paragraphs by section; ``0`` is the preface."""
    notice: str | None
    period: tuple[str, str] | None
    signed: tuple[str, str]

    @property
    def title(self) -> str:
        """The report's official title."""
        return f"{self.body.name}{self.year}年政府信息公开工作年度报告"


def forms() -> dict[str, Form]:
    """The editions shipped, by name."""
    return {f.edition: f for f in builtin_forms()}


def make(seed: int, edition: str | None = None, *, body: Body | None = None, year: int | None = None) -> Made:
    """A whole consistent report from a seed; edition, body and year are drawn where not given."""
    dice = Dice(seed)
    edition = edition or dice.choice(("2019", "2021", "2021"))
    form = forms()[edition]
    drawn_body = dice.choice(BODIES)
    drawn_year = dice.randint(form.first_year, form.last_year or 2025)
    body = body or drawn_body
    year = year or drawn_year
    values = numbers(form, dice, body)
    facts = words.Facts(form=form, body=body.name, site=body.site, year=year, values=values)
    sections = words.narrative(facts, dice)
    return Made(
        form=form,
        seed=seed,
        body=body,
        year=year,
        values=values,
        sections=sections,
        notice=form.instrument["number"],
        period=(f"{year}-01-01", f"{year}-12-31"),
        signed=(body.name, f"{year + 1}-01-{dice.randint(10, 28)}"),
    )


def numbers(form: Form, dice: Dice, body: Body) -> dict[str, Number | None]:
    """Numbers for every cell of an official edition; every relation holds by construction."""
    values: dict[str, Number | None] = {}
    for path, spec in form.cells.items():
        if spec.grid == "proactive":
            values[path] = _proactive(path, dice, body)
    _requests(form, dice, values)
    for relation in form.relations:
        if relation.id == "AR-T4-001":
            for part in relation.right:
                values[part] = dice.small()
            values[relation.left[0]] = _sum(values, relation.right)
    if form.edition == "2019":
        made = dice.randint(0, 60)
        values["proactive.normative_made"] = values["proactive.normative_published"] = made
        values["proactive.normative_total"] = made + dice.randint(0, 400)
    else:
        values["proactive.normative_valid"] = dice.randint(60, 500)
    return {path: values[path] for path in form.cells}


def _proactive(path: str, dice: Dice, body: Body) -> Number:
    if path.startswith("proactive.regulations"):
        return 3 if body.level == "province" and not path.endswith(("_repealed", "_change")) else 0
    if path.endswith("_change"):
        return dice.choice((0, 0, 4, 20, 7))
    if path.endswith("fees_wan_yuan"):
        return dice.choice((0, Decimal("26.40"), Decimal("21273.89"), 2401, Decimal("0.85")))
    if path.endswith("amount_yuan"):
        return dice.choice((0, 251000, 4935000, 78000))
    if path.startswith("proactive.normative"):
        return dice.randint(1, 60)
    return dice.size()


def _requests(form: Form, dice: Dice, values: dict[str, Number | None]) -> None:
    columns = [c.key for c in form.grid("requests").blocks[0].columns]
    outcomes = next(r for r in form.relations if r.id == "AR-T3-002").right
    rows = [p.split(".")[1] for p in outcomes]
    scale = dice.choice((1, 1, 6, 40))
    for column in columns[:-1]:
        busy = column == "natural_person" or dice.random() < 0.3
        for row in rows:
            values[f"requests.{row}.{column}"] = dice.small() * dice.randint(1, scale) if busy else 0
        if column == "natural_person":
            values["requests.granted.natural_person"] = dice.randint(3, 30) * scale
        total = _sum(values, tuple(f"requests.{row}.{column}" for row in rows))
        carried_out = dice.choice((0, 0, 1, 4)) if busy else 0
        carried_in = dice.choice((0, 0, 1, 3)) if total + carried_out > 5 else 0
        values[f"requests.total.{column}"] = total
        values[f"requests.carried_out.{column}"] = carried_out
        values[f"requests.carried_in.{column}"] = carried_in
        values[f"requests.new.{column}"] = total + carried_out - carried_in
    for row in (*rows, "total", "carried_out", "carried_in", "new"):
        parts = tuple(f"requests.{row}.{c}" for c in columns[:-1])
        values[f"requests.{row}.{columns[-1]}"] = _sum(values, parts)


def _sum(values: Mapping[str, Number | None], paths: tuple[str, ...]) -> int:
    return int(sum(values[p] or 0 for p in paths))


def draft_of(made: Made) -> Draft:
    """The report laid out as the official form wants it, everything in place."""
    items: list[Item] = [Para("title", made.title)]
    items += [Para("0", p) for p in made.sections["0"]]
    for section in made.form.sections:
        items.append(Heading(section.id, heading_text(section)))
        items += [Para(section.id, p) for p in made.sections.get(section.id, ())]
        grids = [g for g in made.form.grids if g.section == section.id]
        items += [Sheets(section.id, (sheet_of(g, made.values),)) for g in grids]
    year, month, day = made.signed[1].split("-")
    items += [Para("signed", made.signed[0]), Para("signed", f"{year}年{int(month)}月{int(day)}日")]
    return Draft(
        form=made.form,
        items=tuple(items),
        values=made.values,
        body=made.body.name,
        year=made.year,
        notice=made.notice,
        period=made.period,
    )


def clean(seed: int, edition: str | None = None) -> Draft:
    """A consistent report, laid out."""
    return draft_of(make(seed, edition))
