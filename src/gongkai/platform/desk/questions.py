"""What was searched for, in an address: sealed, for it may be a person's name or identity number.

Addresses stand in logs and in the browser's history. The search form is posted, and the page it leads to has
the question encrypted in its address, readable for the same seat alone.
"""

from __future__ import annotations

from gongkai.platform.core.actor import Actor
from gongkai.platform.core.keys import CannotDecrypt
from gongkai.platform.core.private import keyring

PARAMETER = "s"


def seal_question(actor: Actor, question: str) -> str:
    """The question as a value of the parameter ``s``; empty for none."""
    question = " ".join(question.split())
    return keyring().encrypt(question.encode(), bound_to=_bound_to(actor)) if question else ""


def open_question(actor: Actor, sealed: str) -> str | None:
    """The question; ``None`` where the value is not one of this seat's."""
    if not sealed:
        return ""
    try:
        return keyring().decrypt(sealed, bound_to=_bound_to(actor)).decode()
    except CannotDecrypt:
        return None


def _bound_to(actor: Actor) -> str:
    return f"desk.question:{actor.key}"
