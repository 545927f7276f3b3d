"""Forms of a proposed extension: the proposal, and the remarks with which it is not agreed to."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.platform.desk.forms.styled import StyledForm

MOST = 2_000


class ProposeForm(StyledForm):
    """How long, and why."""

    working_days = forms.IntegerField(
        label=_("延长多少个工作日"), min_value=1, max_value=20, initial=20, help_text=_("1 至 20"),
        error_messages={
            "invalid": _("请写 1 至 20 的整数"), "min_value": _("至少 1 个工作日"),
            "max_value": _("最多 20 个工作日（条例第三十三条）"),
        },
    )  # fmt: skip
    reason = forms.CharField(
        label=_("延期的理由"), max_length=MOST, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("负责人同意以后写进延期告知书，告诉申请人"),
    )  # fmt: skip


class RemarksForm(StyledForm):
    """Why not."""

    remarks = forms.CharField(
        label=_("不同意的意见"), max_length=MOST, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写明怎样办，承办人会看到"),
    )  # fmt: skip
