"""Forms of seal and post."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.platform.cases.models import SealKind
from gongkai.platform.cases.posting.head import MOST_NOTICE_DAYS, MOST_SEAL_LINES, MOST_WARN_DAYS
from gongkai.platform.cases.posting.sealing import MOST_COPIES
from gongkai.platform.desk.forms.styled import DayInput, StyledForm

_MOST = 2_000
_DAY = _("请写成 2026-03-03 的样子")


class _Day(forms.DateField):
    """A day, with a message that says how to write it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=DayInput(), error_messages={"invalid": _DAY}, **kwargs)


class SealForm(StyledForm):
    """A letter was sealed."""

    seal = forms.ChoiceField(label=_("印章"))
    copies = forms.IntegerField(
        label=_("份数"), min_value=1, max_value=MOST_COPIES, initial=2,
        error_messages={"invalid": _("请写整数"), "min_value": _("至少 1 份"), "max_value": _("最多 99 份")},
    )  # fmt: skip
    on = _Day(label=_("用印日期"))

    def __init__(self, *args: Any, seals: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, auto_id="s-%s", **kwargs)
        self.fields["seal"].choices = seals  # type: ignore[attr-defined]


class RefuseForm(StyledForm):
    """A letter was not sealed."""

    reason = forms.CharField(
        label=_("为什么不予用印"), max_length=_MOST, widget=forms.Textarea(attrs={"rows": 3})
    )


class CopyForm(StyledForm):
    """The sealed PDF."""

    file = forms.FileField(
        label=_("盖章以后的 PDF"), error_messages={"empty": _("这是空文件"), "required": _("请选择文件。")}
    )
    looked_at = forms.BooleanField(
        label=_("已经逐页核对，与签发的一致"), required=False,
        help_text=_("扫描件没有文字，系统不能比对，由您核对"),
    )  # fmt: skip


class AddressForm(StyledForm):
    """Another address for one letter."""

    name = forms.CharField(label=_("收件人"), max_length=100)
    address = forms.CharField(label=_("地址"), max_length=200)
    postcode = forms.CharField(label=_("邮政编码"), max_length=6, required=False)
    phone = forms.CharField(label=_("电话"), max_length=40, required=False)


class ReturnedForm(StyledForm):
    """A letter came back."""

    on = _Day(label=_("退回日期"))
    reason = forms.CharField(
        label=_("退回的原因"), max_length=_MOST, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("邮局批的：查无此人、迁移新址不明、拒收等"),
    )  # fmt: skip


class WrongForm(StyledForm):
    """What was entered wrongly."""

    reason = forms.CharField(label=_("错在哪里"), max_length=_MOST, widget=forms.Textarea(attrs={"rows": 2}))


class NewSealForm(StyledForm):
    """A seal of the body."""

    name = forms.CharField(label=_("印章的名称"), max_length=60)
    kind = forms.ChoiceField(label=_("种类"), choices=SealKind.choices)
    keeper = forms.CharField(label=_("保管人"), max_length=60, required=False)
    used_from = _Day(label=_("启用日期"))


class PostSettingsForm(StyledForm):
    """How the body heads, seals and posts."""

    head = forms.CharField(
        label=_("版头（红头）"), max_length=60, required=False, help_text=_("不填的，用机关名称")
    )
    head_as_document = forms.BooleanField(label=_("版头末尾加“文件”二字"), required=False)
    seal_lines = forms.IntegerField(
        label=_("正文和署名之间空几行，留给印章"), min_value=0, max_value=MOST_SEAL_LINES,
        help_text=_("直径 4.2 厘米的印章一般空 2 行"),
        error_messages={"min_value": _("至少 0 行"), "max_value": _("最多 6 行"), "invalid": _("请写整数")},
    )  # fmt: skip
    imprint = forms.CharField(
        label=_("版记里的印发机关"), max_length=60, required=False, help_text=_("不填的，没有版记")
    )
    sender = forms.CharField(
        label=_("信封上的寄件单位"), max_length=60, required=False, help_text=_("不填的，用机关名称")
    )
    needs_seal = forms.BooleanField(
        label=_("用印以后才能登记寄出"),
        required=False,
        help_text=_("勾选以后，没有登记用印的文书不能登记寄出"),
    )
    warn_days = forms.IntegerField(
        label=_("答复期限届满前几个工作日提醒寄出"), min_value=0, max_value=MOST_WARN_DAYS,
        error_messages={"min_value": _("至少 0"), "max_value": _("最多 10"), "invalid": _("请写整数")},
    )  # fmt: skip
    notice_days = forms.IntegerField(
        label=_("公告多少日视为送达"), min_value=1, max_value=MOST_NOTICE_DAYS, required=False,
        help_text=_("由法制机构确定；不填的，系统不推算，送达由您登记"),
        error_messages={"min_value": _("至少 1 日"), "max_value": _("最多 180 日"), "invalid": _("请写整数")},
    )  # fmt: skip


class NumberForm(StyledForm):
    """What is said of a number."""

    number = forms.CharField(label=_("文号"), max_length=60, help_text=_("写全，如“云公复〔2026〕3号”"))
    reason = forms.CharField(
        label=_("原因、去向"), max_length=_MOST, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("不要写申请人的姓名、地址"),
    )  # fmt: skip


class TakeForm(StyledForm):
    """A number for a letter that is written outside."""

    kind = forms.ChoiceField(label=_("种类"))
    reason = forms.CharField(
        label=_("用在哪一份文书上"), max_length=_MOST, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("不要写申请人的姓名、地址"),
    )  # fmt: skip

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, auto_id="t-%s", **kwargs)
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
