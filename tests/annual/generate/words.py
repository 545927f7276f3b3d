"""Narrative in our own words whose figures agree with the tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from gongkai.annual.form import Form
from gongkai.annual.model import Number


@dataclass(frozen=True, slots=True)
class Facts:
    """What the sentences speak of."""

    form: Form
    body: str
    site: str
    year: int
    values: Mapping[str, Number | None]

    def count(self, path: str) -> int:
        """A count of the tables."""
        return int(self.values[path] or 0)

    def remedies(self, kind: str) -> int:
        """Total of a remedy block."""
        return self.count(f"{kind}.total")


def narrative(facts: Facts, dice: Random) -> dict[str, tuple[str, ...]]:
    """Paragraphs of preface and sections; sections two to four carry their table only."""
    return {
        "0": preface(facts, dice),
        "1": (
            *opening(facts, dice),
            proactive(facts, dice),
            requests(facts, dice),
            management(facts, dice),
            platform(facts, dice),
            supervision(facts, dice),
        ),
        "5": problems(facts, dice),
        "6": closing(facts, dice),
    }


def preface(facts: Facts, dice: Random) -> tuple[str, ...]:
    """Basis, notice, period, download and contact."""
    instrument: Mapping[str, Any] = facts.form.instrument
    who = dice.choice(("陈禾", "苏棠", "周牧野"))
    return (
        f"根据《中华人民共和国政府信息公开条例》和《{instrument['title']}》({instrument['number']})的规定,"
        f"由{facts.body}编制本报告。本报告所列数据的统计期限为{facts.year}年1月1日至{facts.year}年12月31日。",
        f"本报告电子版可在{facts.site}(www.yunxi.example.cn)下载。如有疑问,请联系{who}"
        f"(地址:云溪县新桥路{dice.randint(2, 90)}号,电话:0999-55{dice.randint(10000, 99999)},邮编:999000)。",
    )


def opening(facts: Facts, dice: Random) -> tuple[str, ...]:
    """Sentences without figures that could contradict a table."""
    return (
        dice.choice(
            (
                f"{facts.year}年,{facts.body}把公开作为便民的第一步,按时发布,逐项回应,让群众看得到、看得懂。",
                f"{facts.year}年,{facts.body}围绕年度重点任务安排公开事项,责任到岗,月月有检查。",
                f"{facts.body}在{facts.year}年继续完善公开目录,重要事项先公开后实施。",
            )
        ),
    )


def proactive(facts: Facts, dice: Random) -> str:
    """Proactive disclosure: placements, interpretations with a breakdown and a share."""
    web, paper, video = dice.randint(20, 200), dice.randint(5, 19), dice.randint(1, 4)
    made = facts.count("proactive.normative_made")
    documents = dice.choice(
        (
            f"全年制发行政规范性文件{made}件,均在规定时间内上网。",
            f"本年新制定规范性文件{made}件,同步更新文件库。",
            "规范性文件库按季度核对。",
        )
    )
    return (
        f"(一)主动公开。全年发布政策解读{web + paper + video}篇,其中文字解读{web}篇、图解{paper}篇、"
        f"视频解读{video}篇。{documents}" + dice.choice(("", growth(dice), ranks(dice)))
    )


def growth(dice: Random) -> str:
    """A growth rate that a whole number gives."""
    before = dice.randint(40, 90)
    now = before + dice.randint(3, 35)
    rate = Decimal((now - before) * 100) / before
    return f"全年答复网民留言{now}条,上年为{before}条,同比增长{rate:.1f}%。"


def ranks(dice: Random) -> str:
    """Shares that add to one hundred, in falling order."""
    third = dice.randint(5, 15)
    second = third + dice.randint(5, 15)
    return f"从内容看,工作动态占{100 - second - third}%,其次是民生服务占{second}%,再次是政策文件占{third}%。"


def requests(facts: Facts, dice: Random) -> str:
    """Requests received, handled, carried over and some outcomes, as Table 3 has them."""
    new, total = facts.count("requests.new.total"), facts.count("requests.total.total")
    carried_in = facts.count("requests.carried_in.total")
    carried_out = facts.count("requests.carried_out.total")
    first = dice.choice(
        (
            f"本年新收政府信息公开申请{new}件,上年结转{carried_in}件,",
            f"全年共收到政府信息公开申请{new}件,",
            f"全年收到政府信息公开申请{new}件,另有上年结转{carried_in}件,",
        )
    )
    second = dice.choice(
        (
            f"办结{total}件,结转下年度继续办理{carried_out}件。",
            f"全年共办理答复{total}件。",
        )
    )
    granted = facts.count("requests.granted.total")
    partial = facts.count("requests.partial.total")
    third = dice.choice(("", f"其中予以公开{granted}件。", f"其中予以公开{granted}件、部分公开{partial}件。"))
    return f"(二)依申请公开。{first}{second}{third}{channels(new, dice)}{remedies(facts, dice)}"


def channels(new: int, dice: Random) -> str:
    """A breakdown of the requests received by channel that adds up."""
    if new < 4 or dice.random() < 0.4:
        return ""
    web = dice.randint(1, new - 3)
    post = dice.randint(1, new - web - 2)
    return f"从申请渠道看,网络申请{web}件、信函申请{post}件、当面申请{new - web - post}件。"


def remedies(facts: Facts, dice: Random) -> str:
    """Reconsideration and litigation as Table 4 has them."""
    reviews = facts.remedies("reconsideration")
    suits = facts.remedies("litigation_direct") + facts.remedies("litigation_after_reconsideration")
    return dice.choice(
        (
            "",
            f"因政府信息公开引发行政复议{reviews}件、行政诉讼{suits}件。",
            f"全年发生政府信息公开行政复议案件{reviews}件,其中结果维持"
            f"{facts.count('reconsideration.upheld')}件;行政诉讼案件{suits}件。",
        )
    )


def management(facts: Facts, dice: Random) -> str:
    """Information management; real brackets with Latin letters stand here."""
    return dice.choice(
        (
            "(三)政府信息管理。文件起草时即确定公开属性,公开文本另存一份版式文件(PDF)备查。",
            "(三)政府信息管理。发布前一律经保密审查,留存审查记录,公文附件以(DOCX)和(PDF)两种格式提供。",
        )
    )


def platform(facts: Facts, dice: Random) -> str:
    """Platform."""
    return dice.choice(
        (
            f"(四)平台建设。{facts.site}检索功能完成改版,栏目由{dice.randint(30, 60)}个合并为"
            f"{dice.randint(12, 28)}个。",
            "(四)平台建设。公开专栏增加字号放大和语音朗读功能。",
        )
    )


def supervision(facts: Facts, dice: Random) -> str:
    """Supervision."""
    return dice.choice(
        (
            f"(五)监督保障。组织业务培训{dice.randint(1, 4)}次,年内未发生责任追究情形。",
            "(五)监督保障。公开工作列入年度考核,社会评议结果在网站公布,未发生责任追究情形。",
        )
    )


def problems(facts: Facts, dice: Random) -> tuple[str, ...]:
    """Section five."""
    return (
        dice.choice(
            (
                "存在的主要问题:一是个别栏目更新不够及时;二是解读材料的可读性还要提高。",
                "对照群众期待,仍有不足:部分单位答复文书不够规范,新进人员业务还不熟练。",
            )
        ),
        dice.choice(
            (
                f"改进情况:{facts.year + 1}年将按月核对栏目,并请群众代表试读解读材料。",
                "改进情况:已制定答复文书范本,新进人员上岗前先参加培训。",
            )
        ),
    )


def closing(facts: Facts, dice: Random) -> tuple[str, ...]:
    """Section six, with the fee statement."""
    return (
        dice.choice(
            (
                f"{facts.year}年未收取政府信息公开信息处理费。没有其他需要报告的事项。",
                "本年度未发出收费通知,信息处理费收入为0元。",
            )
        ),
    )
