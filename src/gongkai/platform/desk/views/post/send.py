"""``/desk/post/send/``: several letters handed to the post in one form, a row each; all or none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gongkai.platform.cases.letter_list import NoSuchLetter
from gongkai.platform.cases.posting.documents import Document, State, document_of
from gongkai.platform.cases.posting.listing import waits_for_sending
from gongkai.platform.cases.posting.sending import METHODS, MOST_LINES, Line, LinesRefused, send
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.permissions import Act
from gongkai.platform.core.web import actor_of, needs
from gongkai.platform.desk.views.post.shared import crumbs
from gongkai.platform.desk.whole import whole


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the form: the letter, and what was typed."""

    document: Document
    method: str
    on: str
    proof: str
    remark: str
    seqs: list[tuple[str, int]]
    turn: int
    error: str = ""


@require_http_methods(["GET", "POST"])
@needs(Act.CASE_ACT)
def dispatch(request: HttpRequest) -> HttpResponse:
    """The form, and what it enters."""
    actor = actor_of(request)
    if request.method == "GET":
        documents = [
            one
            for one in _documents(request.GET.getlist("letter")[: MOST_LINES + 1], actor)
            if waits_for_sending(one)
        ]
        if not documents:
            messages.error(request, _("请先在清单里勾选待寄的文书；已经寄出的不用再登记。"))
            return redirect("desk:post")
        return _page(request, [_fresh(one, actor) for one in documents[:MOST_LINES]])
    count = min(whole(request.POST.get("rows", "")) or 0, MOST_LINES)
    lines = [_line(request, place) for place in range(count)]
    kept = [(place, line) for place, line in enumerate(lines) if request.POST.get(f"take-{place}")]
    if not kept:
        messages.error(request, _("一行也没有勾选，没有登记。"))
        return redirect("desk:post")
    try:
        number = send(lines=[line for _place, line in kept], actor=actor)
    except LinesRefused as refused:
        errors = {kept[at][0]: error for at, error in refused.errors.items()}
        return _again(request, lines, errors, actor)
    messages.success(request, _("已登记寄出 %d 份。") % number)
    return HttpResponseRedirect(reverse("desk:post"))


def _documents(keys: list[str], actor: Actor) -> list[Document]:
    found: dict[str, Document] = {}
    for key in keys:
        try:
            one = document_of(key=key, actor=actor)
        except NoSuchLetter:
            continue
        if actor.seat is not None and one.body.key == actor.seat.body_id:
            found.setdefault(one.ref, one)
    return list(found.values())


def _fresh(document: Document, actor: Actor) -> _Row:
    return _Row(
        document=document, method="post", on=actor.today.isoformat(), proof="", remark="",
        seqs=[(case.stream, case.seq) for case in document.cases], turn=document.turns,
    )  # fmt: skip


def _line(request: HttpRequest, place: int) -> Line:
    def said(name: str) -> str:
        return request.POST.get(f"{name}-{place}", "").strip()

    try:
        on = date.fromisoformat(said("on"))
    except ValueError:
        on = None
    seqs: dict[str, int] = {}
    for pair in request.POST.getlist(f"seq-{place}"):
        stream, _bar, number = pair.rpartition("|")
        seqs[stream] = -1 if (seq := whole(number)) is None else seq
    turn = whole(said("turn"))
    return Line(
        key=said("letter"), method=said("method"), on=on, proof=said("proof"), remark=said("remark")[:500],
        seqs=seqs, turn=-1 if turn is None else turn,
    )  # fmt: skip


def _again(request: HttpRequest, lines: list[Line], errors: dict[int, str], actor: Actor) -> HttpResponse:
    """The form as it was typed, with what is wrong in each row; what was shown stays what was shown."""
    rows: list[_Row] = []
    for place, line in enumerate(lines):
        found = _documents([line.key], actor)
        if not found:
            continue
        error = errors.get(place, "")
        seqs = list(_now(found[0], line, error).items())
        rows.append(
            _Row(
                document=found[0], method=line.method, on=request.POST.get(f"on-{place}", ""),
                proof=line.proof, remark=line.remark, seqs=seqs, turn=found[0].turns, error=error,
            )
        )  # fmt: skip
    if not rows:
        messages.error(request, next(iter(errors.values()), ""))
        return redirect("desk:post")
    return _page(request, rows, status=422)


def _now(document: Document, line: Line, error: str) -> dict[str, int]:
    """After an error the row stands by the case as it is now: the error has told of it."""
    if error:
        return {case.stream: case.seq for case in document.cases}
    return dict(line.seqs)


def _page(request: HttpRequest, rows: list[_Row], status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "nav": "post", "crumbs": crumbs(_("登记寄出")), "rows": rows, "methods": METHODS,
        "errors": status != 200, "to_seal": State.TO_SEAL,
    }  # fmt: skip
    return render(request, "desk/post/send.html", context, status=status)
