"""``can(seat, act, body)``: the one table of who may do what, by role and by how the bodies are related.

Screens, services, the API and the matrix test all ask here. What the law says of an act is not asked here
but in ``gongkai.rules``; here only: may this person, in this seat, do such a thing for that body.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from gongkai.platform.core.models import ADMINISTRATORS, Body, Role, Seat


class Relation(StrEnum):
    """How the body of a seat stands to the body of the thing."""

    OWN = "own"
    SUBORDINATE = "subordinate"
    """The thing belongs to a body below the seat's."""
    SUPERIOR = "superior"
    FOREIGN = "foreign"


def relation(seat_body: Body, body: Body) -> Relation:
    """How ``body`` stands to the body of the seat; an office of a body is the body itself."""
    if body.key == seat_body.key or (not body.keeps_a_ledger and body.parent_id == seat_body.key):
        return Relation.OWN
    if body.path.startswith(seat_body.path):
        return Relation.SUBORDINATE
    if seat_body.path.startswith(body.path):
        return Relation.SUPERIOR
    return Relation.FOREIGN


class Act(StrEnum):
    """What permissions are given for. Names are dotted, public and never reused."""

    CASE_SEE = "case.see"
    CASE_REGISTER = "case.register"
    CASE_ACT = "case.act"
    """Acts of handling: correction, consultation, fee, service, notes, withdrawal, archive."""
    CASE_DRAFT = "case.draft"
    CASE_APPROVE = "case.approve"
    """Approve or return a draft, an extension, a delay."""
    CASE_CORRECT = "case.correct"
    """Correct a mistaken entry by a further one."""
    CASE_IDENTITY = "case.identity"
    """Read who the applicant is; each reading is audited."""
    CASE_ERASE = "case.erase"
    CASE_EXPORT = "case.export"
    TASK_SEE = "task.see"
    """See the tasks that were given to the unit that a body is; not the cases they come from."""
    TASK_ANSWER = "task.answer"
    """Answer or return such a task; the body is the unit's own."""
    TASK_SET = "task.set"
    """Keep the units, the inner period, and what an outcome needs before it is approved."""
    FIGURES_SEE = "figures.see"
    TEMPLATE_EDIT = "template.edit"
    BODY_EDIT = "body.edit"
    PERSON_EDIT = "person.edit"
    """Create accounts, close them, reset passwords."""
    SEAT_ASSIGN = "seat.assign"
    """Give and take seats and roles."""
    AUDIT_READ = "audit.read"
    ABSENCE_ENTER = "absence.enter"
    """Enter that somebody else is away, and who stands in; everybody may for their own seat."""
    DUTY_ARRANGE = "duty.arrange"
    """Rosters of holidays, hand-overs for good, signing for what falls due and for dates that moved."""
    ORDER_REGISTER = "order.register"
    """Register and answer orders of superior bodies."""
    ORDER_ISSUE = "order.issue"
    """Give an order to a body below."""


_OFFICE = frozenset({Role.RECEIVING_CLERK, Role.HANDLER, Role.APPROVER})
_OWN, _BELOW = Relation.OWN, Relation.SUBORDINATE

