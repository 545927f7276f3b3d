"""Replies that did not stand: proceedings that ended corrected, revocations by a court or an authority; and
the reviews of what went wrong. A loss without a review is listed as missing one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

import yaml
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.platform.cases.archive.rights import may_make
from gongkai.platform.cases.case_view import NoSuchCase
from gongkai.platform.cases.models import CaseSummary, CaseText, LossReview
from gongkai.platform.cases.readers import may_read
from gongkai.platform.cases.selectors.scope import visible_bodies, visible_cases
from gongkai.platform.core import private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act
from gongkai.platform.core.present import SHANGHAI
from gongkai.platform.ledger.selectors import history, streams_with
from gongkai.rules.cases.fold import fold
from gongkai.rules.cases.state import CaseState, Remedy
from gongkai.rules.vocabulary import Instance, RemedyKind, RemedyResult, RevokedBy

_KINDS = ("remedy.decided", "reply.revoked")
_CHUNK = 500
PAGE = 50
STATES = MappingProxyType(
    {
        "missing": gettext_lazy("没有复盘"),
        "open": gettext_lazy("措施未完成"),
        "overdue": gettext_lazy("措施逾期"),
        "done": gettext_lazy("措施已完成"),
    }
)


@cache
def causes() -> Mapping[str, str]:
    """The closed list of causes, in its order."""
    text = (resources.files("gongkai.platform.cases") / "loss_causes.yaml").read_text(encoding="utf-8")
    found: Any = yaml.safe_load(text)
    return MappingProxyType(dict(found))


@dataclass(frozen=True, slots=True)
class ReviewView:
    """The newest review of a loss."""

    version: int
    cause: str
    cause_label: str
    went_wrong: str
    measure: str
    readable: bool
    """The words may be read and were not erased."""
    responsible: str
    responsible_key: str
    due_on: date
    done_on: date | None
    signed_by: str
    signed_on: date


@dataclass(frozen=True, slots=True)
class Loss:
    """A reply that did not stand."""

    body: Body
    stream: str
    number: str
    title: str
    key: str
    on: date
    what: str
    review: ReviewView | None
    state: str
    """One of ``STATES``."""
    may_review: bool

    @property
    def state_label(self) -> str:
        """In words."""
        return str(STATES[self.state])

    @property
    def mark(self) -> str:
        """The mark of the style sheet."""
        return {"missing": "half", "open": "running", "overdue": "overdue", "done": "done"}[self.state]


class NoSuchLoss(LookupError):
    """The case has no such loss."""


def losses_of(*, body: Body, stream: str, actor: Actor) -> tuple[Loss, ...]:
    """The losses of a case, oldest first; raises ``NoSuchCase``."""
    case = CaseSummary.objects.filter(body=body, stream=stream).first()
    if case is None or not actor.may(Act.CASE_SEE, body) or not may_read(actor, stream):
        raise NoSuchCase(stream)
    return tuple(losses_in([case], {body.key: body}, actor))


def loss_of(*, body: Body, stream: str, key: str, actor: Actor) -> Loss:
    """One of them; raises ``NoSuchLoss``."""
    found = next((one for one in losses_of(body=body, stream=stream, actor=actor) if one.key == key), None)
    if found is None:
        raise NoSuchLoss(key)
    return found


def all_losses(actor: Actor, *, year: int) -> list[Loss]:
    """The losses of a year in all cases that the actor may see, newest first."""
    bodies = {body.key: body for body in visible_bodies(actor)}
    days = {"first": date(year, 1, 1), "last": date(year, 12, 31)}
    wanted = set(streams_with(bodies=bodies, kinds=_KINDS, **days))
    struck = set(streams_with(bodies=bodies, kinds=("entry.corrected",)))
    wanted |= struck & set(streams_with(bodies=bodies, kinds=_KINDS))
    streams, found = sorted(wanted), list[Loss]()
    for at in range(0, len(streams), _CHUNK):
        cases = list(visible_cases(actor).filter(stream__in=streams[at : at + _CHUNK]))
        found += losses_in(cases, bodies, actor)
    found = [one for one in found if one.on.year == year]
    return sorted(found, key=lambda one: (one.on, one.stream), reverse=True)


def losses_in(cases: Sequence[CaseSummary], bodies: Mapping[str, Body], actor: Actor) -> list[Loss]:
    """The losses of cases that the actor may see, case by case, oldest first; ``bodies``: theirs, by key."""
    streams = [case.stream for case in cases]
    texts = CaseText.objects.in_bulk(streams)
    reviews: dict[tuple[str, str], LossReview] = {}
    rows = LossReview.objects.filter(stream__in=streams).order_by("version")
    for row in rows.select_related("responsible__person", "signed_by__person"):
        reviews[row.stream, row.loss] = row
    readable = {key for key, body in bodies.items() if actor.may(Act.CASE_IDENTITY, body)}
    told = private.read_many(row.text for row in reviews.values() if row.body_id in readable)
    found: list[Loss] = []
    for case in cases:
        state = fold(history(body=case.body_id, stream=case.stream).events)
        for key, on, what in lost_in(state):
            row = reviews.get((case.stream, key))
            review = None if row is None else _review(row, told.get(row.text))
            text = texts.get(case.stream)
            found.append(
                Loss(
                    bodies[case.body_id], case.stream, case.number, "" if text is None else text.title, key,
                    on, what, review, _state(review, actor.today), may_make(actor, bodies[case.body_id]),
                )
            )  # fmt: skip
    return found


def lost_in(state: CaseState) -> list[tuple[str, date, str]]:
    """Name, day and words of each loss: of a proceeding its last judgment; revocations that none explains.

    A judgment against which somebody appealed is none yet: on appeal is pending (counting.md, Table 4).
    """
    last = {remedy.remedy: remedy for remedy in state.remedies}
    lost = [remedy for remedy in last.values() if remedy.result == RemedyResult.CORRECTED.value]
    found = [(one.remedy, one.decided_on, _corrected(one)) for one in lost if one.decided_on is not None]
    free = list(lost)
    for number, reply in enumerate(state.replies, 1):
        if reply.revoked_on is None or reply.revoked_by in (None, RevokedBy.SELF.value):
            continue
        by = RevokedBy(reply.revoked_by)
        explained = next((one for one in free if _explains(one, by, reply.revoked_on)), None)
        if explained is not None:
            free.remove(explained)
            continue
        what = _("答复被撤销（%(by)s）") % {"by": by.label_zh}
        found.append((f"reply-{number}", reply.revoked_on, what))
    return sorted(found, key=lambda one: (one[1], one[0]))


def _explains(remedy: Remedy, by: RevokedBy, revoked_on: date) -> bool:
    """The revocation is what this proceeding ended with; it is not a loss of its own."""
    same = (remedy.kind is RemedyKind.RECONSIDERATION) == (by is RevokedBy.RECONSIDERATION)
    return same and remedy.decided_on is not None and remedy.decided_on <= revoked_on


def _corrected(remedy: Remedy) -> str:
    stage = "" if remedy.instance is None else f"（{Instance(remedy.instance).label_zh}）"
    return f"{remedy.kind.label_zh}{stage}：{RemedyResult.CORRECTED.label_zh}"


def _review(row: LossReview, words: Mapping[str, Any] | None) -> ReviewView:
    responsible = row.responsible
    return ReviewView(
        version=row.version, cause=row.cause, cause_label=causes().get(row.cause, row.cause),
        went_wrong=str((words or {}).get("went_wrong", "")), measure=str((words or {}).get("measure", "")),
        readable=words is not None, responsible="" if responsible is None else responsible.person.name,
        responsible_key="" if responsible is None else responsible.key, due_on=row.due_on,
        done_on=row.done_on, signed_by="" if row.signed_by is None else row.signed_by.person.name,
        signed_on=row.signed_at.astimezone(SHANGHAI).date(),
    )  # fmt: skip


def _state(review: ReviewView | None, today: date) -> str:
    if review is None:
        return "missing"
    if review.done_on is not None:
        return "done"
    return "overdue" if review.due_on < today else "open"
