"""Read the scenarios of ``tests/rules/scenarios``: the law as a lawyer would check it, in Chinese.

An act is one line: its date, its name as the registry has it, ``key=value`` words that differ from the
defaults of ``words.yaml``, and, where the law does not allow it, ``✗`` with the code of the refusal::

    - 2026-03-02 收到申请 渠道=邮寄（签收）
    - 2026-03-05 告知延期答复 工作日=21 ✗ extension_length
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import EnumMeta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from gongkai.rules import vocabulary
from gongkai.rules.event import Event
from gongkai.rules.kinds import KINDS
from gongkai.rules.vocabulary import Labelled

FOLDER = Path(__file__).parent / "scenarios"


@dataclass(frozen=True, slots=True)
class Scenario:
    """One case as told, and what must be seen of it on ``as_of``."""

    file: str
    topic: str
    name: str
    articles: tuple[str, ...]
    events: tuple[Event, ...]
    refused: tuple[tuple[int, str], ...]
    as_of: date
    settings: Mapping[str, Any]
    local_days_off: tuple[date, ...]
    expect: Mapping[str, Any]


class Unreadable(ValueError):
    """A scenario that says something the words do not have."""


@cache
def words() -> dict[str, Any]:
    """What ``words.yaml`` says."""
    text = (Path(__file__).parent / "words.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)


@cache
def acts() -> dict[str, str]:
    """Chinese name of every act to its kind."""
    return {kind.label_zh: kind.name for kind in KINDS.values()}


@cache
def values() -> dict[str, Any]:
    """Chinese value to the public one."""
    found: dict[str, Any] = dict(words()["values"])
    for member in vars(vocabulary).values():
        if isinstance(member, EnumMeta) and issubclass(member, Labelled):
            found.update({str(label.label_zh): label.value for label in member})
    return found


def read_scenarios() -> list[Scenario]:
    """Every scenario of every file, in the order of the files."""
    return [scenario for path in sorted(FOLDER.glob("*.yaml")) for scenario in _file(path)]


def _file(path: Path) -> Iterator[Scenario]:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    if set(data) != {"topic", "scenarios"}:
        raise Unreadable(f"{path.name}: a file has topic and scenarios, not {sorted(data)}")
    for entry in data["scenarios"]:
        yield _scenario(path.stem, data["topic"], entry)


_ALLOWED = {"name", "article", "events", "as_of", "expect", "settings", "local_days_off"}


def _scenario(file: str, topic: str, entry: Mapping[str, Any]) -> Scenario:
    name = entry["name"]
    if unknown := set(entry) - _ALLOWED:
        raise Unreadable(f"{file}: {name}: {sorted(unknown)}")
    events, refused = read_events(entry.get("events", []), f"{file}: {name}")
    last = max((event.occurred_on for event in events), default=date(2026, 1, 1))
    article = entry["article"]
    return Scenario(
        file=file,
        topic=topic,
        name=name,
        articles=tuple(article) if isinstance(article, list) else (article,),
        events=tuple(events),
        refused=tuple(refused),
        as_of=entry.get("as_of", last),
        settings=entry.get("settings", {}),
        local_days_off=tuple(entry.get("local_days_off", ())),
        expect=entry.get("expect", {}),
    )


def read_events(lines: Iterable[str], where: str = "") -> tuple[list[Event], list[tuple[int, str]]]:
    """Events of lines, and the places and codes of those that are marked as refused."""
    events: list[Event] = []
    refused: list[tuple[int, str]] = []
    for at, line in enumerate(lines):
        text, mark, code = line.partition("✗")
        events.append(_event(text, events, f"{where}: {line}"))
        if mark:
            refused.append((at, code.strip()))
    return events, refused


def _event(text: str, before: list[Event], where: str) -> Event:
    day, name, *said = text.split()
    if name not in acts():
        raise Unreadable(f"{where}: no act of this name")
    kind = acts()[name]
    pairs = [word.partition("=") for word in said]
    if kind == "entry.corrected":
        payload = _correction(pairs, before, where)
    else:
        payload = _payload(kind, dict(words()["defaults"].get(kind, {})), pairs, where)
    return Event(kind, date.fromisoformat(day), payload)


def _payload(
    kind: str, payload: dict[str, Any], pairs: list[tuple[str, str, str]], where: str
) -> dict[str, Any]:
    registered = {**KINDS[kind].required, **KINDS[kind].optional}
    for word, _, value in pairs:
        if word in ("公开部分", "不公开部分"):
            for party in value.split("、"):
                part = {"part": party, "disclosed": word == "公开部分", "party": party}
                payload.setdefault("parts", []).append(part)
            continue
        key = next((k for k in words()["keys"].get(word, ()) if k in registered), None)
        if key is None:
            raise Unreadable(f"{where}: {word}")
        if value == "无":
            payload.pop(key, None)
        elif key in ("working_days", "seq"):
            payload[key] = int(value)
        else:
            payload[key] = values().get(value, value)
    return payload


def _correction(pairs: list[tuple[str, str, str]], before: list[Event], where: str) -> dict[str, Any]:
    """``序号=2 作废``; ``序号=2 日期=2026-03-05``; ``序号=2 渠道=传真``."""
    seq = next((int(value) for word, _, value in pairs if word == "序号"), 0)
    rest = [pair for pair in pairs if pair[0] != "序号"]
    if any(word == "作废" for word, _, _ in rest):
        return {"seq": seq, "replacement": None}
    replacement: dict[str, Any] = {}
    dates = [value for word, _, value in rest if word == "日期"]
    if dates:
        replacement["occurred_on"] = dates[0]
    changed = [pair for pair in rest if pair[0] != "日期"]
    if changed:
        named = before[seq - 1]
        replacement["payload"] = _payload(named.kind, dict(named.payload), changed, where)
    return {"seq": seq, "replacement": replacement}
