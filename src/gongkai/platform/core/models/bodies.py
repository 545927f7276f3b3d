"""The tree of bodies (行政机关), each dated, and the rules and holidays that a body sets for itself."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.platform.core.identifiers import new_body_key


class BodyLevel(models.TextChoices):
    """Where a body stands in the tree."""

    PROVINCE = "province", _("省级人民政府")
    CITY = "city", _("市级人民政府")
    COUNTY = "county", _("县级人民政府")
    TOWNSHIP = "township", _("乡镇人民政府、街道办事处")
    DEPARTMENT = "department", _("政府部门")
    OFFICE = "office", _("内设机构")


GOVERNMENTS = frozenset({BodyLevel.PROVINCE, BodyLevel.CITY, BodyLevel.COUNTY, BodyLevel.TOWNSHIP})


class Body(models.Model):
    """A body that keeps a ledger of its own and reports; an ``office`` is a unit inside one and keeps none.

    ``path`` is the keys from the root, each followed by ``/``: the subtree is a prefix. Bodies are dated:
    an area is the tree on 31 December (counting.md).
    """

    parent_id: str | None
    local_rules: models.Manager[LocalRule]
    key = models.CharField(_("标识"), primary_key=True, max_length=40, default=new_body_key, editable=False)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children",
        verbose_name=_("上级"),
    )  # fmt: skip
    path = models.CharField(max_length=600, unique=True, editable=False)
    name = models.CharField(_("名称"), max_length=100, help_text=_("文书和年报上的全称"))
    short_name = models.CharField(
        _("机关代字"), max_length=20, help_text=_("文书编号用，如“云公”写成“云公复〔2026〕12号”")
    )
    code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    level = models.CharField(_("层级"), max_length=20, choices=BodyLevel.choices)
    working_body = models.CharField(_("政府信息公开工作机构"), max_length=100, blank=True)
    is_competent = models.BooleanField(
        _("政府信息公开工作主管部门"), default=False, help_text=_("条例第三条：指导、监督本区域的各机关")
    )
    vertical = models.BooleanField(_("垂直领导"), default=False, help_text=_("海关、税务、国家安全等"))
    address = models.CharField(_("办公地址"), max_length=200, blank=True)
    postcode = models.CharField(_("邮政编码"), max_length=10, blank=True)
    office_hours = models.CharField(_("办公时间"), max_length=100, blank=True)
    how_to_pay = models.TextField(
        _("缴费途径"), max_length=500, blank=True,
        help_text=_("收费通知书里怎样缴信息处理费：收款单位、账号或者窗口；办理时可以改"),
    )  # fmt: skip
    phone = models.CharField(_("联系电话"), max_length=50, blank=True)
    fax = models.CharField(_("传真"), max_length=50, blank=True)
    email = models.EmailField(_("电子邮箱"), blank=True)
    reconsideration_authority = models.CharField(
        _("行政复议机关"), max_length=100, blank=True,
        help_text=_("行政复议法第二十四条：部门是本级人民政府，政府是上一级人民政府"),
    )  # fmt: skip
    upper_department = models.CharField(
        _("上一级主管部门"), max_length=100, blank=True, help_text=_("垂直领导的机关由它复议")
    )
    court = models.CharField(
        _("一审法院"), max_length=100, blank=True, help_text=_("集中管辖各地不同，由法制机构确定")
    )
    valid_from = models.DateField(_("设立日期"), null=True, blank=True)
    valid_until = models.DateField(_("撤销日期"), null=True, blank=True)
    successor = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("继受机关")
    )

    class Meta:
        ordering: ClassVar = ["path"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="body_ends_after_it_begins",
                condition=models.Q(valid_until__isnull=True)
                | models.Q(valid_from__isnull=True)
                | models.Q(valid_until__gte=models.F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def keeps_a_ledger(self) -> bool:
        """Offices inside a body keep none."""
        return self.level != BodyLevel.OFFICE


class LocalRule(models.Model):
    """A value that a body sets over the law's, with its source (``gongkai.rules.law.LocalValue``)."""

    body_id: str
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="local_rules")
    key = models.CharField(max_length=60)
    value = models.JSONField()
    kind = models.CharField(max_length=10, choices=[("stricter", _("更严")), ("setting", _("设置"))])
    from_date = models.DateField()
    source = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["body", "key", "from_date"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "key", "from_date"], name="one_local_rule_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.from_date}"


class LocalHoliday(models.Model):
    """Days off that a locality has besides the national ones (《全国年节及纪念日放假办法》 art. 4)."""

    body_id: str
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="local_holidays")
    name = models.CharField(max_length=50)
    first = models.DateField()
    last = models.DateField()
    source = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["body", "first"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="local_holiday_ends_after_it_begins", condition=models.Q(last__gte=models.F("first"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.first}"
