"""Reports that the writers' tests write."""

from __future__ import annotations

from decimal import Decimal
from types import MappingProxyType
from typing import Any

from hypothesis import strategies as st

from gongkai.annual.form import Form, ValueType, builtin_forms, parse_form
from gongkai.annual.model import MISSING, Cell, CellState, Report

INVENTED = """
edition: "2099"
label: {zh: 2099 年格式, en: form of 2099}
instrument: {title: 试验, number: 试〔2099〕1号}
in_force: {first_year: 2099, last_year: null}
sections:
  - {id: "1", label: 总体情况}
  - {id: "2", label: 主动公开政府信息情况}
grids:
  - id: things
    number: 5
    section: "2"
    title: 试验表
    blocks:
      - heading: 第一项
        corner: 内容
        cell: things.{row}_{column}
        columns:
          - {key: a, labels: [甲, 子, 一]}
          - {key: b, labels: [甲, 子, 二]}
          - {key: c, labels: [甲, 丑]}
          - {key: d, labels: [乙], total: true}
          - {key: e, labels: [丙], type: yuan}
        rows:
          - {key: x, labels: [大, 中, 小, 细]}
          - {key: y, labels: [大, 中, 微]}
          - {key: z, labels: [大, 末], total: true}
      - heading: 第二项
        cell: other.{row}_{column}
        columns:
          - {key: a, labels: [数]}
          - {key: b, labels: [增减], type: signed}
        rows:
          - {key: x, labels: [单]}
relations:
  - id: AR-T9-001
    title: {zh: 合计, en: sum}
    left: [things.x_d]
    right: [things.x_a, things.x_b, things.x_c]
"""

INVENTED_FORM = parse_form(INVENTED, name="2099.yaml")
FORMS = (*builtin_forms(), INVENTED_FORM)


def number_for(kind: ValueType, n: int) -> int | Decimal:
    """``n`` as a number that a cell of that type may hold."""
    money = kind in (ValueType.YUAN, ValueType.WAN_YUAN)
    return Decimal(n).scaleb(-2) if money else n


def report(form: Form, **rest: Any) -> Report:
    """A report whose cells count up from 0 (so that one of them is 0 and all differ)."""
    cells = {
        path: Cell(CellState.VALUE, number_for(spec.type, n), str(n))
        for n, (path, spec) in enumerate(form.cells.items())
    }
    sections = {"0": "依照条例编制。", "1": "（一）主动公开\n公开信息12条。\n（二）依申请公开。收到申请3件。"}
    given: dict[str, Any] = {
        "title": f"云溪县人民政府{form.first_year}年政府信息公开工作年度报告",
        "body": "云溪县人民政府",
        "year": form.first_year,
        "sections": MappingProxyType(sections),
        "signed": ("云溪县人民政府办公室", "2025-01-22"),
    }
    everything: dict[str, Any] = {"cells": MappingProxyType(cells), **given, **rest}
    return Report(form=form, **everything)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """Any report: any state in any cell, any text."""
    form = draw(st.sampled_from(FORMS))
    cells: dict[str, Cell] = {}
    kinds = draw(st.lists(st.sampled_from(CellState), min_size=5, max_size=5))
    number = draw(st.integers(0, 10**9))
    text = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
    for index, (path, spec) in enumerate(form.cells.items()):
        state = kinds[index % len(kinds)]
        holds = state in (CellState.VALUE, CellState.ENTERED)
        value = number_for(spec.type, number + index) if holds else None
        cells[path] = (
            MISSING if state is CellState.MISSING else Cell(state, value, draw(text) if index < 3 else "")
        )
    sections = draw(st.dictionaries(st.sampled_from([s.id for s in form.sections]), text, max_size=3))
    return report(form, cells=MappingProxyType(cells), sections=MappingProxyType(sections), title=draw(text))
