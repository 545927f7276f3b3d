"""Units of the demonstration's bodies, and what is said with their tasks: invented, always the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time

from gongkai.platform.cases.models import CaseSummary, CaseTask, SearchRecord, TaskState, Unit
from gongkai.platform.cases.services.tasks import Answer, Search, answer_task, give_tasks, record_search
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body, BodyLevel, Seat
from gongkai.platform.core.present import SHANGHAI, Present
from gongkai.platform.demonstration.models import ScriptedAct
from gongkai.rules.vocabulary import TaskKind

NAMES = ("规划科", "项目科", "财务科", "督查科", "法制科", "档案科", "办公室", "信访科")
"""Units inside every body; those of the first body that have a department below them stand for it."""
WORDS: Mapping[str, Mapping[str, str]] = {
    "task.assigned": {"remarks": "请查找有关材料，提出能否公开的意见，写明理由。"},
    "task.done": {"result": "材料已找到，涉及他人的部分建议遮盖后公开。"},
    "task.returned": {"reason": "这个项目不由本单位组织实施，建议交项目主管单位办理。"},
}


def register_units(body: Body, parent: Body | None, level: str) -> None:
    """The units that the script gives tasks to; a department is a unit of the body above it, too."""
    Unit.objects.bulk_create(
        Unit(body=body, key=f"unit-{n}", name=name) for n, name in enumerate(NAMES, 1)
    )  # fmt: skip
    if parent is None or level != BodyLevel.DEPARTMENT:
        return
    free = Unit.objects.filter(body=parent, of__isnull=True, key__startswith="unit-").order_by("key").first()
    if free is not None:
        free.name, free.of = body.name, body
        free.save(update_fields=["name", "of"])


def words_of_task(act: ScriptedAct) -> Mapping[str, str]:
    """What is said with a task: of those that are given from one body to another."""
    return WORDS.get(act.kind, {}) if act.payload.get("kind") == "assist" else {}


def work_on_tasks(body: Body, day: date) -> None:
    """On the day of loading a department searches for the body, and signs what it found.

    Done where it was done before: nothing.
    """
    unit = Unit.objects.filter(body=body, of__isnull=False).select_related("of").order_by("key").first()
    case = CaseSummary.objects.filter(body=body, open=True).order_by("stream").first()
    if unit is None or case is None or SearchRecord.objects.filter(body=body).exists():
        return
    present = Present(day, datetime.combine(day, time(17, 30), SHANGHAI).astimezone(UTC), day)
    giver, signer = _seat_of(body, "handler"), _seat_of(unit.of, "approver")
    if giver is None or signer is None:
        return
    give_tasks(
        body=body, stream=case.stream, units=[unit], kind=TaskKind.SEARCH.value,
        wanted="请在本单位的档案和公文系统里检索，登记检索记录。", due_on=day, expected_seq=case.last_seq,
        actor=Actor(present, giver),
    )  # fmt: skip
    task = CaseTask.objects.select_related("unit__of", "body").get(
        stream=case.stream, kind=TaskKind.SEARCH.value, state=TaskState.OPEN
    )
    search = Search(
        on=day, found="nothing", where="本单位档案室、公文系统", how="全文检索，并翻阅当年的收发文目录",
        terms="项目名称、文号", period="收到申请以前五年", by_whom=f"{body.short_name}档案科",
        result="没有找到申请人描述的文件。",
    )  # fmt: skip
    actor = Actor(present, signer)
    record_search(body=body, stream=case.stream, search=search, task=task, actor=actor)
    answer_task(task=task, answer=Answer(result="已检索，没有找到；检索记录已登记。"), actor=actor)


def _seat_of(body: Body | None, role: str) -> Seat | None:
    seats = Seat.objects.filter(body=body, valid_until__isnull=True, role_rows__role=role)
    return seats.select_related("body", "person").order_by("person__username").first()
