"""Sections of what stands beside the acts: service, proceedings, losses, orders, moved dates, flags."""

from __future__ import annotations

from django.utils.translation import gettext as _

from gongkai.platform.cases.archive.section import Section
from gongkai.platform.cases.duty.moved import moved_rows, visible_dates, with_people
from gongkai.platform.cases.duty.orders import order_rows, visible_orders
from gongkai.platform.cases.losses import losses_of
from gongkai.platform.cases.models import CaseMerge, CaseSummary, OutgoingLetter
from gongkai.platform.cases.posting.documents import documents_of
from gongkai.platform.cases.posting.history import steps_of
from gongkai.platform.cases.proceedings import proceedings_of
from gongkai.platform.cases.readers import may_read, readable_letters
from gongkai.platform.cases.sensitive.flags import flag_view
from gongkai.platform.cases.services.secret import secret_pointers
from gongkai.platform.cases.tickets import tickets_of
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act
from gongkai.platform.core.rest import Rest


def standing(word: str, rest: Rest | None) -> str:
    """A mark's word and the day that it speaks of."""
    return word if rest is None else f"{word} {rest.day.isoformat()}（{rest.weekday}，{rest.words}）"


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def proceedings(body: Body, stream: str, actor: Actor) -> Section | None:
    """Proceedings that are not decided, with the days that others set."""
    rows = tuple(
        (
            f"{one.label}（{one.stage}）" if one.stage else one.label,
            standing(one.word, one.due if one.owes_answer else None),
            "\n".join(
                " ".join(
                    part
                    for part in (
                        day.on.isoformat(),
                        "" if day.at is None else f"{day.at:%H:%M}",
                        day.label,
                        f"· {day.place}" if day.place else "",
                    )
                    if part
                )
                for day in one.appointments
            ),
        )
        for one in proceedings_of(body=body, stream=stream, actor=actor)
        if one.open
    )
    return Section(_("复议诉讼"), (_("程序"), _("答复、答辩"), _("日程")), rows)


def losses(body: Body, stream: str, actor: Actor) -> Section | None:
    """Losses with their newest review."""
    rows: list[tuple[str, ...]] = []
    for one in losses_of(body=body, stream=stream, actor=actor):
        head = _lines(f"{one.on.isoformat()} {one.what}", one.state_label)
        r = one.review
        if r is None:
            rows.append((head, "", "", "", ""))
            continue
        done = "" if r.done_on is None else _("%(day)s 完成") % {"day": r.done_on.isoformat()}
        due = _("%(day)s 前完成") % {"day": r.due_on.isoformat()}
        signed = f"{r.signed_by} {r.signed_on.isoformat()}".strip()
        rows.append(
            (
                head,
                _lines(f"· {r.cause_label}", r.went_wrong),
                _lines(r.measure, r.responsible),
                done or due,
                signed,
            )
        )
    columns = (_("败诉、纠错"), _("原因"), _("措施"), _("期限"), _("签名"))
    return Section(_("复议诉讼：败诉、纠错复盘"), columns, tuple(rows))


def service(body: Body, stream: str, actor: Actor) -> Section | None:
    """How each letter was sealed and sent."""
    letters = readable_letters(OutgoingLetter.objects.filter(body=body, stream=stream), actor)
    found = {letter.pk: letter for letter in letters.order_by("issued_on", "pk")}
    rows: list[tuple[str, ...]] = []
    for document in documents_of(body, found.values()) if found else ():
        called = document.number or document.label
        steps = steps_of(document, actor)
        rows += [(called, step.on.isoformat(), str(step.what), step.said) for step in steps]
    return Section(_("用印、寄送"), (_("文书"), _("日期"), _("事项"), _("说明")), tuple(rows))


def orders(body: Body, stream: str, actor: Actor) -> Section | None:
    """Orders of superior bodies about the case."""
    wanted = visible_orders(actor).filter(cases__stream=stream).select_related("body", "answered_by__person")
    rows = tuple(
        (
            f"{one.order.issuer_name}{_('督办')}",
            f"{one.word} {_('，期限')} {one.order.due_on.isoformat()}",
            "" if one.order.answered_on is None else f"，{one.order.answered_on.isoformat()} {one.result}",
            one.text or "",
            one.answer or "",
        )
        for one in order_rows(wanted.order_by("due_on", "key"), actor)
    )
    return Section(_("督办"), (_("来自"), _("期限"), _("结果"), _("内容"), _("回复")), rows)


def moved(body: Body, stream: str, actor: Actor) -> Section | None:
    """Dates that a holiday notice or a rule moved."""
    found = with_people(visible_dates(actor).filter(stream=stream)).select_related("change")
    dates = list(found.order_by("-found_at", "pk"))
    unknown = _("未定")
    rows = tuple(
        (
            row.clock,
            f"{unknown if row.before is None else row.before.isoformat()} → "
            f"{unknown if row.after is None else row.after.isoformat()}",
            date.change.title,
        )
        for row, date in zip(moved_rows(dates), dates, strict=True)
    )
    return Section(_("移动的日期"), (_("期限"), _("由、到"), _("因为")), rows)


def sensitive(body: Body, stream: str, actor: Actor) -> Section | None:
    """The flag of a sensitive case."""
    flag = flag_view(body=body, stream=stream, actor=actor)
    if flag is None:
        return None
    readers = "\n".join(f"{one.name}{_('（审批）') if one.approves else ''}" for one in flag.readers)
    since = _("%(since)s 起，%(by)s标记") % {"since": flag.since.isoformat(), "by": flag.by}
    until = "" if flag.until is None else _("，到 %(day)s 为止") % {"day": flag.until.isoformat()}
    reason = flag.reason if actor.may(Act.CASE_IDENTITY, body) else ""
    columns = (_("敏感案件"), _("可以阅读的人"), _("理由"))
    return Section(_("敏感与涉密"), columns, ((since + until, readers, reason),))


def pointers(body: Body, stream: str, actor: Actor) -> Section | None:
    """Where a secret original is kept; never what it says."""
    rows = tuple(
        (one.number, one.keeper, one.place, f"{one.by} {one.at:%Y-%m-%d}")
        for one in secret_pointers(body=body, stream=stream, actor=actor)
    )
    columns = (_("涉密台账编号"), _("保管人"), _("存放地点"), _("登记"))
    return Section(_("涉密登记指引"), columns, rows)


def origin(body: Body, stream: str, actor: Actor) -> Section | None:
    """Tickets of the hotline, and the case that this one was taken back into."""
    rows = [(_("热线工单"), one) for one in tickets_of(stream)]
    merge = CaseMerge.objects.filter(body=body, stream=stream).first()
    if merge is not None and may_read(actor, merge.into):
        into = CaseSummary.objects.filter(stream=merge.into).values_list("number", flat=True).first()
        rows.append((_("拆分有误，并到"), into or ""))
    return Section(_("来件"), (_("事项"), _("编号")), tuple(rows))
