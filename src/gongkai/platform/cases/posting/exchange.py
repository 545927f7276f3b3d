"""Exchange with the office's own document system: a package out, the sealed PDF back in.

The package and its format: docs/reference/letter-package.md. The sealed PDF is compared with the frozen one
by its text; a scan has none, and then only the person who imports it can say that it is the same letter.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from xml.etree import ElementTree

import pypdfium2
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.platform.cases.letters.kinds import LETTERS
from gongkai.platform.cases.models import OutgoingLetter, SealedCopy
from gongkai.platform.cases.posting.documents import REPLIES, Document, State, document_of
from gongkai.platform.cases.posting.recipients import letters_of
from gongkai.platform.cases.posting.sealing import subject_of
from gongkai.platform.cases.services.letters import demonstration_mark
from gongkai.platform.core import audit, private
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.file_types import media_type_of
from gongkai.platform.core.files import FileRefused, check_file, delete_files, open_file, store_file
from gongkai.platform.core.models import StoredFile
from gongkai.platform.core.pdfium import ALONE
from gongkai.platform.core.permissions import Act
from gongkai.platform.ledger.services import lock
from gongkai.rules.vocabulary import Outcome

FORMAT = "gongkai-letters"
VERSION = 1
PDF = "application/pdf"
MOST_LETTERS = 50
MOST_PAGES = 200
_EPOCH = (1980, 1, 1, 0, 0, 0)
_MOST_MORE = 200
"""So many signs of another system's marks and of a seal may stand before and behind the text."""
_NUMBER = re.compile(r"[—–-]\d+[—–-]$|^[—–-]\d+[—–-]")
"""The number of a page: another program breaks pages elsewhere."""


class Compared(StrEnum):
    """How the sealed PDF was compared with the frozen one."""

    SAME = "same"
    """Every sign of the frozen text stands in it, in order."""
    MORE = "more"
    """The frozen text stands in it whole; there is more before or behind it, which somebody looked at."""
    SCAN = "scan"
    """It has no text: a picture, which was not compared."""


COMPARED: dict[str, Any] = {
    Compared.SAME.value: gettext_lazy("文字逐字比对过，与签发的一致"),
    Compared.MORE.value: gettext_lazy("签发的文字都在，前后多出的由导入的人核对"),
    Compared.SCAN.value: gettext_lazy("是扫描件，没有文字，不能比对：由导入的人核对"),
}


class CopyRefused(ValueError):
    """A file that is not taken as the sealed letter: ``code`` and ``message`` (Chinese)."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code)
        self.code, self.message = code, message


@dataclass(frozen=True, slots=True)
class Hashes:
    """The SHA-256 of the files of a letter as they were frozen; blank where a file was erased."""

    docx: str
    pdf: str


@dataclass(frozen=True, slots=True)
class Copy:
    """The sealed PDF of a letter, as it is told."""

    sha256: str
    """Blank once it was erased."""
    compared: str
    at: datetime
    by: str
    has_file: bool

    @property
    def compared_words(self) -> Any:
        """How it was compared."""
        return COMPARED.get(self.compared, "")


def hashes_of(document: Document) -> Hashes:
    """The hashes of the frozen files, worked out from what is stored now. Raises ``FileDamaged``."""
    letter = letters_of(document)
    return Hashes(*(_sha256(open_file(one)) if one is not None else "" for one in (letter.docx, letter.pdf)))


def copy_of(document: Document) -> Copy | None:
    """The sealed PDF of a letter; ``None`` where none was imported."""
    row = SealedCopy.objects.filter(document=document.ref).select_related("seat__person").first()
    if row is None:
        return None
    kept = private.read_many([row.note]).get(row.note, {})
    return Copy(
        sha256=str(kept.get("sha256", "")),
        compared=str(kept.get("compared", "")),
        at=row.at,
        by=row.seat.person.name if row.seat is not None else "",
        has_file=row.file is not None,
    )


def sealed_file_of(ref: str) -> StoredFile | None:
    """The sealed PDF by the reference of the letter's text: what is handed out in place of the frozen one."""
    row = SealedCopy.objects.filter(document=ref).select_related("file").first()
    return row.file if row is not None else None


