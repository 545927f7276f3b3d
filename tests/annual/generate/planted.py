"""Planted errors of every kind, each with the family of findings that must name it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from gongkai.annual.model import Number

from .content import BODIES, Dice, Made, draft_of, make
from .sheet import Draft, Heading, Item, Para


@dataclass(frozen=True, slots=True)
class Planted:
    """A draft with one error; ``families`` are prefixes of codes one of which must be raised.

    ``cells``: the finding names one of these; ``quote``: or its span lies over these words.
    ``soft``: a note is enough; else it must be a warning or an error. ``hard``: it must be an error.
    """

    draft: Draft
    families: tuple[str, ...]
    cells: tuple[str, ...] = ()
    quote: str | None = None
    soft: bool = False
    hard: bool = False


Plant = Callable[[int], Planted]

STEM = "(二)依申请公开。"


def _quiet(seed: int, edition: str | None = None) -> Made:
    """A report whose narrative states no figure of the tables, so that the planted one is alone."""
    made = make(seed, edition)
    sections = {
        **made.sections,
        "1": (f"{made.body.name}在{made.year}年按时更新公开目录。", f"{STEM}答复文书均经审核。"),
        "6": ("没有其他需要报告的事项。",),
    }
    return replace(made, sections=sections)


def _say(made: Made, sentence: str) -> Draft:
    draft = draft_of(made)
    items: list[Item] = []
    for item in draft.items:
        items.append(item)
        if isinstance(item, Para) and item.text.startswith(STEM):
            items[-1] = replace(item, text=item.text + sentence)
    return replace(draft, items=tuple(items))


def _n(made: Made, path: str) -> int:
    return int(made.values[path] or 0)


def _claim(
    sentence: str,
    path: str,
    *,
    families: tuple[str, ...] = ("AR-N-",),
    edition: str | None = None,
    by: int = 7,
) -> Plant:
    """A sentence with ``{n}`` that states another number than the cell's."""

    def plant(seed: int) -> Planted:
        made = _quiet(seed, edition)
        wrong = str(_n(made, path) + by)
        return Planted(_say(made, sentence.format(n=wrong)), families, (path,), wrong)

    return plant


def _litigation(seed: int) -> Planted:
    made = _quiet(seed)
    direct, after = _n(made, "litigation_direct.total"), _n(made, "litigation_after_reconsideration.total")
    wrong = str(direct + after + 11)
    cells = ("litigation_direct.total", "litigation_after_reconsideration.total")
    return Planted(_say(made, f"全年发生政府信息公开行政诉讼案件{wrong}件。"), ("AR-N-",), cells, wrong)


def _sentence(sentence: str, quote: str, *, soft: bool = False) -> Plant:
    """A sentence that contradicts itself."""

    def plant(seed: int) -> Planted:
        return Planted(_say(_quiet(seed), sentence), ("AR-N-",), (), quote, soft)

    return plant


def _fee_unit(seed: int) -> Planted:
    path = "proactive.fees_wan_yuan"
    made = _quiet(seed, "2021")
    made = replace(made, values={**made.values, path: 2401})
    return Planted(
        _say(made, "全年行政事业性收费2401元,均已上缴国库。"), ("AR-N-", "AR-V-"), (path,), "2401", soft=True
    )


def _relation(code: str) -> Plant:
    """One cell of a relation of that code is off by one."""

    def plant(seed: int) -> Planted:
        made = _quiet(seed)
        dice = Dice(seed * 31 + 7)
        relation = dice.choice([r for r in made.form.relations if r.id == code])
        path = dice.choice(relation.cells)
        wrong: Number = (made.values[path] or 0) + dice.choice((1, 2, 10))
        changed = replace(made, values={**made.values, path: wrong})
        return Planted(draft_of(changed), (code,), (path,), hard=True)

    return plant


def _total_not_updated(seed: int) -> Planted:
    """Totals of 0 over parts that are not."""
    made = _quiet(seed)
    relation = next(r for r in made.form.relations if r.id == "AR-T4-001")
    changed = {**made.values, relation.left[0]: 0, relation.right[0]: 3}
    return Planted(draft_of(replace(made, values=changed)), ("AR-T4-001",), relation.left, hard=True)


def _notice(seed: int) -> Planted:
    draft = draft_of(_quiet(seed))
    other = {"2019": "国办公开办函〔2021〕30号", "2021": "国办公开办函〔2019〕60号"}[draft.form.edition]
    return Planted(draft.edit_text(lambda t: t.replace(draft.notice or "", other)), ("AR-E-",))


def _period(seed: int) -> Planted:
    draft = draft_of(_quiet(seed))
    last = draft.year - 1
    changed = draft.edit_text(
        lambda t: t.replace(f"{draft.year}年1月1日", f"{last}年1月1日").replace(
            f"{draft.year}年12月31日", f"{last}年12月31日"
        )
    )
    return Planted(changed, ("AR-E-",))


def _edition(seed: int) -> Planted:
    """Tables of the 2019 form in a report of 2023."""
    made = make(seed, "2019", year=2023)
    return Planted(draft_of(made), ("AR-E-",))


def _section(number: str) -> Plant:
    def plant(seed: int) -> Planted:
        draft = draft_of(_quiet(seed))
        items = tuple(i for i in draft.items if getattr(i, "section", "") != number)
        return Planted(replace(draft, items=items), ("AR-S-",))

    return plant


