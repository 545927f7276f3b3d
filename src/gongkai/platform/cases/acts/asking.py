"""From a kind of act to the questions of its form on a case, and from answers to the step to be performed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from gongkai.platform.cases.acts.asked import NEW
from gongkai.platform.cases.acts.catalogue import FORMS
from gongkai.platform.cases.acts.context import FormContext
from gongkai.platform.cases.acts.fee import calculated
from gongkai.platform.cases.acts.fields import ActForm, Choices, Field, Goes, Shape, Text, Values
from gongkai.platform.cases.case_view import Loaded, form_context, load_case
from gongkai.platform.cases.services.acting import Step, permission_for, permission_to_correct
from gongkai.platform.cases.showing.offers import Instead, backdated, instead_of, offers, refused
from gongkai.platform.cases.showing.timeline import TimelineEntry, timeline
from gongkai.platform.cases.task_rows import REVIEWS
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body
from gongkai.rules import kinds
from gongkai.rules.cases.fold import effective
from gongkai.rules.event import Event
from gongkai.rules.refusal import Refusal
from gongkai.rules.workdays import CalendarNotPublished

CORRECTED = "entry.corrected"
VOID, REPLACE = "void", "replace"


class NoSuchAct(LookupError):
    """No kind of act that is done from the case page, or no such entry to correct."""


class AlreadyVoid(NoSuchAct):
    """The entry to be corrected was struck through meanwhile: ``seq``."""

    def __init__(self, seq: int) -> None:
        super().__init__(f"{CORRECTED} {seq}")
        self.seq = seq


class BadAnswer(ValueError):
    """An answer that is no answer: ``field`` and ``message``. What the law says is not asked here."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field, self.message = field, message


@dataclass(frozen=True, slots=True)
class AskedField:
    """One question, with the choices and the default that this case gives it."""

    name: str
    label: Text
    shape: str
    required: bool
    hint: Text
    choices: Choices
    initial: str


@dataclass(frozen=True, slots=True)
class RefusalView:
    """A refusal in words."""

    message: str
    article: str
    instead: tuple[Instead, ...]
    backdated: bool = False
    """The act was lawful on an earlier day: what happened then may be entered."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The form of an act on a case, for one actor."""

    form: ActForm
    label: str
    fields: tuple[AskedField, ...]
    expected_seq: int
    loaded: Loaded
    context: FormContext
    today: RefusalView | None
    """Why the act would not be lawful if it were dated today."""
    entry: TimelineEntry | None = None
    """The entry to be corrected."""
    event: Event | None = None
    """It as it reads now: an earlier correction holds until this one."""

    @property
    def kind(self) -> str:
        """The kind of act."""
        return self.form.kind


def ask(*, body: Body, stream: str, kind: str, actor: Actor, entry: int | None = None) -> Asked:
    """The questions for an act; for ``entry.corrected`` those for correcting the entry with number ``entry``.

    Raises ``NoSuchAct`` for what is not done from the case page and an entry that is not there,
    ``AlreadyVoid`` for one that was struck through, ``NoSuchCase``, ``NotPermitted``.
    """
    form = FORMS.get(kind)
    if form is None or not form.offered:
        raise NoSuchAct(kind)
    loaded = load_case(body=body, stream=stream, actor=actor)
    actor.require(permission_for(kind), body)
    context = form_context(loaded, actor)
    fields = list(form.fields)
    shown, event = None, None
    if kind == CORRECTED and entry is not None:
        shown, event = _entry(loaded, entry)
        actor.require(permission_to_correct(event.kind), body)
        fields = [*_correcting(event), *fields]
    refusal = refused(loaded.worked.state, kind, actor.today, loaded.basis)
    return Asked(
        form=form,
        label=kinds.KINDS[kind].label_zh,
        fields=tuple(_asked(field, context) for field in fields),
        expected_seq=loaded.past.seq,
        loaded=loaded,
        context=context,
        today=None if refusal is None else _refused_today(refusal, loaded, actor, kind),
        entry=shown,
        event=event,
    )


def _refused_today(refusal: Refusal, loaded: Loaded, actor: Actor, kind: str) -> RefusalView:
    late = backdated(loaded.worked.state, kind, actor.today, loaded.basis, refusal)
    return replace(refusal_view(refusal, loaded, actor), backdated=late)


