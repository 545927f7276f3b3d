"""The counting rules as data, the notes' texts, and explained cells."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.rules.counting.book import Book

from gongkai.annual.form import builtin_forms
from gongkai.rules.counting import LocalRule, default_rules
from gongkai.rules.counting.explain import explain
from gongkai.rules.counting.result import note_texts
from gongkai.rules.counting.settings import UnknownCountingRule, UnlawfulSetting, moved_sub_kinds, rows_of
from gongkai.rules.vocabulary import SUB_KINDS

SOURCE = Path(__file__).parents[3] / "src" / "gongkai" / "rules" / "counting"


def test_every_rule_says_how_sure_it_is_on_what_it_rests_and_who_carries_it_out():
    for rule in default_rules().rules.values():
        assert rule.sure == "V" or 0 < int(rule.sure) <= 100
        assert rule.label_zh and rule.source
        assert rule.applied in ("count", "entry")
        assert rule.choice == rule.default and rule.local_source is None


def test_a_body_sets_a_rule_otherwise_only_with_a_source():
    rules = default_rules()
    local = rules.with_local(LocalRule("charges_places", "4", "某省填报说明"))
    assert (local.choice("charges_places"), rules.choice("charges_places")) == ("4", "2")
    assert local["charges_places"].local_source == "某省填报说明"
    with pytest.raises(UnlawfulSetting):
        rules.with_local(LocalRule("charges_places", "4", " "))
    with pytest.raises(UnlawfulSetting):
        rules.with_local(LocalRule("charges_places", "3", "某省填报说明"))
    with pytest.raises(UnknownCountingRule):
        rules.with_local(LocalRule("nothing", "3", "某省填报说明"))


def test_every_form_has_a_row_for_every_outcome():
    for form in builtin_forms():
        rows = rows_of(form, default_rules())
        table = [row.key for row in form.grid("requests").blocks[0].rows]
        assert list(rows.leaves) == [
            r for r in table if r not in ("new", "carried_in", "total", "carried_out")
        ]


def test_sub_kinds_with_a_rule_belong_to_an_outcome_and_default_to_its_row():
    for outcome, names in SUB_KINDS.items():
        for name in names & moved_sub_kinds():
            assert default_rules()[name].default == outcome
    assert moved_sub_kinds() <= frozenset().union(*SUB_KINDS.values())


def test_every_note_has_texts_and_every_code_used_is_in_the_catalogue():
    used = {code for file in SOURCE.glob("*.py") for code in re.findall(r"CT-N-\d{3}", file.read_text())}
    assert used == set(note_texts())
    for texts in note_texts().values():
        assert sorted(re.findall(r"{\w+}", texts["zh"])) == sorted(re.findall(r"{\w+}", texts["en"]))


def test_a_cell_is_explained_by_its_relations_and_entries():
    book = Book()
    book.receive("a", "2024-03-01")
    book.receive("b", "2024-03-02", "business")
    book.reply("b", "2024-03-05")
    counted = book.count(2024)
    told = explain(counted, "requests.new.total")
    assert (told.value, told.streams) == (2, ("a", "b"))
    assert {one.relation.id for one in told.relations} == {"AR-T3-001", "AR-T3-003"}
    assert [(one.position, one.seq) for one in told.events] == [(1, 1), (2, 1)]
    assert explain(counted, "proactive.normative_valid").value is None
    with pytest.raises(KeyError):
        explain(counted, "requests.nothing.total")
