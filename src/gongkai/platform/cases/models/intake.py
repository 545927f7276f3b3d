"""What comes with a letter beside its cases: other matters, referrals, people who act, checks, merges."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.platform.cases.models.work import CaseFile, IncomingLetter
from gongkai.platform.core.models import Body, Seat


class ItemKind(models.TextChoices):
    """What one matter of a letter is; only the first becomes a case."""

    INFORMATION = "information", _("政府信息公开申请")
    PETITION = "petition", _("信访事项")
    COMPLAINT = "complaint", _("投诉、举报")
    CONSULTATION = "consultation", _("咨询")
    OTHER = "other", _("其他事项")


class ItemState(models.TextChoices):
    """What became of a matter that is no case, or not yet."""

    PENDING = "pending", _("待处理")
    CASE = "case", _("已立案")
    REFERRED = "referred", _("已转办")
    ANSWERED = "answered", _("已答复，没有另行转办")
    FILED = "filed", _("存查，不另处理")


class Counterpart(models.TextChoices):
    """With whom matters are exchanged."""

    PETITION_OFFICE = "petition_office", _("信访工作机构")
    HOTLINE = "hotline", _("12345 热线")
    MAILBOX = "mailbox", _("领导信箱、网上留言")
    UNIT = "unit", _("其他单位")


class Direction(models.TextChoices):
    """Which way a referral goes."""

    OUT = "out", _("转出")
    IN = "in", _("转来")


class Referral(models.Model):
    """A matter handed to somebody else (转办), or a letter that somebody else handed to the body.

    ``number`` is the ticket's there (12345's, the petition office's): the office's own reference, no personal
    data. Names and words are in private records.
    """

    letter_id: str
    matters: models.Manager[LetterItem]
    key = models.CharField(primary_key=True, max_length=40)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    letter = models.ForeignKey(IncomingLetter, on_delete=models.PROTECT, related_name="referrals")
    direction = models.CharField(max_length=10, choices=Direction.choices)
    counterpart = models.CharField(max_length=20, choices=Counterpart.choices)
    number = models.CharField(max_length=60, blank=True, db_index=True)
    on = models.DateField()
    text = models.CharField(max_length=40)
    """Reference of the private record: the counterpart's name, remarks."""
    answered_on = models.DateField(null=True)
    answer = models.CharField(max_length=40, blank=True)
    by = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["on", "key"]
        indexes: ClassVar = [models.Index(fields=["body", "-on", "key"], name="referral_by_day")]

    def __str__(self) -> str:
        return self.number or self.key


class LetterItem(models.Model):
    """A matter of a letter that was no request for information when the letter was sorted.

    One that turns out to be a request becomes a case and stays here with its ``stream``.
    """

    letter_id: str
    referral_id: str | None
    key = models.CharField(primary_key=True, max_length=40)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    letter = models.ForeignKey(IncomingLetter, on_delete=models.PROTECT, related_name="matters")
    n = models.PositiveSmallIntegerField()
    """Its place in the letter; places of cases are ``CaseText.unit``."""
    kind = models.CharField(max_length=20, choices=ItemKind.choices)
    text = models.CharField(max_length=40)
    noted_on = models.DateField()
    state = models.CharField(max_length=20, choices=ItemState.choices, default=ItemState.PENDING)
    settled_on = models.DateField(null=True)
    settled_by = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")
    how = models.CharField(max_length=40, blank=True)
    """Reference of the private record: how it was answered, or why nothing is done."""
    stream = models.CharField(max_length=100, blank=True, db_index=True)
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, null=True, related_name="matters")

    class Meta:
        ordering: ClassVar = ["letter", "n"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["letter", "n"], name="one_matter_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.letter_id} {self.n} {self.kind}"


class PersonRole(models.TextChoices):
    """What somebody beside the applicant has to do with a letter."""

    AGENT = "agent", _("代理人")
    HANDLER = "handler", _("经办人")
    GUARDIAN = "guardian", _("监护人（法定代理人）")
    CO_APPLICANT = "co_applicant", _("共同申请人")


class Authority(models.TextChoices):
    """What somebody may do in the applicant's name."""

    APPLY = "apply", _("提出申请")
    CORRECT = "correct", _("补正、说明理由")
    RECEIVE = "receive", _("接收文书")
    PAY = "pay", _("缴费")
    WITHDRAW = "withdraw", _("撤回申请")


class LetterPerson(models.Model):
    """Somebody who acts for the applicant, or applies too. Never decides the column of Table 3.

    Names and numbers are in the private record ``details``. Belongs to a letter, so to all of its cases; of a
    case that came without letter ``place`` is its stream.
    """

    checks: models.Manager[IdentityCheck]
    paper_id: str | None
    key = models.CharField(primary_key=True, max_length=40)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=100, db_index=True)
    role = models.CharField(max_length=20, choices=PersonRole.choices)
    details = models.CharField(max_length=40)
    scope = models.JSONField(default=list)
    """Values of ``Authority``."""
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    paper = models.ForeignKey(CaseFile, on_delete=models.SET_NULL, null=True, related_name="+")
    represents = models.BooleanField(default=False)
    """Of a co-applicant: letters for all go to this one."""
    ended_on = models.DateField(null=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["added_at", "key"]

    def __str__(self) -> str:
        return f"{self.place} {self.role}"


class CheckResult(models.TextChoices):
    """What a check of an identity, an authority or a guardianship found."""

    PROVEN = "proven", _("相符")
    MISSING = "missing", _("没有提供")
    DOUBTFUL = "doubtful", _("有疑问")


class CheckedWhat(models.TextChoices):
    """What is checked."""

    IDENTITY = "identity", _("身份证明")
    AUTHORITY = "authority", _("授权")
    GUARDIANSHIP = "guardianship", _("监护关系")


class IdentityCheck(models.Model):
    """One check, never changed: a later one of the same person and matter holds."""

    person_id: str | None
    paper_id: str | None
    key = models.CharField(primary_key=True, max_length=40)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=100, db_index=True)
    person = models.ForeignKey(LetterPerson, on_delete=models.PROTECT, null=True, related_name="checks")
    """``None``: the applicant."""
    what = models.CharField(max_length=20, choices=CheckedWhat.choices)
    proof = models.CharField(max_length=20, blank=True)
    """Kind of the proof, a value of ``applicants.IdentityType``; blank where there was none."""
    result = models.CharField(max_length=20, choices=CheckResult.choices)
    paper = models.ForeignKey(CaseFile, on_delete=models.SET_NULL, null=True, related_name="+")
    remarks = models.CharField(max_length=40, blank=True)
    checked_on = models.DateField()
    checked_by = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    n = models.PositiveIntegerField(default=0)
    """Which check of its place: two of the same second have an order, too."""

    class Meta:
        ordering: ClassVar = ["place", "n"]

    def __str__(self) -> str:
        return f"{self.place} {self.what} {self.result}"


class CaseMerge(models.Model):
    """A case that was split wrongly and whose intake was struck out: where its request is answered now."""

    stream = models.CharField(primary_key=True, max_length=100)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    into = models.CharField(max_length=100, db_index=True)
    number = models.CharField(max_length=60, blank=True)
    """The number that it bore; it is never given again."""
    merged_on = models.DateField()
    merged_by = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=40)

    class Meta:
        ordering: ClassVar = ["merged_on", "stream"]

    def __str__(self) -> str:
        return f"{self.stream} -> {self.into}"
