"""Damages of characters, front matter and sections."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from opencc import OpenCC

from .content import Dice
from .sheet import Draft, Expect, Heading, Item, Para, Sheets, heading_text

PINYIN: Mapping[str, str] = {
    "据": "jù", "务": "wù", "关": "guān", "规": "guī", "发": "fā", "复": "fù", "议": "yì", "诉": "sù",
    "讼": "sòng", "机": "jī", "构": "gòu", "处": "chù", "电": "diàn", "领": "lǐng", "质": "zhì",
    "层": "céng", "办": "bàn", "数": "shù", "现": "xiàn", "应": "yīng", "书": "shū", "类": "lèi",
    "费": "fèi", "强": "qiáng", "个": "gè", "实": "shí", "动": "dòng", "时": "shí", "号": "hào",
}  # fmt: skip
PLAIN = str.maketrans("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ", "aaaaeeeeiiiioooouuuuvvvv")
RADICALS = str.maketrans(
    "一二人入八力十又口土士大女子小工己干心手文方无日月木止比毛水火生用田白目石示立竹米老而自至行见角言走足车里金长门青非面音页风食首高民齐鱼",
    "⼀⼆⼈⼊⼋⼒⼗⼜⼝⼟⼠⼤⼥⼦⼩⼯⼰⼲⼼⼿⽂⽅⽆⽇⽉⽊⽌⽐⽑⽔⽕⽣⽤⽥⽩⽬⽯⽰⽴⽵⽶⽼⽽⾃⾄⾏⻅⾓⾔⾛⾜⻋⾥⾦⻓⻔⻘⾮⾯⾳⻚⻛⻝⾸⾼⺠⻬⻥",
)
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@cache
def _converter(name: str) -> OpenCC:
    return OpenCC(name)


def taiwan(draft: Draft, _dice: Dice) -> Draft:
    """Characters of Taiwan in place of simplified ones."""
    convert = _converter("s2tw").convert
    return replace(draft.edit_text(convert), narrative=False, titled=False)


def hongkong(draft: Draft, _dice: Dice) -> Draft:
    """Characters of Hong Kong in place of simplified ones."""
    convert = _converter("s2hk").convert
    return replace(draft.edit_text(convert), narrative=False, titled=False)


def _noted(draft: Draft, note: Mapping[str, str]) -> Draft:
    def change(text: str) -> str:
        return "".join(c + note.get(c, "") for c in text)

    traditional = _converter("s2tw").convert
    # Notes come after traditional characters on such pages; they are set first, on the simplified ones.
    return replace(draft.edit_text(lambda t: traditional(change(t))), narrative=False, titled=False)


def pinyin_tones(draft: Draft, _dice: Dice) -> Draft:
    """``據(jù)``."""
    return _noted(draft, {c: f"({p})" for c, p in PINYIN.items()})


def pinyin_plain(draft: Draft, _dice: Dice) -> Draft:
    """``據(ju)``."""
    return _noted(draft, {c: f"({p.translate(PLAIN)})" for c, p in PINYIN.items()})


def pinyin_doubled(draft: Draft, _dice: Dice) -> Draft:
    """``據(jù)(jù)``."""
    return _noted(draft, {c: f"({p})({p})" for c, p in PINYIN.items()})


def doubled_punctuation(draft: Draft, _dice: Dice) -> Draft:
    """``,、`` and ``,。`` in place of a single mark, in headings and labels too."""

    def change(text: str) -> str:
        return re.sub(r"(?<!\d)([、，,。])(?!\d)", r",\1", text)

    return replace(draft.edit_text(change, values=False), narrative=False)


def lost_characters(draft: Draft, dice: Dice) -> Draft:
    """A character of some labels and many sentences turned to ``?`` (never in headings)."""
    lost = set(dice.sample("予获险秘禁益案询掌握另仍访诉版量具总", 5))

    def change(text: str) -> str:
        return "".join("?" if c in lost else c for c in text)

    def harm(item: Item) -> Item:
        match item:
            case Para(section="1" | "5" | "6"):
                return replace(item, text=change(item.text).replace("基层", "基?"))
            case _:
                return item

    items = tuple(map(harm, draft.items))
    harmed = replace(draft, items=items, narrative=False)
    return harmed.edit_sheets(
        lambda s: s.edit(lambda c: replace(c, text=change(c.text)) if len(c.text) > 6 else c), "requests"
    )


def kangxi(draft: Draft, _dice: Dice) -> Draft:
    """Kangxi and supplement radicals in place of the characters they look like."""
    return replace(draft.edit_text(lambda t: t.translate(RADICALS)), narrative=False, titled=False)


def full_width(draft: Draft, _dice: Dice) -> Draft:
    """Full-width digits everywhere."""
    return replace(draft.edit_text(lambda t: t.translate(FULL_WIDTH)), narrative=False)


def spaced_labels(draft: Draft, _dice: Dice) -> Draft:
    """Spaces of several kinds between the characters of labels."""

    def change(text: str) -> str:
        if 1 < len(text) < 5:
            return "\u3000".join(text)
        return text.replace("公开", "公 开").replace("其他", "其\u00a0他")

    return draft.edit_sheets(lambda s: s.edit(lambda c: c if c.path else replace(c, text=change(c.text))))


def mojibake(draft: Draft, _dice: Dice) -> Draft:
    """What is left after UTF-8 was read as GBK."""
    return replace(draft, default=Expect.LOOSE, narrative=False, titled=False, refusable=True)


def spoil_mojibake(data: bytes) -> bytes:
    """UTF-8 read as GBK and saved again."""
    return data.decode("utf-8").encode("utf-8").decode("gbk", "replace").encode("utf-8")


def hopeless(draft: Draft, _dice: Dice) -> Draft:
    """Nothing but digits is left: nothing may be said of any cell."""
    return replace(draft, default=Expect.LOOSE, narrative=False, titled=False, refusable=True)


def spoil_question(data: bytes) -> bytes:
    """Every Chinese character lost to a question mark."""
    return re.sub(r"[^\x00-\x7f]", "?", data.decode("utf-8")).encode()


SPAM = ("白鲸娱乐注册送礼", "金桥棋牌官网下载APP", "今日推荐:快三计划 88 期", "老友直播 24 小时在线")


def spam(draft: Draft, dice: Dice) -> Draft:
    """Words of another site between the paragraphs."""
    items: list[Item] = []
    for item in draft.items:
        items.append(item)
        if dice.random() < 0.6 and not isinstance(item, Heading):
            items.append(Para("noise", dice.choice(SPAM)))
    return replace(draft, items=tuple(items), narrative=False)


def title_lost(draft: Draft, _dice: Dice) -> Draft:
    """No title; the preface and the signature still name the body."""
    return replace(draft, items=draft.items[1:], titled=False)


def _headed(draft: Draft, texts: Mapping[str, str]) -> Draft:
    items = tuple(
        replace(i, text=texts.get(i.section, i.text)) if isinstance(i, Heading) else i for i in draft.items
    )
    return replace(draft, items=items)


def numbering_mixed(draft: Draft, _dice: Dice) -> Draft:
    """``一、``, ``二.``, ``三、``, ``（四）``, ``5、``, ``六．``."""
    marks = dict(zip("123456", ("一、", "二.", "三、", "（四）", "5、", "六．"), strict=True))
    return _headed(draft, {s.id: marks[s.id] + s.label for s in draft.form.sections})


def numbering_lost(draft: Draft, _dice: Dice) -> Draft:
    """Headings without their numbers."""
    return _headed(draft, {s.id: s.label for s in draft.form.sections})


def numbering_restarted(draft: Draft, _dice: Dice) -> Draft:
    """The count starts again at one after section three."""
    marks = dict(zip("123456", "一二三一二三", strict=True))
    return _headed(draft, {s.id: f"{marks[s.id]}、{s.label}" for s in draft.form.sections})


def contents_list(draft: Draft, _dice: Dice) -> Draft:
    """A list of the headings before the text."""
    listed = [Para("noise", "目  录")] + [Para("noise", heading_text(s)) for s in draft.form.sections]
    return replace(draft, items=(draft.items[0], *listed, *draft.items[1:]))


def section_six_missing(draft: Draft, _dice: Dice) -> Draft:
    """No section six."""
    return replace(draft, items=tuple(i for i in draft.items if getattr(i, "section", "") != "6"))


def tables_lost(draft: Draft, _dice: Dice) -> Draft:
    """All tables lost, headings and text kept."""
    items = tuple(i for i in draft.items if not isinstance(i, Sheets))
    return replace(draft, items=items, default=Expect.NONE, refusable=True)


def period_lost(draft: Draft, _dice: Dice) -> Draft:
    """``20251月1日``: a character of the period is lost."""
    return replace(
        draft.edit_text(lambda t: t.replace(f"{draft.year}年1月1日", f"{draft.year}1月1日")), narrative=False
    )


def wrong_notice(draft: Draft, _dice: Dice) -> Draft:
    """The preface cites the notice of the other edition."""
    numbers = ("国办公开办函〔2019〕60号", "国办公开办函〔2021〕30号")
    own = draft.notice or ""
    other = numbers[1 - numbers.index(own)]
    return replace(draft.edit_text(lambda t: t.replace(own, other)), notice=other, narrative=False)


def page_furniture(draft: Draft, _dice: Dice) -> Draft:
    """What stands around a report on a web page: a path, an index number, attachments, a footer."""
    before = (
        Para("noise", "当前位置: 首页>政府信息公开>政府信息公开年报"),
        Para("noise", "索引号: 999000/2024-00017"),
        Para("noise", "发文日期: 2024-01-22 字号: 大 中 小 访问量: 318"),
    )
    after = (Para("noise", "附件: 1.年度报告.doc"), Para("noise", "扫一扫在手机打开当前页 返回顶部"))
    return replace(draft, items=(*before, *draft.items, *after))
