"""Who may make what is kept of a case beside its acts, and who may read it."""

from __future__ import annotations

from gongkai.platform.cases.models import CaseText, OutgoingLetter
from gongkai.platform.cases.readers import may_read, readable_letters
from gongkai.platform.cases.services.papers import papers_of
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act


def may_make(actor: Actor, body: Body) -> bool:
    """Whether the actor may make packages that are kept: who works on cases, or decides on them."""
    return actor.may(Act.CASE_ACT, body) or actor.may(Act.CASE_APPROVE, body)


def may_read_kept(*, body: Body, stream: str, actor: Actor) -> bool:
    """Whether the actor may read all that a kept package holds: the identity, and every paper of the case.

    It was made with the rights of another: what its letter and its replies say of a sensitive case of others
    may be in it, also where that became one afterwards.
    """
    if not actor.may(Act.CASE_IDENTITY, body) or not _reads_all_around(stream, actor):
        return False
    papers = papers_of(body=body, stream=stream, actor=actor)
    return all(one.may_open for paper in papers for one in (paper, *paper.copies))


def _reads_all_around(stream: str, actor: Actor) -> bool:
    """Whether no case that came in the same letter, or was answered in the same document, is closed."""
    letter = CaseText.objects.filter(stream=stream).values_list("letter", flat=True).first()
    if letter is not None and not may_read(actor, letter):
        return False
    answered = OutgoingLetter.objects.filter(stream=stream)
    return answered.count() == readable_letters(answered, actor).count()
