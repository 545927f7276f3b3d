"""The information processing fee as a form asks for it: schedule, counts, amount (国办函〔2020〕109号)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from gongkai.platform.cases.acts.context import FormContext
from gongkai.platform.cases.acts.fields import Values
from gongkai.rules.fees import Fee, fee_per_case, fee_per_page
from gongkai.rules.law import NoRuleInForce


def calculated(values: Values, context: FormContext) -> Fee | None:
    """What the schedule says for the counts given; ``None`` where they are missing or no rule was in force.

    By cases: this case, after ``cases_before`` others of the month. By pages: ``pages`` of this request.
    """
    on: date | None = values.get("occurred_on")
    before, pages = values.get("cases_before"), values.get("pages")
    law = context.basis.law
    day = on if on is not None else context.today
    try:
        if values.get("schedule") == "fee_per_page":
            return None if pages is None else fee_per_page(pages, on=day, law=law)
        return None if before is None else fee_per_case(before, 1, on=day, law=law)
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


def notified_amount(context: FormContext) -> str:
    """What was asked for, as what is paid at first."""
    fee = context.state.fee_awaited
    return "" if fee is None else fee.amount
