"""The tree of bodies, what is said of each, their own rules and days off."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.platform.core import administering
from gongkai.platform.core.models import Body, BodyLevel, LocalHoliday
from gongkai.platform.core.permissions import Act
from gongkai.platform.core.services import bodies as service
from gongkai.platform.core.web import actor_of, body_of
from gongkai.platform.desk.forms.styled import DayInput, StyledForm, style

_RULE_REFUSED = {
    "fixed": gettext_lazy("这一项是申请人或第三方的权利，或者不由本机关决定，不能改。"),
    "not_stricter": gettext_lazy("只能比法定的更严：期限更短，或者日期更早。"),
    "not_allowed": gettext_lazy("这个值不能用于这一项，请按“可以填什么”填写。"),
    "no_source": gettext_lazy("请写明依据的文件。"),
    "not_in_force": gettext_lazy("生效日期早于这项规定本身。"),
}


_LETTERS_NEED = {
    "reconsideration_authority": gettext_lazy(
        "请填写行政复议机关：答复书要告知申请人向谁申请行政复议，没有它出不了答复书。"
    ),
    "upper_department": gettext_lazy(
        "垂直领导的机关请填写上一级主管部门：答复书要告知申请人向它申请行政复议，没有它出不了答复书。"
    ),
    "court": gettext_lazy(
        "请填写一审法院：答复书要告知申请人向哪个法院起诉，没有它出不了答复书。不知道时问本级法制机构。"
    ),
}
"""Without these no reply can be written (``cases.letters.remedies``)."""


class BodyForm(forms.ModelForm):
    """What is said of a body. What letters need is required, except of an office inside."""

    use_required_attribute = False

    class Meta:
        model = Body
        fields = service.EDITABLE
        widgets = {  # noqa: RUF012 - as Django declares it
            "valid_from": DayInput(),
            "how_to_pay": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        style(self)
        if self.level_given() == BodyLevel.OFFICE:
            return
        authority = "upper_department" if self["vertical"].value() else "reconsideration_authority"
        for name in (authority, "court"):
            field = self.fields[name]
            field.required, field.error_messages["required"] = True, _LETTERS_NEED[name]

    def level_given(self) -> Any:
        """The body's level."""
        return self.instance.level


class NewBodyForm(BodyForm):
    """The same, and the level."""

    level = forms.ChoiceField(label=gettext_lazy("层级"))

    def __init__(self, parent: Body, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = service.BELOW[parent.level]
        field: Any = self.fields["level"]
        field.choices = [(level.value, level.label) for level in BodyLevel if level.value in allowed]
        self.order_fields(["level", *service.EDITABLE])

    def level_given(self) -> Any:
        """The level that was chosen."""
        return self["level"].value()


class EndForm(StyledForm):
    """The last day, and who carries on."""

    on = forms.DateField(label=gettext_lazy("撤销日期"), widget=DayInput())
    successor = forms.ModelChoiceField(
        Body.objects.none(), label=gettext_lazy("继受机关"), required=False,
        help_text=gettext_lazy("继续办理未结申请、答复以前的案件"),
    )  # fmt: skip


class RuleForm(StyledForm):
    """A value of one parameter from a day on."""

    key = forms.ChoiceField(label=gettext_lazy("规则"))
    value = forms.CharField(
        label=gettext_lazy("值"), help_text=gettext_lazy("见下表“可以填什么”"), max_length=40
    )
    from_date = forms.DateField(label=gettext_lazy("从哪天起"), widget=DayInput())
    source = forms.CharField(
        label=gettext_lazy("依据"), max_length=200, help_text=gettext_lazy("文件名称和文号"), strip=True
    )


class HolidayForm(StyledForm):
    """Days off of the locality."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=50)
    first = forms.DateField(label=gettext_lazy("第一天"), widget=DayInput())
    last = forms.DateField(label=gettext_lazy("最后一天"), widget=DayInput())
    source = forms.CharField(
        label=gettext_lazy("依据"), max_length=200, help_text=gettext_lazy("文件名称和文号")
    )

    def clean(self) -> dict[str, Any]:
        """The end not before the beginning."""
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if first and last and last < first:
            self.add_error("last", _("最后一天早于第一天。"))
        elif first and last and (last - first).days >= service.LONGEST_HOLIDAY:
            most = {"n": service.LONGEST_HOLIDAY}
            self.add_error("last", _("一次最多 %(n)s 天，请核对年份；每年都放的，逐年增加。") % most)
        return self.cleaned_data


@require_safe
def tree(request: HttpRequest) -> HttpResponse:
    """All bodies of the administrator's place."""
    actor = actor_of(request)
    found = list(administering.bodies_under(actor=actor, act=Act.BODY_EDIT))
    depth = body_of(request).path.count("/")
    rows = [(body, min(body.path.count("/") - depth, 6)) for body in found]
    return render(request, "desk/administration/bodies.html", {"rows": rows, "nav": "bodies"})


@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, key: str) -> HttpResponse:
    """One body: what is said of it, and a form to change it."""
    body = _body(request, key)
    form = BodyForm(request.POST if request.method == "POST" else None, instance=_copy(body))
    if form.is_bound and form.is_valid():
        try:
            service.change_body(body=body, fields=_fields(form), actor=actor_of(request))
        except (ValidationError, service.NameTaken, service.BodyEnded) as error:
            _add(form, error)
        else:
            messages.success(request, _("已保存。"))
            return redirect("desk:body", key=body.key)
    return _page(request, "body", body, form)


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest, key: str) -> HttpResponse:
    """A new body below this one."""
    parent = _body(request, key)
    form = NewBodyForm(parent, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        fields = _fields(form)
        try:
            body = service.create_body(
                level=form.cleaned_data["level"], parent=parent, fields=fields, actor=actor_of(request)
            )
        except (ValidationError, service.NameTaken, service.BodyEnded, service.LevelDoesNotFit) as error:
            _add(form, error)
        else:
            messages.success(request, _("已新建，台账已开立。"))
            return redirect("desk:body", key=body.key)
    return _page(request, "body_new", parent, form)


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, key: str) -> HttpResponse:
    """End a body, with a successor."""
    body, actor = _body(request, key), actor_of(request)
    form = EndForm(request.POST if request.method == "POST" else None)
    successors = administering.bodies_under(actor=actor, act=Act.BODY_EDIT)
    field: Any = form.fields["successor"]
    field.queryset = successors.filter(valid_until__isnull=True).exclude(path__startswith=body.path)
    if form.is_bound and form.is_valid():
        try:
            service.end_body(
                body=body, on=form.cleaned_data["on"], successor=form.cleaned_data["successor"], actor=actor
            )
        except (
            ValidationError,
            service.StillInUse,
            service.BodyEnded,
            service.EndsLater,
            service.UnfitSuccessor,
        ) as error:
            _add(form, error)
        else:
            messages.success(request, _("已撤销。台账和案件都还在。"))
            return redirect("desk:body", key=body.key)
    return _page(request, "body_end", body, form)


