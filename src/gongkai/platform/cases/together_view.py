"""What the desk shows of several cases that are answered in one document."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from gongkai.platform.cases.drafting import DraftView, draft_view
from gongkai.platform.cases.letters.sheet import Sheet
from gongkai.platform.cases.letters.texts import TemplateRefused
from gongkai.platform.cases.models import CaseSummary, CaseText, ReplyDraft
from gongkai.platform.cases.services.drafts import drafts_together, living_draft
from gongkai.platform.cases.services.letters import LetterIncomplete
from gongkai.platform.cases.services.together import document, in_order
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act


@dataclass(frozen=True, slots=True)
class TogetherCase:
    """One of the cases, with its own draft."""

    stream: str
    number: str
    title: str
    draft: DraftView


@dataclass(frozen=True, slots=True)
class TogetherView:
    """A document that answers several cases."""

    cases: tuple[TogetherCase, ...]
    sheet: Sheet | None
    """Addressed to the masked name; ``None`` for whom may not read texts, or while it cannot be made."""

    @property
    def may_decide(self) -> bool:
        """Whether the actor may decide on every one of the drafts."""
        return all(one.draft.may_decide for one in self.cases)

    @property
    def signed_by_me(self) -> bool:
        """Whether the actor signed them in this round."""
        return any(one.draft.signed_by_me for one in self.cases)

    @property
    def own(self) -> bool:
        """Whether the actor wrote or submitted one of them."""
        return any(one.draft.own for one in self.cases)

    @property
    def changed(self) -> bool:
        """Whether something was entered in one of the cases since its draft was saved."""
        return any(one.draft.changed for one in self.cases)


def together_view(*, body: Body, stream: str, actor: Actor) -> TogetherView | None:
    """The document of which the draft of a case is a part; ``None`` for a case answered by itself.

    Raises ``NoSuchCase``.
    """
    own = living_draft(body=body, stream=stream)
    drafts = [] if own is None else drafts_together(own)
    if len(drafts) < 2:
        return None
    drafts = in_order(drafts)
    streams = [one.stream for one in drafts]
    rows, texts = CaseSummary.objects.in_bulk(streams), CaseText.objects.in_bulk(streams)
    cases: list[TogetherCase] = []
    for one in streams:
        view = draft_view(body=body, stream=one, actor=actor)
        if view is not None:
            cases.append(TogetherCase(one, rows[one].number, texts[one].title if one in texts else "", view))
    readable = actor.may(Act.CASE_IDENTITY, body) and all(one.draft.sheet is not None for one in cases)
    return TogetherView(tuple(cases), _masked(body, drafts, actor) if readable else None)


def _masked(body: Body, drafts: list[ReplyDraft], actor: Actor) -> Sheet | None:
    label = CaseText.objects.filter(stream=drafts[0].stream).values_list("applicant_label", flat=True).first()
    try:
        sheet = document(body=body, drafts=drafts, actor=actor, number=_("（编号待定）")).sheet
    except (LetterIncomplete, TemplateRefused):
        return None
    return replace(sheet, recipient=f"{label}：" if label else "", date=_("（签发日期）"))