# --- out --------------------------------------------------------------------------------------------------


def export_package(*, keys: Sequence[str], actor: Actor) -> bytes:
    """A ZIP with the files and the particulars of letters; it says who they are for, and is audited.

    Raises ``NoSuchLetter``, ``NotPermitted``, ``FileDamaged``, ``ValueError`` for none or too many.
    """
    documents = list({one.ref: one for one in (document_of(key=key, actor=actor) for key in keys)}.values())
    if not 1 <= len(documents) <= MOST_LETTERS:
        raise ValueError(f"{len(documents)} letters")
    for document in documents:
        actor.require(Act.CASE_ACT, document.body)
        actor.require(Act.CASE_IDENTITY, document.body)
    files: dict[str, bytes] = {}
    entries: list[dict[str, Any]] = []
    for place, document in enumerate(documents, 1):
        entry, own = _entry(f"{place:03d}", document)
        entries.append(entry)
        files |= own
    about: dict[str, Any] = {
        "format": FORMAT, "version": VERSION, "made_on": actor.today.isoformat(),
        "body": {"name": documents[0].body.name, "code": documents[0].body.code}, "letters": entries,
    }  # fmt: skip
    files["letters.json"] = json.dumps(about, ensure_ascii=False, indent=2, sort_keys=True).encode()
    files["letters.xml"] = _xml(about)
    sums = "".join(f"{_sha256(content)}  {name}\n" for name, content in sorted(files.items()))
    files["SHA256SUMS"] = sums.encode()
    with transaction.atomic():
        for document in documents:
            audit.record("letter.exported", actor=actor, body=document.body, object=document.key)
    return _zip(files)


def _entry(folder: str, document: Document) -> tuple[dict[str, Any], dict[str, bytes]]:
    letter = letters_of(document)
    sheet = private.read_many([document.ref]).get(document.ref, {}).get("sheet", {})
    kept: dict[str, bytes] = {}
    named: list[dict[str, Any]] = []
    copy = sealed_file_of(document.ref)
    for role, stored in (("docx", letter.docx), ("pdf", letter.pdf), ("sealed", copy)):
        if stored is None:
            continue
        content = open_file(stored)
        ending = "docx" if role == "docx" else "pdf"
        name = f"{folder}/{'sealed' if role == 'sealed' else 'letter'}.{ending}"
        kept[name] = content
        named.append({"role": role, "name": name, "size": len(content), "sha256": _sha256(content)})
    entry = {
        "folder": folder,
        "key": document.key,
        "kind": document.kind,
        "label": document.label,
        "title": LETTERS[document.kind].title,
        "number": document.number,
        "issued_on": document.issued_on.isoformat(),
        "addressee": str(sheet.get("recipient", "")).rstrip("：:"),
        "attachments": list(sheet.get("attachments", ())),
        "cases": [case.number for case in document.cases],
        "outcome": _outcome(document),
        "files": named,
    }
    return entry, kept


def _outcome(document: Document) -> str:
    return Outcome(LETTERS[document.kind].outcome).label_zh if document.kind in REPLIES else ""


def _xml(about: dict[str, Any]) -> bytes:
    """The same particulars as XML: members are elements, lists hold elements named after what is in them."""
    root = ElementTree.Element("letters", {"format": about["format"], "version": str(about["version"])})
    ElementTree.SubElement(root, "made_on").text = about["made_on"]
    body = ElementTree.SubElement(root, "body")
    for name, value in about["body"].items():
        ElementTree.SubElement(body, name).text = value
    for entry in about["letters"]:
        letter = ElementTree.SubElement(root, "letter")
        for name, value in entry.items():
            if name == "files":
                for file in value:
                    said = {key: str(one) for key, one in file.items()}
                    ElementTree.SubElement(letter, "file", said)
            elif isinstance(value, list):
                for one in value:
                    ElementTree.SubElement(letter, {"cases": "case"}.get(name, "attachment")).text = str(one)
            else:
                ElementTree.SubElement(letter, name).text = str(value)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _zip(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, content)
    return out.getvalue()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


