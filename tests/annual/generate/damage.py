"""Damages of published reports, each labelled with what may still be decided.

A damage takes a draft and gives the damaged draft with the truth as it is now printed; the registry
``DAMAGES`` stands at the end. Which shapes a damage makes sense in stands with it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from . import damage_cells as cells
from . import damage_text as text
from .content import Dice
from .sheet import Draft

MARKUP = ("html", "html_word", "docx")
LINES = ("pipe", "pipe_newline", "one_a_line")
BOTH = ("html", "pipe", "pipe_newline", "one_a_line")


@dataclass(frozen=True, slots=True)
class Damage:
    """A named damage: the change to the draft, the shapes it is tried in, a change to the bytes."""

    name: str
    apply: Callable[[Draft, Dice], Draft]
    shapes: tuple[str, ...]
    spoil: Callable[[bytes], bytes] | None = None
    edition: str | None = None


ALL: tuple[Damage, ...] = (
    # characters
    Damage("traditional_taiwan", text.taiwan, ("html", "pipe", "one_a_line", "docx")),
    Damage("traditional_hongkong", text.hongkong, ("html_word", "pipe_newline", "tabs")),
    Damage("pinyin_tones", text.pinyin_tones, BOTH),
    Damage("pinyin_plain", text.pinyin_plain, ("html", "pipe_newline")),
    Damage("pinyin_doubled", text.pinyin_doubled, ("html_word", "pipe")),
    Damage("doubled_punctuation", text.doubled_punctuation, BOTH),
    Damage("lost_characters", text.lost_characters, ("html", "pipe", "docx")),
    Damage("kangxi_radicals", text.kangxi, ("html", "pipe", "pipe_newline", "one_a_line")),
    Damage("full_width_digits", text.full_width, ("html", "pipe", "one_a_line", "xlsx")),
    Damage("spaces_in_labels", text.spaced_labels, ("html", "pipe", "one_a_line")),
    Damage("mojibake", text.mojibake, ("html", "pipe"), spoil=text.spoil_mojibake),
    Damage("question_marks", text.hopeless, ("html", "pipe", "one_a_line"), spoil=text.spoil_question),
    Damage("spam_words", text.spam, ("html", "html_layout", "pipe")),
    # front matter and sections
    Damage("title_lost", text.title_lost, ("html", "pipe", "docx")),
    Damage("numbering_mixed", text.numbering_mixed, ("html", "pipe", "one_a_line", "docx")),
    Damage("numbering_lost", text.numbering_lost, ("html", "pipe", "one_a_line")),
    Damage("numbering_restarted", text.numbering_restarted, ("html", "pipe")),
    Damage("contents_list", text.contents_list, ("html", "pipe", "one_a_line", "docx")),
    Damage("section_six_missing", text.section_six_missing, ("html", "pipe", "one_a_line")),
    Damage("tables_lost", text.tables_lost, ("html", "pipe")),
    Damage("period_characters_lost", text.period_lost, ("html", "pipe")),
    Damage("wrong_notice", text.wrong_notice, ("html", "pipe_newline")),
    Damage("page_furniture", text.page_furniture, ("html", "pipe", "one_a_line")),
    # labels
    Damage("label_variants", cells.label_variants, (*BOTH, "docx", "pdf_ruled")),
    Damage("label_character_missing", cells.label_character_missing, (*BOTH, "docx")),
    Damage("definition_in_label", cells.definition_in_label, (*BOTH, "docx")),
    Damage("last_year_named", cells.last_year_named, ("html", "pipe", "one_a_line"), edition="2019"),
    Damage("headers_cut", cells.headers_cut, ("html", "pipe", "pipe_newline", "one_a_line", "docx")),
    Damage("headers_truncated", cells.headers_truncated, ("html", "pipe", "pipe_newline")),
    Damage("group_label_cut", cells.group_label_cut, ("html", "pipe", "docx", "pdf_ruled")),
    Damage("other_row_in_2021", cells.other_row, (*BOTH, "docx", "pdf_ruled"), edition="2021"),
    # shape
    Damage("subtotal_column", cells.subtotal_column, ("html", "docx", "xlsx", "pdf_ruled")),
    Damage("subtotal_column_in_text", cells.subtotal_column_text, ("pipe", "one_a_line")),
    Damage("empty_row", cells.empty_row, ("html", "docx", "xlsx")),
    Damage("empty_column", cells.empty_column, ("html", "docx", "xlsx")),
    Damage("five_of_seven_once", cells.five_of_seven_once, BOTH),
    Damage("five_of_seven_from_a_row_on", cells.five_of_seven_on, ("one_a_line", "pipe_newline")),
    Damage("number_split", cells.number_split, BOTH),
    Damage("sixteen_for_fifteen", cells.sixteen_for_fifteen, BOTH),
    Damage("page_number_in_table", cells.page_number, ("one_a_line", "spaces", "wrapped")),
    Damage("row_dropped", cells.row_dropped, BOTH),
    Damage("rows_swapped", cells.rows_swapped, ("html", "docx", "pipe", "one_a_line")),
    Damage("columns_swapped", cells.columns_swapped, ("html", "docx", "xlsx", "pipe")),
    # values
    Damage("thousands_commas", cells.thousands, (*BOTH, "docx", "pdf_ruled")),
    Damage("marks_for_nothing", cells.marks, (*BOTH, "docx", "xlsx", "pdf_ruled")),
    Damage(
        "blanks",
        cells.blanks,
        ("html", "html_word", "docx", "xlsx", "json", "pdf_ruled", "pipe", "tabs", "one_a_line", "markdown"),
    ),
    Damage("all_blank_zeroes", cells.blank_zeroes, ("html", "docx", "pdf_ruled", "tabs", "pipe")),
    Damage("signed_changes", cells.signed, BOTH, edition="2019"),
    Damage("amount_units", cells.amounts, BOTH, edition="2019"),
    Damage("counters_and_notes", cells.counters, (*BOTH, "docx")),
    Damage("not_a_number", cells.not_a_number, ("html", "docx", "pipe")),
)

DAMAGES: dict[str, Damage] = {d.name: d for d in ALL}