def refusal_view(refusal: Refusal, loaded: Loaded, actor: Actor) -> RefusalView:
    """A refusal with names for references and with what may be done instead."""
    now = offers(loaded.worked.state, loaded.basis, actor, loaded.body, loaded.names)
    message = loaded.names.said(refusal.message())
    return RefusalView(message, refusal.article, instead_of(refusal, now))


def entries_of(loaded: Loaded, *, after: int = 0) -> tuple[TimelineEntry, ...]:
    """The entries of a case behind number ``after``, without texts: to choose from, or to see what is new."""
    shown = timeline(loaded.past.events, {}, loaded.names, may_read_texts=False, revealed=False)
    return tuple(entry for entry in shown if entry.seq > after)


def _asked(field: Field, context: FormContext) -> AskedField:
    return AskedField(
        field.name, field.label, field.shape.value, field.required, field.hint,
        field.choices_in(context), field.initial_in(context),
    )  # fmt: skip


# --- correcting an entry --------------------------------------------------------------------------------


def _entry(loaded: Loaded, seq: int) -> tuple[TimelineEntry, Event]:
    entry = next((one for one in entries_of(loaded) if one.seq == seq), None)
    if entry is None or entry.kind == CORRECTED:
        raise NoSuchAct(f"{CORRECTED} {seq}")
    if entry.void:
        raise AlreadyVoid(seq)
    return entry, next(event for event in effective(loaded.past.events) if event.seq == seq)


def _correcting(event: Event) -> list[Field]:
    """How an entry can be corrected: void, or another date and payload; at first what it says now."""
    how = Field(
        "how", _("怎样更正"), Shape.CHOICE, Goes.FORM, initial=REPLACE,
        choices=((REPLACE, _("改成下面的样子")), (VOID, _("整条作废，当作没有发生"))),
    )  # fmt: skip
    found = [
        how,
        Field("new_on", _("发生日期"), Shape.DATE, Goes.FORM, initial=event.occurred_on.isoformat()),
    ]
    for field in FORMS[event.kind].fields:
        if field.goes is Goes.PAYLOAD and not callable(field.choices):
            value = event.payload.get(field.name)
            found.append(replace(field, name=f"new_{field.name}", goes=Goes.FORM, initial=_as_text(value)))
    return found


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _correction(asked: Asked, event: Event, values: Values) -> dict[str, Any]:
    if values["how"] == VOID:
        return {"seq": event.seq, "replacement": None}
    payload = dict(event.payload)
    for field in FORMS[event.kind].fields:
        name = f"new_{field.name}"
        if name not in values:
            continue
        value = _plain(field, values[name])
        if value is None:
            payload.pop(field.name, None)
        else:
            payload[field.name] = value
    changes: dict[str, Any] = {}
    if values["new_on"] != event.occurred_on:
        changes["occurred_on"] = values["new_on"].isoformat()
    if payload != dict(event.payload):
        changes["payload"] = payload
        _check(event.kind, payload, "new_")
    if not changes:
        raise BadAnswer("how", _("没有改动。要改日期或者内容，或者选作废。"))
    if values["new_on"] > asked.context.today:
        raise BadAnswer("new_on", _("不能晚于今天"))
    return {"seq": event.seq, "replacement": changes}


# --- from answers to a step -----------------------------------------------------------------------------


def step_of(asked: Asked, values: Values) -> Step:
    """The step that the answers make. ``values``: dates, numbers and truth values as such, ``None`` for none.

    Raises ``BadAnswer``.
    """
    _complete(asked, values)
    payload: dict[str, Any] = {}
    if asked.event is not None:
        payload = _correction(asked, asked.event, values)
    else:
        for field in asked.form.payload_fields:
            value = _plain(field, values.get(field.name))
            if value is not None:
                payload[field.name] = value
        if asked.form.build is not None:
            payload |= asked.form.build(values, asked.context)
        _check(asked.kind, payload)
    texts = {
        field.name: values[field.name]
        for field in asked.form.fields
        if field.goes is Goes.TEXT and values.get(field.name) not in (None, "")
    }
    if "whom" in values and values["whom"] != NEW:
        texts = {key: text for key, text in texts.items() if key not in ("name", "party_kind", "contact")}
    return Step(asked.kind, values["occurred_on"], payload, texts)


