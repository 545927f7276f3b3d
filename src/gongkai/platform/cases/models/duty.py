"""The office's duty: hand-overs for good, the days before a holiday, dates that moved, orders from above."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.platform.core.models import Body, Seat


class DutySetting(models.Model):
    """How a body lists what falls due around a holiday; without a row the defaults hold."""

    body = models.OneToOneField(Body, on_delete=models.PROTECT, primary_key=True, related_name="duty_setting")
    days_after = models.PositiveSmallIntegerField(_("节后列到第几个工作日"), default=3)

    def __str__(self) -> str:
        return str(self.pk)


class HandOver(models.Model):
    """All open cases of a seat given to another for good; who takes them signs for the list."""

    body_id: str
    giver_id: str
    taker_id: str
    key = models.CharField(primary_key=True, max_length=40)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="hand_overs")
    giver = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    taker = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    made_on = models.DateField()
    streams = models.JSONField(default=list)
    """The cases, in the order of the list."""
    signed_at = models.DateTimeField(null=True)
    signed_on = models.DateField(null=True)

    class Meta:
        ordering: ClassVar = ["-made_at", "key"]

    def __str__(self) -> str:
        return self.key


class RosterPost(models.TextChoices):
    """Who is on duty on a day of a holiday."""

    LEADER = "leader", _("带班")
    DUTY = "duty", _("值班")


class RosterDay(models.Model):
    """One post on one day of a holiday: who, and by which telephone."""

    body_id: str
    seat_id: str
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    post = models.CharField(max_length=10, choices=RosterPost.choices)
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    phone = models.CharField(_("值班电话"), max_length=50, blank=True)

    class Meta:
        ordering: ClassVar = ["body", "day", "post"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "day", "post"], name="one_on_duty_a_day_and_post"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.post}"


class HolidaySignature(models.Model):
    """Somebody signed for the list of a holiday; ``digest`` tells whether it is still the same."""

    body_id: str
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    first = models.DateField()
    last = models.DateField()
    rows = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    signed_by = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    signed_on = models.DateField()

    class Meta:
        ordering: ClassVar = ["body", "first", "-signed_at"]

    def __str__(self) -> str:
        return f"{self.first} {self.signed_on}"


class ChangeKind(models.TextChoices):
    """What moved dates."""

    NOTICE = "notice", _("放假通知")
    LOCAL_HOLIDAY = "local_holiday", _("本地假日")
    LOCAL_RULE = "local_rule", _("本地规则")
    UNKNOWN = "unknown", _("重新计算")


class BasisChange(models.Model):
    """A holiday notice, a local holiday or a local rule by which dates of open cases of a body moved."""

    body_id: str
    key = models.CharField(primary_key=True, max_length=40)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="basis_changes")
    kind = models.CharField(max_length=20, choices=ChangeKind.choices)
    cause = models.CharField(max_length=200)
    """Names the notice, holiday or rule; the same cause found again adds to the same change."""
    title = models.CharField(max_length=300)
    """As it is told: the title of the notice, the name and source of a holiday, the rule and its value."""
    found_at = models.DateTimeField()
    found_on = models.DateField()

    class Meta:
        ordering: ClassVar = ["-found_at", "key"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "cause"], name="one_change_a_body_and_cause"),
        ]

    def __str__(self) -> str:
        return self.title


class MovedClock(models.TextChoices):
    """Which date moved: a column of ``CaseSummary``."""

    REPLY = "reply_due_on", _("答复期限")
    NOTICE = "notice_due_on", _("告知补正的期限")
    WAITS = "waits_until", _("等待的期限")
    AFTER_PAUSE = "due_after_pause", _("暂停后的答复期限")


class ToldBy(models.TextChoices):
    """How the applicant was told of a moved date."""

    PHONE = "phone", _("电话")
    LETTER = "letter", _("书面告知")
    ELECTRONIC = "electronic", _("电子邮件、短信")
    COUNTER = "counter", _("当面")
    NOT_NEEDED = "not_needed", _("不用告知")


class MovedDate(models.Model):
    """A date of an open case that moved; signed for by the office, told to the applicant."""

    body_id: str
    change_id: str
    change = models.ForeignKey(BasisChange, on_delete=models.PROTECT, related_name="dates")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    stream = models.CharField(max_length=100, db_index=True)
    clock = models.CharField(max_length=20, choices=MovedClock.choices)
    before = models.DateField(null=True)
    after = models.DateField(null=True)
    had_been_told = models.BooleanField()
    """The applicant had a letter that names a date when it moved."""
    found_at = models.DateTimeField()
    signed_by = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")
    signed_on = models.DateField(null=True)
    told_how = models.CharField(max_length=20, choices=ToldBy.choices, blank=True)
    told_on = models.DateField(null=True)
    told_by = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["change", "id"]

    def __str__(self) -> str:
        return f"{self.stream} {self.clock}"


class CalendarSeen(models.Model):
    """By which calendar the dates of a body were last worked out: a digest for each year.

    A notice that comes in with a new version, or that is amended within its year, is found by it.
    """

    body = models.OneToOneField(Body, on_delete=models.CASCADE, primary_key=True, related_name="+")
    years = models.JSONField(default=dict)

    def __str__(self) -> str:
        return str(self.pk)


class OrderResult(models.TextChoices):
    """How an order of a superior body ended."""

    DONE = "done", _("已办结")
    EXPLAINED = "explained", _("已说明情况")
    REFERRED = "referred", _("已转有权机关")


class SuperiorOrder(models.Model):
    """An order of a superior body (督办件) with its own due date."""

    body_id: str
    issuer_id: str | None
    key = models.CharField(primary_key=True, max_length=40)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="orders")
    """Whom it binds."""
    issuer = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, related_name="orders_given")
    """The body that issued it, where that is in the platform."""
    issuer_name = models.CharField(max_length=100)
    number = models.CharField(_("文号"), max_length=60, blank=True)
    received_on = models.DateField()
    due_on = models.DateField()
    text = models.CharField(max_length=40)
    """Reference of the private record: what is ordered."""
    entered_by = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField()
    result = models.CharField(max_length=20, choices=OrderResult.choices, blank=True)
    answered_on = models.DateField(null=True)
    answered_by = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")
    answer = models.CharField(max_length=40, blank=True)
    """Reference of the private record: what was answered."""

    class Meta:
        ordering: ClassVar = ["body", "due_on", "key"]
        indexes: ClassVar = [
            models.Index(
                fields=["body", "due_on"],
                condition=models.Q(answered_on__isnull=True),
                name="orders_unanswered",
            ),
        ]

    def __str__(self) -> str:
        return self.number or self.key


class OrderedCase(models.Model):
    """A case that an order is about."""

    order_id: str
    order = models.ForeignKey(SuperiorOrder, on_delete=models.CASCADE, related_name="cases")
    stream = models.CharField(max_length=100, db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "stream"], name="one_row_an_order_and_case"),
        ]

    def __str__(self) -> str:
        return self.stream
