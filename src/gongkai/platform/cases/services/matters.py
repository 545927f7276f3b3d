"""Matters of a letter that are no requests for information: noted item by item, and what became of each.

A petition, a complaint, a consultation in a letter is never a case: it has no number, no clock of the
Regulation, and no place in Table 3. It stands with the letter, with what became of it. One that turns out to
be a request for information becomes a case (``sorting.register_matters``). Source: case-events.md
(corrections of records, complaints and reports are registers of their own and never cases).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from gongkai.platform.cases.models import CaseText, IncomingLetter, ItemKind, ItemState, LetterItem
from gongkai.platform.core import audit, private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.identifiers import opaque
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act
from gongkai.platform.ledger.services import lock

LONGEST = 20_000
MOST = 40
"""Matters of one letter."""


class BadMatter(ValueError):
    """What cannot be noted or done: ``field`` of the form, or empty, and ``message`` (Chinese)."""

    def __init__(self, field: str, message: Any) -> None:
        super().__init__(f"{field}: {message}")
        self.field, self.message = field, message


class SettledAlready(RuntimeError):
    """Somebody settled the matter since it was shown, perhaps by this very button: ``item``."""

    def __init__(self, item: LetterItem) -> None:
        super().__init__(item.key)
        self.item = item


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherMatter:
    """A matter as it is noted: what it is, and its words; ``n`` is its place in the letter, 0: the next."""

    kind: str
    text: str
    n: int = 0
    key: str = ""
    """``new_matter_key`` of a form, so that one that is sent twice notes once."""


def new_matter_key() -> str:
    """A key for a matter that is about to be noted."""
    return opaque("matter", 16)


def next_place(letter: IncomingLetter) -> int:
    """The place after the last case and the last matter of a letter."""
    cases = CaseText.objects.filter(letter=letter).aggregate(last=models.Max("unit"))["last"]
    matters = LetterItem.objects.filter(letter=letter).aggregate(last=models.Max("n"))["last"]
    return max(cases or 0, matters or 0) + 1


def check_matters(matters: Iterable[OtherMatter]) -> None:
    """Raise ``BadMatter`` for what has no kind, no words, or too many."""
    for matter in matters:
        if matter.kind not in ItemKind.values:
            raise BadMatter("kind", _("请选择这一项是什么事项"))
        if not matter.text.strip():
            raise BadMatter("text", _("请写明事项的内容"))
        if len(matter.text) > LONGEST:
            raise BadMatter("text", _("超过 20,000 字，请写要点，原文作为附件"))


@transaction.atomic
def note_matters(
    *, body: Body, letter: IncomingLetter, matters: Sequence[OtherMatter], actor: Actor
) -> tuple[LetterItem, ...]:
    """Note matters of a letter; each has its place in it, and its words are kept encrypted.

    Raises ``NotPermitted``, ``BadMatter``; a matter whose key is there already is not noted again.
    """
    actor.require(Act.CASE_REGISTER, body)
    check_matters(matters)
    lock(body=body.key)
    if letter.subject is not None and letter.subject.erased_at is not None:
        raise BadMatter("", _("来件人的个人信息已经依法删除，不能再加事项"))
    known = LetterItem.objects.in_bulk([matter.key for matter in matters if matter.key])
    found: list[LetterItem] = []
    for matter in matters:
        if matter.key in known:
            found.append(known[matter.key])
            continue
        n = matter.n or next_place(letter)
        if n > MOST:
            raise BadMatter("text", _("一件来件最多 %(n)s 项") % {"n": MOST})
        kept = private.keep(
            body=body, stream=letter.ref, kind="letter.matter", fields={"text": matter.text.strip()},
            actor=actor, subject=letter.subject,
        )  # fmt: skip
        found.append(
            LetterItem.objects.create(
                key=matter.key or new_matter_key(), body=body, letter=letter, n=n, kind=matter.kind,
                text=kept.ref, noted_on=actor.today,
            )
        )  # fmt: skip
        audit.record(
            "letter.matter", actor=actor, body=body, object=letter.ref,
            detail={"n": n, "kind": matter.kind, "state": ItemState.PENDING.value},
        )  # fmt: skip
    return tuple(found)


@transaction.atomic
def sort_matter(*, body: Body, key: str, kind: str, actor: Actor) -> LetterItem:
    """Say that a matter is of another kind. Raises ``NotPermitted``, ``BadMatter``, ``SettledAlready``."""
    actor.require(Act.CASE_REGISTER, body)
    if kind not in ItemKind.values:
        raise BadMatter("kind", _("请选择这一项是什么事项"))
    lock(body=body.key)
    item = waiting_matter(body=body, key=key)
    if item.kind != kind:
        item.kind = kind
        item.save(update_fields=["kind"])
        _audit(item, actor)
    return item


@transaction.atomic
def settle_matter(*, body: Body, key: str, state: str, how: str, actor: Actor) -> LetterItem:
    """A matter was answered on the spot, or is filed: ``how`` in words.

    A request for information is neither: it is owed a reply. Raises ``NotPermitted``, ``BadMatter``,
    ``SettledAlready``.
    """
    actor.require(Act.CASE_ACT, body)
    if state not in (ItemState.ANSWERED, ItemState.FILED):
        raise BadMatter("state", _("请选择怎样处理"))
    if not how.strip():
        raise BadMatter("how", _("请写明怎样答复的，或者为什么不另处理"))
    lock(body=body.key)
    item = waiting_matter(body=body, key=key)
    if item.kind == ItemKind.INFORMATION:
        raise BadMatter("", _("政府信息公开申请要立案答复，不能这样了结；不是申请的，先改事项类别"))
    kept = private.keep(
        body=body, stream=item.letter.ref, kind="letter.matter_settled", fields={"how": how.strip()},
        actor=actor, subject=item.letter.subject,
    )  # fmt: skip
    item.how = kept.ref
    return mark_settled(item, ItemState(state), actor)


def waiting_matter(*, body: Body, key: str) -> LetterItem:
    """A matter with which nothing was done yet; raises ``BadMatter``, ``SettledAlready``."""
    item = LetterItem.objects.select_related("letter__subject").filter(body=body, key=key).first()
    if item is None:
        raise BadMatter("", _("没有这一项"))
    if item.state != ItemState.PENDING:
        raise SettledAlready(item)
    return item


def mark_settled(item: LetterItem, state: ItemState, actor: Actor) -> LetterItem:
    """Write down what became of a matter, in the transaction of what was done."""
    item.state, item.settled_on, item.settled_by = state, actor.today, actor.seat
    item.save()
    _audit(item, actor)
    return item


def _audit(item: LetterItem, actor: Actor) -> None:
    audit.record(
        "letter.matter", actor=actor, body=item.body, object=item.letter_id,
        detail={"n": item.n, "kind": item.kind, "state": str(item.state)},
    )  # fmt: skip
