"""Forms of drafts, templates and letters written by hand: made of the questions that ``cases`` asks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.platform.cases.drafting import WITHHELD_ROWS, DraftAsked
from gongkai.platform.cases.letters.kinds import Field, reply_letter
from gongkai.platform.cases.services.drafts import DraftContent
from gongkai.platform.desk.forms.styled import DayInput, StyledForm, style

MOST = 20_000
"""Characters of a free text."""


def _asked(one: Field, *, required: bool | None = None) -> forms.Field:
    return forms.CharField(
        label=one.variable.name,
        help_text=f"{one.variable.about}。例：{one.variable.example}",
        required=one.required if required is None else required,
        max_length=MOST,
        widget=forms.Textarea(attrs={"rows": 4}) if one.variable.lines else forms.TextInput(),
    )


def _with_subjects(asked: DraftAsked) -> list[tuple[str, str]]:
    subjects = asked.subjects
    return [(ref, f"{label}：{subjects[ref]}" if ref in subjects else label) for ref, label in asked.articles]


class DraftForm(StyledForm):
    """A draft of one outcome. ``content`` is what it says; the text may be blank: it is made anew."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    expected_seq = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, asked: DraftAsked, data: Any = None) -> None:
        self.asked = asked
        content = asked.content
        super().__init__(data, auto_id="f-%s", initial=_initial(asked, content))
        if asked.earlier:
            self.fields["earlier"] = forms.ChoiceField(
                label=_("重复的是哪一次申请"), required=False,
                choices=[("", _("都不是，在下面填写")), *asked.earlier],
                help_text=_("同一申请人、内容相近、已经答复的申请；选了的，下面的编号和日期不用填"),
            )  # fmt: skip
        for one in asked.fields:
            chosen = bool(asked.earlier) and one.key in _OF_EARLIER
            self.fields[f"field_{one.key}"] = _asked(one, required=False if chosen else None)
        self.fields["basis"] = forms.MultipleChoiceField(
            label=_("依据的条款"), choices=_with_subjects(asked), required=False,
            widget=forms.CheckboxSelectMultiple, help_text=_("已按处理结果勾选常用的条款，可以增减"),
        )  # fmt: skip
        if asked.outcome == "partial":
            self._parts()
        if asked.papers:
            self.fields["files"] = forms.MultipleChoiceField(
                label=_("随文附送的文件"), choices=asked.papers, required=False,
                widget=forms.CheckboxSelectMultiple, help_text=_("有遮盖件的附遮盖件，不附原件"),
            )  # fmt: skip
        self.fields["method"] = forms.ChoiceField(
            label=_("送达方式"), choices=[("", _("以后再定")), *asked.methods], required=False
        )
        self.fields["text"] = forms.CharField(
            label=_("正文"), required=False, max_length=MOST, widget=forms.Textarea(attrs={"rows": 18}),
            help_text=_(
                "留空就按模板和上面填的内容生成；没有动过的，上面改了就跟着重新生成；手改过的不会跟着改。"
                "一行一段，救济告知那一段要原样保留"
            ),
        )  # fmt: skip
        style(self)

    def _parts(self) -> None:
        parties = [("", _("不涉及第三方")), *self.asked.parties]
        if self.asked.parties:
            self.fields["disclosed_parties"] = forms.MultipleChoiceField(
                label=_("公开的部分涉及谁"), choices=self.asked.parties, required=False,
                widget=forms.CheckboxSelectMultiple, help_text=_("征求过意见的第三方、机关"),
            )  # fmt: skip
        for row in range(1, WITHHELD_ROWS + 1):
            none = _("请选理由") if row == 1 else _("（没有这一部分）")
            self.fields[f"ground_{row}"] = forms.ChoiceField(
                label=_("不公开的部分 %d：理由") % row, choices=[("", none), *self.asked.grounds],
                required=row == 1,
                help_text=_("个人隐私、商业秘密选“保护第三方合法权益”；理由所依据的条款会一并勾选")
                if row == 1
                else "",
                error_messages={
                    "required": _("部分公开至少有一个不公开的部分，每个都要选理由（条例第三十七条）")
                },
            )  # fmt: skip
            if self.asked.parties:
                self.fields[f"party_{row}"] = forms.ChoiceField(
                    label=_("不公开的部分 %d：涉及谁") % row, choices=parties, required=False
                )

    @property
    def content(self) -> DraftContent:
        """What was answered; the form is valid."""
        said = self.cleaned_data
        return DraftContent(
            outcome=self.asked.outcome,
            sub_kind=self.asked.sub_kind,
            fields=self._said_fields(),
            text=said["text"],
            basis=[ref for ref, _label in self.asked.articles if ref in {*said["basis"], *self.added}],
            method=said["method"],
            parts=self._said_parts(),
            files=said.get("files", ()),
        )

    @property
    def added(self) -> tuple[str, ...]:
        """Articles of the chosen grounds that were not ticked: they are ticked with the ground."""
        parts = [part["ground"] for part in self._said_parts() if part.get("ground")]
        articles = dict.fromkeys(reply_letter(ground).basis[0] for ground in parts)
        return tuple(one for one in articles if one not in self.cleaned_data["basis"])

    @property
    def added_said(self) -> str:
        """The same in words."""
        labels = dict(self.asked.articles)
        return "、".join(labels.get(one, one) for one in self.added)

    def _said_fields(self) -> dict[str, str]:
        found = {one.key: self.cleaned_data[f"field_{one.key}"].strip() for one in self.asked.fields}
        number, _bar, on = self.cleaned_data.get("earlier", "").partition("|")
        return found | ({"earlier_number": number, "earlier_date": on} if number else {})

    def clean(self) -> dict[str, Any]:
        """An earlier reply that is neither chosen nor written down."""
        said: dict[str, Any] = super().clean() or {}
        if self.asked.earlier and not said.get("earlier"):
            for key in _OF_EARLIER:
                if not said.get(f"field_{key}"):
                    self.add_error(f"field_{key}", _("请选上面一次申请，或者填写"))
        return said

    def _said_parts(self) -> list[dict[str, Any]]:
        if self.asked.outcome != "partial":
            return []
        said = self.cleaned_data
        named = said.get("disclosed_parties") or [""]
        found: list[dict[str, Any]] = [_part(place, True, party) for place, party in enumerate(named, 1)]
        for row in range(1, WITHHELD_ROWS + 1):
            if said[f"ground_{row}"]:
                part = _part(len(found) + 1, False, said.get(f"party_{row}", ""))
                found.append({**part, "ground": said[f"ground_{row}"]})
        return found


