"""Letters in, whether they became cases or not, and hand-overs: lists with filters, pages, sheets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.platform.cases.applicants import APPLICANT, PERSON
from gongkai.platform.cases.models import (
    CaseSummary,
    CaseText,
    Counterpart,
    Direction,
    IncomingLetter,
    ItemKind,
    ItemState,
    LetterItem,
    Referral,
)
from gongkai.platform.cases.selectors.filters import CHANNELS, Unknown
from gongkai.platform.cases.selectors.paging import Order, Page, page_of
from gongkai.platform.cases.selectors.scope import unreadable_flags, visible_bodies
from gongkai.platform.cases.sheets import Column, Value
from gongkai.platform.core import audit, private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act

PAGE = 50
MOST_EXPORTED = 50_000
_CHUNK = 500

KINDS: Mapping[str, Any] = MappingProxyType(dict(ItemKind.choices))
STATES: Mapping[str, Any] = MappingProxyType(
    {
        "pending": gettext_lazy("有事项待处理"),
        "waiting": gettext_lazy("待与申请人确认收到"),
        "caseless": gettext_lazy("没有立案"),
        "several": gettext_lazy("一函多申请"),
    }
)
SORTS: Mapping[str, Any] = MappingProxyType(
    {"newest": gettext_lazy("新的在前"), "oldest": gettext_lazy("旧的在前")}
)
COUNTERPARTS: Mapping[str, Any] = MappingProxyType(dict(Counterpart.choices))
DIRECTIONS: Mapping[str, Any] = MappingProxyType(dict(Direction.choices))
REFERRAL_STATES: Mapping[str, Any] = MappingProxyType(
    {"open": gettext_lazy("办理结果没有回来"), "answered": gettext_lazy("办理结果已经回来")}
)


class TooManyLetters(ValueError):
    """More rows than a sheet is made of."""


@dataclass(frozen=True, slots=True)
class LetterFilters:
    """What the list of letters is narrowed to."""

    year: str = ""
    channel: str = ""
    kind: str = ""
    state: str = ""
    ticket: str = ""
    sort: str = ""


@dataclass(frozen=True, slots=True)
class ReferralFilters:
    """What the list of hand-overs is narrowed to."""

    year: str = ""
    direction: str = ""
    counterpart: str = ""
    state: str = ""
    ticket: str = ""
    sort: str = ""


_WORDS: Mapping[str, tuple[Any, Mapping[str, Any] | None]] = MappingProxyType(
    {
        "year": (gettext_lazy("年份"), None),
        "ticket": (gettext_lazy("工单号、转办编号"), None),
        "channel": (gettext_lazy("渠道"), CHANNELS),
        "kind": (gettext_lazy("事项"), KINDS),
        "direction": (gettext_lazy("方向"), DIRECTIONS),
        "counterpart": (gettext_lazy("对方"), COUNTERPARTS),
        "sort": (gettext_lazy("排序"), SORTS),
    }
)


def read_letter_filters(query: Mapping[str, str]) -> tuple[LetterFilters, tuple[Unknown, ...]]:
    """The filters of a query, and what in it is not understood."""
    known, unknown = _read(query, LetterFilters, STATES)
    return LetterFilters(**known), unknown


def read_referral_filters(query: Mapping[str, str]) -> tuple[ReferralFilters, tuple[Unknown, ...]]:
    """The filters of a query, and what in it is not understood."""
    known, unknown = _read(query, ReferralFilters, REFERRAL_STATES)
    return ReferralFilters(**known), unknown


def _read(
    query: Mapping[str, str], made: type[Any], states: Mapping[str, Any]
) -> tuple[dict[str, str], tuple[Unknown, ...]]:
    known: dict[str, str] = {}
    unknown: list[Unknown] = []
    for field in fields(made):
        value = " ".join(query.get(field.name, "").split())[:60]
        label, words = _WORDS.get(field.name, (_("办理情况"), states))
        if not value:
            continue
        if (field.name == "year" and not _is_year(value)) or (words is not None and value not in words):
            unknown.append(Unknown(label, value[:40]))
            continue
        known[field.name] = value
    return known, tuple(unknown)


def _is_year(text: str) -> bool:
    """Four digits that a calendar knows as a year: there is none before 1."""
    return text.isascii() and text.isdigit() and len(text) == 4 and int(text) > 0


def said(filters: LetterFilters | ReferralFilters) -> str:
    """The filters in words, for a sheet."""
    states = STATES if isinstance(filters, LetterFilters) else REFERRAL_STATES
    told: list[str] = []
    for field in fields(filters):
        value = getattr(filters, field.name)
        label, words = _WORDS.get(field.name, (_("办理情况"), states))
        if value:
            told.append(f"{label}：{value if words is None else words[value]}")
    return "，".join(told)


def letters_query(filters: LetterFilters | ReferralFilters) -> str:
    """The filters as a query, without those that are not set."""
    given = {field.name: getattr(filters, field.name) for field in fields(filters)}
    return urlencode({name: value for name, value in given.items() if value})


@dataclass(frozen=True, slots=True)
class CaseOfLetter:
    """A case of a letter in the list."""

    stream: str
    number: str
    title: str


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A letter in the list."""

    ref: str
    came_on: date
    channel: str
    applicant: str
    """Masked for a person; empty once erased."""
    cases: tuple[CaseOfLetter, ...]
    matters: tuple[tuple[str, str, bool], ...]
    """Of each matter that is no case: what it is, what became of it, whether it waits."""
    tickets: tuple[str, ...]
    waiting: bool
    """Receipt is not confirmed yet."""
    body: Body

    @property
    def pending(self) -> int:
        """How many matters wait."""
        return sum(1 for _kind, _state, waits in self.matters if waits)


