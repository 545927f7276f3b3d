"""Consistent reports for the tests of checking: numbers in every cell, every relation true."""

from __future__ import annotations

import random
from dataclasses import replace
from types import MappingProxyType

from gongkai.annual.form import Form
from gongkai.annual.model import Cell, CellState, Report

NATURAL = ("natural_person", "business", "research", "public_interest", "legal_service", "other")


class Dice(random.Random):
    """A seeded source of choices; nothing here is secret."""


def number(report: Report, path: str) -> int:
    """The whole number at that path; the test fails where there is none."""
    value = report.value(path)
    assert isinstance(value, int), path
    return value


def clean_report(form: Form, *, seed: int = 1, largest: int = 9) -> Report:
    """A report of an invented county in which every relation holds."""
    return filled(form, Dice(seed), lambda rng: rng.randint(1, largest))


def filled(form: Form, rng: random.Random, draw) -> Report:
    """A consistent report whose independent cells are drawn with ``draw(rng)``."""
    values: dict[str, int] = {}
    columns = [p.split(".")[2] for p in form.cells if p.startswith("requests.new.")]
    rows = list(dict.fromkeys(p.split(".")[1] for p in form.cells if p.startswith("requests.")))
    outcomes = [r for r in rows if r not in ("new", "carried_in", "total", "carried_out")]
    for column in columns[:-1]:
        for row in outcomes:
            values[f"requests.{row}.{column}"] = draw(rng)
        total = sum(values[f"requests.{row}.{column}"] for row in outcomes)
        carried_out = draw(rng)
        carried_in = min(draw(rng), total + carried_out)
        values[f"requests.total.{column}"] = total
        values[f"requests.carried_out.{column}"] = carried_out
        values[f"requests.carried_in.{column}"] = carried_in
        values[f"requests.new.{column}"] = total + carried_out - carried_in
    for row in rows:
        values[f"requests.{row}.total"] = sum(values[f"requests.{row}.{c}"] for c in columns[:-1])
    for block in ("reconsideration", "litigation_direct", "litigation_after_reconsideration"):
        for result in ("upheld", "corrected", "other", "pending"):
            values[f"{block}.{result}"] = draw(rng)
        values[f"{block}.total"] = sum(
            values[f"{block}.{r}"] for r in ("upheld", "corrected", "other", "pending")
        )
    return report_of(form, {p: values.get(p, 0) for p in form.cells})


def report_of(form: Form, values: dict[str, int]) -> Report:
    """A report of an invented city with these numbers and every section present."""
    texts = {
        "0": f"统计期限自{form.first_year}年1月1日起至{form.first_year}年12月31日止。",
        **{s.id: "本部分内容见下。" for s in form.sections},
        "6": "本年度没有收取信息处理费。",
    }
    return Report(
        form,
        MappingProxyType({p: Cell(CellState.VALUE, v, str(v)) for p, v in values.items()}),
        body="青浦山市人民政府",
        title=f"青浦山市{form.first_year}年政府信息公开工作年度报告",
        year=form.first_year,
        period=(f"{form.first_year}-01-01", f"{form.first_year}-12-31"),
        signed=("青浦山市人民政府", f"{form.first_year + 1}-01-20"),
        sections=MappingProxyType(texts),
        section_labels=MappingProxyType({s.id: s.label for s in form.sections}),
    )


def stated(form: Form, state: CellState, paths: tuple[str, ...], report: Report) -> Report:
    """The report with those cells in a state that holds no number."""
    cells = dict(report.cells)
    for path in paths:
        form.spec(path)
        cells[path] = Cell(state, None, None if state is CellState.MISSING else "")
    return replace(report, cells=MappingProxyType(cells))
