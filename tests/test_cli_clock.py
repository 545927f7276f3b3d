"""``gongkai clock``: dates and steps of a described case, refusals with exit code 1, clear errors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from gongkai.cli import program

RECEIVED = {
    "kind": "request.received",
    "occurred_on": "2026-02-09",
    "payload": {"channel": "registered_post", "applicant_kind": "natural_person"},
}
CORRECTION = {"kind": "correction.requested", "occurred_on": "2026-02-12", "payload": {"working_days": 15}}


def clock(data: object, *options: str) -> Result:
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    return CliRunner().invoke(program, ["clock", "-", *options], input=text)


def shown(data: object, *options: str) -> Any:
    result = clock(data, "--json", *options)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def of(answer: Any, name: str) -> Any:
    return next(found for found in answer["clocks"] if found["clock"] == name)


def test_the_due_date_and_its_steps() -> None:
    reply = of(shown({"events": [RECEIVED], "as_of": "2026-03-11"}), "reply")
    assert (reply["state"], reply["due_on"], reply["working_days_left"]) == ("running", "2026-03-13", 2)
    texts = " ".join(step["text"] for step in reply["steps"])
    assert "邮寄（签收）" in texts
    assert "2月14日、2月28日为调休工作日" in texts
    assert reply["steps"][-1]["on"] == "2026-03-13"
    assert reply["steps"][-1]["article"] == "《政府信息公开条例》第三十三条"


def test_the_option_goes_before_the_day_in_the_file() -> None:
    answer = shown({"events": [RECEIVED], "as_of": "2026-03-11"}, "--as-of", "2026-03-16")
    assert of(answer, "reply")["state"] == "overdue"
    assert of(answer, "reply")["working_days_left"] == -1


def test_a_paused_clock_has_no_due_date_but_a_range() -> None:
    answer = shown({"events": [RECEIVED, CORRECTION], "as_of": "2026-02-24"})
    reply = of(answer, "reply")
    assert answer["state"] == "awaiting_correction"
    assert (reply["state"], reply["due_on"], reply["working_days_left"]) == ("paused", None, None)
    assert (reply["earliest_due_on"], reply["latest_due_on"]) == ("2026-03-23", "2026-04-09")
    assert "correction.received" in answer["allowed"]
    assert "extension.told" not in answer["allowed"]


def test_events_after_the_day_do_not_count_on_it() -> None:
    answer = shown({"events": [RECEIVED, CORRECTION], "as_of": "2026-02-10"})
    assert of(answer, "reply")["state"] == "running"


def test_what_the_law_does_not_allow_is_refused_with_its_place() -> None:
    late = {"kind": "extension.told", "occurred_on": "2026-03-16",
            "payload": {"working_days": 20, "approved_by": "head"}}  # fmt: skip
    result = clock({"events": [RECEIVED, late]}, "--json", "--as-of", "2026-03-17")
    assert result.exit_code == 1
    (refusal,) = json.loads(result.stdout)["refusals"]
    assert (refusal["index"], refusal["code"]) == (1, "extension_after_due")
    assert refusal["article"] == "《政府信息公开条例》第三十三条"
    assert refusal["instead"] == ["reply.issued"]
    assert "2026-03-13" in refusal["message"]
    assert "2026-03-13" in clock({"events": [RECEIVED, late]}).output


def test_a_year_without_a_notice_is_provisional() -> None:
    received = {**RECEIVED, "occurred_on": "2026-12-15"}
    reply = of(shown({"events": [received], "as_of": "2026-12-16"}), "reply")
    assert reply["provisional"] is True
    assert "暂定" in clock({"events": [received], "as_of": "2026-12-16"}).output


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("{", "不是完整的 JSON：第 1 行第 2 列"),
        ("", "不是完整的 JSON"),
        ("[1]", "第 1 个事项：应当是 JSON 对象"),
        (json.dumps([RECEIVED] * 2001), "事项超过 2000 个"),
        (json.dumps([{**RECEIVED, "seq": 1}, CORRECTION]), "seq 有的写了、有的没写"),
        (json.dumps([{**RECEIVED, "seq": 1}, {**CORRECTION, "seq": 1}]), "或者重复"),
        ('{"event": []}', "缺少 events 列表"),
        ('{"events": [], "asof": "2026-01-01"}', "不认识的字段“asof”"),
        ('{"events": [], "as_of": "2026-1-1"}', "日期“2026-1-1”"),
        ('{"events": [{"kind": "request.received"}]}', "第 1 个事项：缺少 occurred_on"),
        ('{"events": [{"occurred_on": "2026-01-05"}]}', "第 1 个事项：缺少 kind"),
        ('{"events": [{"kind": "a", "occurred_on": "2026-02-30"}]}', "日期“2026-02-30”"),
        ('{"events": [{"kind": "a", "occurred_on": "2026-02-20", "payload": 3}]}', "payload"),
        ("[" * 100_000, "层次太深"),
    ],
)
def test_bad_input_names_the_place(data: str, words: str) -> None:
    result = clock(data)
    assert result.exit_code == 2
    assert words in result.output
    assert "Traceback" not in result.output


def test_a_day_that_is_none_and_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert "不是 2026-03-01 这样的写法" in clock({"events": []}, "--as-of", "tomorrow").output
    result = CliRunner().invoke(program, ["clock", str(tmp_path / "no.json")])
    assert result.exit_code == 2


def test_a_case_without_events_is_not_received() -> None:
    answer = shown({"events": [], "as_of": "2026-02-10"})
    assert answer["state"] == "not_received"
    assert answer["clocks"] == []
    assert set(answer["allowed"]) == {"opening.case", "request.submitted", "request.received", "case.split"}


def test_requests_from_before_the_regulation_are_opening_cases() -> None:
    old = {**RECEIVED, "occurred_on": "2019-05-14"}
    result = clock({"events": [old]}, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["refusals"][0]["code"] == "no_rule"


def test_a_payload_that_does_not_fit_is_refused_in_words() -> None:
    wrong = {**RECEIVED, "payload": {"channel": "pigeon", "applicant_kind": "natural_person"}}
    result = clock({"events": [wrong]})
    assert result.exit_code == 1
    assert "“channel”的“pigeon”不在可选的值之内" in result.output


EXTENSION = {"kind": "extension.told", "payload": {"working_days": 20, "approved_by": "head"}}


@pytest.mark.parametrize("numbered", [False, True])
@pytest.mark.parametrize(
    ("told", "corrected", "due"),
    [
        ("2026-03-12", "2026-03-04", "2026-04-13"),  # moved before the day of looking: it counts
        ("2026-03-04", "2026-03-12", "2026-03-13"),  # moved behind it: it does not count yet
        ("2026-03-04", None, "2026-03-13"),  # void: it never was
    ],
)
def test_entries_are_read_as_corrected_before_the_day_is_looked_at(
    told: str, corrected: str | None, due: str, *, numbered: bool
) -> None:
    note = {"kind": "note.added", "occurred_on": "2026-03-20", "payload": {"kind": "call"}}
    replacement = None if corrected is None else {"occurred_on": corrected}
    correction = {
        "kind": "entry.corrected",
        "occurred_on": "2026-03-21",
        "payload": {"seq": 3, "replacement": replacement},
    }
    events: list[dict[str, Any]] = [RECEIVED, note, {**EXTENSION, "occurred_on": told}, correction]
    if numbered:
        events = [{**event, "seq": at} for at, event in enumerate(events, 1)]
    assert of(shown({"events": events, "as_of": "2026-03-10"}), "reply")["due_on"] == due


def test_what_is_offered_is_lawful_on_that_day() -> None:
    awaited = {"events": [RECEIVED, CORRECTION], "as_of": "2026-03-11"}
    assert "correction.lapsed" not in shown(awaited)["allowed"]
    assert "correction.lapsed" in shown(awaited, "--as-of", "2026-03-12")["allowed"]
    assert "extension.told" not in shown({"events": [RECEIVED]}, "--as-of", "2026-03-16")["allowed"]


def test_events_that_do_not_count_yet_are_told() -> None:
    case = {"events": [RECEIVED, CORRECTION], "as_of": "2026-02-10"}
    assert shown(case)["not_yet"] == 1
    assert "有 1 个事项晚于 2026-02-10" in clock(case).output


def test_a_delay_before_a_restart_stays_in_sight() -> None:
    asked = {**CORRECTION, "occurred_on": "2026-03-17"}
    corrected = {"kind": "correction.received", "occurred_on": "2026-03-20", "payload": {}}
    assert "（此前）答复：逾期完成" in clock({"events": [RECEIVED, asked, corrected]}).output


def test_steps_in_english_have_no_chinese() -> None:
    from gongkai.rules.cases.described import answer, described
    from gongkai.rules.law import load_law
    from gongkai.rules.workdays import load_calendar

    sent = {"kind": "third_party.consulted", "occurred_on": "2026-02-11", "payload": {"party": "p"}}
    case = described({"events": [RECEIVED, sent], "as_of": "2026-02-12"})
    assert case.as_of is not None
    found = answer(case.events, load_law(), load_calendar(), case.as_of).to_json("en")
    texts = [step["text"] for one in found["clocks"] for step in one["steps"] if "春节" not in step["text"]]
    assert [text for text in texts if any("\u4e00" <= letter <= "\u9fff" for letter in text)] == []
