"""Work given to units inside the organ: units, tasks, reminders, records of searches, what an outcome needs.

Tasks never touch a statutory clock. A row of ``CaseTask`` is worked out from the ledger's ``task.assigned``,
``task.done`` and ``task.returned``; what is kept beside is said at each field.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.platform.cases.models.work import CaseFile
from gongkai.platform.core.models import Body, Seat


class Unit(models.Model):
    """A unit (承办单位) that a body gives tasks to; ``key`` is the ``unit`` of the ledger's task acts.

    ``of`` is the body or office that it stands for: its people see the tasks and answer them themselves.
    Without it the office enters what the unit answered.
    """

    of_id: str | None
    body_id: str
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="units")
    key = models.CharField(max_length=40)
    name = models.CharField(_("单位名称"), max_length=100)
    of = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, related_name="+")
    phone = models.CharField(_("联系电话"), max_length=50, blank=True)
    active = models.BooleanField(_("还在使用"), default=True)

    class Meta:
        ordering: ClassVar = ["body", "name", "key"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "key"], name="one_unit_a_body_and_key"),
            models.UniqueConstraint(
                fields=["body", "of"], condition=models.Q(of__isnull=False), name="one_unit_for_a_body"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TaskState(models.TextChoices):
    """Where a task is."""

    OPEN = "open", _("办理中")
    DONE = "done", _("已办结")
    RETURNED = "returned", _("已退回")
    VOID = "void", _("已作废")


class Stance(models.TextChoices):
    """What a legal review or a co-signature comes to."""

    AGREE = "agree", _("同意")
    DISAGREE = "disagree", _("不同意")


class CaseTask(models.Model):
    """A task in one row, one for each entry ``task.assigned`` (its number is ``seq``).

    From the ledger: unit, kind, the dates, who gave and who ended it, the references of what was written.
    From the private record of the answer: ``stance``. Kept beside: ``outcome``, ``sub_kind``,
    ``draft_version`` (the draft that was to be reviewed), and that the approver took note of a disagreement.
    """

    unit_id: int
    body_id: str
    assigned_by_id: str | None
    signed_by_id: str | None
    reminders: models.Manager[TaskReminder]
    papers: models.Manager[TaskPaper]
    key = models.CharField(primary_key=True, max_length=40)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    stream = models.CharField(max_length=100)
    seq = models.PositiveIntegerField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="tasks")
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=20, choices=TaskState.choices, default=TaskState.OPEN)
    assigned_on = models.DateField()
    assigned_by = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(null=True)
    wanted = models.CharField(max_length=40, blank=True)
    """Reference of the private record with what the unit is asked to do."""
    ended_seq = models.PositiveIntegerField(null=True)
    ended_on = models.DateField(null=True)
    signed_by = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    opinion = models.CharField(max_length=40, blank=True)
    """Reference of the private record with the signed opinion, or the reason of the return."""
    stance = models.CharField(max_length=20, choices=Stance.choices, blank=True)
    outcome = models.CharField(max_length=40, blank=True)
    sub_kind = models.CharField(max_length=40, blank=True)
    draft_version = models.PositiveIntegerField(null=True)
    noted_by = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")
    noted_at = models.DateTimeField(null=True)
    noted = models.CharField(max_length=40, blank=True)
    """Reference of the private record: in which words the approver took note of a disagreement."""

    class Meta:
        ordering: ClassVar = ["stream", "seq"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stream", "seq"], name="one_task_an_entry"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["body", "state", "due_on"], name="tasks_of_a_body"),
            models.Index(fields=["unit", "state", "due_on"], name="tasks_of_a_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.stream} {self.seq} {self.kind}"


class ReminderKind(models.TextChoices):
    """Why a unit was reminded."""

    BY_HAND = "by_hand", _("催办")
    BEFORE = "before", _("快到期，自动提醒")
    LATE = "late", _("已超期，自动提醒")


class TaskReminder(models.Model):
    """That a unit was reminded of a task (催办)."""

    task = models.ForeignKey(CaseTask, on_delete=models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=20, choices=ReminderKind.choices)
    on = models.DateField()
    at = models.DateTimeField()
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")
    """``None``: the system's daily work."""
    words = models.CharField(max_length=40, blank=True)
    """Reference of a private record."""

    class Meta:
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["task", "kind"], condition=~models.Q(kind="by_hand"), name="one_reminder_by_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.on} {self.kind}"


class TaskPaper(models.Model):
    """A paper that belongs to a task: what its unit handed in with the answer."""

    paper_id: str
    task = models.ForeignKey(CaseTask, on_delete=models.CASCADE, related_name="papers")
    paper = models.OneToOneField(CaseFile, on_delete=models.CASCADE, related_name="task_paper")

    def __str__(self) -> str:
        return f"{self.task} {self.paper_id}"


class Found(models.TextChoices):
    """What a search came to."""

    NOTHING = "nothing", _("没有找到")
    SOMETHING = "something", _("找到了有关信息")


class SearchRecord(models.Model):
    """A search for the information asked for: the evidence behind "not held".

    ``text`` is the reference of a private record: where, how, which terms, of which period, by whom, what
    came of it.
    """

    body_id: str
    key = models.CharField(primary_key=True, max_length=40)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    stream = models.CharField(max_length=100, db_index=True)
    task = models.ForeignKey(CaseTask, on_delete=models.SET_NULL, null=True, related_name="searches")
    on = models.DateField()
    found = models.CharField(max_length=20, choices=Found.choices)
    text = models.CharField(max_length=40)
    paper = models.ForeignKey(CaseFile, on_delete=models.SET_NULL, null=True, related_name="+")
    entered_by = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["on", "entered_at", "key"]

    def __str__(self) -> str:
        return f"{self.stream} {self.on}"


class OutcomeNeed(models.Model):
    """What a body asks for before a reply with an outcome is submitted, from a day on (a setting, mark M)."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=40)
    sub_kind = models.CharField(max_length=40, blank=True)
    from_date = models.DateField()
    legal_review = models.BooleanField(_("法制审核"))
    countersign = models.BooleanField(_("会签"))
    search_record = models.BooleanField(_("检索记录"))
    source = models.CharField(_("依据"), max_length=200)
    set_by = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["body", "outcome", "sub_kind", "from_date"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["body", "outcome", "sub_kind", "from_date"], name="one_need_an_outcome_and_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.sub_kind} {self.from_date}"


class TaskSetting(models.Model):
    """The inner period that a body gives its units, from a day on: the office's own practice (mark M)."""

    body_id: str
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    from_date = models.DateField()
    working_days = models.PositiveSmallIntegerField(_("内部期限（工作日）"))
    warn_days = models.PositiveSmallIntegerField(_("到期前几个工作日提醒"))
    set_by = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["body", "from_date"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "from_date"], name="one_task_setting_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.body_id} {self.from_date}"
