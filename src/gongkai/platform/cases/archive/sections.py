"""What a case has beside its acts, as tables for the package; each topic gives its own, in this order.

A source takes the body, the case's stream and who reads, and gives a section, or ``None`` where the case has
nothing of the kind or the reader may not know of it: the rights are the source's to ask for.
"""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from gongkai.platform.cases.archive import records
from gongkai.platform.cases.archive.records import standing
from gongkai.platform.cases.archive.section import Section
from gongkai.platform.cases.task_view import TaskView, searches_of, task_view, tasks_of_case
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body

Source = Callable[[Body, str, Actor], Section | None]


def _tasks(body: Body, stream: str, actor: Actor) -> Section | None:
    """Work given to units, with their signed opinions."""
    rows: list[tuple[str, ...]] = []
    for one in tasks_of_case(body=body, stream=stream, actor=actor):
        view = task_view(key=one.key, actor=actor)
        about = "\n".join(
            (
                f"{one.unit}：{one.kind_label}",
                _("%(day)s 交办") % {"day": view.assigned_on.isoformat()},
                standing(one.standing.word, one.standing.rest),
                *([one.ended_on.isoformat()] if one.ended_on is not None else ()),
                *([_("催办 %(n)d 次") % {"n": one.reminded}] if one.reminded else ()),
            )
        )
        noted = _("，审批人已知悉") if one.noted else ""
        rows.append((about, view.wanted, f"{one.stance_label}{noted}", view.opinion, _signed(view)))
    columns = (_("单位和事项"), _("要求"), _("意见"), _("说明"), _("签名"))
    return Section(_("交办"), columns, tuple(rows))


def _signed(view: TaskView) -> str:
    at = "" if view.signed_at is None else view.signed_at.strftime("%Y-%m-%d %H:%M")
    return "\n".join(one for one in (view.signer or view.signed_by, at) if one)


def _searches(body: Body, stream: str, actor: Actor) -> Section | None:
    """Records of searches."""
    rows = tuple(
        (
            one.on.isoformat(),
            one.found,
            "\n".join(f"{label}\n{value}" for label, value in one.said)
            or _("内容不能显示：没有查看的权限，或者已经删除。"),
            _("登记：%(who)s") % {"who": one.by},
            one.paper.name if one.paper is not None else "",
        )
        for one in searches_of(stream=stream, actor=actor)
    )
    return Section(_("检索记录"), (_("日期"), _("结果"), _("经过"), _("登记人"), _("凭证")), rows)


SOURCES: tuple[Source, ...] = (
    _tasks, _searches, records.service, records.proceedings, records.losses, records.orders, records.moved,
    records.sensitive, records.pointers, records.origin,
)  # fmt: skip


def sections_of(*, body: Body, stream: str, actor: Actor) -> tuple[Section, ...]:
    """The sections of a case for a reader."""
    found = (source(body, stream, actor) for source in SOURCES)
    return tuple(section for section in found if section is not None and section.rows)