TABLE: Mapping[Act, Mapping[Relation, frozenset[str]]] = MappingProxyType(
    {
        Act.CASE_SEE: {_OWN: _OFFICE | {Role.SUPERVISOR, Role.REPORT_AUTHOR}, _BELOW: {Role.SUPERVISOR}},
        Act.CASE_REGISTER: {_OWN: {Role.RECEIVING_CLERK}},
        Act.CASE_ACT: {_OWN: {Role.RECEIVING_CLERK, Role.HANDLER}},
        Act.CASE_DRAFT: {_OWN: {Role.RECEIVING_CLERK, Role.HANDLER}},
        Act.CASE_APPROVE: {_OWN: {Role.APPROVER}},
        Act.CASE_CORRECT: {_OWN: {Role.RECEIVING_CLERK, Role.APPROVER}},
        Act.CASE_IDENTITY: {_OWN: _OFFICE},
        Act.CASE_ERASE: {_OWN: {Role.APPROVER}},
        Act.CASE_EXPORT: {_OWN: _OFFICE | {Role.SUPERVISOR, Role.REPORT_AUTHOR}, _BELOW: {Role.SUPERVISOR}},
        Act.TASK_SEE: {_OWN: _OFFICE | {Role.SUPERVISOR}},
        Act.TASK_ANSWER: {_OWN: _OFFICE},
        Act.TASK_SET: {_OWN: {Role.APPROVER}},
        Act.FIGURES_SEE: {
            _OWN: _OFFICE | {Role.SUPERVISOR, Role.REPORT_AUTHOR},
            _BELOW: {Role.SUPERVISOR, Role.REPORT_AUTHOR},
        },
        Act.TEMPLATE_EDIT: {_OWN: {Role.APPROVER}},
        Act.BODY_EDIT: {_OWN: {Role.SYSTEM_ADMINISTRATOR}, _BELOW: {Role.SYSTEM_ADMINISTRATOR}},
        Act.PERSON_EDIT: {_OWN: {Role.SYSTEM_ADMINISTRATOR}, _BELOW: {Role.SYSTEM_ADMINISTRATOR}},
        Act.SEAT_ASSIGN: {_OWN: {Role.SECURITY_ADMINISTRATOR}, _BELOW: {Role.SECURITY_ADMINISTRATOR}},
        Act.AUDIT_READ: {_OWN: {Role.AUDIT_ADMINISTRATOR}, _BELOW: {Role.AUDIT_ADMINISTRATOR}},
        Act.ABSENCE_ENTER: {_OWN: {Role.APPROVER, Role.SECURITY_ADMINISTRATOR}},
        Act.DUTY_ARRANGE: {_OWN: {Role.APPROVER}},
        Act.ORDER_REGISTER: {_OWN: _OFFICE},
        Act.ORDER_ISSUE: {_BELOW: {Role.SUPERVISOR}},
    }  # type: ignore[dict-item]
)


OWN_ALONE = frozenset({Act.ABSENCE_ENTER})
"""What nobody does as a deputy: who stands in for how long must not be prolonged by who stands in."""


def seeing(act: Act) -> Act:
    """What somebody needs to know of the thing that ``act`` is about."""
    return Act.CASE_SEE if act.value.startswith("case.") else act


class NotPermitted(PermissionError):
    """The seat may not: a screen answers 404 where the thing may not even be seen, else 403."""

    def __init__(self, act: Act, seat: Seat | None, body: Body) -> None:
        super().__init__(f"{act.value} for {body.key} by {seat.key if seat is not None else '-'}")
        self.act, self.seat, self.body = act, seat, body


def can(seat: Seat | None, act: Act, body: Body) -> bool:
    """Whether somebody in ``seat`` may do ``act`` for ``body``; without a seat nothing is allowed."""
    if seat is None:
        return False
    roles = TABLE[act].get(relation(seat.body, body), frozenset())
    return not roles.isdisjoint(seat.roles)


def can_standing_in(absent: Seat, act: Act, to: Relation) -> bool:
    """Whether who stands in for ``absent`` may do ``act`` for bodies that stand so to its own.

    That is what the office's roles of that seat allow; never what an administrator may (law.md 10.1: they are
    separated from everybody and from each other).
    """
    if act in OWN_ALONE:
        return False
    roles = TABLE[act].get(to, frozenset())
    return not roles.isdisjoint(absent.roles - ADMINISTRATORS)


def require(seat: Seat | None, act: Act, body: Body) -> None:
    """Raise ``NotPermitted`` where ``can`` says no."""
    if not can(seat, act, body):
        raise NotPermitted(act, seat, body)