def _plain(field: Field, value: Any) -> Any:
    """A value as a payload holds it."""
    if value is None or value == "":
        return None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value


def _complete(asked: Asked, values: Values) -> None:
    """What depends on two answers at once, and on the calendar."""
    kind = asked.kind
    _within_calendar(asked, values)
    if values.get("whom") == NEW and not values.get("name"):
        raise BadAnswer("name", _("请填写征求谁的意见"))
    if values.get("unit_choice") == NEW and not values.get("name"):
        raise BadAnswer("name", _("请填写单位名称"))
    if kind == "task.done" and "task" in values:
        _complete_task(values)
    if kind == "request.withdrawn" and values.get("scope") == "item" and not values.get("item"):
        raise BadAnswer("item", _("请写明撤回哪一项"))
    if kind == "rehandling.started" and values.get("working_days") and values.get("due_on"):
        raise BadAnswer("due_on", _("工作日数和日期只能填一个"))
    if kind == "fee.notified":
        _complete_fee(asked, values)


def _complete_task(values: Values) -> None:
    """A review says agree or disagree, and why."""
    kind = str(values["task"]).rpartition("|")[2]
    if kind in REVIEWS and not values.get("stance"):
        raise BadAnswer("stance", _("会签、法制审核的，请选同意或者不同意"))
    if kind in REVIEWS and not values.get("result"):
        raise BadAnswer("result", _("请写意见和理由"))


def _within_calendar(asked: Asked, values: Values) -> None:
    """A term in a year that no calendar tells, mostly a mistyped one, would leave the case without clocks."""
    calendar = asked.context.basis.calendar
    first, last = calendar.years
    for field in asked.fields:
        day = values.get(field.name)
        if isinstance(day, date) and not first <= day.year <= last:
            raise BadAnswer(
                field.name, _("年份应在 %(first)d 至 %(last)d 之间") % {"first": first, "last": last}
            )
    days = values.get("working_days")
    if days is not None:
        try:
            calendar.add(values["occurred_on"], days)
        except CalendarNotPublished:
            raise BadAnswer("working_days", _("天数太多，超出已收录的日历")) from None


def _complete_fee(asked: Asked, values: Values) -> None:
    fee = calculated(values, asked.context)
    amount: Decimal | None = values.get("amount")
    if fee is None:
        name = "pages" if values.get("schedule") == "fee_per_page" else "cases_before"
        if values.get(name) is None:
            raise BadAnswer(name, _("没有数量，算不出金额"))
        raise BadAnswer("occurred_on", _("这一天还没有收费的规定"))
    if fee.amount == 0:
        raise BadAnswer("schedule", _("照标准计算不收费：%(how)s") % {"how": fee.text_zh})
    if amount is not None and amount > fee.amount:
        raise BadAnswer("amount", _("多于照标准计算的 %(amount)s 元") % {"amount": fee.amount})
    if amount == 0:
        raise BadAnswer("amount", _("收费通知的金额要大于 0"))


def calculation_said(asked: Asked, values: Values) -> str:
    """How the fee comes about, in words; empty for other acts and missing counts."""
    if asked.kind != "fee.notified":
        return ""
    fee = calculated(values, asked.context)
    return "" if fee is None else fee.text_zh


def _check(kind: str, payload: Mapping[str, Any], prefix: str = "") -> None:
    try:
        kinds.check(kind, payload)
    except kinds.UnlawfulShape as error:
        raise BadAnswer(f"{prefix}{error.key}", error.text()) from error


def answers_said(asked: Asked, values: Values) -> Sequence[tuple[str, str]]:
    """The answers in words, for the page that asks for confirmation."""
    said: list[tuple[str, str]] = []
    for field in asked.fields:
        value = values.get(field.name)
        if value is None or value == "":
            continue
        if field.shape == Shape.CHOICE:
            text = str(dict(field.choices).get(value, value))
        elif isinstance(value, bool):
            text = _("是") if value else _("否")
        else:
            text = str(value)
        said.append((str(field.label), text))
    return said
