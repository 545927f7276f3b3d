"""People who work with the platform, and their seats: who may do what is a matter of the seat."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.platform.core.identifiers import new_person_key, new_seat_key
from gongkai.platform.core.models.bodies import Body


class People(BaseUserManager["Person"]):
    """The manager that log-in needs; people are created by ``core.services.people``."""


class Person(AbstractBaseUser):
    """Somebody with a log-in. There is no superuser and no staff flag: rights come from seats alone."""

    body_id: str | None
    key = models.CharField(primary_key=True, max_length=40, default=new_person_key, editable=False)
    username = models.CharField(_("用户名"), max_length=60, unique=True)
    name = models.CharField(_("姓名"), max_length=60)
    body = models.ForeignKey(
        Body, on_delete=models.PROTECT, null=True, related_name="people", verbose_name=_("所属机关"),
        help_text=_("账号由它和上级机关的系统管理员管理"),
    )  # fmt: skip
    is_active = models.BooleanField(_("可登录"), default=True)
    password_changed_at = models.DateTimeField(null=True, editable=False)
    must_change_password = models.BooleanField(default=False)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar = ["name"]
    objects = People()

    def __str__(self) -> str:
        return self.name


class PasswordHistory(models.Model):
    """Hashes of the last passwords of a person, so that none of them is used again (law.md 10.1)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="past_passwords")
    password = models.CharField(max_length=128)
    set_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person_id} {self.set_at:%Y-%m-%d}"  # type: ignore[attr-defined]


class Role(models.TextChoices):
    """What a seat is for. The last three exclude each other and every other role (law.md 10.1)."""

    RECEIVING_CLERK = "receiving_clerk", _("收件登记")
    HANDLER = "handler", _("承办")
    APPROVER = "approver", _("审批（公开工作机构负责人）")
    SUPERVISOR = "supervisor", _("监督")
    REPORT_AUTHOR = "report_author", _("年报编制")
    EDITOR = "editor", _("信息员")
    REVIEWER = "reviewer", _("审核")
    SECRECY_REVIEWER = "secrecy_reviewer", _("保密审查")
    SYSTEM_ADMINISTRATOR = "system_administrator", _("系统管理员")
    SECURITY_ADMINISTRATOR = "security_administrator", _("安全管理员")
    AUDIT_ADMINISTRATOR = "audit_administrator", _("审计管理员")


ADMINISTRATORS = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR})


class Seat(models.Model):
    """A person's place in a body. Its key is the ``actor`` of acts; it is ended, never deleted."""

    person_id: str
    body_id: str
    role_rows: models.Manager[SeatRole]
    _roles: frozenset[str] | None = None
    key = models.CharField(primary_key=True, max_length=40, default=new_seat_key, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="seats")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="seats")
    title = models.CharField(_("职务"), max_length=60, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["body", "person"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "body"], condition=models.Q(valid_until__isnull=True),
                name="one_open_seat_a_person_and_body",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.body} {self.person}"

    @property
    def roles(self) -> frozenset[str]:
        """The roles of the seat; fetched once for an object."""
        if self._roles is None:
            self._roles = frozenset(self.role_rows.values_list("role", flat=True))
        return self._roles

    @property
    def role_names(self) -> str:
        """The roles in words, in the order of ``Role``."""
        return "、".join(str(role.label) for role in Role if role.value in self.roles)

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """Forget the roles, too."""
        self._roles = None
        super().refresh_from_db(*args, **kwargs)


class SeatRole(models.Model):
    """One role of a seat."""

    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="role_rows")
    role = models.CharField(max_length=30, choices=Role.choices)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["seat", "role"], name="one_row_a_seat_and_role"),
        ]

    def __str__(self) -> str:
        return self.role
