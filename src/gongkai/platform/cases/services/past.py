"""Past cases of an office, from its spreadsheet into the ledger: uploaded, read, checked, ordered, deleted.

Who registers letters, or approves, may prepare an import. To bring it in is for who approves: the rows hold
replies and extensions, which only the head of the office may enter.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction

from gongkai.platform.cases import past_jobs
from gongkai.platform.cases.models import PastHeading, PastImport, PastState
from gongkai.platform.cases.past.checking import chosen_sheets, sheets_set
from gongkai.platform.cases.past.fields import BY_KEY, MEANINGS
from gongkai.platform.cases.past.keeping import forget_file, forget_findings, sheets_of
from gongkai.platform.cases.past.mapping import Heading, doubled, missing, proposed
from gongkai.platform.cases.past.workbook import Sheet, read_book
from gongkai.platform.core import audit, private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.files import store_file
from gongkai.platform.core.identifiers import opaque
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act
from gongkai.platform.ledger.services import lock

_FIRST_ROWS = range(1, 101)
_NOTHING_IN = (PastState.MAPPING, PastState.CHECKING, PastState.FAULTY, PastState.READY)
"""States in which no case was brought in yet."""
ABANDONED_AFTER = timedelta(days=60)
"""A spreadsheet full of names is not kept for longer without being used."""


class UploadedAlready(ValueError):
    """The same file was uploaded before: ``past``."""

    def __init__(self, past: PastImport) -> None:
        super().__init__(past.key)
        self.past = past


class BadMapping(ValueError):
    """The columns cannot be read so: fields that ``lack`` a column, fields given ``twice``, or no sheet."""

    def __init__(self, lack: Sequence[str], twice: Sequence[str], *, no_sheet: bool = False) -> None:
        super().__init__(f"{lack} {twice} {no_sheet}")
        self.lack, self.twice, self.no_sheet = tuple(lack), tuple(twice), no_sheet


class NotNow(RuntimeError):
    """The import is in another state than the page showed: ``state``."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


def require_preparing(actor: Actor, body: Body) -> None:
    """Raise ``NotPermitted`` for who may neither register nor approve."""
    if not actor.may(Act.CASE_APPROVE, body):
        actor.require(Act.CASE_REGISTER, body)


def upload_past(*, body: Body, actor: Actor, content: bytes, name: str) -> PastImport:
    """Keep a spreadsheet, and propose how to read it; its columns as the office set them the last time.

    Raises ``NotPermitted``, ``BookRefused``, ``FileRefused``, ``UploadedAlready``.
    """
    require_preparing(actor, body)
    digest = digest_of(content)
    known = PastImport.objects.filter(body=body, digest=digest).first()
    if known is not None:
        raise UploadedAlready(known)
    sheets = read_book(content)
    key = opaque("past")
    with transaction.atomic():
        lock(body=body.key)
        if (known := PastImport.objects.filter(body=body, digest=digest).first()) is not None:
            raise UploadedAlready(known)
        stored = store_file(body=body, stream=key, content=content, name=name, actor=actor)
        settings = sheets_set(sheets)
        past = PastImport.objects.create(
            key=key, body=body, file=stored, digest=digest, created_at=actor.present.moment,
            created_by=actor.seat, sheets=settings, mapping=_mapping_of(body, sheets, settings),
        )  # fmt: skip
        audit.record("past.uploaded", actor=actor, body=body, object=key, detail={"sheets": len(sheets)})
    return past


def digest_of(content: bytes) -> str:
    """A keyed hash: whoever sees the table cannot tell which known file it was."""
    return private.keyring().blind("past.file", hashlib.sha256(content).hexdigest())