# --- in ---------------------------------------------------------------------------------------------------


@transaction.atomic
def import_copy(*, key: str, content: bytes, name: str, looked_at: bool, actor: Actor) -> Copy:
    """Take the sealed PDF of a letter; from then on it is what is handed out. The frozen one stays.

    - its text must be the frozen text; what stands before or behind it is told;
    - ``looked_at``: who imports says that they compared what cannot be compared here (a scan has no text).

    Raises ``NoSuchLetter``, ``NotPermitted``, ``CopyRefused``.
    """
    document = document_of(key=key, actor=actor)
    actor.require(Act.CASE_ACT, document.body)
    actor.require(Act.CASE_IDENTITY, document.body)
    lock(body=document.body.key)
    if SealedCopy.objects.filter(document=document.ref).exists():
        raise CopyRefused("twice", _("这份文书的盖章件已经导入过，不能再换。"))
    try:
        check_file(content, name)
    except FileRefused as refused:
        raise CopyRefused(refused.code, str(refused.message)) from refused
    if media_type_of(content) != PDF:
        raise CopyRefused("type", _("“%s”不是 PDF：请导入文书系统导出的 PDF。") % name)
    letter = letters_of(document)
    if letter.pdf is None:
        raise CopyRefused("erased", _("这份文书的文件已经删除，不能比对。"))
    frozen = open_file(letter.pdf)
    if _sha256(frozen) == _sha256(content):
        raise CopyRefused("unsealed", _("这就是签发时的 PDF，还没有盖章；请导入盖章以后的。"))
    compared, more = _compare(document, frozen, content)
    if compared is Compared.MORE and not looked_at:
        raise CopyRefused(
            "more", _("签发的文字都在，另外多出“%s”：请核对以后，勾选“已经核对”再导入。") % more[:60]
        )
    if compared is Compared.SCAN and not looked_at:
        raise CopyRefused("scan", _("这是扫描件，没有文字可以比对：请逐页核对以后，勾选“已经核对”再导入。"))
    subject = subject_of(document)
    note = private.keep(
        body=document.body, stream=document.lead.stream, kind="letter.sealed_copy", actor=actor,
        subject=subject, fields={"sha256": _sha256(content), "compared": compared.value},
    )  # fmt: skip
    try:
        stored = store_file(
            body=document.body, stream=letter.pdf.stream, content=content, actor=actor,
            name=f"{' '.join(one for one in (document.label, document.number) if one)}（盖章）.pdf",
            media_type=PDF, subject=letter.pdf.subject,
        )  # fmt: skip
    except FileRefused as refused:  # the mark of a secret stands before the frozen text
        raise CopyRefused(refused.code, str(refused.message)) from refused
    SealedCopy.objects.create(
        document=document.ref, body=document.body, file=stored, note=note.ref, seat=actor.seat,
        at=actor.present.moment,
    )  # fmt: skip
    audit.record(
        "letter.copy_imported", actor=actor, body=document.body, object=document.key,
        detail={"compared": compared.value},
    )  # fmt: skip
    found = copy_of(document)
    if found is None:
        raise CopyRefused("lost", _("没有存下来，请再导入一次。"))
    return found


