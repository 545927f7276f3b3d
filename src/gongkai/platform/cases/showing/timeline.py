"""The timeline of a case: every entry with both dates, in words, newest first; void ones struck through."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.platform.cases.acts.catalogue import FORMS
from gongkai.platform.cases.acts.fields import Field, Goes, Shape
from gongkai.platform.cases.applicants import ITEM_LABELS, item_value_said
from gongkai.platform.cases.letters.facts import cite
from gongkai.platform.cases.letters.kinds import BY_KEY
from gongkai.platform.cases.models import Stance
from gongkai.platform.cases.receipt import ReceiptBasis
from gongkai.platform.cases.showing.names import PERSON, Names, Texts
from gongkai.platform.core.files import name_of
from gongkai.platform.core.models import Seat, StoredFile
from gongkai.platform.core.present import SHANGHAI
from gongkai.rules.cases.fold import effective
from gongkai.rules.event import Event
from gongkai.rules.kinds import KINDS
from gongkai.rules.law import load_law
from gongkai.rules.vocabulary import Instance, Outcome, TaskKind

_UNSAID = frozenset({"ref", "commitment", "facts", "letter", "from", "unit_choice"})
"""Payload keys that say nothing to a reader."""
_REFERENCES = frozenset({"party", "body", "unit", "remedy", "approved_by"})
SUB_KINDS = {
    "provided": gettext_lazy("提供信息"),
    "already_public": gettext_lazy("已主动公开，告知获取方式"),
    "not_held": gettext_lazy("信息不存在"),
    "not_ours": gettext_lazy("不属于本机关公开"),
    "transferred_to_archives": gettext_lazy("已移交档案馆"),
    "not_government_information": gettext_lazy("不属于政府信息"),
    "enquiry": gettext_lazy("咨询"),
    "applicant_gone": gettext_lazy("申请人死亡或者终止"),
    "terminated": gettext_lazy("终止办理"),
    "archives_rules": gettext_lazy("按档案管理规定办理"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """One detail of an entry: what it is and what it says. ``hidden``: personal, not asked for yet."""

    label: str
    value: str
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One act in the timeline."""

    seq: int
    kind: str
    label: str
    occurred_on: date
    recorded_at: datetime | None
    """In Shanghai's time."""
    late_by: int
    """Days between the act and its recording."""
    details: tuple[Said, ...]
    texts: tuple[Said, ...]
    texts_erased: bool
    article: str
    by: str
    void: bool
    """Struck through: a later entry took it back."""
    replaced_by: int | None
    """The number of the entry that corrected it."""
    correction_reason: str
    was: str
    """What it said before, where it was replaced."""
    correctable: bool
    """May be corrected, also once more; what was struck through is entered anew."""

    @property
    def struck(self) -> bool:
        """It holds no longer as it stands."""
        return self.void


@dataclass(frozen=True, slots=True)
class _Correction:
    """What the last correction made of an entry; ``now`` is ``None`` where it is void."""

    seq: int
    reason: str
    now: Event | None


def people_of(events: Iterable[Event]) -> dict[str, str]:
    """Who acted, by actor: name and title of the seat; jobs of the system by their own name."""
    keys = {event.actor for event in events if event.actor} | {
        str(event.payload["approved_by"]) for event in events if event.payload.get("approved_by")
    }
    seats = Seat.objects.filter(key__in=keys).select_related("person")
    return {seat.key: f"{seat.title} {seat.person.name}".strip() for seat in seats}


def timeline(
    events: Sequence[Event],
    texts: Texts,
    names: Names,
    *,
    may_read_texts: bool,
    revealed: bool,
) -> tuple[TimelineEntry, ...]:
    """The entries of a case, newest legal date first.

    ``texts`` of private records are shown to those who may read them; what says who somebody is only when
    ``revealed``. An entry that was corrected shows what holds now, and what it said before.
    """
    now = {event.seq: event for event in effective(events)}
    corrections = {
        int(event.payload["seq"]): _Correction(
            event.seq,
            str(texts.get(str(event.payload.get("ref", "")), {}).get("reason", "")) if may_read_texts else "",
            now.get(int(event.payload["seq"])),
        )
        for event in events
        if event.kind == "entry.corrected"
    }
    people = people_of(events)
    entries = [
        _entry(event, corrections.get(event.seq), texts, names, people, may_read_texts, revealed)
        for event in events
    ]
    return tuple(sorted(entries, key=lambda entry: (entry.occurred_on, entry.seq), reverse=True))