def visible_letters(actor: Actor, act: Act = Act.CASE_SEE) -> QuerySet[IncomingLetter]:
    """The letters that the actor may see: of visible bodies, none of which is a sensitive case of others."""
    letters = IncomingLetter.objects.filter(body__in=visible_bodies(actor, act))
    if actor.system:
        return letters
    closed = unreadable_flags(actor).filter(stream=OuterRef("stream")).order_by()
    texts = CaseText.objects.filter(Exists(closed), letter=OuterRef("pk")).order_by()
    of_letter = unreadable_flags(actor).filter(stream=OuterRef("pk")).order_by()
    return letters.filter(~Exists(texts), ~Exists(of_letter))


def pending_matters(actor: Actor) -> int:
    """How many matters of the own body's letters wait, for who may do something about them."""
    if actor.seat is None or not actor.may(Act.CASE_ACT, actor.seat.body):
        return 0
    waiting = LetterItem.objects.filter(body=actor.seat.body, state=ItemState.PENDING)
    of = list(waiting.order_by().values_list("letter", flat=True))
    if not of:
        return 0
    seen = set(visible_letters(actor).filter(pk__in=set(of)).order_by().values_list("pk", flat=True))
    return sum(1 for letter in of if letter in seen)


def letters_of(actor: Actor, question: str) -> list[str] | None:
    """The letters of whom a question names exactly (name, number, phone); ``None``: nothing was asked.

    For seats that may read who an applicant is; such a search goes into the audit, without what was asked.
    """
    question = " ".join(question.split())
    if not question:
        return None
    if actor.seat is None or not actor.may(Act.CASE_IDENTITY, actor.seat.body):
        return []
    body = actor.seat.body
    records = private.find(body=body, value=question)
    subjects = {one.subject_id for one in records if one.kind == APPLICANT and one.subject_id is not None}
    places = {one.stream for one in records if one.kind in (APPLICANT, PERSON)}
    found = IncomingLetter.objects.filter(body=body).filter(Q(subject__in=subjects) | Q(ref__in=places))
    refs = list(found.order_by().values_list("ref", flat=True))
    audit.record("case.applicant_searched", actor=actor, body=body, detail={"found": len(refs)})
    return refs


def _letters(actor: Actor, filters: LetterFilters, refs: Sequence[str] | None) -> QuerySet[IncomingLetter]:
    letters = visible_letters(actor)
    if refs is not None:
        letters = letters.filter(ref__in=refs)
    if filters.year:
        year = int(filters.year)
        letters = letters.filter(came_on__gte=date(year, 1, 1), came_on__lte=date(year, 12, 31))
    if filters.channel:
        letters = letters.filter(channel=filters.channel)
    texts = CaseText.objects.filter(letter=OuterRef("pk")).order_by()
    items = LetterItem.objects.filter(letter=OuterRef("pk")).order_by()
    if filters.kind == ItemKind.INFORMATION:
        letters = letters.filter(Exists(texts) | Exists(items.filter(kind=filters.kind)))
    elif filters.kind:
        letters = letters.filter(Exists(items.filter(kind=filters.kind)))
    match filters.state:
        case "pending":
            letters = letters.filter(Exists(items.filter(state=ItemState.PENDING)))
        case "waiting":
            open_ones = CaseSummary.objects.filter(stream=OuterRef("stream"), phase="submitted", open=True)
            letters = letters.filter(Exists(texts.filter(Exists(open_ones.order_by()))))
        case "caseless":
            letters = letters.filter(~Exists(texts))
        case "several":
            letters = letters.filter(Exists(texts.filter(unit=1)), Exists(texts.filter(unit__gt=1)))
        case _any:
            pass
    if filters.ticket:
        tickets = Referral.objects.filter(letter=OuterRef("pk"), number="".join(filters.ticket.split()))
        letters = letters.filter(Exists(tickets.order_by()))
    return letters


