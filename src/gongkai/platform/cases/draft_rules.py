"""What keeps a draft of a reply from going to the approver or out: evidence, parts, papers, remedies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from gongkai.platform.cases.draft_text import filled_in, out_of_step
from gongkai.platform.cases.letters.facts import Occasion, cite, fields_missing, values_of
from gongkai.platform.cases.letters.kinds import LetterKind, reply_letter
from gongkai.platform.cases.letters.remedies import SETTINGS_ZH
from gongkai.platform.cases.models import CaseFile, CaseText, PaperKind
from gongkai.platform.cases.readers import is_mixed
from gongkai.platform.cases.requirements import Missing, unmet
from gongkai.platform.core.files import name_of
from gongkai.platform.core.models import Body
from gongkai.rules.law import NoRuleInForce
from gongkai.rules.letters.remedies import NoAuthority
from gongkai.rules.vocabulary import Outcome

_RELEASING = frozenset({Outcome.GRANTED.value, Outcome.PARTIAL.value})


def papers_of(body: Body, stream: str) -> list[CaseFile]:
    """The papers of a case and of its letter, unless that holds a sensitive case beside this one."""
    letter = CaseText.objects.filter(stream=stream).values_list("letter", flat=True).first()
    streams = [stream] if letter is None or is_mixed(letter, stream) else [stream, letter]
    return list(CaseFile.objects.filter(body=body, stream__in=streams).select_related("file"))


def released_names(body: Body, stream: str, files: Iterable[str]) -> tuple[str, ...]:
    """The attachments as the letter lists them; raises ``ValueError`` for a paper that is not the case's."""
    papers = {paper.file_id: paper for paper in papers_of(body, stream)}
    names: list[str] = []
    for place, ref in enumerate(files, start=1):
        if ref not in papers:
            raise ValueError(f"no paper {ref}")
        name = name_of(papers[ref].file)
        stem, dot, ending = name.rpartition(".")
        names.append(f"{place}.{stem if dot and len(ending) <= 5 else name}")
    return tuple(names)


def problems_of_draft(
    *,
    kind: LetterKind,
    occasion: Occasion,
    text: str,
    parts: Sequence[Mapping[str, Any]],
    files: Sequence[str],
    stands_on: Mapping[str, str],
) -> tuple[str, ...]:
    """Everything that must be mended first, in Chinese; empty: it can go on.

    ``stands_on``: what was filled in when a text edited by hand last agreed with it.
    """
    try:
        values = values_of(kind, occasion)
    except NoAuthority as error:
        return (_("请系统管理员先在机关信息里设置：%s。") % SETTINGS_ZH[error.missing],)
    except NoRuleInForce:
        return (_("签发日期 %s 不对：那一天还没有适用的规定。") % occasion.on.isoformat(),)
    found = [_("还没有填写“%s”。") % name for name in fields_missing(kind, values)]
    if not values["申请人"]:
        found.append(_("案件里没有申请人的姓名或者名称。"))
    if not text.strip():
        found.append(_("正文是空的。"))
    elif values["救济途径"] not in text.replace("\r\n", "\n").split("\n"):
        found.append(
            _("正文里的救济告知与按结果、日期和机关设置生成的不一致，请照录：%s") % values["救济途径"]
        )
    behind = out_of_step(filled_in(kind, occasion), stands_on, text)
    if behind:
        found.append(
            _("正文与上面填的不一致：“%s”改过，手改过的正文没有跟着改。请按模板重新生成，或者保留您改的。")
            % _("”“").join(behind)
        )
    found += _parts(kind, parts, occasion)
    found += _papers(kind, occasion, files)
    found += [missing.words for missing in still_needed(kind=kind, occasion=occasion, parts=parts)]
    return tuple(found)


def still_needed(
    *, kind: LetterKind, occasion: Occasion, parts: Sequence[Mapping[str, Any]]
) -> tuple[Missing, ...]:
    """Reviews, co-signatures and records of searches that the office asks for and the case still lacks."""
    return unmet(
        body=occasion.body, stream=occasion.stream, outcome=str(kind.outcome), sub_kind=kind.sub_kinds[0],
        on=occasion.on, parts=parts, events=occasion.events,
    )  # fmt: skip


def _parts(kind: LetterKind, parts: Sequence[Mapping[str, Any]], occasion: Occasion) -> list[str]:
    if kind.outcome != Outcome.PARTIAL.value:
        return [_("只有部分公开才分列各部分。")] if parts else []
    found: list[str] = []
    if not any(part["disclosed"] for part in parts):
        found.append(_("部分公开至少列出一个公开的部分（条例第三十七条）。"))
    withheld = [part for part in parts if not part["disclosed"]]
    if not withheld:
        found.append(_("部分公开至少列出一个不公开的部分（条例第三十七条）。"))
    if any(not part.get("ground") for part in withheld):
        found.append(_("每个不公开的部分都要选不公开的理由。"))
    for ground in sorted({str(part["ground"]) for part in withheld if part.get("ground")}):
        article = reply_letter(ground).basis[0]
        if article not in occasion.basis_refs:
            label, cited = Outcome(ground).label_zh, cite([article], occasion.basis.law)
            found.append(
                _("“%(label)s”的依据是%(article)s，依据里还没有勾选。") % {"label": label, "article": cited}
            )
    return found


def _papers(kind: LetterKind, occasion: Occasion, files: Sequence[str]) -> list[str]:
    if not files:
        return []
    if kind.outcome not in _RELEASING:
        return [_("这种结果不附送文件。")]
    found: list[str] = []
    papers = {paper.file_id: paper for paper in papers_of(occasion.body, occasion.stream)}
    redacted = {paper.redacts_id for paper in papers.values() if paper.redacts_id}
    for ref in files:
        paper = papers[ref]
        name = name_of(paper.file)
        if paper.kind not in (PaperKind.ORIGINAL, PaperKind.REDACTED):
            found.append(_("“%s”不是拟公开的信息，不能附送。") % name)
        elif paper.kind == PaperKind.ORIGINAL and ref in redacted:
            found.append(_("“%s”有遮盖件，应附遮盖件，不附原件。") % name)
    return found