@transaction.atomic
def withdraw_copy(*, key: str, reason: str, actor: Actor) -> None:
    """Take back a sealed PDF that was imported by mistake, while the letter is not sent.

    Once it was sent it is what the recipient has, and stays. The file goes; its hash and the reason are kept.
    Raises ``NoSuchLetter``, ``NotPermitted``, ``CopyRefused``.
    """
    document = document_of(key=key, actor=actor)
    actor.require(Act.CASE_CORRECT, document.body)
    if not reason.strip():
        raise CopyRefused("reason", _("请写明导入错在哪里。"))
    lock(body=document.body.key)
    row = SealedCopy.objects.filter(document=document.ref).select_related("file").first()
    if row is None:
        raise CopyRefused("none", _("没有盖章件，可能刚有人撤下。"))
    document = document_of(key=key, actor=actor)
    if document.state not in (State.TO_SEAL, State.TO_SEND):
        raise CopyRefused("sent", _("文书已经寄出，盖章件不能撤下。"))
    kept = private.read_many([row.note]).get(row.note, {})
    private.keep(
        body=document.body, stream=document.lead.stream, kind="letter.copy_withdrawn", actor=actor,
        fields={"sha256": kept.get("sha256", ""), "reason": reason.strip()}, subject=subject_of(document),
    )  # fmt: skip
    file = row.file
    row.delete()
    if file is not None:
        delete_files([file])
    audit.record("letter.copy_withdrawn", actor=actor, body=document.body, object=document.key)


def _compare(document: Document, frozen: bytes, content: bytes) -> tuple[Compared, str]:
    """How the sealed text stands to the frozen one, and what is more in it than in that."""
    mark = _plain(demonstration_mark())
    text, own = _text(content, mark), _text(frozen, mark)
    if not text:
        return Compared.SCAN, ""
    number = _plain(document.number)
    if number and number not in text:
        other = _other_number(document, text)
        if other:
            raise CopyRefused(
                "other", _("这是另一份文书（%(other)s），不是 %(number)s。")
                % {"other": other, "number": document.number},
            )  # fmt: skip
        raise CopyRefused("other", _("里面没有文号 %s：不是这份文书，或者文号变了。") % document.number)
    return _differences(own, text)


def _differences(own: str, text: str) -> tuple[Compared, str]:
    """Nothing of the frozen text may lack or differ; a seal's words may stand before or behind it."""
    if own == text:
        return Compared.SAME, ""
    at = text.find(own)
    if at >= 0:
        more = f"{text[:at]}…{text[at + len(own) :]}".strip("…")
        if len(more) <= _MOST_MORE:
            return Compared.MORE, more
    begin = next(
        (n for n, (a, b) in enumerate(zip(own, text, strict=False)) if a != b), min(len(own), len(text))
    )
    around = own[max(0, begin - 10) : begin + 14] or own[-24:]
    raise CopyRefused("changed", _("内容和签发的不一样：“%s”这里对不上。签发以后不能再改。") % around)


def _other_number(document: Document, text: str) -> str:
    others = OutgoingLetter.objects.filter(
        body=document.body, issued_on__year=document.issued_on.year
    ).exclude(number="")
    return next(
        (number for number in others.values_list("number", flat=True).distinct() if _plain(number) in text),
        "",
    )


def _text(content: bytes, mark: str) -> str:
    """All signs of a PDF without spaces, page numbers and ``mark``, as they are compared."""
    with ALONE:
        return _read_text(content, mark)


def _read_text(content: bytes, mark: str) -> str:
    try:
        with pypdfium2.PdfDocument(content) as pdf:
            if len(pdf) > MOST_PAGES:
                raise CopyRefused("too_large", _("这个 PDF 超过 %d 页，不像是一份文书。") % MOST_PAGES)
            text = "".join(_NUMBER.sub("", _plain(page.get_textpage().get_text_range())) for page in pdf)
    except pypdfium2.PdfiumError as error:
        raise CopyRefused("type", _("这个 PDF 打不开：可能损坏了，或者加了密码。")) from error
    return text.replace(mark, "") if mark else text


def _plain(text: str) -> str:
    kept = unicodedata.normalize("NFKC", text)
    return "".join(sign for sign in kept if sign.isprintable() and not sign.isspace())