def letter_list(
    actor: Actor,
    filters: LetterFilters,
    *,
    refs: Sequence[str] | None = None,
    after: str = "",
    before: str = "",
) -> tuple[Page[Any], list[LetterRow], int]:
    """A page of letters, its rows, and how many there are in all."""
    letters = _letters(actor, filters, refs).annotate(stream=F("ref"))
    order = Order("came_on", descending=filters.sort != "oldest")
    page = page_of(letters, order, PAGE, after=after, before=before)
    return page, letter_rows(list(page.rows)), letters.order_by().count()


def exported_letters(
    actor: Actor, filters: LetterFilters, *, refs: Sequence[str] | None = None
) -> Iterator[LetterRow]:
    """Every letter of a list in its order; raises ``TooManyLetters`` before the first is given."""
    letters = _letters(actor, filters, refs).filter(body__in=visible_bodies(actor, Act.CASE_EXPORT))
    if letters.order_by().count() > MOST_EXPORTED:
        raise TooManyLetters
    sign = "" if filters.sort == "oldest" else "-"
    return _in_chunks(letters.order_by(f"{sign}came_on", "ref"))


def _in_chunks(letters: QuerySet[IncomingLetter]) -> Iterator[LetterRow]:
    chunk: list[IncomingLetter] = []
    for letter in letters.iterator(chunk_size=_CHUNK):
        chunk.append(letter)
        if len(chunk) == _CHUNK:
            yield from letter_rows(chunk)
            chunk = []
    yield from letter_rows(chunk)


def letter_rows(letters: Sequence[IncomingLetter]) -> list[LetterRow]:
    """Letters as rows; a fixed number of queries for all of them."""
    refs = [letter.ref for letter in letters]
    texts: dict[str, list[CaseText]] = {}
    for text in CaseText.objects.filter(letter__in=refs).order_by("unit"):
        texts.setdefault(str(text.letter_id), []).append(text)
    rows = CaseSummary.objects.in_bulk([text.stream for group in texts.values() for text in group])
    items: dict[str, list[LetterItem]] = {}
    for item in LetterItem.objects.filter(letter__in=refs).exclude(state=ItemState.CASE).order_by("n"):
        items.setdefault(item.letter_id, []).append(item)
    tickets: dict[str, list[str]] = {}
    for one in Referral.objects.filter(letter__in=refs, direction=Direction.IN).order_by("on", "key"):
        tickets.setdefault(one.letter_id, []).append(f"{Counterpart(one.counterpart).label} {one.number}")
    bodies = Body.objects.in_bulk({letter.body.pk for letter in letters})
    found: list[LetterRow] = []
    for letter in letters:
        group = [text for text in texts.get(letter.ref, []) if text.stream in rows]
        label = group[0].applicant_label if group else letter.applicant_label
        found.append(
            LetterRow(
                letter.ref, letter.came_on, str(CHANNELS.get(letter.channel, "")), label,
                tuple(CaseOfLetter(text.stream, rows[text.stream].number, text.title) for text in group),
                tuple(
                    (
                        str(ItemKind(item.kind).label), str(ItemState(item.state).label),
                        item.state == ItemState.PENDING,
                    )
                    for item in items.get(letter.ref, [])
                ),
                tuple(tickets.get(letter.ref, [])),
                any(rows[text.stream].phase == "submitted" and rows[text.stream].open for text in group),
                bodies[letter.body.pk],
            )
        )  # fmt: skip
    return found


def letter_columns() -> list[Column]:
    """The columns of a sheet of letters."""
    return [
        Column(_("来件之日")), Column(_("渠道"), 14), Column(_("来件人"), 18), Column(_("案件编号"), 24),
        Column(_("申请内容"), 40), Column(_("其他事项"), 36), Column(_("待处理事项"), 10),
        Column(_("工单号"), 24), Column(_("机关"), 24),
    ]  # fmt: skip