def _part(place: int, disclosed: bool, party: str) -> dict[str, Any]:
    return {"part": f"part-{place}", "disclosed": disclosed, **({"party": party} if party else {})}


_OF_EARLIER = ("earlier_number", "earlier_date")


def _initial(asked: DraftAsked, content: DraftContent) -> dict[str, Any]:
    found: dict[str, Any] = {f"field_{key}": value for key, value in content.fields.items()}
    found["earlier"] = "|".join(content.fields.get(key, "") for key in _OF_EARLIER)
    withheld = [part for part in content.parts if not part["disclosed"]]
    for row, part in enumerate(withheld, start=1):
        found |= {f"ground_{row}": part.get("ground", ""), f"party_{row}": part.get("party", "")}
    return found | {
        "version": asked.version,
        "expected_seq": asked.expected_seq,
        "basis": list(content.basis or ()),
        "method": content.method,
        "files": list(content.files),
        "text": content.text,
        "disclosed_parties": [p["party"] for p in content.parts if p["disclosed"] and p.get("party")],
    }


class ReturnForm(StyledForm):
    """The approver's remarks with which a draft goes back."""

    remarks = forms.CharField(
        label=_("退回的意见"), max_length=MOST, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写明要改什么，起草人会看到"),
    )  # fmt: skip


class ApproveForm(StyledForm):
    """The day of issue."""

    occurred_on = forms.DateField(label=_("签发日期"), widget=DayInput(), input_formats=["%Y-%m-%d"])


class ByHandForm(StyledForm):
    """A letter that is written by hand: its fields."""

    def __init__(self, fields: Iterable[Field], data: Any = None) -> None:
        super().__init__(data, auto_id="f-%s")
        for one in fields:
            # What the case can tell (the earlier reply, whom it concerns) may be left blank.
            self.fields[one.key] = _asked(one, required=one.required and one.key not in _TOLD_BY_CASE)
        style(self)

    @property
    def answers(self) -> dict[str, str]:
        """The fields of the letter."""
        return {name: value.strip() for name, value in self.cleaned_data.items()}


_TOLD_BY_CASE = frozenset({"name", "served_letter", "earlier_number", "earlier_date"})


class TemplateForm(StyledForm):
    """The text of a template."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("正文模板"), max_length=MOST, strip=False, widget=forms.Textarea(attrs={"rows": 20}),
        help_text=_("一行一段。变量写成 {{ 变量 }}，可有可无的写成 {% if 变量 %}…{% endif %}"),
    )  # fmt: skip
    number = forms.CharField(
        label=_("用哪件申请预览"), required=False, max_length=60,
        help_text=_("填申请编号；留空用示例。看真实案件的内容会留记录"),
    )  # fmt: skip
