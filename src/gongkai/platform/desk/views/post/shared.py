"""What the pages of seal and post share: the path, pages of a list, a list as a sheet."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.platform.cases.letter_list import NoSuchLetter
from gongkai.platform.cases.posting.documents import Document, document_of
from gongkai.platform.cases.sheets import Column, Value, write_sheet
from gongkai.platform.core import audit
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.web import actor_of, body_of
from gongkai.platform.desk.downloads import XLSX, disposition

PAGE = 50


def crumbs(label: str, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """The path to a page of the post."""
    return [(_("寄送"), reverse("desk:post")), *more, (label, "")]


def shown_or_404(request: HttpRequest, key: str) -> tuple[Document, Actor]:
    """The letter and who asks; 404 where it may not even be known."""
    actor = actor_of(request)
    try:
        return document_of(key=key, actor=actor), actor
    except NoSuchLetter as missing:
        raise Http404 from missing


def paged(
    request: HttpRequest, rows: Sequence[Any], size: int = PAGE
) -> tuple[Sequence[Any], dict[str, str]]:
    """A page of rows, and what ``pager.html`` shows; a page that is not there is the nearest."""
    page = Paginator(rows, size).get_page(request.GET.get("page"))

    def address(number: int) -> str:
        query = request.GET.copy()
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    words = _("第 {n} 页，共 {all} 页").format(n=page.number, all=page.paginator.num_pages)
    return list(page.object_list), {
        "previous": address(page.previous_page_number()) if page.has_previous() else "",
        "next": address(page.next_page_number()) if page.has_next() else "",
        "words": words,
    }


def sheet_of(
    request: HttpRequest,
    *,
    name: str,
    object: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Value]],
) -> FileResponse:
    """A list as a spreadsheet; that it was taken is audited."""
    actor, body = actor_of(request), body_of(request)
    # Closed by the response; a large one goes to the disk.
    file = tempfile.SpooledTemporaryFile(max_size=4 * 2**20)  # noqa: SIM115
    heading = f"{body.name} {name} {actor.today.isoformat()}"
    number = write_sheet(file, name=name, notes=[heading], columns=columns, rows=rows)
    audit.record("case.exported", actor=actor, body=body, object=object, detail={"rows": number})
    file.seek(0)
    return FileResponse(
        file, as_attachment=True, filename=f"{name}-{actor.today.isoformat()}.xlsx", content_type=XLSX
    )


def file_response(content: bytes, name: str, media_type: str, *, inline: bool) -> HttpResponse:
    """A file that nobody but who asked keeps."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = disposition(name, inline=inline)
    response["Cache-Control"] = "private, no-store"
    return response