def _entry(
    event: Event,
    correction: _Correction | None,
    texts: Texts,
    names: Names,
    people: Mapping[str, str],
    may_read_texts: bool,
    revealed: bool,
) -> TimelineEntry:
    payload, on, was = event.payload, event.occurred_on, ""
    void = correction is not None and correction.now is None
    if correction is not None and correction.now is not None:
        was = _was(event, names, people)
        payload, on = correction.now.payload, correction.now.occurred_on
    recorded = event.recorded_at.astimezone(SHANGHAI) if event.recorded_at is not None else None
    reference = str(event.payload.get("ref", ""))
    told = texts.get(reference)
    shown = _texts(event.kind, told, revealed) if told is not None and may_read_texts else ()
    return TimelineEntry(
        seq=event.seq,
        kind=event.kind,
        label=KINDS[event.kind].label_zh,
        occurred_on=on,
        recorded_at=recorded,
        late_by=max(0, (recorded.date() - on).days) if recorded is not None else 0,
        details=payload_said(event.kind, payload, names, people),
        texts=shown,
        texts_erased=bool(reference) and told is None,
        article=FORMS[event.kind].article,
        by=people.get(event.actor, event.actor),
        void=void,
        replaced_by=None if correction is None else correction.seq,
        correction_reason="" if correction is None else correction.reason,
        was=was,
        correctable=event.kind != "entry.corrected" and not void,
    )


def _was(event: Event, names: Names, people: Mapping[str, str]) -> str:
    said = "，".join(
        f"{one.label}：{one.value}" for one in payload_said(event.kind, event.payload, names, people)
    )
    return f"{event.occurred_on.isoformat()}{f'，{said}' if said else ''}"


def payload_said(
    kind: str, payload: Mapping[str, Any], names: Names, people: Mapping[str, str]
) -> tuple[Said, ...]:
    """A payload in words: labels of the act's form, values of the vocabulary, names for references."""
    if kind == "entry.corrected":
        return (Said(_("更正"), _("第 %(seq)d 条记录") % {"seq": payload["seq"]}),)
    asked = {field.name: field for field in FORMS[kind].fields if field.goes in (Goes.PAYLOAD, Goes.FORM)}
    found: list[Said] = []
    order = list(asked)
    for key, value in sorted(
        payload.items(), key=lambda item: order.index(item[0]) if item[0] in asked else -1
    ):
        if key in _UNSAID or value is None:
            continue
        label = asked[key].label if key in asked else _OTHER_LABELS.get(key, key)
        label = str(_LABELS_OF_KIND.get((kind, key), label))
        found.append(Said(label, value_said(key, value, asked.get(key), names, people)))
    return tuple(found)


_LABELS_OF_KIND = {
    ("case.split", "unit"): gettext_lazy("来件中第几项"),
    ("fee.notified", "basis"): gettext_lazy("计收方式"),
    ("task.done", "kind"): gettext_lazy("办什么"),
    ("task.returned", "kind"): gettext_lazy("办什么"),
}
_OTHER_LABELS = {
    "approved_by": gettext_lazy("批准"),
    "party": gettext_lazy("第三方"),
    "body": gettext_lazy("机关"),
    "unit": gettext_lazy("单位"),
    "remedy": gettext_lazy("案件"),
    "basis": gettext_lazy("依据"),
    "sub_kind": gettext_lazy("情形"),
    "parts": gettext_lazy("部分"),
    "supersedes": gettext_lazy("取代"),
    "reply_body": gettext_lazy("答复机关"),
    "remedies_told": gettext_lazy("已告知救济途径"),
    "record": gettext_lazy("公开记录"),
    "how": gettext_lazy("确认方式"),
    "received_on": gettext_lazy("收到日期"),
    "working_days": gettext_lazy("工作日"),
    "amount": gettext_lazy("金额"),
    "method": gettext_lazy("方式"),
    "instance": gettext_lazy("审级"),
    "kind": gettext_lazy("类型"),
    "proof": gettext_lazy("凭证"),
    "reason": gettext_lazy("原因"),
    "item": gettext_lazy("其中一项"),
    "channel": gettext_lazy("渠道"),
    "applicant_kind": gettext_lazy("申请人类别"),
    "number": gettext_lazy("编号"),
}