def _mapping_of(body: Body, sheets: Sequence[Sheet], settings: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    kept = dict(PastHeading.objects.filter(body=body).values_list("heading", "field"))
    headings: dict[str, Heading] = {}
    for one in chosen_sheets(sheets, settings):
        for heading in one.headings:
            headings.setdefault(heading.key, heading)
    return proposed(list(headings.values()), kept)


@transaction.atomic
def set_sheets(*, past: PastImport, actor: Actor, chosen: Mapping[int, int]) -> PastImport:
    """Say which sheets are brought in, by their places, and in which row each has its headings.

    Columns are proposed anew. Raises ``NotPermitted``, ``NotNow``, ``BadMapping``, ``FileGone``.
    """
    past = _locked(past, actor, PastState.MAPPING, PastState.FAULTY, PastState.READY)
    sheets = sheets_of(past)
    settings = [
        {**setting, "chosen": place in chosen, "heading": chosen.get(place, setting["heading"])}
        for place, setting in enumerate(past.sheets, 1)
    ]
    if not chosen or any(row not in _FIRST_ROWS for row in chosen.values()):
        raise BadMapping([], [], no_sheet=True)
    past.sheets, past.mapping = settings, _mapping_of(past.body, sheets, settings)
    return _reset(past, actor)


@transaction.atomic
def set_mapping(*, past: PastImport, actor: Actor, mapping: Mapping[str, str]) -> PastImport:
    """Say what each heading stands for, keep that for the next time, and have the rows checked.

    ``mapping`` has the field of a heading as compared; blank: not brought in. Raises ``NotPermitted``,
    ``NotNow``, ``BadMapping``, ``FileGone``.
    """
    past = _locked(past, actor, PastState.MAPPING, PastState.FAULTY, PastState.READY)
    told = {
        heading: field
        for heading, field in mapping.items()
        if heading in past.mapping and (not field or field in BY_KEY)
    }
    mapping = {**past.mapping, **told}
    sheets = chosen_sheets(sheets_of(past), past.sheets)
    if not sheets:
        raise BadMapping([], [], no_sheet=True)
    lack, twice = missing(sheets, mapping), doubled(sheets, mapping)
    if lack or twice:
        raise BadMapping(lack, twice)
    kept = set(PastHeading.objects.filter(body=past.body).values_list("heading", flat=True))
    for heading, field in mapping.items():
        # Nothing is kept of a heading that means nothing to us: it may be a row of data, with a name in it.
        if field or heading in MEANINGS or heading in kept:
            PastHeading.objects.update_or_create(body=past.body, heading=heading, defaults={"field": field})
    past.mapping = mapping
    _reset(past, actor)
    return _order_check(past)


@transaction.atomic
def check_again(*, past: PastImport, actor: Actor) -> PastImport:
    """Have the rows checked again, after what stands in the platform changed. Raises as ``set_mapping``."""
    return _order_check(_locked(past, actor, PastState.FAULTY, PastState.READY, PastState.CHECKING))


def _order_check(past: PastImport) -> PastImport:
    past.state, past.checked = PastState.CHECKING, 0
    past.save(update_fields=["state", "checked"])
    past_jobs.check.enqueue(past.key)
    return past


def _reset(past: PastImport, actor: Actor) -> PastImport:
    forget_findings(past)
    past.state, past.errors, past.warnings, past.preview = PastState.MAPPING, 0, 0, {}
    past.save()
    audit.record(
        "past.mapped", actor=actor, body=past.body, object=past.key,
        detail={"columns": sum(1 for field in past.mapping.values() if field)},
    )  # fmt: skip
    return past


@transaction.atomic
def order_import(*, past: PastImport, actor: Actor, by_worker: bool = True) -> PastImport:
    """Have the cases brought in, or go on where it stopped or the worker died: nothing is entered twice.

    Only what was checked without an error. Raises ``NotPermitted``, ``NotNow``.
    """
    actor.require(Act.CASE_APPROVE, past.body)
    past = _locked(past, actor, PastState.READY, PastState.STOPPED, PastState.IMPORTING)
    begins = past.started_at is None
    if past.state == PastState.STOPPED:
        forget_findings(past)
        past.errors = 0
    past.state = PastState.IMPORTING
    if begins:
        past.started_at, past.ordered_by = actor.present.moment, actor.seat
    past.save()
    if by_worker:
        past_jobs.enter.enqueue(past.key)
    audit.record(
        "past.ordered", actor=actor, body=past.body, object=past.key,
        detail={"cases": past.cases, "done": past.done},
    )  # fmt: skip
    return past


@transaction.atomic
def discard_past(*, past: PastImport, actor: Actor) -> None:
    """Delete a spreadsheet of which nothing was brought in yet. Raises ``NotPermitted``, ``NotNow``."""
    past = _locked(past, actor, *_NOTHING_IN)
    body, key = past.body, past.key
    forget_findings(past)
    forget_file(past)
    past.delete()
    audit.record("past.discarded", actor=actor, body=body, object=key)


def forget_abandoned(*, actor: Actor) -> int:
    """Delete what was uploaded ``ABANDONED_AFTER`` ago and never ordered to be brought in; how many."""
    old = PastImport.objects.filter(
        state__in=_NOTHING_IN, created_at__lt=actor.present.moment - ABANDONED_AFTER
    )
    deleted = 0
    for past in old.select_related("body"):
        try:
            discard_past(past=past, actor=actor)
        except NotNow:
            continue  # ordered, or deleted, meanwhile
        deleted += 1
    return deleted


def _locked(past: PastImport, actor: Actor, *states: PastState) -> PastImport:
    require_preparing(actor, past.body)
    lock(body=past.body.key)
    found = (
        PastImport.objects.select_for_update(of=("self",))
        .select_related("body", "file")
        .filter(key=past.key)
        .first()
    )
    if found is None:
        raise NotNow("")
    if found.state not in states:
        raise NotNow(found.state)
    return found
