"""A form that was sent when nobody was logged in any more: what was typed goes back to the browser with the
log-in page, travels along as one hidden field, and is offered for sending again once the log-in is complete.

Nothing of it is kept on the server: it may be personal data. Files cannot travel; the page says so.

Only who filled it in gets it back: the field is signed together with a mark of that person. A session that
has ended no longer says whose it was, so a cookie remembers the mark of who was logged in last; a form that
was opened before somebody else logged in does not get here: its mark against forgery went with that log-in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme

from gongkai.platform.cases.acts.catalogue import FORMS
from gongkai.platform.core.web import person_of
from gongkai.platform.desk.forms.intake import ItemForm, RegisterForm

FIELD = "kept"
COOKIE = "gongkai_last"
"""Cookie with the mark of who was logged in last in this browser; it names nobody."""
_SHARED = "+"
"""Ends the cookie once somebody else had been logged in before."""
_SALT = "gongkai.platform.desk.kept"
_NEVER = ("csrfmiddlewaretoken", FIELD, "password", "old_password", "new_password", "again", "token")
"""Not sent back: the form's own mark, and secrets."""
_TECHNICAL = ("expected_seq", "next", "seen")
"""Sent back but not shown."""
_ACT = re.compile(r"/acts/([a-z_.]+)/")
_ITEM = re.compile(r"^item-\d+-")
_CODE = re.compile(r"[a-z][a-z0-9_.:/-]*|[0-9]{1,5}")


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a form went, its fields in order, and the mark of who filled it in; empty: nobody knows."""

    path: str
    fields: tuple[tuple[str, str], ...]
    files: bool = False
    owner: str = ""

    def text(self) -> str:
        """As the value of the hidden field."""
        return signing.dumps([self.path, self.fields, self.files, self.owner], salt=_SALT, compress=True)

    @property
    def typed(self) -> list[tuple[Any, str]]:
        """What somebody typed, for showing: the label where the form is known, and the value.

        Codes of choices and short numbers say nothing to them.
        """
        labels = labels_of(self.path)
        return [
            (labels.get(_ITEM.sub("item-", name), ""), value)
            for name, value in self.fields
            if value.strip() and name not in _TECHNICAL and not _CODE.fullmatch(value)
        ]


def labels_of(path: str) -> dict[str, Any]:
    """How the fields of the form at an address are called; empty for a form that is not known here."""
    act = _ACT.search(path)
    if act is not None and act[1] in FORMS:
        return {field.name: field.label for field in FORMS[act[1]].fields}
    if path.startswith("/desk/register/"):
        own = {name: field.label for name, field in RegisterForm.base_fields.items()}
        return own | {f"item-{name}": field.label for name, field in ItemForm.base_fields.items()}
    return {}


def keep_form(request: HttpRequest) -> Kept:
    """The fields of a form that cannot be accepted now."""
    fields = tuple(
        (name, str(value)) for name, values in request.POST.lists() if name not in _NEVER for value in values
    )
    owner = _mark_of(request) or request.COOKIES.get(COOKIE, "").removesuffix(_SHARED)
    return Kept(request.get_full_path(), fields, bool(request.FILES), owner)


def kept_in(request: HttpRequest) -> Kept | None:
    """The kept form that travels with a log-in page.

    ``None`` for none, for one that was tampered with, and for another person's.
    """
    kept = _read(request)
    return None if kept is None or _is_anothers(request, kept) else kept


def holds_anothers(request: HttpRequest) -> bool:
    """Whether a kept form travels along that somebody else filled in, or nobody knows who."""
    kept = _read(request)
    return kept is not None and _is_anothers(request, kept)


def remember_who(request: HttpRequest, response: HttpResponseBase) -> None:
    """Leave the mark of who is logged in with the browser, for a form that comes after the session."""
    mark, before = _mark_of(request), request.COOKIES.get(COOKIE, "")
    if mark and before.removesuffix(_SHARED) != mark:
        response.set_cookie(
            COOKIE, f"{mark}{_SHARED}" if before else mark, max_age=settings.CSRF_COOKIE_AGE, httponly=True,
            secure=settings.SESSION_COOKIE_SECURE, samesite="Lax",
        )  # fmt: skip


def is_shared(request: HttpRequest) -> bool:
    """Whether more than one person has logged in with this browser: an old page may be anybody's."""
    return request.COOKIES.get(COOKIE, "").endswith(_SHARED)


def _mark_of(request: HttpRequest) -> str:
    return salted_hmac(_SALT, person_of(request).key).hexdigest() if request.user.is_authenticated else ""


def _is_anothers(request: HttpRequest, kept: Kept) -> bool:
    """Nobody's form is everybody else's, too. Before the log-in there is nobody to compare with."""
    mark = _mark_of(request)
    return bool(mark) and not constant_time_compare(mark, kept.owner)


def _read(request: HttpRequest) -> Kept | None:
    try:
        path, fields, files, owner = signing.loads(request.POST.get(FIELD, ""), salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    kept = Kept(str(path), tuple((str(name), str(value)) for name, value in fields), bool(files), str(owner))
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