def value_said(key: str, value: Any, field: Field | None, names: Names, people: Mapping[str, str]) -> str:
    """One value in words."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if key == "how" and value in ReceiptBasis.values:
        return str(ReceiptBasis(value).label)
    if key == "approved_by":
        return people.get(str(value), str(value))
    if key in _REFERENCES:
        return names.of(value)
    if key == "sub_kind":
        return str(SUB_KINDS.get(str(value), value))
    if key == "parts":
        return "；".join(_part(place, part, names) for place, part in enumerate(value, start=1))
    if key == "basis":
        items = cast("list[str]", value if isinstance(value, list) else [value])
        schedules: dict[str, str] = {"fee_per_case": _("按件计收"), "fee_per_page": _("按量计收")}
        if any(":" in item for item in items):
            return _cited(items)
        instruments = load_law().instruments()
        named = {key: f"《{instruments[key].title_zh}》" for key in items if key in instruments}
        return "、".join([schedules.get(item, named.get(item, item)) for item in items])
    if field is not None and field.shape is Shape.CHOICE and not callable(field.choices):
        return str(dict(field.choices).get(str(value), value))
    if key == "instance" and value in list(Instance):
        return Instance(value).label_zh
    if key == "kind" and value in list(TaskKind):
        return TaskKind(value).label_zh
    if key == "amount":
        return _("%(amount)s 元") % {"amount": f"{Decimal(value):.2f}"}
    return str(value)


def _cited(references: Sequence[str]) -> str:
    """Articles as a letter cites them; the references themselves where an instrument is not known here."""
    try:
        return cite(references, load_law())
    except ValueError:
        return "、".join(references)


def _part(place: int, part: Mapping[str, Any], names: Names) -> str:
    what = _("公开") if part["disclosed"] else _("不公开")
    about = f"（{names.of(part['party'])}）" if part.get("party") else ""
    ground = f"，{Outcome(part['ground']).label_zh}" if part.get("ground") else ""
    named = str(part.get("part") or "")
    name = _("第 %d 部分") % place if not named or named.startswith("part-") else f"{named} "
    return f"{name}{about}{what}{ground}"


def _label_of_text(key: str) -> str:
    """How a text is called that no form of an act asks for: one of the request, or a field of a letter."""
    if key in ITEM_LABELS:
        return str(ITEM_LABELS[key])
    return BY_KEY[key].name if key in BY_KEY else key


def _text_said(key: str, value: Any) -> str:
    """A text in words: what was chosen by its label, a recording by the name of its file."""
    if key == "stance" and value in Stance.values:
        return str(Stance(value).label)
    if key == "recording":
        file = StoredFile.objects.filter(ref=value).first()
        return _("已删除") if file is None else name_of(file)
    return item_value_said(key, value)


def _texts(kind: str, told: Mapping[str, Any], revealed: bool) -> tuple[Said, ...]:
    person = told.get("party_kind") == PERSON
    asked = {field.name: field for field in FORMS[kind].fields if field.goes is Goes.TEXT}
    found: list[Said] = []
    for key, value in told.items():
        if value in (None, "") or key in ("party_kind", "letter"):
            # The text of a letter stands among the letters of the case.
            continue
        field = asked.get(key)
        personal = (field is not None and field.personal) or (key == "name" and person)
        label = str(field.label) if field is not None else _label_of_text(key)
        hidden = personal and not revealed
        found.append(Said(label, "" if hidden else _text_said(key, value), hidden))
    return tuple(found)
