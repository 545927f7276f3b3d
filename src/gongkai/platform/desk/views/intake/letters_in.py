"""Letters that came in: what became of one, those that wait for confirmation, the applicant's receipt."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.platform.cases.intake import LetterView, letter_view, preview_receipt, unconfirmed_letters
from gongkai.platform.cases.letters.texts import TemplateRefused
from gongkai.platform.cases.models import IncomingLetter, OutgoingLetter
from gongkai.platform.cases.receipt import BadIntake
from gongkai.platform.cases.services.acting import ActRefused, SomebodyWasFaster
from gongkai.platform.cases.services.letters import LetterIncomplete, WrittenMeanwhile, issue_letter
from gongkai.platform.cases.services.numbers import NoShortName
from gongkai.platform.cases.services.registration import confirm_receipt
from gongkai.platform.core.permissions import Act
from gongkai.platform.core.web import actor_of, body_of, needs
from gongkai.platform.desk.forms.intake import ConfirmForm
from gongkai.platform.desk.problems import problems_of
from gongkai.platform.desk.whole import whole

RECEIPT = "registration_receipt"


def _letter_or_404(request: HttpRequest, ref: str) -> LetterView:
    view = letter_view(body=body_of(request), ref=ref, actor=actor_of(request))
    if view is None:
        raise Http404(ref)
    return view


@require_GET
@needs(Act.CASE_REGISTER)
def registered(request: HttpRequest, ref: str) -> HttpResponse:
    """``/desk/register/<letter>/``: numbers given, due dates, and what comes next."""
    context = {"nav": "register", "letter": _letter_or_404(request, ref)}
    return render(request, "desk/intake/registered.html", context)


@require_GET
@needs(Act.CASE_REGISTER)
def unconfirmed(request: HttpRequest) -> HttpResponse:
    """``/desk/register/unconfirmed/``: letters whose receipt is not confirmed with the applicant yet."""
    found = unconfirmed_letters(body=body_of(request), actor=actor_of(request))
    context = {"nav": "register", "letters": found.letters, "more": found.more}
    return render(request, "desk/intake/unconfirmed.html", context)


@require_http_methods(["GET", "POST"])
@needs(Act.CASE_REGISTER)
def confirm(request: HttpRequest, ref: str) -> HttpResponse:
    """``/desk/register/<letter>/confirm/``: enter the confirmation; shown first, then done."""
    letter, actor, body = _letter_or_404(request, ref), actor_of(request), body_of(request)
    if not letter.waiting:
        messages.info(request, _("这件来件没有等待确认的申请，可能已有人确认。"))
        return redirect("desk:registered", ref)
    if request.method == "GET":
        form = ConfirmForm(initial={"confirmed_on": actor.today})
        return _confirm_page(request, letter, form)
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return _confirm_page(request, letter, form)
    given = form.cleaned_data
    if given["confirmed_on"] > actor.today:
        form.add_error("confirmed_on", _("不能晚于今天"))
        return _confirm_page(request, letter, form)
    try:
        preview = preview_receipt(
            body=body, actor=actor, channel=letter.channel, came_on=letter.came_on,
            confirmed_on=given["confirmed_on"], confirmation=given["confirmation"],
        )  # fmt: skip
        if request.POST.get("do") != "confirm":
            more = {"preview": preview} if request.POST.get("do") == "check" else {}
            return _confirm_page(request, letter, form, **more)
        confirm_receipt(
            body=body, letter=IncomingLetter.objects.get(ref=ref), actor=actor,
            confirmed_on=given["confirmed_on"], confirmation=given["confirmation"], remark=given["remark"],
            expected_seq=_seen(request), call=form.call,
        )  # fmt: skip
    except BadIntake as bad:
        form.add_error(bad.field if bad.field in form.fields else None, bad.message)
    except ActRefused as refused:
        form.add_error("confirmed_on", f"{refused.refusal.message()}（{refused.refusal.article}）")
    except NoShortName:
        form.add_error(None, _("本机关还没有设置机关代字，不能给号：请系统管理员先在机关信息里设置。"))
    except SomebodyWasFaster:
        form.add_error(None, _("您打开这一页以后，有人办理过这件来件；下面是现在的情况，请核对后再确认。"))
        letter = _letter_or_404(request, ref)
    else:
        return redirect("desk:registered", ref)
    return _confirm_page(request, letter, form)


def _seen(request: HttpRequest) -> dict[str, int]:
    """The last entry of each case that the officer saw: ``<stream>:<seq>``."""
    pairs = (pair.rpartition(":") for pair in request.POST.getlist("seen"))
    read = {stream: whole(seq) for stream, _colon, seq in pairs}
    return {stream: seq for stream, seq in read.items() if seq is not None}


def _confirm_page(request: HttpRequest, letter: LetterView, form: ConfirmForm, **more: Any) -> HttpResponse:
    problems = problems_of(form, anchor="f-confirmed_on")
    asks = actor_of(request).may(Act.CASE_IDENTITY, body_of(request))
    context = {
        "nav": "register", "letter": letter, "form": form, "problems": problems, "errors": bool(problems),
        "contact": letter.cases[0].stream if asks and letter.cases else "", **more,
    }  # fmt: skip
    return render(request, "desk/intake/confirm_receipt.html", context)


@require_POST
@needs(Act.CASE_REGISTER)
def receipt(request: HttpRequest, ref: str) -> HttpResponse:
    """``/desk/register/<letter>/receipt/``: the receipt (登记回执) of a case of the letter, written once."""
    letter, actor, body = _letter_or_404(request, ref), actor_of(request), body_of(request)
    stream = request.POST.get("stream", "")
    if stream not in {case.stream for case in letter.cases if case.number}:
        raise Http404(stream)
    letters = OutgoingLetter.objects.filter(body=body, stream=stream)
    written = letters.filter(kind=RECEIPT, pdf__isnull=False).last()
    if written is not None and written.pdf is not None:
        return redirect("desk:file", written.pdf.ref)
    try:
        issued = issue_letter(
            body=body, stream=stream, kind=RECEIPT, actor=actor, expected_letters=letters.count()
        )
    except WrittenMeanwhile:
        messages.info(request, _("这件案件刚才已经出具过文书，请再按一次。"))
    except LetterIncomplete as incomplete:
        messages.error(request, incomplete.message)
    except TemplateRefused:
        messages.error(request, _("登记回执的模板有错，请审批人员先在“文书模板”里改好。"))
    else:
        if issued.pdf is not None:
            return redirect("desk:file", issued.pdf.ref)
    return redirect("desk:registered", ref)