@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest, key: str) -> HttpResponse:
    """The body's own values of the law's parameters."""
    body, actor = _body(request, key), actor_of(request)
    settable = administering.settable_rules(today=actor.today)
    form = RuleForm(request.POST if request.method == "POST" else None)
    choice: Any = form.fields["key"]
    choice.choices = [(rule.key, rule.label) for rule in settable]
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            service.set_local_rule(
                body=body, key=given["key"], value=service.typed_value(given["key"], given["value"]),
                from_date=given["from_date"], source=given["source"], actor=actor,
            )  # fmt: skip
        except service.LocalValueRefused as refused:
            form.add_error("value", str(_RULE_REFUSED[refused.reason]))
        else:
            messages.success(request, _("已设置。没有办结的申请按新规则计算。"))
            return redirect("desk:local_rules", key=body.key)
    more = {"rules": administering.rules_of(actor=actor, body=body), "settable": settable}
    return _page(request, "local_rules", body, form, more)


@require_http_methods(["GET", "POST"])
def holidays(request: HttpRequest, key: str) -> HttpResponse:
    """Days off of the locality."""
    body, actor = _body(request, key), actor_of(request)
    form = HolidayForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        service.add_local_holiday(body=body, actor=actor, **form.cleaned_data)
        messages.success(request, _("已增加。没有办结的申请按新的日历计算。"))
        return redirect("desk:local_holidays", key=body.key)
    more = {"holidays": administering.holidays_of(actor=actor, body=body)}
    return _page(request, "local_holidays", body, form, more)


@require_POST
def remove_holiday(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Take days off back that were entered by mistake."""
    body = _body(request, key)
    holiday = LocalHoliday.objects.filter(pk=number, body=body).first()
    if holiday is None:
        raise Http404
    service.remove_local_holiday(holiday=holiday, actor=actor_of(request))
    messages.success(request, _("已删除。"))
    return redirect("desk:local_holidays", key=body.key)


def _body(request: HttpRequest, key: str) -> Body:
    try:
        return administering.body_under(actor=actor_of(request), act=Act.BODY_EDIT, key=key)
    except Body.DoesNotExist:
        raise Http404 from None


def _copy(body: Body) -> Body:
    """A form fills its instance before anything is decided; the service gets the untouched one."""
    return Body.objects.get(pk=body.pk)


def _fields(form: BodyForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in service.EDITABLE}


def _add(form: forms.BaseForm, error: Exception) -> None:
    match error:
        case ValidationError():
            form.add_error(None, error)
        case service.NameTaken():
            form.add_error("name", _("同一上级下面已有这个名称的机关。"))
        case service.StillInUse(names=names):
            form.add_error(None, _("下面还有没有撤销的机关：%s。请先处理它们。") % "、".join(names))
        case service.UnfitSuccessor():
            form.add_error("successor", _("继受机关应是另一个没有撤销、有台账的机关。"))
        case service.EndsLater():
            form.add_error("on", _("撤销日期还没有到。请到那天再撤销。"))
        case service.LevelDoesNotFit():
            form.add_error("level", _("这个层级不能设在这里。"))
        case service.BodyEnded():
            form.add_error(None, _("这个机关已经撤销，不能再改。"))
        case _:
            raise error


def _page(
    request: HttpRequest, name: str, body: Body, form: forms.BaseForm, more: dict[str, Any] | None = None
) -> HttpResponse:
    context = {"body": body, "form": form, "errors": form.errors, "nav": "bodies", **(more or {})}
    status = 422 if form.errors else 200
    return render(request, f"desk/administration/{name}.html", context, status=status)