def _empty_section(seed: int) -> Planted:
    draft = draft_of(_quiet(seed))
    items = tuple(i for i in draft.items if not (isinstance(i, Para) and i.section == "5"))
    return Planted(replace(draft, items=items), ("AR-S-",))


def _no_fee_statement(seed: int) -> Planted:
    return Planted(draft_of(_quiet(seed, "2021")), ("AR-S-", "AR-N-"), soft=True)


def _township_regulations(seed: int) -> Planted:
    town = next(b for b in BODIES if b.level == "town")
    made = _quiet(seed, "2021")
    made = replace(make(seed, "2021", body=town), sections=made.sections)
    values = {**made.values, "proactive.regulations_made": 2, "proactive.regulations_valid": 5}
    cells = ("proactive.regulations_made", "proactive.regulations_valid")
    return Planted(draft_of(replace(made, values=values)), ("AR-V-",), cells)


def _negative(seed: int) -> Planted:
    made = _quiet(seed)
    path = "proactive.normative_made"
    return Planted(draft_of(replace(made, values={**made.values, path: -4})), ("AR-V-", "AR-R-"), (path,))


def _fraction(seed: int) -> Planted:
    draft = draft_of(_quiet(seed))
    path = "requests.granted.natural_person"

    def show(text: str) -> str:
        return f"{text}.5"

    changed = draft.edit_sheets(
        lambda s: s.edit(lambda c: replace(c, text=show(c.text)) if c.path == path else c)
    ).truth({path: None})
    return Planted(changed, ("AR-V-", "AR-R-"), (path,))


def _blanks(seed: int) -> Planted:
    """Blanks in Table 3 under which the relations hold only if blank is 0."""
    made = _quiet(seed)
    empty: dict[str, Number | None] = {p: None for p, v in made.values.items() if v == 0 and "requests." in p}
    return Planted(draft_of(replace(made, values={**made.values, **empty})), ("AR-V-", "AR-T3-"), soft=True)


def _headings_twice(seed: int) -> Planted:
    """Section three's heading is missing though its table stands there."""
    draft = draft_of(_quiet(seed))
    items = tuple(i for i in draft.items if not (isinstance(i, Heading) and i.section == "3"))
    return Planted(replace(draft, items=items), ("AR-S-",), soft=True)


PLANTED: dict[str, Plant] = {
    "relation_t3_001": _relation("AR-T3-001"),
    "relation_t3_002": _relation("AR-T3-002"),
    "relation_t3_003": _relation("AR-T3-003"),
    "relation_t4_001": _relation("AR-T4-001"),
    "total_not_updated": _total_not_updated,
    "received": _claim("全年新收政府信息公开申请{n}件。", "requests.new.total", by=17),
    "carried_in": _claim("上年结转政府信息公开申请{n}件。", "requests.carried_in.total", by=17),
    "carried_out": _claim("结转下年度继续办理{n}件。", "requests.carried_out.total", by=17),
    "handled": _claim("全年办结政府信息公开申请{n}件。", "requests.total.total", by=29),
    "granted": _claim("办结的申请中,予以公开{n}件。", "requests.granted.total"),
    "partial": _claim("办结的申请中,部分公开{n}件。", "requests.partial.total"),
    "reconsideration": _claim("全年发生政府信息公开行政复议案件{n}件。", "reconsideration.total"),
    "litigation": _litigation,
    "normative": _claim("全年制发行政规范性文件{n}件。", "proactive.normative_made", edition="2021"),
    "normative_valid": _claim("现行有效行政规范性文件{n}件。", "proactive.normative_valid", edition="2021"),
    "fee_unit": _fee_unit,
    # Parts after 其中 need not add up, but they cannot be more than the whole.
    "breakdown": _sentence("全年发布政策解读40篇,其中文字解读21篇、图解19篇、视频解读8篇。", "40"),
    "breakdown_with_all_parts": _sentence(
        "全年发布政策解读40篇,分别为文字解读21篇、图解9篇、视频解读8篇。", "40"
    ),
    "breakdown_of_requests": _sentence("培训36人次,包括线上20人次、线下19人次。", "36"),
    "share": _sentence("全年组织抽查200家,其中合格150家,占85%。", "85"),
    "shares_over_100": _sentence("从内容看,工作动态占63%,民生服务占33%,政策文件占14%,合计100%。", "100"),
    "growth_from_two_figures": _sentence("全年答复留言120条,上年为100条,同比增长35%。", "35"),
    "growth_impossible": _sentence("全年发布解读稿件95篇,同比增长62.7%。", "62.7"),
    "rank_words": _sentence("工作信息占75%,其次是民生事项占10%,再次是政策文件占15%。", "15"),
    "wrong_notice": _notice,
    "wrong_period": _period,
    "wrong_edition": _edition,
    "section_five_missing": _section("5"),
    "section_six_missing": _section("6"),
    "section_five_empty": _empty_section,
    "heading_three_missing": _headings_twice,
    "no_fee_statement": _no_fee_statement,
    "township_regulations": _township_regulations,
    "negative_count": _negative,
    "fraction_of_a_request": _fraction,
    "blank_is_zero": _blanks,
}
