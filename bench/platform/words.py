"""Invented applicants and requests, with enough different words for a search to mean something."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from random import Random

_FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂英建国华志文海波晓红春梅雪松"
_PLACES = tuple(
    f"{a}{b}"
    for a in "青白红黄石大小东西南北上下新老"
    for b in ("桥镇", "河村", "山乡", "湖社区", "岭村", "溪镇")
)
_MATTERS = (
    "土地征收补偿安置方案", "建设工程规划许可证", "环境影响评价批复", "农村低保发放名单",
    "国有土地上房屋征收决定",
    "水利工程验收材料", "中小学划片招生方案", "拆迁补偿协议", "行政处罚决定书", "财政专项资金使用情况",
    "集体土地使用权登记档案", "道路改造工程招标文件", "食品安全抽检结果", "公租房配租结果", "林权登记材料",
    "宅基地审批表", "河道采砂许可", "退役军人安置政策", "高标准农田建设资金", "公交线路调整方案",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Applicant:
    """Somebody who does not exist."""

    name: str
    phone: str
    address: str

    def details(self) -> str:
        """As the private store keeps it, salt and fields."""
        return json.dumps(
            ["00" * 16, json.dumps({"kind": "natural_person", **asdict(self)}, ensure_ascii=False)]
        )


def applicant(rng: Random) -> Applicant:
    """One of some hundred thousand."""
    name = rng.choice(_FAMILY) + "".join(rng.choices(_GIVEN, k=rng.choice((1, 2, 2))))
    return Applicant(
        name, f"1{rng.randrange(10**10):010d}", f"云溪县{rng.choice(_PLACES)}{rng.randrange(1, 300)}号"
    )


def words(rng: Random) -> tuple[str, str]:
    """Title and description of a request."""
    place, matter, year = rng.choice(_PLACES), rng.choice(_MATTERS), rng.randrange(2010, 2026)
    title = f"{place}{matter}"
    return (
        title,
        f"申请公开{year}年{place}{matter}及其附件，并说明第{rng.randrange(1, 500)}号文件的制作机关。",
    )
