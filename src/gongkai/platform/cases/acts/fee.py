"""The information processing fee as a form asks for it: schedule, counts, amount (国办函〔2020〕109号)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from gongkai.platform.cases.acts.context import FormContext
from gongkai.platform.cases.acts.fields import Values
from gongkai.platform.cases.facts import cases_before
from gongkai.platform.cases.services.acting import Step
from gongkai.rules.fees import Fee, fee_per_case, fee_per_page
from gongkai.rules.law import NoRuleInForce


def calculated(values: Values, context: FormContext) -> Fee | None:
    """What the schedule says for the counts given; ``None`` where they are missing or no rule was in force.

    By cases: ``cases_now`` (one, unless the request has several items), after ``cases_before`` others of the
    month. By pages: ``pages`` of this request.
    """
    on: date | None = values.get("occurred_on")
    before, pages = values.get("cases_before"), values.get("pages")
    now: int = 1 if values.get("cases_now") is None else values["cases_now"]
    law = context.basis.law
    day = on if on is not None else context.today
    try:
        if values.get("schedule") == "fee_per_page":
            return None if pages is None else fee_per_page(pages, on=day, law=law)
        return None if before is None else fee_per_case(before, now, on=day, law=law)
    except (NoRuleInForce, ValueError):
        return None


def fee_payload(values: Values, context: FormContext) -> dict[str, Any]:
    """``amount`` as given, else as calculated; ``basis`` names the schedule."""
    amount: Decimal | None = values.get("amount")
    if amount is None:
        fee = calculated(values, context)
        if fee is None:
            raise LookupError("no amount and nothing to calculate it from")
        amount = fee.amount
    return {"amount": f"{amount:.2f}", "basis": values["schedule"]}


def earlier_cases(context: FormContext) -> str:
    """How many cases of the applicant came earlier in the month of this one; empty where it is not known."""
    received = context.state.received_on
    found = None if received is None else cases_before(context.stream, received)
    return "" if found is None else str(found)


def calculation(step: Step, context: FormContext) -> str:
    """How the amount of a fee notice comes about, bracket by bracket, as its letter says it."""
    schedule, amount = step.payload.get("basis"), step.payload.get("amount")
    fee = calculated({**step.texts, "schedule": schedule, "occurred_on": step.occurred_on}, context)
    if fee is None or amount is None:
        return ""
    less = f"本机关减收，收取{amount}元。" if Decimal(amount) < fee.amount else ""
    return f"{fee.text_zh}{less}"


def notified_amount(context: FormContext) -> str:
    """What was asked for, as what is paid at first."""
    fee = context.state.fee_awaited
    return "" if fee is None else fee.amount
