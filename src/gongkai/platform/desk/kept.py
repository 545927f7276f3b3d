"""A form that was sent when nobody was logged in any more: what was typed goes back to the browser with the
log-in page, travels along as one hidden field, and is offered for sending again once the log-in is complete.

Nothing of it is kept on the server: it may be personal data. Files cannot travel; the page says so.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

FIELD = "kept"
_NEVER = ("csrfmiddlewaretoken", FIELD, "password", "old_password", "new_password", "again", "token")
"""Not sent back: the form's own mark, and secrets."""
_TECHNICAL = ("expected_seq", "next", "seen")
"""Sent back but not shown."""
_CODE = re.compile(r"[a-z][a-z0-9_.:/-]*|[0-9]{1,5}")


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a form went, and its fields in order."""

    path: str
    fields: tuple[tuple[str, str], ...]
    files: bool = False

    def text(self) -> str:
        """As the value of the hidden field."""
        return json.dumps([self.path, self.fields, self.files], ensure_ascii=False)

    @property
    def typed(self) -> list[str]:
        """What somebody typed, for showing; codes of choices and short numbers say nothing to them."""
        return [
            value
            for name, value in self.fields
            if value.strip() and name not in _TECHNICAL and not _CODE.fullmatch(value)
        ]


def keep_form(request: HttpRequest) -> Kept:
    """The fields of a form that cannot be accepted now."""
    fields = tuple(
        (name, str(value)) for name, values in request.POST.lists() if name not in _NEVER for value in values
    )
    return Kept(request.get_full_path(), fields, bool(request.FILES))


def kept_in(request: HttpRequest) -> Kept | None:
    """The kept form that travels with a log-in page; ``None`` for none or one that was tampered with."""
    try:
        path, fields, files = json.loads(request.POST.get(FIELD, ""))
        kept = Kept(str(path), tuple((str(name), str(value)) for name, value in fields), bool(files))
    except (ValueError, TypeError):
        return None
    return kept if is_ours(request, kept.path) else None


def is_ours(request: HttpRequest, path: str) -> bool:
    """Whether a path leads into this site and nowhere else."""
    return path.startswith("/") and url_has_allowed_host_and_scheme(
        path, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )


def next_of(request: HttpRequest) -> str:
    """Where somebody wanted to go before the log-in; empty for nowhere, or for another site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if is_ours(request, wanted) else ""
