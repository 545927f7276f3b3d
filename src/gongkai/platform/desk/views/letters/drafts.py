"""A reply in the making: choose the outcome, write, look, hand to the approver; approve or send back."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gongkai.platform.cases.at_hand import at_hand, effect_of_approval, effects_together, meanwhile
from gongkai.platform.cases.case_view import CaseFound
from gongkai.platform.cases.drafting import ask_draft, difference, draft_view, outcome_options, refusal_said
from gongkai.platform.cases.letters.texts import TemplateRefused
from gongkai.platform.cases.people.warnings import lacking
from gongkai.platform.cases.sensitive.levels import LevelsMissing
from gongkai.platform.cases.services.acting import ActRefused, DatedInFuture, SomebodyWasFaster
from gongkai.platform.cases.services.drafts import (
    DraftChanged,
    DraftIncomplete,
    DraftIsStale,
    NoDraft,
    approve_draft,
    drop_draft,
    living_draft,
    save_draft,
    settle_text,
)
from gongkai.platform.cases.services.letters import LetterIncomplete
from gongkai.platform.cases.services.numbers import NoShortName
from gongkai.platform.cases.services.signing import sign_reply
from gongkai.platform.cases.services.together import (
    CannotJoin,
    Seen,
    approve_together,
    candidates,
    join_drafts,
    recall_together,
    return_together,
    submit_together,
)
from gongkai.platform.cases.task_view import missing_of
from gongkai.platform.cases.together_view import together_view
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.permissions import Act
from gongkai.platform.core.web import actor_of
from gongkai.platform.desk.forms.letters import ApproveForm, DraftForm, ReturnForm
from gongkai.platform.desk.views.case import found_or_404
from gongkai.platform.desk.views.errors import somebody_was_faster
from gongkai.platform.desk.whole import whole


def _context(found: CaseFound, here: str, **more: Any) -> dict[str, Any]:
    number = found.summary.number or _("案件")
    address = reverse("desk:case", args=[found.summary.stream])
    trail = [(_("待办"), reverse("desk:work_list")), (number, address), (here, "")]
    return {"case": found.summary, "nav": "cases", "crumbs": trail, **more}


@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, stream: str) -> HttpResponse:
    """``/desk/cases/<stream>/reply/``: choose an outcome, then write the draft."""
    found, actor = found_or_404(request, stream)
    actor.require(Act.CASE_DRAFT, found.body)
    living = living_draft(body=found.body, stream=stream)
    wanted = request.GET.get("result", "")
    if not wanted and living is not None and "choose" not in request.GET:
        wanted = f"{living.outcome}/{living.sub_kind}"
    if "/" not in wanted and request.method == "POST":
        return somebody_was_faster(request)  # what was drafted is gone meanwhile; what was typed is not
    if "/" not in wanted:
        options = outcome_options(body=found.body, stream=stream, actor=actor)
        chosen = f"{living.outcome}/{living.sub_kind}" if living is not None else ""
        return render(
            request, "desk/letters/choose.html",
            _context(found, _("选处理结果"), options=options, chosen=chosen, lacking=lacking(stream)),
        )  # fmt: skip
    outcome, _slash, sub_kind = wanted.partition("/")
    try:
        asked = ask_draft(body=found.body, stream=stream, outcome=outcome, sub_kind=sub_kind, actor=actor)
    except ValueError as unknown:
        raise Http404 from unknown
    if request.method == "GET":
        return _form(request, found, DraftForm(asked))
    return _save(request, found, actor, DraftForm(asked, request.POST))


def _form(
    request: HttpRequest, found: CaseFound, form: DraftForm, status: int = 200, **more: Any
) -> HttpResponse:
    known = at_hand(body=found.body, stream=found.summary.stream, actor=actor_of(request))
    context = _context(
        found, _("起草答复"), form=form, asked=form.asked, errors=status == 422, at_hand=known, **more
    )
    return render(request, "desk/letters/draft.html", context, status=status)


def _save(request: HttpRequest, found: CaseFound, actor: Actor, form: DraftForm) -> HttpResponse:
    step = request.POST.get("step", "save")
    if step == "make":
        form.data = form.data.copy()  # type: ignore[assignment]
        form.data["text"] = ""  # type: ignore[index]
    if not form.is_valid():
        return _form(request, found, form, 422)
    stream, said = found.summary.stream, form.cleaned_data
    newer = whole(request.POST.get("newer", "")) if step == "overwrite" else None
    try:
        saved = save_draft(
            body=found.body, stream=stream, content=form.content,
            expected_version=said["version"] if newer is None else newer,
            expected_seq=said["expected_seq"], actor=actor,
        )  # fmt: skip
        if step == "submit":
            submit_together(body=found.body, stream=stream, expected_version=saved.version, actor=actor)
    except LetterIncomplete as incomplete:
        form.add_error(None, incomplete.message)
        return _form(request, found, form, 422)
    except TemplateRefused:
        form.add_error(None, _("本机关的文书模板有问题，请先改正模板。"))
        return _form(request, found, form, 422)
    except DraftIncomplete as incomplete:
        messages.warning(request, _("已保存，还不能送审：%s") % " ".join(incomplete.problems))
        return redirect("desk:draft_review", stream)
    except DraftChanged:
        return _overtaken(request, found, actor, form)
    if form.added:
        messages.info(request, _("不公开的理由所依据的%s，已一并勾选。") % form.added_said)
    if step == "make":
        messages.success(request, _("正文已按模板重新生成，可以修改。"))
        return redirect("desk:draft", stream)
    messages.success(request, _("已送审批。") if step == "submit" else _("第 %d 稿已保存。") % saved.version)
    return redirect("desk:draft_review", stream)


def _overtaken(request: HttpRequest, found: CaseFound, actor: Actor, form: DraftForm) -> HttpResponse:
    """Somebody saved or moved the draft meanwhile: who and when, both texts, and a way to go on."""
    form.add_error(None, _("别人刚动过这份答复稿，没有保存。您写的还在下面。"))
    other = meanwhile(body=found.body, stream=found.summary.stream, actor=actor)
    text = form.content.text.replace("\r\n", "\n").strip()
    differs = difference(other.text, text) if other is not None and text and other.text else ()
    return _form(request, found, form, 409, meanwhile=other, meanwhile_diff=differs)


@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, stream: str) -> HttpResponse:
    """``/desk/cases/<stream>/reply/review/``: the draft as it stands, and what may be done with it."""
    found, actor = found_or_404(request, stream)
    if not (actor.may(Act.CASE_DRAFT, found.body) or actor.may(Act.CASE_APPROVE, found.body)):
        actor.require(Act.CASE_APPROVE, found.body)
    if request.method == "GET":
        return _review(request, found, actor)
    version, step = whole(request.POST.get("version", "")), request.POST.get("step", "")
    # What the approver wrote stays on the page, whatever keeps it from being done.
    returning = ReturnForm(request.POST, auto_id="f-%s") if step == "return" else None
    try:
        return _decide(request, found, actor, step, -1 if version is None else version)
    except NoDraft:
        if returning is not None:
            return somebody_was_faster(request)
        messages.error(request, _("这份答复稿已经不在办理中，请看案件现在的情况。"))
        return redirect("desk:case", stream)
    except DraftChanged:
        if returning is not None and not _may_decide(found, actor):
            return somebody_was_faster(request)
        messages.error(request, _("别人刚动过这份答复稿，没有按您的意思办。请看现在的稿子再决定。"))
    except DraftIncomplete as incomplete:
        messages.error(request, " ".join(incomplete.problems))
    except LevelsMissing as missing:
        told = {"signed": missing.signed, "needed": missing.needed}
        messages.error(
            request,
            _("审批的情况变了：要 %(needed)d 级，已有 %(signed)d 级同意。请看现在的稿子再决定。") % told,
        )
    except DraftIsStale:
        messages.error(request, _("起草以后案件有新的记录，请核对后勾选“已核对”再批准。"))
    except LetterIncomplete as incomplete:
        messages.error(request, incomplete.message)
    except NoShortName:
        messages.error(request, _("请系统管理员先设置机关代字，才能编号。"))
    except SomebodyWasFaster:
        messages.error(request, _("别人刚办理过，什么也没有签发。请看案件现在的情况再决定。"))
    except ActRefused as refused:
        said = refusal_said(body=found.body, stream=stream, refused=refused, actor=actor)
        messages.error(request, said)
    return _review(request, found, actor, returning=returning, status=409)


def _may_decide(found: CaseFound, actor: Actor) -> bool:
    view = draft_view(body=found.body, stream=found.summary.stream, actor=actor)
    return view is not None and view.may_decide


def _decide(request: HttpRequest, found: CaseFound, actor: Actor, step: str, version: int) -> HttpResponse:
    stream = found.summary.stream
    where: dict[str, Any] = {
        "body": found.body, "stream": stream, "expected_version": version, "actor": actor,
    }  # fmt: skip
    match step:
        case "submit":
            submit_together(**where)
            messages.success(request, _("已送审批。"))
        case "make" | "keep":
            return _settle(request, found, actor, version, keep=step == "keep")
        case "recall":
            recall_together(**where)
            messages.success(request, _("已撤回，可以修改。"))
            return redirect("desk:draft", stream)
        case "drop":
            drop_draft(**where)
            messages.success(request, _("这份答复稿不再使用。"))
            return redirect("desk:case", stream)
        case "return":
            back = ReturnForm(request.POST, auto_id="f-%s")
            if not back.is_valid():
                return _review(request, found, actor, returning=back, status=422)
            return_together(**where, remarks=back.cleaned_data["remarks"])
            messages.success(request, _("已退回起草人。"))
            return redirect("desk:case", stream)
        case "sign":
            return _sign(request, found, actor, version)
        case "approve":
            form = ApproveForm(request.POST, auto_id="f-%s")
            if not form.is_valid():
                return _review(request, found, actor, approving=form, status=422)
            return _approve(request, found, actor, form, where)
        case _:
            raise Http404
    return redirect("desk:draft_review", stream)


def _settle(
    request: HttpRequest, found: CaseFound, actor: Actor, version: int, *, keep: bool
) -> HttpResponse:
    """A text edited by hand and the fields disagree: make it anew, or keep it knowingly."""
    stream, seq = found.summary.stream, whole(request.POST.get("expected_seq", ""))
    settle_text(
        body=found.body, stream=stream, expected_version=version, expected_seq=-1 if seq is None else seq,
        keep=keep, actor=actor,
    )  # fmt: skip
    kept, made = _("已保留您改的正文。"), _("正文已按模板重新生成，请看一遍。")
    messages.success(request, kept if keep else made)
    return redirect("desk:draft_review", stream)


def _sign(request: HttpRequest, found: CaseFound, actor: Actor, version: int) -> HttpResponse:
    """One of several levels agrees; the next one goes on with it."""
    stream = found.summary.stream
    seq, signed = (whole(request.POST.get(name, "")) for name in ("expected_seq", "signed"))
    seen = _seen(request) or {stream: Seen(version, -1 if seq is None else seq)}
    sign_reply(
        body=found.body, stream=stream, seen=seen, actor=actor,
        expected_signed=-1 if signed is None else signed,
        although_changed="although_changed" in request.POST,
    )  # fmt: skip
    messages.success(request, _("已审核同意，送下一级审批。"))
    return redirect("desk:draft_review", stream)


def _approve(
    request: HttpRequest, found: CaseFound, actor: Actor, form: ApproveForm, where: dict[str, Any]
) -> HttpResponse:
    seq = whole(request.POST.get("expected_seq", ""))
    decided: dict[str, Any] = {
        "occurred_on": form.cleaned_data["occurred_on"],
        "although_changed": "although_changed" in request.POST,
        "expected_signed": whole(request.POST.get("signed", "")),
    }
    day: date = form.cleaned_data["occurred_on"]
    if day < actor.today and "backdated" not in request.POST:
        told = {"today": actor.today.isoformat(), "days": (actor.today - day).days}
        form.add_error(
            "occurred_on",
            _("比今天（%(today)s）早 %(days)d 天。确实是那天签发、现在补录的，勾选“补录”再批准") % told,
        )
        return _review(request, found, actor, approving=form, status=422)
    seen = _seen(request)
    try:
        if seen:
            _all, letter = approve_together(
                body=found.body, stream=found.summary.stream, actor=actor, seen=seen, **decided
            )
        else:
            _done, letter = approve_draft(
                **where, **decided, expected_seq=-1 if seq is None else seq
            )  # fmt: skip
    except DatedInFuture:
        form.add_error("occurred_on", _("不能晚于今天（%s）") % actor.today.isoformat())
        return _review(request, found, actor, approving=form, status=422)
    messages.success(request, _("已签发：%s。接下来请用印、发出并登记送达。") % letter.number)
    return redirect("desk:case", found.summary.stream)


def _seen(request: HttpRequest) -> dict[str, Seen]:
    """What was shown of each of the cases answered together: ``<stream>:<version>:<last entry>``."""
    found: dict[str, Seen] = {}
    for shown in request.POST.getlist("seen"):
        stream, *numbers = shown.rsplit(":", 2)
        version, seq = [*map(whole, numbers), None, None][:2]
        if version is not None and seq is not None:
            found[stream] = Seen(version, seq)
    return found


def _review(
    request: HttpRequest,
    found: CaseFound,
    actor: Actor,
    *,
    approving: ApproveForm | None = None,
    returning: ReturnForm | None = None,
    status: int = 200,
) -> HttpResponse:
    view = draft_view(body=found.body, stream=found.summary.stream, actor=actor)
    if view is None:
        messages.warning(request, _("这件申请现在没有答复稿。"))
        return redirect("desk:case", found.summary.stream)
    together = together_view(body=found.body, stream=found.summary.stream, actor=actor)
    may_join = view.may_edit and bool(candidates(body=found.body, stream=found.summary.stream, actor=actor))
    may_decide = view.may_decide and (together is None or together.may_decide)
    alone = may_decide and together is None and view.last_level
    several = may_decide and together is not None and view.last_level
    where: dict[str, Any] = {"body": found.body, "stream": found.summary.stream, "actor": actor}
    context = _context(
        found, _("答复稿"), draft=view, together=together, may_join=may_join,
        may_decide=may_decide, effect=effect_of_approval(**where) if alone else (),
        effects=effects_together(**where) if several else (),
        backdated=approving is not None and "occurred_on" in approving.errors,
        errors=status == 422, bound=approving or returning,
        at_hand=at_hand(**where), missing=missing_of(**where),
        may_give=actor.may(Act.CASE_ACT, found.body),
        approving=approving or ApproveForm(initial={"occurred_on": actor.today}, auto_id="f-%s"),
        returning=returning or ReturnForm(auto_id="f-%s"),
    )  # fmt: skip
    return render(request, "desk/letters/review.html", context, status=status)


@require_http_methods(["GET", "POST"])
def together(request: HttpRequest, stream: str) -> HttpResponse:
    """``/desk/cases/<stream>/reply/together/``: which cases the draft answers in one document."""
    found, actor = found_or_404(request, stream)
    actor.require(Act.CASE_DRAFT, found.body)
    own = living_draft(body=found.body, stream=stream)
    if own is None:
        messages.warning(request, _("先起草这一件的答复，再选一并答复的案件。"))
        return redirect("desk:case", stream)
    problem, status = "", 200
    if request.method == "POST":
        number = whole(request.POST.get("version", ""))
        try:
            joined = join_drafts(
                body=found.body, stream=stream, streams=request.POST.getlist("with"), actor=actor,
                expected_version=-1 if number is None else number,
            )  # fmt: skip
        except DraftChanged:
            messages.error(request, _("别人刚动过这份答复稿，没有按您的意思办。请看现在的稿子再决定。"))
            return redirect("desk:draft_review", stream)
        except SomebodyWasFaster:
            problem, status = _("别人刚办理了其中一件申请，请核对后再提交。"), 409
        except (CannotJoin, LetterIncomplete) as cannot:
            problem, status = cannot.message, 422
        except TemplateRefused:
            problem, status = _("本机关的文书模板有问题，请先改正模板。"), 422
        else:
            alone = len(joined) == 1
            said = _("这一件单独答复。") if alone else _("%d 件案件用一份答复书一并答复。") % len(joined)
            messages.success(request, said)
            return redirect("desk:draft_review", stream)
    context = _context(
        found, _("一并答复"), draft=own, problem=problem, errors=bool(problem),
        candidates=candidates(body=found.body, stream=stream, actor=actor),
        chosen=request.POST.getlist("with"),
    )  # fmt: skip
    return render(request, "desk/letters/together.html", context, status=status)
