"""``/desk/register/``: one letter, one or several requests, in one form; checked, shown, then registered.

Works without JavaScript: rows are added by a button, uploads are kept by the server while the form is not
accepted yet. The page that asks to confirm says what the registration means for the clock.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gongkai.platform.cases.applicants import RequestedItem, details_said
from gongkai.platform.cases.intake import (
    ORAL,
    ReceiptPreview,
    advice_on,
    preview_receipt,
    ticket_known,
)
from gongkai.platform.cases.models import Counterpart, ItemKind
from gongkai.platform.cases.models.work import PaperKind
from gongkai.platform.cases.receipt import BadIntake
from gongkai.platform.cases.repeats import Repeat, likely_repeats
from gongkai.platform.cases.services.acting import ActRefused, DatedInFuture
from gongkai.platform.cases.services.matters import BadMatter, OtherMatter
from gongkai.platform.cases.services.numbers import NoShortName
from gongkai.platform.cases.services.papers import (
    BadPaper,
    NewPaper,
    drop_upload,
    keep_upload,
    kept_uploads,
)
from gongkai.platform.cases.services.referrals import BadReferral
from gongkai.platform.cases.services.registration import (
    Registered,
    RegisteredAlready,
    is_letter_ref,
    new_letter_ref,
    register_letter,
)
from gongkai.platform.core.files import FileRefused, name_of, too_large
from gongkai.platform.core.permissions import Act
from gongkai.platform.core.uploads import oversized
from gongkai.platform.core.web import actor_of, body_of, needs
from gongkai.platform.desk.forms.intake import ItemForm, LetterItemForm, RegisterForm
from gongkai.platform.desk.problems import Problem
from gongkai.platform.desk.whole import whole

MOST_ITEMS = 20
PAPER_KINDS = [
    (kind.value, kind.label)
    for kind in (PaperKind.APPLICATION, PaperKind.IDENTITY, PaperKind.AUTHORITY, PaperKind.OTHER)
]
_REFUSED = (
    BadIntake, DatedInFuture, ActRefused, NoShortName, FileRefused, BadPaper, BadMatter, BadReferral,
)  # fmt: skip
FIELD_OF = {"kind": "kind", "description": "item-0-description", "number": "item-0-number"}
"""Where a complaint of the service is shown, if not at the field of the same name."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was kept while the form is not accepted yet."""

    ref: str
    name: str
    kind: str
    kind_label: Any
    size: int


@require_http_methods(["GET", "POST"])
@needs(Act.CASE_REGISTER)
def register(request: HttpRequest) -> HttpResponse:
    """The form, the page that asks to confirm, and the registration itself."""
    page = _Page(request)
    return page.empty() if request.method == "GET" else page.posted(request.POST.get("do", "check"))


@require_POST
@needs(Act.CASE_REGISTER)
def repeats(request: HttpRequest) -> HttpResponse:
    """The list of likely repeats alone, for the script that asks while one types."""
    page = _Page(request)
    page.read()
    return render(request, "desk/intake/_repeats.html", {"repeats": page.repeats(), "asked": True})