def letter_values(row: LetterRow) -> list[Value]:
    """A letter as a row of ``letter_columns``."""
    return [
        row.came_on, row.channel, row.applicant, "\n".join(one.number or _("未编号") for one in row.cases),
        "\n".join(one.title for one in row.cases),
        "\n".join(f"{kind}：{state}" for kind, state, _waits in row.matters), row.pending,
        "\n".join(row.tickets), row.body.name,
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReferralRow:
    """A hand-over in the list."""

    key: str
    letter: str
    on: date
    direction: str
    incoming: bool
    counterpart: str
    number: str
    applicant: str
    what: tuple[str, ...]
    """Kinds of the matters that went out, or numbers of the cases that came of it."""
    answered_on: date | None
    days: int | None
    """Calendar days without an answer; ``None`` where none is awaited."""
    body: Body


def _referrals(actor: Actor, filters: ReferralFilters) -> QuerySet[Referral]:
    found = Referral.objects.filter(letter__in=visible_letters(actor).order_by().values("pk"))
    if filters.year:
        year = int(filters.year)
        found = found.filter(on__gte=date(year, 1, 1), on__lte=date(year, 12, 31))
    exact = {"direction": filters.direction, "counterpart": filters.counterpart}
    found = found.filter(**{name: value for name, value in exact.items() if value})
    match filters.state:
        case "open":
            found = found.filter(direction=Direction.OUT, answered_on=None)
        case "answered":
            found = found.exclude(answered_on=None)
        case _any:
            pass
    if filters.ticket:
        found = found.filter(number="".join(filters.ticket.split()))
    return found


def referral_list(
    actor: Actor, filters: ReferralFilters, *, after: str = "", before: str = ""
) -> tuple[Page[Any], list[ReferralRow], int]:
    """A page of hand-overs, its rows, and how many there are in all."""
    found = _referrals(actor, filters).select_related("letter", "body").annotate(stream=F("key"))
    page = page_of(found, Order("on", descending=filters.sort != "oldest"), PAGE, after=after, before=before)
    return page, referral_rows(list(page.rows), actor.today), found.order_by().count()


def exported_referrals(actor: Actor, filters: ReferralFilters) -> Iterator[ReferralRow]:
    """Every hand-over of a list in its order; raises ``TooManyLetters``."""
    found = _referrals(actor, filters).filter(body__in=visible_bodies(actor, Act.CASE_EXPORT))
    if found.order_by().count() > MOST_EXPORTED:
        raise TooManyLetters
    sign = "" if filters.sort == "oldest" else "-"
    ordered = list(found.select_related("letter", "body").order_by(f"{sign}on", "key"))
    return iter(referral_rows(ordered, actor.today))


def referral_rows(referrals: Sequence[Referral], today: date) -> list[ReferralRow]:
    """Hand-overs as rows."""
    letters = letter_rows(list({one.letter.ref: one.letter for one in referrals}.values()))
    by_ref = {letter.ref: letter for letter in letters}
    kinds: dict[str, list[str]] = {}
    for item in LetterItem.objects.filter(referral__in=[one.key for one in referrals]).order_by("n"):
        kinds.setdefault(str(item.referral_id), []).append(str(ItemKind(item.kind).label))
    found: list[ReferralRow] = []
    for one in referrals:
        letter, incoming = by_ref[one.letter_id], one.direction == Direction.IN
        what = [case.number or _("未编号") for case in letter.cases] if incoming else kinds.get(one.key, [])
        open_ = not incoming and one.answered_on is None
        found.append(
            ReferralRow(
                one.key, one.letter_id, one.on, str(Direction(one.direction).label), incoming,
                str(Counterpart(one.counterpart).label), one.number, letter.applicant, tuple(what),
                one.answered_on, (today - one.on).days if open_ else None, one.body,
            )
        )  # fmt: skip
    return found


def referral_columns() -> list[Column]:
    """The columns of a sheet of hand-overs."""
    return [
        Column(_("日期")), Column(_("方向"), 8), Column(_("对方"), 18), Column(_("编号"), 24),
        Column(_("来件人"), 18), Column(_("事项、案件"), 30), Column(_("结果回来之日")),
        Column(_("已过天数"), 10), Column(_("机关"), 24),
    ]  # fmt: skip


def referral_values(row: ReferralRow) -> list[Value]:
    """A hand-over as a row of ``referral_columns``."""
    return [
        row.on, row.direction, row.counterpart, row.number, row.applicant, "\n".join(row.what),
        row.answered_on, row.days, row.body.name,
    ]  # fmt: skip
