"""Letters that came in: the list, a letter's page, its matters one by one, and what became of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.platform.cases.applicants import RequestedItem
from gongkai.platform.cases.intake import TO_BE_CONFIRMED
from gongkai.platform.cases.letters.texts import TemplateRefused
from gongkai.platform.cases.letters_in import (
    LetterPage,
    MatterAtLetter,
    NoSuchLetter,
    find_letter,
    letter_page,
)
from gongkai.platform.cases.models import IncomingLetter, ItemKind
from gongkai.platform.cases.receipt import BadIntake
from gongkai.platform.cases.services.acting import ActRefused, DatedInFuture, SomebodyWasFaster
from gongkai.platform.cases.services.drafts import DraftChanged, NoDraft, living_draft
from gongkai.platform.cases.services.letters import LetterIncomplete
from gongkai.platform.cases.services.matters import (
    BadMatter,
    OtherMatter,
    SettledAlready,
    new_matter_key,
    note_matters,
    settle_matter,
    sort_matter,
)
from gongkai.platform.cases.services.numbers import NoShortName
from gongkai.platform.cases.services.referrals import BadReferral, Ticket, note_ticket
from gongkai.platform.cases.services.sorting import register_matters
from gongkai.platform.cases.services.together import CannotJoin, join_drafts
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.permissions import Act
from gongkai.platform.core.web import actor_of, needs
from gongkai.platform.desk.forms.incoming import MatterForm, SettleForm, SortForm, TicketForm
from gongkai.platform.desk.forms.intake import ItemForm, ReceiptForm
from gongkai.platform.desk.problems import problems_of

_REFUSED = (BadIntake, BadMatter, ActRefused, DatedInFuture, NoShortName)


def page_or_404(request: HttpRequest, ref: str) -> tuple[LetterPage, Actor]:
    """The letter and who asks; 404 where it may not even be known."""
    actor = actor_of(request)
    try:
        return letter_page(ref=ref, actor=actor), actor
    except NoSuchLetter as missing:
        raise Http404(ref) from missing


def letter_or_404(request: HttpRequest, ref: str, act: Act) -> tuple[IncomingLetter, Actor]:
    """The letter for doing something with it: ``NotPermitted`` where it may only be seen."""
    actor = actor_of(request)
    try:
        letter = find_letter(ref=ref, actor=actor)
    except NoSuchLetter as missing:
        raise Http404(ref) from missing
    actor.require(act, letter.body)
    return letter, actor


def trail(ref: str, *more: str) -> list[tuple[str, str]]:
    """The path to a letter's page and what lies behind it."""
    to_letter = (_("来件"), reverse("desk:letter_in", args=[ref]) if more else "")
    return [(_("全部来件"), reverse("desk:letters_in")), to_letter, *((one, "") for one in more)]


@require_GET
@needs(Act.CASE_SEE)
def letter_in(request: HttpRequest, ref: str) -> HttpResponse:
    """``/desk/incoming/<ref>/``: a letter with its papers, cases, other matters, hand-overs."""
    page, actor = page_or_404(request, ref)
    body = page.body
    own = [one for one in page.owed if one.draft]
    context = {
        "nav": "letters_in", "letter": page, "crumbs": trail(ref),
        "may_register": actor.may(Act.CASE_REGISTER, body), "may_act": actor.may(Act.CASE_ACT, body),
        "may_draft": actor.may(Act.CASE_DRAFT, body), "drafted": own,
        "together": len(page.owed) > 1 and actor.may(Act.CASE_DRAFT, body),
        "may_erase": actor.may(Act.CASE_ERASE, body) and not page.cases and not page.erased,
    }  # fmt: skip
    return render(request, "desk/incoming/letter.html", context)


