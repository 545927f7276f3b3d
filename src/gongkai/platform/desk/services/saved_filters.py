"""Filters that somebody keeps under a name: save, rename, delete. Each is the seat's own, nobody else's."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gongkai.platform.core import audit
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.identifiers import opaque
from gongkai.platform.core.models import Seat
from gongkai.platform.desk.models import FilteredList, SavedFilter

MOST = 20
LONGEST_NAME = 30


class BadFilter(ValueError):
    """A filter that cannot be kept; ``message`` (Chinese) says why and what to do."""

    def __init__(self, message: object) -> None:
        super().__init__(str(message))
        self.message = message


def saved_filters(actor: Actor) -> list[SavedFilter]:
    """The filters of the seat, oldest first; none without a seat."""
    return list(SavedFilter.objects.filter(seat=actor.seat)) if actor.seat is not None else []


def own_filter(actor: Actor, key: str) -> SavedFilter:
    """One's own filter; raises ``SavedFilter.DoesNotExist``, also for those of others."""
    return SavedFilter.objects.get(key=key, seat=actor.seat)


@transaction.atomic
def save_filter(*, actor: Actor, page: str, name: str, query: str) -> SavedFilter:
    """Keep ``query`` (of ``cases.selectors.filters.query_of``) under a name. Raises ``BadFilter``."""
    seat = _seat(actor)
    name = _name(seat, name)
    if page not in FilteredList.values:
        raise BadFilter(_("不认识的列表"))
    if not query:
        raise BadFilter(_("没有筛选条件，不用保存：先选条件，点“筛选”，再保存"))
    if SavedFilter.objects.filter(seat=seat).count() >= MOST:
        raise BadFilter(_("最多保存 20 个筛选，请先删除不用的"))
    kept = SavedFilter.objects.create(
        key=opaque("filter"), seat=seat, page=page, name=name, query=query,
        created_at=actor.present.moment,
    )  # fmt: skip
    audit.record("filter.saved", actor=actor, body=seat.body, object=kept.key, detail={"page": page})
    return kept


@transaction.atomic
def rename_filter(*, actor: Actor, key: str, name: str) -> SavedFilter:
    """Give it another name. Raises ``BadFilter``, ``SavedFilter.DoesNotExist``."""
    kept, seat = own_filter(actor, key), _seat(actor)
    kept.name = _name(seat, name, but=key)
    kept.save(update_fields=["name"])
    audit.record("filter.renamed", actor=actor, body=seat.body, object=key)
    return kept


@transaction.atomic
def delete_filter(*, actor: Actor, key: str) -> None:
    """Forget it. Raises ``SavedFilter.DoesNotExist``."""
    kept, seat = own_filter(actor, key), _seat(actor)
    kept.delete()
    audit.record("filter.deleted", actor=actor, body=seat.body, object=key)


def _seat(actor: Actor) -> Seat:
    if actor.seat is None:
        raise BadFilter(_("没有岗位，不能保存筛选"))
    return actor.seat


def _name(seat: Seat, name: str, but: str = "") -> str:
    name = " ".join(name.split())
    if not name:
        raise BadFilter(_("请给筛选起个名称"))
    if len(name) > LONGEST_NAME:
        raise BadFilter(_("名称最长 30 个字"))
    if SavedFilter.objects.filter(seat=seat, name=name).exclude(key=but).exists():
        raise BadFilter(_("已经有同名的筛选，请换一个名称"))
    return name
