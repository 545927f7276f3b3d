"""Envelopes, labels and the list for the post office as PDF; the certificate of service, filled in.

Nothing of what a letter is about stands on the outside: name and address, and who sends. The list, which
stays inside, bears the numbers of the letters. Addresses are personal data: every print is audited.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

import pypdfium2
import typst
import yaml
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.paper.fonts import GETA, mend_all
from gongkai.platform.cases.letters.facts import day_zh
from gongkai.platform.cases.letters.kinds import LETTERS
from gongkai.platform.cases.letters.pdf import letter_fonts, to_pdf
from gongkai.platform.cases.models import Posting
from gongkai.platform.cases.posting.documents import Document, document_of
from gongkai.platform.cases.posting.head import settings_of
from gongkai.platform.cases.posting.recipients import Addressee, addressee_of
from gongkai.platform.cases.services.acting import Step
from gongkai.platform.cases.services.letters import demonstration_mark, preview_letter
from gongkai.platform.core import audit, private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body
from gongkai.platform.core.pdfium import ALONE
from gongkai.platform.core.permissions import Act

CERTIFICATE = "certificate_of_service"
LIST = "list"
MOST_PRINTED = 100


def _stationery() -> dict[str, Any]:
    file = resources.files("gongkai.platform.cases.posting").joinpath("stationery.yaml")
    return yaml.safe_load(file.read_text(encoding="utf-8"))


_DATA = _stationery()
ENVELOPES: Mapping[str, Mapping[str, Any]] = MappingProxyType(_DATA["envelopes"])
SHEETS: Mapping[str, Mapping[str, Any]] = MappingProxyType(_DATA["sheets"])
"""By key: ``label`` and sizes."""


class PrintRefused(ValueError):
    """What cannot be printed: ``message`` (Chinese)."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is printed: the kind (an envelope, a sheet, ``list``, ``certificate_of_service``), and how."""

    kind: str
    registered: bool = False
    phone: bool = False
    """Labels of registered mail may bear the recipient's phone number, where the post asks for it."""
    skip: int = 0
    """Places of the first sheet of labels that are used up."""


def printed(*, keys: Sequence[str], wanted: Wanted, actor: Actor) -> bytes:
    """The PDF for these letters, in their order; audited for each.

    Raises ``NoSuchLetter``, ``NotPermitted``, and ``PrintRefused`` for none or too many, or for one whose
    name or address is not known.
    """
    documents = list({one.ref: one for one in (document_of(key=key, actor=actor) for key in keys)}.values())
    if not documents:
        raise PrintRefused(_("请先选择文书。"))
    if len(documents) > MOST_PRINTED:
        raise PrintRefused(_("一次最多打印 %d 份。") % MOST_PRINTED)
    for document in documents:
        actor.require(Act.CASE_IDENTITY, document.body)
    if wanted.kind == CERTIFICATE:
        return _certificates(documents, actor)
    data = _data(documents, wanted, actor.today)
    made = _set(data)
    with transaction.atomic():
        for document in documents:
            audit.record(
                "letter.labels_printed", actor=actor, body=document.body, object=document.key,
                detail={"kind": wanted.kind},
            )  # fmt: skip
    return made


def _data(documents: Sequence[Document], wanted: Wanted, today: date) -> dict[str, Any]:
    body = documents[0].body
    people = [(document, addressee_of(document, today)) for document in documents]
    lacking = [one.number or str(one.label) for one, to in people if not to.complete]
    if lacking:
        raise PrintRefused(
            _("没有收件人的姓名或者地址：%s。请在文书页里“更正送达地址”。") % "、".join(lacking[:10])
        )
    shared = {
        "title": "信封、标签、清单", "sender": _sender(body), "mark": demonstration_mark(),
        "items": [_item(document, to, wanted) for document, to in people],
    }  # fmt: skip
    if wanted.kind in ENVELOPES:
        size = ENVELOPES[wanted.kind]
        return {**shared, "kind": "envelopes", "width": size["width"], "height": size["height"]}
    if wanted.kind in SHEETS:
        sheet = SHEETS[wanted.kind]
        if not 0 <= wanted.skip < sheet["columns"] * sheet["rows"]:
            raise PrintRefused(_("“已用过的格子”要小于每张的个数 %d。") % (sheet["columns"] * sheet["rows"]))
        return {**shared, "kind": "labels", "skip": wanted.skip, **sheet}
    if wanted.kind == LIST:
        return {**shared, "kind": LIST, "day": day_zh(today)}
    raise PrintRefused(_("请选择要打印什么。"))


def _item(document: Document, to: Addressee, wanted: Wanted) -> dict[str, Any]:
    body = document.body
    return {
        "name": to.name, "address": to.address, "postcode": to.postcode,
        "phone": to.phone if wanted.phone else "", "registered": wanted.registered,
        "proof": last_proof(document) if wanted.kind not in ENVELOPES else "",
        "number": document.number if wanted.kind == LIST else "",
        "sender": _sender(body), "sender_address": body.address, "sender_postcode": body.postcode,
    }  # fmt: skip


def _sender(body: Body) -> str:
    return settings_of(body).sender or body.name


def last_proof(document: Document) -> str:
    """The mail number of the newest posting; blank where there is none, or it came back."""
    posting = Posting.objects.filter(document=document.ref, returned_on__isnull=True).order_by("turn").last()
    if posting is None:
        return ""
    return str(private.read_many([posting.note]).get(posting.note, {}).get("proof", ""))


def _certificates(documents: Sequence[Document], actor: Actor) -> bytes:
    """Certificates of service (送达回证), one a letter, to be signed by whoever takes the letter."""
    made: list[bytes] = []
    for document in documents:
        number = f"（{document.number}）" if document.number else ""
        posting = Posting.objects.filter(document=document.ref).order_by("turn").last()
        method = posting.method if posting is not None and posting.returned_on is None else ""
        step = None
        if document.is_reply and method:
            step = Step("reply.delivered", actor.today, {"method": method})
        sheet = preview_letter(
            body=document.body, stream=document.lead.stream, kind=CERTIFICATE, actor=actor, step=step,
            fields={
                "served_letter": f"{LETTERS[document.kind].title}{number}",
                "service_proof": last_proof(document),
            },
        ).sheet  # fmt: skip
        made.append(to_pdf(sheet))
    if len(made) == 1:
        return made[0]
    with ALONE:
        whole = pypdfium2.PdfDocument.new()
        for one in made:
            whole.import_pages(pypdfium2.PdfDocument(one))
        return _saved(whole)


def _saved(pdf: pypdfium2.PdfDocument) -> bytes:
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def _set(data: dict[str, Any]) -> bytes:
    mended, lacking = mend_all(data)
    if lacking:
        raise PrintRefused(
            _("姓名或者地址里有字库没有的字（在“%s”处），印不出来：请手写信封，或者更正送达地址。") % GETA
        )
    compiler = typst.Compiler(
        _template(), font_paths=letter_fonts(), ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(mended, ensure_ascii=False)},
    )  # fmt: skip
    made = compiler.compile(format="pdf", timestamp=0)
    if not isinstance(made, bytes):
        raise TypeError("typst gave several files for one PDF")
    return made


@cache
def _template() -> bytes:
    return (resources.files("gongkai.platform.cases.posting") / "post.typ").read_bytes()
