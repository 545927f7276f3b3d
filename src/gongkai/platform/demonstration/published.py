"""The figures of five published reports, carried in the package: whose, which year, and the report itself."""

from __future__ import annotations

from functools import cache
from importlib import resources

from gongkai.annual.model import Report
from gongkai.annual.read import read_bytes

SHUANGYASHAN = "shuangyashan-2024"
PINGYANG = "pingyang-2021"
HENGSHAN = "hengshan-2023"
JIANGXI_OFFICE = "jiangxi-office-2019"
DUCHENG = "ducheng-2020"
REPORTS = (SHUANGYASHAN, PINGYANG, HENGSHAN, JIANGXI_OFFICE, DUCHENG)
"""Names of the files; figures only, in the exchange format, without the sentences of the reports."""


def figures_of(name: str) -> bytes:
    """The file's bytes; raises ``KeyError`` for an unknown name."""
    if name not in REPORTS:
        raise KeyError(name)
    return (resources.files("gongkai.platform.demonstration") / "data" / f"{name}.json").read_bytes()


@cache
def report_of(name: str) -> Report:
    """The report with its figures; raises ``KeyError`` for an unknown name."""
    (report,) = read_bytes(figures_of(name), source=name)
    return report