@require_http_methods(["GET", "POST"])
@needs(Act.CASE_REGISTER)
def add_matter(request: HttpRequest, ref: str) -> HttpResponse:
    """``/desk/incoming/<ref>/matters/``: note one more matter of a letter."""
    letter, actor = letter_or_404(request, ref, Act.CASE_REGISTER)
    form = MatterForm(request.POST or None, initial={"key": new_matter_key()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        matter = OtherMatter(kind=given["kind"], text=given["text"], key=_key(given["key"], "matter-"))
        try:
            (noted,) = note_matters(body=letter.body, letter=letter, matters=[matter], actor=actor)
        except BadMatter as bad:
            form.add_error(bad.field if bad.field in form.fields else None, bad.message)
        else:
            messages.success(request, _("已登记第 %d 项。") % noted.n)
            return redirect("desk:letter_in", ref)
    problems = problems_of(form, anchor="f-kind")
    context = {
        "nav": "letters_in", "ref": ref, "form": form, "problems": problems, "errors": bool(problems),
        "crumbs": trail(ref, _("加一项")),
    }  # fmt: skip
    return render(request, "desk/incoming/matter_new.html", context, status=422 if problems else 200)


def _key(sent: str, prefix: str) -> str:
    """A key that a form sent back, if it has the shape of one of ours."""
    plain = sent.removeprefix(prefix)
    return sent if sent.startswith(prefix) and len(plain) == 16 and plain.isalnum() else ""


@require_http_methods(["GET", "POST"])
@needs(Act.CASE_SEE)
def matter(request: HttpRequest, ref: str, key: str) -> HttpResponse:
    """``/desk/incoming/<ref>/matters/<key>/``: say what a matter is, or what was done with it."""
    page, actor = page_or_404(request, ref)
    if not (actor.may(Act.CASE_REGISTER, page.body) or actor.may(Act.CASE_ACT, page.body)):
        actor.require(Act.CASE_ACT, page.body)
    found = next((one for one in page.matters if one.key == key), None)
    if found is None:
        raise Http404(key)
    step = request.POST.get("step", "")
    sorting = SortForm(request.POST if step == "sort" else None, initial={"kind": found.kind})
    settling = SettleForm(request.POST if step == "settle" else None)
    form = {"sort": sorting, "settle": settling}.get(step)
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            return _dispose(request, page, found, actor, form)
        except BadMatter as bad:
            form.add_error(bad.field if bad.field in form.fields else None, bad.message)
        except SettledAlready:
            messages.error(request, _("这一项已经有人处理过，没有改动；请看现在的情况。"))
            return redirect("desk:letter_in", ref)
    problems = problems_of(sorting, settling, anchor="f-how")
    context = {
        "nav": "letters_in", "letter": page, "matter": found, "sorting": sorting, "settling": settling,
        "problems": problems, "errors": bool(problems), "crumbs": trail(ref, _("第 %d 项") % found.n),
        "may_register": actor.may(Act.CASE_REGISTER, page.body),
        "may_act": actor.may(Act.CASE_ACT, page.body),
        "is_request": found.kind == ItemKind.INFORMATION,
    }  # fmt: skip
    return render(request, "desk/incoming/matter.html", context, status=422 if problems else 200)


def _dispose(
    request: HttpRequest, page: LetterPage, found: MatterAtLetter, actor: Actor, form: SortForm | SettleForm
) -> HttpResponse:
    given = form.cleaned_data
    if isinstance(form, SortForm):
        sort_matter(body=page.body, key=found.key, kind=given["kind"], actor=actor)
        said = _("已改为“%s”。") % dict(ItemKind.choices).get(given["kind"], "")
        messages.success(request, said)
        return redirect("desk:matter", page.ref, found.key)
    settle_matter(body=page.body, key=found.key, state=given["state"], how=given["how"], actor=actor)
    messages.success(request, _("第 %d 项已处理。") % found.n)
    return redirect("desk:letter_in", page.ref)


@require_http_methods(["GET", "POST"])
@needs(Act.CASE_REGISTER)
def make_cases(request: HttpRequest, ref: str) -> HttpResponse:
    """``/desk/incoming/<ref>/cases/``: the requests among a letter's matters become cases."""
    letter, actor = letter_or_404(request, ref, Act.CASE_REGISTER)
    page, _actor = page_or_404(request, ref)
    if not page.requests:
        messages.info(request, _("没有等待立案的申请；事项类别不对的，先改类别。"))
        return redirect("desk:letter_in", ref)
    sent = request.POST if request.method == "POST" else None
    confirms = not page.cases and letter.channel in TO_BE_CONFIRMED
    receipt = ReceiptForm(sent, auto_id="f-%s") if confirms else None
    forms = [(one, _item_form(one, sent)) for one in page.requests]
    chosen = set(sent.getlist("matter")) if sent is not None else {one.key for one in page.requests}
    problem = ""
    if sent is not None:
        picked = [(one, form) for one, form in forms if one.key in chosen]
        fine = [form.is_valid() for _one, form in picked]
        if not picked:
            problem = _("请勾选要立案的申请")
        elif all(fine) and (receipt is None or receipt.is_valid()):
            wanted = {one.key: form.item for one, form in picked}
            answer = _make_cases(request, letter, wanted, receipt, actor)
            if isinstance(answer, HttpResponse):
                return answer
            problem = answer
    bound = [form for one, form in forms if one.key in chosen] + ([receipt] if receipt is not None else [])
    problems = problems_of(*bound, anchor="f-go")
    context = {
        "nav": "letters_in", "letter": page, "forms": forms, "chosen": chosen, "receipt": receipt,
        "problem": problem, "problems": problems, "errors": bool(problems or problem),
        "crumbs": trail(ref, _("立案")),
    }  # fmt: skip
    failed = bool(problems or problem)
    return render(request, "desk/incoming/make_cases.html", context, status=422 if failed else 200)


def _item_form(one: MatterAtLetter, sent: Any) -> ItemForm:
    form = ItemForm(one.n, sent)
    form.initial = {"description": one.text}
    return form


def _make_cases(
    request: HttpRequest,
    letter: IncomingLetter,
    wanted: dict[str, RequestedItem],
    receipt: ReceiptForm | None,
    actor: Actor,
) -> HttpResponse | str:
    given = receipt.cleaned_data if receipt is not None else {}
    try:
        done = register_matters(
            body=letter.body, letter=letter, matters=wanted, actor=actor,
            confirmed_on=given.get("confirmed_on"), confirmation=given.get("confirmation", ""),
        )  # fmt: skip
    except SettledAlready:
        messages.error(request, _("这一项已经有人处理过，没有改动；请看现在的情况。"))
        return redirect("desk:letter_in", letter.ref)
    except _REFUSED as refused:
        return _said(refused)
    numbers = "、".join(one.number or _("待确认") for one in done.summaries)
    messages.success(request, _("已立案：%s。") % numbers)
    return redirect("desk:letter_in", letter.ref)


def _said(refused: Exception) -> str:
    match refused:
        case ActRefused():
            return f"{refused.refusal.message()}（{refused.refusal.article}）"
        case DatedInFuture():
            return _("日期 %(day)s 晚于今天") % {"day": refused.on}
        case NoShortName():
            return _("本机关还没有设置机关代字，不能给号：请系统管理员先在机关信息里设置。")
        case _:
            return str(getattr(refused, "message", refused))


@require_http_methods(["GET", "POST"])
@needs(Act.CASE_REGISTER)
def ticket(request: HttpRequest, ref: str) -> HttpResponse:
    """``/desk/incoming/<ref>/ticket/``: the number under which somebody else handed the letter over."""
    letter, actor = letter_or_404(request, ref, Act.CASE_REGISTER)
    form = TicketForm(request.POST or None, initial={"on": letter.came_on})
    if request.method == "POST" and form.is_valid():
        try:
            note_ticket(letter=letter, ticket=Ticket(**form.cleaned_data), actor=actor)
        except BadReferral as bad:
            form.add_error(bad.field if bad.field in form.fields else None, bad.message)
        else:
            messages.success(request, _("已记下编号，按编号可以查到这件来件和它的案件。"))
            return redirect("desk:letter_in", ref)
    problems = problems_of(form, anchor="f-counterpart")
    context = {
        "nav": "letters_in", "ref": ref, "form": form, "problems": problems, "errors": bool(problems),
        "crumbs": trail(ref, _("工单号")),
    }  # fmt: skip
    return render(request, "desk/incoming/ticket.html", context, status=422 if problems else 200)


@require_POST
@needs(Act.CASE_DRAFT)
def answer_together(request: HttpRequest, ref: str) -> HttpResponse:
    """``/desk/incoming/<ref>/together/``: answer chosen cases of the letter in one document.

    Leads to the document where one of them is drafted already, else to the draft of the first.
    """
    page, actor = page_or_404(request, ref)
    actor.require(Act.CASE_DRAFT, page.body)
    sent = set(request.POST.getlist("with"))
    chosen = [one for one in page.owed if one.stream in sent]
    if len(chosen) < 2:
        messages.error(request, _("一并答复至少选两件还没有答复的案件。"))
        return redirect("desk:letter_in", ref)
    drafted = next((one for one in chosen if one.draft), None)
    if drafted is None:
        messages.info(
            request,
            _(
                "先起草其中一件：选处理结果、写正文、保存。回到来件再选一并答复，其余的照它起草，可以各自再改。"
            ),
        )
        return redirect("desk:draft", chosen[0].stream)
    own = living_draft(body=page.body, stream=drafted.stream)
    others = [one.stream for one in chosen if one.stream != drafted.stream]
    try:
        joined = join_drafts(
            body=page.body, stream=drafted.stream, streams=others, actor=actor,
            expected_version=-1 if own is None else own.version,
        )  # fmt: skip
    except (NoDraft, DraftChanged, SomebodyWasFaster):
        messages.error(request, _("别人刚动过其中一份答复稿，没有按您的意思办。请看现在的情况再决定。"))
        return redirect("desk:letter_in", ref)
    except (CannotJoin, LetterIncomplete) as cannot:
        messages.error(request, cannot.message)
        return redirect("desk:letter_in", ref)
    except TemplateRefused:
        messages.error(request, _("本机关的文书模板有问题，请先改正模板。"))
        return redirect("desk:letter_in", ref)
    messages.success(request, _("%d 件案件用一份答复书一并答复。") % len(joined))
    return redirect("desk:draft_review", drafted.stream)
