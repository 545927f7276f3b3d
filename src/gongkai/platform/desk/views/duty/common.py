"""What the pages of the duty share: pages of a list, and its files."""

from __future__ import annotations

import tempfile
from typing import Any, TypeVar

from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from gongkai.platform.cases.duty.sheet import Sheet, to_pdf, to_xlsx
from gongkai.platform.core import audit
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act
from gongkai.platform.core.web import actor_of
from gongkai.platform.desk.downloads import XLSX, disposition
from gongkai.platform.desk.whole import whole

PAGE = 50
_LONGEST_KEY = 40
T = TypeVar("T", bound=Model)


def is_key(text: str) -> bool:
    """Whether this can be a key at all: what anybody may write into an address goes no further."""
    return (
        bool(text)
        and len(text) <= _LONGEST_KEY
        and all(sign.isascii() and (sign.isalnum() or sign in "-_") for sign in text)
    )


def page_of(request: HttpRequest, rows: QuerySet[T]) -> tuple[list[T], dict[str, Any]]:
    """The page of a list that ``?page=`` asks for, and what the pager shows."""
    pages = Paginator(rows, PAGE)
    page = pages.get_page(whole(request.GET.get("page", "")) or 1)

    def address(number: int) -> str:
        query = request.GET.copy()
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    pager = {
        "previous": address(page.previous_page_number()) if page.has_previous() else "",
        "next": address(page.next_page_number()) if page.has_next() else "",
        "words": f"{page.number} / {pages.num_pages}" if pages.num_pages > 1 else "",
    }
    return list(page.object_list), pager


def send(request: HttpRequest, sheet: Sheet, form: str, *, body: Body, what: str) -> HttpResponseBase:
    """A list as a file: ``xlsx`` or ``pdf``; audited. Raises ``NotPermitted``, ``Http404``."""
    actor = actor_of(request)
    actor.require(Act.CASE_EXPORT, body)
    name = f"{sheet.title}-{actor.today.isoformat()}.{form}"
    rows = len(sheet.parts[0].rows)
    match form:
        case "pdf":
            paper = HttpResponse(to_pdf(sheet), content_type="application/pdf")
            paper["Content-Disposition"] = disposition(name, inline=True)
            response: HttpResponseBase = paper
        case "xlsx":
            # Closed by the response; a large one goes to the disk.
            file = tempfile.SpooledTemporaryFile(max_size=4 * 2**20)  # noqa: SIM115
            to_xlsx(sheet, file)
            file.seek(0)
            response = FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)
        case _:
            raise Http404
    audit.record(
        "duty.list_exported", actor=actor, body=body, object=what, detail={"rows": rows, "form": form}
    )
    return response
