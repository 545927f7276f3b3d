"""Pages that are not such a report and must be refused with a reason; all in our own words."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from .shapes.html import page


def _page(title: str, *paragraphs: str) -> bytes:
    body = f"<h1>{title}</h1>" + "".join(f"<p>{escape(p)}</p>" for p in paragraphs)
    return page(body, title=title).encode()


def old_form() -> bytes:
    """A report in the form used before 2019."""
    rows = "".join(
        f"<tr><td>{label}</td><td>{unit}</td><td>{number}</td></tr>"
        for label, unit, number in (
            ("一、主动公开情况", "", ""),
            ("（一）主动公开政府信息数", "条", "812"),
            ("其中：主动公开规范性文件数", "条", "9"),
            ("二、依申请公开情况", "", ""),
            ("（一）收到申请数", "件", "14"),
            ("1.当面申请数", "件", "3"),
            ("2.网络申请数", "件", "11"),
            ("（二）申请办结数", "件", "14"),
            ("三、行政复议数量", "件", "0"),
            ("四、行政诉讼数量", "件", "1"),
        )
    )
    body = (
        "<h1>云溪县2017年政府信息公开工作年度报告</h1><p>云溪县按照条例要求编制2017年度报告。</p>"
        "<p>一、概述</p><p>全县围绕重点工作推进公开。</p><p>二、主动公开政府信息的情况</p><p>全年公开信息812条。</p>"
        "<p>三、依申请公开政府信息的情况</p><p>全年收到申请14件。</p><p>四、收费和减免情况</p><p>没有收费。</p>"
        f"<p>附件：政府信息公开情况统计表</p><table>{rows}</table>"
    )
    return page(body, title="政府信息公开年报").encode()


def old_form_text() -> bytes:
    """The same kind without any table."""
    return (
        "石枧镇2014年政府信息公开工作年度报告\n本报告由石枧镇人民政府编制。\n一、概述\n全年工作平稳。\n"
        "二、主动公开政府信息的情况\n主动公开信息96条。\n三、依申请公开政府信息的情况\n没有收到申请。\n"
        "四、政府信息公开的收费及减免情况\n没有收费。\n五、因政府信息公开申请行政复议、提起行政诉讼的情况\n没有发生。\n"
        "六、存在的不足及改进措施\n更新不够及时。\n"
    ).encode()


def notice() -> bytes:
    """A notice that asks others to compile their reports; it names every section and the deadline."""
    return _page(
        "关于做好2023年政府信息公开工作年度报告编制发布工作的通知",
        "各乡镇人民政府,县直各部门:",
        "为做好2023年政府信息公开工作年度报告(以下简称年报)的编制发布,现将有关事项通知如下。",
        "一、报告内容。年报包括总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、政府信息公开行政复议、"
        "行政诉讼情况、存在的主要问题及改进情况、其他需要报告的事项六个部分。",
        "二、时间要求。请于2024年1月20日前将年报报送县政府办公室,联系电话0999-5512345。",
        "三、统计期限为2023年1月1日至12月31日,数据须与台账一致。",
        "云溪县人民政府办公室",
        "2024年1月3日",
    )


def notice_with_template() -> bytes:
    """A notice with the empty form attached: labels are there, numbers are not, and nobody reports."""
    rows = "".join(
        f"<tr><td>{t}</td><td></td><td></td></tr>" for t in ("信息内容", "规章", "行政规范性文件", "行政许可")
    )
    body = (
        "<h1>关于报送政府信息公开工作年度报告的通知</h1><p>各部门:请按附件格式填报,2024年1月15日前报送。</p>"
        f"<p>附件:填报样表</p><p>（机关名称）××××年政府信息公开工作年度报告</p><table>{rows}</table>"
    )
    return page(body, title="通知").encode()


def news() -> bytes:
    """A news item about the publication of a report."""
    return _page(
        "云溪县发布2023年政府信息公开工作年度报告",
        "本网讯 1月26日,云溪县人民政府在门户网站发布2023年政府信息公开工作年度报告。",
        "报告显示,全年新收政府信息公开申请57件,办结56件。县政府办公室负责人表示将继续改进工作。",
    )


def guide() -> bytes:
    """A guide to making requests."""
    return _page(
        "云溪县政府信息公开指南",
        "一、主动公开。公开范围见目录。",
        "二、依申请公开。公民、法人或者其他组织可以提出申请,二十个工作日内答复。",
        "三、收费标准。按件计收:每月10件以内免费,11至30件每件100元。",
        "受理机构:云溪县人民政府办公室,电话0999-5500000。",
    )


def index_page() -> bytes:
    """A list of links to reports."""
    links = "".join(
        f"<li><a href='/{y}'>云溪县{y}年政府信息公开工作年度报告</a><span>{y + 1}-01-28</span></li>"
        for y in range(2018, 2025)
    )
    return page(f"<h2>政府信息公开年报</h2><ul>{links}</ul>", title="政府信息公开年报").encode()


def empty_headings() -> bytes:
    """The title and the headings and nothing else."""
    return (
        "望鹤乡2022年政府信息公开工作年度报告\n一、总体情况\n二、主动公开政府信息情况\n"
        "三、收到和处理政府信息公开申请情况\n四、政府信息公开行政复议、行政诉讼情况\n"
        "五、存在的主要问题及改进情况\n六、其他需要报告的事项\n"
    ).encode()


def other_table() -> bytes:
    """A page with tables of another kind."""
    rows = "".join(f"<tr><td>{n}</td><td>{i * 37 % 100}</td></tr>" for i, n in enumerate("春夏秋冬"))
    return page(f"<h1>游客人数统计</h1><table>{rows}</table>", title="统计").encode()


def not_found() -> bytes:
    """An error page of a web server."""
    return _page("404 Not Found", "您访问的页面不存在或已删除。")


def empty() -> bytes:
    """Nothing."""
    return b""


def white_space() -> bytes:
    """White space only."""
    return b" \n\t\r\n" * 40


def random_bytes() -> bytes:
    """Bytes of no type."""
    return bytes((i * 7919 + 13) % 251 for i in range(5000))


def truncated_zip() -> bytes:
    """The beginning of a word processor file."""
    return b"PK\x03\x04\x14\x00\x06\x00\x08\x00" + b"\x00" * 40


def truncated_pdf() -> bytes:
    """The beginning of a PDF."""
    return b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\n"


def other_json() -> bytes:
    """JSON of another kind."""
    return b'{"type": "FeatureCollection", "features": []}'


REFUSED: dict[str, Callable[[], bytes]] = {
    f.__name__: f
    for f in (
        old_form,
        old_form_text,
        notice,
        notice_with_template,
        news,
        guide,
        index_page,
        empty_headings,
        other_table,
        not_found,
        empty,
        white_space,
        random_bytes,
        truncated_zip,
        truncated_pdf,
        other_json,
    )
}

NOT_REPORTS = frozenset(
    {
        "old_form",
        "old_form_text",
        "notice",
        "notice_with_template",
        "news",
        "guide",
        "index_page",
        "empty_headings",
        "other_table",
        "not_found",
    }
)
"""Readable pages: refused as not being a report, not as a broken source."""
