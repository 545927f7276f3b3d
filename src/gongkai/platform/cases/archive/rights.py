"""Who may make what is kept of a case beside its acts, and who may read it."""

from __future__ import annotations

from gongkai.platform.cases.services.papers import papers_of
from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import Body
from gongkai.platform.core.permissions import Act


def may_make(actor: Actor, body: Body) -> bool:
    """Whether the actor may make packages that are kept: who works on cases, or decides on them."""
    return actor.may(Act.CASE_ACT, body) or actor.may(Act.CASE_APPROVE, body)


def may_read_kept(*, body: Body, stream: str, actor: Actor) -> bool:
    """Whether the actor may read all that a kept package holds: the identity, and every paper of the case."""
    if not actor.may(Act.CASE_IDENTITY, body):
        return False
    papers = papers_of(body=body, stream=stream, actor=actor)
    return all(one.may_open for paper in papers for one in (paper, *paper.copies))