class _Page:
    """One request to the form."""

    def __init__(self, request: HttpRequest) -> None:
        self.request, self.actor, self.body = request, actor_of(request), body_of(request)
        self.form = RegisterForm(initial={"came_on": self.actor.today, "channel": "counter"})
        self.items = [LetterItemForm(0)]
        self.uploads: list[Upload] = []
        self.problems: list[Problem] = []
        self.ref = new_letter_ref()

    def empty(self) -> HttpResponse:
        """The form as one comes to it."""
        return self.show()

    def posted(self, do: str) -> HttpResponse:
        """What was sent, by the button that sent it."""
        self.take_uploads()
        if do.startswith("drop-"):
            drop_upload(body=self.body, actor=self.actor, ref=do.removeprefix("drop-"))
        self.read()
        match do:
            case "more":
                return self.more()
            case "repeats":
                return self.show(repeats=self.repeats(), asked=True, focus="repeats")
            case "check" | "register" if not self.is_valid():
                return self.show()
            case "check":
                return self.ask_to_confirm()
            case "register":
                return self.register()
            case _:
                return self.show(quiet=not self.problems)

    # --- reading what was sent -----------------------------------------------------------------------

    def take_uploads(self) -> None:
        """Keep the files that came with this request; complaints about them are problems of the form."""
        for _field, name in oversized(self.request):
            self.problems.append(Problem("f-new_files", _("材料"), too_large(name).message))
        for file in self.request.FILES.getlist("new_files"):
            try:
                kept = keep_upload(
                    body=self.body, actor=self.actor, name=file.name or "", content=file.read(),
                    media_type=file.content_type or "",
                )  # fmt: skip
            except FileRefused as refused:
                self.problems.append(Problem("f-new_files", _("材料"), refused.message))
                continue
            kind = self.request.POST.get("new_kind", "")
            self.uploads.append(self._upload(kept.ref, name_of(kept), kind, kept.size))

    def _upload(self, ref: str, name: str, kind: str, size: int) -> Upload:
        known = dict(PAPER_KINDS)
        kind = kind if kind in known else PaperKind.APPLICATION.value
        return Upload(ref, name, kind, known[kind], size)

    def read(self) -> None:
        """The form as it was sent, with the uploads kept before."""
        sent = self.request.POST
        self.form = RegisterForm(sent)
        drop = sent.get("do", "")
        # Each place once: sent twice, the same request would be registered twice.
        wanted = dict.fromkeys(whole(at) for at in sent.getlist("items") if drop != f"less-{at}")
        places = [at for at in wanted if at is not None][:MOST_ITEMS]
        self.items = [LetterItemForm(at, sent) for at in places] or [LetterItemForm(0, sent)]
        self.ref = sent.get("ref", "") if is_letter_ref(sent.get("ref", "")) else self.ref
        kept = kept_uploads(body=self.body, actor=self.actor, refs=sent.getlist("kept"))
        lost = len(set(sent.getlist("kept"))) - len(kept) - drop.startswith("drop-")
        if lost > 0 and drop != "register":
            self.problems.append(
                Problem("f-new_files", _("材料"), _("先前上传的文件有些已经不在，请重新上传"))
            )
        before = [
            self._upload(file.ref, name_of(file), sent.get(f"kind-{file.ref}", ""), file.size)
            for file in kept
        ]
        self.uploads = before + self.uploads

    def is_valid(self) -> bool:
        """Check everything, and collect what the summary at the top says."""
        fine = all([self.form.is_valid(), *(item.is_valid() for item in self.items)])
        for form in (self.form, *self.items):
            for field in form:
                for error in field.errors:
                    label = field.label
                    if isinstance(form, ItemForm) and len(self.items) > 1:
                        label = _("第 %(n)s 项：%(label)s") % {
                            "n": self.items.index(form) + 1,
                            "label": label,
                        }
                    self.problems.append(Problem(field.id_for_label, label, error))
        if fine and not self.problems:
            self._preview_or_problem()
        return not self.problems

    def _preview_or_problem(self) -> ReceiptPreview | None:
        given = dict(self.form.cleaned_data)  # a complaint takes its field out of the form's
        try:
            preview = preview_receipt(
                body=self.body, actor=self.actor, channel=given["channel"], came_on=given["came_on"],
                confirmed_on=given["confirmed_on"], confirmation=given["confirmation"],
            )  # fmt: skip
        except BadIntake as bad:
            self.complain(bad.field, bad.message)
            return None
        if preview.refusal and any(item.is_request for item in self.items):
            self.complain("came_on", preview.refusal)
        for name in ("came_on", "confirmed_on", "registered_on", "ticket_on"):
            if given[name] is not None and given[name] > self.actor.today:
                self.complain(name, _("不能晚于今天"))
        received = preview.receipt.on
        if given["registered_on"] is not None and received is not None and given["registered_on"] < received:
            self.complain("registered_on", _("不能早于收到之日 %(day)s") % {"day": received})
        return preview

    def complain(self, field: str, message: Any) -> None:
        """Show a complaint at its field and in the summary."""
        name = FIELD_OF.get(field, field)
        form = self.items[0] if name.startswith("item-") else self.form
        plain = name.rpartition("-")[2]
        if plain in form.fields:
            form.add_error(plain, message)
            self.problems.append(Problem(form[plain].id_for_label, form[plain].label, message))
        else:
            self.problems.append(Problem("f-channel", "", message))

    # --- answers -------------------------------------------------------------------------------------

    def more(self) -> HttpResponse:
        """One more request in the letter."""
        if len(self.items) >= MOST_ITEMS:
            self.problems.append(
                Problem(
                    "f-more", _("再加一项"), _("一件来件最多 %(n)s 项，其余请另行登记") % {"n": MOST_ITEMS}
                )
            )
            return self.show()
        at = max(item.at for item in self.items) + 1
        self.items.append(LetterItemForm(at))
        self.items[-1].fields["description"].widget.attrs["autofocus"] = True
        return self.show(quiet=True)

    def repeats(self) -> list[Repeat]:
        """Likely repeats of what is typed so far."""
        self.form.is_valid()
        posted = self.request.POST
        descriptions = [
            str(posted.get(item.add_prefix("description"), ""))
            for item in self.items
            if posted.get(item.add_prefix("sort"), ItemKind.INFORMATION) == ItemKind.INFORMATION
        ]
        return likely_repeats(
            body=self.body, actor=self.actor, applicant=self.form.applicant, descriptions=descriptions
        )

    def show(self, *, quiet: bool = False, focus: str = "", **more: Any) -> HttpResponse:
        """The form; ``quiet``: without complaints about what is not filled in yet."""
        if quiet or focus:
            for form in (self.form, *self.items):
                form.errors.clear()
        context = {
            "nav": "register", "form": self.form, "items": self.items, "uploads": self.uploads,
            "problems": self.problems, "errors": bool(self.problems), "ref": self.ref,
            "paper_kinds": PAPER_KINDS, "repeats": [], "asked": False, "focus": focus, **more,
        }  # fmt: skip
        return render(self.request, "desk/intake/register.html", context)

    def ask_to_confirm(self) -> HttpResponse:
        """What would be registered, and what it means."""
        given = self.form.cleaned_data
        items = [item.item for item in self.items if item.is_request]
        kinds: dict[str, str] = {one.value: str(one.label) for one in ItemKind}
        others = [(kinds[item.matter.kind], item.matter.text) for item in self.items if not item.is_request]
        skip = {"csrfmiddlewaretoken", "do", "kept", "items", "new_kind", "ref"}
        hidden = [(k, v) for k, vs in self.request.POST.lists() if k not in skip for v in vs]
        hidden = [(k, v) for k, v in hidden if not k.startswith("kind-")]
        hidden += [("items", str(item.at)) for item in self.items] + [("ref", self.ref)]
        hidden += [("kept", upload.ref) for upload in self.uploads]
        hidden += [(f"kind-{upload.ref}", upload.kind) for upload in self.uploads]
        channel = dict(self.form.fields["channel"].choices)[given["channel"]]  # type: ignore[attr-defined]
        context = {
            "nav": "register", "hidden": hidden, "preview": self._preview_or_problem() if items else None,
            "items": items, "others": others, "ticket": self.form.ticket,
            "ticket_from": dict(Counterpart.choices).get(given["ticket_from"], ""),
            "ticket_known": ticket_known(self.body, self.form.ticket),
            "uploads": self.uploads, "channel": channel,
            "said": self._applicant_said(), "remark": given["remark"],
            "came_on": given["came_on"], "repeats": self.repeats(), "asked": True,
            "advice": self._advice(items, given["channel"], given["remark"]) if items else [],
        }  # fmt: skip
        return render(self.request, "desk/intake/confirm_registration.html", context)

    def _advice(self, items: list[RequestedItem], channel: str, remark: str) -> list[Any]:
        found: list[Any] = list(
            advice_on(self.form.applicant, items, [upload.kind for upload in self.uploads])
        )
        if channel == ORAL and not remark:
            found.append(
                _(
                    "口头申请由工作人员代为填写（第二十九条）：请念给申请人核对，并返回修改，在“备注”里写明谁代填、"
                    "申请人怎样确认"
                )
            )
        return found

    def _applicant_said(self) -> list[tuple[Any, str]]:
        """Everything that was filled in of the applicant, to be checked."""
        kinds = dict(self.form.fields["kind"].choices)  # type: ignore[attr-defined]
        kind = str(kinds[self.form.applicant.kind])
        return [(self.form.fields["kind"].label, kind), *details_said(self.form.applicant)]

    def register(self) -> HttpResponse:
        """Register; what is refused is shown with the form as it was."""
        given = self.form.cleaned_data
        try:
            done: Registered = register_letter(
                body=self.body, actor=self.actor, channel=given["channel"], came_on=given["came_on"],
                confirmed_on=given["confirmed_on"], confirmation=given["confirmation"],
                remark=given["remark"], registered_on=given["registered_on"], ref=self.ref,
                applicant=self.form.applicant, items=[item.item for item in self.items if item.is_request],
                others=self._others(), ticket=self.form.ticket,
                papers=[NewPaper(kind=upload.kind, kept=upload.ref) for upload in self.uploads],
            )  # fmt: skip
        except RegisteredAlready as already:
            messages.info(self.request, _("这件来件已经登记过，没有重复登记。"))
            return redirect("desk:registered", already.letter.ref)
        except _REFUSED as refused:
            self._say(refused)
            return self.show()
        return redirect("desk:registered" if done.summaries else "desk:letter_in", done.letter.ref)

    def _others(self) -> list[OtherMatter]:
        """Matters that are no requests, each at its place in the letter."""
        return [replace(one.matter, n=at) for at, one in enumerate(self.items, 1) if not one.is_request]

    def _say(self, refused: Exception) -> None:
        match refused:
            case BadIntake():
                self.complain(refused.field, refused.message)
            case DatedInFuture():
                self.complain("came_on", _("日期 %(day)s 晚于今天") % {"day": refused.on})
            case ActRefused():
                refusal = refused.refusal
                field = "number" if refusal.code == "number_in_use" else "came_on"
                self.complain(field, f"{refusal.message()}（{refusal.article}）")
            case NoShortName():
                self.complain("", _("本机关还没有设置机关代字，不能给号：请系统管理员先在机关信息里设置。"))
            case BadMatter():
                self.complain("description", refused.message)
            case BadReferral():
                self.complain(f"ticket_{refused.field}", refused.message)
            case _:
                message = getattr(refused, "message", str(refused))
                self.problems.append(Problem("f-new_files", _("材料"), message))
