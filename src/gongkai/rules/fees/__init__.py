"""The information processing fee (信息处理费): what is due, bracket by bracket, and why."""

from gongkai.rules.fees.amounts import Fee, FeeLine, fee_per_case, fee_per_page

__all__ = ["Fee", "FeeLine", "fee_per_case", "fee_per_page"]
